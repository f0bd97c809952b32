"""The import wizard in a real browser: files that are hard to read, from the upload to undo."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person
from tests.e2e.test_main_job import (
    DESK,
    SLOW,
    become_administrator,
    button,
    heading,
    link,
)
from tests.embedded_server import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

FORMATS = ROOT / "tests" / "data" / "formats"
HAND_KEPT = [FORMATS / "hand_kept_xlsx" / "customer list FINAL v3.xlsx"]
SAP = [FORMATS / "sap_b1_dtw_utf16" / name for name in ("OCRD.txt", "OCPR.txt")]


def test_hard_files_come_in_are_looked_through_and_are_taken_back(chromium, server):
    ada = Person(chromium, server, **DESK)
    become_administrator(ada, server)
    upload(ada, HAND_KEPT, "Sales list")
    look_through_the_preview(ada, server)
    import_it(ada)
    upload(ada, SAP, "SAP")
    import_it(ada)
    contacts = server.asked("SELECT count(*) FROM contacts_contact")
    assert contacts > 100
    take_it_back(ada)
    assert 0 < server.asked("SELECT count(*) FROM contacts_contact") < contacts
    add_somebody_by_hand(ada)


def upload(ada, files, source):
    ada.page.goto("/imports/new/")
    ada.page.get_by_label("Customers, contacts and invoices").set_input_files(files)
    ada.page.get_by_label("Where do the files come from?").fill(source)
    button(ada, "Upload and match columns").click()
    ada.page.wait_for_url(re.compile(r"/imports/\d+/(match|preview)/"))
    if "/match/" in ada.page.url:
        ada.looks("match columns")
        button(ada, "Continue to preview").click()
    heading(ada, "^Preview:").to_be_visible(timeout=SLOW)


def look_through_the_preview(ada, server):
    ada.looks("preview")
    name = (
        ada.page.locator("table.tbl >> nth=1").locator("tbody tr >> nth=0").locator("td >> nth=2")
    )
    word = name.inner_text().split()[0]
    ada.page.get_by_role("searchbox", name="Search these rows").fill(word)
    ada.page.get_by_role("button", name="Search", exact=True).click()
    expect(ada.page).to_have_url(re.compile(r"q="))
    with ada.page.expect_download() as download:
        link(ada, "Download these").click()
    assert word in download.value.path().read_text(encoding="utf-8-sig")
    assert server.asked("SELECT count(*) FROM contacts_contact") == 0


def import_it(ada):
    button(ada, re.compile("^(Import .* changes?|Finish this import)$")).click()
    heading(ada, "^Import finished").to_be_visible(timeout=SLOW)
    ada.looks("import finished")


def take_it_back(ada):
    button(ada, "Undo this import").click()
    heading(ada, "^Import undone").to_be_visible(timeout=SLOW)
    ada.looks("import undone")


def add_somebody_by_hand(ada):
    ada.page.goto("/contacts/new/")
    ada.page.get_by_label("First name").fill("Pat")
    ada.page.get_by_label("Email").press_sequentially("pat@gmial.com")
    expect(ada.page.get_by_text("Did you mean")).to_be_visible()
    ada.looks("contact form")
    button(ada, "Yes, change it").click()
    expect(ada.page.get_by_label("Email")).to_have_value("pat@gmail.com")
    expect(ada.page.get_by_text("Did you mean")).to_be_hidden()
    button(ada, "Add contact").click()
    heading(ada, "^Pat$").to_be_visible()
