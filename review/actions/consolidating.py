"""Questions follow contacts that became one."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from contacts.actions.moving import note, put
from contacts.models import ChangeSet
from review.models import Question


@transaction.atomic
def follow_merge(*, into: Mapping[int, int], change_set: ChangeSet) -> None:
    """This will close the second of two open questions about one thing; others have moved.

    Questions that the chosen values have settled are open again when the merge is undone.
    """
    settled = Question.objects.filter(
        contact__in=into.values(), closed_at__gte=change_set.created_at
    )
    for field in ("closed_at", "outcome"):
        note(rows=settled, field=field, old="", change_set=change_set)
    for gone, keep in into.items():
        values = {
            "closed_at": timezone.now().isoformat(),
            "outcome": Question.Outcome.SETTLED.value,
            "contact_id": str(keep),
        }
        second = Question.objects.open().filter(contact=gone)
        put(rows=second, values=values, change_set=change_set)
