"""A company with an open portal, two customers, and the people of this folder's tests."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions import add_staff
from accounts.rules.roles import Role
from contacts.models import Contact, Customer, Invoice
from contacts.rules.normalise import address_key, number_key, repaired_email, search_text
from core.actions import save_configuration
from core.models import Configuration
from delivery.models import Message
from portal.actions import invitations
from portal.actions.configuring import save_portal_configuration
from portal.actions.enrolling import enrol
from portal.models import PortalConfiguration

PASSWORD = "three quiet rivers"
FACTS = {"account_number": "ACME-0001", "postal_code": "78701", "invoice_number": "INV-204418"}


def make_customer(number, name, **more):
    return Customer.objects.create(
        account_number=number,
        number_key=number_key(number),
        name=name,
        search_text=search_text(name, number),
        **more,
    )


def make_contact(customer, email, first="Priya", last="Raman", **more):
    more.setdefault("email_status", "ok")
    return Contact.objects.create(
        customer=customer,
        first_name=first,
        last_name=last,
        email=email,
        email_repaired=repaired_email(email),
        address_key=address_key(email),
        email_domain=email.rpartition("@")[2],
        search_text=search_text(first, last, email),
        **more,
    )


def make_invoice(customer, number, days_ago=10, open_amount="0", **more):
    issued = more.pop("issued_on", timezone.localdate() - timedelta(days=days_ago))
    return Invoice.objects.create(
        customer=customer,
        number=number,
        number_key=number_key(number),
        issued_on=issued,
        due_on=issued + timedelta(days=30),
        amount=Decimal("100.50"),
        open_amount=Decimal(open_amount),
        **more,
    )


def invite(contact):
    return invitations.issue(contacts=[contact], actor=None)[contact.pk]


def make_member(contact, username, password=PASSWORD):
    return enrol(contact=contact, username=username, password=password, sent_to=contact.address_key)


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def mails(**wanted):
    """Kind and address of the mails in the outbox, the oldest first."""
    rows = Message.objects.filter(**wanted).order_by("created_at", "pk")
    return list(rows.values_list("kind", "address"))


def link_in(message, start):
    """The path of the link of an email that begins with `start`."""
    address = next(word for word in message.text.split() if f"8000{start}" in word)
    return address[address.index(start) :].rstrip(".,)")


@pytest.fixture
def portal(db):
    """The portal is open; its name and mail address are set."""
    company = Configuration.load()
    company.company_name = "Northfield Supply"
    company.sender_email = "portal@northfieldsupply.example"
    company.support_phone = "(555) 014-2200"
    save_configuration(configuration=company, actor=None, changed=[])
    configuration = PortalConfiguration.load()
    configuration.enabled = True
    return save_portal_configuration(configuration=configuration, actor=None, changed=["enabled"])


@pytest.fixture
def acme(portal):
    customer = make_customer(
        "ACME0001", "Acme Fabrication", postal_code="78701-2210", city="Austin"
    )
    make_invoice(customer, "INV204418", open_amount="100.50")
    return customer


@pytest.fixture
def harbor(portal):
    customer = make_customer("HARB0002", "Harborview Mechanical", postal_code="04103")
    make_invoice(customer, "INV7007")
    return customer


@pytest.fixture
def priya(acme):
    return make_contact(acme, "priya.raman@acme.com")


@pytest.fixture
def owner(priya):
    """A user of Acme."""
    return make_member(priya, "priya")


@pytest.fixture
def other(harbor):
    """A user of another customer."""
    return make_member(make_contact(harbor, "p.ricci@harbor.com", "Paolo", "Ricci"), "paolo")


def member_of_staff(username, *roles):
    return add_staff(
        username=username, email=f"{username}@northfield.example", password=PASSWORD, roles=roles
    )


@pytest.fixture
def manager(portal):
    return member_of_staff("dana", Role.MANAGER)


@pytest.fixture
def reader(portal):
    return member_of_staff("rita", Role.READ_ONLY)
