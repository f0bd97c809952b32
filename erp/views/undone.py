"""What undoing an import left as it is, and why: told from what stands here now."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from contacts.models import Change
from contacts.rules.values import text_of
from core import keyset
from erp.models import Import
from erp.rules.fields import label

SIZE = 25
USED = "It was used since: edited, mailed, or others stand below it."
EDITED = "Edited since; now “{now}”."


@dataclass(frozen=True)
class Stayed:
    """One value or one row that undoing has left, with the reason."""

    who: str
    what: str
    why: str
    contact_id: int | None
    customer_id: int | None


@dataclass(frozen=True)
class StayedPage:
    """A page of what was left."""

    page: keyset.Page[Change]
    rows: list[Stayed]


def stayed(run: Import, query: QueryDict) -> StayedPage | None:
    """This will give what is not as it was before an import that was undone."""
    skipped = run.job.result.get("skipped") if run.job else 0
    if run.change_set is None or run.change_set.undone_at is None or not skipped:
        return None
    page = keyset.page(
        _left(run),
        sort="number",
        sorts={"number": "pk"},
        after=query.get("after", ""),
        before=query.get("before", ""),
        size=SIZE,
    )
    rows = [row for row in map(_told, page.rows) if row is not None]
    return StayedPage(page, rows) if rows else None


def _left(run: Import) -> QuerySet[Change]:
    """This will select changes of rows that somebody has changed later, and rows still here."""
    later = Change.objects.exclude(change_set=run.change_set)
    touched = Q(Exists(later.filter(contact=OuterRef("contact"), contact__isnull=False)))
    touched |= Q(Exists(later.filter(customer=OuterRef("customer"), customer__isnull=False)))
    found = Change.objects.filter(Q(field="") | touched, change_set=run.change_set)
    return found.select_related("contact", "customer", "invoice")


def _told(change: Change) -> Stayed | None:
    row = change.contact or change.customer or change.invoice
    entity = "contact" if change.contact_id else "customer" if change.customer_id else "invoice"
    told = (change.contact_id, change.customer_id)
    if not change.field:
        return Stayed(str(row), "The whole row", USED, *told)
    now = text_of(getattr(row, change.field, ""))
    if now == change.old:
        return None
    name = label(f"{entity}.{change.field}")
    return Stayed(str(row), name, EDITED.format(now=now or "blank"), *told)
