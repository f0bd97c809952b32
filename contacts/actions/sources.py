"""Settings of sources: whose word counts where several speak of one record."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from contacts.models import Source
from core.audit import record

PRECEDENCE = ("rank", "leads", "trails")


@transaction.atomic
def set_precedence(
    *, source: Source, rank: int, leads: Sequence[str], trails: Sequence[str], actor: User | None
) -> bool:
    """This will store the rank of a source and the fields in which it always or never wins.

    It counts from the next import on. False when nothing differs.
    """
    now = Source.objects.select_for_update().get(pk=source.pk)
    wanted = {"rank": rank, "leads": sorted(leads), "trails": sorted(set(trails) - set(leads))}
    changed = [name for name in PRECEDENCE if getattr(now, name) != wanted[name]]
    if not changed:
        return False
    for name in changed:
        setattr(now, name, wanted[name])
    now.save(update_fields=changed)
    record(
        actor=actor,
        verb="configured",
        entity="source",
        entity_id=now.pk,
        label=now.name,
        facts={"changed": changed},
    )
    return True
