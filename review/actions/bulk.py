"""Decide about many findings at once: everything alike, everything sure, a whole filter."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from contacts.actions.changes import open_change_set
from contacts.models import ChangeSet
from contacts.rules.words import ChangeKind
from jobs.models import Job
from jobs.queue import enqueue
from review.actions import asking, deciding
from review.actions.asking import Asked, CannotAskError
from review.actions.deciding import Decided, NothingToDecideError
from review.querysets.queue import QueueFilter, queue
from review.rules.alike import domain_pair, is_alike
from validation.models import Finding
from validation.querysets import FindingQuerySet

AT_ONCE = 200


@dataclass(frozen=True)
class Act:
    """A decision that can be made about many at once, and how a job names it."""

    verb: Callable[..., Decided]
    label: str


ACTS: dict[str, Act] = {
    "accept": Act(deciding.accept, "Accept {} suggestions"),
    "keep": Act(deciding.keep, "Keep {} as they are"),
    "unknown": Act(deciding.mark_unknown, "Mark {} as wrong, right ones not known"),
    "clear": Act(deciding.clear, "Clear {} addresses"),
    "ask": Act(partial(asking.ask, whom=Asked.SALES_REP), "Ask the sales reps about {}"),
}


def alike(*, finding: Finding, user: User) -> list[Finding]:
    """This will give every open finding that is the same mistake, the given one first."""
    pair = domain_pair(finding.value, finding.suggestion)
    if pair is None:
        return [finding]
    others = (
        queue(QueueFilter(), user)
        .filter(
            code=finding.code,
            value__iendswith=f"@{pair[0]}",
            suggestion__iendswith=f"@{pair[1]}",
        )
        .exclude(pk=finding.pk)
        .select_related("contact")
        .order_by("pk")
    )
    return [finding, *(row for row in others if is_alike(pair, row.value, row.suggestion))]


def certain(*, confidence: float, source: str | None = None) -> QuerySet[Finding]:
    """This will give the open findings whose suggestion is at least that sure."""
    rows = Finding.objects.open().certain(confidence).filter(contact__active=True)
    if source:
        rows = rows.filter(contact__records__source__name=source).distinct()
    return rows.select_related("contact").order_by("pk")


@dataclass(frozen=True)
class Sliced:
    """What one slice of a filter came to; `after` is where the next one begins."""

    after: int
    done: Decided | None = None


def decide_filter_later(*, act: str, wanted: QueueFilter, actor: User, count: int) -> Job:
    """This will decide about a whole filter as a background job, with progress and cancel."""
    return enqueue(
        "review.decide_filter",
        payload={"act": act, "filter": asdict(wanted)},
        actor=actor,
        label=ACTS[act].label.format(f"{count:,}"),
        total=count,
    )


def rows_for(act: str, wanted: QueueFilter, actor: User) -> FindingQuerySet:
    """This will give what of a filter can be decided like that."""
    rows = queue(wanted, actor)
    return rows.with_suggestion() if act == "accept" else rows


def decide_filter(  # noqa: PLR0913 - a slice of a job and where it stands
    *,
    act: str,
    wanted: QueueFilter,
    actor: User,
    after: int,
    limit: int,
    label: str,
    into: ChangeSet | None,
) -> Sliced | None:
    """This will decide about the next `limit` findings of a filter; nothing when none is left.

    `into` is the change set of the slices before, `label` names it when this is the first.
    """
    found = rows_for(act, wanted, actor).filter(pk__gt=after).order_by("pk")
    rows = list(found.select_related("contact__customer")[:limit])
    if not rows:
        return None
    last = rows[-1].pk
    try:
        with transaction.atomic():
            change_set = into or open_change_set(kind=ChangeKind.BULK, label=label, actor=actor)
            return Sliced(last, ACTS[act].verb(findings=rows, actor=actor, into=change_set))
    except (NothingToDecideError, CannotAskError):
        return Sliced(last)


def read_filter(values: dict[str, object]) -> QueueFilter:
    """This will read a filter back from a job's payload."""

    def many(name: str) -> tuple[str, ...]:
        found = values.get(name)
        return tuple(str(item) for item in found) if isinstance(found, Iterable) else ()

    return QueueFilter(
        problem=str(values.get("problem", "")),
        certainty=many("certainty"),
        reps=many("reps"),
        matters=many("matters"),
        words=str(values.get("words", "")),
        mine=bool(values.get("mine")),
    )
