"""The product's whole job in a real browser: from the ERP's files to customers on the portal."""

import csv
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person
from tests.embedded_server import ROOT
from tests.onboarding.steps import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(480)]

SAMPLE = ROOT / "sample"
DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PASSWORD = "three quiet words"
NEW_PASSWORD = "four quiet words now"
SLOW = 120_000
A_PAGE = 50


def test_from_the_erp_to_the_portal_and_back(chromium, server, tmp_path):
    ada = Person(chromium, server, **DESK)
    become_administrator(ada, server)
    set_the_company_up(ada)
    import_files(ada, [SAMPLE / f"{name}.csv" for name in ("customers", "contacts", "invoices")])
    wait_until_all_is_checked(server)
    review_some(ada, server)
    batch = export_corrections(ada, tmp_path)
    import_files(ada, [erp_took_them_over(batch, tmp_path)])
    see_them_confirmed(ada, server)
    invite_everybody_who_matches(ada, server)
    carl = register_from_the_invitation(chromium, server, ada)
    reset_the_password(carl, server, ada)
    register_without_an_invitation(chromium, server, ada)
    see_it_on_the_dashboard(ada)


def button(person, name):
    return person.page.get_by_role("button", name=name)


def link(person, name):
    return person.page.get_by_role("link", name=name)


def heading(person, name):
    return expect(person.page.get_by_role("heading", name=re.compile(name)).first)


def become_administrator(ada, server):
    ada.page.goto(re.search(r"(/account/first/\S+/)", server.log.read_text())[1])
    heading(ada, "Become the first administrator").to_be_visible()
    ada.looks("first administrator")
    ada.page.get_by_label("Username").fill("ada")
    ada.page.get_by_label("Email address").fill("ada@harborlinesupply.com")
    ada.page.get_by_label("Password", exact=True).fill(PASSWORD)
    button(ada, "Create my account").click()
    heading(ada, "Welcome").to_be_visible()
    ada.looks("welcome")


def set_the_company_up(ada):
    ada.page.goto("/settings/core/configuration/1/change/")
    ada.page.get_by_label("Company name").fill("Harborline Supply")
    ada.page.get_by_label("Postal address").fill("12 Wharf Street, Portland, ME 04101")
    ada.page.get_by_label("Own domains").fill("harborlinesupply.com")
    button(ada, "Save").first.click()
    ada.page.goto("/settings/portal/portalconfiguration/1/change/")
    ada.page.get_by_label("Customer portal is on").check()
    button(ada, "Save").first.click()


def import_files(ada, paths):
    ada.page.goto("/imports/new/")
    ada.looks("upload")
    ada.page.get_by_label("Customers, contacts and invoices").set_input_files(paths)
    ada.page.get_by_label("Where do the files come from?").fill("ERP")
    button(ada, "Upload and match columns").click()
    ada.page.wait_for_url(re.compile(r"/imports/\d+/(match|preview)/"))
    if "/match/" in ada.page.url:
        ada.looks("match columns")
        button(ada, "Continue to preview").click()
    heading(ada, "^Preview:").to_be_visible(timeout=SLOW)
    ada.looks("preview")
    link(ada, "Columns").click()
    heading(ada, "Match columns").to_be_visible()
    ada.looks("match columns")
    button(ada, "Continue to preview").click()
    heading(ada, "^Preview:").to_be_visible(timeout=SLOW)
    button(ada, re.compile("^(Import .* changes?|Finish this import)$")).click()
    heading(ada, "^Import finished").to_be_visible(timeout=SLOW)
    ada.looks("import finished")


def wait_until_all_is_checked(server):
    wait_for(lambda: server.asked("SELECT count(*) FROM validation_finding") > 100, "findings")
    asked = "SELECT count(*) FROM validation_maildomain WHERE checked_at IS NULL"
    wait_for(lambda: server.asked(asked) < 40, "the answers of DNS")
    waiting = "SELECT count(*) FROM jobs_job WHERE state IN ('queued', 'running')"
    wait_for(lambda: server.asked(waiting) == 0, "the checks")


def decided(server):
    return server.asked("SELECT count(*) FROM validation_decision")


def review_some(ada, server):
    ada.page.goto("/review/?problem=typo")
    ada.looks("review")
    for count in (1, 2, 3):
        expect(ada.page.get_by_role("heading", level=2).first).to_be_visible()
        ada.page.keyboard.press("a")
        wait_for(lambda n=count: decided(server) == n, "the decision")
    with ada.page.expect_navigation(url=re.compile("/review/")):
        ada.page.keyboard.press("u")
    wait_for(lambda: decided(server) == 2, "the undo")
    ada.page.keyboard.press("e")
    ada.page.get_by_label("Right address").fill("typed.by.hand@gmail.com")
    button(ada, "Save address").click()
    wait_for(lambda: decided(server) == 3, "the correction")
    ada.looks("review, decided")


def export_corrections(ada, folder):
    ada.page.goto("/write-back/")
    heading(ada, "3 fixes are not yet in the ERP").to_be_visible()
    ada.looks("write-back")
    button(ada, "Export 3 fixes").click()
    heading(ada, "^Batch").to_be_visible()
    ada.looks("batch")
    with ada.page.expect_download() as download:
        link(ada, "Contacts file").click()
    path = folder / "corrections.csv"
    download.value.save_as(path)
    return path


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def erp_took_them_over(batch, folder):
    """The ERP's next export: what our file corrected, in the rows it corrected it."""
    fixes = {row["Internal ID"]: row for row in read(batch)}
    assert len(fixes) == 3
    rows = [row | fixes.get(row["Internal ID"], {}) for row in read(SAMPLE / "contacts.csv")]
    path = folder / "contacts.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def see_them_confirmed(ada, server):
    confirmed = "SELECT count(*) FROM erp_writebackline WHERE state = 'confirmed'"
    assert server.asked(confirmed) == 3
    ada.page.goto("/write-back/")
    heading(ada, "Every fix has left for the ERP").to_be_visible()
    expect(ada.page.get_by_text("3 of 3 fixes are confirmed")).to_be_visible()


def invite_everybody_who_matches(ada, server):
    ada.page.goto("/contacts/?view=ready")
    ada.looks("contacts")
    ada.page.goto("/contacts/?view=ready&q=plumbing")
    ada.page.get_by_label("Select all on this page").check()
    button(ada, re.compile("^Select all")).click()
    button(ada, "Send customer portal invitation").click()
    button(ada, "Save draft").wait_for()
    ada.looks("composer")
    link(ada, re.compile("^Review and send to")).click()
    ada.page.get_by_role("dialog").get_by_role("button", name=re.compile("^Send to")).click()
    ada.page.wait_for_url(re.compile(r"/messages/\d+/$"))
    ended = "SELECT count(*) FROM campaigns_campaign WHERE state = 'sent'"
    wait_for(lambda: server.asked(ended) == 1, "the end of the campaign")
    assert server.asked("SELECT count(*) FROM delivery_message") > A_PAGE
    ada.page.reload()
    ada.looks("campaign")


def link_in_the_outbox(ada, server, kind, address=None):
    """Where the newest mail of a kind leads; staff read the local outbox in the browser."""
    found = "SELECT count(*) FROM delivery_message WHERE kind = ? AND state = 'accepted'"
    wait_for(lambda: server.asked(found, kind) > 0, f"the mail {kind}")
    ada.page.goto(f"/outbox/?q={address}" if address else "/outbox/")
    ada.page.get_by_role("listitem").get_by_role("link").first.click()
    ada.looks("outbox")
    return link(ada, "Follow the link").get_attribute("href")


def register_from_the_invitation(chromium, server, ada):
    target = link_in_the_outbox(ada, server, "invitation")
    carl = Person(chromium, server, **PHONE)
    carl.page.goto(target)
    heading(carl, "Set up your online account").to_be_visible()
    carl.looks("invitation")
    carl.page.get_by_label("Username").fill("carl.customer")
    carl.page.get_by_label(re.compile("[Pp]assword")).first.fill(PASSWORD)
    button(carl, "Create account").click()
    expect(carl.page.get_by_text("Your account is ready")).to_be_visible()
    carl.looks("portal home")
    button(carl, "Sign out").click()
    heading(carl, "^Sign in").to_be_visible()
    carl.looks("portal sign-in")
    return carl


def reset_the_password(carl, server, ada):
    address = server.asked("SELECT email FROM accounts_user WHERE username = 'carl.customer'")
    link(carl, "Forgot your password?").click()
    carl.looks("forgotten password")
    carl.page.get_by_label("Username").fill("carl.customer")
    carl.page.get_by_label("Email address").fill(address)
    button(carl, "Send me a link").click()
    carl.page.wait_for_url(re.compile("/forgot-password/sent/"))
    carl.looks("link sent")
    carl.page.goto(link_in_the_outbox(ada, server, "password_reset", address))
    heading(carl, "Choose a new password").to_be_visible()
    carl.looks("new password")
    carl.page.get_by_label(re.compile("[Pp]assword")).first.fill(NEW_PASSWORD)
    button(carl, "Save and sign in").click()
    heading(carl, "^Hello").to_be_visible()


UNREGISTERED = """
    FROM contacts_contact person
    JOIN contacts_customer account ON account.id = person.customer_id
    JOIN contacts_invoice invoice ON invoice.customer_id = account.id
    WHERE person.email_status = 'ok' AND person.portal_stage = 'not_invited'
    AND account.active AND account.postal_code != '' AND person.active
    AND account.parent_id IS NULL
    ORDER BY account.id, invoice.issued_on DESC, person.id LIMIT 1
"""


def register_without_an_invitation(chromium, server, ada):
    known = {
        name: server.asked(f"SELECT {name} {UNREGISTERED}")
        for name in ("account_number", "number", "account.postal_code", "person.email")
    }
    dora = Person(chromium, server, **PHONE)
    dora.page.goto("/find/")
    dora.looks("find account")
    dora.page.get_by_role("textbox", name="Account number").fill(known["account_number"])
    dora.page.get_by_role("textbox", name="Recent invoice number").fill(known["number"])
    dora.page.get_by_role("textbox", name="Billing zip code").fill(known["account.postal_code"])
    button(dora, "Continue").click()
    heading(dora, "Your name and work email").to_be_visible()
    dora.looks("your details")
    dora.page.get_by_role("textbox", name="Full name").fill("Dora Customer")
    dora.page.get_by_role("textbox", name=re.compile("[Ee]mail")).fill(known["person.email"])
    button(dora, "Continue").click()
    heading(dora, "Check your email").to_be_visible()
    dora.looks("check your email")
    dora.page.goto(link_in_the_outbox(ada, server, "registration_link", known["person.email"]))
    heading(dora, "Create your account").to_be_visible()
    dora.looks("create account")
    dora.page.get_by_label("Username").fill("dora.customer")
    dora.page.get_by_label(re.compile("[Pp]assword")).first.fill(PASSWORD)
    button(dora, "Create account").click()
    expect(dora.page.get_by_text("Your account is ready")).to_be_visible()
    dora.looks("portal home")


def see_it_on_the_dashboard(ada):
    ada.page.goto("/")
    ada.looks("dashboard")
    funnel = ada.page.get_by_role("listitem").filter(has_text=re.compile("^Registered"))
    expect(funnel.first).to_have_text(re.compile("^Registered ?2"))
    for name, path in (
        ("customers", "/customers/"),
        ("messages", "/messages/"),
        ("registrations", "/registrations/"),
        ("settings of one's own", "/account/me/"),
    ):
        ada.page.goto(path)
        ada.looks(name)
