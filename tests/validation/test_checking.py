"""Checks on the database: what is written, what is left, and who is looked at again."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from contacts.actions.changes import Edit, edit_contacts, edit_customers, open_change_set
from contacts.actions.facts import Fact, record_facts
from contacts.actions.importing import add_contacts, add_customers
from contacts.models import Contact
from contacts.rules.words import ChangeKind
from core.models import Configuration
from jobs.models import Job
from jobs.queue import run_now
from validation.actions.asking import ask_again
from validation.actions.checking import (
    Checked,
    check_all,
    check_contacts,
    check_domains_changed,
    check_later,
    check_slice,
)
from validation.actions.counting import note_all_domains
from validation.actions.deciding import Verdict, decide, withdraw_decisions
from validation.models import Decision, Finding, MailDomain

pytestmark = pytest.mark.django_db


def change_set(kind=ChangeKind.EDIT):
    return open_change_set(kind=kind, label="test", actor=None)


def firm(number="1", **values):
    rows = [{"account_number": number, "name": f"Firm {number}", **values}]
    return add_customers(numbering="erp", rows=rows, change_set=change_set())[0]


def contact(customer, email, first="Ann", last="Lee", **values):
    row = {"email": email, "first_name": first, "last_name": last, **values}
    return add_contacts(rows=[(customer, row)], change_set=change_set())[0]


def heard(name, verdict="deliverable", code="mx"):
    MailDomain.objects.update_or_create(name=name, defaults={"verdict": verdict, "code": code})
    check_domains_changed(names=[name])


def found(row):
    return sorted(Finding.objects.filter(contact=row).values_list("code", flat=True))


def status(row):
    return Contact.objects.values_list("email_status", flat=True).get(pk=row.pk)


def writes():
    """Statements that write, collected while it is open."""
    told = []

    def watch(execute, sql, params, many, context):
        if sql.split(maxsplit=1)[0] in {"INSERT", "UPDATE", "DELETE"}:
            told.append(sql)
        return execute(sql, params, many, context)

    return connection.execute_wrapper(watch), told


def test_a_new_contact_is_checked_at_once_and_its_domain_noted():
    row = contact(firm(), " ann.lee@acmetools.com")

    finding = Finding.objects.get(contact=row)
    assert (finding.code, finding.suggestion, finding.value, finding.auto, finding.severity) == (
        "whitespace", "ann.lee@acmetools.com", " ann.lee@acmetools.com", True, "warning",
    )  # fmt: skip
    assert status(row) == "fixable"
    assert list(MailDomain.objects.values_list("name", "verdict")) == [("acmetools.com", "")]


def test_what_dns_says_changes_the_status_and_the_findings():
    row = contact(firm(), "ann.lee@acmetools.com")
    before = status(row), found(row)
    heard("acmetools.com", "undeliverable", "no_domain")
    dead = status(row), found(row)
    heard("acmetools.com")

    assert [before, dead, (status(row), found(row))] == [
        ("unknown", []),
        ("invalid", ["dead_domain"]),
        ("ok", []),
    ]


def test_a_temporary_failure_of_dns_makes_nobody_invalid():
    row = contact(firm(), "ann.lee@acmetools.com")
    heard("acmetools.com", "unknown", "dns_servfail")

    assert (status(row), found(row)) == ("unknown", [])


def test_the_domain_that_was_meant_is_asked_about_too_and_its_answer_counts():
    customer = firm(website="acmetools.com")
    row = contact(customer, "ann.lee@acmetols.com")
    heard("acmetols.com", "undeliverable", "no_domain")
    offered = Finding.objects.get(contact=row).suggestion
    heard("acmetools.com", "undeliverable", "no_domain")

    assert offered == "ann.lee@acmetools.com"
    assert found(row) == ["dead_domain"]


def test_flags_for_desks_and_free_mail_stand_on_the_contact():
    rows = [contact(firm(), "ap@acmetools.com"), contact(firm("2"), "ann@gmail.com")]

    flags = [
        (row.is_role_address, row.is_freemail, row.email_status)
        for row in Contact.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    ]
    assert flags == [(True, False, "unknown"), (False, True, "ok")]


def test_checking_twice_writes_nothing():
    customer = firm()
    contact(customer, "ann.lee@acmetools.com")
    contact(customer, "n/a", "Bob", "Fox")
    contact(firm("2"), "ann.lee@acmetools.com")
    check_all()
    watch, told = writes()
    with watch:
        check_all()

    assert told == []


def test_counts_are_given_by_status_and_by_code():
    contact(firm(), "")
    contact(firm("2"), "ann@gmail.com")
    heardof = []

    checked = check_all(on_chunk=heardof.append)

    assert checked == Checked(2, {"missing": 1, "ok": 1}, {"freemail": 1, "missing": 1})
    assert heardof == [2]


def test_sharers_of_an_address_are_looked_at_again_when_it_changes():
    one = contact(firm(), "ann.lee@acmetools.com")
    two = contact(firm("2"), "ann.lee@acmetools.com")
    shared = found(one), found(two)
    edit = Edit(two.pk, "email", "ann.lee@other.com")
    edit_contacts(edits=[edit], change_set=change_set())

    assert shared == (["duplicate_other_customer"], ["duplicate_other_customer"])
    assert (found(one), found(two)) == ([], [])


def test_the_branches_of_one_group_may_share_an_address():
    parent = firm()
    branch = firm("2", parent_id=str(parent.pk))
    rows = [contact(parent, "ap@acmetools.com"), contact(branch, "ap@acmetools.com")]

    assert [found(row) for row in rows] == [[], []]


def test_a_house_account_does_not_make_an_address_shared():
    row = contact(firm(), "ann.lee@acmetools.com")
    contact(firm("2", is_house_account="true"), "ann.lee@acmetools.com")

    assert found(row) == []


def test_colleagues_are_looked_at_again():
    customer = firm()
    one = contact(customer, "ann.lee@acmetols.com")
    heard("acmetols.com", "undeliverable", "no_domain")
    alone = found(one)
    contact(customer, "bob.fox@acmetools.com", "Bob", "Fox")

    assert (alone, found(one)) == (["dead_domain"], ["domain_typo_company"])


def test_a_customers_website_counts_when_it_changes():
    customer = firm()
    row = contact(customer, "ann.lee@acmetols.com")
    heard("acmetols.com", "undeliverable", "no_domain")
    edit = Edit(customer.pk, "website", "www.acmetools.com")
    edit_customers(edits=[edit], change_set=change_set())

    assert found(row) == ["domain_typo_company"]


def test_fields_the_checks_do_not_read_cost_no_look():
    row = contact(firm(), "n/a")
    Finding.objects.all().delete()
    edit_contacts(edits=[Edit(row.pk, "city", "Kiel")], change_set=change_set())

    assert found(row) == []


def test_what_was_kept_stays_kept_for_that_value_alone():
    row = contact(firm(), "ann.lee@mailinator.com")
    heard("mailinator.com")
    verdict = Verdict(row.pk, "disposable", "ann.lee@mailinator.com", Decision.Kind.KEPT)
    decide(verdicts=[verdict], actor=None, change_set=change_set())
    Finding.objects.all().delete()
    check_contacts(contact_ids=[row.pk])
    kept = Finding.objects.get(contact=row).decided, status(row)
    edit = Edit(row.pk, "email", "ann@yopmail.com")
    edit_contacts(edits=[edit], change_set=change_set())
    heard("yopmail.com")

    assert kept == (True, "ok")
    assert (Finding.objects.get(contact=row).decided, status(row)) == (False, "review")


def test_a_decision_taken_back_opens_the_finding_again():
    row = contact(firm(), "ann.lee@mailinator.com")
    made = change_set(ChangeKind.REVIEW)
    verdict = Verdict(row.pk, "disposable", "ann.lee@mailinator.com", Decision.Kind.KEPT)
    decide(verdicts=[verdict], actor=None, change_set=made)

    assert withdraw_decisions(change_set=made) == 1
    assert Finding.objects.get(contact=row).decided is False


def test_an_address_known_to_be_wrong_is_invalid_and_out_of_the_queue():
    row = contact(firm(), "ann.lee@mailinator.com")
    heard("mailinator.com")
    verdict = Verdict(row.pk, "disposable", "ann.lee@mailinator.com", Decision.Kind.UNKNOWN)
    decide(verdicts=[verdict], actor=None, change_set=change_set())

    assert (Finding.objects.get(contact=row).decided, status(row)) == (True, "invalid")


def test_an_accepted_value_that_comes_back_is_found_again():
    row = contact(firm(), " ann.lee@acmetools.com")
    verdict = Verdict(row.pk, "whitespace", " ann.lee@acmetools.com", Decision.Kind.ACCEPTED)
    decide(verdicts=[verdict], actor=None, change_set=change_set())

    assert Finding.objects.get(contact=row).decided is False


def test_facts_of_sending_beat_every_guess():
    row = contact(firm(), "ann.lee@mailinator.com")
    heard("mailinator.com")
    now = timezone.now()
    record_facts(facts=[Fact("ann.lee@mailinator.com", "confirmed_at", now, "invitation")])
    confirmed = status(row), found(row)
    record_facts(
        facts=[Fact("ann.lee@mailinator.com", "bounced_at", timezone.now(), "5.1.1 no such user")]
    )

    assert confirmed == ("confirmed", [])
    assert (status(row), found(row)) == ("bounced", ["bounced", "disposable"])


def test_findings_of_other_origin_are_left_alone():
    row = contact(firm(), "ann.lee@acmetools.com")
    Finding.objects.create(contact=row, code="erp_conflict", severity="warning", confidence=1)
    check_contacts(contact_ids=[row.pk])

    assert found(row) == ["erp_conflict"]


def test_our_own_domains_come_from_the_configuration():
    configuration = Configuration.load()
    configuration.own_domains = "ours.com"
    configuration.save()
    row = contact(firm(), "rep@ours.com")

    assert found(row) == ["internal_address"]


def test_many_contacts_are_left_to_one_job_that_checks_each_customer_once():
    customer = firm()
    rows = [contact(customer, f"p{at}@acmetools.com", last="") for at in range(3)]
    rows.append(contact(firm("2"), "n/a"))
    Finding.objects.all().delete()
    keys = [row.pk for row in rows]
    check_later(contact_ids=keys)
    check_later(contact_ids=keys[1:])
    job = Job.objects.get(name="validation.check")
    done = run_now(job)

    assert (done.state, done.error) == ("done", "")
    assert [found(row) for row in rows] == [[], [], [], ["placeholder"]]


def test_slices_go_by_key_until_none_is_left():
    rows = [contact(firm(str(at)), "n/a") for at in range(3)]
    keys = [row.pk for row in rows]
    after = keys[0] - 1

    assert [check_slice(after=after, limit=2), check_slice(after=keys[1], limit=2)] == keys[1:]
    assert check_slice(after=keys[2], limit=2) is None


def test_every_domain_of_the_base_is_noted_once():
    contact(firm(), "ann.lee@acmetools.com")
    contact(firm("2"), "ann@other.de")
    contact(firm("3"), "ann@nowhere.con")
    MailDomain.objects.all().delete()

    noted = [note_all_domains(), note_all_domains()]

    assert noted == [3, 0]
    assert dict(MailDomain.objects.values_list("name", "code")) == {
        "acmetools.com": "",
        "nowhere.con": "unknown_tld",
        "other.de": "",
    }


def test_a_domain_is_looked_up_again_unless_it_was_just_now():
    now = timezone.now()
    MailDomain.objects.create(name="a.com", due_at=now, checked_at=now)
    MailDomain.objects.create(name="b.com", due_at=now, checked_at=now.replace(year=2001))

    assert ask_again(domains=MailDomain.objects.all()) == 1
    assert list(MailDomain.objects.filter(due_at=None).values_list("name", flat=True)) == ["b.com"]


def test_the_admin_lists_open_and_offer_no_way_to_write(client):
    boss = User.objects.create_superuser("boss", email="boss@ours.com", password="a long password")
    client.force_login(boss)
    contact(firm(), "n/a")

    pages = [
        client.get(reverse(f"admin:validation_{name}_changelist")).status_code
        for name in ("finding", "decision", "maildomain")
    ]
    assert pages == [200, 200, 200]
    assert client.get(reverse("admin:validation_finding_add")).status_code == 403
