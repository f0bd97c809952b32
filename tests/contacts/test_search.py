"""Search finds what staff type, in both databases, and stays in step with every write."""

import pytest

from contacts import querysets
from contacts.actions.bulk import insert_rows, update_rows
from contacts.actions.changes import (
    Edit,
    derive_contact,
    edit_contacts,
    edit_customers,
    open_change_set,
)
from contacts.actions.people import add_contact, add_customer
from contacts.actions.undoing import undo
from contacts.models import Contact, Customer
from contacts.rules.words import ChangeKind

pytestmark = pytest.mark.django_db


def found(words):
    return sorted(str(row) for row in Contact.objects.search(words))


def change_set():
    return open_change_set(kind=ChangeKind.EDIT, label="Test", actor=None)


@pytest.fixture
def acme():
    values = {"account_number": "10-0042", "name": "Müller & Sons", "city": "Austin"}
    return add_customer(numbering="erp", values=values, actor=None)


@pytest.fixture
def ann(acme):
    values = {
        "first_name": "Ann", "last_name": "Lee-Östergård", "email": "Ann.Lee@Firm.example",
        "phone": "(555) 014-7731", "sms_number": "+1 555.019.2000",
    }  # fmt: skip
    return add_contact(customer=acme, values=values, actor=None)


@pytest.mark.parametrize(
    "words",
    [
        "ann", "ANN lee", "lee ann", "östergård", "ostergard", "n.lee@firm", "firm.example",
        "014-7731", "(555) 014-7731", "5550147731", "555 019", "muller", "müller sons",
        "10-0042", "100042", "0042", "an", "a", "l a",
    ],
)  # fmt: skip
def test_a_contact_is_found_by_part_of_a_name_address_number_phone_or_customer(ann, words):
    assert found(words) == [str(ann)]


@pytest.mark.parametrize(
    "words", ["anna", "bob", "ann bob", "9999", "nn", '"', "' OR 1=1", "%%", "__"]
)
def test_what_does_not_stand_there_is_not_found(ann, words):
    assert found(words) == []


def test_no_words_find_everybody(ann):
    assert found("  ") == [str(ann)]


def test_search_follows_edits_and_their_undo(ann):
    changes = change_set()
    edit_contacts(edits=[Edit(ann.pk, "last_name", "Quist")], change_set=changes)
    assert (found("quist"), found("ostergard")) == (["Ann Quist"], [])
    undo(change_set=changes, actor=None)
    assert (found("quist"), found("ostergard")) == ([], [str(ann)])


def test_search_follows_rows_written_in_bulk_and_removed():
    rows = [derive_contact(Contact(first_name=f"Kim{n}", last_name="Bulk")) for n in range(3)]
    insert_rows(Contact, rows)
    assert found("bulk") == ["Kim0 Bulk", "Kim1 Bulk", "Kim2 Bulk"]
    rows[0].last_name = "Renamed"
    update_rows(Contact, [derive_contact(rows[0])], ["last_name", "search_text"])
    Contact.objects.filter(pk=rows[1].pk).delete()
    assert (found("bulk"), found("renamed")) == (["Kim2 Bulk"], ["Kim0 Renamed"])


def test_contacts_are_found_by_the_new_name_of_their_customer_and_again_by_the_old(acme, ann):
    changes = change_set()
    edit_customers(edits=[Edit(acme.pk, "name", "Nordwind Ltd")], change_set=changes)
    assert (found("nordwind"), found("muller")) == ([str(ann)], [])
    undo(change_set=changes, actor=None)
    assert (found("nordwind"), found("muller")) == ([], [str(ann)])


def test_customers_are_found_by_name_number_and_place(acme):
    def customers(words):
        return [row.name for row in Customer.objects.search(words)]

    assert customers("muller austin") == customers("100042") == customers("aus") == [acme.name]
    assert customers("boston") == []


def test_words_that_are_everywhere_find_the_same_by_the_other_way(acme, monkeypatch):
    for n in range(5):
        add_contact(
            customer=acme, values={"first_name": f"Pat{n}", "email": "p@x.example"}, actor=None
        )
    by_index = found("example pat")
    monkeypatch.setattr(querysets, "MANY_FOUND", 2)
    assert found("example pat") == by_index == [f"Pat{n}" for n in range(5)]
    assert Contact.objects.search("example pat", counting=True).count() == 5
