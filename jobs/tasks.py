"""The Celery tasks of long work."""

from celery import shared_task

from jobs import queue


@shared_task(name="jobs.run")
def run(job_id: str, **_unknown: object) -> None:
    """This will work one slice of a job and call the next slice by name."""
    if queue.run_slice(job_id):
        queue.nudge("jobs.run", job_id)


@shared_task(name="jobs.sweep")
def sweep(**_unknown: object) -> None:
    """This will find jobs that stopped and set them going."""
    queue.sweep()
