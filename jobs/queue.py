"""Put work in the queue, run it in slices, cancel it, and find what stopped.

The row is the queue. The broker only carries the nudge that there may be work: losing every
nudge costs one sweep interval.
"""

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from threading import Event, Thread
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import User
from jobs.models import Job
from jobs.registry import Work, WorkRefusedError, runner_for, winds_up
from jobs.rules.state import OPEN, JobState

logger = logging.getLogger(__name__)

# A worker renews its lease while it lives; one that was killed is missed after so long, and the
# sweep finds its job within a minute in all.
LEASE = timedelta(seconds=settings.LEASE_SECONDS)
HEARTBEAT = settings.LEASE_SECONDS / 4
MOST_ATTEMPTS = 5
PAUSE = 0.105  # seconds; longer than SQLite lets pass between two looks at its lock


class AlreadyRunningError(Exception):
    """Work of this kind is already under way."""


class LeaseLostError(Exception):
    """Another worker has taken the job over: whatever this one was about to write is dropped."""


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
    work = _work_of(job, seconds)
    try:
        with _heartbeat(job):
            stops = job.cancel_requested and not winds_up(job.name)
            finished = True if stops else runner_for(job.name)(work)
    except LeaseLostError:
        logger.warning("job %s (%s) went on in another worker", job.name, job.pk)
        return False
    except WorkRefusedError as refusal:
        _end(job, work, JobState.FAILED, error=str(refusal))
        return False
    except Exception:
        logger.exception("job %s (%s) stopped", job.name, job.pk)
        return _failed(job, work)
    cancelled = job.cancel_requested or _is_cancelled(job_id)
    if finished or (cancelled and not winds_up(job.name)):
        _end(job, work, JobState.CANCELLED if cancelled else JobState.DONE)
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
    """This will store how far a runner got, in the runner's own transaction if it has one.

    Raises LeaseLostError when another worker has the job by now: the transaction must not end well.
    """
    stored = Job.objects.filter(pk=work.job_id, token=work.token).update(
        cursor=work.cursor,
        done=work.done,
        total=work.total,
        message=work.message[:250],
        result=work.result,
        lease_until=timezone.now() + LEASE,
    )
    if not stored:
        raise LeaseLostError


def release(job: Job) -> None:
    """This will free a job whose process is known to be dead, before its lease is over."""
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(lease_until=None)


def cancel(job: Job) -> None:
    """This will ask a job to stop at its next slice; what waits stops at once."""
    Job.objects.filter(pk=job.pk, state__in=OPEN).update(cancel_requested=True)
    if not winds_up(job.name):
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
            token=uuid.uuid4(),
            attempts=F("attempts") + 1,
        )
    )
    if not claimed:
        return None
    Job.objects.filter(pk=job_id, started_at=None).update(started_at=now)
    return Job.objects.get(pk=job_id)


def _work_of(job: Job, seconds: float | None) -> Work:
    """This will give a runner what it needs of a job that was claimed."""
    return Work(
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
        is_cancelled=partial(_is_cancelled, str(job.pk)),
        token=job.token,
    )


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    """This will renew the lease while one long step is at work, so that nobody takes it over."""
    stopped = Event()
    beating = Thread(target=_beat, args=(job.pk, job.token, stopped), daemon=True)
    beating.start()
    try:
        yield
    finally:
        stopped.set()
        beating.join()


def _beat(job_id: uuid.UUID, token: uuid.UUID, stopped: Event) -> None:
    while not stopped.wait(HEARTBEAT):
        try:
            Job.objects.filter(pk=job_id, token=token).update(lease_until=timezone.now() + LEASE)
        except DatabaseError as error:
            # The database is busy with the very step that this speaks for; the next beat will do.
            logger.info("no heartbeat of job %s: %s", job_id, error)
        finally:
            connection.close()


def _failed(job: Job, work: Work) -> bool:
    """This will let a job be tried again a few times; then it ends with a plain sentence."""
    if job.attempts < MOST_ATTEMPTS:
        # What the runner had not stored is dropped: it goes on from its last saved cursor.
        Job.objects.filter(pk=job.pk, token=job.token).update(
            lease_until=timezone.now() + timedelta(seconds=10)
        )
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
    Job.objects.filter(pk=job.pk, token=work.token, state=JobState.RUNNING).update(
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
