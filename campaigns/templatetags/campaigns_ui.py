"""Display tags of the campaign pages: `{% load campaigns_ui %}`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from campaigns.rules import words
from campaigns.rules.audience import WORDS, Reason
from campaigns.rules.audience import label as label_of
from campaigns.rules.states import CampaignKind, CampaignState
from core.templatetags.ui import pill

if TYPE_CHECKING:
    from campaigns.models import Campaign
    from delivery.models import Message

register = template.Library()


@register.filter
def of(values: Mapping[Any, Any], key: object) -> object:
    """This will give the value of a key, None when there is none."""
    return values.get(key)


@register.filter
def total(counts: Mapping[str, int]) -> int:
    """This will add up the counts of all reasons."""
    return sum(counts.values())


@register.filter
def counted(number: int, nouns: str) -> str:
    """This will write a number with its noun: `12|counted:"contact,contacts"`."""
    one, many = nouns.split(",")
    return words.counted(number or 0, one, many)


@register.filter
def kind_words(kind: str) -> str:
    """This will name a kind of message as the pages do."""
    return words.KINDS[CampaignKind(kind)]


@register.simple_tag
def campaign_pill(campaign: "Campaign") -> SafeString:
    """This will show where a campaign stands; a scheduled one names its time."""
    look = words.CAMPAIGN_LOOKS[CampaignState(campaign.state)]
    text = look.words or CampaignState(campaign.state).value.capitalize()
    if campaign.state == CampaignState.SCHEDULED and campaign.start_at:
        start = timezone.localtime(campaign.start_at)
        text = f"{start:%a} {start.day} {start:%b}, {start:%H:%M}"
    return pill(text, look.tone, look.icon)


@register.simple_tag
def message_pill(message: "Message") -> SafeString:
    """This will show where the message to one recipient stands."""
    look = words.message_look(message.state, message.attempts)
    return pill(look.words, look.tone, look.icon)


@register.simple_tag
def next_step(message: "Message") -> words.Step:
    """This will say what comes next for a recipient."""
    return words.next_step(message.state, message.attempts)


@register.simple_tag
def reason_label(reason: str, days: int) -> str:
    """This will name a reason."""
    return label_of(Reason(reason), days)


@register.simple_tag
def reason_meaning(reason: str) -> str:
    """This will say what a reason means."""
    return WORDS[Reason(reason)].meaning


@register.simple_tag
def reason_step(reason: str) -> str:
    """This will say what to do about a reason; nothing when all is as it should be."""
    return WORDS[Reason(reason)].step
