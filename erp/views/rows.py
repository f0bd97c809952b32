"""Rows of an import as the preview, the result and their files show them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from contacts.models import Change, Contact, Customer, SourceRecord
from contacts.rules.words import Entity
from core import keyset
from core.http import StaffRequest
from erp.actions import marking
from erp.models import Import, ImportRow, StagedRow, WriteBackLine
from erp.querysets import rows_about
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
class Selected:
    """Rows of one kind: the query, and how a page of them is shown."""

    kind: str
    rows: QuerySet[Any]
    show: Callable[[Sequence[Any]], list[RowShown]]


@dataclass(frozen=True)
class RowsShown:
    """A page of rows of one kind, among the other kinds."""

    kind: str
    tabs: Sequence[Tab]
    page: keyset.Page[Any]
    rows: Sequence[RowShown] = field(default_factory=list)
    words: str = ""


def of_preview(request: StaffRequest, run: Import) -> RowsShown:
    """This will show what the staged rows of an import mean."""
    counts = totals(run)
    added = run.counts.get("unknown_customers", 0) if run.create_customers else 0
    counts[NEW] -= added
    kind = _kind(request, counts, (CONFLICT, CHANGED, NEW, KEPT, ERROR, MISSING, UNCHANGED))
    return _shown(request, selected(run, kind, words_of(request)), counts)


def of_result(request: StaffRequest, run: Import) -> RowsShown:
    """This will show the rows that an applied import kept, and what it created."""
    counts = {
        kind: run.rows.filter(outcome=kind).count() for kind in (CHANGED, KEPT, CONFLICT, ERROR)
    }
    counts[NEW] = totals(run)[NEW]
    counts[MISSING] = missing_now(run).count()
    kind = _kind(request, counts, (CONFLICT, ERROR, CHANGED, KEPT, NEW, MISSING))
    return _shown(request, selected(run, kind, words_of(request)), counts)


def words_of(request: StaffRequest) -> str:
    """This will give what somebody looks for among the rows."""
    return request.GET.get("q", "").strip()[:100]


def selected(run: Import, kind: str, words: str) -> Selected:
    """This will select the rows of one kind, before or after the import was applied."""
    if kind == ERROR:
        errors = run.rows.filter(outcome=ERROR).select_related("run")
        return Selected(kind, rows_about(errors, words) if words else errors, _error)
    if kind == MISSING:
        absent = _absent(run) if run.change_set_id is None else missing_now(run)
        return Selected(kind, _records_about(absent, words), _missing)
    if run.change_set_id is None:
        staged = run.staged.filter(outcome=kind)
        return Selected(kind, staged.about(words) if words else staged, partial(_staged, run))
    if kind == NEW:
        return Selected(kind, _created(run, words), _new)
    rows = run.rows.filter(outcome=kind).select_related(
        "run", "record__contact", "record__customer", "record__invoice"
    )
    return Selected(kind, rows_about(rows, words) if words else rows, _kept)


def missing_now(run: Import) -> QuerySet[SourceRecord]:
    """This will give the records that this import has marked as missing."""
    found: QuerySet[SourceRecord] = SourceRecord.objects.none()
    if run.applied_at is not None:
        found = SourceRecord.objects.filter(source=run.source, missing_since=run.applied_at)
    return found.select_related("contact", "customer", "invoice__customer")


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


def _shown(request: StaffRequest, chosen: Selected, counts: Mapping[str, int]) -> RowsShown:
    page = keyset.page(
        chosen.rows,
        sort="row",
        sorts={"row": "pk"},
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=SIZE,
    )
    words = words_of(request)
    kept = f"&{urlencode({'q': words})}" if words else ""
    tabs = [
        Tab(f"?rows={name}{kept}", WORDS[name], counts[name], current=name == chosen.kind)
        for name in WORDS
        if name in counts and (counts[name] or name == chosen.kind)
    ]
    return RowsShown(chosen.kind, tabs, page, chosen.show(page.rows), words)


def _created(run: Import, words: str) -> QuerySet[Change]:
    found = Change.objects.filter(change_set=run.change_set, field="", undone=False)
    if words:
        found = found.filter(
            Q(contact__in=Contact.objects.search(words))
            | Q(customer__in=Customer.objects.search(words))
            | Q(invoice__number__icontains=words)
        )
    return found.select_related("contact__customer", "customer", "invoice__customer")


def _records_about(records: QuerySet[SourceRecord], words: str) -> QuerySet[SourceRecord]:
    if not words:
        return records
    return records.filter(
        Q(contact__in=Contact.objects.search(words))
        | Q(customer__in=Customer.objects.search(words))
        | Q(invoice__number__icontains=words)
        | Q(key__icontains=words)
    )


def _absent(run: Import) -> QuerySet[SourceRecord]:
    found = SourceRecord.objects.none()
    for entity in Entity:
        if run.counts.get("absent", {}).get(entity.value):
            found = found | marking.missing_records(run, entity)
    return found.select_related("contact", "customer", "invoice__customer")


def _staged(run: Import, rows: Sequence[StagedRow]) -> list[RowShown]:
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


def _new(rows: Sequence[Change]) -> list[RowShown]:
    shown = []
    for change in rows:
        made: Any = change.contact or change.customer or change.invoice
        customer = made if change.customer_id else made.customer
        told = {"Email address": getattr(made, "email", ""), "City": getattr(made, "city", "")}
        shown.append(
            RowShown(
                0,
                "",
                *PILLS[NEW],
                who=str(made),
                account=customer.account_number if customer else "",
                contact_id=change.contact_id,
                customer_id=change.customer_id,
                fields=[FieldShown(name, plain=text) for name, text in told.items() if text][:1],
            )
        )
    return shown


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
