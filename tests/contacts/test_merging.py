"""Two records become one, and two again: nothing is lost on either way."""

import itertools
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from accounts.models import User
from campaigns.models import Campaign, LeftOut
from contacts.actions.changes import Edit, edit_contacts, open_change_set
from contacts.actions.matching import keep_apart, match_contacts
from contacts.actions.merging import (
    CannotMergeError,
    MergedSinceError,
    merge_contacts,
    merge_customers,
)
from contacts.actions.parties import sides_of, survivor_of
from contacts.actions.undoing import undo
from contacts.models import (
    ChangeSet,
    Contact,
    Customer,
    Duplicate,
    Invoice,
    Moved,
    Proposal,
)
from contacts.rules.choosing import Prefer, Side
from contacts.rules.words import ChangeKind, Entity
from core.models import AuditEntry
from delivery.models import Mailing, Message
from portal.models import Invitation, Membership, OneUseLink, Registration
from review.models import Question
from tests.desk.conftest import contact, customer
from validation.models import Decision, Finding

# What follows from other values, or says when something was last touched.
DERIVED = {"version", "updated_at", "search_text", "found_at"}
# What tells of the merge itself, and what is computed again.
TOLD = {"Change", "ChangeSet", "Moved", "AuditEntry", "Job", "Duplicate", "MatchKey", "MailDomain"}


def snapshot():
    """Every row of every table of ours, without what follows from other rows."""
    found = {}
    for model in apps.get_models():
        if model.__module__.startswith("django.") or model.__name__ in TOLD:
            continue
        for row in model._base_manager.all():
            values = {f.attname: f.value_from_object(row) for f in model._meta.concrete_fields}
            key = None if model is Finding else row.pk
            kept = {name: value for name, value in values.items() if name not in DERIVED}
            if model is Finding:
                kept.pop("id")
            found.setdefault(model.__name__, []).append((key, sorted(kept.items(), key=str)))
    return {name: sorted(rows, key=str) for name, rows in found.items()}


@pytest.fixture
def acme(db):
    return customer("ACME-1", "Acme Fabrication", city="Austin", postal_code="78701")


@pytest.fixture
def annie(acme):
    return contact(
        acme, "Annie", "Osei", "ap@acme.example", phone="(555) 012-4417", job_title="A/P Manager"
    )


@pytest.fixture
def ann(acme):
    return contact(
        acme, "Ann", "Osei", "a.osei@acme.example", phone="555 012 4417", sms_number="5550129920"
    )


def mailing(name="Spring"):
    return Mailing.objects.create(
        purpose="announcement", name=name, subject="Hello", body="Hello", sender_name="Us",
        sender_email="us@ours.example",
    )  # fmt: skip


def message(to, of=None, **values):
    return Message.objects.create(
        purpose="announcement", kind="announcement", mailing=of, contact=to,
        address=to.email, address_key=to.address_key, not_before=timezone.now(), **values,
    )  # fmt: skip


def hang_everything_on(person):
    """One row of every table that may name a contact."""
    soon = timezone.now() + timedelta(days=30)
    user = User.objects.create_user(f"user{person.pk}", password="x", kind="portal")
    message(person, mailing(f"M{person.pk}"), state="delivered")
    Invitation.objects.create(contact=person, expires_at=soon)
    Membership.objects.create(user=user, customer=person.customer, contact=person)
    OneUseLink.objects.create(
        purpose="register", token_hash=f"{person.pk:064}", contact=person, sent_to="x",
        expires_at=soon,
    )  # fmt: skip
    Registration.objects.create(name="R", email="r@acme.example", state="waiting", contact=person)
    Question.objects.create(contact=person, code="missing")
    Decision.objects.create(contact=person, code="role", value="ap", kind="kept")
    Proposal.objects.create(contact=person, kind="right", source="rep", given_key="rep")
    campaign = Campaign.objects.first() or Campaign.objects.create(kind="bulk", name="B")
    LeftOut.objects.create(campaign=campaign, contact=person, reason="no_address")


def merged(keep, gone, **sides):
    return merge_contacts(keep=keep.pk, gone=gone.pk, sides=sides, actor=None)


def test_the_one_that_stays_has_the_chosen_values_and_the_other_is_out_of_sight(annie, ann):
    done = merged(annie, ann, email=Side.GONE, sms_number=Side.GONE, first_name=Side.KEEP)
    assert [
        (row.name, row.email, row.sms_number, row.job_title) for row in Contact.objects.all()
    ] == [("Annie Osei", "a.osei@acme.example", "5550129920", "A/P Manager")]
    gone = Contact.everyone.get(pk=ann.pk)
    assert (gone.merged_into_id, gone.customer_id, gone.email) == (
        annie.pk, None, "a.osei@acme.example",
    )  # fmt: skip
    assert (done.kind, done.label) == (ChangeKind.MERGE, "Merged Ann Osei into Annie Osei")
    entry = AuditEntry.objects.get(verb="merged")
    assert (entry.entity, entry.entity_id) == ("contact", str(annie.pk))


def test_notes_of_both_may_stay(annie, ann):
    Contact.objects.filter(pk=annie.pk).update(notes="Likes tea")
    Contact.objects.filter(pk=ann.pk).update(notes="Calls on Mondays")
    merged(annie, ann, notes=Side.BOTH)
    assert Contact.objects.get().notes == "Likes tea\nCalls on Mondays"


def test_nothing_is_left_on_the_merged_contact_and_undo_puts_all_of_it_back(annie, ann):
    hang_everything_on(ann)
    before = snapshot()
    done = merged(annie, ann, email=Side.GONE, job_title=Side.GONE)
    left = {
        relation.related_model.__name__
        for relation in Contact._meta.related_objects
        if relation.related_model._base_manager.filter(**{relation.field.name: ann}).exists()
    }
    assert left <= {"Change", "Duplicate", "MatchKey"}
    assert Message.objects.filter(contact=annie).count() == 1
    undone = undo(change_set=done, actor=None)
    assert undone.skipped == 0
    assert snapshot() == before
    assert not Moved.objects.exists()


def test_where_both_have_what_only_one_may_have_nothing_is_lost(annie, ann):
    hang_everything_on(annie)
    hang_everything_on(ann)
    before = snapshot()
    done = merged(annie, ann)
    assert Membership.objects.count() == 2
    assert {row.state for row in Invitation.objects.filter(contact=annie)} == {
        "pending", "revoked",
    }  # fmt: skip
    assert Question.objects.filter(contact=annie, closed_at=None).count() == 1
    undo(change_set=done, actor=None)
    assert snapshot() == before


def test_nobody_gets_one_mailing_twice_after_a_merge(annie, ann):
    spring = mailing()
    message(annie, spring), message(ann, spring), message(ann, mailing("Autumn"))
    merged(annie, ann)
    rows = Message.objects.order_by("mailing", "contact").values_list("contact_id", "state")
    assert list(rows) == [(annie.pk, "queued"), (ann.pk, "cancelled"), (annie.pk, "queued")]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_of_merges_does_not_change_what_hangs_where(acme, order):
    people = [contact(acme, f"P{n}", "Osei", f"p{n}@acme.example") for n in range(4)]
    for person in people:
        message(person, mailing(f"M{person.pk}"))
    for n in order:
        merged(people[3], people[n])
    assert Contact.objects.count() == 1
    assert Message.objects.filter(contact=people[3]).count() == 4
    assert Contact.everyone.filter(merged_into=people[3]).count() == 3


def test_merges_on_merges_are_undone_from_the_last_one(acme, annie, ann):
    third = contact(acme, "A", "Osei", "third@acme.example")
    before = snapshot()
    first = merged(annie, ann)
    second = merged(third, annie)
    assert set(Contact.everyone.filter(merged_into=third)) == {annie, ann}
    with pytest.raises(MergedSinceError, match="was merged into A Osei since"):
        undo(change_set=first, actor=None)
    undo(change_set=second, actor=None)
    undo(change_set=first, actor=None)
    assert snapshot() == before


def test_what_was_edited_since_stays_when_the_merge_is_undone(annie, ann):
    done = merged(annie, ann, email=Side.GONE, job_title=Side.GONE)
    later = open_change_set(kind=ChangeKind.EDIT, label="Later", actor=None)
    edit_contacts(edits=[Edit(annie.pk, "email", "new@acme.example")], change_set=later)
    assert undo(change_set=done, actor=None).skipped == 1
    rows = Contact.objects.order_by("pk").values_list("email", "job_title")
    assert list(rows) == [("new@acme.example", "A/P Manager"), ("a.osei@acme.example", "")]


def test_who_cannot_be_merged_is_refused_with_a_sentence(acme, annie, ann):
    house = contact(acme, "House", "User", "house@acme.example")
    Contact.objects.filter(pk=house.pk).update(is_house_user=True)
    with pytest.raises(CannotMergeError, match="A house user stands for an account"):
        merged(annie, house)
    with pytest.raises(CannotMergeError, match="one record already"):
        merged(annie, annie)
    merged(annie, ann)
    with pytest.raises(CannotMergeError, match="merged or removed meanwhile"):
        merged(annie, ann)
    assert ChangeSet.objects.filter(kind=ChangeKind.MERGE).count() == 1


def test_a_contact_without_a_customer_gets_the_others(acme, ann):
    stray = contact(None, "Ann", "Osei", "a.osei@acme.example")
    merged(stray, ann)
    assert Contact.objects.get().customer == acme


def test_customers_become_one_with_their_people_and_invoices(acme):
    shop = customer("77", "ACME Fabrication Inc.", city="Austin", phone="555 010 2000")
    branch = customer("78", "Branch")
    Customer.objects.filter(pk=branch.pk).update(parent=shop)
    person = contact(shop, "Bea", "Zeller", "bea@acme.example")
    Invoice.objects.create(customer=shop, number="1", number_key="1")
    before = snapshot()
    done = merge_customers(
        keep=acme.pk, gone=shop.pk, sides={"phone": Side.GONE, "name": Side.KEEP}, actor=None
    )
    acme.refresh_from_db()
    person.refresh_from_db()
    branch.refresh_from_db()
    assert (acme.name, acme.phone) == ("Acme Fabrication", "555 010 2000")
    assert (person.customer, branch.parent, Invoice.objects.get().customer) == (acme, acme, acme)
    assert Contact.objects.search("acme-1").get() == person
    assert list(Customer.objects.order_by("pk")) == [acme, branch]
    undo(change_set=done, actor=None)
    assert snapshot() == before
    assert Contact.objects.search("77").get() == person


def test_people_of_merged_customers_are_compared_as_colleagues(acme):
    shop = customer("77", "ACME Fabrication Inc.")
    Customer.objects.filter(pk=shop.pk).update(numbering="shop")
    one = contact(acme, "Bea", "Zeller", "bea@acme.example")
    other = contact(shop, "Bea", "Zeller", "bea@acme.example")
    pairs = Duplicate.objects.open(Entity.CONTACT)
    assert not pairs.get().certain
    done = merge_customers(keep=acme.pk, gone=shop.pk, sides={}, actor=None)
    assert (pairs.get().ids, pairs.get().certain) == ((one.pk, other.pk), True)
    undo(change_set=done, actor=None)
    assert not pairs.get().certain


def test_a_parent_merged_into_its_own_branch_leaves_no_circle(acme):
    parent = customer("P", "Parent")
    Customer.objects.filter(pk=acme.pk).update(parent=parent)
    before = snapshot()
    done = merge_customers(keep=acme.pk, gone=parent.pk, sides={}, actor=None)
    acme.refresh_from_db()
    assert acme.parent is None
    undo(change_set=done, actor=None)
    assert snapshot() == before


def test_the_proposed_values_are_the_better_ones(annie, ann):
    Contact.objects.filter(pk=annie.pk).update(email_status="invalid")
    Contact.objects.filter(pk=ann.pk).update(email_status="ok")
    keep, gone = survivor_of(Entity.CONTACT, ann.pk, annie.pk)
    assert (keep, gone) == (annie.pk, ann.pk)
    assert sides_of(Entity.CONTACT, keep, gone, Prefer.SOURCES) == {
        "email": Side.GONE, "first_name": Side.KEEP, "job_title": Side.KEEP,
        "phone": Side.KEEP, "sms_number": Side.GONE,
    }  # fmt: skip


def test_the_two_are_proposed_again_after_the_undo(annie, ann):
    pairs = Duplicate.objects.open(Entity.CONTACT)
    assert [pair.ids for pair in pairs] == [(annie.pk, ann.pk)]
    done = merged(annie, ann)
    assert not pairs.all().exists()
    undo(change_set=done, actor=None)
    assert [pair.ids for pair in pairs.all()] == [(annie.pk, ann.pk)]


def test_what_was_called_two_is_not_proposed_again_also_through_a_merge(acme, annie, ann):
    third = contact(acme, "Annie", "Osei", "third@acme.example", phone="555 012 4417")
    pair = Duplicate.objects.get(contact=ann, other_contact=third)
    keep_apart(pair=pair, actor=None)
    match_contacts(ids=[ann.pk, third.pk])
    assert ann.pk not in {key for row in Duplicate.objects.open(Entity.CONTACT) for key in row.ids
                          if third.pk in row.ids}  # fmt: skip
    Duplicate.objects.filter(contact=annie, other_contact=third).delete()
    merged(annie, ann)
    ids = [row.ids for row in Duplicate.objects.open(Entity.CONTACT)]
    assert (annie.pk, third.pk) not in ids
