"""The long work of imports, by name: read and preview, apply, undo."""

from erp.actions import applying, staging, undoing
from jobs.registry import Work, runner


@runner("erp.stage")
def stage(work: Work) -> bool:
    """This will read files and find out what they would change, for one slice."""
    return staging.work_on(work)


@runner("erp.apply")
def apply(work: Work) -> bool:
    """This will apply a previewed import, for one slice."""
    return applying.work_on(work)


@runner("erp.undo")
def undo(work: Work) -> bool:
    """This will take an import back, for one slice."""
    return undoing.work_on(work)
