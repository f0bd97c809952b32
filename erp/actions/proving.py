"""What an import proves when all its rows are in: which corrections came, and who is missing.

All of it looks at many rows to change few, so it goes in short steps that hold no lock for long.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from contacts.actions.bulk import refresh_statistics
from contacts.actions.importing import mark_found, mark_missing
from contacts.models import SourceRecord
from contacts.rules.words import Entity
from erp.actions import settling
from erp.actions.marking import found_records, is_complete, missing_records
from erp.models import Import, WriteBackLine
from erp.rules.states import LineState
from jobs.registry import Work

CHUNK, BRIEF_CHUNK = 5_000, 1_000
MANY = 1_000
LINES, BACK, GONE = PARTS = ("lines", "back", "gone")


def prove(run: Import, work: Work) -> bool:
    """This will prove what the next corrections or records allow; true when none is left."""
    if "part" not in work.cursor or run.applied_at is None:
        run.applied_at = timezone.now()
        run.counts |= {"missing": {}, "returned": []}
        run.save(update_fields=["applied_at", "counts"])
        if run.new_count > MANY:
            refresh_statistics(SourceRecord)
        work.cursor["part"] = LINES
    part = work.cursor["part"]
    if not _STEPS[part](run, work, run.applied_at):
        return False
    if part == PARTS[-1]:
        return True
    work.cursor |= {"part": PARTS[PARTS.index(part) + 1], "pk": 0}
    return False


def _lines(run: Import, work: Work, _now: datetime) -> bool:
    """This will look which of the next corrections came; true when none is left."""
    sent = WriteBackLine.objects.filter(source=run.source, state=LineState.EXPORTED)
    after = sent.filter(pk__gt=work.cursor.get("pk", 0)).order_by("pk")
    keys = list(after.values_list("pk", flat=True)[: _chunk(work)])
    if keys:
        settling.note_not_applied(run=run, first=keys[0], last=keys[-1])
        work.cursor["pk"] = keys[-1]
    return not keys


def _back(run: Import, work: Work, _now: datetime) -> bool:
    """This will note who is not missing any more; true when nobody is left."""
    missing = SourceRecord.objects.filter(source=run.source, missing_since__isnull=False)
    after = missing.filter(pk__gt=work.cursor["pk"]).order_by("pk")
    keys = list(after.values_list("pk", flat=True)[: _chunk(work)])
    for entity in Entity if keys else ():
        found = found_records(run, entity).filter(pk__in=keys).order_by("pk")
        returned = list(found.values_list("pk", "missing_since"))
        run.counts["returned"] += [[pk, since.isoformat()] for pk, since in returned]
        back = [pk for pk, _since in returned]
        mark_found(records=SourceRecord.objects.filter(pk__in=back))
        settling.open_again(run=run, record_ids=back)
    if keys:
        run.save(update_fields=["counts"])
        work.cursor["pk"] = keys[-1]
    return not keys


def _gone(run: Import, work: Work, now: datetime) -> bool:
    """This will mark who is missing from a list that holds everybody; true when all were seen."""
    whole = [entity for entity in Entity if is_complete(run, entity)]
    # What this import wrote is in its files; only what earlier ones brought can be missing.
    earlier = SourceRecord.objects.filter(source=run.source, entity__in=whole, seen_in__lt=run.pk)
    after = earlier.filter(pk__gt=work.cursor["pk"]).order_by("pk")
    keys = list(after.values_list("pk", flat=True)[: _chunk(work)]) if whole else []
    for entity in whole if keys else ():
        missing = missing_records(run, entity).filter(pk__range=(keys[0], keys[-1]))
        gone = dict(missing.order_by("pk").values_list("pk", "missing_since"))
        run.counts["missing"][entity.value] = run.counts["missing"].get(entity.value, 0) + len(gone)
        if fresh := [pk for pk, since in gone.items() if since is None]:
            mark_missing(records=SourceRecord.objects.filter(pk__in=fresh), at=now)
        settling.withdraw_missing(run=run, record_ids=list(gone))
    if keys:
        run.save(update_fields=["counts"])
        work.cursor["pk"] = keys[-1]
    return not keys


def _chunk(work: Work) -> int:
    return BRIEF_CHUNK if work.is_brief else CHUNK


_STEPS: dict[str, Callable[[Import, Work, datetime], bool]] = {
    LINES: _lines,
    BACK: _back,
    GONE: _gone,
}
