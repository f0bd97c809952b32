"""Contacts without a customer, and decisions that outlive imports and versions of the rules."""

import pytest

from contacts.actions.changes import Edit, edit_contacts, open_change_set
from contacts.actions.importing import add_contacts, add_customers
from contacts.models import Contact
from contacts.rules.words import ChangeKind
from validation.actions.checking import check_all, check_contacts
from validation.actions.deciding import Verdict, decide
from validation.models import Decision, Finding
from validation.rules.codes import RULESET

pytestmark = pytest.mark.django_db


def change_set(kind=ChangeKind.EDIT):
    return open_change_set(kind=kind, label="test", actor=None)


def loose(*rows):
    """Contacts who name a firm and belong to no customer."""
    made = [
        (None, {"email": email, "first_name": first, "last_name": last, "organization": firm})
        for email, first, last, firm in rows
    ]
    return add_contacts(rows=made, change_set=change_set())


def codes(row):
    return sorted(Finding.objects.filter(contact=row).values_list("code", flat=True))


def test_contacts_without_a_customer_are_compared_by_the_firm_they_name():
    first, second, elsewhere = loose(
        ("tina.murphy@acmetools.com", "Tina", "Murphy", "Acme Tools"),
        ("Tina.Murphy@acmetools.com", "T.", "Murphy", "ACME tools"),
        ("tina.murphy@acmetools.com", "Tina", "Murphy", "Yankee Pumps"),
    )
    check_all()

    assert [codes(row) for row in (first, second, elsewhere)] == [
        ["duplicate_other_customer"],
        ["duplicate_other_customer", "duplicate_same_customer"],
        ["duplicate_other_customer"],
    ]
    named = Finding.objects.get(contact=first).evidence
    assert named == "The address is also used at Yankee Pumps."


def test_who_names_a_customer_is_taken_for_somebody_there():
    rows = [{"account_number": "1", "name": "Acme Tools", "postal_code": "02903"}]
    firm = add_customers(numbering="erp", rows=rows, change_set=change_set())[0]
    row = {"email": "tina.murphy@acmetools.com", "first_name": "Tina", "last_name": "Murphy"}
    (at_firm,) = add_contacts(rows=[(firm, row)], change_set=change_set())
    (without,) = loose(("tina.murphy@acmetools.com", "Tina", "Murphy", "Acme Tools"))
    check_all()

    assert (codes(at_firm), codes(without)) == ([], [])


def test_checking_contacts_without_a_customer_twice_writes_nothing():
    loose(("a.lee@acmetools.com", "Ann", "Lee", "Acme"), ("a.lee@acmetools.com", "Bo", "Fox", "Ox"))
    check_all()
    before = list(Finding.objects.order_by("pk").values())
    check_all()

    assert list(Finding.objects.order_by("pk").values()) == before


def test_a_decision_outlives_an_import_and_a_new_version_of_the_rules():
    (row,) = loose(("ann.lee@mailinator.com", "Ann", "Lee", ""))
    verdict = Verdict(row.pk, "disposable", "ann.lee@mailinator.com", Decision.Kind.KEPT)
    decide(verdicts=[verdict], actor=None, change_set=change_set())
    Finding.objects.update(ruleset=RULESET - 1, confidence=0.1, decided=False)
    check_contacts(contact_ids=[row.pk])
    after_new_rules = Finding.objects.values_list("code", "ruleset", "decided").get()
    edits = [
        Edit(row.pk, "phone", "401-555-0101"),
        Edit(row.pk, "email", "Ann.Lee@Mailinator.com "),
    ]
    edit_contacts(edits=edits, change_set=change_set(ChangeKind.IMPORT))
    check_all()

    disposable = Finding.objects.get(code="disposable")
    assert after_new_rules == ("disposable", RULESET, True)
    assert disposable.decided
    assert Contact.objects.get().email.lower().strip() == "ann.lee@mailinator.com"
