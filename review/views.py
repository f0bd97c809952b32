"""The workbench: facets, queue, evidence; and one small view for each decision."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from contacts.actions.undoing import AlreadyUndoneError
from contacts.models import ChangeSet
from contacts.rules.words import ChangeKind
from core import keyset
from core.access import staff
from core.http import StaffRequest, safe_next
from review.actions import bulk as bulk_actions
from review.actions import deciding
from review.actions.deciding import Decided
from review.forms import BulkForm, CorrectForm, read_queue_filter
from review.querysets.evidence import pane_context
from review.querysets.queue import QueueFilter, counts_by_code, facet_counts, queue
from review.rules.problems import counts_by_problem, problem_named
from validation.models import Finding

RIGHT = "review.review_findings"
SORTS = {"certain": "confidence"}


@staff(RIGHT)
def queue_page(request: StaffRequest) -> HttpResponse:
    """This will show what waits for a decision, the surest first."""
    wanted = _filter_of(request)
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
        **_facets(wanted, request),
        **(pane_context(current, request.user) if current else {}),
    }
    return render(request, "review/queue.html", context)


@staff(RIGHT)
def finding(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show one finding with its evidence: a pane beside the queue, else a page."""
    row = _finding(request, pk)
    part = bool(request.htmx)
    template = "review/_pane.html" if part else "review/finding.html"
    return render(request, template, {"current": row, **pane_context(row, request.user)})


@require_POST
@staff(RIGHT)
def accept(request: StaffRequest, pk: int) -> HttpResponse:
    """This will put the suggestion in place."""
    return _act(request, pk, deciding.accept)


@require_POST
@staff(RIGHT)
def keep(request: StaffRequest, pk: int) -> HttpResponse:
    """This will say that the value is right as it is."""
    return _act(request, pk, deciding.keep)


@require_POST
@staff(RIGHT)
def unknown(request: StaffRequest, pk: int) -> HttpResponse:
    """This will say that the value is wrong and the right one not known."""
    return _act(request, pk, deciding.mark_unknown)


@require_POST
@staff(RIGHT)
def clear(request: StaffRequest, pk: int) -> HttpResponse:
    """This will empty the field."""
    return _act(request, pk, deciding.clear)


@require_POST
@staff(RIGHT)
def left(request: StaffRequest, pk: int) -> HttpResponse:
    """This will say that the person has left the company."""
    return _act(request, pk, deciding.mark_left)


@require_POST
@staff(RIGHT)
def accept_alike(request: StaffRequest, pk: int) -> HttpResponse:
    """This will put every suggestion of the same mistake in place."""
    row = _finding(request, pk)
    rows = bulk_actions.alike(finding=row, user=request.user)
    try:
        done = deciding.accept(findings=rows, actor=request.user)
    except deciding.NothingToDecideError:
        return _refused(request, row, "Nothing changed: somebody has decided this already.")
    return _acted(request, rows, done)


@require_POST
@staff(RIGHT)
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """This will put a typed address in place, or show the field again with what to do."""
    row = _finding(request, pk)
    form = CorrectForm(request.POST)
    problem = ""
    if form.is_valid():
        try:
            done = deciding.correct(
                contact=row.contact,
                value=form.cleaned_data["value"],
                seen=form.cleaned_data["seen"],
                actor=request.user,
                code=row.code,
            )
            return _acted(request, [row], done)
        except deciding.NoAddressError:
            problem = "Enter an address like name@company.com."
        except deciding.OvertakenError as overtaken:
            problem = f"A colleague changed it meanwhile: now it is {overtaken.now or 'empty'}."
    context = {"current": row, "form": form, "edit_problem": problem, "editing": True}
    context |= pane_context(row, request.user)
    template = "review/_pane.html" if request.htmx else "review/finding.html"
    return render(request, template, context, status=422)


@require_POST
@staff(RIGHT)
def bulk(request: StaffRequest) -> HttpResponse:
    """This will decide about every ticked finding in one change set."""
    form = BulkForm(request.POST)
    if not form.is_valid():
        return redirect("review:queue")
    verb: Callable[..., Decided] = {
        "accept": deciding.accept,
        "keep": deciding.keep,
        "unknown": deciding.mark_unknown,
    }[form.cleaned_data["act"]]
    rows = list(_open(request).filter(pk__in=form.cleaned_data["finding"]))
    try:
        done = verb(findings=rows, actor=request.user)
    except deciding.NothingToDecideError:
        messages.warning(request, "Nothing changed: those were decided already.")
        return redirect(_back(request))
    return _acted(request, rows, done)


@require_POST
@staff(RIGHT)
def accept_all(request: StaffRequest) -> HttpResponse:
    """This will accept a whole filter as a background job."""
    wanted = _filter_of(request, request.POST)
    count = queue(wanted, request.user).with_suggestion().count()
    job = bulk_actions.accept_filter_later(wanted=wanted, actor=request.user, count=count)
    return redirect("jobs:progress", job.pk)


@require_POST
@staff(RIGHT)
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """This will take a decision back; edits made since are kept and counted."""
    change_set = get_object_or_404(ChangeSet, pk=pk)
    try:
        undone = deciding.undo(change_set=change_set, actor=request.user)
    except AlreadyUndoneError:
        messages.warning(request, "That was undone already.")
    else:
        skipped = f" {undone.skipped} kept, edited since." if undone.skipped else ""
        messages.info(request, f"Undone: {change_set.label}.{skipped}")
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect(_back(request))


def _act(request: StaffRequest, pk: int, verb: Callable[..., Decided]) -> HttpResponse:
    row = _finding(request, pk)
    try:
        done = verb(findings=[row], actor=request.user)
    except deciding.NothingToDecideError:
        return _refused(request, row, "Nothing changed: somebody has decided this already.")
    if done.left:
        return _refused(request, row, "Nothing changed: the value is no longer what you saw.")
    return _acted(request, [row], done)


def _acted(request: StaffRequest, rows: list[Finding], done: Decided) -> HttpResponse:
    """This will answer a decision: the rows go, counts and toast follow, the next row opens."""
    if not request.htmx:
        undo_url = reverse("review:undo", args=[done.change_set.pk])
        messages.info(request, done.change_set.label, extra_tags=undo_url)
        return redirect(_back(request))
    wanted = _filter_of(request, QueryDict(_query_of(request)))
    context: dict[str, Any] = {"rows": rows, "done": done, **_facets(wanted, request)}
    context["total"] = keyset.bounded_count(queue(wanted, request.user))
    return render(request, "review/_acted.html", context)


def _refused(request: StaffRequest, row: Finding, sentence: str) -> HttpResponse:
    if not request.htmx:
        messages.warning(request, sentence)
        return redirect(_back(request))
    fresh = Finding.objects.filter(pk=row.pk).select_related("contact__customer").first()
    context = {"row": fresh or row, "refusal": sentence}
    return render(request, "review/_row.html", context, status=200)


def _open(request: StaffRequest) -> QuerySet[Finding]:
    return queue(QueueFilter(), request.user).select_related("contact__customer")


def _finding(request: StaffRequest, pk: int) -> Finding:
    return get_object_or_404(_open(request), pk=pk)


def _filter_of(request: StaffRequest, data: QueryDict | None = None) -> QueueFilter:
    wanted = read_queue_filter(request.GET if data is None else data)
    if problem_named(wanted.problem):
        return wanted
    first = next((item for item, n in counts_by_problem(counts_by_code(request.user)) if n), None)
    return replace(wanted, problem=first.slug if first else "typo")


def _facets(wanted: QueueFilter, request: StaffRequest) -> dict[str, Any]:
    counts = counts_by_problem(counts_by_code(request.user))
    waiting = [(item, n) for item, n in counts if n and item.slug != wanted.problem]
    return {
        "wanted": wanted,
        "problem": problem_named(wanted.problem),
        "problems": [(item, n) for item, n in counts if n or item.slug == wanted.problem],
        "all_count": sum(n for _, n in counts),
        "facets": facet_counts(wanted, request.user),
        "next_problem": waiting[0] if waiting else None,
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


def _query_of(request: HttpRequest) -> str:
    return request.POST.get("query", "")


def _back(request: HttpRequest) -> str:
    query = _query_of(request)
    return safe_next(request, reverse("review:queue") + (f"?{query}" if query else ""))
