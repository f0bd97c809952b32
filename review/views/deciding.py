"""One small view for each decision about findings."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from contacts.actions.undoing import AlreadyUndoneError
from contacts.models import ChangeSet
from core import keyset
from core.access import staff
from core.http import StaffRequest
from review.actions import asking, deciding
from review.actions import bulk as bulk_actions
from review.actions.asking import Asked, CannotAskError
from review.actions.deciding import Decided
from review.forms import AskForm, BulkForm, CorrectForm
from review.querysets.evidence import pane_context
from review.querysets.queue import queue
from review.views.queue import (
    RIGHT,
    back,
    facets,
    filter_of,
    open_finding,
    open_findings,
    query_of,
)
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
    try:
        return act(request, pk, partial(asking.ask, whom=whom))
    except CannotAskError as refusal:
        return refused(request, open_finding(request, pk), str(refusal))


@require_POST
@staff(RIGHT)
def accept_alike(request: StaffRequest, pk: int) -> HttpResponse:
    """This will put every suggestion of the same mistake in place."""
    row = open_finding(request, pk)
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
    row = open_finding(request, pk)
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
    verbs: dict[str, Callable[..., Decided]] = {
        "accept": deciding.accept,
        "keep": deciding.keep,
        "unknown": deciding.mark_unknown,
        "ask": partial(asking.ask, whom=Asked.SALES_REP),
    }
    verb = verbs[form.cleaned_data["act"]]
    rows = list(open_findings(request).filter(pk__in=form.cleaned_data["finding"]))
    try:
        done = verb(findings=rows, actor=request.user)
    except deciding.NothingToDecideError:
        messages.warning(request, "Nothing changed: those were decided already.")
        return redirect(back(request))
    except CannotAskError as refusal:
        messages.warning(request, str(refusal))
        return redirect(back(request))
    if done.left and form.cleaned_data["act"] == "ask":
        told = f"{done.left} of them could not be asked about: no sales rep with an email address."
        messages.warning(request, told)
    return acted(request, rows, done)


@require_POST
@staff(RIGHT)
def accept_all(request: StaffRequest) -> HttpResponse:
    """This will accept a whole filter as a background job."""
    wanted = filter_of(request, request.POST)
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
    return redirect(back(request))


def act(request: StaffRequest, pk: int, verb: Callable[..., Decided]) -> HttpResponse:
    """This will decide about one finding."""
    row = open_finding(request, pk)
    try:
        done = verb(findings=[row], actor=request.user)
    except deciding.NothingToDecideError:
        return refused(request, row, "Nothing changed: somebody has decided this already.")
    if done.left:
        return refused(request, row, "Nothing changed: the value is no longer what you saw.")
    return acted(request, [row], done)


def acted(request: StaffRequest, rows: list[Finding], done: Decided) -> HttpResponse:
    """This will answer a decision: the rows go, counts and toast follow, the next row opens."""
    if not request.htmx:
        undo_url = reverse("review:undo", args=[done.change_set.pk])
        messages.info(request, done.change_set.label, extra_tags=undo_url)
        return redirect(back(request))
    wanted = filter_of(request, QueryDict(query_of(request)))
    context: dict[str, Any] = {"rows": rows, "done": done, **facets(wanted, request)}
    context["next_url"] = back(request)
    context["total"] = keyset.bounded_count(queue(wanted, request.user))
    return render(request, "review/_acted.html", context)


def refused(request: StaffRequest, row: Finding, sentence: str) -> HttpResponse:
    """This will say in the row itself why nothing changed."""
    if not request.htmx:
        messages.warning(request, sentence)
        return redirect(back(request))
    fresh = Finding.objects.filter(pk=row.pk).select_related("contact__customer").first()
    context = {"row": fresh or row, "refusal": sentence}
    return render(request, "review/_row.html", context, status=200)
