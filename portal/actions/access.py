"""Sign in, forgotten usernames and passwords. Nothing here says whether somebody is known."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.actions import set_password
from accounts.models import User
from contacts.actions.facts import raise_portal_stage
from contacts.models import Contact
from contacts.rules.normalise import address_key
from contacts.rules.words import PortalStage
from core.audit import record
from portal.actions.enrolling import enrol
from portal.actions.limits import may_mail
from portal.actions.links import LinkClosedError, make_link, use_up
from portal.actions.mails import at_equal_cost, mail
from portal.models import Membership, OneUseLink, PortalConfiguration
from portal.rules import texts
from portal.rules.states import LinkPurpose
from portal.rules.usernames import is_house_name, tidy_username
from portal.tokens import new_secret, page_url


@dataclass(frozen=True)
class Known:
    """Somebody who may choose a password: a user, or a contact who is to become one."""

    username: str
    address: str
    user: User | None = None
    contact: Contact | None = None


def username_for(identifier: str) -> str:
    """This will give the username behind what was typed: a username in any case, or an address.

    An address that several users share names none of them: each of them signs in by username.
    """
    typed = tidy_username(identifier)
    names = [known.username for known in _users_at(typed)]
    same = User.objects.alias(name=Lower("username")).filter(name=typed.lower())
    stored: str | None = same.values_list("username", flat=True).first()
    if stored is not None:
        return stored
    return names[0] if len(names) == 1 else typed


@transaction.atomic
def note_sign_in(*, user: User) -> None:
    """This will note that a user has come back: his contacts count as active from now on."""
    memberships = Membership.objects.of(user)
    contact_ids = [item.contact_id for item in memberships if item.contact_id]
    Membership.objects.filter(pk__in=[item.pk for item in memberships]).update(
        last_seen_at=timezone.now()
    )
    raise_portal_stage(contact_ids=contact_ids, stage=PortalStage.ACTIVE)
    record(actor=user, verb="signed in", entity="user", entity_id=user.pk)


def send_reset_link(*, username: str, email: str) -> None:
    """This will mail a link to choose a password if username and address belong to one person.

    Who is not known gets nothing, at the same cost. A contact whose username was carried over
    from an old site chooses his first password in this way.
    """
    known, stand_in = _known_by(username, email), _anybody()
    wanted = may_mail("password_reset", email) and known is not None
    at_equal_cost(lambda: _write_reset(known or stand_in, email), really=wanted)


def remind_username(*, email: str) -> None:
    """This will mail the usernames that belong to an address: the last used one, or all of them.

    Never that of a house user. Who is not known gets nothing, at the same cost.
    """
    names = [known.username for known in (*_users_at(email), *_contacts_at(email))]
    if PortalConfiguration.load().username_reminder == PortalConfiguration.Reminder.ONE:
        names = names[:1]
    wanted = may_mail("username", email) and bool(names)
    text = texts.usernames(
        count=max(1, len(names)),
        sign_in_url=page_url("portal:sign_in"),
        forgot_url=page_url("portal:forgot_password"),
    )
    at_equal_cost(
        lambda: mail(
            kind="username", address=email, text=text, username=", ".join(names) or "nobody"
        ),
        really=wanted,
    )


@transaction.atomic
def choose_password(*, link: OneUseLink, password: str) -> User:
    """This will set the password and use the link up; other devices are signed out.

    For a contact without a user it makes the user, with the username on file. Raises
    LinkClosedError, and for a contact what `enrol` raises.
    """
    use_up(link=link)
    if link.contact is not None:
        return enrol(
            contact=link.contact,
            username=tidy_username(link.contact.username),
            password=password,
            sent_to=link.sent_to,
        )
    if link.user is None:
        raise LinkClosedError
    user = set_password(user=link.user, password=password)
    mail(
        kind="password_changed",
        address=user.email,
        text=texts.password_changed(forgot_url=page_url("portal:forgot_password")),
        username=user.username,
    )
    return user


def _write_reset(known: Known | None, email: str) -> None:
    minutes = PortalConfiguration.load().reset_minutes
    token = new_secret()
    contact = None
    if known is not None:
        contact = known.contact
        token = make_link(
            purpose=LinkPurpose.RESET_PASSWORD,
            address=known.address,
            minutes=minutes,
            user=known.user,
            contact=None if known.user else contact,
        )
    mail(
        kind="password_reset",
        address=known.address if known else email,
        text=texts.reset_link(url=page_url("portal:reset", token), minutes=minutes),
        contact=contact,
        username=known.username if known else "nobody",
    )


def _anybody() -> Known | None:
    """This will give a user in whose place an unknown person's mail is written and taken back."""
    rows = Membership.objects.standing().filter(contact__isnull=False)
    row = rows.select_related("user", "contact__customer").order_by("pk").first()
    return Known(row.user.username, row.user.email, row.user, row.contact) if row else None


def _known_by(username: str, email: str) -> Known | None:
    """This will find who has both the username and the address: a user before a contact."""
    wanted = tidy_username(username).casefold()
    both = [*_users_at(email), *_contacts_at(email)]
    return next((known for known in both if known.username.casefold() == wanted), None)


def _users_at(email: str) -> list[Known]:
    """This will give the portal users with an address, who was here last first; no house users."""
    rows = (
        Membership.objects.standing()
        .alias(user_email=Lower("user__email"))
        .filter(user_email=address_key(email), user__kind=User.Kind.PORTAL, user__is_active=True)
        .exclude(contact__is_house_user=True)
        .exclude(customer__is_house_account=True)
        .select_related("user", "customer", "contact__customer")
        .order_by("pk")
    )
    people = {
        row.user: row.contact
        for row in rows
        if not is_house_name(row.user.username, row.customer.account_number)
    }
    latest_first = sorted(
        people, key=lambda user: user.last_login or user.date_joined, reverse=True
    )
    return [Known(user.username, user.email, user, people[user]) for user in latest_first]


def _contacts_at(email: str) -> list[Known]:
    """This will give contacts who have a username from an old site and no user yet."""
    rows = (
        Contact.objects.people()
        .active()
        .reachable()
        .filter(address_key=address_key(email), customer__isnull=False, memberships=None)
        .exclude(username="")
        .select_related("customer")
        .order_by("pk")
    )
    found = [
        Known(tidy_username(row.username), row.email_repaired, contact=row)
        for row in rows
        if row.customer and not is_house_name(row.username, row.customer.account_number)
    ]
    names = [known.username.lower() for known in found]
    taken = set(
        User.objects.annotate(name=Lower("username"))
        .filter(name__in=names)
        .values_list("name", flat=True)
    )
    return [known for known in found if known.username.lower() not in taken]
