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


def took(seconds: float) -> str:
    """This will write a length of time as "4 s", "3 min 12 s" or "2 h 5 min"."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return f"{rest} s"
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours} h {minutes_left} min" if hours else f"{minutes} min {rest} s"


def percent(done: int, total: int) -> int:
    """This will give progress in whole percent; 0 while the total is not known."""
    return min(100, done * 100 // total) if total > 0 else 0
