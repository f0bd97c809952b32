"""How a source's files are laid out, so that corrections go back the same way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contacts.rules.words import Entity
from erp.rules.mapping import Column
from erp.rules.plans import column_labels
from erp.rules.writing import UTF8

WINDOWS, UTF16 = "cp1252", "utf-16"
_WORDS = {"Windows-1252": WINDOWS, "UTF-16": UTF16}
ACCOUNT = "account"


@dataclass(frozen=True)
class Layout:
    """The columns of a source's file for one entity, and how the file is written."""

    columns: tuple[Column, ...] = ()
    names: frozenset[str] = frozenset()
    separator: str = ","
    encoding: str = UTF8

    @property
    def is_wide(self) -> bool:
        """Whether several people stand in one row."""
        return any(column.slot for column in self.columns)

    @property
    def slots(self) -> list[int]:
        """The places for people in a row, in order."""
        return sorted({column.slot for column in self.columns if column.field})

    def slot_of(self, origin: str, row: int) -> int | None:
        """This will tell from where a record was seen last which place of its row it has.

        The origin is `file:row:column`; nothing when its column is not in the file any more.
        """
        if not self.is_wide:
            return 0
        label = origin.partition(f":{row}:")[2]
        labels = column_labels([column.header for column in self.columns])
        if label not in labels:
            return None
        return self.columns[labels.index(label)].slot


def layout_of(layouts: Mapping[str, Any], entity: Entity) -> Layout | None:
    """This will give how a source's corrections of an entity are laid out; nothing when unknown.

    Customers may stand in the file of their people only: their columns of it are taken then.
    """
    if told := layouts.get(entity.value):
        return _layout(told, entity)
    people = layouts.get(Entity.CONTACT.value)
    if entity is not Entity.CUSTOMER or not people:
        return None
    shared = _layout(people, entity)
    if not shared.names - {ACCOUNT}:
        return None
    columns = tuple(
        replace(column, field="customer.account") if column.field == "contact.account" else column
        for column in shared.columns
    )
    return replace(shared, columns=columns)


def _layout(told: Mapping[str, Any], entity: Entity) -> Layout:
    names: Mapping[str, Sequence[str]] = told.get("told", {})
    return Layout(
        tuple(Column(**column) for column in told["columns"]),
        frozenset(names.get(entity.value, ())),
        str(told.get("separator", ",")),
        encoding_of(str(told.get("format", ""))),
    )


def encoding_of(words: str) -> str:
    """This will tell from the words for a file's format in which letters it is written."""
    parts = {part.strip() for part in words.split(",")}
    return next((encoding for name, encoding in _WORDS.items() if name in parts), UTF8)
