"""All imports, and the page of one: how far it is, what it did, and taking it back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from core import keyset
from core.access import staff
from core.http import StaffRequest, say_and_go
from erp.actions import applying, undoing
from erp.actions.applying import NotPreviewedError
from erp.actions.undoing import NotUndoableError
from erp.models import Import
from erp.rules.states import UNDOABLE, RowOutcome, Situation
from erp.views import rows
from erp.views.previewing import error_files, figures
from erp.views.situation import situation_context, situation_of_run
from erp.views.undone import stayed
from jobs.queue import AlreadyRunningError

RIGHT = "erp.add_import"
UNDO = "erp.undo_import"
STOP_POLLING = 286
WAITING = (Situation.MATCH, Situation.PREVIEW)


@staff(RIGHT)
def imports(request: StaffRequest) -> HttpResponse:
    """This will list all imports, the newest first."""
    page = keyset.page(
        Import.objects.shown(),
        sort="-number",
        sorts={"number": "pk"},
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(request, "erp/imports.html", {"page": page, "undoable": UNDOABLE})


@staff(RIGHT)
def import_page(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show one import: at work, or what it did. One that waits leads to its step."""
    run = _run(pk)
    situation = situation_of_run(run)
    if situation is Situation.MATCH:
        return redirect("erp:match", run.pk)
    if situation is Situation.PREVIEW:
        return redirect("erp:preview", run.pk)
    return render(request, "erp/import.html", _context(request, run))


@staff(RIGHT)
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """This will answer the polls of an import's page; status 286 tells htmx that it has ended."""
    run = _run(pk)
    if not request.htmx:
        return redirect("erp:import", run.pk)
    if situation_of_run(run) in WAITING:
        target = "erp:preview" if situation_of_run(run) is Situation.PREVIEW else "erp:match"
        answer = HttpResponse(status=STOP_POLLING)
        answer["HX-Redirect"] = redirect(target, run.pk).url
        return answer
    context = _context(request, run)
    status = 200 if context["works"] else STOP_POLLING
    return render(request, "erp/_import.html", context, status=status)


@require_POST
@staff(RIGHT)
def stop(request: StaffRequest, pk: int) -> HttpResponse:
    """This will stop an import half-way; what it did so far can be undone."""
    run = _run(pk)
    if situation_of_run(run) in (Situation.READING, Situation.IMPORTING):
        applying.stop(run=run)
    return redirect("erp:import", run.pk)


@require_POST
@staff(RIGHT)
def go_on(request: StaffRequest, pk: int) -> HttpResponse:
    """This will go on with an import that had stopped because of a fault."""
    run = _run(pk)
    try:
        applying.go_on(run=run, actor=request.user)
    except NotPreviewedError:
        return say_and_go(request, "There is nothing to go on with.", "erp:import", run.pk)
    except AlreadyRunningError:
        sentence = f"Another import of {run.source} is under way. Try again when it is done."
        return say_and_go(request, sentence, "erp:import", run.pk)
    return redirect("erp:import", run.pk)


@require_POST
@staff(UNDO)
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """This will start taking an import back."""
    run = _run(pk)
    try:
        undoing.undo(run=run, actor=request.user)
    except (NotUndoableError, AlreadyRunningError):
        sentence = "This import cannot be undone now: it runs, or was undone already."
        return say_and_go(request, sentence, "erp:import", run.pk)
    return redirect("erp:import", run.pk)


def _run(pk: int) -> Import:
    rows = Import.objects.select_related("source", "job", "actor", "change_set")
    return get_object_or_404(rows, pk=pk)


def _context(request: StaffRequest, run: Import) -> dict[str, Any]:
    context = situation_context(run)
    if context["works"] or run.change_set is None:
        return context
    totals = rows.totals(run)
    shown = rows.of_result(request, run)
    return context | {
        "totals": totals,
        "shown": shown,
        "error_files": error_files(run),
        "conflicts": run.rows.filter(outcome=RowOutcome.CONFLICT).count(),
        "stayed": stayed(run, request.GET),
        "undone": run.job.result if run.job and run.state == "undone" else {},
        **figures(run),
    }
