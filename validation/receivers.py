"""Findings follow what changes in contacts and customers."""

from collections.abc import Sequence

from django.dispatch import receiver

from contacts import events
from contacts.models import ChangeSet, Contact, Customer
from validation.actions.checking import AT_ONCE, check_contacts, check_later

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
    change_set: ChangeSet | None,
    **_unknown: object,
) -> None:
    """This will check few contacts at once; many are left to a job, so that no write waits."""
    if not contacts or not fields & (OF_CUSTOMER if sender is Customer else OF_CONTACT):
        return
    if len(contacts) > AT_ONCE:
        check_later(contact_ids=contacts)
    else:
        check_contacts(contact_ids=contacts)
