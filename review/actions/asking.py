"""Ask the sales rep, customer success or the customer about contacts; take a question back.

Colleagues get one mail for all that is asked of them (see `digests`); a customer gets his at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contacts.actions.changes import open_change_set
from contacts.actions.proposals import settle_proposals
from contacts.models import ChangeSet, Contact
from contacts.rules.normalise import address_key
from contacts.rules.words import ChangeKind, EmailStatus
from core.audit import record
from core.models import Configuration
from delivery.actions.outbox import enqueue_single
from delivery.merge import rep_email, rep_name
from delivery.rules.addresses import is_one_address
from delivery.rules.states import Purpose
from review.actions.deciding import Decided
from review.models import Question, Respondent
from review.rules import texts
from validation.models import Finding

Asked = Question.Asked
Outcome = Question.Outcome
CHECK = "check"
CANNOT_ARRIVE = (EmailStatus.MISSING, EmailStatus.INVALID, EmailStatus.BOUNCED)
CONFIRM_KIND = "confirm_address"


class CannotAskError(ValueError):
    """Nobody can be asked; the sentence says why and what to do."""


@dataclass(frozen=True)
class Doubt:
    """What is asked: of which contact, which field, what stands there and why it is doubted."""

    contact: Contact
    code: str = CHECK
    field: str = "email"
    value: str = ""
    suggestion: str = ""
    reason: str = ""


def ask(
    *, findings: Iterable[Finding], whom: str, actor: User | None, into: ChangeSet | None = None
) -> Decided:
    """This will ask about findings; they leave the queue until there is an answer.

    Those about which somebody is asked already, or for whom nobody can be asked, are left.
    `into` goes on with a change set. Raises CannotAskError when none is asked.
    """
    doubts = [_doubt_of(row) for row in findings]
    return ask_about(doubts=doubts, whom=whom, actor=actor, into=into)


@transaction.atomic
def ask_about(
    *,
    doubts: Sequence[Doubt],
    whom: str,
    actor: User | None,
    note: str = "",
    into: ChangeSet | None = None,
) -> Decided:
    """This will ask about contacts, each in one question; as `ask`."""
    contacts = sorted({doubt.contact.pk for doubt in doubts})
    # Two people who ask about one contact at the same time come one after the other.
    list(Contact.objects.select_for_update(of=("self",)).filter(pk__in=contacts).order_by("pk"))
    change_set = into or open_change_set(kind=ChangeKind.REVIEW, label="Asked", actor=actor)
    done, why = Decided(change_set), ""
    asked: list[Question] = []
    for doubt in doubts:
        try:
            asked.append(_open(doubt, whom, actor, note, change_set))
        except CannotAskError as refusal:
            done.left += 1
            why = why or str(refusal)
    if not asked:
        raise CannotAskError(why or "Nothing is left to ask about.")
    if into is None:
        change_set.label = _label(asked)[:200]
        change_set.save(update_fields=["label"])
    done.count = len(asked)
    done.contacts = [question.contact_id for question in asked]
    return done


@transaction.atomic
def withdraw_questions(*, questions: Sequence[Question], actor: User | None) -> int:
    """This will take back questions that nobody has answered yet, and say how many."""
    keys = [question.pk for question in questions]
    count = (
        Question.objects.open()
        .filter(pk__in=keys, answered_at=None)
        .update(closed_at=timezone.now(), outcome=Outcome.WITHDRAWN)
    )
    if count:
        record(actor=actor, verb="withdrew", entity="question", facts={"count": count})
    return count


def respondent_for(*, address: str, name: str) -> Respondent:
    """This will give the one page of a colleague, known by his address; a new one if need be."""
    key = address_key(address)
    known, made = Respondent.objects.get_or_create(
        address_key=key, defaults={"address": address, "name": name[:120]}
    )
    if not made and name and known.name != name:
        known.name = name[:120]
        known.save(update_fields=["name"])
    return known


def mail_customer(*, question: Question, reminder: bool = False) -> None:
    """This will ask a customer by the link in a message of his own. Raises CannotAskError."""
    contact = question.contact
    if contact.email_status in CANNOT_ARRIVE or not is_one_address(contact.email_repaired):
        message = f"{contact} has no address that mail can reach. Ask the sales rep instead."
        raise CannotAskError(message)
    text = texts.confirm(reminder=reminder)
    enqueue_single(
        purpose=Purpose.DATA_REQUEST,
        kind=CONFIRM_KIND,
        address=contact.email_repaired,
        subject=text.subject,
        body=text.body,
        contact=contact,
        dedupe_key=f"question:{question.pk}:{question.reminders + reminder}",
    )


def _open(
    doubt: Doubt, whom: str, actor: User | None, note: str, change_set: ChangeSet
) -> Question:
    """This will open a question, or name somebody for one that nobody was named for."""
    question = _free_question(doubt)
    question.asked, question.note = whom, note[:250]
    question.respondent = _colleague(doubt.contact, whom)
    question.asked_at = timezone.now()
    question.opened_by, question.change_set = actor, change_set
    question.save()
    if whom == Asked.CUSTOMER:
        mail_customer(question=question)
        question.mailed_at = timezone.now()
        question.save(update_fields=["mailed_at"])
    return question


def _free_question(doubt: Doubt) -> Question:
    """This will give the question to ask with; nobody is asked twice about the same thing."""
    known = (
        Question.objects.open()
        .select_for_update(of=("self",))
        .filter(contact=doubt.contact, field=doubt.field)
        .first()
    )
    if known is None:
        return Question(
            contact=doubt.contact,
            code=doubt.code,
            field=doubt.field,
            value=doubt.value,
            suggestion=doubt.suggestion,
            reason=doubt.reason[:250],
        )
    if known.asked and not known.answered_at:
        message = f"{doubt.contact}: {whom_words(known)} is asked already. Withdraw that first."
        raise CannotAskError(message)
    if known.answered_at:
        settle_proposals(proposal_ids=[known.proposal_id] if known.proposal_id else [])
    known.proposal, known.answered_at, known.mailed_at = None, None, None
    known.reminders, known.reminded_at, known.escalated_at = 0, None, None
    return known


def whom_words(question: Question) -> str:
    """This will name who is asked."""
    if question.respondent_id and question.respondent:
        return str(question.respondent)
    return "the customer" if question.asked == Asked.CUSTOMER else "nobody"


def _colleague(contact: Contact, whom: str) -> Respondent | None:
    """This will give the colleague to ask. Raises CannotAskError when none is known."""
    if whom == Asked.CUSTOMER:
        return None
    if whom == Asked.SUCCESS:
        address = Configuration.load().success_email
        if not address:
            message = "No address of customer success is set. Enter it under Settings."
            raise CannotAskError(message)
        return respondent_for(address=address, name="Customer success")
    customer = contact.customer
    address = rep_email(customer) if customer else ""
    if customer is None or not is_one_address(address):
        message = (
            f"{customer or contact} has no sales rep with an email address. Ask somebody else, or"
            " enter the rep on the customer's page."
        )
        raise CannotAskError(message)
    return respondent_for(address=address, name=rep_name(customer))


def _doubt_of(row: Finding) -> Doubt:
    reason = row.evidence.partition("\n")[0]
    return Doubt(row.contact, row.code, row.field, row.value, row.suggestion, reason)


def _label(asked: Sequence[Question]) -> str:
    if len(asked) == 1:
        return f"Asked {whom_words(asked[0])} about {asked[0].contact}"
    return f"Asked about {len(asked):,} contacts"
