"""Rows of which nothing is here yet: written as they were staged, without a look at each field.

Nearly all rows of a first import are such. One that somebody who came since the preview may be, or
whose number is taken, is handed over to the slower way that looks at every field.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import TextField
from django.db.models.functions import Cast

from contacts.actions.arriving import (
    At,
    bring_contacts,
    bring_customers,
    bring_invoices,
    record_arrived,
)
from contacts.actions.bulk import Json
from contacts.models import Contact, Invoice
from contacts.rules.words import Entity
from erp.actions.carrying import change_set_of, rep_of
from erp.models import Import
from erp.querysets import places_by_number, staff_by_name
from erp.rules.states import RowOutcome

Values = Mapping[str, str]
RECORDED = (
    "source_id", "entity", "seen_in", "key", "own_id", "base", "fingerprint", "origin",
    "row_number",
)  # fmt: skip


class Row(NamedTuple):
    """A staged row as plain values; `base` is the text of what it says."""

    pk: int
    account: str
    address: str
    key: str
    own_id: str
    base: str
    fingerprint: str
    origin: str
    number: int


def bring(*, run: Import, entity: Entity, start: int, end: int) -> int:
    """This will bring in the new rows of a range; gives how many. The others lose their outcome."""
    new = run.staged.filter(pk__range=(start, end), entity=entity, outcome=RowOutcome.NEW)
    columns = ("account", "address", "key", "own_id", "base", "fingerprint", "origin", "row")
    as_text = new.annotate(base=Cast("values", TextField())).order_by("pk")
    rows = [Row(*row) for row in as_text.values_list("pk", *columns)]
    if not rows:
        return 0
    said: list[Values] = [json.loads(row.base) for row in rows]
    brought, keys = _BRING[entity](run, rows, said)
    first = (run.source_id, entity.value, run.pk)
    record_arrived(
        names=(*RECORDED, f"{entity.value}_id"),
        rows=[
            (*first, row.key, row.own_id, Json(row.base), *row[6:], key)
            for row, key in zip(brought, keys, strict=True)
        ],
    )
    if len(brought) < len(rows):
        left = {row.pk for row in rows} - {row.pk for row in brought}
        run.staged.filter(pk__in=left).update(outcome="")
    return len(brought)


def _customers(
    run: Import, rows: Sequence[Row], said: Sequence[Values]
) -> tuple[list[Row], Sequence[int]]:
    taken = set(places_by_number(run.source, {row.account for row in rows}))
    reps = staff_by_name()
    brought, new = [], []
    for row, values in zip(rows, said, strict=True):
        if row.account not in taken:
            taken.add(row.account)
            brought.append(row)
            rep = rep_of(reps, values.get("sales_rep_name", ""))
            new.append({**values, "account_number": row.account, **rep})
    numbering = run.source.numbering
    return brought, bring_customers(numbering=numbering, rows=new, change_set=change_set_of(run))


def _contacts(
    run: Import, rows: Sequence[Row], said: Sequence[Values]
) -> tuple[list[Row], Sequence[int]]:
    places = _places(run, rows, said)
    here = set(
        Contact.objects.filter(customer__in=[at.customer_id for at in places.values()])
        .exclude(address_key="")
        .values_list("customer_id", "address_key")
    )
    brought, new = [], []
    for row, values in zip(rows, said, strict=True):
        at = places.get(row.account)
        is_unknown = at is None and row.account != ""
        if not is_unknown and not (at and (at.customer_id, row.address) in here):
            brought.append(row)
            new.append((at, values))
    return brought, bring_contacts(rows=new, change_set=change_set_of(run))


def _invoices(
    run: Import, rows: Sequence[Row], said: Sequence[Values]
) -> tuple[list[Row], Sequence[int]]:
    places = _places(run, rows, said)
    taken = set(
        Invoice.objects.filter(
            customer__in=[at.customer_id for at in places.values()],
            number__in=[values.get("number", "") for values in said],
        ).values_list("customer_id", "number")
    )
    brought, new = [], []
    for row, values in zip(rows, said, strict=True):
        at = places.get(row.account)
        if at and (name := (at.customer_id, values.get("number", ""))) not in taken:
            taken.add(name)
            brought.append(row)
            new.append((at, values))
    return brought, bring_invoices(rows=new, change_set=change_set_of(run))


def _places(run: Import, rows: Sequence[Row], said: Sequence[Values]) -> dict[str, At]:
    """This will give the customers that rows name; adds unknown ones where that is wanted."""
    numbers = {row.account for row in rows} - {""}
    places = {number: At(*place) for number, place in places_by_number(run.source, numbers).items()}
    if len(places) == len(numbers) or not run.create_customers:
        return places
    unknown: dict[str, str] = {}
    for row, values in zip(rows, said, strict=True):
        if row.account and row.account not in places:
            unknown.setdefault(row.account, values.get("organization", ""))
    keys = bring_customers(
        numbering=run.source.numbering,
        rows=[{"account_number": number, "name": name} for number, name in unknown.items()],
        change_set=change_set_of(run),
    )
    for key, (number, name) in zip(keys, unknown.items(), strict=True):
        places[number] = At(key, name, number)
    return places


_BRING: dict[Entity, Any] = {
    Entity.CUSTOMER: _customers,
    Entity.CONTACT: _contacts,
    Entity.INVOICE: _invoices,
}
