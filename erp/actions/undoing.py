"""Take an import back: what it changed, what it proved, and what it remembers of the source."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from contacts.actions.importing import forget_records, mark_back, record_restored
from contacts.actions.undoing import Undone, close_undo, undo_chunk
from contacts.models import SourceRecord
from erp.actions.settling import unsettle
from erp.models import Import
from erp.rules.states import UNDOABLE, ImportState
from jobs.models import Job
from jobs.queue import enqueue, save_progress
from jobs.registry import Work

CHUNK, BRIEF_CHUNK = 1_000, 250
CHANGES, RECORDS, STAGED, CLOSE = PHASES = ("changes", "records", "staged", "close")


class NotUndoableError(ValueError):
    """The import was not applied, or was taken back already."""


@transaction.atomic
def undo(*, run: Import, actor: User | None) -> Job:
    """This will start taking an import back. Raises NotUndoableError.

    Raises AlreadyRunningError while another import of the source is at work.
    """
    if not can_be_undone(run):
        raise NotUndoableError
    run.job = enqueue(
        "erp.undo",
        payload={"import": run.pk},
        actor=actor,
        label=f"Undoing the import of {run}",
        singleton=f"erp.source.{run.source_id}",
        total=_changes(run).changes.filter(undone=False).count(),
    )
    run.save(update_fields=["job"])
    return run.job


def can_be_undone(run: Import) -> bool:
    """This will say whether an import changed something that can be taken back now."""
    still_runs = run.job is not None and run.job.is_open
    applied = run.state in UNDOABLE and run.change_set is not None
    return applied and not still_runs and not _changes(run).undone_at


def work_on(work: Work) -> bool:
    """This will take an import back for one slice; true when all is restored."""
    run = Import.objects.select_related("source", "change_set").get(pk=work.payload["import"])
    while work.time_left() > 0:
        phase = work.cursor.setdefault("phase", PHASES[0])
        with transaction.atomic():
            if _STEPS[phase](run, work):
                if phase == PHASES[-1]:
                    return True
                work.cursor["phase"] = PHASES[PHASES.index(phase) + 1]
            save_progress(work)
        work.give_way()
    return False


def _undo_changes(run: Import, work: Work) -> bool:
    """This will take the next changes back, the newest first; true when none is left."""
    work.message = "Restoring values"
    part = undo_chunk(change_set=_changes(run), size=_chunk(work), seen_in=run.pk)
    if part is None:
        return True
    total = _undone(work) + part
    work.cursor["undone"] = asdict(total)
    work.done = total.restored + total.removed + total.skipped
    return False


def _restore_records(run: Import, work: Work) -> bool:
    """This will give records their base and fingerprint back: the same file shows the same again.

    A record that a later import wrote is left alone.
    """
    work.message = "Restoring what the source said"
    notes = list(
        run.rows.filter(before__isnull=False, pk__gt=work.cursor.get("pk", 0))
        .filter(record__seen_in=run.pk)
        .select_related("record")
        .order_by("pk")[: _chunk(work)]
    )
    if not notes:
        return True
    work.cursor["pk"] = notes[-1].pk
    restored: list[SourceRecord] = []
    linked: list[int] = []
    for note in notes:
        if note.record is None:
            continue
        if not note.before:
            linked.append(note.record.pk)
            continue
        for name, value in note.before.items():
            setattr(note.record, name, value)
        restored.append(note.record)
    record_restored(records=restored)
    forget_records(record_ids=linked)
    return False


def _drop_staged(run: Import, work: Work) -> bool:
    """This will forget the rows of an import that had stopped half-way; true when none is left."""
    first = next(iter(run.staged.order_by("pk").values_list("pk", flat=True)[:1]), None)
    if first is not None:
        run.staged.filter(pk__lt=first + _chunk(work)).delete()
    return first is None


def _close(run: Import, work: Work) -> bool:
    unsettle(run=run)
    missing = SourceRecord.objects.filter(source=run.source, missing_since=run.applied_at)
    since = {pk: parse_datetime(at) for pk, at in run.counts.get("returned", [])}
    mark_back(records=missing, since={pk: at for pk, at in since.items() if at})
    close_undo(change_set=_changes(run), actor=run.actor, undone=_undone(work))
    run.state = ImportState.UNDONE
    run.undone_at = timezone.now()
    run.save(update_fields=["state", "undone_at"])
    work.result = asdict(_undone(work))
    return True


def _chunk(work: Work) -> int:
    return BRIEF_CHUNK if work.is_brief else CHUNK


def _changes(run: Import) -> Any:  # noqa: ANN401 - a change set, which `undo` made sure of
    return run.change_set


def _undone(work: Work) -> Undone:
    return Undone(**work.cursor.get("undone", {}))


def undone_of(job: Job) -> Undone:
    """This will give what a finished job restored, removed and skipped."""
    return Undone(**job.result)


_STEPS = {CHANGES: _undo_changes, RECORDS: _restore_records, STAGED: _drop_staged, CLOSE: _close}
