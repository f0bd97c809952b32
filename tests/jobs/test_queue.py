import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from jobs import queue
from jobs.models import Job
from jobs.registry import UnknownRunnerError, Work, WorkRefusedError, runner, runner_for
from jobs.rules.state import JobState

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def runners() -> None:
    @runner("test.count_to_three")
    def count_to_three(work: Work) -> bool:
        work.done += 1
        work.total = 3
        work.cursor["at"] = work.done
        return work.done == 3

    @runner("test.refuse")
    def refuse(_work: Work) -> bool:
        message = "The file is empty. Export it again."
        raise WorkRefusedError(message)

    @runner("test.robbed")
    def robbed(work: Work) -> bool:
        work.done = 1
        queue.save_progress(work)
        # Its lease is over while it sleeps, and another worker claims the job.
        Job.objects.filter(pk=work.job_id).update(token=uuid.uuid4(), done=7)
        work.done = 2
        queue.save_progress(work)
        return True

    @runner("test.slow")
    def slow(work: Work) -> bool:
        Job.objects.filter(pk=work.job_id).update(lease_until=LONG_AGO)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if Job.objects.get(pk=work.job_id).lease_until != LONG_AGO:
                return True
            time.sleep(0.01)
        return False

    @runner("test.tidy", winds_up=True)
    def tidy(work: Work) -> bool:
        if not work.is_cancelled():
            return False
        work.done += 1
        return work.done == 2

    @runner("test.break")
    def stop(_work: Work) -> bool:
        raise ZeroDivisionError


def test_a_job_runs_slice_by_slice_and_keeps_its_place() -> None:
    job = queue.enqueue("test.count_to_three", payload={})
    assert queue.run_slice(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.done, job.cursor) == (JobState.RUNNING, 1, {"at": 1})
    done = queue.run_now(job)
    assert (done.state, done.done, done.percent) == (JobState.DONE, 3, 100)


def test_a_job_that_somebody_else_works_on_is_left_alone() -> None:
    job = queue.enqueue("test.count_to_three", payload={})
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, lease_until=timezone.now() + timedelta(minutes=1)
    )
    assert not queue.run_slice(str(job.pk))
    job.refresh_from_db()
    assert job.done == 0


def test_a_job_whose_worker_died_is_found_by_the_sweep_and_goes_on() -> None:
    job = queue.enqueue("test.count_to_three", payload={})
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, done=2, lease_until=timezone.now() - timedelta(seconds=1)
    )
    assert queue.sweep() == 1
    assert queue.run_now(job).state == JobState.DONE


def test_only_one_job_of_a_kind_is_open_at_a_time() -> None:
    queue.enqueue("test.count_to_three", payload={}, singleton="import ERP")
    with pytest.raises(queue.AlreadyRunningError):
        queue.enqueue("test.count_to_three", payload={}, singleton="import ERP")


def test_a_refusal_ends_the_job_with_its_sentence() -> None:
    job = queue.run_now(queue.enqueue("test.refuse", payload={}))
    assert (job.state, job.error) == (JobState.FAILED, "The file is empty. Export it again.")


def test_a_fault_is_tried_again_and_then_told_plainly() -> None:
    job = queue.enqueue("test.break", payload={})
    for _ in range(queue.MOST_ATTEMPTS):
        Job.objects.filter(pk=job.pk).update(lease_until=None)
        queue.run_slice(str(job.pk))
    job.refresh_from_db()
    assert (job.state, "fault in the program" in job.error) == (JobState.FAILED, True)


def test_cancelling_stops_what_waits_at_once_and_what_runs_at_its_next_slice() -> None:
    waiting = queue.enqueue("test.count_to_three", payload={})
    queue.cancel(waiting)
    waiting.refresh_from_db()
    running = queue.enqueue("test.count_to_three", payload={})
    queue.run_slice(str(running.pk))
    queue.cancel(running)
    assert (waiting.state, queue.run_now(running).state) == (
        JobState.CANCELLED,
        JobState.CANCELLED,
    )


def test_a_worker_that_lost_its_job_writes_nothing_more() -> None:
    job = queue.enqueue("test.robbed", payload={})
    assert not queue.run_slice(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.RUNNING, 7)


@pytest.mark.django_db(transaction=True)
def test_a_long_step_keeps_its_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "HEARTBEAT", 0.05)
    job = queue.enqueue("test.slow", payload={})
    assert queue.run_now(job).state == JobState.DONE


def test_a_killed_worker_is_missed_within_a_minute() -> None:
    sweeps = settings.CELERY_BEAT_SCHEDULE["jobs that stopped"]["schedule"]
    assert queue.LEASE + sweeps.run_every < timedelta(minutes=1)


def test_work_that_winds_up_has_the_last_word_when_it_is_cancelled() -> None:
    job = queue.enqueue("test.tidy", payload={})
    assert queue.run_slice(str(job.pk))
    queue.cancel(job)
    assert queue.run_slice(str(job.pk))
    ended = queue.run_now(job)
    assert (ended.state, ended.done) == (JobState.CANCELLED, 2)


def test_a_name_that_nobody_registered_is_an_error() -> None:
    with pytest.raises(UnknownRunnerError):
        runner_for("test.nobody")
