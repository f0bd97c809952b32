"""Lists exported here that come back: what is as it is here changes nothing.

They are not the ERP speaking, so they prove nothing, mark nobody missing, and do not teach us how
the ERP's files look. A cell that somebody has changed in them is reported, not taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from contacts.actions.bulk import insert_rows
from contacts.models import Contact, Customer, SourceRecord
from contacts.rules.values import text_of
from contacts.rules.words import Entity
from erp.models import Import, ImportRow, StagedRow
from erp.readers.records import Row
from erp.rules import own
from erp.rules.states import RowOutcome
from erp.rules.writing import as_meant

MODELS: dict[Entity, Any] = {Entity.CONTACT: Contact, Entity.CUSTOMER: Customer}
NO_NUMBER = "The row has no number of ours. Bring new people in with a list of your own."
NOT_HERE = "There is no such row here any more."
HOW = "Change it on its page, or bring the change in under Settings."


def is_ours(facts: Mapping[str, Any]) -> bool:
    """This will say whether a file is a list that was exported here."""
    headers = (facts.get("table") or {}).get("headers", ())
    return own.list_of(headers) is not None


def is_guarded(facts: Mapping[str, Any]) -> bool:
    """This will say whether a file's cells are as we wrote them for a person."""
    return own.is_guarded(facts["table"]["headers"])


def meant(cells: Sequence[str]) -> list[str]:
    """This will take the guard against formulas off cells that we wrote for a person."""
    return [as_meant(cell) for cell in cells]


def rows_now(entity: Entity, rows: Iterable[Any]) -> dict[int, list[str]]:
    """This will give rows as they are exported now, by key: text, without any guard."""
    found = list(rows)
    own_ids = _own_ids([row.pk for row in found]) if entity is Entity.CONTACT else {}
    return {
        row.pk: [
            _cell(_attribute(row, path)) if path else own_ids.get(row.pk, "")
            for path in own.HEADS[entity].values()
        ]
        for row in found
    }


def stage(run: Import, file: int, found: Sequence[Row]) -> int:
    """This will compare the next rows of one of our lists; gives how many were left out."""
    facts = run.files[file]
    headers = facts["table"]["headers"]
    entity = own.list_of(headers) or Entity.CONTACT
    numbers = {row.number: own.number_of(headers, row.cells) for row in found if not row.problem}
    rows = MODELS[entity].objects.filter(pk__in=[pk for pk in numbers.values() if pk])
    related = "customer" if entity is Entity.CONTACT else "parent"
    here = rows_now(entity, rows.select_related(related))
    staged, errors = [], []
    for row in found:
        pk = numbers.get(row.number)
        column, why = "", row.problem or _why_not(pk, here)
        if not why:
            cells = meant(row.cells)
            column, why = _changed(own.differences(entity, headers, cells, here[pk or 0]))
        if why:
            errors.append(_error(run, (file, row), (column, why)))
        else:
            staged.append(_same(run, (file, row), entity, pk))
    insert_rows(StagedRow, staged)
    insert_rows(ImportRow, errors)
    return len(errors)


def _why_not(pk: int | None, here: Mapping[int, object]) -> str:
    if pk is None:
        return NO_NUMBER
    return "" if pk in here else NOT_HERE


def _changed(differences: Sequence[tuple[str, str, str]]) -> tuple[str, str]:
    """This will say what somebody has changed in a row of our list: its column, and a sentence."""
    if not differences:
        return "", ""
    head, now, then = differences[0]
    more = f", and {len(differences) - 1} more" if len(differences) > 1 else ""
    return head, f"Here it is “{now[:60]}”, in the list “{then[:60]}”{more}. {HOW}"


def _same(run: Import, place: tuple[int, Row], entity: Entity, pk: int | None) -> StagedRow:
    file, row = place
    return StagedRow(
        run=run,
        file=file,
        row=row.number,
        entity=entity,
        key=f"here:{pk}",
        values={},
        fingerprint="",
        same=True,
        outcome=RowOutcome.UNCHANGED,
    )


def _error(run: Import, place: tuple[int, Row], told: tuple[str, str]) -> ImportRow:
    file, row = place
    column, message = told
    return ImportRow(
        run=run,
        file=file,
        row=row.number,
        outcome=RowOutcome.ERROR,
        column=column,
        message=message[:300],
        skipped=True,
        cells=[cell[:1000] for cell in row.cells],
    )


def _own_ids(contact_ids: Sequence[int]) -> dict[int, str]:
    """This will give each contact's own id in the source that it came from first."""
    records = SourceRecord.objects.filter(contact__in=contact_ids).exclude(own_id="")
    found = records.order_by("-pk").values_list("contact", "own_id")
    return {int(contact or 0): own_id for contact, own_id in found}


def _attribute(row: Any, path: str) -> object:  # noqa: ANN401 - follows relations by name
    for name in path.split("__"):
        row = getattr(row, name) if row is not None else None
    return row


def _cell(value: object) -> str:
    # Outer blanks mean nothing to an import, and a cell that starts with one is suspect.
    text = text_of(value).strip()
    return own.YES_NO.get(text, text) if isinstance(value, bool) else text
