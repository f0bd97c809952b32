"""Stop mailings that would do harm if they went on."""

from collections.abc import Mapping

from django.db.models import Count, Q

from delivery.actions.outbox import pause
from delivery.models import Mailing, Message
from delivery.rules.safety import Rates, why_stop
from delivery.rules.states import SENT, MailingState, MessageState

CAME_BACK = (MessageState.REFUSED, MessageState.BOUNCED)


def stop_unsafe(
    *,
    tried: Mapping[int, int],
    bounced: Mapping[int, int],
    complained: Mapping[int, int] | None = None,
) -> list[Mailing]:
    """This will pause running mailings whose bounces or complaints have just become too many.

    The arguments say by mailing what has changed since it was last looked at.
    """
    complained = complained or {}
    concerned = {*bounced, *complained}
    stopped = []
    running = Mailing.objects.filter(pk__in=concerned, state=MailingState.RUNNING)
    for mailing in running:
        after = _rates(mailing)
        before = Rates(
            tried=after.tried - tried.get(mailing.pk, 0),
            bounced=after.bounced - bounced.get(mailing.pk, 0),
            complained=after.complained - complained.get(mailing.pk, 0),
        )
        reason = why_stop(before, after)
        if reason and pause(mailing=mailing, because=reason):
            stopped.append(mailing)
    return stopped


def _rates(mailing: Mailing) -> Rates:
    counts = Message.objects.filter(mailing=mailing).aggregate(
        tried=Count("pk", filter=Q(state__in=[*SENT, MessageState.REFUSED])),
        bounced=Count("pk", filter=Q(state__in=CAME_BACK)),
        complained=Count("pk", filter=Q(state=MessageState.COMPLAINED)),
    )
    return Rates(**counts)
