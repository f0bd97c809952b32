"""What colleagues and customers have answered: take it over, or put it aside."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from contacts.models import Proposal
from core import keyset
from core.access import staff
from core.http import StaffRequest, safe_next
from review.actions import answers
from review.actions.deciding import Decided, NothingToDecideError
from review.forms import BulkAnswersForm
from review.querysets.evidence import answer_context
from review.querysets.queue import QueueFilter
from review.rules.answers import told
from review.views.queue import RIGHT, problems

SORTS = {"given": "id"}
LATE = "Nothing changed: the contact was changed since, or somebody has decided this already."
NOWHERE = QueueFilter(problem="answered")


@staff(RIGHT)
def answers_page(request: StaffRequest) -> HttpResponse:
    """This will show the answers that wait for a decision, the oldest first."""
    page = keyset.page(
        _open(request),
        sort="given",
        sorts=SORTS,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    current = page.rows[0] if page.rows else None
    context = {
        "page": page,
        "rows": [(row, _told(row)) for row in page.rows],
        "current": current,
        **problems(NOWHERE, request),
        **(answer_context(current) if current else {}),
    }
    return render(request, "review/answers.html", context)


@staff(RIGHT)
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show one answer with what speaks for it: a pane beside the list, else a page."""
    row = _one(request, pk)
    template = "review/_answer_pane.html" if request.htmx else "review/answer.html"
    return render(request, template, {"current": row, **answer_context(row)})


@require_POST
@staff(RIGHT)
def take(request: StaffRequest, pk: int) -> HttpResponse:
    """This will write what was answered."""
    return _act(request, [_one(request, pk)], answers.accept)


@require_POST
@staff(RIGHT)
def refuse(request: StaffRequest, pk: int) -> HttpResponse:
    """This will put an answer aside; what was found about the contact waits again."""
    return _act(request, [_one(request, pk)], answers.refuse)


@require_POST
@staff(RIGHT)
def bulk(request: StaffRequest) -> HttpResponse:
    """This will decide about every ticked answer in one change set."""
    form = BulkAnswersForm(request.POST)
    if not form.is_valid():
        return redirect("review:answers")
    verb = answers.accept if form.cleaned_data["act"] == "take" else answers.refuse
    return _act(request, list(_open(request).filter(pk__in=form.cleaned_data["finding"])), verb)


def _act(request: StaffRequest, rows: list[Proposal], verb: Callable[..., Decided]) -> HttpResponse:
    try:
        done = verb(proposals=rows, actor=request.user)
    except NothingToDecideError:
        return _refused(request, rows)
    undo_url = reverse("review:undo", args=[done.change_set.pk])
    if not request.htmx:
        messages.info(request, done.change_set.label, extra_tags=undo_url)
        if done.left:
            messages.warning(request, f"{done.left} were left: their contacts changed since.")
        return redirect(_back(request))
    context = {"rows": rows, "done": done, "next_url": _back(request)}
    context |= problems(NOWHERE, request)
    return render(request, "review/_answers_acted.html", context)


def _refused(request: StaffRequest, rows: list[Proposal]) -> HttpResponse:
    if not request.htmx or len(rows) != 1:
        messages.warning(request, LATE)
        return redirect(_back(request))
    context = {"row": rows[0], "told": _told(rows[0]), "refusal": LATE}
    return render(request, "review/_answer_row.html", context)


def _open(request: StaffRequest) -> QuerySet[Proposal]:
    rows: QuerySet[Proposal] = Proposal.objects.open().visible_to(request.user)
    return rows.select_related("contact__customer", "customer")


def _one(request: StaffRequest, pk: int) -> Proposal:
    return get_object_or_404(_open(request), pk=pk)


def _told(row: Proposal) -> object:
    return told(row.kind, row.values, row.person, row.seen.get("email", ""))


def _back(request: StaffRequest) -> str:
    return safe_next(request, reverse("review:answers"))
