"""What people say of a whole domain goes into the configuration, and its contacts follow."""

import pytest

from contacts.models import Contact
from core.models import AuditEntry, Configuration
from jobs.models import Job
from tests.validation.test_counting import contact, firm
from validation.actions import trusting
from validation.actions.trusting import ALLOWED, OWN, list_domain
from validation.models import Finding, MailDomain

pytestmark = pytest.mark.django_db


@pytest.fixture
def dead():
    MailDomain.objects.create(name="quiet-tools.com", verdict="undeliverable", code="null_mx")
    return contact(firm("1"), "ann.lee@quiet-tools.com")


def state(row):
    row.refresh_from_db()
    return row.email_status, sorted(Finding.objects.values_list("code", flat=True))


def test_no_check_complains_about_a_domain_that_is_right(dead):
    before = state(dead)
    changed = [
        list_domain(name="quiet-tools.com", field=ALLOWED, on=True, actor=None) for _ in range(2)
    ]
    after = state(dead)
    list_domain(name="quiet-tools.com", field=ALLOWED, on=False, actor=None)

    assert (before, after[1]) == (("invalid", ["null_mx"]), [])
    assert changed == [True, False]
    assert state(dead) == before
    entries = AuditEntry.objects.filter(entity="configuration").order_by("pk")
    assert [entry.facts for entry in entries] == [{"fields": ["allowed_domains"]}] * 2


def test_own_domains_are_kept_beside_those_that_were_there(dead):
    Configuration.objects.update(own_domains="@Supply.example\nother.example")
    list_domain(name="quiet-tools.com", field=OWN, on=True, actor=None)
    list_domain(name="supply.example", field=OWN, on=False, actor=None)

    assert Configuration.load().own_domains == "other.example\nquiet-tools.com"
    assert "internal_address" in state(dead)[1]


def test_many_contacts_are_left_to_a_job(dead, monkeypatch):
    monkeypatch.setattr(trusting, "AT_ONCE", 0)
    list_domain(name="quiet-tools.com", field=ALLOWED, on=True, actor=None)
    assert (Contact.objects.get().email_status, Job.objects.get().name) == (
        "invalid",
        "validation.check",
    )
