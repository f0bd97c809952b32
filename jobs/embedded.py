"""A Celery worker and beat inside the server's process: the embedded mode needs nothing else."""

import threading
import warnings

from celery import Celery
from celery.beat import Scheduler, Service
from celery.exceptions import SecurityWarning


def start(app: Celery) -> list[threading.Thread]:
    """This will start one worker and one beat as daemon threads and give them.

    The worker runs one task at a time (pool "solo"); long jobs hand over between slices, so
    mail goes out and pages answer while an import runs.
    """
    threads = [
        threading.Thread(target=_work, args=(app,), name="worker", daemon=True),
        threading.Thread(target=_beat, args=(app,), name="beat", daemon=True),
    ]
    for thread in threads:
        thread.start()
    return threads


def _work(app: Celery) -> None:
    # Celery warns of root because it may read pickles; this broker lives in our own memory.
    warnings.simplefilter("ignore", SecurityWarning)
    app.Worker(
        pool="solo",
        concurrency=1,
        loglevel="WARNING",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    ).start()


def _beat(app: Celery) -> None:
    Service(app, max_interval=1, scheduler_cls=_MemoryScheduler).start(embedded_process=False)


class _MemoryScheduler(Scheduler):
    """The plain scheduler: what is due is decided by rows, so nothing has to be kept on disk."""

    max_interval = 1
