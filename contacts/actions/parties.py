"""The two records of a merge as values: what each says, who told it, and which would stay."""

from collections.abc import Mapping
from typing import Any

from contacts.actions.changes import CONTACT_FIELDS, CUSTOMER_FIELDS
from contacts.actions.merging import CannotMergeError
from contacts.models import Contact, Customer, Source, SourceRecord
from contacts.rules.choosing import Party, Prefer, Side, choose
from contacts.rules.precedence import Standing
from contacts.rules.values import text_of
from contacts.rules.words import STAGE_ORDER, Entity

FIELDS = {Entity.CONTACT: CONTACT_FIELDS, Entity.CUSTOMER: CUSTOMER_FIELDS}
_STAGES = [stage.value for stage in STAGE_ORDER]


def standing_of(source: Source) -> Standing:
    """This will give what the settings of a source say of its word."""
    return Standing(source.rank, frozenset(source.leads), frozenset(source.trails))


def survivor_of(entity: Entity, one: int, other: int) -> tuple[int, int]:
    """This will propose which of two stays: who is further on the portal, told by more, older.

    Raises CannotMergeError when one of the two is not there any more.
    """
    rows = _rows(entity, one, other)
    ranked = sorted(rows.values(), key=_rank, reverse=True)
    return ranked[0].pk, ranked[1].pk


def sides_of(entity: Entity, keep: int, gone: int, prefer: Prefer) -> dict[str, Side]:
    """This will propose whose value stays, for every field in which the two differ.

    Raises CannotMergeError when one of the two is not there any more.
    """
    rows = _rows(entity, keep, gone)
    names = sorted(FIELDS[entity])
    return choose(names, _party(entity, rows[keep]), _party(entity, rows[gone]), prefer)


def _rows(entity: Entity, one: int, other: int) -> dict[int, Any]:
    model: Any = Contact if entity is Entity.CONTACT else Customer
    rows = {row.pk: row for row in model.objects.filter(pk__in=[one, other])}
    if len(rows) < 2:  # noqa: PLR2004 - a pair
        message = "One of the two was merged or removed meanwhile. Look at the list again."
        raise CannotMergeError(message)
    return rows


def _rank(row: Contact | Customer) -> tuple[int, bool, int, int]:
    stage = _STAGES.index(row.portal_stage) if isinstance(row, Contact) else 0
    return stage, row.active, row.records.count(), -row.pk


def _party(entity: Entity, row: Contact | Customer) -> Party:
    records = SourceRecord.objects.filter(entity=entity, **{entity.value: row})
    standings: dict[str, Standing] = {}
    for record in records.select_related("source").order_by("pk"):
        mine = standing_of(record.source)
        for name, text in record.base.items():
            if text and (name not in standings or mine.of(name) < standings[name].of(name)):
                standings[name] = mine
    return Party(
        values=_values(entity, row),
        standings=standings,
        email_status=getattr(row, "email_status", ""),
        is_role=getattr(row, "is_role_address", False),
        changed=row.updated_at.timestamp(),
    )


def _values(entity: Entity, row: Contact | Customer) -> Mapping[str, str]:
    return {name: text_of(getattr(row, name)) for name in FIELDS[entity]}
