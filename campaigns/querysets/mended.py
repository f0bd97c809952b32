"""Whose message came back, and who has another address since: they can get it after all."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef

from campaigns.querysets.audience import chunk, judge, terms
from contacts.models import Contact
from delivery.models import Message
from delivery.rules.states import Channel, MessageState

if TYPE_CHECKING:
    from campaigns.models import Campaign

CAME_BACK = (MessageState.BOUNCED, MessageState.REFUSED)
CHUNK = 500


def mended(campaign: "Campaign", now: datetime) -> dict[int, list[int]]:
    """This will give the contacts that may get the message at their new address, by round.

    They are judged like all others, but for the pause: what they were sent never reached them.
    """
    later = Message.objects.filter(
        mailing=OuterRef("mailing"), contact=OuterRef("contact"), round__gt=OuterRef("round")
    )
    back = (
        Message.objects.filter(
            mailing=campaign.mailing,
            state__in=CAME_BACK,
            channel=Channel.EMAIL,
            contact__isnull=False,
        )
        .exclude(contact__address_key=F("address_key"))
        .exclude(contact__address_key="")
        .exclude(Exists(later))
    )
    rounds = dict(back.values_list("contact_id", "round"))
    asked = terms(campaign.kind, now, campaign.mailing_id, sms_text=campaign.sms_text)
    asked = replace(asked, pause_days=0)
    found: dict[int, list[int]] = defaultdict(list)
    taken: set[str] = set()
    people = Contact.objects.filter(pk__in=rounds)
    after = 0
    while rows := chunk(people, after, CHUNK):
        after = rows[-1].pk
        for one in judge(rows, asked, taken):
            if one.reason is None:
                found[rounds[one.row.pk] + 1].append(one.row.pk)
    return dict(found)
