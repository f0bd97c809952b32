"""The home page: whether it worked, and what is next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import User
from adoption import querysets
from adoption.rules.attention import needs_attention
from adoption.rules.first_steps import Facts, FirstStep, first_steps
from adoption.rules.funnel import Stage, Step, headline, quality, steps, wave_marks
from adoption.rules.quality import COUNTS, MEANINGS, daily, gained, step_of
from contacts.models import Contact
from core.access import STAFF, staff, staff_any
from core.http import StaffRequest
from core.models import Configuration
from core.rules import display
from delivery.models import Message
from delivery.rules.states import MessageState
from erp.models import Import, WriteBackLine
from portal.models import PortalConfiguration, Registration
from review.querysets.queue import QueueFilter, counts_by_code, facet_counts
from review.rules.problems import counts_by_problem
from validation.models import NameServer
from validation.resolver import OFF

QUALITY_DAYS = 84
WEEKS = {"12": 12, "52": 52}
PERIODS = {"12": "12 weeks", "52": "Year", "all": "All"}


@dataclass(frozen=True)
class Row:
    """A row of the funnel with what closes its gap."""

    step: Step
    note: str = ""
    url: str = ""
    action: str = ""


@staff_any
def home(request: StaffRequest) -> HttpResponse:
    """This will show the funnel, its trend, what needs attention and the quality of the data."""
    now = timezone.now()
    if not Import.objects.exists() and not Contact.objects.exists():
        return render(request, "adoption/welcome.html", _welcome(request))
    asked = request.GET.get("period", "")
    period = asked if asked in PERIODS else "12"
    counts = querysets.funnel_counts(now)
    statuses = querysets.contact_statuses()
    by_code = counts_by_code(request.user)
    problems = [(item, n) for item, n in counts_by_problem(by_code) if n]
    score, ready, everybody = quality(statuses)
    scores = querysets.scores_by_day(now.date() - timedelta(days=QUALITY_DAYS))
    context = {
        "headline": headline(counts),
        "counts": counts,
        "goal": Configuration.load(),
        "rows": [_row(request, step) for step in steps(counts)],
        "top": counts[Stage.CUSTOMERS],
        "trend": _trend(now, period),
        "periods": [(value, label, value == period) for value, label in PERIODS.items()],
        "attention": _attention(request, now, by_code),
        "score": score,
        "ready": ready,
        "everybody": everybody,
        "quality_trend": list(scores.values()),
        "quality_gained": gained(scores, now.date()),
        "problems": problems,
        "most": max((n for _, n in problems), default=1),
        "campaigns": querysets.latest_campaigns(),
    }
    return render(request, "adoption/home.html", context)


@staff("contacts.view_contact", "contacts.view_all_contacts")
def quality_page(request: StaffRequest) -> HttpResponse:
    """This will show the score of the data: what it counts, its trend, by rep and by import."""
    today = timezone.localdate()
    statuses = querysets.contact_statuses()
    score, ready, everybody = quality(statuses)
    scores = querysets.scores_by_day(today - timedelta(days=QUALITY_DAYS))
    scores[today] = score
    days = [today - timedelta(days=back) for back in range(QUALITY_DAYS, -1, -1)]
    points = [(display.day(day, today), value) for day, value in daily(days, scores)]
    context = {
        "score": score,
        "ready": ready,
        "everybody": everybody,
        "customers": querysets.customers().count(),
        "customers_ready": querysets.customers_ready(),
        "gained": gained(scores, today),
        "points": points,
        "trend": f"From {points[0][1]} on {points[0][0]} to {points[-1][1]} today, of 100.",
        "parts": [(name, words, statuses.get(name, 0), name in COUNTS)
                  for name, words in MEANINGS.items()],
        "reps": querysets.quality_by_rep(),
        "imports": [
            step_of(timezone.localtime(row.applied_at).date(), str(row), scores)
            for row in querysets.imports_applied()
            if row.applied_at
        ],
    }  # fmt: skip
    return render(request, "adoption/quality.html", context)


def _row(request: StaffRequest, step: Step) -> Row:
    note, url_name, query, action, right = _GAPS.get(step.stage, ("", "", "", "", ""))
    if not note:
        return Row(step)
    text = note.format(n=f"{step.gap:,}")
    if not step.gap or not url_name or (right and not request.user.has_perm(right)):
        return Row(step, text if step.gap or "{n}" not in note else "")
    return Row(step, text, reverse(url_name) + query, action)


_GAPS = {
    Stage.PROMOTED: ("{n} not to be promoted", "", "", "", ""),
    Stage.REACHABLE: (
        "{n} without a usable address", "review:queue", "", "Review", "review.review_findings",
    ),
    Stage.ANNOUNCED: ("{n} not told yet", "", "", "", ""),
    Stage.INVITED: (
        "{n} not invited yet", "desk:contacts", "?view=ready", "Invite",
        "portal.send_portal_invitation",
    ),
    Stage.DELIVERED: (
        "{n} bounced", "review:queue", "?problem=bounced", "See bounces",
        "review.review_findings",
    ),
    Stage.OPENED: ("Opens are a rough guide", "", "", "", ""),
    Stage.REGISTERED: (
        "{n} opened, not registered", "desk:contacts", "?view=invited", "See who",
        "contacts.view_contact",
    ),
    Stage.ACTIVE: ("Seen in the last 90 days", "", "", "", ""),
}  # fmt: skip


def _attention(request: StaffRequest, now: datetime, by_code: Mapping[str, int]) -> list[Any]:
    to_export = WriteBackLine.objects.filter(state="to_export")
    oldest = to_export.order_by("created_at").values_list("created_at", flat=True).first()
    counts = {
        "bounced": by_code.get("bounced", 0),
        "sure": int(facet_counts(QueueFilter(), request.user)["sure"]),
        "to_export": to_export.count(),
        "export_days": (now - oldest).days if oldest else 0,
        "registrations": Registration.objects.waiting().count(),
        "dns_fails": NameServer.objects.exclude(trouble="").exclude(name=OFF).count(),
        "unknown_messages": Message.objects.filter(state=MessageState.UNKNOWN).count(),
        "ready": Contact.objects.visible_to(request.user).ready_to_invite().count()
        if PortalConfiguration.load().enabled
        else 0,
    }
    return [
        {"line": line, "url": _url(line.url_name)}
        for line in needs_attention(counts)
        if request.user.has_perm(line.right) and _url(line.url_name)
    ]


def _url(name: str) -> str:
    if name == "desk:ready":
        return f"{reverse('desk:contacts')}?view=ready"
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _trend(now: datetime, period: str) -> dict[str, Any]:
    """This will give the points of the chart: registered customers at the end of each week."""
    today = timezone.localtime(now).date()
    weeks = WEEKS.get(period) or _weeks_since(querysets.first_registered_on(), today)
    days = [today - timedelta(weeks=back) for back in range(weeks, -1, -1)]
    points = querysets.registered_by_day(days)
    shown = [(f"{day.day} {day:%b}", value) for day, value in points]
    return {
        "points": shown,
        "marks": wave_marks(days, querysets.waves()),
        "gained": points[-1][1] - points[-2][1],
        "text": f"From {points[0][1]:,} on {shown[0][0]} to {points[-1][1]:,} on {shown[-1][0]}.",
    }


def _weeks_since(first: date | None, today: date) -> int:
    return max(WEEKS["12"], (today - first).days // 7 + 1) if first else WEEKS["12"]


def _welcome(request: StaffRequest) -> dict[str, Any]:
    company, untouched = Configuration.load(), Configuration()
    is_named = company.company_name != untouched.company_name
    steps = first_steps(
        Facts(
            signed_in_as=request.user.email or str(request.user),
            runs_on=_runs_on(),
            has_company=is_named and bool(company.postal_address),
            has_sender=company.sender_email != untouched.sender_email,
            has_domains=bool(company.own_domain_set()),
            portal_enabled=PortalConfiguration.load().enabled,
            staff=User.objects.filter(kind=STAFF, is_active=True).count(),
        )
    )
    return {
        "steps": [(step, _first_step_url(request, step)) for step in steps],
        "done": sum(step.done for step in steps),
    }


def _runs_on() -> str:
    database = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    worker = "worker and clock in this process" if settings.EMBEDDED else "workers of their own"
    return f"{database}, {worker}"


def _first_step_url(request: StaffRequest, step: FirstStep) -> str:
    if step.done or not step.url_name or not request.user.has_perm(step.right):
        return ""
    return reverse(step.url_name, args=[1] if step.url_name.endswith("_change") else [])
