"""Remove rows that nothing has happened to since they were made, with all that follows from them.

Django knows every table that hangs on a contact or a customer, so none is named here: whatever an
app above writes about somebody is a trace of use, unless its model says that it is `computed`.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from django.db import connection, models
from django.db.models import Q

from contacts.models import Change, ChangeSet, SourceRecord

Model = type[models.Model]
EDITED = "edited since"
AGAIN = "told by another import too"
DENSE = 4


def uses_of(
    *, model: Model, keys: AbstractSet[int], change_set: ChangeSet, seen_in: int | None = None
) -> dict[int, str]:
    """This will say of rows that a change set made what has happened to them since, if anything.

    `seen_in` is the number of the import that made them; what its records say is no use of theirs.
    """
    found: dict[int, str] = {}
    for relation in _hanging_on(model):
        related, name = relation.related_model, relation.field.attname
        if getattr(related, "computed", False):
            continue
        rows = related._base_manager.filter(_among(name, keys))  # noqa: SLF001 - hidden rows too
        why = f"has {related._meta.verbose_name_plural}"  # noqa: SLF001 - Django's public-in-practice API
        if related is Change:
            rows, why = rows.filter(undone=False).exclude(change_set=change_set), EDITED
        elif related is SourceRecord:
            rows, why = rows.exclude(seen_in=seen_in), AGAIN
        for key in rows.values_list(name, flat=True):
            if key in keys:
                found.setdefault(key, why)
    return found


def remove_rows(*, model: Model, keys: AbstractSet[int]) -> None:
    """This will remove rows and what hangs on them, as Django would, without reading the rows."""
    for relation in _hanging_on(model):
        related, name = relation.related_model, relation.field.attname
        rows = related._base_manager.filter(_among(name, keys))  # noqa: SLF001 - as above
        hanging = {pk for pk, owner in rows.values_list("pk", name) if owner in keys}
        if not hanging:
            continue
        if relation.on_delete is models.SET_NULL:
            related._base_manager.filter(_exactly(hanging)).update(**{name: None})  # noqa: SLF001 - as above
        elif related is model or relation.on_delete is models.PROTECT:
            message = f"{related.__name__} rows hang on what was to be removed"
            raise models.ProtectedError(message, set())
        else:
            remove_rows(model=related, keys=hanging)
    doomed = model._base_manager.filter(_exactly(keys))  # noqa: SLF001 - as above
    doomed._raw_delete(connection.alias)  # noqa: SLF001 - `delete` reads every row first


def _hanging_on(model: Model) -> Iterator[Any]:
    """This will give the relations by which rows of other tables hang on those of a model."""
    for one in model._meta.get_fields(include_hidden=True):  # noqa: SLF001 - as above
        if one.auto_created and not one.concrete and (one.one_to_one or one.one_to_many):
            yield one


def _among(name: str, keys: AbstractSet[int]) -> Q:
    """This will select a bit more than the keys where they lie close together: two numbers do."""
    first, last = min(keys), max(keys)
    if last - first < DENSE * len(keys):
        return Q(**{f"{name}__gte": first, f"{name}__lte": last})
    return Q(**{f"{name}__in": keys})


def _exactly(keys: AbstractSet[int]) -> Q:
    first, last = min(keys), max(keys)
    if last - first + 1 == len(keys):
        return Q(pk__range=(first, last))
    return Q(pk__in=keys)
