"""The Celery task that asks DNS, and the job that checks many contacts."""

from celery import shared_task

from jobs.queue import save_progress
from jobs.registry import Work, runner
from validation.actions.checking import check_slice
from validation.actions.resolving import TASK, resolve_slice

# Contacts between two looks at the clock: few enough for a slice of half a second.
CONTACTS = 250


@shared_task(name=TASK)
def resolve(chain: int = 0, **_unknown: object) -> None:
    """This will ask DNS about domains that are due, for one slice, and call the next one."""
    resolve_slice(chain=chain)


@runner("validation.check")
def check(work: Work) -> bool:
    """This will check contacts by primary key, for one slice."""
    while True:
        after = int(work.cursor.get("after", work.payload.get("after", 0)))
        last = check_slice(after=after, limit=CONTACTS)
        if last is None:
            return True
        work.cursor["after"] = last
        work.done += CONTACTS
        save_progress(work)
        if work.time_left() <= 0:
            return False
