"""Messages follow contacts that became one: nobody gets the same mailing twice."""

from collections.abc import Mapping

from django.db import transaction

from delivery.models import Message
from delivery.rules.states import MessageState


@transaction.atomic
def follow_merge(*, into: Mapping[int, int]) -> int:
    """This will take back mail to merged contacts that the one who stays gets as well.

    All other messages belong to the one who stays by now. What was taken back stays so when the
    merge is undone: a state never goes down.
    """
    rows = Message.objects.not_started().filter(contact__in=into)
    return rows.update(state=MessageState.CANCELLED, token=None, lease_until=None)
