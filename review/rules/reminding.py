"""When questions go out, are repeated, and pass on to somebody else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

QUIET = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=1)


class Step(StrEnum):
    """What an unanswered question needs now."""

    WAIT = "wait"
    REMIND = "remind"
    ESCALATE = "escalate"  # reminded as often as is allowed: somebody else is asked


@dataclass(frozen=True)
class Pace:
    """So many days between two mails about one question, and at most so many reminders."""

    days: int
    most: int


def goes_out(oldest: datetime, newest: datetime, now: datetime) -> bool:
    """This will say whether a digest leaves: when its author paused, or soon anyway.

    Whoever works through the queue asks the same colleague again and again: one mail holds it all.
    """
    return now - newest >= QUIET or now - oldest >= LONGEST_WAIT


def next_step(
    *, last_mail: datetime | None, reminders: int, escalated: bool, pace: Pace, now: datetime
) -> Step:
    """This will say what a question needs that was mailed last at that time."""
    if last_mail is None or now - last_mail < timedelta(days=pace.days):
        return Step.WAIT
    if reminders < pace.most:
        return Step.REMIND
    return Step.WAIT if escalated else Step.ESCALATE
