"""Questions that need no answer any more, and those that come back when a decision is undone."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from contacts.actions.facts import forget_confirmations
from contacts.actions.proposals import reopen_proposals, settle_proposals
from contacts.models import AddressFact, ChangeSet
from contacts.rules.normalise import address_key
from review.models import Question
from validation.models import Decision

Asked = Question.Asked
Outcome = Question.Outcome
CHUNK = 500
NAMES = frozenset({"first_name", "middle_name", "last_name"})


@transaction.atomic
def settle(*, contact_ids: Iterable[int], fields: Iterable[str] = ("email", "name")) -> int:
    """This will close the questions about contacts that need no answer any more."""
    rows = Question.objects.open().filter(contact__in=list(contact_ids), field__in=list(fields))
    answers = [row.proposal_id for row in rows if row.proposal_id]
    settle_proposals(proposal_ids=answers)
    return rows.update(closed_at=timezone.now(), outcome=Outcome.SETTLED)


def settle_changed(*, contact_ids: Iterable[int], fields: Iterable[str]) -> int:
    """This will close questions about values that were changed or confirmed in another way."""
    names = set(fields)
    asked = {"email"} if names & {"email", "active"} else set()
    asked |= {"name"} if names & (NAMES | {"active"}) else set()
    keys = sorted(contact_ids)
    count = 0
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        if asked:
            count += settle(contact_ids=some, fields=asked)
        if "address_fact" in names:
            count += settle(contact_ids=_confirmed(some), fields=["email"])
    return count


@transaction.atomic
def take_back(*, change_set: ChangeSet) -> None:
    """This will undo what an act has asked. What was mailed already cannot be unsaid."""
    for question in Question.objects.open().filter(change_set=change_set):
        wrong = Decision.objects.filter(
            contact=question.contact_id, code=question.code, kind=Decision.Kind.UNKNOWN
        )
        if question.asked and wrong.exclude(change_set=change_set).exists():
            Question.objects.filter(pk=question.pk).update(
                asked=Asked.NOBODY, respondent=None, asked_at=None, mailed_at=None
            )
        elif question.mailed_at:
            Question.objects.filter(pk=question.pk).update(
                closed_at=timezone.now(), outcome=Outcome.WITHDRAWN
            )
        else:
            question.delete()


@transaction.atomic
def reopen(*, change_set: ChangeSet) -> None:
    """This will bring answers and their questions back after the decision about them was undone."""
    opened = reopen_proposals(change_set=change_set)
    if not opened:
        return
    said = {row.values.get("email") or row.seen.get("email", "") for row in opened}
    keys = {address_key(address) for address in said if address}
    forget_confirmations(address_keys=keys, at=change_set.created_at)
    other = Question.objects.open().filter(contact=OuterRef("contact"), field=OuterRef("field"))
    rows = Question.objects.filter(proposal__in=opened, outcome=Outcome.SETTLED)
    rows.filter(~Exists(other)).update(closed_at=None, outcome=Outcome.OPEN)


def _confirmed(contact_ids: list[int]) -> list[int]:
    """This will keep contacts whose address was confirmed since they were asked about."""
    waiting = Question.objects.open().filter(contact__in=contact_ids, field="email")
    fact = AddressFact.objects.filter(
        Q(bounced_at=None) | Q(bounced_at__lt=F("confirmed_at")),
        address_key=OuterRef("contact__address_key"),
        confirmed_at__gte=OuterRef("opened_at"),
    )
    return list(waiting.filter(Exists(fact)).values_list("contact_id", flat=True))
