"""Have DNS asked about domains before their time."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from jobs.queue import nudge
from validation.models import MailDomain

PAUSE = timedelta(minutes=1)


@transaction.atomic
def ask_again(*, domains: QuerySet[MailDomain]) -> int:
    """This will make domains due now; not those that were asked about in the last minute."""
    rested = Q(checked_at=None) | Q(checked_at__lt=timezone.now() - PAUSE)
    count = domains.filter(rested).update(due_at=None)
    if count:
        nudge("validation.resolve_due")
    return count
