"""Lists that leave as files and come back, and links for those who mail with another service."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.rules.roles import Role
from contacts.actions.importing import source_named
from contacts.models import Change, Contact, SourceRecord
from core.models import AuditEntry
from erp.models import Import, WriteBackLine
from portal.models import Invitation
from tests.desk.conftest import contact, customer, enable_portal, signed_in, staff
from tests.erp.conftest import ROOT, apply, bring_in, correct, table, work

pytestmark = pytest.mark.django_db

HOSTILE = ROOT / "tests" / "data" / "hostile" / "contacts_hostile.csv"
HEAD = "Customer ID|Company Name|Contact ID|Contact|Email|Phone"
PEOPLE = ["7|Firm|1|Ann Lee|ann@firm.com|+1 401 5", "8|Other|2|Bo Day|bo@other.com|007"]


@pytest.fixture
def boss(db):
    return signed_in(staff("boss", Role.MANAGER))


@pytest.fixture
def erp(db):
    source = source_named(name="erp")
    bring_in(source, table(HEAD, *PEOPLE))
    return source


def content_of(answer):
    assert answer.status_code == 200
    return b"".join(answer) if answer.streaming else answer.content


def taken_in(client, content, name):
    """A file sent to the importer and read; whoever sends it stops at the preview."""
    file = SimpleUploadedFile(name, content)
    answer = client.post(reverse("erp:upload"), {"source": "erp", "files": [file]})
    run = Import.objects.latest("pk")
    assert answer["Location"] == reverse("erp:preview", args=[run.pk])
    work()
    run.refresh_from_db()
    return run


def outcomes(run):
    told = dict.fromkeys(("new", "changed", "unchanged", "kept", "conflicts", "missing"), 0)
    for counts in run.counts["entities"].values():
        told = {name: told[name] + counts[name] for name in told}
    return {name: n for name, n in told.items() if n} | (
        {"errors": run.counts["errors"]} if run.counts["errors"] else {}
    )


CONTACTS = {"all": "1", "query": ""}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_whole_list_of_contacts_imports_again_without_a_change(boss, erp, kind):
    content = content_of(boss.post("/contacts/export/", CONTACTS | {"format": kind}))
    run = taken_in(boss, content, f"contacts.{kind}")

    assert outcomes(run) == {"unchanged": 2}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_whole_list_of_customers_imports_again_without_a_change(boss, erp, kind):
    content = content_of(boss.post("/customers/export/", {"format": kind}))
    run = taken_in(boss, content, f"customers.{kind}")

    assert outcomes(run) == {"unchanged": 2}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_hostile_contacts_leave_harmless_and_come_back_unchanged(boss, db, kind):
    source = source_named(name="erp")
    bring_in(source, table_of_bytes(HOSTILE.read_bytes()))
    count = Contact.objects.count()
    assert count > 40
    content = content_of(boss.post("/contacts/export/", CONTACTS | {"format": kind}))
    if kind == "csv":
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
            assert not any(cell.lstrip()[:1] in ("=", "@") for cell in row if cell)
    run = taken_in(boss, content, f"contacts.{kind}")

    assert outcomes(run) == {"unchanged": count}


def table_of_bytes(content):
    from erp.actions.receiving import Upload  # noqa: PLC0415 - beside its only use

    return Upload("hostile.csv", io.BytesIO(content))


def test_a_list_of_ours_proves_nothing_and_marks_nobody(boss, erp):
    correct({"1": "ann@right.com"})
    layouts = erp.layouts
    content = content_of(boss.post("/contacts/export/", {"id": [Contact.objects.first().pk]}))
    run = apply(taken_in(boss, content, "contacts.csv"), complete=True)

    assert outcomes(run) == {"unchanged": 1}
    assert not SourceRecord.objects.exclude(missing_since=None).exists()
    assert WriteBackLine.objects.get().state == "to_export"
    erp.refresh_from_db()
    assert erp.layouts == layouts


def test_what_somebody_changed_in_a_list_of_ours_is_reported_and_not_taken(boss, erp):
    content = content_of(boss.post("/contacts/export/", CONTACTS)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    rows[0]["Email"] = "new@firm.com"
    rows[1]["Our contact number"] = ""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    run = apply(taken_in(boss, text.getvalue().encode(), "contacts.csv"))

    assert outcomes(run) == {"errors": 2}
    told = dict(run.rows.values_list("column", "message"))
    assert told["Email"].startswith("Here it is “ann@firm.com”, in the list “new@firm.com”.")
    assert told[""].startswith("The row has no number of ours.")
    assert not Change.objects.filter(field="email").exists()


def test_a_workbook_holds_only_so_many_rows(monkeypatch, boss, erp):
    monkeypatch.setattr("desk.views.exporting.MOST_OF_A_WORKBOOK", 1)
    answer = boss.post("/contacts/export/", CONTACTS | {"format": "xlsx"}, follow=True)

    assert "do not fit into a workbook. Take CSV." in answer.content.decode()


def test_customers_that_a_filter_finds_leave_alone(boss, erp):
    content = content_of(boss.post("/customers/export/?q=other", {})).decode("utf-8-sig")

    assert [row["Name"] for row in csv.DictReader(io.StringIO(content))] == ["Other"]


@pytest.fixture
def invited(boss):
    """Two people who may be invited, and one without an address."""
    enable_portal()
    acme = customer("A-1", "=Acme")
    rows = [contact(acme, name, "Lee", f"{name.lower()}@acme-fab.com") for name in ("Ann", "Bo")]
    Contact.objects.update(email_status="ok")
    contact(acme, "Cy", "Fox", sms_number="1")
    return rows


def test_a_mail_merge_file_has_a_personal_link_for_each(boss, invited):
    page = boss.post("/contacts/mail-merge/", CONTACTS).content.decode()
    assert "2 contacts with a personal link" in page
    assert "1 left out" in page
    assert not Invitation.objects.exists()

    content = content_of(boss.post("/contacts/mail-merge/", CONTACTS | {"confirm": "1"}))
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [(row["Email"], row["Customer name"]) for row in rows] == [
        ("ann@acme-fab.com", "'=Acme"),
        ("bo@acme-fab.com", "'=Acme"),
    ]
    links = {row["Customer portal link"] for row in rows}
    assert len(links) == 2
    assert Invitation.objects.count() == 2
    again = content_of(boss.post("/contacts/mail-merge/", CONTACTS | {"confirm": "1"}))
    assert all(link.encode() not in again or link in content.decode() for link in links)
    entry = AuditEntry.objects.filter(verb="exported links of").earliest("pk")
    assert entry.facts == {"contacts": 2}


def test_links_are_for_holders_of_both_rights_while_the_portal_is_on(boss, invited):
    for role in (Role.REVIEWER, Role.READ_ONLY):
        person = signed_in(staff(f"p-{role}".replace(" ", ""), role))
        assert person.post("/contacts/mail-merge/", CONTACTS).status_code == 403
    enable_portal(on=False)
    answer = boss.post("/contacts/mail-merge/", CONTACTS | {"confirm": "1"}, follow=True)

    assert "The customer portal is not enabled." in answer.content.decode()
    assert not Invitation.objects.exists()


def test_nobody_selected_gets_no_link(boss, invited):
    answer = boss.post("/contacts/mail-merge/", {}, follow=True)

    assert "Nobody was selected." in answer.content.decode()
