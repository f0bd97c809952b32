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
