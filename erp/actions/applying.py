"""Carry an import out: customers, then the people, then invoices, whatever order the files had.

Every chunk is one transaction that ends with the cursor, and takes only rows that differ from
their record: stopped anywhere and started again, the result is that of one clean run.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, Model, Q
from django.utils import timezone

from accounts.models import User
from contacts.actions.bulk import refresh_statistics, update_rows
from contacts.actions.changes import open_change_set
from contacts.actions.importing import keep_layouts
from contacts.actions.searching import search_later
from contacts.models import Contact, Customer, Invoice, SourceRecord
from contacts.rules.words import ChangeKind, Entity
from core.audit import record
from erp.actions import carrying, families, generals, marking, own_lists, proving
from erp.actions.arriving import bring
from erp.actions.deciding import Decision, decide
from erp.actions.kept import REFUSED, matched_of
from erp.models import Import, StagedRow
from erp.rules import mapping
from erp.rules.states import ImportState, RowOutcome
from jobs.models import Job
from jobs.queue import cancel, enqueue, save_progress
from jobs.registry import Work
from jobs.rules.state import JobState

CHUNK, BRIEF_CHUNK = 5_000, 150
COMPARED = 2_000
MANY = 200
REMOVED, BRIEFLY_REMOVED = 10_000, 2_000
OF_ENTITY: dict[Entity, tuple[type[Model], ...]] = {
    Entity.CUSTOMER: (Customer,),
    Entity.CONTACT: (Contact,),
    Entity.INVOICE: (Invoice,),
}
AGAIN, CUSTOMERS, PARENTS, CONTACTS, GENERALS, INVOICES, PROVEN, FINISH, CLEAN = PHASES = (
    "again",
    "customers",
    "parents",
    "contacts",
    "generals",
    "invoices",
    "proven",
    "finish",
    "clean",
)
CARRIED = {CUSTOMERS: Entity.CUSTOMER, CONTACTS: Entity.CONTACT, INVOICES: Entity.INVOICE}
MESSAGES = {
    AGAIN: "Comparing with what is here",
    CUSTOMERS: "Saving customers",
    PARENTS: "Linking branches",
    CONTACTS: "Saving contacts",
    GENERALS: "Looking at general addresses",
    INVOICES: "Saving invoices",
    PROVEN: "Looking which corrections have arrived",
    FINISH: "Counting",
    CLEAN: "Tidying up",
}


class NotPreviewedError(ValueError):
    """The import is not ready: it has not been read yet, or was applied already."""


def stage(*, run: Import, actor: User | None, worker: Mapping[str, object] | None = None) -> Job:
    """This will start reading the files in the background. Raises NotPreviewedError when late."""
    with transaction.atomic():
        waiting = Import.objects.filter(pk=run.pk).filter(
            Q(state__in=[ImportState.UPLOADED, ImportState.PREVIEWED])
            | Q(state=ImportState.MAPPED, job__state__in=[JobState.FAILED, JobState.CANCELLED])
        )
        if not waiting.update(state=ImportState.MAPPED):
            raise NotPreviewedError
        run.refresh_from_db()
        run.staged.all().delete()
        run.rows.all().delete()
        for facts in run.files:
            if facts["status"] != REFUSED:
                facts |= {"status": "waiting", "rows": 0, "skipped": 0, "entities": {}}
        run.job = enqueue(
            "erp.stage",
            payload={"import": run.pk, **(worker or {})},
            actor=actor,
            label=f"Reading {run}",
        )
        # What the rows are compared with; applying looks again when it is something else by then.
        run.counts = {"marks": Import.objects.exclude(pk=run.pk).marks(run.source)}
        run.save(update_fields=["files", "counts", "job"])
    return run.job


@transaction.atomic
def apply(
    *,
    run: Import,
    actor: User | None,
    create_customers: bool = True,
    complete: bool | None = None,
    worker: Mapping[str, object] | None = None,
) -> Job:
    """This will start applying a previewed import; its changes are one change set.

    `complete` says whether the files hold every record; without a word what was said before, or
    the numbers, decide. `worker` names the process that does it, when that is no worker's.
    Raises NotPreviewedError, or AlreadyRunningError when another import of the source runs.
    """
    started = Import.objects.filter(pk=run.pk, state=ImportState.PREVIEWED).update(
        state=ImportState.RUNNING,
        create_customers=create_customers,
        complete=run.complete if complete is None else complete,
    )
    if not started:
        raise NotPreviewedError
    run.refresh_from_db()
    run.change_set = open_change_set(
        kind=ChangeKind.IMPORT, label=f"Import of {run}", actor=actor, source=run.source
    )
    return _start(run, actor, worker)


@transaction.atomic
def go_on(*, run: Import, actor: User | None) -> Job:
    """This will go on with an import whose job gave up. Raises NotPreviewedError for another.

    Only what differs from what is here is done, so nothing is done twice.
    """
    if run.job is None or run.job.state != JobState.FAILED:
        raise NotPreviewedError
    if run.state == ImportState.MAPPED:
        return stage(run=run, actor=actor)
    if run.state != ImportState.RUNNING:
        raise NotPreviewedError
    return _start(run, actor)


def _start(run: Import, actor: User | None, worker: Mapping[str, object] | None = None) -> Job:
    run.job = enqueue(
        "erp.apply",
        payload={"import": run.pk, **(worker or {})},
        actor=actor,
        label=f"Importing {run}",
        singleton=f"erp.source.{run.source_id}",
        total=run.staged.to_do().count() + run.staged.count(),
    )
    run.save(update_fields=["change_set", "job"])
    return run.job


def work_on(work: Work) -> bool:
    """This will apply an import for one slice; true when all is done."""
    run = Import.objects.select_related("source", "change_set").get(pk=work.payload["import"])
    if run.state not in (ImportState.RUNNING, ImportState.CANCELLED, *_ENDED):
        return True
    while work.time_left() > 0:
        if work.is_cancelled() and not work.cursor.get("stops"):
            _wind_up(run, work)
        phase = work.cursor.setdefault("phase", PHASES[0])
        work.message = MESSAGES[phase]
        if phase == FINISH:
            marking.tally(run=run)
        if phase in CARRIED:
            work.cursor["next"] = _next_rows(run, CARRIED[phase], work)
        with transaction.atomic():
            if _STEPS[phase](run, work):
                if phase == PHASES[-1]:
                    return True
                work.cursor = _following(work.cursor, phase)
            save_progress(work)
        work.give_way()
    return False


def _following(cursor: dict[str, Any], phase: str) -> dict[str, Any]:
    """This will give the place after a phase; after the last word of a stopped import, tidying."""
    if cursor.get("stops") and phase == GENERALS:
        return {"phase": CLEAN, "stops": True}
    stops = {"stops": True} if cursor.get("stops") else {}
    return {"phase": PHASES[PHASES.index(phase) + 1], **stops}


def _wind_up(run: Import, work: Work) -> None:
    """This will let an import end early, but whole: what is in lacks nothing that a row tells.

    No more rows come in. The customers that did still get their general contacts; branches are
    linked when the rest comes. Near its end an import is not stopped any more.
    """
    phase = work.cursor.get("phase", PHASES[0])
    is_last = phase == INVOICES and not _next_rows(run, Entity.INVOICE, work)
    if phase in _NEARLY_DONE or is_last:
        work.cursor["stops"] = True
        return
    until = {"until": work.cursor.get("pk", 0)} if phase in (AGAIN, CUSTOMERS) else {}
    if phase == GENERALS:
        work.cursor["stops"] = True
    else:
        first = CLEAN if phase == INVOICES else GENERALS
        work.cursor = {"phase": first, "stops": True, **until}
    run.state, run.applied_at = ImportState.CANCELLED, run.applied_at or timezone.now()
    run.save(update_fields=["state", "applied_at"])


@transaction.atomic
def stop(*, run: Import) -> None:
    """This will stop an import that is read or runs; what was done so far can be undone."""
    if run.job is not None:
        cancel(run.job)
    Import.objects.filter(pk=run.pk, state__in=[ImportState.MAPPED, ImportState.RUNNING]).update(
        state=ImportState.CANCELLED, applied_at=timezone.now()
    )
    run.refresh_from_db()


def _carry(carry: Callable[..., None], entity: Entity, run: Import, work: Work) -> bool:
    """This will bring in and carry out the next chunk of an entity; true when none is left."""
    pks = work.cursor.pop("next", [])
    if not pks:
        return True
    brought = bring(run=run, entity=entity, start=pks[0], end=pks[-1])
    chunk = run.staged.to_do().filter(pk__range=(pks[0], pks[-1]), entity=entity)
    rows = list(chunk.exclude(outcome=RowOutcome.NEW).order_by("pk"))
    for start in range(0, len(rows), COMPARED):
        _compare(carry, run, rows[start : start + COMPARED])
    if "pk" not in work.cursor and brought > MANY:
        # A table that was empty a moment ago: without this PostgreSQL reads it whole for each row.
        refresh_statistics(SourceRecord, *OF_ENTITY[entity])
    work.cursor["pk"] = pks[-1]
    work.done += len(pks)
    return False


def _compare(carry: Callable[..., None], run: Import, rows: Sequence[StagedRow]) -> None:
    """This will decide rows field by field and carry out what was decided."""
    decisions = decide(run=run, rows=rows)
    carry(run=run, decisions=decisions)
    _keep_outcomes(rows, decisions)
    if any(one.refused for one in decisions):
        run.save(update_fields=["files"])


def _look_again(run: Import, work: Work) -> bool:
    """This will compare rows anew when another import has come between; true when all were seen."""
    if "pk" not in work.cursor:
        now = Import.objects.exclude(pk=run.pk).marks(run.source)
        if now == run.counts.get("marks"):
            return True
    ends = run.staged.aggregate(first=Min("pk"), last=Max("pk"))
    start, last = max(work.cursor.get("pk", 0) + 1, ends["first"] or 0), ends["last"]
    if last is None or start > last:
        return True
    work.cursor["pk"] = min(start + _chunk(work) - 1, last)
    marking.mark_again(run=run, start=start, end=work.cursor["pk"])
    return False


def _next_rows(run: Import, entity: Entity, work: Work) -> list[int]:
    """This will find the next rows to do. It may read many others, so no lock is held meanwhile."""
    rows = run.staged.to_do().filter(entity=entity, pk__gt=work.cursor.get("pk", 0))
    return list(rows.order_by("pk").values_list("pk", flat=True)[: _chunk(work)])


def _chunk(work: Work) -> int:
    return BRIEF_CHUNK if work.is_brief else CHUNK


def _keep_outcomes(rows: Sequence[StagedRow], decisions: Sequence[Decision]) -> None:
    """This will note on staged rows what was done, where it is not what the preview said."""
    changed = []
    for row, one in zip(rows, decisions, strict=True):
        if (row.outcome, row.details) != (one.done, one.details):
            row.outcome, row.details = one.done, one.details
            changed.append(row)
    update_rows(StagedRow, changed, ["outcome", "details"])


def _finish(run: Import, _work: Work) -> bool:
    errors = run.counts["errors"]
    run.state = ImportState.COMPLETED_WITH_ERRORS if errors else ImportState.COMPLETED
    run.save(update_fields=["files", "counts", "state"])
    keep_layouts(source=run.source, layouts=_layouts(run), mappings=_mappings(run))
    search_later(actor=run.actor)
    record(
        actor=run.actor,
        verb="imported",
        entity="import",
        entity_id=run.pk,
        label=str(run),
        facts=run.counts["entities"],
    )
    return True


def _layouts(run: Import) -> dict[str, object]:
    """This will give how the files were laid out, by entity; corrections go out the same way."""
    return {
        facts["entity"]: {
            "columns": facts["columns"],
            "told": facts["told"],
            "separator": facts["table"]["separator"],
            "format": facts["format"],
            "file": facts["name"],
        }
        for facts in reversed(run.files)
        if facts["status"] != REFUSED and not own_lists.is_ours(facts)
    }


def _mappings(run: Import) -> dict[str, object]:
    """This will give how columns were matched, under the heads of the file, for the next time.

    What a person chose, unless it was for this once; and what was found out by itself, so that
    the next export of another size is read the same way.
    """
    found: dict[str, object] = {}
    for facts in run.files:
        by_hand = facts.get("by_hand", False)
        wanted = facts.get("remember", True) if by_hand else facts["mapping"] == mapping.GENERIC
        if facts["status"] == REFUSED or not wanted or own_lists.is_ours(facts):
            continue
        told = mapping.remember(matched_of(facts), None if by_hand else int(facts["rows"]))
        found[mapping.headers_key(facts["table"]["headers"])] = told
    return found


def clean(run: Import, work: Work) -> bool:
    """This will remove the next staged rows; true when none is left."""
    first = run.staged.order_by("pk").values_list("pk", flat=True)[:1]
    keys = list(first)
    if not keys:
        return True
    most = BRIEFLY_REMOVED if work.is_brief else REMOVED
    removed, _ = run.staged.filter(pk__lt=keys[0] + most).delete()
    work.done += removed
    return False


_NEARLY_DONE = (PROVEN, FINISH, CLEAN)
_ENDED = (ImportState.COMPLETED, ImportState.COMPLETED_WITH_ERRORS)
_STEPS: dict[str, Callable[[Import, Work], bool]] = {
    AGAIN: _look_again,
    CUSTOMERS: partial(_carry, carrying.customers, Entity.CUSTOMER),
    PARENTS: families.link,
    CONTACTS: partial(_carry, carrying.contacts, Entity.CONTACT),
    GENERALS: generals.look_at,
    INVOICES: partial(_carry, carrying.invoices, Entity.INVOICE),
    PROVEN: proving.prove,
    FINISH: _finish,
    CLEAN: clean,
}
