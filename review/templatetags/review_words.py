"""Words of the review pages: `{% load review_words %}`."""

from django import template

from review.rules.seen import Seen, mark_of
from validation.models import Finding

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


@register.filter
def mark(row: Finding) -> str:
    """This will give the mark of what stands in a row, which a tick sends along."""
    return mark_of(row.value, row.suggestion)


@register.filter
def seen_row(row: Finding) -> str:
    """This will give what a decision sends along about the row that was seen."""
    return str(Seen(row.contact_id, mark(row)))
