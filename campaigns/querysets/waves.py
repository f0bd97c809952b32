"""Which steps of a campaign are still to come: read from the messages that wait for their time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from delivery.models import Mailing, Message
from delivery.rules.states import MessageState

SHOWN = 5
# What a mail server could not take is tried again sooner than any wave follows another.
SOON = timedelta(minutes=5)


@dataclass(frozen=True)
class Wave:
    """Messages that go out together at a later time."""

    at: datetime
    count: int


def waves_to_come(mailing: Mailing, now: datetime) -> list[Wave]:
    """This will give the next few waves, the nearest first.

    What is tried again in some minutes is no wave.
    """
    later = Message.objects.filter(
        mailing=mailing, state=MessageState.QUEUED, attempts=0, not_before__gt=now + SOON
    )
    rows = later.order_by("not_before").values_list("not_before").annotate(n=Count("pk"))
    return [Wave(at, count) for at, count in rows[:SHOWN]]


def next_wave(mailing: Mailing, now: datetime) -> Wave | None:
    """This will give the wave that comes next, if one does."""
    return next(iter(waves_to_come(mailing, now)), None)
