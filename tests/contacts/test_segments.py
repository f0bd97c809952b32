"""Whom each field of a contact query finds, on whichever database the tests run."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from contacts.actions.changes import derive_contact, derive_customer
from contacts.models import Contact, Customer, Invoice
from contacts.rules.segments import MULTIPLE, NUMBERS, ContactQuery, parse
from core.rules.needed import Needed

EVERYBODY = {"ann", "bo", "cy", "di"}


def add_customer(number, **values):
    customer = derive_customer(Customer(numbering="erp", account_number=number, **values))
    customer.save()
    return customer


def add_contact(first, customer, **values):
    contact = derive_contact(Contact(first_name=first, customer=customer, **values))
    contact.save()
    return contact


def days_ago(days):
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def company(db):
    """Ann at a shop in Austin, Bo and Cy at a works in Köln, Di at no customer."""
    shop = add_customer(
        "1", name="Shop", city="Austin", state="TX", postal_code="78744-1200", country="US",
        customer_type="Contractor", customer_since=date(2009, 5, 1),
        product_lines="Refrigeration, Valves", sales_rep_name="Julie Tran",
    )  # fmt: skip
    works = add_customer(
        "2", name="Works", city="KÖLN", state="", postal_code="50667", country="DE",
        customer_type="Industry", customer_since=date(2015, 1, 1),
        product_lines="Pumps 50% duty", sales_rep_name="Marcus Bell", invite=False,
    )  # fmt: skip
    add_contact("ann", shop, email="ann@shop.example", email_status="ok", phone="555")
    add_contact(
        "bo", works, last_name="Berg", email="bo@works.example", email_status="bounced",
        portal_stage="invited", last_mailed_at=days_ago(10), promote=False,
    )  # fmt: skip
    add_contact(
        "cy", works, email_status="missing", city="Bonn", job_title="Buyer",
        last_mailed_at=days_ago(100),
    )  # fmt: skip
    add_contact("di", None, email="di@home.example", invite=False)
    for n, open_amount in enumerate(["10.00", "0.01", "0.00"]):
        Invoice.objects.create(
            customer=works, number=f"w{n}", number_key=f"w{n}", open_amount=Decimal(open_amount)
        )
    Invoice.objects.create(customer=shop, number="s", number_key="s", open_amount=Decimal(5))
    Invoice.objects.create(customer=shop, number="t", number_key="t", open_amount=None)


CASES = {
    "": EVERYBODY,
    "line=valve": {"ann"},
    "line=50%25+duty": {"bo", "cy"},
    "line=5%25d": set(),
    "line=VALVES&line=pumps": {"ann", "bo", "cy"},
    "line=valves&not=line": {"bo", "cy", "di"},
    "city=austin": {"ann"},
    "city=aust": set(),
    "city=k%C3%B6ln": {"bo", "cy"},
    "city=Austin&not=city": {"bo", "cy", "di"},
    "zip=787": {"ann"},
    "zip=787&zip=506": {"ann", "bo", "cy"},
    "zip=744": set(),
    "zip=787&not=zip": {"bo", "cy", "di"},
    "country=DE": {"bo", "cy"},
    "country=DE&not=country": {"ann", "di"},
    "state=TX&not=state": {"bo", "cy", "di"},
    "type=Industry&not=type": {"ann", "di"},
    "rep=Marcus+Bell": {"bo", "cy"},
    "rep=Marcus+Bell&not=rep": {"ann", "di"},
    "status=missing&status=bounced": {"bo", "cy"},
    "status=missing&status=bounced&not=status": {"ann", "di"},
    "stage=invited": {"bo"},
    "stage=invited&not=stage": {"ann", "cy", "di"},
    "since_before=2015": {"ann"},
    "since_from=2015": {"bo", "cy"},
    "since_from=2009&since_before=2010": {"ann"},
    "mailed=no": {"ann", "di"},
    "mailed=yes": {"bo", "cy"},
    "mailed_within=30": {"bo"},
    "unmailed_for=30": {"ann", "cy", "di"},
    "unmailed_for=30&mailed=yes": {"cy"},
    "promote=yes": {"ann", "cy", "di"},
    "promote=no": {"bo"},
    "invite=yes": {"ann"},
    "invite=no": {"bo", "cy", "di"},
    "invoices=1": {"ann", "bo", "cy"},
    "invoices=2": {"bo", "cy"},
    "invoices=3": set(),
    "needs=email": {"ann", "bo", "di"},
    "needs=email,phone": {"ann"},
    "needs=city": {"ann", "bo", "cy"},
    "needs=state": {"ann"},
    "needs=customer_since": {"ann", "bo", "cy"},
    "lacks=email": {"cy"},
    "lacks=customer_since": {"di"},
    "lacks=phone,email": {"bo", "cy", "di"},
    "needs=city&lacks=state": {"bo", "cy"},
    "country=DE&status=bounced": {"bo"},
}


@pytest.mark.parametrize(("query", "expected"), CASES.items())
def test_each_field_finds_exactly_these(query, expected, company):
    found = Contact.objects.matching(parse(query), None).values_list("first_name", flat=True)
    assert sorted(found) == sorted(expected)


def test_every_field_that_segments_ask_for_has_an_example():
    asked = {name for query in CASES for name, value in parse(query).pairs() if value}
    later = {*MULTIPLE, *NUMBERS, "promote", "invite", "mailed", "needs", "lacks", "not"}
    assert later - asked == set()


@pytest.mark.parametrize("fact", Needed)
def test_a_fact_is_known_or_not_known_of_everybody(fact, company):
    known = Contact.objects.matching(ContactQuery(needs=(fact,)), None)
    unknown = Contact.objects.matching(ContactQuery(lacks=(fact,)), None)
    found = [row.first_name for row in [*known, *unknown]]
    assert sorted(found) == sorted(EVERYBODY)


def test_nobody_lacks_nothing(company):
    assert list(Contact.objects.lacking([])) == []
    assert Contact.objects.having([]).count() == len(EVERYBODY)
