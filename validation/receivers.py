"""Findings follow what changes in contacts and customers."""

from collections.abc import Sequence

from django.dispatch import receiver

from contacts import events
from contacts.models import ChangeSet, Contact, Customer
from contacts.rules.words import ChangeKind
from validation.actions.checking import AT_ONCE, check_contacts, check_later
from validation.actions.consolidating import follow_merge, follow_parting

AT_ONCE_OF_IMPORT = 20

# What the checks look at; everything else may change without their caring.
OF_CONTACT = frozenset(
    {
        "created", "email", "first_name", "middle_name", "last_name", "organization", "job_title",
        "notes", "phone", "alternate_phone", "sms_number", "fax", "customer", "customer_id",
        "address_fact",
    }
)  # fmt: skip
OF_CUSTOMER = frozenset(
    f"customer.{name}"
    for name in (
        "name", "website", "email", "sales_rep_email", "postal_code", "parent", "parent_id",
        "is_house_account",
    )
)  # fmt: skip


@receiver(events.changed, dispatch_uid="validation.check")
def follow(
    sender: type[Contact | Customer],
    contacts: Sequence[int],
    fields: set[str],
    change_set: ChangeSet | None = None,
    **_unknown: object,
) -> None:
    """This will check few contacts at once; many are left to a job, so that no write waits.

    An import writes portion after portion: checking is not to lengthen each of them.
    """
    if not contacts or not fields & (OF_CUSTOMER if sender is Customer else OF_CONTACT):
        return
    is_import = change_set is not None and change_set.kind == ChangeKind.IMPORT
    if len(contacts) > (AT_ONCE_OF_IMPORT if is_import else AT_ONCE):
        check_later(contact_ids=contacts)
    else:
        check_contacts(contact_ids=contacts, change_set_id=change_set.pk if change_set else None)


@receiver(events.merged, dispatch_uid="validation.merged")
def on_merged(sender: type[Contact | Customer], into: dict[int, int], **_unknown: object) -> None:
    """This will check the contact that stays."""
    if sender is Contact:
        follow_merge(into=into)


@receiver(events.parted, dispatch_uid="validation.parted")
def on_parted(sender: type[Contact | Customer], into: dict[int, int], **_unknown: object) -> None:
    """This will check contacts that are two again."""
    if sender is Contact:
        follow_parting(into=into)
