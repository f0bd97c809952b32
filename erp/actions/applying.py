"""Carry an import out: customers, then the people, then invoices, whatever order the files had.

Every chunk is one transaction that ends with the cursor, and takes only rows that differ from
their record: stopped anywhere and started again, the result is that of one clean run.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from accounts.models import User
from contacts.actions.bulk import refresh_statistics, update_rows
from contacts.actions.changes import open_change_set
from contacts.actions.importing import keep_layouts
from contacts.models import Contact, Customer, Invoice, SourceRecord
from contacts.rules.words import ChangeKind, Entity
from core.audit import record
from erp.actions import carrying, generals, marking, settling
from erp.actions.deciding import Decision, decide
from erp.actions.receiving import REFUSED, matched_of
from erp.models import Import, StagedRow
from erp.rules import mapping
from erp.rules.states import ImportState
from jobs.models import Job
from jobs.queue import cancel, enqueue, save_progress
from jobs.registry import Work
from jobs.rules.state import JobState

CHUNK, BRIEF_CHUNK = 2_000, 250
MANY = 200
REMOVED = 5_000
OF_ENTITY: dict[Entity, tuple[type[Model], ...]] = {
    Entity.CUSTOMER: (Customer,),
    Entity.CONTACT: (Contact,),
    Entity.INVOICE: (Invoice,),
}
CUSTOMERS, PARENTS, CONTACTS, GENERALS, INVOICES, PROVEN, FINISH, CLEAN = PHASES = (
    "customers",
    "parents",
    "contacts",
    "generals",
    "invoices",
    "proven",
    "finish",
    "clean",
)
MESSAGES = {
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
        run.save(update_fields=["files", "job"])
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
        total=run.staged.counted().unlike_records(run.source).count(),
    )
    run.save(update_fields=["change_set", "job"])
    return run.job


def work_on(work: Work) -> bool:
    """This will apply an import for one slice; true when all is done."""
    run = Import.objects.select_related("source", "change_set").get(pk=work.payload["import"])
    if run.state not in (ImportState.RUNNING, *_ENDED):
        return True
    while work.time_left() > 0 and not work.is_cancelled():
        phase = work.cursor.setdefault("phase", PHASES[0])
        work.message = MESSAGES[phase]
        if phase == FINISH:
            marking.tally(run=run)
        with transaction.atomic():
            if _STEPS[phase](run, work):
                if phase == PHASES[-1]:
                    return True
                work.cursor = {"phase": PHASES[PHASES.index(phase) + 1]}
            save_progress(work)
        work.give_way()
    return False


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
    """This will decide and carry out the next chunk of an entity; true when none is left."""
    rows = list(
        run.staged.counted()
        .unlike_records(run.source)
        .filter(entity=entity, pk__gt=work.cursor.get("pk", 0))
        .order_by("pk")[: BRIEF_CHUNK if work.is_brief else CHUNK]
    )
    if not rows:
        return True
    decisions = decide(run=run, rows=rows)
    carry(run=run, decisions=decisions)
    if "pk" not in work.cursor and len(rows) > MANY:
        # A table that was empty a moment ago: without this PostgreSQL reads it whole for each row.
        refresh_statistics(SourceRecord, *OF_ENTITY[entity])
    _keep_outcomes(rows, decisions)
    if any(one.refused for one in decisions):
        run.save(update_fields=["files"])
    work.cursor["pk"] = rows[-1].pk
    work.done += len(rows)
    return False


def _keep_outcomes(rows: Sequence[StagedRow], decisions: Sequence[Decision]) -> None:
    """This will note on staged rows what was done, where it is not what the preview said."""
    changed = []
    for row, one in zip(rows, decisions, strict=True):
        if (row.outcome, row.details) != (one.done, one.details):
            row.outcome, row.details = one.done, one.details
            changed.append(row)
    update_rows(StagedRow, changed, ["outcome", "details"])


def _prove(run: Import, _work: Work) -> bool:
    run.applied_at = timezone.now()
    run.save(update_fields=["applied_at"])
    refresh_statistics(SourceRecord, StagedRow)
    settling.note_not_applied(run=run)
    settling.note_missing(run=run)
    return True


def _finish(run: Import, _work: Work) -> bool:
    errors = run.counts["errors"]
    run.state = ImportState.COMPLETED_WITH_ERRORS if errors else ImportState.COMPLETED
    run.save(update_fields=["files", "counts", "state"])
    keep_layouts(source=run.source, layouts=_layouts(run), mappings=_mappings(run))
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
            "file": facts["name"],
        }
        for facts in reversed(run.files)
        if facts["status"] != REFUSED
    }


def _mappings(run: Import) -> dict[str, object]:
    """This will give what a person chose by hand, under the heads of the file."""
    chosen = [
        facts
        for facts in run.files
        if facts["status"] != REFUSED and facts.get("by_hand") and facts.get("remember", True)
    ]
    return {
        mapping.headers_key(facts["table"]["headers"]): mapping.remember(matched_of(facts))
        for facts in chosen
    }


def _clean(run: Import, _work: Work) -> bool:
    """This will remove the next staged rows; true when none is left."""
    last = run.staged.order_by("pk").values_list("pk", flat=True)[:REMOVED]
    keys = list(last)
    run.staged.filter(pk__in=keys).delete()
    return len(keys) < REMOVED


_ENDED = (ImportState.COMPLETED, ImportState.COMPLETED_WITH_ERRORS)
_STEPS: dict[str, Callable[[Import, Work], bool]] = {
    CUSTOMERS: partial(_carry, carrying.customers, Entity.CUSTOMER),
    PARENTS: carrying.parents,
    CONTACTS: partial(_carry, carrying.contacts, Entity.CONTACT),
    GENERALS: generals.look_at,
    INVOICES: partial(_carry, carrying.invoices, Entity.INVOICE),
    PROVEN: _prove,
    FINISH: _finish,
    CLEAN: _clean,
}
