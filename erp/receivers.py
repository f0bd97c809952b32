"""Corrections follow what changes here: contacts tell, lines are written or withdrawn."""

from collections.abc import Sequence

from django.dispatch import receiver

from contacts import events
from contacts.models import Change, ChangeSet, Contact, Customer
from contacts.rules.words import ChangeKind, Entity
from erp.actions.consolidating import follow_merge
from erp.actions.write_back import announce_born_here, follow_contacts, follow_customers

OF_CUSTOMER = "customer."


@receiver(events.changed, dispatch_uid="erp.write_back")
def follow(
    sender: type[Contact | Customer],
    contacts: Sequence[int],
    fields: set[str],
    change_set: ChangeSet | None,
    **_unknown: object,
) -> None:
    """This will follow every change but an import's own: what the ERP told, it knows."""
    if change_set is None or change_set.kind == ChangeKind.IMPORT:
        return
    if sender is Customer:
        names = {name.removeprefix(OF_CUSTOMER) for name in fields}
        changed = Change.objects.filter(change_set=change_set, customer__isnull=False)
        keys = list(changed.values_list("customer_id", flat=True).distinct())
        follow_customers(customer_ids=keys, fields=names, change_set=change_set)
    elif fields == {"created"}:
        announce_born_here(contact_ids=contacts)
    else:
        follow_contacts(contact_ids=contacts, fields=fields, change_set=change_set)


@receiver(events.merged, dispatch_uid="erp.merged")
def on_merged(
    sender: type[Contact | Customer],
    into: dict[int, int],
    change_set: ChangeSet,
    **_unknown: object,
) -> None:
    """This will let corrections follow rows that became one."""
    entity = Entity.CONTACT if sender is Contact else Entity.CUSTOMER
    follow_merge(entity=entity, into=into, change_set=change_set)
