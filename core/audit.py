"""The only writer of the audit trail."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from core.models import AuditEntry

Actor = AbstractBaseUser | AnonymousUser | None


def record(  # noqa: PLR0913 - an entry is one flat fact
    *,
    actor: Actor,
    verb: str,
    entity: str,
    entity_id: object = "",
    label: str = "",
    facts: dict[str, Any] | None = None,
    ip: str | None = None,
) -> AuditEntry:
    """This will add one entry. `facts` holds counts and names of fields, never contact data."""
    return AuditEntry.objects.create(
        actor_id=actor.pk if actor is not None else None,
        actor_name=name_of(actor),
        verb=verb,
        entity=entity,
        entity_id=str(entity_id),
        label=label[:200],
        facts=facts or {},
        ip=ip,
    )


def name_of(actor: Actor) -> str:
    """This will give the name to show for an actor; the program itself acts as "Onboarding"."""
    if actor is None:
        return "Onboarding"
    if isinstance(actor, AnonymousUser):
        return "Visitor"
    return str(actor)[:150]
