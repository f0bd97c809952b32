"""The third step of an import: what it would change, before anything is saved."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from contacts.rules.words import Entity
from core.access import staff
from core.http import StaffRequest, say_and_go
from erp.actions import applying, receiving
from erp.actions.applying import NotPreviewedError
from erp.actions.kept import REFUSED
from erp.actions.receiving import NotWaitingError
from erp.forms import ApplyForm
from erp.models import Import
from erp.rules.problems import grouped
from erp.rules.states import RowOutcome, Situation
from erp.views import rows
from erp.views.situation import situation_context, situation_of_run
from jobs.queue import AlreadyRunningError

RIGHT = "erp.add_import"
MOST_ERRORS = 2_000


@staff(RIGHT)
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show what the files would change, or how far reading them has come."""
    run = get_object_or_404(Import.objects.select_related("source", "job", "actor"), pk=pk)
    situation = situation_of_run(run)
    if situation in (Situation.READING, Situation.STOPPED) and run.change_set_id is None:
        return render(request, "erp/import.html", situation_context(run))
    if situation is not Situation.PREVIEW:
        return redirect("erp:import", run.pk)
    return render(request, "erp/preview.html", _context(request, run))


@require_POST
@staff(RIGHT)
def apply(request: StaffRequest, pk: int) -> HttpResponse:
    """This will start the import in the background."""
    run = get_object_or_404(Import, pk=pk)
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return redirect("erp:preview", run.pk)
    try:
        applying.apply(
            run=run,
            actor=request.user,
            create_customers=form.cleaned_data["create_customers"],
            complete=form.complete,
        )
    except NotPreviewedError:
        return say_and_go(request, "This import was started already.", "erp:import", run.pk)
    except AlreadyRunningError:
        sentence = f"Another import of {run.source} is under way. Try again when it is done."
        return say_and_go(request, sentence, "erp:preview", run.pk)
    return redirect("erp:import", run.pk)


@require_POST
@staff(RIGHT)
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    """This will drop an import that was not applied, with its files."""
    run = get_object_or_404(Import, pk=pk)
    name = str(run)
    try:
        receiving.discard(run=run, actor=request.user)
    except NotWaitingError:
        sentence = "This import was started already. Undo it instead."
        return say_and_go(request, sentence, "erp:import", pk)
    return say_and_go(request, f"Dropped {name}. Nothing was saved.", "erp:imports")


def _context(request: StaffRequest, run: Import) -> dict[str, Any]:
    totals = rows.totals(run)
    errors = run.rows.filter(outcome=RowOutcome.ERROR).order_by("file", "row", "pk")
    told = errors.values_list("row", "message")[:MOST_ERRORS]
    return {
        "run": run,
        "totals": totals,
        "changes": totals[rows.NEW] + totals[rows.CHANGED],
        "shown": rows.of_preview(request, run),
        "problems": grouped(told),
        "unknown": run.counts.get("unknown_customers", 0),
        "checked": sum(facts["rows"] for facts in run.files),
        "refused": [facts for facts in run.files if facts["status"] == REFUSED],
        "holds": _holds(run),
        "error_files": error_files(run),
        **figures(run),
    }


def figures(run: Import) -> dict[str, Any]:
    """This will say in words what the figures of an import are made of."""
    entities = run.counts.get("entities", {})
    return {
        "new_words": _by_entity(entities, "new"),
        "changed_words": _by_entity(entities, "changed"),
        "entities": [
            (f"{entity.value.capitalize()}s", entities[entity.value])
            for entity in Entity
            if entity.value in entities
        ],
    }


def error_files(run: Import) -> list[dict[str, Any]]:
    """This will give the files that have rows to correct, with how many."""
    found = []
    for number, facts in enumerate(run.files):
        errors = run.rows.filter(outcome=RowOutcome.ERROR, file=number)
        n = errors.values("row").distinct().count()
        if n:
            found.append({"number": number, "name": facts["name"], "n": n})
    return found


def _by_entity(entities: dict[str, dict[str, int]], name: str) -> str:
    parts = []
    for entity in ("contact", "customer", "invoice"):
        n = entities.get(entity, {}).get(name, 0)
        if n:
            parts.append(f"{n:,} {entity}" + ("" if n == 1 else "s"))
    return ", ".join(parts)


def _holds(run: Import) -> dict[str, Any] | None:
    """This will say what the choice about missing records means; nothing when none is missing."""
    absent = {entity: n for entity, n in run.counts.get("absent", {}).items() if n}
    if not absent:
        return None
    whole = run.counts.get("whole", [])
    chosen = {None: "auto", True: "all", False: "some"}[run.complete]
    return {
        "all": _counted(absent),
        "auto": _counted({entity: n for entity, n in absent.items() if entity in whole}),
        "left": _counted({entity: n for entity, n in absent.items() if entity not in whole}),
        "chosen": chosen,
    }


def _counted(absent: dict[str, int]) -> str:
    return _by_entity({entity: {"n": n} for entity, n in absent.items()}, "n")
