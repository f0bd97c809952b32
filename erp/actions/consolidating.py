"""Corrections follow customers and contacts that became one."""

from collections.abc import Callable, Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef

from contacts.actions.moving import put
from contacts.models import ChangeSet, SourceRecord
from contacts.rules.words import Entity
from erp.actions.write_back import follow_contacts, follow_customers
from erp.models import WriteBackLine
from erp.rules.states import LineState

WAITING = [LineState.TO_EXPORT, LineState.NOT_APPLIED, LineState.CONFLICT]


@transaction.atomic
def follow_merge(*, entity: Entity, into: Mapping[int, int], change_set: ChangeSet) -> None:
    """This will bring the lines of merged rows in step; they belong to the one that stays now.

    Where the ERP has both, only the record of the one that stays gets corrections, and nobody is
    created who is there already. What has left for the ERP is settled by the next import.
    """
    owner = entity.value
    for gone, keep in into.items():
        waiting = WriteBackLine.objects.filter(state__in=WAITING)
        ours = waiting.filter(**{owner: keep})
        records = SourceRecord.objects.filter(entity=entity, **{owner: keep})
        known = records.filter(source=OuterRef("source"))
        for rows in (
            ours.filter(record__merged_away=True),
            ours.filter(Exists(known), record=None, field=""),
            waiting.filter(**{owner: gone}),
        ):
            put(rows=rows, values={"state": LineState.WITHDRAWN.value}, change_set=change_set)
        fields = set(ours.exclude(field="").values_list("field", flat=True))
        _FOLLOW[entity](keep, fields, change_set)


def _follow_contact(key: int, fields: set[str], change_set: ChangeSet) -> None:
    follow_contacts(contact_ids=[key], fields=fields, change_set=change_set)


def _follow_customer(key: int, fields: set[str], change_set: ChangeSet) -> None:
    follow_customers(customer_ids=[key], fields=fields, change_set=change_set)


_FOLLOW: dict[Entity, Callable[[int, set[str], ChangeSet], None]] = {
    Entity.CONTACT: _follow_contact,
    Entity.CUSTOMER: _follow_customer,
}
