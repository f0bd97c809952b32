"""Who is asked about what, what is mailed, how often, and what is taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact, Customer
from core.models import Configuration
from delivery.models import Message
from review.actions import asking, deciding, digests
from review.actions.asking import Asked, CannotAskError, Doubt
from review.models import Question, Respondent
from review.querysets.queue import QueueFilter, queue
from tests.review.conftest import finding_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def configured():
    Configuration.objects.update(
        success_email="success@ours.example",
        escalation_email="boss@ours.example",
        question_days=4,
        question_reminders=2,
    )


@pytest.fixture
def contacts(add):
    return add(("Anne", "Jones", ""), ("Tom", "Reddy", "tom.reddy@gmial.com"), ("Kim", "Del", ""))


def ask(contacts, whom=Asked.SALES_REP, actor=None):
    return asking.ask(findings=map(finding_of, contacts), whom=whom, actor=actor)


def mails():
    rows = Message.objects.order_by("created_at")
    return list(rows.values_list("purpose", "kind", "address", "subject"))


def later(**passed):
    return timezone.now() + timedelta(**passed)


def test_what_was_asked_leaves_the_queue_and_waits_for_the_rep(contacts, reviewer):
    done = ask(contacts[:2], actor=reviewer)
    assert (done.count, done.left, done.change_set.label) == (2, 0, "Asked about 2 contacts")
    left = queue(QueueFilter(), reviewer).values_list("contact_id", flat=True)
    assert list(left) == [contacts[2].pk]
    rows = Question.objects.unanswered().order_by("pk")
    assert list(rows.values_list("contact_id", "asked", "respondent__address", "suggestion")) == [
        (contacts[0].pk, "rep", "rep@ours.example", ""),
        (contacts[1].pk, "rep", "rep@ours.example", "tom.reddy@gmail.com"),
    ]


def test_a_rep_gets_one_mail_for_all_that_is_asked_once_its_author_paused(contacts, reviewer):
    for contact in contacts:
        ask([contact], actor=reviewer)
    assert digests.send_due(now=later(minutes=5)) == 0
    assert digests.send_due(now=later(minutes=11)) == 1
    assert digests.send_due(now=later(minutes=12)) == 0
    assert mails() == [
        ("internal", "questions", "rep@ours.example", "3 contacts: which address is right?")
    ]


def test_the_mail_names_no_contact_and_holds_the_link(contacts, reviewer):
    Customer.objects.update(sales_rep_name="[CompanyName](https://evil.example)")
    ask(contacts[:1], actor=reviewer)
    digests.send_due(now=later(minutes=11))
    text = Message.objects.get().text
    assert "Jones" not in text
    assert "](https://evil.example" not in text
    assert f"/questions/{Respondent.objects.get().pk}-1-" in text


def test_nobody_is_asked_twice_about_the_same_thing(contacts, reviewer):
    ask(contacts[:1], actor=reviewer)
    with pytest.raises(CannotAskError, match="is asked already"):
        ask(contacts[:1], actor=reviewer)
    done = ask(contacts[:2], actor=reviewer)
    assert (done.count, done.left) == (1, 1)
    assert Question.objects.count() == 2


def test_nobody_is_asked_where_no_rep_is_known(add, reviewer):
    contact = add(("Sam", "Poe", ""), customer=1)[0]
    with pytest.raises(CannotAskError, match="no sales rep with an email address"):
        ask([contact], actor=reviewer)
    assert not Question.objects.exists()
    assert finding_of(contact) in queue(QueueFilter(), reviewer)


def test_customer_success_is_asked_at_its_address_in_the_settings(contacts, reviewer, configured):
    ask(contacts[:1], Asked.SUCCESS, reviewer)
    question = Question.objects.get()
    assert (question.asked, str(question.respondent)) == ("success", "Customer success")


def test_without_an_address_customer_success_cannot_be_asked(contacts, reviewer):
    with pytest.raises(CannotAskError, match="Enter it under Settings"):
        ask(contacts[:1], Asked.SUCCESS, reviewer)


def test_a_customer_is_asked_by_a_mail_of_his_own(add, reviewer):
    contact = add(("Priya", "Raman", "priya@harbor.example.com"))[0]
    asking.ask_about(doubts=[Doubt(contact)], whom=Asked.CUSTOMER, actor=reviewer)
    message = Message.objects.get()
    assert (message.purpose, message.kind, message.address, message.contact) == (
        "data_request",
        "confirm_address",
        "priya@harbor.example.com",
        contact,
    )
    assert "/confirm/" in message.text
    assert "Hello Priya Raman" in message.text


def test_a_customer_without_an_address_cannot_be_asked(contacts, reviewer):
    with pytest.raises(CannotAskError, match="has no address that mail can reach"):
        ask(contacts[:1], Asked.CUSTOMER, reviewer)
    assert not Message.objects.exists()


def test_reminders_come_after_days_and_end_then_somebody_else_is_asked(
    contacts, reviewer, configured
):
    ask(contacts[:1], actor=reviewer)
    assert digests.send_due(now=later(minutes=11)) == 1
    assert digests.send_due(now=later(days=3)) == 0
    assert digests.send_due(now=later(days=4, hours=1)) == 1
    assert digests.send_due(now=later(days=8, hours=2)) == 1
    assert digests.send_due(now=later(days=12, hours=1)) == 0
    question = Question.objects.get()
    assert (question.reminders, question.escalated_at) == (2, None)
    assert digests.send_due(now=later(days=12, hours=3)) == 0
    assert digests.send_due(now=later(days=12, hours=4)) == 1
    question.refresh_from_db()
    assert (question.escalated_from, question.respondent.address, question.asked) == (
        "rep@ours.example",
        "boss@ours.example",
        "success",
    )
    assert [(address, subject) for _, _, address, subject in mails()] == [
        ("rep@ours.example", "1 contact: which address is right?"),
        ("rep@ours.example", "Reminder: 1 contact: which address is right?"),
        ("rep@ours.example", "Reminder: 1 contact: which address is right?"),
        ("boss@ours.example", "1 contact: which address is right?"),
    ]


def test_a_customer_is_reminded_by_the_same_rules(add, reviewer, configured):
    contact = add(("Priya", "Raman", "priya@harbor.example.com"))[0]
    asking.ask_about(doubts=[Doubt(contact)], whom=Asked.CUSTOMER, actor=reviewer)
    assert digests.send_due(now=later(days=5)) == 1
    assert digests.send_due(now=later(days=5, hours=1)) == 0
    assert [subject for *_, subject in mails()] == [
        "Your company: is this still the right address?",
        "Reminder: Your company: is this still the right address?",
    ]


def test_undo_takes_a_question_back_before_it_was_mailed(contacts, reviewer):
    done = ask(contacts[:1], actor=reviewer)
    deciding.undo(change_set=done.change_set, actor=reviewer)
    assert not Question.objects.exists()
    assert finding_of(contacts[0]) in queue(QueueFilter(), reviewer)


def test_undo_after_the_mail_withdraws_and_the_contact_waits_again(contacts, reviewer):
    done = ask(contacts[:1], actor=reviewer)
    digests.send_due(now=later(minutes=11))
    deciding.undo(change_set=done.change_set, actor=reviewer)
    assert Question.objects.get().outcome == "withdrawn"
    assert finding_of(contacts[0]) in queue(QueueFilter(), reviewer)


def test_undoing_who_was_asked_leaves_that_the_right_one_is_not_known(contacts, reviewer):
    deciding.mark_unknown(findings=[finding_of(contacts[1])], actor=reviewer)
    doubt = Doubt(contacts[1], value=contacts[1].email)
    done = asking.ask_about(doubts=[doubt], whom=Asked.SALES_REP, actor=reviewer)
    assert Question.objects.get().asked == "rep"
    deciding.undo(change_set=done.change_set, actor=reviewer)
    assert list(Question.objects.open().values_list("asked", "respondent")) == [("", None)]


def test_a_withdrawn_question_brings_the_contact_back(contacts, reviewer):
    ask(contacts[:1], actor=reviewer)
    assert asking.withdraw_questions(questions=Question.objects.all(), actor=reviewer) == 1
    assert asking.withdraw_questions(questions=Question.objects.all(), actor=reviewer) == 0
    assert finding_of(contacts[0]) in queue(QueueFilter(), reviewer)


def test_an_address_that_is_corrected_anywhere_closes_the_question(contacts, reviewer):
    ask(contacts[:2], actor=reviewer)
    contact = Contact.objects.get(pk=contacts[1].pk)
    deciding.correct(contact=contact, value="tom@x.example.com", seen=contact.email, actor=None)
    rows = Question.objects.order_by("pk").values_list("contact_id", "outcome")
    assert list(rows) == [(contacts[0].pk, ""), (contacts[1].pk, "settled")]


def test_an_account_that_changes_hands_takes_its_questions_from_the_rep(contacts, reviewer):
    ask(contacts[:1], actor=reviewer)
    respondent = Respondent.objects.get()
    since = timezone.now() - timedelta(days=14)
    assert Question.objects.on_page_of(respondent, since).count() == 1
    Customer.objects.update(sales_rep_email="new@ours.example")
    assert Question.objects.on_page_of(respondent, since).count() == 0
