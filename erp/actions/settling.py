"""What an import proves about corrections that were sent to the ERP, and about who is missing."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from contacts.actions.bulk import update_rows
from contacts.actions.importing import mark_found, mark_missing
from contacts.models import SourceRecord
from contacts.rules.words import Entity
from erp.actions.deciding import values_sent_before
from erp.actions.marking import found_records, is_complete, missing_records
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
def note_not_applied(*, run: Import) -> int:
    """This will note corrections that were exported and whose record came again without them.

    By now confirmed and conflicting lines are settled, so those still exported whose key stands
    in the files have an unchanged base: one statement for each file, for the columns it has.
    """
    noted = 0
    for facts in run.files:
        for entity, names in facts.get("told", {}).items():
            told = run.staged.filter(entity=entity, key=OuterRef("record__key"))
            lines = WriteBackLine.objects.filter(
                Exists(told),
                source=run.source,
                state=LineState.EXPORTED,
                record__entity=entity,
                field__in=names,
            )
            noted += _note_not_applied(run, lines.values("pk"))
        if "email" in facts.get("told", {}).get(Entity.CUSTOMER, ()):
            noted += _note_not_applied(run, _general_lines(run))
    return noted


def _general_lines(run: Import) -> QuerySet[WriteBackLine, Any]:
    """This will select exported corrections of contacts made of customers' rows in the files."""
    keys = SourceRecord.objects.filter(
        Exists(run.staged.filter(entity=Entity.CUSTOMER, key=OuterRef("key"))),
        source=run.source,
        entity=Entity.CUSTOMER,
    ).values("customer")
    return WriteBackLine.objects.filter(
        source=run.source,
        state=LineState.EXPORTED,
        record__key__startswith=GENERAL,
        record__contact__customer__in=keys,
    ).values("pk")


def _note_not_applied(run: Import, lines: QuerySet[WriteBackLine, Any]) -> int:
    return WriteBackLine.objects.filter(pk__in=lines).update(
        state=LineState.NOT_APPLIED,
        state_before=LineState.EXPORTED,
        settled_by=run,
        settled_at=timezone.now(),
    )


@transaction.atomic
def note_missing(*, run: Import) -> int:
    """This will mark records that a complete import does not hold, and forget that others were."""
    missing = 0
    returned = []
    for entity in Entity:
        back = found_records(run, entity).exclude(missing_since=None)
        returned += [
            [pk, since.isoformat()] for pk, since in back.values_list("pk", "missing_since")
        ]
        mark_found(records=back)
        if is_complete(run, entity) and run.applied_at:
            missing += mark_missing(records=missing_records(run, entity), at=run.applied_at)
    run.counts["returned"] = returned
    run.save(update_fields=["counts"])
    return missing


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
