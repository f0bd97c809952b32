"""Values that both sides have changed: seen from an import, or from the corrections sent."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from contacts.actions.undoing import AlreadyUndoneError
from contacts.models import Change
from contacts.rules.words import ChangeKind
from core import keyset
from core.access import staff
from core.http import StaffRequest
from core.rules import display
from erp.actions import conflicts as deciding
from erp.actions.conflicts import Dispute, Settled, can_be_taken
from erp.forms import THEIRS, ConflictForm, SettleAllForm
from erp.models import Import, WriteBackLine
from erp.rules.fields import label
from erp.rules.states import LineState
from erp.views.ledger import counts_with_ages, ledger_views, source_of

SIZE = 50
MOST_FACETS = 2_000


@dataclass(frozen=True)
class Conflict:
    """One field with what the source said before, ours, and what the source says now."""

    record_id: int
    field: str
    label: str
    who: str
    customer: str
    account: str
    contact_id: int | None
    customer_id: int | None
    before: str
    ours: str
    theirs: str
    row: int
    can_take: bool
    why: str = ""

    @property
    def is_code(self) -> bool:
        """Whether its letters are better compared one by one."""
        return "email" in self.field


@staff("erp.add_import")
def of_import(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show an import's conflicts; sent back, it carries the choices out."""
    run = get_object_or_404(Import.objects.select_related("source"), pk=pk)
    here = reverse("erp:conflicts", args=[run.pk])
    if request.method == "POST":
        return _settle(request, here, ("erp:conflicts_undo", run.pk))
    rows = deciding.open_rows(run)
    field = request.GET.get("field", "")
    page = keyset.page(
        rows.filter(details__icontains=f'"{field.partition(".")[2]}"') if field else rows,
        sort="row",
        sorts={"row": "pk"},
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=SIZE,
    )
    disputes = [one for one in deciding.disputes(page.rows) if field in ("", one.name)]
    counts = Counter(one.name for one in deciding.disputes(rows[:MOST_FACETS]))
    context = {
        "run": run,
        "page": page,
        "field": field if field in counts else "",
        "field_label": label(field) if field in counts else "",
        "conflicts": _shown(disputes),
        "total": counts.total(),
        "wanted": counts[field] if field in counts else counts.total(),
        "facets": _facets(counts, field),
        "in_ledger": WriteBackLine.objects.filter(
            source=run.source, state=LineState.CONFLICT
        ).exists(),
    }
    return render(request, "erp/import_conflicts.html", context)


@require_POST
@staff("erp.add_import")
def all_of_import(request: StaffRequest, pk: int) -> HttpResponse:
    """This will decide all conflicts of an import alike, or those of one field."""
    run = get_object_or_404(Import, pk=pk)
    here = reverse("erp:conflicts", args=[run.pk])
    form = SettleAllForm(request.POST)
    if not form.is_valid():
        return redirect(here)
    done = deciding.settle_all(
        run=run,
        field=form.cleaned_data["field"],
        take_theirs=form.cleaned_data["all"] == THEIRS,
        actor=request.user,
    )
    if done.job is not None:
        return redirect("jobs:progress", done.job.pk)
    _tell(request, done, ("erp:conflicts_undo", run.pk))
    return redirect(here)


@require_POST
@staff("erp.add_import")
def undo_of_import(request: StaffRequest, pk: int, change_set: int) -> HttpResponse:
    """This will take the person's own decision back and show its conflicts again."""
    run = get_object_or_404(Import, pk=pk)
    return _undo(request, change_set, reverse("erp:conflicts", args=[run.pk]))


@staff("erp.write_back")
def of_write_back(request: StaffRequest) -> HttpResponse:
    """This will show corrections that met a third value; sent back, it carries choices out."""
    source = source_of(request)
    if source is None:
        return redirect("erp:write_back")
    here = f"{reverse('erp:write_back_conflicts')}?source={source.pk}"
    if request.method == "POST":
        return _settle(request, here, ("erp:write_back_undo",))
    page = keyset.page(
        WriteBackLine.objects.filter(
            source=source, state=LineState.CONFLICT, record__isnull=False
        ).select_related(
            "record", "contact__customer", "customer", "batch", "settled_by", "change__change_set"
        ),
        sort="line",
        sorts={"line": "pk"},
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=SIZE,
    )
    counts = counts_with_ages(source)
    context = {
        "source": source,
        "page": page,
        "conflicts": [_of_line(line) for line in page.rows],
        "views": ledger_views(source, LineState.CONFLICT, counts),
        **counts,
    }
    return render(request, "erp/write_back_conflicts.html", context)


@require_POST
@staff("erp.write_back")
def undo_of_write_back(request: StaffRequest, change_set: int) -> HttpResponse:
    """This will take the person's own decision back; its corrections wait in conflict again."""
    return _undo(request, change_set, reverse("erp:write_back_conflicts"))


def _settle(request: StaffRequest, here: str, undo: tuple[Any, ...]) -> HttpResponse:
    choices = ConflictForm(request.POST).choices()
    if choices:
        _tell(request, deciding.settle(choices=choices, actor=request.user), undo)
    else:
        messages.warning(request, "Nothing was decided: choose a value first.")
    return redirect(here)


def _tell(request: StaffRequest, done: Settled, undo: tuple[Any, ...]) -> None:
    told = f"{done.kept} of ours kept, {done.taken} changed here."
    if done.left:
        told += f" {done.left} left: the ERP’s value has changed since this page was shown."
    name, *args = undo
    url = reverse(name, args=[*args, done.change_set.pk]) if done.change_set else ""
    messages.info(request, told, extra_tags=url)


def _undo(request: StaffRequest, pk: int, here: str) -> HttpResponse:
    change_set = get_object_or_404(deciding.decisions_of(request.user), pk=pk)
    try:
        open_again = deciding.take_back(change_set=change_set, actor=request.user)
    except AlreadyUndoneError:
        messages.warning(request, "That was undone already.")
    else:
        word = "conflict waits" if open_again == 1 else "conflicts wait"
        messages.info(request, f"Undone: {open_again} {word} again.")
    return redirect(here)


def _facets(counts: Counter[str], field: str) -> list[dict[str, Any]]:
    """This will give the fields that have conflicts as tabs, the most frequent first."""
    tabs = [("", "All fields", counts.total())]
    tabs += [(name, label(name), n) for name, n in counts.most_common()]
    return [
        {
            "url": f"?field={name}" if name else "?",
            "label": words,
            "count": n,
            "current": name == (field if field in counts else ""),
        }
        for name, words, n in tabs
    ]


def _shown(disputes: Sequence[Dispute]) -> list[Conflict]:
    whys = _whys(disputes)
    return [
        Conflict(
            one.record.pk,
            one.field,
            label(one.name),
            str(one.record.contact or one.record.customer),
            str(one.record.contact.customer or "") if one.record.contact else "",
            _account(one),
            one.record.contact_id,
            None if one.record.contact_id else one.record.customer_id,
            one.base,
            one.ours,
            one.theirs,
            one.row.row,
            can_be_taken(one.record.entity, one.field),
            whys.get((one.record.contact_id, one.record.customer_id, one.field), ""),
        )
        for one in disputes
    ]


def _account(one: Dispute) -> str:
    contact = one.record.contact
    customer = contact.customer if contact else one.record.customer
    return customer.account_number if customer else ""


def _whys(disputes: Sequence[Dispute]) -> dict[tuple[int | None, int | None, str], str]:
    """This will say in a few words where each of our values comes from."""
    changes = Change.objects.filter(undone=False).select_related("change_set__actor")
    contacts = {one.record.contact_id for one in disputes} - {None}
    customers = {one.record.customer_id for one in disputes if not one.record.contact_id}
    fields = {one.field for one in disputes}
    newest = {}
    for found in (
        changes.filter(contact__in=contacts, field__in=fields),
        changes.filter(customer__in=customers - {None}, field__in=fields),
    ):
        for change in found.order_by("pk"):
            newest[change.contact_id, change.customer_id, change.field] = _why(change)
    return newest


def _why(change: Change) -> str:
    group = change.change_set
    if group.kind == ChangeKind.IMPORT:
        return f"Came with an import, {_day(group.created_at)}"
    who = str(group.actor) if group.actor else "the program"
    return f"Edited by {who}, {_day(group.created_at)}"


def _day(at: datetime) -> str:
    return display.day(timezone.localtime(at).date(), timezone.localdate())


def _of_line(line: WriteBackLine) -> Conflict:
    record: Any = line.record
    customer = line.customer or (line.contact.customer if line.contact else None)
    return Conflict(
        record.pk,
        line.field,
        label(f"{record.entity}.{line.field}"),
        str(line.contact or line.customer),
        str(customer or "") if line.contact_id else "",
        customer.account_number if customer else "",
        line.contact_id,
        line.customer_id,
        line.old,
        line.new,
        record.base.get(line.field, ""),
        record.row_number,
        can_be_taken(record.entity, line.field),
        _way_of(line),
    )


def _way_of(line: WriteBackLine) -> str:
    parts = []
    if line.exported_at:
        batch = f", batch {line.batch_id}" if line.batch_id else ""
        parts.append(f"Exported {_day(line.exported_at)}{batch}")
    if line.settled_by_id:
        parts.append(f"changed in the ERP by import {line.settled_by_id}")
    return " · ".join(parts)
