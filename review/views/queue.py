"""The workbench: facets, queue and evidence."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
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
    neighbours,
    queue,
    reviewers,
    undecided,
)
from review.rules.problems import counts_by_problem, problem_named, problem_of
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
    if not page.rows and "after" in request.GET:
        return redirect(f"{reverse('review:queue')}?{_without_place(request.GET)}")
    current = next(
        (row for row in page.rows if str(row.pk) == request.GET.get("current")),
        page.rows[0] if page.rows else None,
    )
    context = {
        "page": page,
        "current": current,
        "query": _without_place(request.GET),
        "merge_next": back_to_queue(request),
        "reviewers": reviewers(),
        **facets(wanted, request),
        **(pane_context(current, request.user) if current else {}),
    }
    return render(request, "review/queue.html", context)


@staff(RIGHT)
def finding(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show one finding with its evidence: a pane beside the queue, else a page."""
    row = open_findings(request).filter(pk=pk).first()
    if row is None and request.htmx:
        return render(request, "review/_pane.html", {"is_over": True})
    if row is None:
        raise Http404
    context = {
        "current": row,
        "merge_next": back_to_queue(request),
        **pane_context(row, request.user),
    }
    if request.htmx:
        return render(request, "review/_pane.html", context)
    return render(request, "review/finding.html", context | place_context(request, row))


def place_context(request: StaffRequest, row: Finding) -> dict[str, Any]:
    """This will give where a finding stands in its queue, for a page that shows it alone."""
    text = request.POST.get("query") or _without_place(request.GET)
    query = QueryDict(text, mutable=True)
    if not problem_named(query.get("problem", "")):
        problem = problem_of(row.code)
        query["problem"] = problem.slug if problem else ""
    rows = queue(filter_of(request, query), request.user)
    place = neighbours(rows, row)
    queue_url = f"{reverse('review:queue')}?{query.urlencode()}"

    def page_of(pk: int | None) -> str:
        return f"{reverse('review:finding', args=[pk])}?{query.urlencode()}" if pk else ""

    return {
        "alone": True,
        "query": query.urlencode(),
        "place": place,
        "queue_url": queue_url,
        "previous_url": page_of(place.before),
        "following_url": page_of(place.after),
        "next_url": page_of(place.after or place.before) or queue_url,
    }


def back_to_queue(request: HttpRequest) -> str:
    """This will give the address of the queue that the page belongs to."""
    return f"{reverse('review:queue')}?{_without_place(request.GET)}"


def _without_place(data: QueryDict) -> str:
    """This will give the filter of a queue's address without the position in it."""
    query = data.copy()
    for name in ("after", "before", "current"):
        query.pop(name, None)
    return query.urlencode()


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
    counts = facet_counts(wanted, request.user)
    return {
        **problems(wanted, request),
        "facets": counts,
        "facet_total": counts["sure"] + counts["unsure"] + counts["none"],
        "is_narrowed": wanted != QueueFilter(problem=wanted.problem),
    }


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
