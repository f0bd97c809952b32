"""When a scheduled campaign may still start by itself, and how long one takes."""

from datetime import datetime, timedelta

PATIENCE = timedelta(hours=1)


def is_overdue(start_at: datetime, now: datetime) -> bool:
    """This will say whether a start was missed by so much that a person must decide again.

    A server that was down over night, or a restored backup, must not mail anybody by surprise.
    """
    return now - start_at > PATIENCE


def minutes_for(messages: int, per_minute: int) -> int | None:
    """This will say how many minutes the messages take; None when nothing holds them back."""
    return max(1, -(-messages // per_minute)) if per_minute and messages else None
