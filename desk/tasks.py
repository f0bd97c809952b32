"""Long work on selections of the contact list."""

from accounts.models import User
from desk.actions import flag_slice
from jobs.registry import Work, WorkRefusedError, runner


@runner("desk.flag")
def flag(work: Work) -> bool:
    """This will switch a flag for a large selection, slice by slice."""
    actor = User.objects.filter(pk=work.actor_id or 0).first()
    if actor is None:
        message = "The person who started this no longer exists."
        raise WorkRefusedError(message)
    return flag_slice(work, actor)
