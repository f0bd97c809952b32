"""Where the lines of a chart go: values in, coordinates out, so that charts need no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

LEFT, RIGHT, TOP, BOTTOM = 34, 620, 20, 170
MAX_LABELS = 6


@dataclass(frozen=True)
class Tick:
    """A label at a position along one axis."""

    at: int
    text: str


@dataclass(frozen=True)
class Mark:
    """A dotted upright line with a word: a wave was sent here."""

    at: int
    text: str


@dataclass(frozen=True)
class LineChart:
    """A line chart of 620 by 198 units."""

    line: str
    area: str
    last: tuple[int, int]
    last_text: str
    grid: tuple[Tick, ...]
    labels: tuple[Tick, ...]
    marks: tuple[Mark, ...]


def line_chart(
    points: Sequence[tuple[str, int]], marks: Sequence[tuple[int, str]], top: int = 0
) -> LineChart:
    """This will place points (label, value) and marks (index of a point, word).

    `points` must not be empty; a single point is drawn at the right edge. `top` is the end of the
    upright axis where it is known beforehand, as for values of 100.
    """
    top = top or nice_top(max(value for _, value in points))
    xs = _spread(len(points), LEFT, RIGHT)
    ys = [_height(value, top) for _, value in points]
    line = " ".join(f"{x},{y}" for x, y in zip(xs, ys, strict=True))
    step = ceil(len(points) / MAX_LABELS)
    return LineChart(
        line=line,
        area=f"{xs[0]},{BOTTOM} {line} {xs[-1]},{BOTTOM}",
        last=(xs[-1], ys[-1]),
        last_text=f"{points[-1][1]:,}",
        grid=tuple(Tick(_height(value, top), f"{value:,}") for value in _steps(top)),
        labels=tuple(Tick(xs[n], points[n][0]) for n in range(0, len(points), step)),
        marks=tuple(Mark(xs[n], text) for n, text in marks if 0 <= n < len(xs)),
    )


def sparkline(values: Sequence[int], width: int = 150, height: int = 40) -> str:
    """This will give the points of a small line without axes."""
    low, high = min(values), max(values)
    span = max(high - low, 1)
    xs = _spread(len(values), 0, width)
    pairs = zip(xs, values, strict=True)
    return " ".join(f"{x},{height - round((value - low) / span * height)}" for x, value in pairs)


def nice_top(highest: int) -> int:
    """This will give the end of an axis: 3 equal whole steps that hold the highest value."""
    third = max(highest, 3) / 3
    size = 10 ** int(log10(third))
    steps = (n * size for n in (1, 2, 2.5, 5, 10))
    return 3 * next(int(step) for step in steps if step >= third and step == int(step))


def _steps(top: int) -> tuple[int, ...]:
    parts = 4 if top % 3 else 3
    return tuple(top // parts * n for n in range(parts + 1))


def _spread(count: int, start: int, end: int) -> list[int]:
    if count == 1:
        return [end]
    return [start + round((end - start) * n / (count - 1)) for n in range(count)]


def _height(value: int, top: int) -> int:
    return BOTTOM - round(value / top * (BOTTOM - TOP))
