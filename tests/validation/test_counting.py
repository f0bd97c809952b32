"""Who is at each domain: counted in whole passes, and followed by single edits."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.actions.changes import Edit, edit_contacts, open_change_set
from contacts.actions.facts import Fact, record_facts
from contacts.actions.people import add_contact, add_customer
from contacts.actions.undoing import undo
from contacts.models import Contact
from contacts.rules.words import ChangeKind
from validation.actions import counting
from validation.actions.counting import count_slice, note_all_domains
from validation.models import MailDomain

pytestmark = pytest.mark.django_db


def firm(number):
    values = {"account_number": number, "name": f"Firm {number}"}
    return add_customer(numbering="erp", values=values, actor=None)


def contact(at, email, first="Ann", last="Lee"):
    values = {"first_name": first, "last_name": last, "email": email}
    return add_contact(customer=at, values=values, actor=None)


def tallies():
    rows = MailDomain.objects.used().order_by("name")
    return {
        name: counts
        for name, *counts in rows.values_list("name", "contacts", "customers", "bounces")
    }


@pytest.fixture
def two_firms():
    one, two = firm("1"), firm("2")
    rows = [
        contact(one, "ann.lee@acmetools.com"),
        contact(one, "bob.fox@acmetools.com", "Bob", "Fox"),
        contact(two, "cleo.ray@acmetools.com", "Cleo", "Ray"),
        contact(two, "dan.ott@gmail.con", "Dan", "Ott"),
    ]
    return one, two, rows


def test_contacts_and_customers_are_counted_as_they_come(two_firms):
    assert tallies() == {"acmetools.com": [3, 2, 0], "gmail.con": [1, 1, 0]}


def test_an_edit_moves_the_count_and_its_undo_moves_it_back(two_firms):
    _one, _two, rows = two_firms
    change_set = open_change_set(kind=ChangeKind.EDIT, label="test", actor=None)
    edit_contacts(edits=[Edit(rows[0].pk, "email", "ann.lee@other.com")], change_set=change_set)
    moved = tallies()
    undo(change_set=change_set, actor=None)

    assert moved == {"acmetools.com": [2, 2, 0], "gmail.con": [1, 1, 0], "other.com": [1, 1, 0]}
    assert tallies() == {"acmetools.com": [3, 2, 0], "gmail.con": [1, 1, 0]}


def test_a_bounce_is_counted_where_it_happened(two_firms):
    key = two_firms[2][1].address_key
    record_facts(facts=[Fact(key, "bounced_at", timezone.now(), "5.1.1 no such user")])
    assert tallies()["acmetools.com"] == [3, 2, 1]


def test_what_a_mistyped_domain_means_is_kept_with_it(two_firms):
    assert dict(MailDomain.objects.exclude(suggestion="").values_list("name", "suggestion")) == {
        "gmail.con": "gmail.com"
    }


def test_a_name_that_nobody_can_have_mail_at_is_known_without_asking(two_firms):
    row = MailDomain.objects.get(name="gmail.con")
    assert (row.verdict, row.code, row.due_at > timezone.now()) == (
        "undeliverable",
        "unknown_tld",
        True,
    )


def test_a_whole_pass_counts_what_was_missed_and_a_second_one_writes_nothing(two_firms):
    MailDomain.objects.filter(name="acmetools.com").update(contacts=9)
    MailDomain.objects.create(name="left.com", contacts=4, customers=2, suggestion="x.com")
    Contact.objects.filter(email_domain="gmail.con").update(email_domain="")
    note_all_domains()
    with CaptureQueriesContext(connection) as queries:
        note_all_domains()
    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]

    assert tallies() == {"acmetools.com": [3, 2, 0]}
    assert MailDomain.objects.get(name="left.com").suggestion == ""
    assert written == []


def test_slices_go_by_name_until_none_is_left(two_firms):
    assert count_slice(after="", limit=1) == ("acmetools.com", 0)
    assert count_slice(after="acmetools.com", limit=1) == ("gmail.con", 0)
    assert count_slice(after="gmail.con", limit=1) == (None, 0)


def test_a_domain_of_very_many_is_left_to_whole_passes(two_firms, monkeypatch):
    monkeypatch.setattr(counting, "MOST_AT_ONCE", 2)
    contact(two_firms[0], "eve.poe@acmetools.com", "Eve", "Poe")
    edited = tallies()["acmetools.com"]
    note_all_domains()
    assert (edited, tallies()["acmetools.com"]) == ([3, 2, 0], [4, 2, 0])
