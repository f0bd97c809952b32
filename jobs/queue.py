"""Put work in the queue, run it in slices, cancel it, and find what stopped.

The row is the queue. The broker only carries the nudge that there may be work: losing every
nudge costs one sweep interval.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import User
from jobs.models import Job
from jobs.registry import Work, WorkRefusedError, runner_for
from jobs.rules.state import OPEN, JobState

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=6)
MOST_ATTEMPTS = 5
PAUSE = 0.105  # seconds; longer than SQLite lets pass between two looks at its lock


class AlreadyRunningError(Exception):
    """Work of this kind is already under way."""


def nudge(task: str, *args: object) -> None:
    """This will tell the workers, after commit, that there may be work. A lost broker is fine."""
    transaction.on_commit(partial(_send, task, *args))


def enqueue(  # noqa: PLR0913 - a job is one flat row
    name: str,
    *,
    payload: dict[str, Any],
    actor: User | None = None,
    label: str = "",
    singleton: str = "",
    total: int = 0,
) -> Job:
    """This will write the job in the caller's transaction and nudge a worker after commit.

    `singleton` names what may run only once at a time; raises AlreadyRunningError when it does.
    """
    if singleton and Job.objects.open().filter(singleton=singleton).exists():
        raise AlreadyRunningError(singleton)
    job = Job.objects.create(
        name=name, payload=payload, actor=actor, label=label, singleton=singleton, total=total
    )
    nudge("jobs.run", str(job.pk))
    return job


def run_slice(job_id: str, *, seconds: float | None = None) -> bool:
    """This will work on a job for one slice; true while more is left and it may go on.

    Someone else's claim, an ended job and an unknown id are left alone: running twice is harmless.
    """
    job = _claim(job_id)
    if job is None:
        return False
    work = Work(
        job_id=str(job.pk),
        payload=job.payload,
        cursor=dict(job.cursor),
        actor_id=job.actor_id,
        seconds=settings.SLICE_SECONDS if seconds is None else seconds,
        pause=PAUSE if seconds is None and settings.EMBEDDED else 0.0,
        done=job.done,
        total=job.total,
        message=job.message,
        result=dict(job.result),
        is_cancelled=partial(_is_cancelled, job_id),
    )
    try:
        finished = True if job.cancel_requested else runner_for(job.name)(work)
    except WorkRefusedError as refusal:
        _end(job, work, JobState.FAILED, error=str(refusal))
        return False
    except Exception:
        logger.exception("job %s (%s) stopped", job.name, job.pk)
        return _failed(job, work)
    if job.cancel_requested or _is_cancelled(job_id):
        _end(job, work, JobState.CANCELLED)
        return False
    if finished:
        _end(job, work, JobState.DONE)
        return False
    _store(job, work, lease_until=None, attempts=0)
    return True


def run_now(job: Job, *, on_slice: Callable[[Job], None] | None = None) -> Job:
    """This will do a job to its end in this process; commands use it, no worker is needed."""
    while run_slice(str(job.pk), seconds=5.0):
        job.refresh_from_db()
        if on_slice:
            on_slice(job)
    job.refresh_from_db()
    return job


def save_progress(work: Work) -> None:
    """This will store how far a runner got, in the runner's own transaction if it has one."""
    Job.objects.filter(pk=work.job_id).update(
        cursor=work.cursor,
        done=work.done,
        total=work.total,
        message=work.message[:250],
        result=work.result,
        lease_until=timezone.now() + LEASE,
    )


def release(job: Job) -> None:
    """This will free a job whose process is known to be dead, before its lease is over."""
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(lease_until=None)


def cancel(job: Job) -> None:
    """This will ask a job to stop at its next slice; what waits stops at once."""
    Job.objects.filter(pk=job.pk, state__in=OPEN).update(cancel_requested=True)
    Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
        state=JobState.CANCELLED, finished_at=timezone.now()
    )


def sweep() -> int:
    """This will nudge every job that waits, or whose worker stopped without a word."""
    due = list(Job.objects.claimable(timezone.now()).values_list("pk", flat=True)[:100])
    for job_id in due:
        nudge("jobs.run", str(job_id))
    return len(due)


def _claim(job_id: str) -> Job | None:
    now = timezone.now()
    claimed = (
        Job.objects.claimable(now)
        .filter(pk=job_id)
        .update(
            state=JobState.RUNNING,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
        )
    )
    if not claimed:
        return None
    Job.objects.filter(pk=job_id, started_at=None).update(started_at=now)
    return Job.objects.get(pk=job_id)


def _failed(job: Job, work: Work) -> bool:
    """This will let a job be tried again a few times; then it ends with a plain sentence."""
    if job.attempts < MOST_ATTEMPTS:
        # What the runner had not stored is dropped: it goes on from its last saved cursor.
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() + timedelta(seconds=10))
        return False
    sentence = (
        "This stopped because of a fault in the program. What was done so far is kept."
        " The details are in the server's log."
    )
    _end(job, work, JobState.FAILED, error=sentence)
    return False


def _end(job: Job, work: Work, state: JobState, *, error: str = "") -> None:
    _store(job, work, state=state, error=error, lease_until=None, finished_at=timezone.now())


def _store(job: Job, work: Work, **fields: Any) -> None:  # noqa: ANN401 - columns of a job
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
        cursor=work.cursor,
        done=work.done,
        total=work.total,
        message=work.message[:250],
        result=work.result,
        **fields,
    )


def _is_cancelled(job_id: str) -> bool:
    return Job.objects.filter(pk=job_id, cancel_requested=True).exists()


def _send(task: str, *args: object) -> None:
    try:
        current_app.send_task(task, args=args, ignore_result=True, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("no nudge for %s, the next sweep will do: %s", task, error)
