"""Make a contact a user of the portal: the end of every way in."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import UsernameTakenError, add_portal_user, refuse_taken
from accounts.models import User
from contacts.actions.facts import Fact, raise_portal_stage, record_facts
from contacts.models import Contact
from contacts.rules.words import PortalStage
from delivery.actions.outbox import withdraw
from delivery.rules.states import Purpose
from portal import events
from portal.actions.mails import mail
from portal.models import Invitation, Membership, Registration
from portal.rules import texts
from portal.rules.states import InvitationState, RegistrationState
from portal.rules.usernames import is_house_name, offers
from portal.tokens import page_url


class AlreadyRegisteredError(ValueError):
    """The contact has an account."""


class NotAPersonError(ValueError):
    """House users and contacts without an account stay outside; so do house users' names."""


@transaction.atomic
def enrol(*, contact: Contact, username: str, password: str, sent_to: str) -> User:
    """This will make the contact a user of the portal who belongs to the contact's account.

    `sent_to` is the key of the address the link went to; that address is confirmed by this.
    Raises AlreadyRegisteredError, NotAPersonError, UsernameTakenError.
    """
    locked = _locked(contact)
    account = locked.customer.account_number if locked.customer else ""
    if is_house_name(username, account):
        raise NotAPersonError(username)
    user = _added(locked, username, password)
    _joined(user, locked, sent_to)
    return user


@transaction.atomic
def join(*, user: User, contact: Contact, sent_to: str) -> Membership:
    """This will add the contact's account to somebody who is a user already.

    Raises AlreadyRegisteredError when the contact or the user has that account.
    """
    locked = _locked(contact)
    if Membership.objects.filter(user=user, customer=locked.customer).exists():
        raise AlreadyRegisteredError
    return _joined(user, locked, sent_to)


def offered_username(contact: Contact) -> str:
    """This will give the best free username for a contact: carried over, else his address."""
    account = contact.customer.account_number if contact.customer else ""
    names = offers(contact.username, contact.email_repaired, contact.first_name, contact.last_name)
    return next(name for name in names if not is_house_name(name, account) and _is_free(name))


def _locked(contact: Contact) -> Contact:
    locked: Contact = (
        Contact.objects.select_for_update(of=("self",))
        .select_related("customer")
        .get(pk=contact.merged_into_id or contact.pk)
    )
    if locked.is_house_user or locked.customer is None or locked.customer.is_house_account:
        raise NotAPersonError
    if locked.memberships.exists():
        raise AlreadyRegisteredError
    return locked


def _is_free(username: str) -> bool:
    try:
        refuse_taken(username)
    except UsernameTakenError:
        return False
    return True


def _added(contact: Contact, username: str, password: str) -> User:
    try:
        with transaction.atomic():
            return add_portal_user(
                username=username,
                email=contact.email_repaired,
                password=password,
                first_name=contact.first_name,
                last_name=contact.last_name,
            )
    except IntegrityError:
        raise UsernameTakenError(username) from None


def _joined(user: User, contact: Contact, sent_to: str) -> Membership:
    if contact.customer is None:
        raise NotAPersonError
    now = timezone.now()
    membership = Membership.objects.create(user=user, customer=contact.customer, contact=contact)
    Invitation.objects.live().filter(contact=contact).update(
        state=InvitationState.ACCEPTED, accepted_at=now
    )
    Registration.objects.filter(
        contact=contact, state__in=[RegistrationState.LINK_SENT, RegistrationState.APPROVED]
    ).update(state=RegistrationState.REGISTERED)
    raise_portal_stage(contact_ids=[contact.pk], stage=PortalStage.REGISTERED)
    if sent_to and sent_to == contact.address_key:
        record_facts(facts=[Fact(sent_to, "confirmed_at", now, "registration")])
    withdraw(contact_ids=[contact.pk], kinds=[Purpose.INVITATION, Purpose.REMINDER])
    events.registered.send(sender=Membership, contacts=[contact.pk], users=[user.pk])
    _tell(membership, contact, user)
    return membership


def _tell(membership: Membership, contact: Contact, user: User) -> None:
    """This will confirm the account to its user, and tell the others who have it."""
    home_url = page_url("portal:home")
    mail(
        kind="welcome",
        address=contact.email_repaired,
        text=texts.welcome(home_url=home_url),
        contact=contact,
        username=user.username,
    )
    others = (
        Membership.objects.standing()
        .filter(customer=contact.customer)
        .exclude(pk=membership.pk)
        .select_related("user", "contact")
    )
    for other in others.order_by("pk")[:20]:
        mail(
            kind="colleague_joined",
            address=other.user.email,
            text=texts.colleague_joined(home_url=home_url),
            contact=other.contact,
        )
