"""From counts to rates and to what should be done next."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WORDS_ACROSS = 14  # so many words fit beside each other on a chart


class Stage(StrEnum):
    """The steps from a customer to an active portal user; each counts customers."""

    CUSTOMERS = "customers"
    PROMOTED = "promoted"
    REACHABLE = "reachable"
    ANNOUNCED = "announced"
    INVITED = "invited"
    DELIVERED = "delivered"
    OPENED = "opened"
    REGISTERED = "registered"
    ACTIVE = "active"


@dataclass(frozen=True)
class Step:
    """One row of the funnel: how many, and what part of the step before."""

    stage: Stage
    label: str
    count: int
    percent: int | None
    gap: int


def steps(counts: Mapping[str, int]) -> list[Step]:
    """This will give the funnel's rows; a rate needs a step before that is not empty."""
    rows: list[Step] = []
    before: int | None = None
    for stage in Stage:
        count = counts.get(stage, 0)
        percent = min(100, round(count * 100 / before)) if before else None
        gap = max(0, (before or 0) - count)
        rows.append(Step(stage, stage.value.capitalize(), count, percent, gap))
        before = count
    return rows


def share(part: int, whole: int) -> int:
    """This will give a part in whole percent; nothing of nothing is 0."""
    return round(part * 100 / whole) if whole else 0


def headline(counts: Mapping[str, int]) -> str:
    """This will say the state of the roll-out in one sentence."""
    customers = counts.get(Stage.CUSTOMERS, 0)
    registered = counts.get(Stage.REGISTERED, 0)
    if not customers:
        return "No customers yet"
    if not counts.get(Stage.INVITED, 0) and not registered:
        reachable = share(counts.get(Stage.REACHABLE, 0), customers)
        return f"{reachable}% of customers can be reached by email"
    return f"{share(registered, customers)}% of customers have registered"


def quality(statuses: Mapping[str, int]) -> tuple[int, int, int]:
    """This will give (score of 100, contacts that are ready, all contacts)."""
    everybody = sum(statuses.values())
    ready = sum(statuses.get(name, 0) for name in ("ok", "confirmed"))
    return share(ready, everybody), ready, everybody


def wave_marks(days: Sequence[date], waves: Sequence[date], most: int = 5) -> list[tuple[int, str]]:
    """This will mark on a chart when invitations went out: (index of a day, "Wave 3").

    `days` are ends of equal spans, `waves` the starts of all waves, both in order. The newest
    marks are kept, as far apart as their words need.
    """
    apart = len(days) // WORDS_ACROSS + 1
    marks: list[tuple[int, str]] = []
    for number, wave in reversed(list(enumerate(waves, start=1))):
        index = min(bisect_left(days, wave), len(days) - 1)
        is_free = not marks or marks[-1][0] - index >= apart
        if wave >= days[0] and is_free and len(marks) < most:
            marks.append((index, f"Wave {number}"))
    return marks[::-1]
