"""The workbench: facets, queue and evidence."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from contacts.models import ChangeSet, Proposal
from contacts.rules.words import ChangeKind
from core import keyset
from core.access import staff
from core.http import StaffRequest, safe_next
from review.forms import read_queue_filter
from review.models import Question
from review.querysets.evidence import pane_context
from review.querysets.queue import (
    QueueFilter,
    counts_by_code,
    facet_counts,
    queue,
    reviewers,
    undecided,
)
from review.rules.problems import counts_by_problem, problem_named
from validation.models import Finding

RIGHT = "review.review_findings"
SORTS = {"certain": "confidence"}


@staff(RIGHT)
def queue_page(request: StaffRequest) -> HttpResponse:
    """This will show what waits for a decision, the surest first."""
    wanted = filter_of(request)
    rows = queue(wanted, request.user).select_related("contact__customer")
    page = keyset.page(
        rows,
        sort="-certain",
        sorts=SORTS,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    current = next(
        (row for row in page.rows if str(row.pk) == request.GET.get("current")),
        page.rows[0] if page.rows else None,
    )
    context = {
        "page": page,
        "current": current,
        "reviewers": reviewers(),
        **facets(wanted, request),
        **(pane_context(current, request.user) if current else {}),
    }
    return render(request, "review/queue.html", context)


@staff(RIGHT)
def finding(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show one finding with its evidence: a pane beside the queue, else a page."""
    row = open_finding(request, pk)
    part = bool(request.htmx)
    template = "review/_pane.html" if part else "review/finding.html"
    return render(request, template, {"current": row, **pane_context(row, request.user)})


def open_findings(request: StaffRequest) -> QuerySet[Finding]:
    """This will give the findings that this person may decide about."""
    return undecided(request.user).select_related("contact__customer")


def open_finding(request: StaffRequest, pk: int) -> Finding:
    """This will give one of them, or answer that there is none."""
    return get_object_or_404(open_findings(request), pk=pk)


def filter_of(request: StaffRequest, data: QueryDict | None = None) -> QueueFilter:
    """This will read the filter; without a problem it is the first of which there is something."""
    wanted = read_queue_filter(request.GET if data is None else data)
    if problem_named(wanted.problem):
        return wanted
    first = next((item for item, n in counts_by_problem(counts_by_code(request.user)) if n), None)
    return replace(wanted, problem=first.slug if first else "typo")


def facets(wanted: QueueFilter, request: StaffRequest) -> dict[str, Any]:
    """This will give what stands beside the queue: problems and facets with their counts."""
    return {**problems(wanted, request), "facets": facet_counts(wanted, request.user)}


def problems(wanted: QueueFilter, request: StaffRequest) -> dict[str, Any]:
    """This will give the problems with their counts, and what is asked and answered."""
    counts = counts_by_problem(counts_by_code(request.user))
    waiting = [(item, n) for item, n in counts if n and item.slug != wanted.problem]
    return {
        "wanted": wanted,
        "problem": problem_named(wanted.problem),
        "problems": [(item, n) for item, n in counts if n or item.slug == wanted.problem],
        "all_count": sum(n for _, n in counts),
        "next_problem": waiting[0] if waiting else None,
        **asked_counts(request),
        **_decided_today(request),
    }


def _decided_today(request: StaffRequest) -> dict[str, Any]:
    """This will count one's own decisions of today, and name the last one, which U takes back."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    mine = ChangeSet.objects.filter(
        actor=request.user,
        kind__in=[ChangeKind.REVIEW, ChangeKind.BULK],
        created_at__gte=today,
        undone_at=None,
    )
    return {"fixed_today": mine.count(), "last_decision": mine.newest_first().first()}


def asked_counts(request: StaffRequest) -> dict[str, int]:
    """This will count what waits for somebody's answer, and the answers that wait for staff."""
    asked = Question.objects.unanswered().visible_to(request.user)
    answered = Proposal.objects.open().visible_to(request.user)
    return {
        "asked_count": keyset.bounded_count(asked),
        "answered_count": keyset.bounded_count(answered),
    }


def query_of(request: HttpRequest) -> str:
    """This will give the filter that a form came with."""
    return request.POST.get("query", "")


def back(request: HttpRequest) -> str:
    """This will give where a decision without script leads back to."""
    query = query_of(request)
    return safe_next(request, reverse("review:queue") + (f"?{query}" if query else ""))
