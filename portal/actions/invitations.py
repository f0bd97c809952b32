"""Invitations: one live one a contact. The link is derived; nothing usable is stored."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from contacts.actions.facts import raise_portal_stage, reset_portal_stage
from contacts.models import Contact
from contacts.rules.words import PortalStage
from core.audit import record
from delivery.actions.outbox import withdraw
from delivery.rules.states import Purpose
from portal.actions.enrolling import enrol, join
from portal.actions.limits import MAILS, count_or_refuse, may_mail
from portal.actions.links import is_there_to_join
from portal.actions.mails import mail
from portal.models import Invitation, Membership, PortalConfiguration
from portal.rules import texts
from portal.rules.doors import Key, invitation_door
from portal.rules.states import Door, InvitationState
from portal.rules.usernames import is_house_name
from portal.tokens import invitation_url

CHUNK = 500


class InvitationClosedError(ValueError):
    """The invitation was used, was withdrawn or has run out."""


class NotInvitableError(ValueError):
    """The contact has an account, has left, is a house user, or has no account or address."""


class PortalOffError(ValueError):
    """The portal is not enabled in the configuration, so nobody can be invited."""


@transaction.atomic
def issue(*, contacts: Sequence[Contact], actor: User | None) -> dict[int, Invitation]:
    """This will give each contact one live invitation, new or known; a known one keeps its link.

    Left out, and absent from the answer: house users, contacts without account or address, who
    has an account, who has left. A known invitation that went to another address gets a new
    version, so that the link sent there dies. Raises PortalOffError.
    """
    configuration = PortalConfiguration.load()
    if not configuration.enabled:
        raise PortalOffError
    expires_at = timezone.now() + timedelta(days=configuration.invitation_days)
    issued: dict[int, Invitation] = {}
    ids = [contact.pk for contact in contacts]
    for start in range(0, len(ids), CHUNK):
        issued |= _issue_chunk(ids[start : start + CHUNK], expires_at, actor)
    record(actor=actor, verb="invited", entity="contact", facts={"invitations": len(issued)})
    return issued


@transaction.atomic
def open_invitation(*, invitation: Invitation, now: datetime | None = None) -> bool:
    """This will note that a person has seen the invitation; looking at it by GET does not."""
    seen = Invitation.objects.filter(
        pk=invitation.pk, version=invitation.version, state=InvitationState.PENDING
    ).update(state=InvitationState.OPENED, opened_at=now or timezone.now())
    if seen:
        raise_portal_stage(contact_ids=[invitation.contact_id], stage=PortalStage.OPENED)
    return bool(seen)


@transaction.atomic
def accept(*, invitation: Invitation, username: str, password: str) -> User:
    """This will make the invited contact a user. The address is confirmed if the link went there.

    Raises InvitationClosedError, UsernameTakenError, AlreadyRegisteredError, NotAPersonError.
    """
    _close(invitation)
    return enrol(
        contact=invitation.contact,
        username=username,
        password=password,
        sent_to=invitation.sent_to,
    )


@transaction.atomic
def accept_as(*, invitation: Invitation, user: User) -> Membership:
    """This will add the invitation's account to somebody who is a user already.

    Raises InvitationClosedError, AlreadyRegisteredError, NotAPersonError.
    """
    _close(invitation)
    return join(user=user, contact=invitation.contact, sent_to=invitation.sent_to)


@transaction.atomic
def revoke(*, invitations: Sequence[Invitation], actor: User | None) -> int:
    """This will withdraw live invitations: their links die, mail that waits is withdrawn."""
    rows = Invitation.objects.live().filter(pk__in=[item.pk for item in invitations])
    contact_ids = list(rows.values_list("contact_id", flat=True))
    revoked: int = rows.update(
        state=InvitationState.REVOKED, version=F("version") + 1, revoked_at=timezone.now()
    )
    reset_portal_stage(contact_ids=contact_ids)
    withdraw(contact_ids=contact_ids, kinds=[Purpose.INVITATION, Purpose.REMINDER])
    record(actor=actor, verb="revoked", entity="invitation", facts={"invitations": revoked})
    return revoked


@transaction.atomic
def renew(*, invitation: Invitation) -> None:
    """This will mail a new link to the address on file, and let older links die.

    An address that has had enough mails gets none; the answer is the same. Raises
    InvitationClosedError when the invitation was used or withdrawn.
    """
    contact = invitation.contact
    if not may_mail("invitation", contact.email_repaired):
        return
    days = PortalConfiguration.load().invitation_days
    renewed = (
        Invitation.objects.live()
        .filter(pk=invitation.pk)
        .update(
            version=F("version") + 1,
            sent_to=contact.address_key,
            expires_at=timezone.now() + timedelta(days=days),
        )
    )
    if not renewed:
        raise InvitationClosedError
    invitation.refresh_from_db(fields=["version", "sent_to", "expires_at"])
    mail(
        kind="invitation_link",
        address=contact.email_repaired,
        text=texts.new_invitation(url=invitation_url(invitation), days=days),
        contact=contact,
    )


@transaction.atomic
def resend(*, contact: Contact, actor: User) -> Invitation:
    """This will mail a contact his invitation link, making the invitation if there is none.

    A link that he has already keeps working. Raises NotInvitableError, PortalOffError, and
    TooManyTriesError when the address had enough mails in this hour.
    """
    invitation = _one(contact, actor)
    count_or_refuse(MAILS, f"invitation:{contact.address_key}")
    days = PortalConfiguration.load().invitation_days
    mail(
        kind="invitation_link",
        address=contact.email_repaired,
        text=texts.invitation_again(url=invitation_url(invitation), days=days),
        contact=contact,
    )
    return invitation


@transaction.atomic
def copy_link(*, contact: Contact, actor: User) -> Invitation:
    """This will give the live invitation of a contact, so that its link can be handed over.

    Raises NotInvitableError, PortalOffError.
    """
    invitation = _one(contact, actor)
    record(actor=actor, verb="copied the link of", entity="invitation", entity_id=invitation.pk)
    return invitation


def door_of(invitation: Invitation, link_version: int) -> Door:
    """This will say what an invitation link opens now."""
    contact = invitation.contact
    key = Key(
        state=invitation.state,
        version=invitation.version,
        link_version=link_version,
        expires_at=invitation.expires_at,
        is_registered=contact.memberships.exists(),
        is_there=is_there_to_join(contact),
    )
    return invitation_door(key, timezone.now())


def _one(contact: Contact, actor: User) -> Invitation:
    invitation = issue(contacts=[contact], actor=actor).get(contact.pk)
    if invitation is None:
        raise NotInvitableError
    return invitation


def _close(invitation: Invitation) -> None:
    now = timezone.now()
    accepted = (
        Invitation.objects.usable(now)
        .filter(pk=invitation.pk, version=invitation.version)
        .update(
            state=InvitationState.ACCEPTED,
            accepted_at=now,
            opened_at=invitation.opened_at or now,
        )
    )
    if not accepted:
        raise InvitationClosedError


def _issue_chunk(
    ids: Sequence[int], expires_at: datetime, actor: User | None
) -> dict[int, Invitation]:
    invited = {contact.pk: contact for contact in _eligible(ids)}
    known = {row.contact_id: row for row in Invitation.objects.live().filter(contact__in=invited)}
    for contact_id, row in known.items():
        key = invited[contact_id].address_key
        row.version += row.sent_to != key
        row.sent_to, row.expires_at = key, expires_at
    Invitation.objects.bulk_update(known.values(), ["version", "sent_to", "expires_at"])
    Invitation.objects.bulk_create(
        [
            Invitation(
                contact=contact,
                sent_to=contact.address_key,
                created_by=actor,
                expires_at=expires_at,
            )
            for contact_id, contact in invited.items()
            if contact_id not in known
        ],
        ignore_conflicts=True,
    )
    raise_portal_stage(contact_ids=invited, stage=PortalStage.INVITED)
    return {row.contact_id: row for row in Invitation.objects.live().filter(contact__in=invited)}


def _eligible(ids: Sequence[int]) -> Iterator[Contact]:
    rows = (
        Contact.objects.people()
        .active()
        .filter(pk__in=ids, customer__isnull=False, memberships=None)
        .exclude(address_key="")
        .select_related("customer")
    )
    for contact in rows.order_by("pk"):
        if contact.customer and not is_house_name(
            contact.username, contact.customer.account_number
        ):
            yield contact
