"""Links that work once: made, looked at, used up. Only the hash of a token is stored."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contacts.models import Contact
from contacts.rules.normalise import address_key
from portal.models import OneUseLink, Registration
from portal.rules.doors import one_use_door
from portal.rules.states import Door, LinkPurpose
from portal.tokens import hash_of, new_secret


class LinkClosedError(ValueError):
    """The link has run out or was used."""


@transaction.atomic
def make_link(  # noqa: PLR0913 - the columns of a link
    *,
    purpose: LinkPurpose,
    address: str,
    minutes: int,
    user: User | None = None,
    contact: Contact | None = None,
    registration: Registration | None = None,
) -> str:
    """This will make a link and give its token, which is known to its email alone."""
    token = new_secret()
    OneUseLink.objects.create(
        purpose=purpose,
        token_hash=hash_of(token),
        user=user,
        contact=contact,
        registration=registration,
        sent_to=address_key(address),
        expires_at=timezone.now() + timedelta(minutes=minutes),
    )
    return token


def find_link(*, purpose: LinkPurpose, token: str) -> OneUseLink | None:
    """This will give the link of a token, whatever its state; nothing for an unknown one."""
    link: OneUseLink | None = OneUseLink.objects.with_hash(purpose, hash_of(token)).first()
    return link


def door_of(link: OneUseLink) -> Door:
    """This will say what the link opens now."""
    contact, user = link.contact, link.user
    is_there = (contact is None or is_there_to_join(contact)) and (user is None or user.is_active)
    is_registered = contact is not None and contact.memberships.exists()
    return one_use_door(
        is_used=link.used_at is not None or is_registered,
        expires_at=link.expires_at,
        is_there=is_there,
        now=timezone.now(),
    )


def is_there_to_join(contact: Contact) -> bool:
    """This will say whether a contact is an active person at an active account."""
    customer = contact.customer
    return bool(
        contact.active
        and not contact.is_house_user
        and customer is not None
        and customer.active
        and not customer.is_house_account
    )


def use_up(*, link: OneUseLink) -> None:
    """This will use a link, and every other one that does the same for that person.

    Call it inside the transaction that does what the link is for. Raises LinkClosedError.
    """
    now = timezone.now()
    used = OneUseLink.objects.open(now).filter(pk=link.pk).update(used_at=now)
    if not used:
        raise LinkClosedError
    OneUseLink.objects.open(now).for_the_same_person(link).update(used_at=now)
