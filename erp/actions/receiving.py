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
from erp.actions.combining import (
    find_customers_by_key,
    keep_unmapped,
    learn_from_cells,
    take_people_from_their_list,
)
from erp.actions.kept import REFUSED, columns_of, matched_facts, matched_of, table_of
from erp.models import Import, WriteBackBatch
from erp.readers import tables
from erp.readers.tables import NOBODY_ASKED, Asked, Table
from erp.rules import forms, mapping, matching
from erp.rules.fields import FIELDS
from erp.rules.mapping import Column, Matched, UnknownFieldError
from erp.rules.own import list_of
from erp.rules.reading import NoHeadError, UnreadableFileError
from erp.rules.states import WAITING

AUTO = "auto"
WAITS = "waiting"
HEAD = "head"  # asked of a person: does the file really have no row of column names?


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
    keep_unmapped: bool = False


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
    run.files = [
        facts
        for number, upload in enumerate(uploads)
        for facts in _received(run, number, upload, wishes)
    ]
    if wishes.entity is None:
        take_people_from_their_list(run)
        learn_from_cells(run)
    find_customers_by_key(run)
    if wishes.keep_unmapped:
        keep_unmapped(run)
    run.save(update_fields=["files"])
    return run


@transaction.atomic
def rematch(*, run: Import, file: int, entity: Entity) -> Import:
    """This will match a file's columns anew, because a person said what it is a list of."""
    _refuse_started(run)
    facts = run.files[file]
    table = table_of(facts)
    matched = matching.match(table.headers, tables.looked_at(table), tables.presets(), entity)
    run.files[file] = {**facts, **matched_facts(matched), "by_hand": True}
    run.save(update_fields=["files"])
    return run


@transaction.atomic
def reopen(*, run: Import, file: int, asked: Asked, entity: Entity | None = None) -> Import:
    """This will read a file again as a person said: another sheet, or without column names.

    What it is then is told by its facts, also that it still cannot be read.
    """
    _refuse_started(run)
    facts = {**run.files[file], "status": WAITS, "reason": "", "asks": ""}
    path = _folder(run) / str(facts.get("upload", file))
    try:
        facts |= _opened(run.source, path, Wishes(entity), asked)[0]
    except UnreadableFileError as error:
        facts |= {"status": REFUSED, "reason": str(error)}
    run.files[file] = facts
    run.save(update_fields=["files"])
    return run


@transaction.atomic
def choose_columns(
    *,
    run: Import,
    file: int,
    fields: Sequence[str],
    remember: bool = True,
    keep_rest: bool = False,
) -> Import:
    """This will take the fields that a person chose for the columns of a file, in order.

    With `keep_rest` the columns without a field are kept as extras of the record.

    What was chosen is remembered for files with the same columns when the import is applied,
    unless `remember` is false. Raises UnknownFieldError for a field that does not exist,
    NotWaitingError after the start.
    """
    _refuse_started(run)
    facts = run.files[file]
    before, first = columns_of(facts), tables.looked_at(table_of(facts))
    chosen: list[Column] = []
    kept = [was for was, field in zip(before, fields, strict=True) if was.field == field]
    taken = {(column.field, column.slot) for column in kept}
    for column, field in zip(before, fields, strict=True):
        if field and field not in FIELDS:
            raise UnknownFieldError(field)
        if field == column.field:
            chosen.append(column)
            continue
        slot = next(n for n in range(len(before) + 1) if (field, n) not in taken)
        taken.add((field, slot))
        form = forms.form_of(field, first, len(chosen))
        chosen.append(Column(column.header, field, slot, form, 1.0, "Chosen by hand"))
    matched = Matched(facts["mapping"], Entity(facts["entity"]), tuple(chosen))
    if keep_rest:
        matched = mapping.keep_rest(matched)
    by_hand = facts.get("by_hand", False) or list(matched.columns) != before
    if list(matched.columns) != before:
        matched = Matched(mapping.SAVED, matched.entity, matched.columns)
    facts |= {"by_hand": by_hand, "remember": remember}
    run.files[file] = {**facts, **matched_facts(matched)}
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


def needs_a_look(run: Import) -> bool:
    """This will say whether a person should look at the columns before anything is read."""
    readable = [facts for facts in run.files if facts["status"] != REFUSED]
    return not all(
        list_of(facts["table"]["headers"]) or mapping.is_sure(matched_of(facts))
        for facts in readable
    )


def question_of(facts: Mapping[str, Any]) -> str:
    """This will ask for the columns that a file cannot do without; nothing when all are there."""
    matched = matched_of(facts)
    missing = mapping.missing_fields(matched)
    if not missing or list_of(facts["table"]["headers"]):
        return ""
    heads = ", ".join(column.header for column in matched.columns if column.header)
    return (
        f"Which column holds the {' and the '.join(missing)}? None was recognised among: {heads}."
    )


def asks(run: Import) -> bool:
    """This will say whether a person can still make a refused file readable by an answer."""
    return any(facts.get("asks") for facts in run.files)


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


def _received(run: Import, number: int, upload: Upload, wishes: Wishes) -> list[dict[str, Any]]:
    """This will keep one file and say how it is read, or why it is refused.

    A workbook with lists of several kinds counts as several files.
    """
    name = Path(upload.name.replace("\\", "/")).name[:200] or f"file {number + 1}"
    facts: dict[str, Any] = {
        "name": name,
        "upload": number,
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
        return [facts | {"status": REFUSED, "reason": "There is no such file to read."}]
    path = _folder(run) / str(number)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _keep(upload.stream, path)
        return [facts | opened for opened in _opened(run.source, path, wishes)]
    except NoHeadError as error:
        return [facts | {"status": REFUSED, "reason": str(error), "asks": HEAD}]
    except UnreadableFileError as error:
        path.unlink(missing_ok=True)
        return [facts | {"status": REFUSED, "reason": str(error)}]


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


def _opened(
    source: Source, path: Path, wishes: Wishes, asked: Asked = NOBODY_ASKED
) -> list[dict[str, Any]]:
    """This will give how each list of a kept file is read."""
    size, sha256 = path.stat().st_size, tables.sha256_of(path)
    _refuse_our_own(sha256)
    return [
        {"size": size, "sha256": sha256, **_read_as(source, table, matched, wishes)}
        for table, matched in tables.open_tables(path, wishes.entity, asked)
    ]


def _read_as(source: Source, table: Table, matched: Matched, wishes: Wishes) -> dict[str, Any]:
    matched = _wished(source, table, matched, wishes)
    matched = replace(matched, entity=list_of(table.headers) or matched.entity)
    kept = Path(table.path).relative_to(settings.MEDIA_ROOT)
    return {
        "format": table.format,
        "table": {**vars(table), "path": str(kept)},
        "text_size": Path(table.path).stat().st_size,
        **matched_facts(matched),
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
        rows = len(tables.looked_at(table)) if source.mappings else 0
        found = mapping.best_saved(table.headers, source.mappings, matched.columns, rows)
        if found and wishes.entity in (None, found.entity):
            return found
        return matched
    presets = [preset for preset in tables.presets() if preset.slug == wishes.mapping]
    return matching.match(table.headers, tables.looked_at(table), presets, wishes.entity)
