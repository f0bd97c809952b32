"""Send corrections to the ERP as files in its own columns, and know those files again."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction

from contacts.models import Contact, Source, SourceRecord
from contacts.rules.values import text_of
from contacts.rules.words import Entity
from core.audit import Actor, record
from erp import resources
from erp.actions import placing
from erp.actions.write_back import SENT
from erp.models import WriteBackBatch, WriteBackLine
from erp.rules.fields import label
from erp.rules.keys import GENERAL
from erp.rules.layouts import Layout, layout_of
from erp.rules.states import NOT_IN_ERP, LineState
from erp.rules.writing import Correction, Letters, Sheet, build

MOST_SHOWN = 200


@dataclass(frozen=True)
class Listed:
    """A correction that no file can carry: whose, which field, and why or what to clear."""

    who: str
    what: str
    why: str


@dataclass
class Exported:
    """What left: the batch, the bytes of its files, and what a person has to type in by hand."""

    batch: WriteBackBatch | None = None
    contacts: bytes = b""
    customers: bytes = b""
    lines: int = 0
    withheld: list[Listed] = field(default_factory=list)
    to_clear: list[Listed] = field(default_factory=list)


class NothingKnownError(ValueError):
    """The source has never been imported, so nobody knows its columns."""


@transaction.atomic
def export(*, source: Source, actor: Actor, kind: str = resources.CSV) -> Exported:
    """This will write everything the ERP does not have yet into files, and note that it left.

    Also what was exported before and did not arrive. Fields to clear are listed, not written.
    Raises NothingKnownError.
    """
    if not source.layouts:
        raise NothingKnownError
    lines = list(
        WriteBackLine.objects.to_send()
        .filter(source=source)
        .select_for_update(of=("self",))
        .select_related("record", "contact__customer", "customer")
        .order_by("pk")
    )
    done = Exported()
    sent: list[WriteBackLine] = []
    contacts, customers = _sorted(lines)
    for entity, group in ((Entity.CONTACT, contacts), (Entity.CUSTOMER, customers)):
        content, left = _write(source, entity, group, kind, done)
        if entity is Entity.CONTACT:
            done.contacts = content
        elif left:
            done.customers = content
        sent += left
    if sent:
        done.batch = _keep(source, actor, kind, done)
        done.lines = len(sent)
        _note_sent(sent, done.batch)
        _audit(actor, done)
    return done


def _sorted(
    lines: Sequence[WriteBackLine],
) -> tuple[list[WriteBackLine], list[WriteBackLine]]:
    """This will tell lines for the contacts' file from those for the customers' file."""
    contacts: list[WriteBackLine] = []
    customers: list[WriteBackLine] = []
    for line in lines:
        general = line.record is not None and line.record.key.startswith(GENERAL)
        (customers if line.customer_id or general else contacts).append(line)
    return contacts, customers


def _write(
    source: Source,
    entity: Entity,
    lines: Sequence[WriteBackLine],
    kind: str,
    done: Exported,
) -> tuple[bytes, list[WriteBackLine]]:
    """This will write one file; gives its bytes and the lines that are in it or listed to clear."""
    layout = layout_of(source.layouts, entity)
    if layout is None:
        return b"", []
    grouped = _grouped(lines)
    sheet = _sheet(source, layout, entity, grouped)
    done.withheld += [_listed(line, why) for line, why in _withheld(sheet, grouped)]
    sent = []
    for key, group in grouped.items():
        for line in group:
            if line.record_id and line.new == "":
                done.to_clear.append(_listed(line, "Clear it by hand."))
                sent.append(line)
            elif key in sheet.written and (key, line.field) not in sheet.left_out:
                sent.append(line)
    return resources.as_file(
        sheet.headers, sheet.rows, kind, layout.separator, layout.encoding
    ), sent


def withheld(*, source: Source) -> list[tuple[WriteBackLine, str]]:
    """This will give corrections that no file can carry, each with the reason.

    Those since the last file are looked at with the next one.
    """
    last = WriteBackBatch.objects.filter(source=source).order_by("-pk").first()
    waiting = WriteBackLine.objects.to_send().filter(source=source)
    if last is not None:
        waiting = waiting.filter(created_at__lt=last.exported_at)
    rows = waiting.select_related("record", "contact__customer", "customer").order_by("pk")
    found = []
    contacts, customers = _sorted(list(rows[:MOST_SHOWN]))
    for entity, group in ((Entity.CONTACT, contacts), (Entity.CUSTOMER, customers)):
        layout = layout_of(source.layouts, entity)
        if layout is not None and group:
            grouped = _grouped(group)
            found += _withheld(_sheet(source, layout, entity, grouped), grouped)
    return found


def _withheld(
    sheet: Sheet, grouped: Mapping[int, Sequence[WriteBackLine]]
) -> list[tuple[WriteBackLine, str]]:
    """This will give the lines that are not in a sheet: whole rows, and single values."""
    found = [(line, why) for key, why in sheet.withheld.items() for line in grouped[key]]
    for (key, name), why in sheet.left_out.items():
        lines = [line for line in grouped[key] if line.field in ("", name)]
        found += [(line, why) for line in lines]
    return found


def _grouped(lines: Sequence[WriteBackLine]) -> dict[int, list[WriteBackLine]]:
    """This will put the corrections of one record together."""
    grouped: dict[int, list[WriteBackLine]] = defaultdict(list)
    for line in lines:
        grouped[line.record_id or -(line.contact_id or 0)].append(line)
    return grouped


def _sheet(
    source: Source,
    layout: Layout,
    entity: Entity,
    grouped: Mapping[int, Sequence[WriteBackLine]],
) -> Sheet:
    """This will lay corrections out in the columns of the source's own file."""
    bases = _bases(source, entity, [line for group in grouped.values() for line in group])
    corrections = [_correction(key, group, bases) for key, group in grouped.items()]
    wanted = [one for one in corrections if one.ours or one.is_new]
    unplaced: dict[int, str] = {}
    if layout.is_wide and entity is Entity.CONTACT:
        records = {
            line.record.pk: line.record
            for group in grouped.values()
            for line in group
            if line.record is not None
        }
        wanted, unplaced = placing.place(source, layout, wanted, records)
    letters = Letters(layout.encoding, source.ascii_domains)
    sheet = build(layout.columns, wanted, entity.value, letters)
    sheet.withheld |= unplaced
    return sheet


def _bases(
    source: Source, entity: Entity, lines: Sequence[WriteBackLine]
) -> dict[int, Mapping[str, str]]:
    """This will give what the ERP said last, by record; a general contact has its customer's."""
    found: dict[int, Mapping[str, str]] = {
        line.record.pk: line.record.base for line in lines if line.record is not None
    }
    if entity is Entity.CUSTOMER:
        generals = {
            line.record.pk: line.contact.customer_id
            for line in lines
            if line.record and line.contact
        }
        bases = dict(
            SourceRecord.objects.filter(
                source=source, entity=entity, customer__in=generals.values()
            ).values_list("customer_id", "base")
        )
        found |= {pk: bases.get(key or 0, {}) for pk, key in generals.items()}
    return found


def _correction(
    key: int, group: Sequence[WriteBackLine], bases: Mapping[int, Mapping[str, str]]
) -> Correction:
    if key > 0:
        ours = {line.field: line.new for line in group if line.new}
        return Correction(key, bases.get(key, {}), ours)
    contact = group[0].contact
    return Correction(key, {}, _born_here(contact) if contact else {}, is_new=True)


def _born_here(contact: Contact) -> dict[str, str]:
    """This will give everything the ERP needs to create a contact that was added here."""
    values = {name: text_of(getattr(contact, name)) for name in SENT[Entity.CONTACT]}
    values["account"] = contact.customer.account_number if contact.customer else ""
    return {name: value for name, value in values.items() if value and name != "active"}


def _listed(line: WriteBackLine, why: str) -> Listed:
    return Listed(str(line.contact or line.customer), field_label(line), why)


def field_label(line: WriteBackLine) -> str:
    """This will name what a line corrects."""
    if not line.field:
        return "New contact"
    entity = Entity.CUSTOMER if line.customer_id else Entity.CONTACT
    return label(f"{entity.value}.{line.field}")


def _keep(source: Source, actor: Actor, kind: str, done: Exported) -> WriteBackBatch:
    """This will keep the files, and their hashes: imported by mistake they confirm nothing."""
    batch = WriteBackBatch.objects.create(
        source=source,
        format=kind,
        actor_id=actor.pk if actor is not None else None,
        contacts_hash=_hash(done.contacts),
        customers_hash=_hash(done.customers),
    )
    folder = Path(settings.MEDIA_ROOT) / "write-back"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("contacts", done.contacts), ("customers", done.customers)):
        if content:
            path = folder / f"{batch.pk}-{name}.{kind}"
            path.write_bytes(content)
            setattr(batch, f"{name}_path", str(path.relative_to(settings.MEDIA_ROOT)))
    batch.save(update_fields=["contacts_path", "customers_path"])
    return batch


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest() if content else ""


def _note_sent(lines: Sequence[WriteBackLine], batch: WriteBackBatch) -> None:
    keys = [line.pk for line in lines]
    for start in range(0, len(keys), 500):
        WriteBackLine.objects.filter(pk__in=keys[start : start + 500], state__in=NOT_IN_ERP).update(
            state=LineState.EXPORTED, batch=batch, exported_at=batch.exported_at
        )


def _audit(actor: Actor, done: Exported) -> None:
    record(
        actor=actor,
        verb="exported",
        entity="corrections",
        entity_id=done.batch.pk if done.batch else "",
        facts={
            "lines": done.lines,
            "withheld": len(done.withheld),
            "to_clear": len(done.to_clear),
        },
    )
