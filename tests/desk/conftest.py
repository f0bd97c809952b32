"""Two reps, their customers and the people there; a manager, a reader and somebody from outside."""

import pytest
from django.test import Client

from accounts.actions import add_staff
from accounts.models import User
from accounts.rules.roles import Role
from contacts.actions.people import add_contact, add_customer
from contacts.models import Contact
from portal.actions.configuring import save_portal_configuration
from portal.models import PortalConfiguration

PASSWORD = "three quiet rivers"


def signed_in(user):
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def staff(name, *roles):
    return add_staff(username=name, email=f"{name}@supply.example", password=PASSWORD, roles=roles)


def customer(number, name, **values):
    return add_customer(
        numbering="erp", values={"account_number": number, "name": name, **values}, actor=None
    )


def contact(at, first, last, email="", **values):
    return add_contact(
        customer=at,
        values={"first_name": first, "last_name": last, "email": email, **values},
        actor=None,
    )


def checked(rows, **statuses):
    """What the checks would have said; every new colleague is checked with the others."""
    for name, row in rows.items():
        status = statuses.get(name, "ok")
        Contact.objects.filter(pk=row.pk).update(email_status=status)
        row.refresh_from_db()
    return rows


def enable_portal(*, on=True):
    configuration = PortalConfiguration.load()
    configuration.enabled = on
    save_portal_configuration(configuration=configuration, actor=None, changed=["enabled"])


def names(response):
    return [str(row) for row in response.context["page"].rows]


@pytest.fixture
def manager(db):
    return staff("dana", Role.ADMINISTRATOR)


@pytest.fixture
def rep(db):
    return staff("julie", Role.SALES_REP)


@pytest.fixture
def other_rep(db):
    return staff("marcus", Role.SALES_REP)


@pytest.fixture
def portal_user(db):
    return User.objects.create_user("priya", password=PASSWORD, kind="portal")


@pytest.fixture
def acme(db):
    return customer(
        "ACME-001", "Acme Fabrication", city="Austin", state="TX",
        sales_rep_name="Julie Tran", sales_rep_email="JULIE@supply.example",
        customer_type="Contractor",
    )  # fmt: skip


@pytest.fixture
def blue(db):
    return customer(
        "BLUE-002", "Blue Ridge Plumbing", city="Boone", state="NC",
        sales_rep_name="Marcus Bell", sales_rep_email="marcus@supply.example",
    )  # fmt: skip


@pytest.fixture
def people(acme, blue):
    """Four contacts, two at each customer, in the order of their names."""
    rows = {
        "aaron": contact(acme, "Aaron", "Delacroix", "aaron@acme.example", phone="(555) 014-7731"),
        "adam": contact(acme, "Adam", "Jones", "ajones@acme.example", sms_number="555.014.9999"),
        "annie": contact(blue, "Annie", "Osei", "", sms_number="+1 555 012 4417"),
        "bea": contact(blue, "Bea", "Zeller", "bea@blue.example"),
    }
    return checked(rows, annie="missing", bea="bounced")
