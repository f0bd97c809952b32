"""What an import proves about corrections that were sent to the ERP, and about who is missing."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from contacts.actions.bulk import update_rows
from contacts.models import SourceRecord
from contacts.rules.values import text_of
from contacts.rules.words import Entity
from erp.actions.deciding import values_sent_before
from erp.models import Import, WriteBackLine
from erp.rules.keys import GENERAL
from erp.rules.states import OPEN_LINES, LineState
from erp.rules.values import comparable

SETTLED = ("state", "state_before", "theirs", "settled_by", "settled_at")


@transaction.atomic
def settle_changed(
    *, run: Import, told: Mapping[int, tuple[Mapping[str, str], Mapping[str, str]]]
) -> None:
    """This will settle open corrections of records that the source has changed.

    `told` has, by record, the values before and now. The ERP says what we said: confirmed; it
    says something third: conflict. Where it repeats itself, or says an older correction of ours,
    nothing is proven yet.
    """
    lines = list(WriteBackLine.objects.open().filter(record__in=told))
    sent_before = values_sent_before([line.record_id or 0 for line in lines])
    settled, renewed = [], []
    for line in lines:
        before, now = told[line.record_id or 0]
        theirs = now.get(line.field, "")
        if line.field not in now or theirs == before.get(line.field, ""):
            continue
        key = comparable(line.field, theirs)
        same = key == comparable(line.field, line.new)
        if not same and key in sent_before.get((line.record_id or 0, line.field), ()):
            line.old = theirs
            renewed.append(line)
            continue
        _settle(line, run, LineState.CONFIRMED if same else LineState.CONFLICT)
        line.theirs = "" if same else theirs
        settled.append(line)
    update_rows(WriteBackLine, settled, SETTLED)
    update_rows(WriteBackLine, renewed, ["old"])


@transaction.atomic
def confirm_created(*, run: Import, contact_ids: Sequence[int]) -> None:
    """This will confirm contacts born here that the source now tells of."""
    WriteBackLine.objects.filter(
        contact__in=contact_ids, source=run.source, record=None, field="", state__in=OPEN_LINES
    ).update(
        state=LineState.CONFIRMED,
        state_before=LineState.EXPORTED,
        settled_by=run,
        settled_at=timezone.now(),
    )


@transaction.atomic
def note_not_applied(*, run: Import, first: int, last: int) -> int:
    """This will note corrections that were exported and whose record came again without them.

    By now confirmed and conflicting lines are settled, so those still exported whose key stands
    in the files have an unchanged base: one statement for each file, for the columns it has.
    `first` and `last` are the keys of the corrections to look at.
    """
    noted = 0
    sent = WriteBackLine.objects.filter(
        source=run.source, state=LineState.EXPORTED, pk__range=(first, last)
    )
    for facts in run.files:
        for entity, names in facts.get("told", {}).items():
            told = run.staged.filter(entity=entity, key=OuterRef("record__key"))
            lines = sent.filter(Exists(told), record__entity=entity, field__in=names)
            noted += _note_not_applied(run, lines.values("pk"))
        if "email" in facts.get("told", {}).get(Entity.CUSTOMER, ()):
            noted += _note_not_applied(run, _general_lines(run, sent))
    return noted


def _general_lines(
    run: Import, sent: QuerySet[WriteBackLine, WriteBackLine]
) -> QuerySet[WriteBackLine, Any]:
    """This will select corrections of contacts that were made of customers' rows in the files."""
    keys = SourceRecord.objects.filter(
        Exists(run.staged.filter(entity=Entity.CUSTOMER, key=OuterRef("key"))),
        source=run.source,
        entity=Entity.CUSTOMER,
        customer=OuterRef("record__contact__customer"),
    )
    return sent.filter(Exists(keys), record__key__startswith=GENERAL).values("pk")


def _note_not_applied(run: Import, lines: QuerySet[WriteBackLine, Any]) -> int:
    return WriteBackLine.objects.filter(pk__in=lines).update(
        state=LineState.NOT_APPLIED,
        state_before=LineState.EXPORTED,
        settled_by=run,
        settled_at=timezone.now(),
    )


@transaction.atomic
def withdraw_missing(*, run: Import, record_ids: Sequence[int]) -> int:
    """This will withdraw the corrections of records that the source does not have any more."""
    lines = list(WriteBackLine.objects.open().filter(record__in=record_ids))
    for line in lines:
        _settle(line, run, LineState.WITHDRAWN)
    update_rows(WriteBackLine, lines, SETTLED)
    return len(lines)


@transaction.atomic
def open_again(*, run: Import, record_ids: Sequence[int]) -> int:
    """This will bring corrections back whose record was missing, as far as they still are one.

    The source says what we say: confirmed. It says what it said before: the correction was not
    applied, or has never left.
    """
    withdrawn = WriteBackLine.objects.filter(
        record__in=record_ids, state=LineState.WITHDRAWN, settled_by__isnull=False
    ).select_related("record__contact", "record__customer")
    busy: set[tuple[int | None, str]] = set(
        WriteBackLine.objects.open().filter(record__in=record_ids).values_list("record_id", "field")
    )
    opened = []
    for line in withdrawn.order_by("-pk"):
        if (line.record_id, line.field) in busy or not _is_ours(line):
            continue
        busy.add((line.record_id, line.field))
        _settle(line, run, _state_now(line))
        opened.append(line)
    update_rows(WriteBackLine, opened, SETTLED)
    return len(opened)


def _is_ours(line: WriteBackLine) -> bool:
    target: Any = line.contact or line.customer
    return bool(line.field) and text_of(getattr(target, line.field)) == line.new


def _state_now(line: WriteBackLine) -> LineState:
    base = line.record.base.get(line.field, "") if line.record else ""
    if comparable(line.field, base) == comparable(line.field, line.new):
        return LineState.CONFIRMED
    return LineState.NOT_APPLIED if line.exported_at else LineState.TO_EXPORT


@transaction.atomic
def unsettle(*, run: Import) -> int:
    """This will take back what an import proved, when the import is undone."""
    lines = list(WriteBackLine.objects.filter(settled_by=run))
    for line in lines:
        line.state, line.state_before, line.theirs = line.state_before, "", ""
        line.settled_by, line.settled_at = None, None
    update_rows(WriteBackLine, lines, SETTLED)
    return len(lines)


def _settle(line: WriteBackLine, run: Import, state: LineState) -> None:
    line.state_before = line.state
    line.state = state.value
    line.settled_by = run
    line.settled_at = timezone.now()
