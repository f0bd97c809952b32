"""Add and edit customers and contacts by hand, and keep saved views."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from contacts import events
from contacts.actions.changes import (
    CONTACT_FIELDS,
    CUSTOMER_FIELDS,
    Edit,
    UnknownFieldError,
    derive_contact,
    derive_customer,
    edit_contacts,
    edit_customers,
    open_change_set,
    set_text,
)
from contacts.models import Change, ChangeSet, Contact, Customer, Segment
from contacts.rules.words import ChangeKind
from core.audit import record

FLAGS = ("promote", "invite")
BY_HAND_OF_CONTACT = CONTACT_FIELDS | {"is_house_user"}
BY_HAND_OF_CUSTOMER = CUSTOMER_FIELDS | {"parent_id"}


class NoWayToReachError(ValueError):
    """A contact needs an email address or a mobile number."""


class NumberTakenError(ValueError):
    """An account of that number exists."""


class OvertakenError(ValueError):
    """Somebody else changed the record since it was read; `change` is the newest of his changes."""

    def __init__(self, change: Change | None) -> None:
        super().__init__("changed meanwhile")
        self.change = change


class NameTakenError(ValueError):
    """A view of that name exists."""


@transaction.atomic
def add_contact(
    *, customer: Customer | None, values: Mapping[str, str], actor: User | None
) -> Contact:
    """This will add a contact by hand, with a change set of its own.

    Raises NoWayToReachError without email address and mobile number, UnknownFieldError for a
    field that people do not set.
    """
    if not values.get("email", "").strip() and not values.get("sms_number", "").strip():
        raise NoWayToReachError
    contact = Contact(customer=customer)
    for name, text in values.items():
        if name not in BY_HAND_OF_CONTACT:
            raise UnknownFieldError(name)
        set_text(contact, name, text)
    derive_contact(contact)
    contact.save()
    change_set = open_change_set(kind=ChangeKind.EDIT, label=f"Added {contact}", actor=actor)
    Change.objects.create(change_set=change_set, contact=contact)
    events.changed.send(
        sender=Contact, contacts=[contact.pk], fields={"created"}, change_set=change_set
    )
    return contact


@transaction.atomic
def add_customer(*, numbering: str, values: Mapping[str, str], actor: User | None) -> Customer:
    """This will add a customer by hand; `values` has its `account_number`.

    Raises NumberTakenError, and UnknownFieldError for a field that people do not set.
    """
    number = values["account_number"]
    if Customer.everyone.filter(numbering=numbering, account_number=number).exists():
        raise NumberTakenError(number)
    customer = Customer(numbering=numbering)
    for name, text in values.items():
        if name not in BY_HAND_OF_CUSTOMER | {"account_number"}:
            raise UnknownFieldError(name)
        set_text(customer, name, text)
    derive_customer(customer)
    customer.save()
    change_set = open_change_set(kind=ChangeKind.EDIT, label=f"Added {customer}", actor=actor)
    Change.objects.create(change_set=change_set, customer=customer)
    return customer


@transaction.atomic
def edit_contact(
    *, contact: Contact, values: Mapping[str, str], version: int, actor: User | None
) -> ChangeSet | None:
    """This will set fields of a contact as one change set; nothing when none of them differs.

    `version` is the one that the editor read. Raises OvertakenError, NoWayToReachError when
    neither address nor mobile number would be left.
    """
    now = Contact.objects.select_for_update().get(pk=contact.pk)
    if now.version != version:
        raise OvertakenError(_newest_change(contact=contact))
    left = [values.get(name, getattr(now, name)).strip() for name in ("email", "sms_number")]
    if not any(left) and (now.email or now.sms_number):
        raise NoWayToReachError
    edits = [Edit(contact.pk, name, text) for name, text in values.items()]
    change_set = open_change_set(kind=ChangeKind.EDIT, label=f"Edited {contact}", actor=actor)
    if edit_contacts(edits=edits, change_set=change_set, known=BY_HAND_OF_CONTACT).changes:
        return change_set
    transaction.set_rollback(True)
    return None


@transaction.atomic
def edit_customer(
    *, customer: Customer, values: Mapping[str, str], seen_at: datetime, actor: User | None
) -> ChangeSet | None:
    """This will set fields of a customer as one change set; nothing when none of them differs.

    `seen_at` is the time of change that the editor read. Raises OvertakenError.
    """
    now = Customer.objects.select_for_update().get(pk=customer.pk)
    if now.updated_at != seen_at:
        raise OvertakenError(_newest_change(customer=customer))
    edits = [Edit(customer.pk, name, text) for name, text in values.items()]
    change_set = open_change_set(kind=ChangeKind.EDIT, label=f"Edited {customer}", actor=actor)
    if edit_customers(edits=edits, change_set=change_set, known=BY_HAND_OF_CUSTOMER).changes:
        return change_set
    transaction.set_rollback(True)
    return None


@transaction.atomic
def set_flag(*, contact_ids: Sequence[int], field: str, on: bool, change_set: ChangeSet) -> int:
    """This will switch `promote` or `invite` of contacts on or off; gives how many changed.

    Raises UnknownFieldError for any other field.
    """
    if field not in FLAGS:
        raise UnknownFieldError(field)
    edits = [Edit(contact_id, field, "true" if on else "false") for contact_id in contact_ids]
    return len(edit_contacts(edits=edits, change_set=change_set).changes)


@transaction.atomic
def save_segment(*, name: str, query: str, owner: User, shared: bool) -> Segment:
    """This will save a view of the contact list under a name. Raises NameTakenError."""
    if Segment.objects.filter(owner=owner, name__iexact=name).exists():
        raise NameTakenError(name)
    segment = Segment.objects.create(name=name, query=query, owner=owner, shared=shared)
    record(actor=owner, verb="saved", entity="view", entity_id=segment.pk, label=name)
    return segment


@transaction.atomic
def change_segment(
    *, segment: Segment, name: str, query: str, shared: bool, actor: User
) -> Segment:
    """This will change a saved view. Raises NameTakenError where its owner has another so named."""
    others = Segment.objects.filter(owner=segment.owner, name__iexact=name)
    if others.exclude(pk=segment.pk).exists():
        raise NameTakenError(name)
    segment.name, segment.query, segment.shared = name, query, shared
    segment.save()
    record(actor=actor, verb="changed", entity="view", entity_id=segment.pk, label=name)
    return segment


@transaction.atomic
def remove_segment(*, segment: Segment, actor: User) -> None:
    """This will remove a saved view."""
    record(actor=actor, verb="removed", entity="view", entity_id=segment.pk, label=segment.name)
    segment.delete()


def _newest_change(**owner: Contact | Customer) -> Change | None:
    changes = Change.objects.filter(undone=False, **owner).exclude(field="")
    return changes.select_related("change_set__actor").order_by("-pk").first()
