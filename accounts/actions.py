"""Writes to people: roles, staff, portal users, the first administrator."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone

from accounts.models import AdministratorLink, User
from accounts.querysets import administrators
from accounts.rules.roles import RIGHTS, Role
from core.audit import Actor, record


class UsernameTakenError(ValueError):
    """Somebody else already signs in with that username."""


class LastAdministratorError(ValueError):
    """Without this person there would be no administrator."""


class LinkUsedError(ValueError):
    """The link to become administrator is unknown or was used."""


@transaction.atomic
def sync_roles() -> dict[str, int]:
    """This will give every role exactly the rights of the table; returns rights by role."""
    known = {
        f"{item.content_type.app_label}.{item.codename}": item
        for item in Permission.objects.select_related("content_type")
    }
    counts = {}
    for role, rights in RIGHTS.items():
        group, _ = Group.objects.get_or_create(name=role.value)
        wanted = [known[name] for name in rights if name in known]
        group.permissions.set(wanted)
        counts[role.value] = len(wanted)
    return counts


@transaction.atomic
def add_staff(  # noqa: PLR0913 - the fields of a person
    *,
    username: str,
    email: str,
    password: str | None,
    roles: Sequence[Role],
    first_name: str = "",
    last_name: str = "",
    actor: Actor = None,
) -> User:
    """This will add a member of staff with the given roles; administrators may use the admin."""
    refuse_taken(username)
    user = User.objects.create_user(
        username=username,
        email=email,
        password=password,
        first_name=first_name,
        last_name=last_name,
        kind=User.Kind.STAFF,
        is_staff=True,
        is_superuser=Role.ADMINISTRATOR in roles,
    )
    user.groups.set(Group.objects.filter(name__in=[str(role) for role in roles]))
    record(actor=actor, verb="added", entity="user", entity_id=user.pk, label=username)
    return user


@transaction.atomic
def add_portal_user(
    *,
    username: str,
    email: str,
    password: str | None,
    first_name: str = "",
    last_name: str = "",
) -> User:
    """This will add a customer's user. Without a password it can only be set by a reset link."""
    refuse_taken(username)
    user = User.objects.create_user(
        username=username,
        email=email,
        password=password,
        first_name=first_name[:150],
        last_name=last_name[:150],
        kind=User.Kind.PORTAL,
    )
    record(actor=user, verb="registered", entity="user", entity_id=user.pk)
    return user


@transaction.atomic
def save_person(*, person: User, actor: Actor, changed: Sequence[str] | None) -> User:
    """This will store a person; `changed` names the fields, none for somebody new.

    Whoever is new is staff without a role: portal users come by invitation or registration.
    Raises LastAdministratorError when nobody would be left to give rights.
    """
    if not person.is_active:
        refuse_last(person)
    if changed is None:
        person.kind, person.is_staff = User.Kind.STAFF, True
    person.save()
    record(
        actor=actor,
        verb="added" if changed is None else "changed",
        entity="user",
        entity_id=person.pk,
        label=person.username,
        facts={"fields": list(changed or [])},
    )
    return person


@transaction.atomic
def set_roles(*, person: User, groups: Iterable[Group], actor: Actor) -> User:
    """This will give a member of staff exactly these roles; portal users have none.

    Raises LastAdministratorError when nobody would be left to give rights.
    """
    wanted = sorted(group.name for group in groups if person.kind == User.Kind.STAFF)
    had = sorted(person.groups.values_list("name", flat=True))
    is_administrator = Role.ADMINISTRATOR in wanted
    if person.is_superuser and not is_administrator:
        refuse_last(person)
    person.groups.set(Group.objects.filter(name__in=wanted))
    if person.is_superuser != is_administrator:
        person.is_superuser = is_administrator
        person.save(update_fields=["is_superuser"])
    if had != wanted:
        facts = {"had": had, "has": wanted}
        record(
            actor=actor,
            verb="changed the roles of",
            entity="user",
            entity_id=person.pk,
            label=person.username,
            facts=facts,
        )
    return person


@transaction.atomic
def set_password(*, user: User, password: str, actor: Actor = None) -> User:
    """This will set a new password, which signs every other session out."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record(actor=actor or user, verb="set the password of", entity="user", entity_id=user.pk)
    return user


@transaction.atomic
def save_preferences(*, user: User, theme: str, single_keys: bool) -> User:
    """This will store how the pages look and behave for one person."""
    user.theme = theme
    user.single_keys = single_keys
    user.save(update_fields=["theme", "single_keys"])
    return user


@transaction.atomic
def make_administrator_link() -> str:
    """This will replace the open link by a new one and give its token; only a hash is kept."""
    AdministratorLink.objects.filter(used_at=None).delete()
    token = secrets.token_urlsafe(32)
    AdministratorLink.objects.create(token_hash=_hash(token))
    return token


def administrator_link_is_open(token: str) -> bool:
    """This will say whether the token still makes an administrator."""
    return AdministratorLink.objects.filter(token_hash=_hash(token), used_at=None).exists()


@transaction.atomic
def become_administrator(*, token: str, username: str, email: str, password: str) -> User:
    """This will use the link up and add the administrator.

    Raises LinkUsedError when the link is unknown or used, UsernameTakenError for a taken name.
    """
    used = AdministratorLink.objects.filter(token_hash=_hash(token), used_at=None).update(
        used_at=timezone.now()
    )
    if not used:
        raise LinkUsedError
    return add_staff(username=username, email=email, password=password, roles=[Role.ADMINISTRATOR])


def refuse_taken(username: str) -> None:
    """This will raise UsernameTakenError when somebody already has the name, whatever its case."""
    if User.objects.filter(username__iexact=username).exists():
        raise UsernameTakenError(username)


def refuse_last(person: User) -> None:
    """This will raise LastAdministratorError when no other administrator can sign in."""
    if person.is_superuser and not administrators().exclude(pk=person.pk).exists():
        raise LastAdministratorError


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
