"""Likely duplicates follow what changes in contacts and customers."""

from collections.abc import Sequence

from django.dispatch import receiver

from contacts import events
from contacts.actions.matching import match_contacts, match_customers
from contacts.models import Change, ChangeSet, Contact, Customer
from contacts.rules.words import ChangeKind

# What a person typed is compared at once; imports and bulk work are followed by a search.
AT_ONCE = 5
# Whoever came to another customer is compared with the new colleagues.
AT_ONCE_OF_MERGE = 200
COMPARED = frozenset(
    {
        "created", "email", "first_name", "middle_name", "last_name", "phone", "alternate_phone",
        "sms_number", "alt_customer_id", "birth_date", "postal_code", "customer_id",
    }
)  # fmt: skip
COMPARED_OF_CUSTOMER = frozenset(
    f"customer.{name}"
    for name in (
        "name", "address1", "city", "postal_code", "country", "phone", "website", "email",
        "parent_id", "account_number", "is_house_account",
    )
)  # fmt: skip


@receiver(events.changed, dispatch_uid="contacts.match")
def follow(
    sender: type[Contact | Customer],
    contacts: Sequence[int],
    fields: set[str],
    change_set: ChangeSet | None = None,
    **_unknown: object,
) -> None:
    """This will compare what a person has just typed with what looks like it."""
    if change_set is None:
        return
    if change_set.kind == ChangeKind.MERGE and fields == {"customer_id"}:
        if len(contacts) <= AT_ONCE_OF_MERGE:
            match_contacts(ids=contacts)
    elif change_set.kind != ChangeKind.EDIT:
        return
    elif sender is Contact and fields & COMPARED and len(contacts) <= AT_ONCE:
        match_contacts(ids=contacts)
    elif sender is Customer and fields & COMPARED_OF_CUSTOMER:
        changed = Change.objects.filter(change_set=change_set, customer__isnull=False)
        match_customers(ids=set(changed.values_list("customer_id", flat=True)))


@receiver([events.merged, events.parted], dispatch_uid="contacts.rematch")
def follow_merge(
    sender: type[Contact | Customer], into: dict[int, int], **_unknown: object
) -> None:
    """This will compare anew those who became one, or are two again."""
    match = match_contacts if sender is Contact else match_customers
    match(ids={*into, *into.values()})
