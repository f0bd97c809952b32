"""The long work on duplicates: look through the base in slices, and merge what is certain."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from contacts.actions.changes import open_change_set
from contacts.actions.matching import match_contacts, match_customers
from contacts.actions.merging import CannotMergeError, merge_contacts, merge_customers
from contacts.actions.parties import sides_of, survivor_of
from contacts.models import ChangeSet, Contact, Customer, Duplicate
from contacts.rules.choosing import Prefer
from contacts.rules.words import ChangeKind, Entity
from jobs.models import Job
from jobs.queue import AlreadyRunningError, enqueue, save_progress
from jobs.registry import Work
from jobs.rules.state import JobState

SEARCH, MERGE = "contacts.match", "contacts.merge_certain"
CUSTOMERS, CONTACTS, LOOSE = PHASES = ("customers", "contacts", "loose")
CHUNK, BRIEF_CHUNK = 1_000, 150
# A change that was written while the last search ended may have been committed after it.
SLACK = timedelta(minutes=15)


def search_later(*, actor: User | None, everything: bool = False) -> Job | None:
    """This will have rows looked at that changed since the last search, or all of them.

    Nothing when a search is under way already.
    """
    since = None if everything else _last_search()
    try:
        return enqueue(
            SEARCH,
            payload={"since": since.isoformat() if since else ""},
            actor=actor,
            label="Look for duplicates",
            singleton=SEARCH,
        )
    except AlreadyRunningError:
        return None


def search_slice(work: Work) -> bool:
    """This will look at the next customers, then at contacts customer by customer."""
    since = parse_datetime(work.payload.get("since", "")) if work.payload.get("since") else None
    work.result.setdefault("until", timezone.now().isoformat())
    if not work.total:
        work.total = sum(_rows(phase, since).count() for phase in PHASES)
    while work.time_left() > 0 and not work.is_cancelled():
        phase = work.cursor.setdefault("phase", PHASES[0])
        with transaction.atomic():
            if not _next(phase, since, work):
                if phase == PHASES[-1]:
                    return True
                work.cursor = {"phase": PHASES[PHASES.index(phase) + 1]}
            save_progress(work)
        work.give_way()
    return False


def merge_certain_later(*, entity: Entity, actor: User) -> Job:
    """This will have all certain pairs merged that the person may see.

    Raises AlreadyRunningError.
    """
    waiting = Duplicate.objects.open(entity).visible_to(actor, entity).filter(certain=True)
    return enqueue(
        MERGE,
        payload={"entity": entity.value},
        actor=actor,
        label=f"Merge certain duplicates among {entity}s",
        singleton=f"{MERGE}.{entity}",
        total=waiting.count(),
    )


def merge_certain_slice(work: Work, actor: User) -> bool:
    """This will merge the next certain pairs, all into one change set that can be undone."""
    entity = Entity(work.payload["entity"])
    while work.time_left() > 0 and not work.is_cancelled():
        after = int(work.cursor.get("after", 0))
        waiting = Duplicate.objects.open(entity).visible_to(actor, entity).filter(certain=True)
        pair = waiting.filter(pk__gt=after).order_by("pk").first()
        if pair is None:
            return True
        with transaction.atomic():
            change_set = _change_set_of(work, entity, actor)
            work.done += merge_pair(pair=pair, actor=actor, into=change_set)
            work.cursor["after"] = pair.pk
            work.result = {"merged": work.done, "change_set": change_set.pk}
            save_progress(work)
        work.give_way()
    return False


@transaction.atomic
def merge_pair(*, pair: Duplicate, actor: User | None, into: ChangeSet | None = None) -> int:
    """This will merge a pair as the program would choose; gives how many were merged: 0 or 1."""
    entity = Entity(pair.entity)
    keep, gone = survivor_of(entity, *pair.ids)
    merge: Any = merge_contacts if entity is Entity.CONTACT else merge_customers
    try:
        sides = sides_of(entity, keep, gone, Prefer.SOURCES)
        merge(keep=keep, gone=gone, sides=sides, actor=actor, into=into)
    except CannotMergeError:
        return 0
    return 1


def _last_search() -> datetime | None:
    done = Job.objects.filter(name=SEARCH, state=JobState.DONE).order_by("-created_at").first()
    until = parse_datetime(str(done.result.get("until", ""))) if done else None
    return until - SLACK if until else None


def _rows(phase: str, since: datetime | None) -> Any:  # noqa: ANN401 - a queryset of either table
    rows: Any = Customer.objects.all()
    if phase != CUSTOMERS:
        rows = Contact.objects.filter(customer__isnull=phase == LOOSE)
    return rows.filter(updated_at__gte=since) if since else rows


def _next(phase: str, since: datetime | None, work: Work) -> bool:
    """This will look at the next rows of a phase; false when none is left.

    Contacts come customer by customer, so that colleagues are read once.
    """
    after = work.cursor.get("after", 0)
    by = "customer_id" if phase == CONTACTS else "pk"
    rows = _rows(phase, since).filter(**{f"{by}__gt": after}).order_by(by)
    size = BRIEF_CHUNK if work.is_brief else CHUNK
    keys: list[tuple[int, int]] = list(rows.values_list(by, "pk")[:size])
    if not keys:
        return False
    last = keys[-1][0]
    ids = [pk for _by, pk in keys]
    if phase == CONTACTS:
        rest = _rows(phase, since).filter(customer=last).exclude(pk__in=ids)
        ids += list(rest.values_list("pk", flat=True))
    work.message = f"Looking at {'customers' if phase == CUSTOMERS else 'contacts'}"
    found = match_customers(ids=ids) if phase == CUSTOMERS else match_contacts(ids=ids)
    work.result["new"] = work.result.get("new", 0) + found.new
    work.done += len(ids)
    work.cursor["after"] = last
    return True


def _change_set_of(work: Work, entity: Entity, actor: User) -> ChangeSet:
    """This will give the one change set of a job, opened with its first pair."""
    known = ChangeSet.objects.filter(pk=int(work.cursor.get("change_set", 0))).first()
    if known is None:
        label = f"Merged certain duplicates among {entity}s"
        known = open_change_set(kind=ChangeKind.MERGE, label=label, actor=actor)
        work.cursor["change_set"] = known.pk
    return known
