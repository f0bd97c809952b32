"""Add customers and contacts by hand, and keep saved views."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from contacts import events
from contacts.actions.changes import (
    CONTACT_FIELDS,
    UnknownFieldError,
    derive_contact,
    open_change_set,
    set_text,
)
from contacts.models import Change, Contact, Customer, Segment
from contacts.rules.words import ChangeKind
from core.audit import record


class NoWayToReachError(ValueError):
    """A contact needs an email address or a mobile number."""


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
        if name not in CONTACT_FIELDS:
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
def save_segment(*, name: str, query: str, owner: User, shared: bool) -> Segment:
    """This will save a view of the contact list under a name. Raises NameTakenError."""
    if Segment.objects.filter(owner=owner, name__iexact=name).exists():
        raise NameTakenError(name)
    segment = Segment.objects.create(name=name, query=query, owner=owner, shared=shared)
    record(actor=owner, verb="saved", entity="view", entity_id=segment.pk, label=name)
    return segment


@transaction.atomic
def remove_segment(*, segment: Segment, actor: User) -> None:
    """This will remove a saved view."""
    record(actor=actor, verb="removed", entity="view", entity_id=segment.pk, label=segment.name)
    segment.delete()
