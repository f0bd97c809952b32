"""The second step of an import: which column is what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from contacts.rules.words import Entity
from core.access import staff
from core.http import StaffRequest, say_and_go
from erp.actions import applying, receiving
from erp.actions.applying import NotPreviewedError
from erp.actions.receiving import REFUSED, NotWaitingError
from erp.forms import MatchForm
from erp.models import Import
from erp.readers.tables import presets, sample_cells
from erp.rules import mapping
from erp.rules.states import ImportState
from erp.rules.values import AFTER_ACCOUNT, DAY_FIRST, FLAG, LEADING_ACCOUNT, MONTH_FIRST

RIGHT = "erp.add_import"
TOO_LATE = "The columns can no longer be changed: the import has started."
CLEAN_UP = {
    AFTER_ACCOUNT: "Account number in front is cut off",
    LEADING_ACCOUNT: "The account number in front is used",
    FLAG: "A blank cell means no",
    DAY_FIRST: "Dates read day first",
    MONTH_FIRST: "Dates read month first",
}
ALWAYS = {
    "account": "Used to match customers",
    "own_id": "Safest way to know a record again",
    "full_name": "“Last, First” and titles are taken apart",
    "inactive": "Yes means inactive",
    "email": "Kept as typed, then checked",
    "postal_code": "Leading zeros are kept",
}


@dataclass(frozen=True)
class ShownColumn:
    """A column of the file as the page shows it."""

    header: str
    samples: str
    control: BoundField
    tone: str
    icon: str
    reason: str
    clean_up: str


@dataclass(frozen=True)
class ShownFile:
    """A file with its columns, or with the reason why it is refused."""

    number: int
    facts: Mapping[str, Any]
    question: str
    mapping: str
    columns: list[ShownColumn]
    entity: BoundField
    remember: BoundField


@staff(RIGHT)
def match(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show how columns are matched; sent back, it takes the choices and goes on."""
    run = get_object_or_404(Import.objects.select_related("source", "job"), pk=pk)
    if not _can_be_matched(run):
        return redirect("erp:import", run.pk)
    if request.method != "POST":
        return _page(request, run, MatchForm(None, files=run.files))
    form = MatchForm(request.POST, files=run.files)
    if not form.is_valid():
        return _page(request, run, form, status=422)
    try:
        for number in form.readable:
            receiving.choose_columns(
                run=run,
                file=number,
                fields=form.fields_of(number),
                remember=form.cleaned_data[f"remember-{number}"],
            )
        if any(receiving.question_of(run.files[number]) for number in form.readable):
            return _page(request, run, MatchForm(None, files=run.files), asked=True, status=422)
        applying.stage(run=run, actor=request.user)
    except (NotWaitingError, NotPreviewedError):
        return say_and_go(request, TOO_LATE, "erp:import", run.pk)
    return redirect("erp:preview", run.pk)


@require_POST
@staff(RIGHT)
def rematch(request: StaffRequest, pk: int, file: int) -> HttpResponse:
    """This will match a file's columns anew, as a list of what a person said it is."""
    run = get_object_or_404(Import, pk=pk)
    if file >= len(run.files) or run.files[file]["status"] == REFUSED:
        raise Http404
    wanted = request.POST.get(f"entity-{file}", "")
    if wanted in list(Entity):
        try:
            receiving.rematch(run=run, file=file, entity=Entity(wanted))
        except NotWaitingError:
            return say_and_go(request, TOO_LATE, "erp:import", run.pk)
    return redirect("erp:match", run.pk)


def _can_be_matched(run: Import) -> bool:
    if run.state == ImportState.MAPPED:
        return run.job is not None and not run.job.is_open
    return run.state in (ImportState.UPLOADED, ImportState.PREVIEWED)


def _page(
    request: StaffRequest, run: Import, form: MatchForm, *, asked: bool = False, status: int = 200
) -> HttpResponse:
    files = [_file(run, form, number, asked=asked) for number in form.readable]
    columns = [column for file in files for column in file.columns]
    context = {
        "run": run,
        "form": form,
        "files": files,
        "refused": [facts for facts in run.files if facts["status"] == REFUSED],
        "questions": [file for file in files if file.question],
        "matched": sum(1 for column in columns if column.tone),
        "total": len(columns),
    }
    return render(request, "erp/match.html", context, status=status)


def _file(run: Import, form: MatchForm, number: int, *, asked: bool) -> ShownFile:
    facts = run.files[number]
    table = receiving.table_of(facts)
    columns = [
        _column(column, " · ".join(sample_cells(table, at)), form[f"column-{number}-{at}"])
        for at, column in enumerate(receiving.columns_of(facts))
    ]
    return ShownFile(
        number,
        facts,
        receiving.question_of(facts) if asked or not form.is_bound else "",
        _mapping_name(facts["mapping"]),
        columns,
        form[f"entity-{number}"],
        form[f"remember-{number}"],
    )


def _column(column: mapping.Column, samples: str, control: BoundField) -> ShownColumn:
    name = column.field.rpartition(".")[2]
    clean_up = CLEAN_UP.get(column.form) or ALWAYS.get(name, "")
    if not column.field:
        reason = "Left out" if column.confidence else column.reason
        return ShownColumn(column.header, samples, control, "", "minus", reason, "")
    if column.confidence >= mapping.SURE:
        return ShownColumn(column.header, samples, control, "ok", "check", column.reason, clean_up)
    return ShownColumn(column.header, samples, control, "warn", "alert", column.reason, clean_up)


def _mapping_name(slug: str) -> str:
    names = {preset.slug: preset.name for preset in presets()}
    return names.get(slug, "")
