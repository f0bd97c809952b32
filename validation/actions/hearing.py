"""Keep how the name server does, for every process and page to see."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from validation.models import NameServer

# How exact the moment of the last use is kept; a write for each batch would be too many.
FRESH = timedelta(minutes=1)


@transaction.atomic
def note_server(*, name: str, trouble: str = "") -> None:
    """This will note that a server is of use, or the sentence that says why it is not."""
    now = timezone.now()
    row = NameServer.objects.select_for_update().filter(pk=NameServer.ONLY).first()
    known = row or NameServer(pk=NameServer.ONLY)
    is_fresh = known.answered_at is not None and known.answered_at > now - FRESH
    if row and known.name == name and known.trouble == trouble and (trouble or is_fresh):
        return
    known.since = (known.since or now) if trouble and known.trouble else now if trouble else None
    known.name, known.trouble = name[:255], trouble
    if not trouble:
        known.answered_at = now
    NameServer.objects.bulk_create(
        [known],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "trouble", "since", "answered_at"],
    )
