"""What a decision changes, what it remembers, and that it can be taken back."""

import pytest

from contacts.models import ChangeSet, Contact
from jobs.queue import run_now
from review import tasks
from review.actions import bulk, deciding
from review.actions.bulk import decide_filter_later
from review.models import Question
from review.querysets.queue import QueueFilter, facet_counts, queue
from tests.review.conftest import finding_of, open_codes
from validation.actions.checking import check_contacts
from validation.models import Decision

pytestmark = pytest.mark.django_db


@pytest.fixture
def typo(add):
    return add(("Dana", "Whitfield", "dana.whitfield@gmial.com"))[0]


def decided(contact):
    rows = Decision.objects.filter(contact=contact).order_by("pk")
    return list(rows.values_list("code", "value", "kind"))


def address_of(contact):
    return Contact.objects.get(pk=contact.pk).email


def test_accepting_puts_the_suggestion_in_place_and_remembers_it(typo, reviewer):
    done = deciding.accept(findings=[finding_of(typo)], actor=reviewer)
    assert (done.count, done.left, done.contacts) == (1, 0, [typo.pk])
    assert address_of(typo) == "dana.whitfield@gmail.com"
    assert decided(typo) == [("domain_typo_wellknown", "dana.whitfield@gmial.com", "accepted")]
    assert open_codes(typo) == []


def test_undo_brings_value_finding_and_question_back_to_before(typo, reviewer):
    done = deciding.accept(findings=[finding_of(typo)], actor=reviewer)
    undone = deciding.undo(change_set=done.change_set, actor=reviewer)
    assert (undone.restored, undone.removed, undone.skipped) == (1, 0, 0)
    assert address_of(typo) == "dana.whitfield@gmial.com"
    assert decided(typo) == []
    assert finding_of(typo).suggestion == "dana.whitfield@gmail.com"


def test_undo_leaves_what_was_edited_since(typo, reviewer):
    done = deciding.accept(findings=[finding_of(typo)], actor=reviewer)
    deciding.correct(
        contact=Contact.objects.get(pk=typo.pk),
        value="dana@harbor.example.com",
        seen="dana.whitfield@gmail.com",
        actor=reviewer,
    )
    undone = deciding.undo(change_set=done.change_set, actor=reviewer)
    assert (undone.restored, undone.skipped) == (0, 1)
    assert address_of(typo) == "dana@harbor.example.com"


def test_kept_values_stay_out_of_the_queue_at_the_next_check(typo, reviewer):
    deciding.keep(findings=[finding_of(typo)], actor=reviewer)
    check_contacts(contact_ids=[typo.pk])
    assert open_codes(typo) == []
    assert address_of(typo) == "dana.whitfield@gmial.com"


def test_a_kept_value_is_asked_about_again_when_it_becomes_another(typo, reviewer):
    deciding.keep(findings=[finding_of(typo)], actor=reviewer)
    deciding.correct(contact=typo, value="dana.whitfield@gmal.com", seen=typo.email, actor=reviewer)
    assert finding_of(typo).suggestion == "dana.whitfield@gmail.com"


def test_wrong_but_not_known_opens_one_question(typo, reviewer):
    deciding.mark_unknown(findings=[finding_of(typo)], actor=reviewer)
    questions = Question.objects.open().values_list("contact_id", "code", "opened_by_id")
    assert list(questions) == [(typo.pk, "domain_typo_wellknown", reviewer.pk)]
    assert open_codes(typo) == []
    with pytest.raises(deciding.NothingToDecideError):
        deciding.mark_unknown(findings=queue(QueueFilter(), reviewer), actor=reviewer)


def test_undoing_wrong_but_not_known_withdraws_the_question(typo, reviewer):
    done = deciding.mark_unknown(findings=[finding_of(typo)], actor=reviewer)
    deciding.undo(change_set=done.change_set, actor=reviewer)
    assert not Question.objects.exists()
    assert finding_of(typo)


def test_the_right_address_closes_the_question(typo, reviewer):
    deciding.mark_unknown(findings=[finding_of(typo)], actor=reviewer)
    deciding.correct(contact=typo, value="dana@gmail.com", seen=typo.email, actor=reviewer)
    assert not Question.objects.open().exists()


def test_clearing_empties_a_placeholder(add, reviewer):
    contact = add(("Sam", "Poe", "none@none.com"))[0]
    deciding.clear(findings=[finding_of(contact)], actor=reviewer)
    fresh = Contact.objects.get(pk=contact.pk)
    assert (fresh.email, fresh.email_status) == ("", "missing")


def test_people_who_left_become_inactive(typo, reviewer):
    deciding.mark_left(findings=[finding_of(typo)], actor=reviewer)
    assert Contact.objects.get(pk=typo.pk).active is False


@pytest.mark.parametrize("typed", ["dana", "dana@", "@gmail.com", "a@b@gmail.com", "dana@gmail"])
def test_what_is_no_address_is_not_kept(typo, reviewer, typed):
    with pytest.raises(deciding.NoAddressError):
        deciding.correct(contact=typo, value=typed, seen=typo.email, actor=reviewer)
    assert address_of(typo) == "dana.whitfield@gmial.com"


def test_a_colleague_who_was_faster_is_not_overwritten(typo, reviewer):
    deciding.correct(contact=typo, value="dana@gmail.com", seen=typo.email, actor=None)
    with pytest.raises(deciding.OvertakenError) as overtaken:
        deciding.correct(contact=typo, value="other@gmail.com", seen=typo.email, actor=reviewer)
    assert overtaken.value.now == "dana@gmail.com"
    assert address_of(typo) == "dana@gmail.com"


def test_a_suggestion_for_a_value_that_has_changed_is_left(typo, reviewer):
    stale = finding_of(typo)
    deciding.correct(contact=typo, value="dana@gmail.com", seen=typo.email, actor=None)
    done = deciding.accept(findings=[stale], actor=reviewer)
    assert (done.count, done.left) == (0, 1)
    assert address_of(typo) == "dana@gmail.com"


def test_everything_alike_is_the_same_mistake_and_nothing_else(add, reviewer):
    first, second, other = add(
        ("Ann", "Lee", "ann.lee@gmial.com"),
        ("Bo", "Ray", "bo.ray@gmial.com"),
        ("Cy", "Poe", "cy.poe@hotmial.com"),
    )
    rows = bulk.alike(finding=finding_of(first), user=reviewer)
    assert [row.contact_id for row in rows] == [first.pk, second.pk]
    deciding.accept(findings=rows, actor=reviewer)
    assert [address_of(contact) for contact in (first, second, other)] == [
        "ann.lee@gmail.com",
        "bo.ray@gmail.com",
        "cy.poe@hotmial.com",
    ]


def decide_all(act, actor, count):
    wanted = QueueFilter(problem="typo")
    return run_now(decide_filter_later(act=act, wanted=wanted, actor=actor, count=count))


@pytest.mark.parametrize(
    ("act", "kind", "domain"),
    [
        ("accept", "accepted", "gmail.com"),
        ("keep", "kept", "gmial.com"),
        ("unknown", "unknown", "gmial.com"),
        ("clear", "cleared", ""),
    ],
)
def test_a_whole_filter_is_one_change_set_however_many_slices_it_takes(
    add, reviewer, monkeypatch, act, kind, domain
):
    monkeypatch.setattr(tasks, "AT_ONCE", 2)
    contacts = add(*((f"P{n}", "Lee", f"p{n}.lee@gmial.com") for n in range(5)))
    job = decide_all(act, reviewer, 5)
    assert (job.state, job.done) == ("done", 5)
    assert {address_of(contact).rpartition("@")[2] for contact in contacts} == {domain}
    rows = Decision.objects.filter(contact__in=contacts)
    assert set(rows.values_list("change_set", "kind")) == {(job.result["change_set"], kind)}
    deciding.undo(change_set=ChangeSet.objects.get(pk=job.result["change_set"]), actor=reviewer)
    assert {address_of(contact).rpartition("@")[2] for contact in contacts} == {"gmial.com"}
    assert queue(QueueFilter(problem="typo"), reviewer).count() == 5


def test_asking_about_a_whole_filter_leaves_whom_nobody_can_be_asked_about(
    add, reviewer, monkeypatch
):
    monkeypatch.setattr(tasks, "AT_ONCE", 2)
    add(*((f"P{n}", "Lee", f"p{n}.lee@gmial.com") for n in range(3)))
    alone = add(*((f"Q{n}", "Ray", f"q{n}.ray@gmial.com") for n in range(3)), customer=1)
    job = decide_all("ask", reviewer, 6)
    assert (job.state, job.done) == ("done", 3)
    left = queue(QueueFilter(), reviewer).order_by("contact_id")
    assert [row.contact_id for row in left] == [contact.pk for contact in alone]


def test_clearing_leaves_a_value_that_was_changed_since(typo, reviewer):
    row = finding_of(typo)
    deciding.correct(contact=typo, value="dana@gmail.com", seen=typo.email, actor=None)
    done = deciding.clear(findings=[row], actor=reviewer)
    assert (done.count, done.left) == (0, 1)
    assert address_of(typo) == "dana@gmail.com"


def test_matters_most_can_be_who_is_to_be_invited(add, reviewer):
    first, second = add(("Ann", "Lee", "ann.lee@gmial.com"), ("Bo", "Ray", "bo.ray@gmial.com"))
    Contact.objects.filter(pk=second.pk).update(invite=False)
    rows = queue(QueueFilter(matters=("invite",)), reviewer)
    assert [row.contact_id for row in rows] == [first.pk]
    assert facet_counts(QueueFilter(problem="typo"), reviewer)["invite"] == 1


def test_a_sales_rep_sees_findings_of_own_accounts_only(add, people):
    own = add(("Ann", "Lee", "ann.lee@gmial.com"))[0]
    add(("Bo", "Ray", "bo.ray@gmial.com"), customer=1)
    seen = queue(QueueFilter(), people["rep"]).values_list("contact_id", flat=True)
    assert list(seen) == [own.pk]
    assert queue(QueueFilter(), people["reviewer"]).count() == 2
