"""What the filters of the contact list mean."""

import pytest

from accounts.models import User
from contacts.actions.people import add_contact, add_customer
from contacts.models import Contact, Customer
from contacts.rules.segments import parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def julie():
    return User.objects.create_user("julie", email="julie@supply.example")


@pytest.fixture(autouse=True)
def everybody():
    """One contact for each way of being different from Ann, who is ready to be invited."""
    acme = at("A1", "Acme", state="TX", sales_rep_name="Julie Tran", customer_type="Contractor",
              sales_rep_email="Julie@Supply.example")  # fmt: skip
    blue = at("B2", "Blue", state="NC", sales_rep_name="Marcus Bell")
    gone = at("C3", "Gone", active="false")
    house = at("H9", "HOUSE ACCOUNT", is_house_account="true")
    rows = [
        person("ann", acme),
        person("missing", acme, email="", email_status="missing", sms_number="1"),
        person("bounced", acme, email_status="bounced"),
        person("invited", blue, portal_stage="invited"),
        person("active", blue, portal_stage="active"),
        person("left", blue, active=False),
        person("closed", gone),
        person("unwanted", blue, invite=False),
        person("nowhere", None),
        person("counter", house),
        person("system", acme, is_house_user=True),
    ]
    for row, fields in rows:
        row.update(**fields)


def at(number, name, **values):
    return add_customer(
        numbering="erp", values={"account_number": number, "name": name, **values}, actor=None
    )


def person(name, customer, email=None, sms_number="", **fields):
    values = {"first_name": name, "sms_number": sms_number}
    values["email"] = f"{name}@x.example" if email is None else email
    row = add_contact(customer=customer, values=values, actor=None)
    # Checks and portal would set these; every new colleague is checked with the others.
    return Contact.objects.filter(pk=row.pk), {"email_status": "ok"} | fields


REAL = {"ann", "missing", "bounced", "invited", "active", "left", "closed", "unwanted", "nowhere"}
EXAMPLES = [
    ("", REAL),
    ("house=yes", {"counter", "system"}),
    ("view=ready", {"ann"}),
    ("view=invited", {"invited"}),
    ("view=no_email", {"missing"}),
    ("view=bounced", {"bounced"}),
    ("q=ann", {"ann"}),
    ("q=nn", set()),
    ("status=missing&status=bounced", {"missing", "bounced"}),
    ("stage=invited&stage=active", {"invited", "active"}),
    ("status=ok&stage=active", {"active"}),
    ("rep=Julie Tran", {"ann", "missing", "bounced"}),
    ("state=NC", {"invited", "active", "left", "unwanted"}),
    ("type=Contractor", {"ann", "missing", "bounced"}),
    ("active=no", {"left", "closed"}),
    ("active=yes", REAL - {"left", "closed"}),
    ("mine=yes", {"ann", "missing", "bounced"}),
    ("state=NC&active=yes&stage=not_invited", {"unwanted"}),
]


def matching(query, user):
    return {row.first_name for row in Contact.objects.matching(parse(query), user)}


@pytest.mark.parametrize(("query", "expected"), EXAMPLES)
def test_a_query_keeps_whom_it_names(julie, query, expected):
    assert matching(query, julie) == expected


def test_one_customer_narrows_every_view(julie):
    blue = Customer.objects.get(name="Blue")
    assert matching(f"customer={blue.pk}&view=invited", julie) == {"invited"}


def test_without_a_person_nobody_is_mine():
    assert (matching("mine=yes", None), matching("", None)) == (set(), REAL)
