"""Column heads of a file to our fields, with how sure we are and why; correctable by hand."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz, process

from contacts.rules.words import Entity
from erp.rules import synonyms
from erp.rules.fields import FIELDS, Kind
from erp.rules.values import FLAG, date_order

GENERIC = "generic"
SAVED = "saved"
REASON = "Import error"  # the column that we add to rows that could not be used
SURE = 0.95
LIKELY = 0.75
_SIMILAR = 88
_LONG_ENOUGH = 5
_MOSTLY = 0.6

_TABLES = {
    Entity.CUSTOMER: synonyms.CUSTOMER,
    Entity.CONTACT: synonyms.CONTACT,
    Entity.INVOICE: synonyms.INVOICE,
}
# Fields that a row may hold several times, once for each person of a wide row.
_REPEATS = frozenset(
    f"contact.{name}" for name in ("full_name", "first_name", "last_name", "email")
)
_NOT_ALNUM = re.compile(r"[^0-9a-z]+")


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
class Preset:
    """The columns that one program exports: `columns` by entity, head to (field, form)."""

    slug: str
    name: str
    require: Mapping[Entity, frozenset[str]]
    columns: Mapping[Entity, Mapping[str, tuple[str, str]]]


class UnknownFieldError(ValueError):
    """A preset or a request names a field that does not exist."""


def parse_preset(slug: str, text: str) -> Preset:
    """This will read a preset's TOML. Raises UnknownFieldError for a field that does not exist."""
    raw = tomllib.loads(text)
    require: dict[Entity, frozenset[str]] = {}
    columns: dict[Entity, dict[str, tuple[str, str]]] = {}
    for entity in Entity:
        if part := raw.get(entity.value):
            require[entity] = frozenset(header_key(name) for name in part["require"])
            columns[entity] = {
                header_key(head): _target(told) for head, told in part["columns"].items()
            }
    return Preset(slug, str(raw["name"]), require, columns)


def _target(told: str | dict[str, str]) -> tuple[str, str]:
    field, form = (told, "") if isinstance(told, str) else (told["field"], told.get("form", ""))
    if field and field not in FIELDS:
        raise UnknownFieldError(field)
    return field, form


@lru_cache(maxsize=5000)
def header_key(header: str) -> str:
    """This will give a head without case, blanks, signs and marks: "*E-Mail" is "email"."""
    apart = unicodedata.normalize("NFKD", header.casefold().replace("ß", "ss"))
    return _NOT_ALNUM.sub("", apart)


def headers_key(headers: Sequence[str]) -> str:
    """This will give the key under which a confirmed mapping of these heads is remembered."""
    return "|".join(sorted(header_key(header) for header in headers if header != REASON))


def match(
    headers: Sequence[str],
    samples: Sequence[Sequence[str]],
    presets: Sequence[Preset] = (),
    entity: Entity | None = None,
) -> Matched:
    """This will find a field for every head: by a preset, else by name, likeness and values.

    `samples` are a few rows; `entity` is given when a person said what the list is of.
    """
    wanted = [entity] if entity else list(Entity)
    found = [
        _by_preset(headers, preset, one)
        for preset in presets
        for one in wanted
        if preset.require.get(one) and preset.require[one] <= {header_key(h) for h in headers}
    ]
    if found:
        return _without_reason(max(found, key=lambda matched: matched.sure))
    tried = [_by_words(headers, samples, one) for one in wanted]
    return _without_reason(max(tried, key=_likelihood))


def use(headers: Sequence[str], told: Mapping[str, Any]) -> Matched | None:
    """This will apply a mapping that was confirmed before; nothing when its heads have changed."""
    by_head = {
        (column["header"], column["slot_of_header"]): column for column in told.get("columns", [])
    }
    columns = []
    for header, nth in zip(headers, _occurrences(headers), strict=True):
        if header == REASON:
            columns.append(_left_out(header))
            continue
        known = by_head.get((header_key(header), nth))
        if known is None or (known["field"] and known["field"] not in FIELDS):
            return None
        columns.append(
            Column(header, known["field"], known["slot"], known["form"], 1.0, "Saved mapping")
        )
    return Matched(SAVED, Entity(told["entity"]), tuple(columns))


def remember(matched: Matched) -> dict[str, Any]:
    """This will give what to keep of a confirmed mapping; `use` reads it."""
    nths = _occurrences([column.header for column in matched.columns])
    return {
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
    twice = {field for field in fields if field and fields.count(field) > 1}
    return [known.label for path, known in FIELDS.items() if path in twice - _REPEATS]


def _without_reason(matched: Matched) -> Matched:
    """This will leave our own column of reasons out, when rows come back corrected."""
    columns = (
        _left_out(column.header) if column.header == REASON else column
        for column in matched.columns
    )
    return replace(matched, columns=tuple(columns))


def _left_out(header: str) -> Column:
    return Column(header, "", 0, "", 1.0, "Written by this program")


def _by_preset(headers: Sequence[str], preset: Preset, entity: Entity) -> Matched:
    columns, taken = [], set()
    for header in headers:
        field, form = preset.columns[entity].get(header_key(header), ("", ""))
        known = header_key(header) in preset.columns[entity]
        if field in taken:
            field = ""
        taken.add(field)
        reason = preset.name if known else "No match found"
        columns.append(Column(header, field, 0, form, 1.0 if known else 0.0, reason))
    return Matched(preset.slug, entity, tuple(columns))


def _by_words(headers: Sequence[str], samples: Sequence[Sequence[str]], entity: Entity) -> Matched:
    taken: set[tuple[str, int]] = set()
    columns = [_named(header, entity, taken) for header in headers]
    columns = [
        column if column.field else _alike(column.header, entity, taken) for column in columns
    ]
    if entity is not Entity.INVOICE and (f"{entity.value}.email", 0) not in taken:
        columns = _seen_in_values(columns, samples, entity, taken)
    if entity is Entity.CONTACT:
        columns = _with_customer(columns, taken)
    formed = [
        replace(column, form=form_of(column.field, samples, at))
        for at, column in enumerate(columns)
    ]
    return Matched(GENERIC, entity, tuple(formed))


def _named(header: str, entity: Entity, taken: set[tuple[str, int]]) -> Column:
    name = _words(entity).get(header_key(header), "")
    path = f"{entity.value}.{name}"
    return _take(header, path, taken, SURE, "Column name") if name else Column(header)


def _alike(header: str, entity: Entity, taken: set[tuple[str, int]]) -> Column:
    key = header_key(header)
    if len(key) < _LONG_ENOUGH:
        return Column(header)
    best = process.extractOne(key, list(_words(entity)), scorer=fuzz.ratio, score_cutoff=_SIMILAR)
    if best is None:
        return Column(header)
    path = f"{entity.value}.{_words(entity)[best[0]]}"
    if (path, 0) in taken:
        return Column(header)
    return _take(header, path, taken, round(best[1] / 100, 2), "Similar name, check this")


def _take(
    header: str, path: str, taken: set[tuple[str, int]], confidence: float, reason: str
) -> Column:
    """This will take a field for a head; a second head of a person's field is a second person."""
    slot = next(n for n in range(1000) if (path, n) not in taken)
    if slot and path not in _REPEATS:
        return Column(header)
    taken.add((path, slot))
    return Column(header, path, slot, "", confidence, reason)


def _seen_in_values(
    columns: list[Column],
    samples: Sequence[Sequence[str]],
    entity: Entity,
    taken: set[tuple[str, int]],
) -> list[Column]:
    """This will find the column of addresses by what stands in it, when no head told."""
    for at, column in enumerate(columns):
        cells = [row[at] for row in samples if at < len(row) and row[at].strip()]
        if column.field or not cells:
            continue
        if sum("@" in cell for cell in cells) >= _MOSTLY * len(cells):
            path = f"{entity.value}.email"
            found = _take(column.header, path, taken, LIKELY, "Values are addresses")
            return [*columns[:at], found, *columns[at + 1 :]]
    return columns


def _with_customer(columns: list[Column], taken: set[tuple[str, int]]) -> list[Column]:
    """This will give what is left in a list of people to their customer: its name, its rep."""
    has_person = any(
        column.field in ("contact.full_name", "contact.first_name", "contact.last_name")
        for column in columns
    )
    done = []
    for column in columns:
        name = _words(Entity.CUSTOMER).get(header_key(column.header), "")
        path = f"customer.{name}"
        free = not column.field or (name == "name" and column.field == "contact.organization")
        if free and not has_person and header_key(column.header) in synonyms.PLAIN_NAME:
            done.append(Column(column.header, "contact.full_name", 0, "", SURE, "Column name"))
            has_person = True
        elif free and name not in ("", "account", "own_id") and (path, 0) not in taken:
            done.append(_take(column.header, path, taken, SURE, "Column name"))
        else:
            done.append(column)
    return done


def form_of(field: str, samples: Sequence[Sequence[str]], at: int) -> str:
    """This will tell from samples how a column's dates are written, or that a blank means no."""
    cells = [row[at].strip() for row in samples if at < len(row)]
    kind = FIELDS[field].kind if field else Kind.TEXT
    if kind is Kind.DATE:
        return date_order(cells)
    if kind is Kind.YES_NO and {cell.lower() for cell in cells} == {"", "x"}:
        return FLAG
    return ""


def _likelihood(matched: Matched) -> tuple[int, int]:
    """This will rate what a list is of: what it needs is there, then how many heads it explains."""
    names = {column.field.partition(".")[2] for column in matched.columns if column.field}
    complete = not missing_fields(matched)
    if matched.entity is Entity.CONTACT:
        complete = complete and bool(names & synonyms.PEOPLE)
    if matched.entity is Entity.INVOICE:
        complete = complete and bool(names & {"issued_on", "amount", "open_amount"})
    return int(complete), matched.sure


def _occurrences(headers: Sequence[str]) -> list[int]:
    seen: dict[str, int] = {}
    nths = []
    for header in headers:
        key = header_key(header)
        nths.append(seen.get(key, 0))
        seen[key] = nths[-1] + 1
    return nths


@lru_cache(maxsize=4)
def _words(entity: Entity) -> dict[str, str]:
    """This will give the words of an entity, each with its field; the first of two wins."""
    found: dict[str, str] = {}
    for name, words in _TABLES[entity].items():
        for word in words.split():
            found.setdefault(word, name)
    return found
