"""Two customers of two sales reps, with wrong addresses that the checks find."""

import pytest

from accounts.actions import add_staff, sync_roles
from accounts.rules.roles import Role
from contacts.actions.changes import open_change_set
from contacts.actions.importing import add_contacts, add_customers
from contacts.rules.words import ChangeKind
from validation.actions.checking import check_contacts
from validation.models import Finding

PASSWORD = "three plain words"


@pytest.fixture
def people(db):
    """Somebody for each role that matters here, by role."""
    sync_roles()
    wanted = {
        "reviewer": Role.REVIEWER,
        "rep": Role.SALES_REP,
        "reader": Role.READ_ONLY,
    }
    return {
        name: add_staff(
            username=name, email=f"{name}@ours.example", password=PASSWORD, roles=[role]
        )
        for name, role in wanted.items()
    }


@pytest.fixture
def reviewer(people):
    return people["reviewer"]


@pytest.fixture
def customers(db):
    change_set = open_change_set(kind=ChangeKind.IMPORT, label="customers", actor=None)
    return add_customers(
        numbering="erp",
        rows=[
            {
                "account_number": "1001",
                "name": "Harbor Mechanical",
                "sales_rep_email": "rep@ours.example",
            },
            {"account_number": "1002", "name": "Blue Ridge Plumbing"},
        ],
        change_set=change_set,
    )


@pytest.fixture
def add(customers):
    """Adds contacts of the first customer (or another) and checks them."""

    def add(*rows, customer=0):
        change_set = open_change_set(kind=ChangeKind.IMPORT, label="contacts", actor=None)
        contacts = add_contacts(
            rows=[
                (
                    customers[customer],
                    dict(zip(("first_name", "last_name", "email"), row, strict=True)),
                )
                for row in rows
            ],
            change_set=change_set,
        )
        check_contacts(contact_ids=[contact.pk for contact in contacts])
        return contacts

    return add


def finding_of(contact):
    """The one open finding about a contact's address."""
    return (
        Finding.objects.open()
        .select_related("contact__customer")
        .get(contact=contact, field="email")
    )


def open_codes(contact):
    return sorted(Finding.objects.open().filter(contact=contact).values_list("code", flat=True))
