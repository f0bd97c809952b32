"""Say who of the reviewers looks at which contacts."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from core.audit import record
from review.models import Assignment

CHUNK = 500


@transaction.atomic
def assign(*, contact_ids: Iterable[int], to: User | None, actor: User | None) -> int:
    """This will give contacts to a colleague, or to nobody; says how many."""
    keys = sorted(set(contact_ids))
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        if to is None:
            Assignment.objects.filter(contact__in=some).delete()
            continue
        Assignment.objects.bulk_create(
            [Assignment(contact_id=key, to=to, by=actor) for key in some],
            update_conflicts=True,
            unique_fields=["contact"],
            update_fields=["to", "by"],
        )
    if keys:
        record(actor=actor, verb="assigned", entity="contact", label=str(to or "nobody"),
               facts={"count": len(keys)})  # fmt: skip
    return len(keys)
