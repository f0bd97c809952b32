"""Values that both sides have changed: seen from an import, or from the corrections sent."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from contacts.models import Source
from contacts.rules.values import text_of
from core.access import staff
from core.http import StaffRequest
from erp.actions.conflicts import can_be_taken, settle
from erp.forms import ConflictForm
from erp.models import Import, WriteBackLine
from erp.rules.fields import label
from erp.rules.merging import Result
from erp.rules.states import LineState, RowOutcome
from erp.views.ledger import counts_with_ages, source_of

MOST_SHOWN = 100


@dataclass(frozen=True)
class Conflict:
    """One field with what the source said before, ours, and what the source says now."""

    record_id: int
    field: str
    label: str
    who: str
    contact_id: int | None
    customer_id: int | None
    before: str
    ours: str
    theirs: str
    row: int
    can_take: bool
    why: str = ""


@staff("erp.add_import")
def of_import(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show an import's conflicts; sent back, it carries the choices out."""
    run = get_object_or_404(Import.objects.select_related("source"), pk=pk)
    if request.method == "POST":
        _settle(request)
        return redirect("erp:conflicts", run.pk)
    found = _conflicts_of(run)
    context = {"run": run, "conflicts": found, "total": len(found)}
    return render(request, "erp/import_conflicts.html", context)


@staff("erp.write_back")
def of_write_back(request: StaffRequest) -> HttpResponse:
    """This will show corrections that met a third value; sent back, it carries choices out."""
    source = source_of(request)
    if source is None:
        return redirect("erp:write_back")
    if request.method == "POST":
        _settle(request)
        return redirect(f"{reverse('erp:write_back_conflicts')}?source={source.pk}")
    context = {"source": source, "conflicts": _of_lines(source), **counts_with_ages(source)}
    return render(request, "erp/write_back_conflicts.html", context)


def _settle(request: StaffRequest) -> None:
    choices = ConflictForm(request.POST).choices()
    if not choices:
        messages.warning(request, "Nothing was decided: choose a value first.")
        return
    done = settle(choices=choices, actor=request.user)
    told = f"{done.kept} of ours kept, {done.taken} taken from the ERP."
    if done.left:
        told += f" {done.left} left: the ERP’s value has changed since this page was shown."
    messages.info(request, told)


def _conflicts_of(run: Import) -> list[Conflict]:
    rows = (
        run.rows.filter(outcome=RowOutcome.CONFLICT, record__isnull=False)
        .select_related("record__contact__customer", "record__customer")
        .order_by("pk")[:MOST_SHOWN]
    )
    found = []
    for row in rows:
        record = row.record
        if record is None:
            continue
        target: Any = record.contact or record.customer
        for name, base, ours_then, _theirs, result in row.details:
            ours = text_of(getattr(target, name)) if hasattr(target, name) else ours_then
            if result != Result.CONFLICT or ours == record.base.get(name, ""):
                continue
            found.append(
                Conflict(
                    record.pk,
                    name,
                    label(f"{row.entity}.{name}"),
                    str(record.contact or record.customer),
                    record.contact_id,
                    record.customer_id,
                    base,
                    ours,
                    record.base.get(name, ""),
                    row.row,
                    can_be_taken(row.entity, name),
                )
            )
    return found


def _of_lines(source: Source) -> list[Conflict]:
    lines = (
        WriteBackLine.objects.filter(source=source, state=LineState.CONFLICT, record__isnull=False)
        .select_related("record", "contact__customer", "customer", "batch", "settled_by")
        .order_by("pk")[:MOST_SHOWN]
    )
    return [_of_line(line) for line in lines]


def _of_line(line: WriteBackLine) -> Conflict:
    record: Any = line.record
    return Conflict(
        record.pk,
        line.field,
        label(f"{record.entity}.{line.field}"),
        str(line.contact or line.customer),
        line.contact_id,
        line.customer_id,
        line.old,
        line.new,
        record.base.get(line.field, ""),
        record.row_number,
        can_be_taken(record.entity, line.field),
        _why(line),
    )


def _why(line: WriteBackLine) -> str:
    sent = f"Exported {line.exported_at:%d %b}, batch {line.batch_id}" if line.batch_id else ""
    seen = f"import {line.settled_by_id}" if line.settled_by_id else ""
    return " · ".join(
        part for part in (sent, f"changed in the ERP by {seen}" if seen else "") if part
    )
