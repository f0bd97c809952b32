"""Many rows at once: COPY on PostgreSQL, executemany on SQLite, without the ORM's cost per row.

For imports and other work that counts rows in thousands; only inside a transaction.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from django.db import connection, models
from django.utils import timezone

M = TypeVar("M", bound=models.Model)
Column = models.Field[Any, Any]
Adapt = Callable[[Any], Any]
# The name of the sequence is looked up once, not for every key.
_NEXT_KEYS = """
SELECT nextval(sequence.name) AS key FROM
(SELECT pg_get_serial_sequence(%s, %s)::regclass AS name OFFSET 0) sequence,
generate_series(1, %s)
"""


def insert_rows(model: type[M], rows: Sequence[M]) -> Sequence[M]:
    """This will insert new rows and give each its primary key, in the order given."""
    if not rows:
        return rows
    now = timezone.now()
    moments = [field.attname for field in _columns(model) if _is_now(field)]
    for row, key in zip(rows, _reserve(model, len(rows)), strict=True):
        row.pk = key
        for name in moments:
            setattr(row, name, now)
    _insert(model, _columns(model), _values(_columns(model), rows))
    for row in rows:
        row._state.adding = False  # noqa: SLF001 - as bulk_create does
        row._state.db = connection.alias  # noqa: SLF001 - likewise
    return rows


class Json(str):
    """Text that goes into a JSON column as it is."""

    __slots__ = ()


def insert_values(
    model: type[M], names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> Sequence[int]:
    """This will insert rows given as values of the named columns; gives their primary keys.

    The other columns get their defaults. No model is made for a row: several times as fast.
    """
    if not rows:
        return []
    keys = _reserve(model, len(rows))
    numbered = ((key, *row) for key, row in zip(keys, rows, strict=True))
    _insert_values(model, (_key(model).attname, *names), numbered)
    return keys


def append_values(model: type[M], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """This will insert rows as `insert_values`, but leave their primary keys to the database."""
    if rows:
        _insert_values(model, names, rows)


def _insert_values(model: type[M], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    fields = {field.attname: field for field in _columns(model)}
    rest = [name for name in fields if name not in names and not fields[name].primary_key]
    blank = model()
    for name in rest:
        if _is_now(fields[name]):
            setattr(blank, name, timezone.now())
    same = next(_values([fields[name] for name in rest], [blank]))
    adapts = [(at, adapt) for at, name in enumerate(names) if (adapt := _adapt(fields[name]))]
    columns = [fields[name] for name in (*names, *rest)]
    _insert(model, columns, _completed(rows, adapts, same))


def _completed(
    rows: Iterable[Sequence[Any]], adapts: Sequence[tuple[int, Adapt]], same: Sequence[Any]
) -> Iterator[list[Any]]:
    """This will give rows with the values that need it made fit, and what all of them share."""
    for row in rows:
        values = [*row, *same]
        for at, adapt in adapts:
            values[at] = adapt(values[at])
        yield values


def update_rows(model: type[M], rows: Sequence[M], names: Sequence[str]) -> None:
    """This will write the named fields of rows that exist, one short statement a row."""
    wanted = set(names)
    fields = [field for field in _columns(model) if wanted & {field.name, field.attname}]
    if not rows or not fields:
        return
    settings = ", ".join(f"{_quote(field.column)} = %s" for field in fields)
    where = f"{_quote(_key(model).column)} = %s"
    statement = f"UPDATE {_table(model)} SET {settings} WHERE {where}"  # noqa: S608 - names of columns
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(_values([*fields, _key(model)], rows)))


def refresh_statistics(*models_changed: type[models.Model]) -> None:
    """This will let PostgreSQL plan for the rows that were just written; SQLite needs no such."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in models_changed:
                # What is not looked up by needs no statistics, and the long columns take longest.
                names = ", ".join(_quote(field.column) for field in _looked_up(model))
                cursor.execute(f"ANALYZE {_table(model)} ({names})")


def _insert(model: type[M], fields: Sequence[Column], rows: Iterable[list[Any]]) -> None:
    names = ", ".join(_quote(field.column) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {_table(model)} ({names}) FROM STDIN") as copy:
                for values in rows:
                    copy.write_row(values)
            return
        marks = ", ".join(["%s"] * len(fields))
        statement = f"INSERT INTO {_table(model)} ({names}) VALUES ({marks})"  # noqa: S608 - names of columns
        cursor.executemany(statement, list(rows))


def _values(fields: Sequence[Column], rows: Sequence[M]) -> Iterator[list[Any]]:
    """This will give each row's values as the database takes them."""
    readers = [(field.attname, _adapt(field)) for field in fields]
    for row in rows:
        values = []
        for name, adapt in readers:
            value = getattr(row, name)
            values.append(value if adapt is None else adapt(value))
        yield values


def _adapt(field: Column) -> Adapt | None:
    """This will give what makes a value fit for the database; nothing for text and numbers."""
    if isinstance(field, models.ForeignKey):
        return _adapt(field.target_field)
    if isinstance(
        field, models.CharField | models.TextField | models.IntegerField | models.BooleanField
    ):
        return None
    if isinstance(field, models.JSONField):
        return partial(_as_json, field.encoder)
    return partial(field.get_db_prep_save, connection=connection)


def _as_json(encoder: type[json.JSONEncoder] | None, value: Any) -> str | None:  # noqa: ANN401 - what JSON can say
    if value is None:
        return None
    return str(value) if type(value) is Json else json.dumps(value, cls=encoder)


def _reserve(model: type[M], count: int) -> Sequence[int]:
    """This will take the next primary keys, so that rows can name each other before they exist."""
    table = model._meta.db_table  # noqa: SLF001 - Django's public-in-practice API
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            name = [table, _key(model).column]
            ends = f"SELECT min(key), max(key) FROM ({_NEXT_KEYS}) taken"  # noqa: S608 - our own text
            cursor.execute(ends, [*name, count])
            first, last = cursor.fetchone()
            if last - first + 1 == count:
                return range(first, last + 1)
            # Somebody else took some in between; those taken here stay unused.
            cursor.execute(_NEXT_KEYS, [*name, count])
            return [int(row[0]) for row in cursor.fetchall()]
        # Django's keys are AUTOINCREMENT here; the transaction's write lock holds the place.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        last = int(found[0]) if found else 0
        return range(last + 1, last + 1 + count)


def _is_now(field: Column) -> bool:
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


def _columns(model: type[M]) -> list[Column]:
    return list(model._meta.concrete_fields)  # noqa: SLF001 - as above


def _looked_up(model: type[M]) -> list[Column]:
    """This will give the columns that an index begins with or holds."""
    meta = model._meta  # noqa: SLF001 - as above
    held = {name.lstrip("-") for index in meta.indexes for name in index.fields}
    for constraint in meta.constraints:
        held |= set(getattr(constraint, "fields", ()))
    return [
        field
        for field in _columns(model)
        if field.primary_key or getattr(field, "db_index", False) or field.name in held
    ]


def _key(model: type[M]) -> Column:
    return model._meta.pk  # noqa: SLF001 - as above


def _table(model: type[M]) -> str:
    return _quote(model._meta.db_table)  # noqa: SLF001 - as above


def _quote(name: str | None) -> str:
    return str(connection.ops.quote_name(name or ""))
