"""A company with customers, contacts and three people who may do different things."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.actions import add_staff
from accounts.models import User
from accounts.rules.roles import Role
from campaigns.actions.drafting import draft_campaign, save_draft
from campaigns.actions.launching import launch
from campaigns.models import Campaign, LeftOut
from contacts.actions.changes import derive_contact, derive_customer
from contacts.models import Contact, Customer
from contacts.rules.words import EmailStatus
from core.models import Configuration
from delivery.models import Message
from jobs.queue import run_now
from portal.models import PortalConfiguration


@pytest.fixture
def portal_on(db):
    PortalConfiguration.objects.update_or_create(pk=1, defaults={"enabled": True})


@pytest.fixture
def company(db):
    Configuration.objects.update_or_create(
        pk=1,
        defaults={
            "company_name": "Northfield Supply",
            "postal_address": "1200 Commerce Road, Austin, TX 78744",
            "sender_email": "portal@northfield.example",
            "pause_days": 7,
        },
    )


@dataclass
class Team:
    """Who may invite, who may only send bulk email, and who may only look."""

    sender: User
    mailer: User
    reader: User


@pytest.fixture
def team(db):
    def person(username, *roles):
        return add_staff(
            username=username, email=f"{username}@northfield.example", password="pass", roles=roles
        )

    mailer = person("mia", Role.READ_ONLY)
    mailer.user_permissions.add(Permission.objects.get(codename="bulk_email_contacts"))
    return Team(
        sender=person("sam", Role.SENDER),
        mailer=User.objects.get(pk=mailer.pk),
        reader=person("ron", Role.READ_ONLY),
    )


@pytest.fixture
def add_customer(db) -> Callable[..., Customer]:
    def add(number="1001", **fields):
        fields = {"name": f"Customer {number}", **fields}
        customer = Customer(numbering="erp", account_number=number, **fields)
        derive_customer(customer)
        customer.save()
        return customer

    return add


@pytest.fixture
def add_contact(db, add_customer) -> Callable[..., Contact]:
    numbers = iter(range(1, 10_000))

    def add(email=None, status=EmailStatus.OK, **fields):
        n = next(numbers)
        fields = {"first_name": f"Ann{n}", "last_name": "Miller", **fields}
        if "customer" not in fields:
            fields["customer"] = add_customer(f"{2000 + n}")
        contact = Contact(email=f"ann{n}@buyer{n}.example" if email is None else email, **fields)
        derive_contact(contact)
        contact.email_status = status
        contact.save()
        return contact

    return add


@dataclass
class Clock:
    """Now, and an hour from now."""

    at: datetime
    later: datetime


@pytest.fixture
def now() -> Clock:
    at = timezone.now()
    return Clock(at, at + timedelta(hours=1))


@dataclass
class Sent:
    """A campaign that was prepared: who gets it, and why the others do not."""

    campaign: Campaign
    recipients: list[int]
    left_out: dict[int, str]


@pytest.fixture
def prepare() -> Callable[[Campaign, User | None], Sent]:
    def run(campaign, actor):
        run_now(launch(campaign=campaign, actor=actor))
        return read(campaign)

    return run


@pytest.fixture
def outcome() -> Callable[[Campaign], Sent]:
    return read


def read(campaign):
    campaign = Campaign.objects.select_related("mailing").get(pk=campaign.pk)
    messages = Message.objects.filter(mailing=campaign.mailing).order_by("contact_id")
    left_out = LeftOut.objects.filter(campaign=campaign)
    return Sent(
        campaign,
        list(messages.values_list("contact_id", flat=True)),
        dict(left_out.values_list("contact_id", "reason")),
    )


@pytest.fixture
def draft(company) -> Callable[..., Campaign]:
    def make(kind, audience, actor, *, subject="News", body="Hello [ContactName]"):
        campaign = draft_campaign(kind=kind, audience=audience, actor=actor)
        if kind not in ("invitation", "reminder"):
            save_draft(campaign=campaign, name=campaign.name, subject=subject, body=body)
        return campaign

    return make
