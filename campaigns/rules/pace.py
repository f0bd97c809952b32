"""How fast messages went out, as the columns of a chart: values in, coordinates out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.rules.chart import nice_top

LEFT, RIGHT, TOP, BOTTOM = 34, 620, 6, 146
FEWEST, MOST, LABELS = 12, 60, 6


class Unit(StrEnum):
    """What one column stands for."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


LENGTH = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
}


@dataclass(frozen=True)
class Bucket:
    """What went out in one minute, hour or day, and how much of it came back."""

    sent: int
    back: int = 0


@dataclass(frozen=True)
class Column:
    """One column; `back` is the height of its part that came back."""

    x: float
    width: float
    y: float
    height: float
    back: float
    words: str
    bucket: Bucket

    @property
    def back_y(self) -> float:
        """Where the part that came back begins."""
        return BOTTOM - self.back


@dataclass(frozen=True)
class Tick:
    """A label at a position along an axis."""

    at: float
    words: str


@dataclass(frozen=True)
class Pace:
    """The chart of 620 by 168 units."""

    columns: tuple[Column, ...]
    grid: tuple[Tick, ...]
    labels: tuple[Tick, ...]


def unit_for(first: datetime, last: datetime) -> Unit:
    """This will choose what a column stands for, so that the chart stays readable."""
    for unit in (Unit.MINUTE, Unit.HOUR):
        if last - first < MOST * LENGTH[unit]:
            return unit
    return Unit.DAY


def pace(buckets: Mapping[datetime, Bucket], unit: Unit) -> Pace:
    """This will place a column for each span of time from the first to the last that has any.

    `buckets` must not be empty and must be keyed by the start of each span.
    """
    starts = _starts(min(buckets), max(buckets), unit)
    top = nice_top(max(bucket.sent for bucket in buckets.values()))
    step = (RIGHT - LEFT) / max(len(starts), FEWEST)
    columns = tuple(
        _column(LEFT + n * step, step, buckets.get(start, Bucket(0)), top, _words(start, unit))
        for n, start in enumerate(starts)
    )
    every = -(-len(columns) // LABELS)
    return Pace(
        columns=columns,
        grid=tuple(Tick(BOTTOM - _height(n, top), f"{n:,}") for n in range(0, top + 1, top // 3)),
        labels=tuple(Tick(column.x, column.words) for column in columns[::every]),
    )


def _starts(first: datetime, last: datetime, unit: Unit) -> list[datetime]:
    length = LENGTH[unit]
    count = min((last - first) // length + 1, 10 * MOST)
    return [first + n * length for n in range(count)]


def _column(x: float, step: float, bucket: Bucket, top: int, words: str) -> Column:
    height = _height(bucket.sent, top)
    return Column(
        x=round(x, 1),
        width=round(step * 0.75, 1),
        y=round(BOTTOM - height, 1),
        height=height,
        back=_height(bucket.back, top),
        words=words,
        bucket=bucket,
    )


def _height(value: int, top: int) -> float:
    return round(value / top * (BOTTOM - TOP), 1)


def _words(start: datetime, unit: Unit) -> str:
    return f"{start.day} {start:%b}" if unit is Unit.DAY else f"{start:%H:%M}"
