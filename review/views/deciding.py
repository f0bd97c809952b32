"""One small view for each decision about findings."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from contacts.actions.undoing import AlreadyUndoneError
from contacts.models import ChangeSet
from core.access import staff
from core.http import StaffRequest
from review.actions import asking, deciding
from review.actions import bulk as bulk_actions
from review.actions.asking import Asked, CannotAskError
from review.actions.deciding import Decided
from review.forms import AskForm, BulkForm, CorrectForm
from review.querysets.acts import decisions_of, only_contact_of
from review.querysets.evidence import pane_context
from review.querysets.queue import queue
from review.views.outcome import acted, as_seen, refused
from review.views.queue import RIGHT, back, filter_of, open_findings, place_context, query_of
from validation.models import Finding


@require_POST
@staff(RIGHT)
def accept(request: StaffRequest, pk: int) -> HttpResponse:
    """This will put the suggestion in place."""
    return act(request, pk, deciding.accept)


@require_POST
@staff(RIGHT)
def keep(request: StaffRequest, pk: int) -> HttpResponse:
    """This will say that the value is right as it is."""
    return act(request, pk, deciding.keep)


@require_POST
@staff(RIGHT)
def unknown(request: StaffRequest, pk: int) -> HttpResponse:
    """This will say that the value is wrong and the right one not known."""
    return act(request, pk, deciding.mark_unknown)


@require_POST
@staff(RIGHT)
def clear(request: StaffRequest, pk: int) -> HttpResponse:
    """This will empty the field."""
    return act(request, pk, deciding.clear)


@require_POST
@staff(RIGHT)
def left(request: StaffRequest, pk: int) -> HttpResponse:
    """This will say that the person has left the company."""
    return act(request, pk, deciding.mark_left)


@require_POST
@staff(RIGHT)
def ask(request: StaffRequest, pk: int) -> HttpResponse:
    """This will ask the sales rep, customer success or the customer, named by the button."""
    form = AskForm(request.POST)
    whom = form.cleaned_data["whom"] if form.is_valid() else Asked.SALES_REP
    return act(request, pk, partial(asking.ask, whom=whom))


@require_POST
@staff(RIGHT)
def accept_alike(request: StaffRequest, pk: int) -> HttpResponse:
    """This will put every suggestion of the same mistake in place."""
    row = as_seen(request, pk)
    if isinstance(row, HttpResponse):
        return row
    rows = bulk_actions.alike(finding=row, user=request.user)
    try:
        done = deciding.accept(findings=rows, actor=request.user)
    except deciding.NothingToDecideError:
        return refused(request, row, "Nothing changed: somebody has decided this already.")
    return acted(request, rows, done)


@require_POST
@staff(RIGHT)
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """This will put a typed address in place, or show the field again with what to do."""
    row = as_seen(request, pk)
    if isinstance(row, HttpResponse):
        return row
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
            return acted(request, [row], done)
        except deciding.NoAddressError:
            problem = "Enter an address like name@company.com."
        except deciding.OvertakenError as overtaken:
            problem = f"A colleague changed it meanwhile: now it is {overtaken.now or 'empty'}."
    context = {"current": row, "form": form, "edit_problem": problem, "editing": True}
    context |= pane_context(row, request.user) | place_context(request, row)
    template = "review/_pane.html" if request.htmx else "review/finding.html"
    return render(request, template, context, status=422)


@require_POST
@staff(RIGHT)
def bulk(request: StaffRequest) -> HttpResponse:
    """This will decide about the ticked findings, or all of a filter, in one change set."""
    form = BulkForm(request.POST)
    if not form.is_valid():
        return redirect("review:queue")
    name = form.cleaned_data["act"]
    if not form.cleaned_data["all"]:
        ticked = list(open_findings(request).filter(pk__in=form.cleaned_data["finding"]))
        rows = [row for row in ticked if not form.differs(row)]
        return _decide_many(request, name, rows, len(form.cleaned_data["finding"]) - len(rows))
    wanted = filter_of(request, QueryDict(query_of(request)))
    found = bulk_actions.rows_for(name, wanted, request.user).select_related("contact__customer")
    rows = list(found.order_by("pk")[: bulk_actions.AT_ONCE + 1])
    if len(rows) <= bulk_actions.AT_ONCE:
        return _decide_many(request, name, rows, 0)
    job = bulk_actions.decide_filter_later(
        act=name, wanted=wanted, actor=request.user, count=found.count()
    )
    return redirect("jobs:progress", job.pk)


def _decide_many(
    request: StaffRequest, name: str, rows: list[Finding], overtaken: int
) -> HttpResponse:
    if overtaken:
        told = f"{overtaken:,} were left: a colleague decided about them, or they changed since."
        messages.warning(request, told)
    try:
        done = bulk_actions.ACTS[name].verb(findings=rows, actor=request.user)
    except deciding.NothingToDecideError:
        if not overtaken:
            messages.warning(request, NOTHING_LEFT[name])
        return redirect(back(request))
    except CannotAskError as refusal:
        messages.warning(request, str(refusal))
        return redirect(back(request))
    if done.left:
        messages.warning(request, f"{done.left:,} {LEFT[name]}")
    return acted(request, rows, done)


NOTHING_DECIDED = "Nothing changed: those were decided already."
NOTHING_LEFT = dict.fromkeys(bulk_actions.ACTS, NOTHING_DECIDED) | {
    "accept": "Nothing changed: none of those has a suggestion, or they were decided already."
}
LEFT = dict.fromkeys(bulk_actions.ACTS, "were left: their values changed since.") | {
    "ask": "of them could not be asked about: no sales rep with an email address."
}


@require_POST
@staff(RIGHT)
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """This will take a decision back; edits made since are kept and counted."""
    change_set = get_object_or_404(decisions_of(request.user), pk=pk)
    try:
        undone = deciding.undo(change_set=change_set, actor=request.user)
    except AlreadyUndoneError:
        messages.warning(request, "That was undone already.")
        return redirect(back(request))
    skipped = f" {undone.skipped} kept, edited since." if undone.skipped else ""
    messages.info(request, f"Undone: {change_set.label}.{skipped}")
    return redirect(_with_row(request, back(request), change_set))


def _with_row(request: StaffRequest, url: str, change_set: ChangeSet) -> str:
    """This will lead back to the queue at the row that an undo has brought back."""
    contact = only_contact_of(change_set)
    if contact is None or not url.startswith(reverse("review:queue")):
        return url
    path, _, text = url.partition("?")
    query = QueryDict(text, mutable=True)
    rows = queue(filter_of(request, query), request.user).filter(contact=contact)
    row = rows.order_by("-confidence", "pk").first()
    if row is None:
        return url
    query["current"] = str(row.pk)
    return f"{path}?{query.urlencode()}"


def act(request: StaffRequest, pk: int, verb: Callable[..., Decided]) -> HttpResponse:
    """This will decide about one finding."""
    row = as_seen(request, pk)
    if isinstance(row, HttpResponse):
        return row
    try:
        done = verb(findings=[row], actor=request.user)
    except deciding.NothingToDecideError:
        return refused(request, row, "Nothing changed: somebody has decided this already.")
    except CannotAskError as refusal:
        return refused(request, row, str(refusal))
    if done.left:
        return refused(request, row, "Nothing changed: the value is no longer what you saw.")
    return acted(request, [row], done)
