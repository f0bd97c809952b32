"""What is answered waits as a proposal; taking it over is a correction like every other."""

import pytest

from contacts.actions.importing import keep_layouts, source_named
from contacts.actions.proposals import Giver, Said, propose
from contacts.models import AddressFact, Contact, Proposal, SourceRecord
from contacts.rules.words import ProposalKind, ProposalSource
from erp.models import WriteBackLine
from review.actions import answers, asking, deciding
from review.actions.asking import Asked
from review.models import Question
from review.querysets.queue import QueueFilter, queue
from tests.review.conftest import finding_of, open_codes
from validation.models import Decision, Finding

pytestmark = pytest.mark.django_db
K = ProposalKind


@pytest.fixture
def typo(add):
    return add(("Tom", "Reddy", "tom.reddy@gmial.com"))[0]


@pytest.fixture
def answered(typo, reviewer):
    """Asks the rep about the typo, and lets him answer."""

    def answered(said):
        finding = Finding.objects.open().filter(contact=typo)
        asking.ask(findings=finding, whom=Asked.SALES_REP, actor=reviewer)
        return answers.answer(question=Question.objects.get(), said=said)

    return answered


@pytest.fixture
def imported():
    """Says that a contact came from a source, with the address it has now."""

    def imported(contact):
        told = {"columns": [{"header": "Email", "field": "contact.email"}],
                "told": {"contact": ["email"]}}  # fmt: skip
        source = keep_layouts(source=source_named(name="erp"), layouts={"contact": told})
        SourceRecord.objects.create(
            source=source,
            entity="contact",
            key="48000",
            own_id="48000",
            base={"email": contact.email},
            contact=contact,
        )

    return imported


def contact_of(row):
    return Contact.objects.get(pk=row.pk)


def states():
    return list(Proposal.objects.order_by("pk").values_list("kind", "state"))


def test_an_answer_changes_nothing_until_staff_take_it_over(answered, typo, reviewer):
    proposal = answered(Said(K.CHANGE, {"email": "tom@harbor.example.com"}))
    assert contact_of(typo).email == "tom.reddy@gmial.com"
    assert (proposal.source, proposal.given_by, proposal.via, proposal.seen) == (
        "rep",
        "rep@ours.example",
        "Questions by email",
        {"email": "tom.reddy@gmial.com"},
    )
    assert not queue(QueueFilter(), reviewer).exists()


def test_taking_an_address_over_corrects_confirms_and_closes(answered, typo, reviewer):
    proposal = answered(Said(K.CHANGE, {"email": "tom@harbor.example.com"}))
    done = answers.accept(proposals=[proposal], actor=reviewer)
    assert (done.count, done.left, done.contacts) == (1, 0, [typo.pk])
    assert contact_of(typo).email == "tom@harbor.example.com"
    fact = AddressFact.objects.get(address_key="tom@harbor.example.com")
    assert (fact.confirmed_at is not None, fact.confirmed_by) == (True, "sales rep")
    assert list(Decision.objects.values_list("code", "kind")) == [
        ("domain_typo_wellknown", "corrected")
    ]
    assert list(Question.objects.values_list("outcome", flat=True)) == ["settled"]
    assert states() == [("change", "accepted")]


def test_undo_brings_value_answer_question_and_doubt_back(answered, typo, reviewer):
    proposal = answered(Said(K.CHANGE, {"email": "tom@harbor.example.com"}))
    done = answers.accept(proposals=[proposal], actor=reviewer)
    deciding.undo(change_set=done.change_set, actor=reviewer)
    assert contact_of(typo).email == "tom.reddy@gmial.com"
    assert states() == [("change", "open")]
    assert Question.objects.open().count() == 1
    assert AddressFact.objects.get(address_key="tom@harbor.example.com").confirmed_at is None
    assert open_codes(typo) == ["domain_typo_wellknown"]


def test_right_as_it_is_keeps_the_value_and_confirms_it(answered, typo, reviewer):
    answers.accept(proposals=[answered(Said(K.RIGHT))], actor=reviewer)
    assert open_codes(typo) == []
    row = contact_of(typo)
    assert (row.email, row.email_status) == ("tom.reddy@gmial.com", "confirmed")


def test_has_left_makes_the_contact_inactive_and_adds_who_follows(answered, typo, reviewer):
    who = {"first_name": "Bo", "last_name": "Ray", "email": "bo.ray@harbor.example.com"}
    answers.accept(proposals=[answered(Said(K.LEFT, person=who))], actor=reviewer)
    assert contact_of(typo).active is False
    new = Contact.objects.get(email="bo.ray@harbor.example.com")
    assert (new.customer_id, new.name) == (typo.customer_id, "Bo Ray")


def test_somebody_else_is_added_once(answered, add, typo, reviewer):
    add(("Bo", "Ray", "bo.ray@harbor.example.com"))
    who = {"last_name": "Bo Ray", "email": "BO.RAY@harbor.example.com"}
    answers.accept(proposals=[answered(Said(K.PERSON, person=who))], actor=reviewer)
    assert Contact.objects.count() == 2
    assert contact_of(typo).active is True
    assert not queue(QueueFilter(), reviewer).exists()


def test_no_email_empties_the_field_and_is_not_asked_again(answered, typo, reviewer):
    answers.accept(proposals=[answered(Said(K.NO_EMAIL))], actor=reviewer)
    row = contact_of(typo)
    assert (row.email, row.email_status) == ("", "missing")
    assert not queue(QueueFilter(), reviewer).exists()


def test_an_answer_put_aside_brings_the_finding_back(answered, typo, reviewer):
    proposal = answered(Said(K.RIGHT))
    done = answers.refuse(proposals=[proposal], actor=reviewer)
    assert finding_of(typo) in queue(QueueFilter(), reviewer)
    assert states() == [("right", "refused")]
    deciding.undo(change_set=done.change_set, actor=reviewer)
    assert states() == [("right", "open")]
    assert not queue(QueueFilter(), reviewer).exists()


def test_who_does_not_know_leaves_nothing_to_take_over(answered, reviewer):
    proposal = answered(Said(K.UNKNOWN))
    with pytest.raises(deciding.NothingToDecideError):
        answers.accept(proposals=[proposal], actor=reviewer)
    assert states() == [("unknown", "open")]


def test_a_second_answer_takes_the_place_of_the_first(answered, reviewer):
    answered(Said(K.UNKNOWN))
    answers.answer(question=Question.objects.get(), said=Said(K.LEFT))
    assert states() == [("unknown", "superseded"), ("left", "open")]


def test_a_contact_that_changed_since_is_not_overwritten(typo, reviewer):
    giver = Giver(ProposalSource.PORTAL, "Tom", "user:1", "Their details")
    said = Said(K.CHANGE, {"email": "t@harbor.example.com"})
    proposal = propose(said=said, giver=giver, contact=typo)
    deciding.correct(contact=typo, value="tom@gmail.com", seen=typo.email, actor=None)
    with pytest.raises(deciding.NothingToDecideError):
        answers.accept(proposals=[proposal], actor=reviewer)
    assert contact_of(typo).email == "tom@gmail.com"
    assert states() == [("change", "open")]


def test_several_changes_of_one_person_become_one_proposal(typo):
    giver = Giver(ProposalSource.PORTAL, "Tom", "user:1", "Their details")
    propose(said=Said(K.CHANGE, {"phone": "555"}), giver=giver, contact=typo)
    last = propose(said=Said(K.CHANGE, {"fax": "556"}), giver=giver, contact=typo)
    assert last.values == {"phone": "555", "fax": "556"}
    assert states() == [("change", "superseded"), ("change", "open")]


def test_somebody_unknown_becomes_a_contact(customers, reviewer):
    giver = Giver(ProposalSource.TOUCHPOINT, "Till 3", "till-3", "Checkout")
    who = {"last_name": "Poe", "email": "poe@harbor.example.com"}
    said = Said(K.PERSON, person=who)
    proposal = propose(said=said, giver=giver, contact=None, customer=customers[1])
    answers.accept(proposals=[proposal], actor=reviewer)
    assert Contact.objects.get().customer == customers[1]


def test_what_was_taken_over_goes_back_to_the_erp(answered, typo, reviewer, imported):
    imported(typo)
    proposal = answered(Said(K.CHANGE, {"email": "tom@harbor.example.com"}))
    answers.accept(proposals=[proposal], actor=reviewer)
    lines = WriteBackLine.objects.values_list("contact_id", "field", "new", "state")
    assert list(lines) == [(typo.pk, "email", "tom@harbor.example.com", "to_export")]


def test_staff_who_decided_first_leave_nothing_to_answer(answered, typo, reviewer):
    answered(Said(K.UNKNOWN))
    question = Question.objects.get()
    deciding.correct(contact=typo, value="tom@gmail.com", seen=typo.email, actor=reviewer)
    with pytest.raises(answers.ClosedError):
        answers.answer(question=question, said=Said(K.LEFT))
    assert states() == [("unknown", "superseded")]
