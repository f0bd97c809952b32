"""Find the place of each correction in a file whose rows hold several people."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from contacts.models import Contact, Source, SourceRecord
from contacts.rules.words import Entity
from erp.rules.layouts import Layout
from erp.rules.writing import Correction

NO_PLACE = "Nobody can tell in which columns of the row this person stands: import the file again."
FULL = "The row of this customer has no free place for another person."
NO_ROW = "The ERP’s file has no row of this customer yet."
People = dict[int, Mapping[str, str]]


def place(
    source: Source,
    layout: Layout,
    corrections: Sequence[Correction],
    records: Mapping[int, SourceRecord],
) -> tuple[list[Correction], dict[int, str]]:
    """This will give corrections with their row and place, and why the others have none.

    Somebody born here gets the next free place in his customer's row.
    """
    accounts = {record.base.get("account", "") for record in records.values()}
    born = _accounts_of([-one.row_id for one in corrections if one.is_new])
    rows = _rows(source, layout, accounts | set(born.values()))
    placed: list[Correction] = []
    unplaced: dict[int, str] = {}
    for one in corrections:
        account = born.get(-one.row_id, one.base.get("account", ""))
        people = rows.get(account, {})
        if one.is_new:
            slot, why = _free(layout, people), FULL if people else NO_ROW
            slot = slot if people else None
        else:
            record = records[one.row_id]
            slot, why = layout.slot_of(record.origin, record.row_number), NO_PLACE
        if slot is None:
            unplaced[one.row_id] = why
            continue
        rows[account][slot] = one.base
        base = one.base or {"account": account}
        placed.append(replace(one, slot=slot, place=f"at:{account}", others=people, base=base))
    return placed, unplaced


def _accounts_of(contact_ids: Sequence[int]) -> dict[int, str]:
    rows = Contact.objects.filter(pk__in=contact_ids, customer__isnull=False)
    return dict(rows.values_list("pk", "customer__account_number"))


def _rows(source: Source, layout: Layout, accounts: set[str]) -> dict[str, People]:
    """This will give who stands in the rows of these customers, by place."""
    found: dict[str, People] = defaultdict(dict)
    records = SourceRecord.objects.filter(
        source=source,
        entity=Entity.CONTACT,
        base__account__in=accounts,
        missing_since=None,
    )
    for record in records.order_by("-seen_in", "pk"):
        slot = layout.slot_of(record.origin, record.row_number)
        if slot is not None:
            found[record.base.get("account", "")].setdefault(slot, record.base)
    return found


def _free(layout: Layout, people: Mapping[int, object]) -> int | None:
    return next((slot for slot in layout.slots if slot not in people), None)
