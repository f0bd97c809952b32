"""What colleagues and customers answer, and what staff make of it."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contacts.actions.changes import open_change_set
from contacts.actions.facts import Fact, record_facts
from contacts.actions.proposals import (
    Giver,
    Said,
    accept_proposals,
    propose,
    refuse_proposals,
    settle_proposals,
)
from contacts.models import ChangeSet, Contact, Proposal
from contacts.rules.normalise import address_key
from contacts.rules.words import ChangeKind, ProposalKind, ProposalSource
from delivery.actions.suppressing import confirm_address
from delivery.models import Message
from review.actions.deciding import Decided, NothingToDecideError
from review.actions.settling import settle
from review.models import Question
from review.rules.answers import by_whom
from validation.actions.deciding import Verdict, decide
from validation.models import Decision, Finding

Kind = Decision.Kind
CONFIRM_PAGE = "Confirm link"
REPLY_PAGE = "Questions by email"
# What a person decides about the findings of the contact when such an answer is accepted.
DECIDES = {
    ProposalKind.CHANGE: Kind.CORRECTED,
    ProposalKind.RIGHT: Kind.KEPT,
    ProposalKind.NO_EMAIL: Kind.CLEARED,
    ProposalKind.LEFT: Kind.LEFT,
    ProposalKind.PERSON: Kind.UNKNOWN,
}
NAMES = ("first_name", "last_name")


class ClosedError(ValueError):
    """The question needs no answer any more."""


@transaction.atomic
def answer(*, question: Question, said: Said) -> Proposal:
    """This will keep a colleague's answer, in place of the one he gave before.

    Raises ClosedError when staff have decided meanwhile.
    """
    now: Question | None = (
        Question.objects.open()
        .select_for_update(of=("self",))
        .filter(pk=question.pk, respondent=question.respondent_id)
        .first()
    )
    respondent = question.respondent
    if now is None or respondent is None:
        raise ClosedError
    # A contact's address and name may be asked about apart: each has an answer of its own.
    giver = Giver(
        source=ProposalSource.REP
        if now.asked == Question.Asked.SALES_REP
        else ProposalSource.SUCCESS,
        name=str(respondent),
        key=f"{respondent.address_key} {now.field}",
        via=REPLY_PAGE,
    )
    if now.proposal_id:
        settle_proposals(proposal_ids=[now.proposal_id])
    proposal = propose(said=said, giver=giver, contact=question.contact)
    now.proposal, now.answered_at = proposal, timezone.now()
    now.save(update_fields=["proposal", "answered_at"])
    return proposal


@transaction.atomic
def customer_answers(*, message: Message, said: Said) -> Proposal | None:
    """This will keep what the reader of a message says of himself; nothing without a contact."""
    contact = message.contact
    if contact is None:
        return None
    giver = _customer(message, contact)
    proposal = propose(said=said, giver=giver, contact=contact)
    Question.objects.open().filter(
        contact=contact, field="email", asked=Question.Asked.CUSTOMER
    ).update(proposal=proposal, answered_at=timezone.now())
    return proposal


@transaction.atomic
def customer_confirms(*, message: Message) -> None:
    """This will note that the reader of a message calls its address right.

    What he had proposed before is settled, and so are questions about his address.
    """
    confirm_address(message=message)
    contact = message.contact
    if contact is None:
        return
    giver = _customer(message, contact)
    earlier = Proposal.objects.open().filter(
        contact=contact, source=giver.source, given_key=giver.key
    )
    settle_proposals(proposal_ids=list(earlier.values_list("pk", flat=True)))
    settle(contact_ids=[contact.pk], fields=["email"])


@transaction.atomic
def accept(*, proposals: Sequence[Proposal], actor: User | None) -> Decided:
    """This will take over what was answered, as one change set that can be undone.

    Answers are left whose contact has changed since, and those that say nothing. Raises
    NothingToDecideError when that leaves none.
    """
    rows = [row for row in proposals if row.kind != ProposalKind.UNKNOWN]
    change_set = open_change_set(
        kind=ChangeKind.REVIEW if len(rows) == 1 else ChangeKind.BULK,
        label=_label("Taken over", rows),
        actor=actor,
    )
    _remember(rows, change_set, actor)
    done = accept_proposals(proposals=rows, change_set=change_set, actor=actor)
    if not done.taken:
        raise NothingToDecideError
    taken = {row.contact_id for row in done.taken}
    late = [row.contact_id for row in done.left if row.contact_id and row.contact_id not in taken]
    Decision.objects.filter(change_set=change_set, contact_id__in=late).delete()
    _confirm(done.taken, change_set)
    _leave_without_email(done.taken, change_set, actor)
    for row in done.taken:
        if row.contact_id:
            settle(contact_ids=[row.contact_id], fields=_asked_fields(row))
    contacts = sorted({row.contact_id for row in done.taken if row.contact_id})
    return Decided(change_set, count=len(done.taken), left=len(proposals) - len(done.taken),
                   contacts=contacts)  # fmt: skip


@transaction.atomic
def refuse(*, proposals: Sequence[Proposal], actor: User | None) -> Decided:
    """This will put answers aside; what was found about the contacts is open again.

    Raises NothingToDecideError when somebody was faster.
    """
    change_set = open_change_set(
        kind=ChangeKind.REVIEW, label=_label("Not taken over", proposals), actor=actor
    )
    count = refuse_proposals(proposals=proposals, actor=actor, change_set=change_set)
    if not count:
        raise NothingToDecideError
    Question.objects.open().filter(proposal__in=proposals).update(
        closed_at=timezone.now(), outcome=Question.Outcome.SETTLED
    )
    contacts = sorted({row.contact_id for row in proposals if row.contact_id})
    return Decided(change_set, count=count, left=len(proposals) - count, contacts=contacts)


def _customer(message: Message, contact: Contact) -> Giver:
    return Giver(
        source=ProposalSource.CUSTOMER,
        name=contact.name or message.address,
        key=message.address_key,
        via=CONFIRM_PAGE,
    )


def _remember(rows: Iterable[Proposal], change_set: ChangeSet, actor: User | None) -> None:
    """This will decide about the findings that an answer speaks of, before the values change."""
    by_contact: dict[int, Proposal] = {}
    for row in rows:
        if row.contact_id is not None:
            by_contact[row.contact_id] = row
    verdicts = []
    for found in Finding.objects.open().filter(contact__in=by_contact):
        answered = by_contact[found.contact_id]
        if found.field in _asked_fields(answered):
            kind = DECIDES[ProposalKind(answered.kind)]
            verdicts.append(Verdict(found.contact_id, found.code, found.value, kind))
    if verdicts:
        decide(verdicts=verdicts, actor=actor, change_set=change_set, recheck=_keeps(rows))


def _keeps(rows: Iterable[Proposal]) -> bool:
    """This will say whether an answer among these changes no value, so that nothing else checks."""
    return any(row.kind in (ProposalKind.RIGHT, ProposalKind.PERSON) for row in rows)


def _confirm(rows: Iterable[Proposal], change_set: ChangeSet) -> None:
    """This will note as proven which addresses a person who knows calls right."""
    facts = []
    for row in rows:
        if row.kind == ProposalKind.RIGHT and "email" in _asked_fields(row):
            address = row.seen.get("email", "")
        else:
            address = row.values.get("email", "")
        if address:
            key = address_key(address)
            facts.append(Fact(key, "confirmed_at", change_set.created_at, by_whom(row.source)))
    record_facts(facts=facts)


def _leave_without_email(
    rows: Iterable[Proposal], change_set: ChangeSet, actor: User | None
) -> None:
    """This will keep people who have no address out of the queue: that is known now."""
    nobody = [row.contact_id for row in rows if row.kind == ProposalKind.NO_EMAIL]
    verdicts = [Verdict(key, "missing", "", Kind.KEPT) for key in nobody if key]
    if verdicts:
        decide(verdicts=verdicts, actor=actor, change_set=change_set)


def _asked_fields(row: Proposal) -> tuple[str, ...]:
    """This will say what an answer is about: the address, the name, or the person as such."""
    if row.kind == ProposalKind.LEFT:
        return ("email", "name")
    if row.kind == ProposalKind.RIGHT:
        return ("name",) if row.given_key.endswith(" name") else ("email",)
    about_name = any(name in row.values for name in NAMES)
    about_email = "email" in row.values or not about_name
    return ("email",) * about_email + ("name",) * about_name


def _label(words: str, rows: Sequence[Proposal]) -> str:
    if len(rows) != 1:
        return f"{words}: {len(rows):,} answers"
    row = rows[0]
    return f"{words}, {row.given_by or 'an answer'}: {row.contact or row.customer or row.via}"
