"""Rows of an import as the preview and the result show them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from contacts.models import SourceRecord
from contacts.rules.words import Entity
from core import keyset
from core.http import StaffRequest
from erp.actions import marking
from erp.models import Import, ImportRow, StagedRow, WriteBackLine
from erp.rules.fields import label
from erp.rules.merging import Result
from erp.rules.states import RowOutcome

NEW, CHANGED, KEPT, CONFLICT, UNCHANGED, ERROR = (
    RowOutcome.NEW.value,
    RowOutcome.CHANGED.value,
    RowOutcome.KEPT.value,
    RowOutcome.CONFLICT.value,
    RowOutcome.UNCHANGED.value,
    RowOutcome.ERROR.value,
)
MISSING = "missing"
WORDS = {
    NEW: "New",
    CHANGED: "Changed",
    KEPT: "Kept",
    CONFLICT: "Conflicts",
    UNCHANGED: "Unchanged",
    MISSING: "Not in the files",
    ERROR: "Errors",
}
PILLS = {
    NEW: ("ok", "plus", "New"),
    CHANGED: ("info", "pen", "Changed"),
    KEPT: ("", "lock", "Kept"),
    CONFLICT: ("bad", "swap", "Conflict"),
    UNCHANGED: ("", "check", "Unchanged"),
    MISSING: ("warn", "alert", "Not in the files"),
    ERROR: ("bad", "stop", "Error"),
}
OF_RESULT = {
    Result.TAKEN.value: CHANGED,
    Result.KEPT.value: KEPT,
    Result.CONFLICT.value: CONFLICT,
    Result.AGREED.value: UNCHANGED,
}
SIZE = 25


@dataclass(frozen=True)
class Tab:
    """One kind of rows, and how many there are."""

    url: str
    label: str
    count: int
    current: bool


@dataclass(frozen=True)
class FieldShown:
    """One field of a row: what it was and what the file says, or one plain value."""

    label: str
    old: str = ""
    new: str = ""
    outcome: str = ""
    plain: str = ""


@dataclass(frozen=True)
class RowShown:
    """One row: where it stands in which file, whom it is about, what it means."""

    number: int
    file: str
    tone: str
    icon: str
    word: str
    who: str
    account: str = ""
    contact_id: int | None = None
    customer_id: int | None = None
    fields: Sequence[FieldShown] = ()
    message: str = ""
    column: str = ""


@dataclass(frozen=True)
class RowsShown:
    """A page of rows of one kind, among the other kinds."""

    kind: str
    tabs: Sequence[Tab]
    page: keyset.Page[Any]
    rows: Sequence[RowShown] = field(default_factory=list)


def of_preview(request: StaffRequest, run: Import) -> RowsShown:
    """This will show what the staged rows of an import mean."""
    counts = totals(run)
    added = run.counts.get("unknown_customers", 0) if run.create_customers else 0
    counts[NEW] -= added
    kind = _kind(request, counts, (CONFLICT, CHANGED, NEW, KEPT, ERROR, MISSING, UNCHANGED))
    if kind == ERROR:
        return _shown(request, kind, counts, _errors(run), _error)
    if kind == MISSING:
        return _shown(request, kind, counts, _absent(run), _missing)
    staged = run.staged.filter(outcome=kind)
    return _shown(request, kind, counts, staged, _staged, run)


def of_result(request: StaffRequest, run: Import) -> RowsShown:
    """This will show the rows that an applied import kept."""
    counts = {
        kind: run.rows.filter(outcome=kind).count() for kind in (CHANGED, KEPT, CONFLICT, ERROR)
    }
    kind = _kind(request, counts, (CONFLICT, ERROR, CHANGED, KEPT))
    if kind == ERROR:
        return _shown(request, kind, counts, _errors(run), _error)
    rows = run.rows.filter(outcome=kind).select_related("record__contact", "record__customer")
    return _shown(request, kind, counts, rows, _kept)


def totals(run: Import) -> dict[str, int]:
    """This will add an import's counts up over customers, contacts and invoices."""
    entities: Mapping[str, Mapping[str, int]] = run.counts.get("entities", {})
    found = {
        kind: sum(counts.get(marking.COUNTED[kind], 0) for counts in entities.values())
        for kind in (NEW, CHANGED, KEPT, CONFLICT, UNCHANGED)
    }
    found[MISSING] = sum(run.counts.get("absent", {}).values())
    found[ERROR] = run.counts.get("errors", 0)
    return found


def _kind(request: StaffRequest, counts: Mapping[str, int], order: Sequence[str]) -> str:
    wanted = request.GET.get("rows", "")
    return wanted if wanted in counts else next((kind for kind in order if counts[kind]), order[0])


def _shown(
    request: StaffRequest,
    kind: str,
    counts: Mapping[str, int],
    rows: QuerySet[Any],
    show: Any,  # noqa: ANN401 - one of the functions below
    *args: Any,  # noqa: ANN401 - what that function asks for besides
) -> RowsShown:
    page = keyset.page(
        rows,
        sort="row",
        sorts={"row": "pk"},
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=SIZE,
    )
    tabs = [
        Tab(f"?rows={name}", WORDS[name], counts[name], current=name == kind)
        for name in WORDS
        if name in counts and (counts[name] or name == kind)
    ]
    return RowsShown(kind, tabs, page, show(page.rows, *args))


def _errors(run: Import) -> QuerySet[ImportRow]:
    return run.rows.filter(outcome=ERROR).select_related("run")


def _absent(run: Import) -> QuerySet[SourceRecord]:
    found = SourceRecord.objects.none()
    for entity in Entity:
        if run.counts.get("absent", {}).get(entity.value):
            found = found | marking.missing_records(run, entity)
    return found.select_related("contact", "customer", "invoice__customer")


def _staged(rows: Sequence[StagedRow], run: Import) -> list[RowShown]:
    keys = {row.key for row in rows}
    records = {
        (record.entity, record.key): record
        for record in SourceRecord.objects.filter(source=run.source, key__in=keys)
    }
    ours = _open_corrections([record.pk for record in records.values()])
    shown = []
    for row in rows:
        record = records.get((row.entity, row.key))
        kept = ours.get(record.pk, []) if record and row.outcome == KEPT else []
        shown.append(
            RowShown(
                row.row,
                str(run.files[row.file]["name"]),
                *PILLS.get(row.outcome, PILLS[UNCHANGED]),
                who=_who(row.entity, row.values),
                account=row.account,
                contact_id=record.contact_id if record else None,
                customer_id=record.customer_id if record else None,
                fields=_merged(row.entity, row.details) or kept or _told(row.entity, row.values),
            )
        )
    return shown


def _open_corrections(record_ids: Sequence[int]) -> dict[int, list[FieldShown]]:
    """This will give what was fixed here and has not arrived, for records the file repeats."""
    found: dict[int, list[FieldShown]] = defaultdict(list)
    lines = WriteBackLine.objects.open().filter(record__in=record_ids).select_related("record")
    for line in lines.order_by("pk"):
        if line.record is not None:
            name = label(f"{line.record.entity}.{line.field}")
            found[line.record.pk].append(FieldShown(name, line.new, line.old, KEPT))
    return found


def _kept(rows: Sequence[ImportRow]) -> list[RowShown]:
    shown = []
    for row in rows:
        record = row.record
        base: Mapping[str, str] = record.base if record else {}
        target = (record.contact or record.customer) if record else None
        shown.append(
            RowShown(
                row.row,
                str(row.run.files[row.file]["name"]),
                *PILLS[row.outcome],
                who=str(target or _who(row.entity, base)),
                account=base.get("account", ""),
                contact_id=record.contact_id if record else None,
                customer_id=record.customer_id if record else None,
                fields=_merged(row.entity, row.details),
            )
        )
    return shown


def _error(rows: Sequence[ImportRow]) -> list[RowShown]:
    return [
        RowShown(
            row.row,
            str(row.run.files[row.file]["name"]),
            *(PILLS[ERROR] if row.skipped else ("warn", "alert", "Check this")),
            who=" · ".join(cell for cell in row.cells if cell)[:80],
            message=row.message,
            column=row.column,
        )
        for row in rows
    ]


def _missing(rows: Sequence[SourceRecord]) -> list[RowShown]:
    return [
        RowShown(
            row.row_number,
            row.origin.partition(":")[0],
            *PILLS[MISSING],
            who=str(row.contact or row.customer or row.invoice or row.key),
            account=row.base.get("account", ""),
            contact_id=row.contact_id,
            customer_id=row.customer_id,
        )
        for row in rows
    ]


def _merged(entity: str, details: Sequence[Sequence[str]]) -> list[FieldShown]:
    return [
        FieldShown(label(f"{entity}.{name}"), ours, theirs, OF_RESULT.get(result, ""))
        for name, _base, ours, theirs, result in details
    ]


def _told(entity: str, values: Mapping[str, str]) -> list[FieldShown]:
    """This will show the value by which a new record is best recognised."""
    names = {
        Entity.CONTACT: ("email", "phone"),
        Entity.CUSTOMER: ("city", "email"),
        Entity.INVOICE: ("amount",),
    }
    found = [name for name in names[Entity(entity)] if values.get(name)][:1]
    return [FieldShown(label(f"{entity}.{name}"), plain=values[name]) for name in found]


def _who(entity: str, values: Mapping[str, str]) -> str:
    if entity == Entity.CONTACT:
        parts = [values.get(name, "") for name in ("first_name", "middle_name", "last_name")]
        name = " ".join(part for part in parts if part)
        return name or values.get("email", "") or "No name"
    if entity == Entity.INVOICE:
        return f"Invoice {values.get('number', '')}"
    return values.get("name", "") or values.get("account", "")
