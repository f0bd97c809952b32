"""The long work of imports, by name: read and preview, apply, undo."""

from accounts.models import User
from erp.actions import applying, conflicts, staging, undoing
from jobs.registry import Work, runner


@runner("erp.stage", winds_up=True)
def stage(work: Work) -> bool:
    """This will read files and find out what they would change, for one slice."""
    return staging.work_on(work)


@runner("erp.apply", winds_up=True)
def apply(work: Work) -> bool:
    """This will apply a previewed import, for one slice."""
    return applying.work_on(work)


@runner("erp.undo")
def undo(work: Work) -> bool:
    """This will take an import back, for one slice."""
    return undoing.work_on(work)


@runner("erp.settle")
def settle(work: Work) -> bool:
    """This will decide many conflicts alike, for one slice."""
    return conflicts.settle_slice(work, User.objects.filter(pk=work.actor_id or 0).first())
