"""The long work on duplicates, by name: look for them, merge those that are certain."""

from accounts.models import User
from contacts.actions import searching
from jobs.registry import Work, WorkRefusedError, runner


@runner(searching.SEARCH)
def match(work: Work) -> bool:
    """This will look for duplicates, for one slice."""
    return searching.search_slice(work)


@runner(searching.MERGE)
def merge_certain(work: Work) -> bool:
    """This will merge certain duplicates, for one slice."""
    actor = User.objects.filter(pk=work.actor_id or 0).first()
    if actor is None:
        message = "The person who started this no longer exists."
        raise WorkRefusedError(message)
    return searching.merge_certain_slice(work, actor)
