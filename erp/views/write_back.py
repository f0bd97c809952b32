"""Corrections on their way to the ERP: the ledger, and files out."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from contacts.models import Source
from core import keyset
from core.access import staff
from core.http import StaffRequest, say_and_go
from erp.actions import exporting
from erp.actions.exporting import NothingKnownError, field_label
from erp.forms import ExportForm, SourceForm
from erp.models import Import, WriteBackBatch, WriteBackLine
from erp.resources import CONTENT_TYPES, CSV
from erp.rules.fields import label
from erp.rules.states import APPLIED, NOT_IN_ERP, LineState
from erp.views.ledger import OPEN, VIEWS, counts_with_ages, ledger_of, ledger_views, source_of

RIGHT = "erp.write_back"
OLD = timedelta(days=5)
PILLS = {
    LineState.TO_EXPORT: ("", "clock"),
    LineState.EXPORTED: ("info", "send"),
    LineState.CONFIRMED: ("ok", "check"),
    LineState.NOT_APPLIED: ("warn", "alert"),
    LineState.CONFLICT: ("bad", "swap"),
    LineState.WITHDRAWN: ("", "minus"),
}
BATCHES = 6
TONES = (("confirmed", "ok"), ("not_applied", "warn"), ("conflict", "bad"), ("exported", "soft"))


@staff(RIGHT)
def ledger(request: StaffRequest) -> HttpResponse:
    """This will show every correction by how far it is on its way."""
    source = source_of(request)
    if source is None:
        return render(request, "erp/write_back.html", {"source": None})
    counts = counts_with_ages(source)
    wanted = request.GET.get("state", OPEN)
    wanted = wanted if wanted in VIEWS else OPEN
    fields = _fields_of(source)
    field = request.GET.get("field", "")
    field = field if field in fields else ""
    words = request.GET.get("q", "").strip()[:100]
    page = _page(request, source, wanted, field=field, words=words)
    context = {
        "source": source,
        "sources": Source.objects.exclude(layouts={}).order_by("name"),
        "wanted": wanted,
        "views": ledger_views(source, wanted, counts),
        "page": page,
        "lines": [_line(line) for line in page.rows],
        "fields": fields,
        "field": field,
        "words": words,
        "batches": [_with_parts(one) for one in _batches(source)[:BATCHES]],
        "batch_count": source.batches.count(),
        "last_import": _last_import(source),
        **_by_hand(source),
        "form": ExportForm(),
        "source_form": SourceForm(initial={"ascii_domains": source.ascii_domains}),
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
        return redirect(ledger_of(source))
    return redirect("erp:batch", done.batch.pk)


@staff(RIGHT)
def batches(request: StaffRequest) -> HttpResponse:
    """This will list every batch of a source, the newest first, to be downloaded again."""
    source = source_of(request)
    if source is None:
        return redirect("erp:write_back")
    page = keyset.page(
        _batches(source),
        sort="-number",
        sorts={"number": "pk"},
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        counted=source.batches.count(),
    )
    context = {"source": source, "page": page, "batches": [_with_parts(one) for one in page.rows]}
    return render(request, "erp/batches.html", context)


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
        **_by_hand(found.source, found),
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


def _page(
    request: StaffRequest, source: Source, wanted: str, *, field: str, words: str
) -> keyset.Page[Any]:
    lines = WriteBackLine.objects.filter(source=source).select_related(
        "record", "contact__customer", "customer", "batch"
    )
    lines = lines.open() if wanted == OPEN else lines.filter(state=wanted)
    if field:
        entity, _, name = field.partition(".")
        lines = lines.filter(field=name, **{f"{entity}__isnull": False})
    if words:
        lines = lines.about(words)
    return keyset.page(
        lines.ranked(),
        sort="urgent",
        sorts={"urgent": "rank"},
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=25,
    )


def _fields_of(source: Source) -> dict[str, str]:
    """This will give the fields in which a source has corrections, with their words."""
    lines = WriteBackLine.objects.filter(source=source).order_by()
    of_contacts = lines.filter(contact__isnull=False).values_list("field", flat=True).distinct()
    of_customers = lines.filter(customer__isnull=False).values_list("field", flat=True).distinct()
    paths = [f"contact.{name}" for name in of_contacts]
    paths += [f"customer.{name}" for name in of_customers]
    named = {path: label(path) if path != "contact." else "New contact" for path in paths}
    return dict(sorted(named.items(), key=lambda item: item[1]))


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


def _by_hand(source: Source, batch: WriteBackBatch | None = None) -> dict[str, Any]:
    """This will give what no file can carry: values to clear, and those withheld from the file."""
    lines = batch.lines if batch else WriteBackLine.objects.filter(source=source)
    to_clear = lines.to_clear().select_related("contact__customer", "customer", "record")
    return {
        "to_clear": [
            {"line": line, "label": field_label(line)}
            for line in to_clear.order_by("pk")[: exporting.MOST_SHOWN]
        ],
        "withheld": [
            {"line": line, "label": field_label(line), "why": why}
            for line, why in exporting.withheld(source=source)
        ],
    }


def _batches(source: Source | None) -> Any:  # noqa: ANN401 - a queryset of batches
    rows = WriteBackBatch.objects.with_outcomes().select_related("source", "actor").order_by("-pk")
    return rows if source is None else rows.filter(source=source)


def _with_parts(batch: Any) -> Any:  # noqa: ANN401 - a batch with its counts
    """This will add the parts of the bar that shows what became of a batch."""
    start = 0
    batch.parts = []
    for name, tone in TONES:
        count = getattr(batch, name)
        batch.parts.append({"start": start, "count": count, "tone": tone})
        start += count
    batch.whole = start
    return batch


def _last_import(source: Source) -> Import | None:
    run: Import | None = (
        Import.objects.filter(source=source, state__in=APPLIED).newest_first().first()
    )
    return run
