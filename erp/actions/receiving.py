"""Take files in: keep them, find out how they are read, and which column is which field."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from contacts.models import Source
from contacts.rules.words import Entity
from core.audit import record
from erp.models import Import, WriteBackBatch
from erp.readers import tables
from erp.readers.tables import Table
from erp.rules import mapping
from erp.rules.fields import FIELDS
from erp.rules.mapping import Column, Matched, UnknownFieldError
from erp.rules.reading import UnreadableFileError
from erp.rules.states import WAITING

AUTO = "auto"
WAITS, REFUSED = "waiting", "refused"


@dataclass(frozen=True)
class Upload:
    """A file as it comes: its name, and its bytes as a stream; none when it cannot be opened."""

    name: str
    stream: IO[bytes] | None


@dataclass(frozen=True)
class Wishes:
    """What whoever imports has said about the files; everything else is found out."""

    entity: Entity | None = None
    mapping: str = AUTO
    complete: bool | None = None


class UnknownMappingError(ValueError):
    """No mapping of that name exists; the message lists those that do."""


class NotWaitingError(ValueError):
    """The import runs or has ended: its columns can no longer be changed."""


def receive(
    *, source: Source, uploads: Sequence[Upload], actor: User | None, wishes: Wishes | None = None
) -> Import:
    """This will keep files and propose how to read them; a refused file does not stop the others.

    Raises UnknownMappingError when a mapping was asked for that does not exist.
    """
    wishes = wishes or Wishes()
    _refuse_unknown_mapping(wishes.mapping, source)
    with transaction.atomic():
        run = Import.objects.create(source=source, actor=actor, complete=wishes.complete)
        record(actor=actor, verb="uploaded", entity="import", entity_id=run.pk, label=source.name)
    run.files = [_received(run, number, upload, wishes) for number, upload in enumerate(uploads)]
    run.save(update_fields=["files"])
    return run


@transaction.atomic
def rematch(*, run: Import, file: int, entity: Entity) -> Import:
    """This will match a file's columns anew, because a person said what it is a list of."""
    _refuse_started(run)
    facts = run.files[file]
    table = table_of(facts)
    matched = mapping.match(table.headers, table.samples, tables.presets(), entity)
    run.files[file] = {**facts, **_matched_facts(matched), "by_hand": True}
    run.save(update_fields=["files"])
    return run


@transaction.atomic
def choose_columns(
    *, run: Import, file: int, fields: Sequence[str], remember: bool = True
) -> Import:
    """This will take the fields that a person chose for the columns of a file, in order.

    What was chosen is remembered for files with the same columns when the import is applied,
    unless `remember` is false. Raises UnknownFieldError for a field that does not exist,
    NotWaitingError after the start.
    """
    _refuse_started(run)
    facts = run.files[file]
    before, samples = columns_of(facts), table_of(facts).samples
    chosen: list[Column] = []
    taken: dict[str, int] = {}
    for column, field in zip(before, fields, strict=True):
        if field and field not in FIELDS:
            raise UnknownFieldError(field)
        slot = taken.get(field, 0)
        taken[field] = slot + 1
        if field == column.field:
            chosen.append(replace(column, slot=slot))
            continue
        form = mapping.form_of(field, samples, len(chosen))
        chosen.append(Column(column.header, field, slot, form, 1.0, "Chosen by hand"))
    matched = Matched(facts["mapping"], Entity(facts["entity"]), tuple(chosen))
    by_hand = facts.get("by_hand", False) or list(matched.columns) != before
    if list(matched.columns) != before:
        matched = Matched(mapping.SAVED, matched.entity, matched.columns)
    facts |= {"by_hand": by_hand, "remember": remember}
    run.files[file] = {**facts, **_matched_facts(matched)}
    run.save(update_fields=["files"])
    return run


@transaction.atomic
def refuse_questions(*, run: Import) -> Import:
    """This will refuse the files that nobody can be asked about; a command has no one to ask."""
    for facts in run.files:
        if facts["status"] != REFUSED and (question := question_of(facts)):
            facts |= {"status": REFUSED, "reason": question}
    run.save(update_fields=["files"])
    return run


@transaction.atomic
def discard(*, run: Import, actor: User | None) -> None:
    """This will drop an import that was never applied, with its files and staged rows."""
    _refuse_started(run)
    folder = _folder(run)
    record(actor=actor, verb="dropped", entity="import", entity_id=run.pk, label=str(run))
    run.delete()
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))


def columns_of(facts: Mapping[str, Any]) -> list[Column]:
    """This will give the columns of a file as they are mapped now."""
    return [Column(**column) for column in facts["columns"]]


def table_of(facts: Mapping[str, Any]) -> Table:
    """This will give how a kept file is read."""
    told = dict(facts["table"])
    for name in ("headers", "warnings"):
        told[name] = tuple(told[name])
    told["samples"] = tuple(tuple(cells) for cells in told["samples"])
    told["path"] = str(Path(settings.MEDIA_ROOT) / told["path"])
    return Table(**told)


def matched_of(facts: Mapping[str, Any]) -> Matched:
    """This will give how a file's columns are matched now."""
    return Matched(facts["mapping"], Entity(facts["entity"]), tuple(columns_of(facts)))


def needs_a_look(run: Import) -> bool:
    """This will say whether a person should look at the columns before anything is read."""
    readable = [facts for facts in run.files if facts["status"] != REFUSED]
    return not all(mapping.is_sure(matched_of(facts)) for facts in readable)


def question_of(facts: Mapping[str, Any]) -> str:
    """This will ask for the columns that a file cannot do without; nothing when all are there."""
    matched = matched_of(facts)
    missing = mapping.missing_fields(matched)
    if not missing:
        return ""
    heads = ", ".join(column.header for column in matched.columns if column.header)
    return (
        f"Which column holds the {' and the '.join(missing)}? None was recognised among: {heads}."
    )


def is_readable(run: Import) -> bool:
    """This will say whether at least one file of an import can be read."""
    return any(facts["status"] != REFUSED for facts in run.files)


def _refuse_started(run: Import) -> None:
    if not Import.objects.filter(pk=run.pk, state__in=WAITING).exists():
        raise NotWaitingError


def _refuse_unknown_mapping(name: str, source: Source) -> None:
    known = [AUTO, mapping.GENERIC, *(preset.slug for preset in tables.presets())]
    if source.mappings:
        known.append(mapping.SAVED)
    if name not in known:
        message = f"There is no mapping called {name}. There are: {', '.join(known)}."
        raise UnknownMappingError(message)


def _folder(run: Import) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / str(run.pk)


def _received(run: Import, number: int, upload: Upload, wishes: Wishes) -> dict[str, Any]:
    """This will keep one file and say how it is read, or why it is refused."""
    name = Path(upload.name.replace("\\", "/")).name[:200] or f"file {number + 1}"
    facts: dict[str, Any] = {
        "name": name,
        "status": WAITS,
        "reason": "",
        "format": "",
        "mapping": "",
        "entity": "",
        "columns": [],
        "rows": 0,
        "skipped": 0,
        "entities": {},
    }
    if upload.stream is None:
        return facts | {"status": REFUSED, "reason": "There is no such file to read."}
    path = _folder(run) / str(number)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _keep(upload.stream, path)
        return facts | _opened(run.source, path, wishes)
    except UnreadableFileError as error:
        path.unlink(missing_ok=True)
        return facts | {"status": REFUSED, "reason": str(error)}


def _keep(stream: IO[bytes], path: Path) -> None:
    """This will copy an upload, and stop where it is larger than what is read."""
    left = settings.MAX_IMPORT_BYTES
    with path.open("wb") as target:
        while part := stream.read(tables.CHUNK):
            left -= len(part)
            if left < 0:
                most = settings.MAX_IMPORT_BYTES // 1024 // 1024
                sentence = f"The file is larger than {most} MB. Split it."
                raise UnreadableFileError(sentence)
            target.write(part)


def _opened(source: Source, path: Path, wishes: Wishes) -> dict[str, Any]:
    size, sha256 = path.stat().st_size, tables.sha256_of(path)
    _refuse_our_own(sha256)
    table, matched = tables.open_table(path, wishes.entity)
    matched = _wished(source, table, matched, wishes)
    kept = Path(table.path).relative_to(settings.MEDIA_ROOT)
    return {
        "size": size,
        "sha256": sha256,
        "format": table.format,
        "table": {**vars(table), "path": str(kept)},
        "text_size": Path(table.path).stat().st_size,
        **_matched_facts(matched),
    }


def _refuse_our_own(sha256: str) -> None:
    ours = Q(contacts_hash=sha256) | Q(customers_hash=sha256)
    batch = WriteBackBatch.objects.filter(ours).first()
    if batch is not None:
        sentence = (
            f"This is the file of corrections that was exported here on"
            f" {batch.exported_at:%d %b %Y} (batch {batch.pk}). It confirms nothing:"
            " import the next export of the ERP itself."
        )
        raise UnreadableFileError(sentence)


def _wished(source: Source, table: Table, matched: Matched, wishes: Wishes) -> Matched:
    """This will prefer what was confirmed before for these heads, or the mapping asked for."""
    if wishes.mapping in (AUTO, mapping.SAVED):
        saved = source.mappings.get(mapping.headers_key(table.headers))
        found = mapping.use(table.headers, saved) if saved else None
        if found and wishes.entity in (None, found.entity):
            return found
        return matched
    presets = [preset for preset in tables.presets() if preset.slug == wishes.mapping]
    return mapping.match(table.headers, table.samples, presets, wishes.entity)


def _matched_facts(matched: Matched) -> dict[str, Any]:
    return {
        "mapping": matched.name,
        "entity": matched.entity.value,
        "columns": [column.as_json() for column in matched.columns],
    }
