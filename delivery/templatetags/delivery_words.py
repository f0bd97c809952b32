"""States of messages and reasons of suppressions as pills: `{% load delivery_words %}`."""

from django import template
from django.utils.safestring import SafeString

from core.templatetags.ui import pill
from delivery.models import Message, SendingState, Suppression
from delivery.rules import words
from delivery.rules.states import MessageState, SuppressionReason

register = template.Library()


@register.simple_tag
def state_pill(message: Message, *, played: bool = False) -> SafeString:
    """This will show where a message stands; what was only played says so."""
    tone, icon_name, label = words.STATES[MessageState(message.state)]
    return pill(f"{label} (played)" if played else label, tone, icon_name)


@register.inclusion_tag("delivery/_held.html")
def sending_held() -> dict[str, object]:
    """This will say why nothing goes out, if that is so."""
    held = SendingState.objects.exclude(held_because="").first()
    return {"because": held.held_because if held else ""}


@register.simple_tag
def reason_pill(suppression: Suppression) -> SafeString:
    """This will show why an address gets no mail."""
    tone, icon_name, label = words.REASONS[SuppressionReason(suppression.reason)]
    return pill(label, tone, icon_name)


@register.filter
def stops(suppression: Suppression) -> str:
    """This will say which mail a suppression stops."""
    return words.stops(suppression.purpose)


@register.filter
def kind_of(message: Message) -> str:
    """This will name the mailing of a message, or the kind of a single mail."""
    if message.mailing is not None:
        return message.mailing.name
    return words.kind_words(message.kind, message.purpose)
