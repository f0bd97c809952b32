"""The Celery task that asks DNS, and the jobs that check many contacts and rename domains."""

from celery import shared_task

from jobs.registry import Work, runner
from validation.actions.renaming import RENAME, rename_slice
from validation.actions.resolving import TASK, resolve_slice
from validation.actions.running import CHECK_ALL, check_all_slice, check_step, count_step


@shared_task(name=TASK)
def resolve(chain: int = 0, **_unknown: object) -> None:
    """This will ask DNS about domains that are due, for one slice, and call the next one."""
    resolve_slice(chain=chain)


@runner("validation.check")
def check(work: Work) -> bool:
    """This will check contacts by primary key and count their domains, for one slice."""
    return check_step(work) and count_step(work)


@runner(CHECK_ALL)
def check_all(work: Work) -> bool:
    """This will check the whole base, for one slice."""
    return check_all_slice(work)


@runner(RENAME)
def rename(work: Work) -> bool:
    """This will move addresses from one domain to another, for one slice."""
    return rename_slice(work)
