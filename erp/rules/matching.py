"""Find a field for every column: by a preset, by its head, by likeness, by what stands in it."""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from contacts.rules.words import Entity
from erp.rules import forms, looks, synonyms
from erp.rules.fields import SHARED
from erp.rules.mapping import (
    GENERIC,
    REASON,
    SURE,
    Column,
    Matched,
    Preset,
    header_key,
    left_out,
    missing_fields,
)
from erp.rules.people import people
from erp.rules.telling import (
    with_activity,
    with_addresses,
    with_bare_account,
    with_kind,
    with_name_parts,
    with_own_id,
    with_titles,
)
from erp.rules.vocabulary import BY_NAME, Taken, take, word_of, words_of
from erp.rules.wording import meanings

_SIMILAR = 88
_LONG_ENOUGH = 5
SHARED_PATHS = frozenset((f"{entity.value}.{name}", 0) for entity in Entity for name in SHARED)
Rows = Sequence[Sequence[str]]


def match(
    headers: Sequence[str],
    rows: Rows,
    presets: Sequence[Preset] = (),
    entity: Entity | None = None,
) -> Matched:
    """This will find a field for every head; `entity` is given when a person said what it is of."""
    wanted = [entity] if entity else list(Entity)
    keys = frozenset(map(header_key, headers))
    known = [
        _by_preset(headers, rows, preset, one)
        for preset in presets
        for one in wanted
        if preset.knows(one, keys)
    ]
    if known:
        matched = max(known, key=lambda one: one.sure)
    else:
        matched = max((_by_words(headers, rows, one) for one in wanted), key=_likelihood)
    columns = [
        left_out(column.header)
        if column.header == REASON
        else Column(column.header, "", 0, "", 1.0, "Blank column")
        if not column.header.strip() and rows and not looks.column(rows, at)
        else column
        for at, column in enumerate(matched.columns)
    ]
    return replace(matched, columns=tuple(forms.with_forms(columns, rows, matched.entity)))


def _by_preset(headers: Sequence[str], rows: Rows, preset: Preset, entity: Entity) -> Matched:
    """This will use a preset; a column that it does not know goes by its name alone."""
    told = preset.columns[entity]
    columns: list[Column] = []
    taken: Taken = set()
    for header in headers:
        target = told.get(header_key(header))
        again = target is not None and (target.field, target.slot) in taken - SHARED_PATHS
        if target is None or again:
            columns.append(Column(header, "", 0, "", 1.0 if target else 0.0))
            continue
        taken.add((target.field, target.slot))
        columns.append(Column(header, target.field, target.slot, target.form, 1.0, preset.name))
    rest = _by_words(headers, rows, entity, taken).columns
    for at, column in enumerate(columns):
        if not column.confidence and rest[at].reason == BY_NAME and not rest[at].slot:
            columns[at] = rest[at]
    return Matched(preset.slug, entity, tuple(columns))


def _by_words(
    headers: Sequence[str],
    rows: Rows,
    entity: Entity,
    used: Taken | None = None,
) -> Matched:
    taken = set(used or ())
    words = words_of(entity)
    columns = _named_columns(headers, rows, entity, taken)
    if entity is Entity.CONTACT:
        columns = with_titles(columns, rows, taken)
    columns = _without_names_for_numbers(columns, rows, entity, taken)
    columns = _without_keys_for_numbers(columns, rows, entity, taken)
    columns = [
        column if column.field else _alike(column.header, words, entity, taken)
        for column in columns
    ]
    if entity is not Entity.INVOICE and (f"{entity.value}.email", 0) not in taken:
        columns = with_addresses(columns, rows, entity, taken)
    if entity is not Entity.INVOICE:
        columns = with_bare_account(columns, rows, entity, taken)
    if entity is Entity.CONTACT:
        columns = with_kind(columns, rows, taken)
        columns = with_name_parts(columns, rows, taken)
        columns = _with_customer(columns, rows, taken)
    if entity is not Entity.INVOICE:
        columns = with_own_id(columns, rows, entity, taken)
        columns = with_activity(columns, rows, entity, taken)
    return Matched(GENERIC, entity, tuple(columns))


def _named_columns(
    headers: Sequence[str], rows: Rows, entity: Entity, taken: Taken
) -> list[Column]:
    """This will find fields by name alone: literal names first, then what else a name may mean.

    A column of a system's keys is none of those: its head names what the key is of.
    """
    words = words_of(entity)
    slots = people(headers, words) if entity is Entity.CONTACT else {}
    keys = {at for at in range(len(headers)) if looks.are_system_keys(looks.column(rows, at))}
    same = {at for at in range(len(headers)) if looks.are_all_the_same(looks.column(rows, at))}
    columns = []
    for at, header in enumerate(headers):
        literal = "" if at in keys else words.get(header_key(header), "")
        if at in same and literal in _TELLING:
            literal = ""  # the name of the company that keeps the books, in every row
        columns.append(
            _in_slot(header, *slots[at], taken)
            if at in slots
            else _named(header, literal, entity, taken)
        )
    for at, column in enumerate(columns):
        name = "" if column.field or at in keys else word_of(column.header, words)
        if name and not (at in same and name in _TELLING):
            columns[at] = _named(column.header, name, entity, taken)
    for at in sorted(same - keys):
        if not columns[at].field and (name := word_of(headers[at], words)) in _TELLING:
            columns[at] = _named(headers[at], name, entity, taken)
    return columns


# Names that should tell one customer from another: in every row the same only for want of others.
_TELLING = frozenset({"name", "organization"})


def _in_slot(header: str, name: str, slot: int, taken: Taken) -> Column:
    """This will give a column to one of the people of a wide row."""
    path = f"{Entity.CONTACT.value}.{name}"
    if (path, slot) in taken:
        return Column(header)
    taken.add((path, slot))
    reason = BY_NAME if not slot else f"Person {slot + 1} of the row"
    return Column(header, path, slot, "", SURE, reason)


def _named(header: str, name: str, entity: Entity, taken: Taken) -> Column:
    if not name:
        return Column(header)
    return take(header, f"{entity.value}.{name}", taken, SURE, BY_NAME)


# A number of the wrong thing would join records that do not belong together.
_NEVER_GUESSED = frozenset({"account", "own_id", "number", "parent", "username"})


def _alike(header: str, words: dict[str, str], entity: Entity, taken: Taken) -> Column:
    key = header_key(header)
    if len(key) < _LONG_ENOUGH or key in words:
        return Column(header)
    best = process.extractOne(key, list(words), scorer=fuzz.ratio, score_cutoff=_SIMILAR)
    if best is None or words[best[0]] in _NEVER_GUESSED:
        return Column(header)
    path = f"{entity.value}.{words[best[0]]}"
    return take(header, path, taken, round(best[1] / 100, 2), "Similar name, check this")


def _without_names_for_numbers(
    columns: list[Column], rows: Rows, entity: Entity, taken: Taken
) -> list[Column]:
    """This will tell names of customers from their numbers: a head like "Customer" can be either.

    A column of names frees the account number for the next column that could be it.
    """
    path = f"{entity.value}.account"
    could_be = [
        at
        for at, column in enumerate(columns)
        if column.field == path
        or (not column.field and word_of(column.header, words_of(entity)) == "account")
    ]
    named = [at for at in could_be if looks.are_names(looks.column(rows, at))]
    if not named:
        return columns
    taken.discard((path, 0))
    for at in could_be:
        header = columns[at].header
        if at in named:
            columns[at] = _name_of_customer(header, entity, taken)
        elif looks.column(rows, at):
            columns[at] = take(header, path, taken, SURE, BY_NAME)
    return columns


def _without_keys_for_numbers(
    columns: list[Column], rows: Rows, entity: Entity, taken: Taken
) -> list[Column]:
    """This will leave "Account ID" for the system's own key, where "Account Number" stands too."""
    path, own = f"{entity.value}.account", f"{entity.value}.own_id"
    at = next((at for at, column in enumerate(columns) if column.field == path), None)
    if at is None or not _is_key(columns[at].header):
        return columns
    for later, column in enumerate(columns):
        is_account = not column.field and word_of(column.header, words_of(entity)) == "account"
        if is_account and not _is_key(column.header) and looks.column(rows, later):
            taken -= {(path, 0)}
            columns[later] = take(column.header, path, taken, SURE, BY_NAME)
            columns[at] = Column(columns[at].header)
            if entity is Entity.CUSTOMER:
                columns[at] = take(columns[at].header, own, taken, SURE, BY_NAME)
            break
    return columns


def _is_key(header: str) -> bool:
    return header_key(header).endswith(("id", "key", "guid"))


def _name_of_customer(header: str, entity: Entity, taken: Taken) -> Column:
    path = "contact.organization" if entity is Entity.CONTACT else "customer.name"
    return take(header, path, taken, SURE, "Values are names")


def _with_customer(columns: list[Column], rows: Rows, taken: Taken) -> list[Column]:
    """This will give what is left in a list of people to their customer: its name, its rep."""
    has_account = ("contact.account", 0) in taken
    mixed = ("contact.is_company", 0) in taken
    keys = [header_key(column.header) for column in columns]
    done = []
    for at, column in enumerate(columns):
        key = keys[at]
        name = word_of(column.header, words_of(Entity.CUSTOMER))
        if name in _TELLING and looks.are_all_the_same(looks.column(rows, at)):
            name = ""
        is_firm = column.field == "contact.organization"
        name = "name" if is_firm else name
        free = not column.field or is_firm
        if free and _is_plain_name(column.header) and (part := _part_of_name(taken)):
            done.append(take(column.header, f"contact.{part}", taken, SURE, BY_NAME))
        elif free and name == "name" and (mixed or not has_account):
            done.append(_organization(column, taken))
        elif free and name not in ("", "account", "own_id") and key not in keys[:at]:
            found = take(column.header, f"customer.{name}", taken, SURE, BY_NAME)
            done.append(found if found.field else column)
        else:
            done.append(column)
    return done if mixed else forms.of_the_customer(done, rows)


def _is_plain_name(header: str) -> bool:
    return any(key in synonyms.PLAIN_NAME for key in meanings(header)[:2])


def _part_of_name(taken: Taken) -> str:
    """This will say which part of a person's name a plain "Name" is: what the others are not."""
    first, last, full = (
        (f"contact.{name}", 0) in taken for name in ("first_name", "last_name", "full_name")
    )
    if full or (first and last):
        return ""
    return "last_name" if first else "first_name" if last else "full_name"


def _organization(column: Column, taken: Taken) -> Column:
    """This will keep a firm's name with the person: it is all that says who the customer is."""
    if column.field:
        return column
    return take(column.header, "contact.organization", taken, SURE, BY_NAME)


def _likelihood(matched: Matched) -> tuple[int, int]:
    """This will rate what a list is of: what it needs is there, then how many heads it explains."""
    names = {column.field.partition(".")[2] for column in matched.columns if column.field}
    complete = not missing_fields(matched)
    if matched.entity is Entity.CONTACT:
        complete = complete and bool(names & synonyms.PEOPLE)
    if matched.entity is Entity.INVOICE:
        complete = complete and bool(names & {"issued_on", "amount", "open_amount"})
    return int(complete), matched.sure
