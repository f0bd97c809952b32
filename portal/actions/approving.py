"""Staff decide about wishes to join that the facts did not settle. Both answers are mailed."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contacts.actions.changes import Edit, edit_contacts, open_change_set
from contacts.actions.people import add_contact
from contacts.models import Contact, Customer
from contacts.rules.normalise import address_key
from contacts.rules.words import ChangeKind
from core.audit import record
from portal.actions.invitations import issue
from portal.actions.mails import mail
from portal.actions.registration import mail_already_registered
from portal.models import PortalConfiguration, Registration
from portal.rules import texts
from portal.rules.states import RegistrationState
from portal.tokens import invitation_url


class AlreadyDecidedError(ValueError):
    """Somebody else has decided about this registration."""


class CannotBeInvitedError(ValueError):
    """The contact is a house user, has left, or belongs to no account."""


@transaction.atomic
def approve(
    *, registration: Registration, customer: Customer, contact: Contact | None, actor: User
) -> Contact:
    """This will connect somebody to a contact, or to a new one, of an account that exists.

    The address he wrote becomes the contact's, as a change of its own, and the link goes there.
    Raises AlreadyDecidedError, CannotBeInvitedError.
    """
    _decide(registration, RegistrationState.APPROVED, actor)
    contact = _corrected(contact, registration, actor) if contact else None
    contact = contact or _added(customer, registration, actor)
    Registration.objects.filter(pk=registration.pk).update(customer=customer, contact=contact)
    if contact.memberships.exists():
        mail_already_registered(contact)
    else:
        _invite(contact, actor)
    return contact


@transaction.atomic
def reject(*, registration: Registration, reason: str, actor: User) -> None:
    """This will refuse somebody and mail him the reason. Raises AlreadyDecidedError."""
    _decide(registration, RegistrationState.REJECTED, actor, reason=reason[:250])
    mail(
        kind="registration_rejected", address=registration.email, text=texts.rejected(reason=reason)
    )


def _decide(
    registration: Registration, state: RegistrationState, actor: User, reason: str = ""
) -> None:
    decided = (
        Registration.objects.waiting()
        .filter(pk=registration.pk)
        .update(state=state, decided_by=actor, decided_at=timezone.now(), reason=reason)
    )
    if not decided:
        raise AlreadyDecidedError
    record(actor=actor, verb=str(state), entity="registration", entity_id=registration.pk)


def _corrected(contact: Contact, registration: Registration, actor: User) -> Contact:
    if contact.address_key == address_key(registration.email):
        return contact
    change_set = open_change_set(
        kind=ChangeKind.EDIT, label=f"Address of {contact} from a registration", actor=actor
    )
    edit = Edit(contact.pk, "email", registration.email, why="Registration approved")
    edit_contacts(edits=[edit], change_set=change_set)
    contact.refresh_from_db()
    return contact


def _added(customer: Customer, registration: Registration, actor: User) -> Contact:
    first_name, _, last_name = registration.name.strip().rpartition(" ")
    values = {
        "first_name": first_name,
        "last_name": last_name,
        "email": registration.email,
        "phone": registration.phone,
    }
    return add_contact(customer=customer, values=values, actor=actor)


def _invite(contact: Contact, actor: User) -> None:
    invitation = issue(contacts=[contact], actor=actor).get(contact.pk)
    if invitation is None:
        raise CannotBeInvitedError
    days = PortalConfiguration.load().invitation_days
    mail(
        kind="registration_approved",
        address=contact.email_repaired,
        text=texts.approved(url=invitation_url(invitation), days=days),
        contact=contact,
    )
