"""Pages by key, never by offset: the thousandth page costs what the first does."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

M = TypeVar("M", bound=Model)

COUNT_LIMIT = 10_000


class Row(Func):
    """A row value `(a, b)`, which both databases compare with one index search."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of rows, and where the neighbouring pages start."""

    rows: Sequence[M]
    after: str
    before: str
    count: int
    more_than_counted: bool

    @property
    def count_text(self) -> str:
        """The number of all rows as shown: exact, or "10,000+"."""
        return f"{self.count:,}+" if self.more_than_counted else f"{self.count:,}"


class UnknownSortError(ValueError):
    """The list cannot be sorted by that."""


def page(  # noqa: PLR0913 - what a list page asks for
    queryset: QuerySet[M],
    *,
    sort: str,
    sorts: dict[str, str],
    after: str = "",
    before: str = "",
    size: int = 50,
    count_limit: int = COUNT_LIMIT,
    counted: int | None = None,
) -> Page[M]:
    """This will cut one page out of `queryset`.

    `sorts` is the closed list of sort names and their columns, which must never be NULL;
    a leading "-" on `sort` turns it around. The primary key makes each position unique.
    `counted` is the bounded count of all rows when the caller has it already.
    """
    descending = sort.startswith("-")
    name = sort.lstrip("-")
    if name not in sorts:
        raise UnknownSortError(name)
    keys = tuple(dict.fromkeys([*sorts[name].split(","), "pk"]))
    cursor = read_cursor(after or before, len(keys))
    backwards = bool(before) and cursor is not None and not after
    falling = descending != backwards
    rows = queryset.order_by(*(F(key).desc() if falling else F(key).asc() for key in keys))
    if cursor is not None:
        compare = LessThan if falling else GreaterThan
        rows = rows.filter(compare(Row(*map(F, keys)), Row(*map(Value, cursor))))
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    count = bounded_count(queryset, count_limit) if counted is None else counted
    has_next = more if not backwards else True
    has_previous = more if backwards else cursor is not None
    return Page(
        rows=found,
        after=_cursor(found[-1], keys) if found and has_next else "",
        before=_cursor(found[0], keys) if found and has_previous else "",
        count=min(count, count_limit),
        more_than_counted=count > count_limit,
    )


def bounded_count(queryset: QuerySet[Any], limit: int = COUNT_LIMIT) -> int:
    """This will count up to `limit` + 1 rows, so that counting never costs more than that."""
    return queryset.order_by()[: limit + 1].count()


def read_cursor(text: str, length: int) -> list[Any] | None:
    """This will read a position back; anything that is none counts as the start."""
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text.encode()))
    except (ValueError, binascii.Error):
        return None
    plain = isinstance(values, list) and all(isinstance(v, str | int | float) for v in values)
    return values if plain and len(values) == length and isinstance(values[-1], int) else None


def _cursor(row: Model, keys: Sequence[str]) -> str:
    values = [_value(row, key) for key in keys]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def _value(row: Any, path: str) -> str | int | float:  # noqa: ANN401 - follows relations by name
    for name in path.split("__"):
        row = getattr(row, name)
    return row if isinstance(row, int | float) else str(row)
