"""The states of imports, of their rows, and of corrections on their way to the ERP."""

from enum import StrEnum


class ImportState(StrEnum):
    """How far an import has come."""

    UPLOADED = "uploaded"
    MAPPED = "mapped"
    PREVIEWED = "previewed"
    RUNNING = "running"
    COMPLETED = "completed"
    COMPLETED_WITH_ERRORS = "completed_with_errors"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDONE = "undone"


APPLIED = (ImportState.COMPLETED, ImportState.COMPLETED_WITH_ERRORS)
UNDOABLE = (*APPLIED, ImportState.RUNNING, ImportState.FAILED, ImportState.CANCELLED)
WAITING = (ImportState.UPLOADED, ImportState.MAPPED, ImportState.PREVIEWED)


class Situation(StrEnum):
    """What the page of an import shows, and what its reader can do next."""

    MATCH = "match"  # a person says which column is what
    READING = "reading"
    PREVIEW = "preview"  # a person says go
    IMPORTING = "importing"
    STOPPED = "stopped"  # the program gave up half-way; it can go on or be taken back
    FINISHED = "finished"
    CANCELLED = "cancelled"  # a person stopped it half-way
    UNDOING = "undoing"
    UNDONE = "undone"


def situation_of(
    state: str, job: str = "", *, works: bool = False, fell: bool = False
) -> Situation:
    """This will tell what goes on from an import's state and its last job: name, at work, fell."""
    if job == UNDO_JOB and works:
        return Situation.UNDOING
    if state in (ImportState.MAPPED, ImportState.RUNNING) and fell:
        return Situation.STOPPED
    return _SITUATIONS[ImportState(state)]


UNDO_JOB = "erp.undo"
_SITUATIONS = {
    ImportState.UPLOADED: Situation.MATCH,
    ImportState.MAPPED: Situation.READING,
    ImportState.PREVIEWED: Situation.PREVIEW,
    ImportState.RUNNING: Situation.IMPORTING,
    ImportState.COMPLETED: Situation.FINISHED,
    ImportState.COMPLETED_WITH_ERRORS: Situation.FINISHED,
    ImportState.FAILED: Situation.STOPPED,
    ImportState.CANCELLED: Situation.CANCELLED,
    ImportState.UNDONE: Situation.UNDONE,
}


class RowOutcome(StrEnum):
    """What a row of the file means for what is here."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    CONFLICT = "conflict"
    ERROR = "error"
    DUPLICATE = "duplicate"


class LineState(StrEnum):
    """How far a correction is on its way to the ERP."""

    TO_EXPORT = "to_export"
    EXPORTED = "exported"
    CONFIRMED = "confirmed"
    NOT_APPLIED = "not_applied"
    CONFLICT = "conflict"
    WITHDRAWN = "withdrawn"


OPEN_LINES = (
    LineState.CONFLICT,
    LineState.NOT_APPLIED,
    LineState.EXPORTED,
    LineState.TO_EXPORT,
)
NOT_IN_ERP = (LineState.TO_EXPORT, LineState.NOT_APPLIED)
