"""Limits on how often something may happen, counted in the database."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.models import RateCount

MOST_BOOKING_TRIES = 20
FARTHEST_BOOKING = timedelta(minutes=2)


@dataclass(frozen=True)
class Limit:
    """At most `count` times in each window of `every`, for one kind of thing."""

    name: str
    count: int
    every: timedelta


def window_of(now: datetime, every: timedelta) -> datetime:
    """This will give the start of the window that `now` lies in."""
    seconds = int(every.total_seconds())
    start = int(now.timestamp()) // seconds * seconds
    return datetime.fromtimestamp(start, tz=now.tzinfo)


def take(limit: Limit, subject: str) -> bool:
    """This will count one use by `subject` and say whether it is still within the limit.

    Subjects are hashed with the secret key, so that the table holds no addresses.
    """
    key = _key(limit, subject)
    start = window_of(timezone.now(), limit.every)
    with transaction.atomic():
        row, made = RateCount.objects.get_or_create(
            key=key, window_start=start, defaults={"count": 1}
        )
        if made:
            return limit.count >= 1
        RateCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
        row.refresh_from_db(fields=["count"])
    return row.count <= limit.count


def give_back(limit: Limit, subject: str) -> None:
    """This will take one counted use back, for limits that count failures only."""
    start = window_of(timezone.now(), limit.every)
    RateCount.objects.filter(key=_key(limit, subject), window_start=start, count__gt=0).update(
        count=F("count") - 1
    )


def used(limit: Limit, subject: str) -> int:
    """This will give how often `subject` has used the limit in the current window."""
    start = window_of(timezone.now(), limit.every)
    row = RateCount.objects.filter(key=_key(limit, subject), window_start=start).first()
    return row.count if row else 0


def book(name: str, *, units: int, per_second: float, within: float) -> float | None:
    """This will book room for `units` uses one after the other, and say in how many seconds.

    All processes share one line. Gives nothing, and books nothing, when the first use could not
    start within that many seconds. The row's `window_start` is until when the line is taken.
    """
    key = f"line:{name}"
    for _ in range(MOST_BOOKING_TRIES):
        now = timezone.now()
        row = RateCount.objects.filter(key=key).order_by("-window_start").first()
        if row is None:
            RateCount.objects.get_or_create(key=key, window_start=now)
            continue
        taken = row.window_start
        # Nobody books that far ahead: the clock was set back.
        start = now if taken > now + FARTHEST_BOOKING else max(now, taken)
        wait = (start - now).total_seconds()
        if wait > within:
            return None
        until = start + timedelta(seconds=units / per_second)
        if RateCount.objects.filter(pk=row.pk, window_start=taken).update(
            window_start=until, count=units
        ):
            return wait
    return None


def forget_old(*, now: datetime) -> int:
    """This will drop counters that no window can ask for again."""
    return RateCount.objects.filter(window_start__lt=now - timedelta(days=2)).delete()[0]


def _key(limit: Limit, subject: str) -> str:
    digest = hmac.new(
        settings.SECRET_KEY.encode(), f"{limit.name}:{subject}".encode(), hashlib.sha256
    )
    return f"{limit.name}:{digest.hexdigest()[:40]}"
