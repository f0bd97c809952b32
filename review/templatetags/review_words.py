"""Words of the review pages: `{% load review_words %}`."""

from django import template

register = template.Library()


@register.filter
def percent(confidence: float) -> str:
    """This will write a confidence as a whole percentage."""
    return f"{confidence:.0%}"


@register.filter
def first_line(evidence: str) -> str:
    """This will give the reason that stands first."""
    return evidence.partition("\n")[0]


@register.filter
def field_label(name: str) -> str:
    """This will write a field's name in words."""
    return name.replace("_", " ").capitalize()
