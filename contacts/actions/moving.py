"""Hang rows of any app on another contact or customer, and remember what stood there.

A merge moves whatever hangs on the row that goes away. Django knows every such table, so none is
named here and none can be forgotten: contacts needs to know nothing of the apps above.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from contacts.actions.bulk import insert_values
from contacts.actions.changes import set_text
from contacts.models import ChangeSet, Moved, SourceRecord
from contacts.rules.values import text_of

CHUNK = 500
BASE = "base"
# What is said of one row and stays with it: its history, and whom it was compared with.
STAYING = frozenset({"contacts.change", "contacts.duplicate", "contacts.matchkey"})
COLUMNS = ("change_set_id", "model", "row", "field", "old", "new")


@transaction.atomic
def move_all(*, model: type[models.Model], gone: int, keep: int, change_set: ChangeSet) -> None:
    """This will hang on `keep` whatever hangs on `gone`.

    Where a table allows one row only, and `keep` has it, the other stays where it is.
    """
    for relation in model._meta.related_objects:  # noqa: SLF001 - Django's public-in-practice API
        related: Any = relation.related_model
        if relation.many_to_many or related._meta.label_lower in STAYING:  # noqa: SLF001 - as above
            continue
        rows = related._base_manager.filter(**{relation.field.name: gone}).exclude(  # noqa: SLF001 - merged rows too
            pk=keep if related is model else None
        )
        put(rows=rows, values={relation.field.attname: str(keep)}, change_set=change_set)


@transaction.atomic
def put(
    *, rows: "models.QuerySet[Any]", values: Mapping[str, str], change_set: ChangeSet
) -> list[object]:
    """This will set fields of rows to values given as text; gives the keys of those changed.

    A row that the database refuses to change is left as it was.
    """
    model, names = rows.model, list(values)
    before = {
        key: [text_of(old) for old in olds]
        for key, *olds in rows.values_list("pk", *names)
        if [text_of(old) for old in olds] != [values[name] for name in names]
    }
    done = _set(model, list(before), values)
    label = model._meta.label_lower  # noqa: SLF001 - as above
    insert_values(
        Moved,
        COLUMNS,
        [
            (change_set.pk, label, str(key), name, old, values[name])
            for key in done
            for name, old in zip(names, before[key], strict=True)
            if old != values[name]
        ],
    )
    return done


@transaction.atomic
def note(*, rows: "models.QuerySet[Any]", field: str, old: str, change_set: ChangeSet) -> None:
    """This will remember what stood in a field that another act has just changed."""
    label = rows.model._meta.label_lower  # noqa: SLF001 - as above
    noted = [
        (change_set.pk, label, str(key), field, old, text_of(now))
        for key, now in rows.values_list("pk", field)
    ]
    insert_values(Moved, COLUMNS, noted)


@transaction.atomic
def note_bases(*, records: Iterable[SourceRecord], change_set: ChangeSet) -> None:
    """This will keep what sources say of records now, for the day when a merge is taken back."""
    label = SourceRecord._meta.label_lower  # noqa: SLF001 - as above
    rows = [
        (change_set.pk, label, str(record.pk), BASE, json.dumps(record.base), "")
        for record in records
    ]
    insert_values(Moved, COLUMNS, rows)


@transaction.atomic
def put_back(*, change_set: ChangeSet) -> tuple[int, int]:
    """This will set moved rows back, the newest first, where the new value is still there.

    Gives how many values went back and how many were changed or taken since.
    """
    moved = Moved.objects.filter(change_set=change_set).exclude(field=BASE).order_by("-pk")
    rows: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    for one in moved:
        fields = rows.setdefault((one.model, one.row), {})
        newest = fields[one.field][1] if one.field in fields else one.new
        fields[one.field] = (one.old, newest)
    groups: dict[tuple[str, tuple[Any, ...]], list[str]] = defaultdict(list)
    for (label, row), fields in rows.items():
        groups[label, tuple(fields.items())].append(row)
    back = sum(_back(apps.get_model(label), keys, dict(f)) for (label, f), keys in groups.items())
    Moved.objects.filter(change_set=change_set).delete()
    return back, sum(map(len, rows.values())) - back


def _back(model: Any, rows: list[str], fields: Mapping[str, tuple[str, str]]) -> int:  # noqa: ANN401 - any table
    """This will set fields back together, or one by one where one of them was changed since."""
    now = {name: _value(model, name, new) for name, (_old, new) in fields.items()}
    still = model._base_manager.filter(pk__in=rows, **now)  # noqa: SLF001 - as above
    olds = {name: old for name, (old, _new) in fields.items()}
    done = {str(key) for key in _set(model, list(still.values_list("pk", flat=True)), olds)}
    left = [row for row in rows if row not in done]
    back = len(done) * len(fields)
    if left and len(fields) > 1:
        back += sum(_back(model, left, {name: both}) for name, both in fields.items())
    return back


def _set(model: Any, keys: list[Any], values: Mapping[str, str]) -> list[Any]:  # noqa: ANN401 - as above
    """This will set fields in a few statements, or row by row where one of them is refused."""
    typed = {name: _value(model, name, text) for name, text in values.items()}
    done = []
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        try:
            with transaction.atomic():
                model._base_manager.filter(pk__in=part).update(**typed)  # noqa: SLF001 - as above
            done += part
        except IntegrityError:
            if len(part) > 1:
                done += [key for one in part for key in _set(model, [one], values)]
    return done


def _value(model: Any, field: str, text: str) -> object:  # noqa: ANN401 - as above
    blank = model()
    set_text(blank, field, text)
    value: object = getattr(blank, field)
    return value
