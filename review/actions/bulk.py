"""Decide about many findings at once: everything alike, everything sure, a whole filter."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from django.db.models import QuerySet

from accounts.models import User
from contacts.models import ChangeSet
from jobs.models import Job
from jobs.queue import enqueue
from review.actions.deciding import Decided, accept
from review.querysets.queue import QueueFilter, queue
from review.rules.alike import domain_pair, is_alike
from validation.models import Finding

AT_ONCE = 200


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


def accept_filter_later(*, wanted: QueueFilter, actor: User, count: int) -> Job:
    """This will accept a whole filter as a background job, with progress and cancel."""
    return enqueue(
        "review.accept_filter",
        payload={"filter": asdict(wanted)},
        actor=actor,
        label=f"Accepting {count:,} suggestions",
        total=count,
    )


def accept_filter(
    *, wanted: QueueFilter, actor: User, limit: int, label: str, into: ChangeSet | None
) -> Decided | None:
    """This will accept the next `limit` suggestions of a filter; nothing when none is left.

    `into` is the change set of the slices before, `label` names it when this is the first.
    """
    rows: Sequence[Finding] = list(
        queue(wanted, actor).with_suggestion().select_related("contact").order_by("pk")[:limit]
    )
    if not rows:
        return None
    return accept(findings=rows, actor=actor, label=label, into=into)


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
