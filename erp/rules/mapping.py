"""Column heads of a file to our fields, with how sure we are and why; correctable by hand."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from contacts.rules.words import Entity
from erp.rules.fields import FIELDS, SHARED

GENERIC = "generic"
SAVED = "saved"
REASON = "Import error"  # the column that we add to rows that could not be used
SURE = 0.95
_MANY_MORE = 2
# Fields that a row may hold several times, once for each person of a wide row.
OF_PEOPLE = frozenset(
    {"full_name", "salutation", "first_name", "middle_name", "last_name", "email", "job_title"}
    | {"phone", "sms_number", "alternate_phone", "username"}
)
_REPEATS = frozenset(f"contact.{name}" for name in OF_PEOPLE)
_SHARED = frozenset(f"{entity.value}.{name}" for entity in Entity for name in SHARED)
_NOT_ALNUM = re.compile(r"[\W_]+")
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "đ": "d", "œ": "oe"})


@dataclass(frozen=True)
class Column:
    """A column of the file and the field it goes to; an empty field is not imported.

    `slot` counts the people of a wide row: the second "Email" belongs to slot 1. `form` says how
    cells are written where that cannot be seen from the field: `mdy`, `after_account`.
    """

    header: str
    field: str = ""
    slot: int = 0
    form: str = ""
    confidence: float = 0.0
    reason: str = "No match found"

    def as_json(self) -> dict[str, Any]:
        """This will give what is kept with the import."""
        return asdict(self)


@dataclass(frozen=True)
class Matched:
    """The columns of a file in order, what the list is of, and which mapping was used."""

    name: str
    entity: Entity
    columns: tuple[Column, ...]

    @property
    def sure(self) -> int:
        """How many columns found a field."""
        return sum(1 for column in self.columns if column.field)


@dataclass(frozen=True)
class Target:
    """Where a preset sends a column, how its cells are written, and whose they are."""

    field: str
    form: str = ""
    slot: int = 0


@dataclass(frozen=True)
class Preset:
    """The columns that one program exports: `columns` by entity and head.

    `require` has the heads by which a file is known, in one or several versions.
    """

    slug: str
    name: str
    require: Mapping[Entity, tuple[frozenset[str], ...]]
    columns: Mapping[Entity, Mapping[str, Target]]

    def knows(self, entity: Entity, keys: frozenset[str]) -> bool:
        """This will say whether these heads are those of this program's list."""
        return any(wanted <= keys for wanted in self.require.get(entity, ()))


class UnknownFieldError(ValueError):
    """A preset or a request names a field that does not exist."""


def parse_preset(slug: str, text: str) -> Preset:
    """This will read a preset's TOML. Raises UnknownFieldError for a field that does not exist."""
    raw = tomllib.loads(text)
    require: dict[Entity, tuple[frozenset[str], ...]] = {}
    columns: dict[Entity, dict[str, Target]] = {}
    for entity in Entity:
        if part := raw.get(entity.value):
            told = part["require"]
            versions = told if isinstance(told[0], list) else [told]
            require[entity] = tuple(frozenset(map(header_key, heads)) for heads in versions)
            columns[entity] = {
                header_key(head): _target(target) for head, target in part["columns"].items()
            }
    return Preset(slug, str(raw["name"]), require, columns)


def _target(told: str | dict[str, Any]) -> Target:
    target = Target(told) if isinstance(told, str) else Target(**told)
    if target.field and target.field not in FIELDS:
        raise UnknownFieldError(target.field)
    return target


@lru_cache(maxsize=5000)
def header_key(header: str) -> str:
    """This will give a head without case, blanks, signs and marks: "*E-Mail" is "email"."""
    apart = unicodedata.normalize("NFKD", header.casefold().translate(_LETTERS))
    bare = "".join(mark for mark in apart if not unicodedata.combining(mark))
    return _NOT_ALNUM.sub("", bare)


def headers_key(headers: Sequence[str]) -> str:
    """This will give the key under which a confirmed mapping of these heads is remembered."""
    return "|".join(sorted(header_key(header) for header in headers if header != REASON))


def use(
    headers: Sequence[str], told: Mapping[str, Any], fresh: Sequence[Column] = ()
) -> Matched | None:
    """This will apply a mapping that was confirmed before; nothing when its columns are gone.

    Columns may have moved. `fresh` says what a new one would be by itself: that is taken where
    the field is still free.
    """
    by_head = {
        (column["header"], column["slot_of_header"]): column for column in told.get("columns", [])
    }
    used: set[tuple[str, int]] = set()
    columns: list[Column | None] = []
    for header, nth in zip(headers, occurrences(headers), strict=True):
        known = by_head.pop((header_key(header), nth), None)
        if header == REASON:
            columns.append(left_out(header))
        elif known is None or (known["field"] and known["field"] not in FIELDS):
            columns.append(None)
        else:
            used.add((known["field"], known["slot"]))
            columns.append(
                Column(header, known["field"], known["slot"], known["form"], 1.0, "Saved mapping")
            )
    if any(column["field"] for column in by_head.values()):
        return None
    done = [
        column or _new(header, fresh[at] if fresh else None, used)
        for at, (header, column) in enumerate(zip(headers, columns, strict=True))
    ]
    return Matched(SAVED, Entity(told["entity"]), tuple(done))


def best_saved(
    headers: Sequence[str],
    saved: Mapping[str, Mapping[str, Any]],
    fresh: Sequence[Column] = (),
    rows: int = 0,
) -> Matched | None:
    """This will find the mapping used before for these heads: the same ones, else the most alike.

    One that nobody confirmed gives way when the file has many more `rows` to learn from.
    """
    known = {key: told for key, told in saved.items() if not _is_outgrown(told, rows)}
    exact = known.get(headers_key(headers))
    if exact is not None and (found := use(headers, exact, fresh)):
        return found
    usable = [found for told in known.values() if (found := use(headers, told, fresh))]
    return max(usable, key=lambda matched: matched.sure, default=None)


def _is_outgrown(told: Mapping[str, Any], rows: int) -> bool:
    return "rows" in told and rows > _MANY_MORE * int(told["rows"])


def keep_rest(matched: Matched) -> Matched:
    """This will send every column that has no field to the extras of its record."""
    wide = any(column.slot for column in matched.columns)
    entity = Entity.CUSTOMER if wide else matched.entity
    if entity is Entity.INVOICE:
        return matched
    columns = tuple(
        Column(column.header, f"{entity.value}.custom", 0, "", 1.0, "Kept as an extra")
        if not column.field and column.header.strip() and column.header != REASON
        else column
        for column in matched.columns
    )
    return Matched(matched.name, matched.entity, columns)


def _new(header: str, fresh: Column | None, used: set[tuple[str, int]]) -> Column:
    """This will say what a column is that was not there when the mapping was confirmed."""
    if fresh is None or not fresh.field or (fresh.field, fresh.slot) in used:
        return Column(header, "", 0, "", 0.0, "New column")
    used.add((fresh.field, fresh.slot))
    confidence = min(fresh.confidence, SURE - 0.05)
    return Column(header, fresh.field, fresh.slot, fresh.form, confidence, "New column, check this")


def remember(matched: Matched, rows: int | None = None) -> dict[str, Any]:
    """This will give what to keep of a mapping; `use` reads it.

    `rows` says how many rows there were to learn from, when no person has confirmed it.
    """
    nths = occurrences([column.header for column in matched.columns])
    return {
        **({} if rows is None else {"rows": rows}),
        "entity": matched.entity.value,
        "columns": [
            {
                "header": header_key(column.header),
                "slot_of_header": nth,
                "field": column.field,
                "slot": column.slot,
                "form": column.form,
            }
            for column, nth in zip(matched.columns, nths, strict=True)
        ],
    }


def missing_fields(matched: Matched) -> list[str]:
    """This will name what a list of this kind cannot do without; a list of labels to choose from.

    Customers need an account number; invoices also a number; people an address or an id.
    """
    fields = {column.field for column in matched.columns if column.field}
    prefix = f"{matched.entity.value}."
    if matched.entity is Entity.INVOICE and "customer.name" in fields:
        fields.add("invoice.account")  # found by the customer's name
    needs: dict[Entity, list[tuple[str, ...]]] = {
        Entity.CUSTOMER: [("account",)],
        Entity.CONTACT: [("own_id", "email")],
        Entity.INVOICE: [("number",), ("account",)],
    }
    return [
        " or ".join(FIELDS[prefix + name].label.lower() for name in choice)
        for choice in needs[matched.entity]
        if not any(prefix + name in fields for name in choice)
    ]


def is_sure(matched: Matched) -> bool:
    """This will say whether nobody has to look at the columns: all are there, all are certain."""
    certain = all(column.confidence >= SURE for column in matched.columns)
    return certain and not missing_fields(matched)


def doubled_fields(fields: Sequence[str]) -> list[str]:
    """This will name fields that were given to two columns and can come from one only."""
    names = max(fields.count(f"contact.{name}") for name in ("full_name", "last_name", "email"))
    twice = {
        field
        for field in fields
        if field and fields.count(field) > (max(names, 1) if field in _REPEATS else 1)
    }
    return [known.label for path, known in FIELDS.items() if path in twice - _SHARED]


def left_out(header: str) -> Column:
    """This will leave our own column of reasons out, when rows come back corrected."""
    return Column(header, "", 0, "", 1.0, "Written by this program")


def occurrences(headers: Sequence[str]) -> list[int]:
    """This will count equal heads: 0 for the first, 1 for the second of its name."""
    seen: dict[str, int] = {}
    nths = []
    for header in headers:
        key = header_key(header)
        nths.append(seen.get(key, 0))
        seen[key] = nths[-1] + 1
    return nths
