"""Display tags of the design system: `{% load ui %}`."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, ClearableFileInput
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.keyset import Page
from core.rules import chart as charts
from core.rules import diff as diffs
from core.rules import display

register = template.Library()

NOTHING = "–"
POSITION = ("after", "before", "at")

# Address checks (status of an email address) and portal stages: tone, icon, words.
STATUSES = {
    "ok": ("ok", "check", "Ready"),
    "confirmed": ("ok", "okc", "Confirmed"),
    "review": ("warn", "alert", "Needs review"),
    "unknown": ("", "minus", "Not checked"),
    "fixable": ("bad", "stop", "Likely typo"),
    "invalid": ("bad", "stop", "Cannot be mailed"),
    "missing": ("warn", "alert", "No address"),
    "bounced": ("bad", "ban", "Bounced"),
}
STAGES = {
    "not_invited": ("muted", "", "Not invited"),
    "invited": ("muted", "clock", "Invited"),
    "opened": ("muted", "eye", "Opened"),
    "registered": ("ok", "okc", "Registered"),
    "active": ("ok", "okc", "Active"),
}


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """This will draw an icon of the sprite; decoration only, so words must stand beside it."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"i {css}".rstrip(),
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def pill(words: str, tone: str = "", icon_name: str = "") -> SafeString:
    """This will show a state as icon and words; tone is ok, warn, bad, info or empty."""
    mark = icon(icon_name) if icon_name else ""
    return format_html('<span class="{}">{}{}</span>', f"pill {tone}".rstrip(), mark, words)


@register.simple_tag
def status_pill(status: str, when: datetime | None = None) -> SafeString:
    """This will show an address check as a pill, a portal stage as icon, word and day."""
    if status in STAGES:
        tone, name, words = STAGES[status]
        since = f"{words} {day(when)}" if when and name else words
        mark = format_html("{} ", icon(name)) if name else ""
        return format_html('<span class="nowrap {}">{}{}</span>', tone, mark, since)
    tone, name, words = STATUSES.get(status, ("", "minus", status.replace("_", " ").capitalize()))
    return pill(words, tone, name)


@register.simple_tag(name="diff")
def diff_tag(old: str, new: str, shape: str = "") -> SafeString:
    """This will mark what changed between two values; shape "two" puts them on two lines."""
    parts = diffs.compare(old or "", new or "")
    arrow = "" if shape else icon("right")
    return format_html(
        '<span class="{}"><span class="old"><span class="vh">from </span>{}</span>{}'
        '<span class="new"><span class="vh"> to </span>{}</span></span>',
        f"diff {shape}".rstrip(),
        _side(old, parts.head, format_html("<del>{}</del>", parts.old), parts.tail, parts.old),
        arrow,
        _side(new, parts.head, format_html("<ins>{}</ins>", parts.new), parts.tail, parts.new),
    )


def _side(value: str, head: str, marked: SafeString, tail: str, changed: str) -> SafeString:
    if not value:
        return mark_safe('<span class="dim">None</span>')
    return format_html("{}{}{}", head, marked if changed else "", tail)


@register.simple_tag
def ago(value: datetime | None) -> SafeString:
    """This will say when something was, with the full time for machines and on hover."""
    if value is None:
        return mark_safe(NOTHING)  # noqa: S308 - a constant
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        f"{local.day} {local:%b %Y, %H:%M}",
        display.moment(local, timezone.localtime()),
    )


@register.filter
def day(value: date | datetime | None) -> str:
    """This will write a day as "3 Nov", with the year when it is not this one."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return display.day(local, timezone.localdate())


@register.simple_tag
def number(value: float | None) -> str:
    """This will group the digits of a number; nothing is a dash."""
    return NOTHING if value is None else f"{value:,}"


@register.simple_tag
def money(amount: Decimal | float | None, currency: str = "USD") -> str:
    """This will write an amount with its currency."""
    return NOTHING if amount is None else display.money(Decimal(amount), currency or "USD")


@register.filter
def in_minutes(length: timedelta) -> int:
    """This will give a length of time in whole minutes."""
    return int(length.total_seconds() // 60)


@register.filter
def listed(words: str) -> list[str]:
    """This will give the items of "one, two, three" as a list."""
    return [word.strip() for word in words.split(",")]


@register.filter
def initials(name: object) -> str:
    """This will give two letters that stand for a person or a company."""
    return display.initials(str(name))


@register.simple_tag
def meter(value: float | None, top: float | None, css: str = "", label: str = "") -> SafeString:
    """This will draw a bar. Without a label it is decoration and the number must stand beside it.

    css: tall, fat, mini, soft, ok, warn, bad.
    """
    name = format_html('aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<progress class="{}" value="{}" max="{}" {}></progress>',
        f"prog {css}".rstrip(),
        max(0, min(value or 0, top or 0)),
        top or 1,
        name,
    )


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: object) -> str:
    """This will give this page's query string with some values changed.

    None or "" removes a value. The position in the list is forgotten unless it is given.
    """
    query = context["request"].GET.copy()
    for key in POSITION:
        query.pop(key, None)
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/sort.html", takes_context=True)
def sort_header(
    context: template.Context, name: str, words: str, sort: str, css: str = ""
) -> dict[str, Any]:
    """This will make a column head that sorts by `name`; `sort` is the order now shown."""
    current = sort.lstrip("-") == name
    descending = sort.startswith("-")
    following = name if not current or descending else f"-{name}"
    return {
        "words": words,
        "css": css,
        "current": current,
        "descending": descending,
        "url": query_with(context, sort=following),
    }


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: template.Context, page: Page[Any]) -> dict[str, Any]:
    """This will show which rows of a keyset page are seen, and lead to its neighbours."""
    given = context["request"].GET.get("at", "")
    start = int(given) if given.isdecimal() else 1
    size = len(page.rows)
    links = {}
    if page.before:
        links["previous"] = query_with(context, before=page.before, at=max(1, start - size))
    if page.after:
        links["next"] = query_with(context, after=page.after, at=start + size)
    return {"page": page, "first": start, "last": start + size - 1, "links": links}


@register.inclusion_tag("components/chart.html")
def line_chart(
    title: str,
    description: str,
    points: Sequence[tuple[str, int]],
    marks: Sequence[tuple[int, str]] = (),
    top: int = 0,
) -> dict[str, Any]:
    """This will draw points (label, value) as a line, with the same numbers as a table behind."""
    chart = charts.line_chart(points, marks, top) if points else None
    return {"title": title, "description": description, "points": points, "chart": chart}


@register.simple_tag
def sparkline(values: Sequence[int]) -> SafeString:
    """This will draw a small line without axes; decoration only."""
    if not values:
        return mark_safe("")
    points = charts.sparkline(values)
    x, y = points.split()[-1].split(",")
    return format_html(
        '<svg class="chart spark" viewBox="0 -4 156 48" aria-hidden="true">'
        '<polyline class="ln" points="{}"/><circle class="pt" cx="{}" cy="{}" r="3"/></svg>',
        points,
        x,
        y,
    )


@register.simple_tag
def widget(field: BoundField, css: str = "") -> SafeString:
    """This will render a form field's control in the look of the design system."""
    control = field.field.widget
    if isinstance(control, CheckboxInput):
        look = "check"
    elif isinstance(control, ClearableFileInput):
        look = "input file"
    else:
        look = "input"
    own = control.attrs.get("class", "")
    return field.as_widget(attrs={"class": " ".join(filter(None, [look, own, css]))})
