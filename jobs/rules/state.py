"""The states of a job and which may follow which."""

from enum import StrEnum


class JobState(StrEnum):
    """Where a piece of long work stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (JobState.QUEUED, JobState.RUNNING)
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


def percent(done: int, total: int) -> int:
    """This will give progress in whole percent; 0 while the total is not known."""
    return min(100, done * 100 // total) if total > 0 else 0
