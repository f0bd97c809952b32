"""Files in the admin: what is saved goes through the actions, what leaves is harmless."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.rules.roles import Role
from contacts.actions.changes import open_change_set
from contacts.actions.importing import add_invoices
from contacts.models import Change, ChangeSet, Contact, Customer, Invoice
from contacts.rules.words import ChangeKind
from core.models import AuditEntry
from tests.desk.conftest import contact, signed_in, staff

CONTACTS = "/settings/contacts/contact/"
CUSTOMERS = "/settings/contacts/customer/"
INVOICES = "/settings/contacts/invoice/"


def file_of(*rows):
    text = io.StringIO()
    csv.writer(text).writerows(row.split("|") for row in rows)
    return SimpleUploadedFile("edits.csv", text.getvalue().encode(), content_type="text/csv")


def looked_over(client, page, *rows):
    """The preview of a file, nothing saved."""
    answer = client.post(f"{page}import/", {"format": "0", "import_file": file_of(*rows)})
    assert answer.status_code == 200, answer.content
    return answer


def brought_in(client, page, *rows):
    """A file looked over and confirmed."""
    preview = looked_over(client, page, *rows)
    assert "confirm_form" in preview.context, preview.content.decode()
    confirm = preview.context["confirm_form"]
    data = {name: confirm[name].value() for name in confirm.fields}
    return client.post(f"{page}process_import/", data)


def exported(client, page, kind="0"):
    answer = client.post(f"{page}export/", {"format": kind, **everything(client, page)})
    assert answer.status_code == 200
    return answer


def everything(client, page):
    form = client.get(f"{page}export/").context["form"]
    other = ("format", "export_items", "resource")
    return {name: "on" for name in form.fields if name not in other} | {"resource": "0"}


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_file_of_contacts_is_one_change_set_and_new_ones_are_added(manager, acme):
    ann = contact(acme, "Ann", "Lee", "ann@acme.example", phone="1")
    client = signed_in(manager)
    before = ChangeSet.objects.count()
    answer = brought_in(
        client,
        CONTACTS,
        "id|account|first_name|last_name|email|phone|active",
        f"{ann.pk}|ACME-001|Ann|Lee|ann@acme.example|0049|yes",
        "|ACME-001|Bo|Day|bo@acme.example|2|yes",
    )

    assert answer.status_code == 302
    ann.refresh_from_db()
    assert ann.phone == "0049"
    bo = Contact.objects.get(first_name="Bo")
    assert (bo.customer, bo.address_key) == (acme, "bo@acme.example")
    assert ChangeSet.objects.count() == before + 2
    change = Change.objects.get(contact=ann, field="phone")
    assert (change.old, change.new, change.why) == ("1", "0049", "from a file")
    assert (change.change_set.actor, change.change_set.kind) == (manager, "bulk")


def test_a_preview_saves_nothing(manager, acme):
    ann = contact(acme, "Ann", "Lee", "ann@acme.example", phone="1")
    sets, audits = ChangeSet.objects.count(), AuditEntry.objects.count()
    looked_over(signed_in(manager), CONTACTS, "id|phone|email", f"{ann.pk}|2|ann@acme.example")

    ann.refresh_from_db()
    assert ann.phone == "1"
    assert (ChangeSet.objects.count(), AuditEntry.objects.count()) == (sets, audits)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("|nobody|Bo|bo@acme.example|yes", "There is no one customer with this number."),
        ("|ACME-001|Bo||yes", "Enter an email address or a mobile phone number"),
        ("|ACME-001|Bo|bo@acme.example|perhaps", "“perhaps” is neither yes nor no."),
        ("9999|ACME-001|Bo|bo@acme.example|yes", "There is no row with this id"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_and_stops_the_file(manager, acme, row, sentence):
    head = "id|account|first_name|email|active"
    answer = looked_over(signed_in(manager), CONTACTS, head, row)

    assert sentence in answer.content.decode()
    assert "confirm_form" not in answer.context
    assert not Contact.objects.exists()


def test_a_file_that_is_too_long_is_for_the_importer(monkeypatch, manager, acme):
    monkeypatch.setattr("desk.admin.files.MOST_ROWS", 1)
    rows = ["|ACME-001|a@x.example", "|ACME-001|b@x.example"]
    answer = looked_over(signed_in(manager), CONTACTS, "id|account|email", *rows)

    assert "Use Imports for so many" in answer.content.decode()


def test_customers_are_edited_and_created_by_the_same_actions(manager, acme):
    brought_in(
        signed_in(manager),
        CUSTOMERS,
        "id|numbering|account_number|name|city",
        f"{acme.pk}|erp|ACME-001|Acme|Dallas",
        "|erp|N-7|Nord|Oslo",
    )

    assert set(Customer.objects.values_list("account_number", "city", "number_key")) == {
        ("ACME-001", "Dallas", "acme001"),
        ("N-7", "Oslo", "n7"),
    }
    assert Change.objects.filter(customer=acme, field="city").exists()


def test_a_number_that_is_taken_is_told(manager, acme):
    answer = looked_over(
        signed_in(manager),
        CUSTOMERS,
        "id|numbering|account_number|name",
        "|erp|ACME-001|Acme again",
    )

    assert "There is a customer with the account number ACME-001 already." in (
        answer.content.decode()
    )


@pytest.fixture
def invoice(acme):
    change_set = open_change_set(kind=ChangeKind.BULK, label="Invoices", actor=None)
    return add_invoices(rows=[(acme, {"number": "007", "amount": "10.50"})], change_set=change_set)[
        0
    ]


def test_invoices_are_changed_and_added(manager, acme, invoice):
    brought_in(
        signed_in(manager),
        INVOICES,
        "id|account|number|issued_on|amount|status",
        f"{invoice.pk}|ACME-001|007|2026-01-02|11.00|paid",
        "|ACME-001|008|2026-01-03|5|open",
    )

    found = Invoice.objects.order_by("number").values_list(
        "number", "amount", "status", "number_key"
    )
    assert [(n, str(a), s, k) for n, a, s, k in found] == [
        ("007", "11.00", "paid", "7"),
        ("008", "5.00", "open", "8"),
    ]
    assert Change.objects.filter(invoice=invoice, field="status").exists()


def test_what_is_exported_runs_nothing_and_comes_back_without_a_change(manager, acme):
    ann = contact(acme, "=HYPERLINK(1)", "'=1+1", "ann@acme.example", phone="+1 401", notes="@x")
    client = signed_in(manager)
    rows = rows_of(exported(client, CONTACTS))
    assert [(row["first_name"], row["last_name"], row["phone"], row["notes"]) for row in rows] == [
        ("'=HYPERLINK(1)", "''=1+1", "+1 401", "'@x")
    ]
    before = ChangeSet.objects.count()
    head = list(rows[0])
    brought_in(client, CONTACTS, "|".join(head), "|".join(rows[0][name] for name in head))

    assert ChangeSet.objects.count() == before
    ann.refresh_from_db()
    assert ann.last_name == "'=1+1"


def test_an_export_is_kept_in_the_audit_trail(manager, acme):
    exported(signed_in(manager), CUSTOMERS, "1")

    entry = AuditEntry.objects.filter(verb="exported").latest("pk")
    assert (entry.entity, entry.facts) == ("customer", {"customers": 1})


def test_files_ask_for_rights(rep, acme):
    reader = staff("ron", Role.READ_ONLY)
    for page in (CONTACTS, CUSTOMERS, INVOICES):
        assert signed_in(reader).get(f"{page}import/").status_code == 403
        assert signed_in(reader).get(f"{page}export/").status_code == 403
    assert signed_in(rep).get(f"{INVOICES}import/").status_code == 403


def test_workbooks_are_for_the_importer(manager, acme):
    page = signed_in(manager).get(f"{CONTACTS}import/").content.decode()

    assert "csv" in page
    assert "xlsx" not in page.lower()
