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


def forget_old(*, now: datetime) -> int:
    """This will drop counters that no window can ask for again."""
    return RateCount.objects.filter(window_start__lt=now - timedelta(days=2)).delete()[0]


def _key(limit: Limit, subject: str) -> str:
    digest = hmac.new(
        settings.SECRET_KEY.encode(), f"{limit.name}:{subject}".encode(), hashlib.sha256
    )
    return f"{limit.name}:{digest.hexdigest()[:40]}"
