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
from core.choices import choices_of
from core.http import StaffRequest, say_and_go
from erp.actions import applying, receiving
from erp.actions.applying import NotPreviewedError
from erp.actions.kept import REFUSED, columns_of, table_of
from erp.actions.receiving import NotWaitingError
from erp.forms import MatchForm, ReopenForm
from erp.models import Import
from erp.readers.tables import Asked, presets, sample_cells
from erp.rules import mapping
from erp.rules.dates import DAY_FIRST, MONTH_FIRST
from erp.rules.forms import AS_ABOVE, LINES
from erp.rules.states import ImportState
from erp.rules.values import (
    ADDRESS,
    AFTER_ACCOUNT,
    BY_ID,
    BY_NAME,
    COMMA,
    FLAG,
    LEADING_ACCOUNT,
    NAMED,
    OR_NAME,
    PATH,
)

RIGHT = "erp.add_import"
TOO_LATE = "The columns can no longer be changed: the import has started."
CLEAN_UP = {
    AFTER_ACCOUNT: "Account number in front is cut off",
    LEADING_ACCOUNT: "The account number in front is used",
    FLAG: "A blank cell means no",
    DAY_FIRST: "Dates read day first",
    MONTH_FIRST: "Dates read month first",
    AS_ABOVE: "A blank cell means as in the row above",
    LINES: "The lines of an invoice are added up",
    BY_NAME: "The name stands for the number",
    OR_NAME: "The name stands for a number that is blank",
    BY_ID: "Looked up in the list of customers",
    NAMED: "Found by its name",
    PATH: "“Parent:Branch” is taken apart",
    ADDRESS: "Cells that are no address are left out",
    COMMA: "A comma stands before the cents",
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

    @property
    def sheets(self) -> list[str]:
        """The sheets of a workbook that could be read, where there are several."""
        found: list[str] = self.facts["table"].get("sheets", [])
        return found

    @property
    def sheet(self) -> str:
        """The sheet that is read."""
        return str(self.facts["format"]).rpartition("sheet ")[2]

    keep: BoundField


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
                keep_rest=form.cleaned_data[f"keep-{number}"],
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


@require_POST
@staff(RIGHT)
def reopen(request: StaffRequest, pk: int, file: int) -> HttpResponse:
    """This will read a file again: another sheet of it, or without a row of column names."""
    run = get_object_or_404(Import, pk=pk)
    form = ReopenForm({**request.POST.dict(), "sheet": request.POST.get(f"sheet-{file}", "")})
    if file >= len(run.files) or not form.is_valid():
        raise Http404
    facts = run.files[file]
    if facts["status"] == REFUSED and not facts.get("asks"):
        raise Http404
    entity = form.cleaned_data["entity"]
    asked = Asked(form.cleaned_data["sheet"], form.cleaned_data["headless"])
    try:
        receiving.reopen(run=run, file=file, asked=asked, entity=Entity(entity) if entity else None)
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
        "refused": [
            facts for facts in run.files if facts["status"] == REFUSED and not facts.get("asks")
        ],
        "without_head": [
            (number, facts) for number, facts in enumerate(run.files) if facts.get("asks")
        ],
        "entities": choices_of(Entity),
        "questions": [file for file in files if file.question],
        "matched": sum(1 for column in columns if column.tone),
        "total": len(columns),
    }
    return render(request, "erp/match.html", context, status=status)


def _file(run: Import, form: MatchForm, number: int, *, asked: bool) -> ShownFile:
    facts = run.files[number]
    table = table_of(facts)
    columns = [
        _column(column, " · ".join(sample_cells(table, at)), form[f"column-{number}-{at}"])
        for at, column in enumerate(columns_of(facts))
    ]
    return ShownFile(
        number,
        facts,
        receiving.question_of(facts) if asked or not form.is_bound else "",
        _mapping_name(facts["mapping"]),
        columns,
        form[f"entity-{number}"],
        form[f"remember-{number}"],
        form[f"keep-{number}"],
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
