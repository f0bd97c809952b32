"""Corrections on their way to the ERP: the ledger, files out, what a person types in."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from contacts.models import Source
from core import keyset
from core.access import staff
from core.http import StaffRequest, say_and_go
from erp.actions import exporting
from erp.actions.exporting import NothingKnownError, field_label
from erp.actions.write_back import NotOpenError, note_typed_in
from erp.actions.write_back import withdraw as withdraw_line
from erp.forms import ExportForm
from erp.models import Import, WriteBackBatch, WriteBackLine
from erp.resources import CONTENT_TYPES, CSV
from erp.rules.states import APPLIED, NOT_IN_ERP, LineState
from erp.views.ledger import counts_with_ages, source_of

RIGHT = "erp.write_back"
OPEN = "open"
OLD = timedelta(days=5)
VIEWS = {
    OPEN: "Open",
    LineState.TO_EXPORT.value: "To export",
    LineState.EXPORTED.value: "Exported",
    LineState.NOT_APPLIED.value: "Not applied",
    LineState.CONFLICT.value: "Conflict",
    LineState.CONFIRMED.value: "Confirmed",
    LineState.WITHDRAWN.value: "Withdrawn",
}
PILLS = {
    LineState.TO_EXPORT: ("", "clock"),
    LineState.EXPORTED: ("info", "send"),
    LineState.CONFIRMED: ("ok", "check"),
    LineState.NOT_APPLIED: ("warn", "alert"),
    LineState.CONFLICT: ("bad", "swap"),
    LineState.WITHDRAWN: ("", "minus"),
}
BATCHES = 6
GONE = "That correction has left for the ERP, or has come to its end. Nothing was changed."


@staff(RIGHT)
def ledger(request: StaffRequest) -> HttpResponse:
    """This will show every correction by how far it is on its way."""
    source = source_of(request)
    if source is None:
        return render(request, "erp/write_back.html", {"source": None})
    counts = counts_with_ages(source)
    wanted = request.GET.get("state", OPEN)
    wanted = wanted if wanted in VIEWS else OPEN
    page = _page(request, source, wanted)
    context = {
        "source": source,
        "sources": Source.objects.exclude(layouts={}).order_by("name"),
        "wanted": wanted,
        "views": _views(source, wanted, counts),
        "page": page,
        "lines": [_line(line) for line in page.rows],
        "batches": _batches(source)[:BATCHES],
        "last_import": _last_import(source),
        "to_clear": _listed(WriteBackLine.objects.filter(source=source).to_clear()),
        "withheld": [
            {"line": line, "label": field_label(line), "why": why}
            for line, why in exporting.withheld(source=source)
        ],
        "form": ExportForm(),
        **counts,
    }
    return render(request, "erp/write_back.html", context)


@require_POST
@staff(RIGHT)
def export(request: StaffRequest, pk: int) -> HttpResponse:
    """This will write what the ERP does not have into files, and lead to them."""
    source = get_object_or_404(Source, pk=pk)
    form = ExportForm(request.POST)
    kind = (form.cleaned_data["format"] or CSV) if form.is_valid() else CSV
    try:
        done = exporting.export(source=source, actor=request.user, kind=kind)
    except NothingKnownError:
        sentence = f"Nothing was imported from {source} yet, so its columns are not known."
        return say_and_go(request, sentence, "erp:write_back")
    if done.batch is None:
        messages.warning(request, "No file was written: nothing could be sent.")
        return redirect(_ledger_of(source))
    return redirect("erp:batch", done.batch.pk)


@staff(RIGHT)
def batch(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show what left together, with the files to download."""
    found = get_object_or_404(_batches(None), pk=pk)
    lines = found.lines.select_related("record", "contact__customer", "customer", "batch")
    page = keyset.page(
        lines,
        sort="line",
        sorts={"line": "pk"},
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "batch": found,
        "source": found.source,
        "page": page,
        "lines": [_line(line) for line in page.rows],
        "to_clear": _listed(found.lines.to_clear()),
        "withheld": [
            {"line": line, "label": field_label(line), "why": why}
            for line, why in exporting.withheld(source=found.source)
        ],
    }
    return render(request, "erp/batch.html", context)


@staff(RIGHT)
def download(request: StaffRequest, pk: int, part: str) -> HttpResponse:
    """This will give a batch's file of contacts or of customers."""
    found = get_object_or_404(WriteBackBatch, pk=pk)
    paths = {"contacts": found.contacts_path, "customers": found.customers_path}
    path = Path(settings.MEDIA_ROOT) / paths.get(part, "")
    if not paths.get(part) or not path.is_file():
        raise Http404
    answer = HttpResponse(path.read_bytes(), content_type=CONTENT_TYPES[found.format])
    name = f"corrections-{found.pk}-{part}.{found.format}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@staff(RIGHT)
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """This will keep a correction from leaving; the value here stays."""
    line = get_object_or_404(WriteBackLine.objects.select_related("source"), pk=pk)
    try:
        withdraw_line(line=line, actor=request.user)
    except NotOpenError:
        messages.warning(request, GONE)
    else:
        messages.info(request, "Withdrawn. The value here stays as it is.")
    return redirect(_ledger_of(line.source))


@require_POST
@staff(RIGHT)
def typed_in(request: StaffRequest, pk: int) -> HttpResponse:
    """This will note that a person typed a correction into the ERP."""
    line = get_object_or_404(WriteBackLine.objects.select_related("source"), pk=pk)
    try:
        note_typed_in(line=line, actor=request.user)
    except NotOpenError:
        messages.warning(request, GONE)
    else:
        messages.info(request, "Noted. The next import shows whether the ERP has it.")
    return redirect(_ledger_of(line.source))


def _page(request: StaffRequest, source: Source, wanted: str) -> keyset.Page[Any]:
    lines = WriteBackLine.objects.filter(source=source).select_related(
        "record", "contact__customer", "customer", "batch"
    )
    lines = lines.open() if wanted == OPEN else lines.filter(state=wanted)
    return keyset.page(
        lines.ranked(),
        sort="urgent",
        sorts={"urgent": "rank"},
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=25,
    )


def _line(line: WriteBackLine) -> dict[str, Any]:
    tone, icon = PILLS[LineState(line.state)]
    since: datetime = line.exported_at or line.created_at
    ended = line.state in (LineState.CONFIRMED, LineState.WITHDRAWN)
    return {
        "line": line,
        "label": field_label(line),
        "customer": line.customer or (line.contact.customer if line.contact else None),
        "word": VIEWS[line.state],
        "tone": tone,
        "icon": icon,
        "since": since,
        "is_old": not ended and timezone.now() - since > OLD,
        "waits": line.state in NOT_IN_ERP,
    }


def _views(source: Source, wanted: str, counts: dict[str, Any]) -> list[dict[str, Any]]:
    numbers = {OPEN: counts["open_count"], **counts["counts"]}
    return [
        {
            "url": f"?source={source.pk}&state={state}",
            "label": words,
            "count": numbers[state],
            "current": state == wanted,
        }
        for state, words in VIEWS.items()
    ]


def _batches(source: Source | None) -> Any:  # noqa: ANN401 - a queryset of batches
    rows = WriteBackBatch.objects.with_outcomes().select_related("source", "actor").order_by("-pk")
    return rows if source is None else rows.filter(source=source)


def _listed(lines: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a queryset of corrections
    found = lines.select_related("contact__customer", "customer", "record").order_by("pk")
    return [{"line": line, "label": field_label(line)} for line in found[: exporting.MOST_SHOWN]]


def _last_import(source: Source) -> Import | None:
    run: Import | None = (
        Import.objects.filter(source=source, state__in=APPLIED).newest_first().first()
    )
    return run


def _ledger_of(source: Source) -> str:
    return f"{reverse('erp:write_back')}?source={source.pk}"
