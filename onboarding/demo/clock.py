"""The calendar of the demo: its rows must look as if they had been written week by week."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush

from django.db import transaction
from django.utils import timezone


@contextlib.contextmanager
def at(moment: datetime) -> Iterator[None]:
    """This will let everything that asks Django for the time believe it is `moment`, and later.

    Nothing else may use this. The demo runs on a database of its own that is thrown away; it
    calls the same actions as people do, and they note the time themselves.
    """
    real = timezone.now
    started = real()

    def now() -> datetime:
        return moment + (real() - started)

    timezone.now = now
    try:
        yield
    finally:
        timezone.now = real


@dataclass
class Calendar:
    """What happens when; what happens may plan what comes later.

    Days count back from `today`, the real one, also while an earlier day is being played.
    """

    today: datetime = field(default_factory=timezone.localtime)
    entries: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    planned: int = 0

    def plan(self, days: int, hour: int, happens: Callable[[], object]) -> None:
        """This will note something for an hour of so many days ago."""
        self.planned += 1
        then = self.today - timedelta(days=days)
        moment = then.replace(hour=hour, minute=7, second=0, microsecond=0)
        heappush(self.entries, (moment, self.planned, happens))

    def play(self) -> None:
        """This will let everything happen in its order, each in one transaction."""
        while self.entries:
            moment, _, happens = heappop(self.entries)
            with at(moment), transaction.atomic():
                happens()
