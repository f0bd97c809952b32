"""Mark each staged row with what it means, and count: the preview."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, Min, OuterRef

from contacts.actions.bulk import update_rows
from contacts.models import Customer, SourceRecord
from contacts.rules.words import Entity
from erp.actions import own_lists
from erp.actions.deciding import decide
from erp.models import Import, StagedRow, WriteBackLine
from erp.querysets import can_be_linked, records_of_row
from erp.rules.keys import GENERAL, cell_of
from erp.rules.mapping import Column
from erp.rules.states import RowOutcome

CHUNK = 1_000
ENOUGH = 0.9
COUNTED: dict[str, str] = {
    RowOutcome.NEW: "new",
    RowOutcome.CHANGED: "changed",
    RowOutcome.UNCHANGED: "unchanged",
    RowOutcome.KEPT: "kept",
    RowOutcome.CONFLICT: "conflicts",
}


@transaction.atomic
def mark(*, run: Import, start: int, end: int) -> None:
    """This will mark the staged rows of a range; only those in doubt are looked at one by one."""
    _plan_plainly()
    rows = run.staged.filter(pk__range=(start, end))
    corrected = WriteBackLine.objects.open().filter(source=run.source)
    if corrected.exists():
        ours = records_of_row(run.source).filter(Exists(corrected.filter(record=OuterRef("pk"))))
        rows.filter(Exists(ours), same=True).exclude(outcome=RowOutcome.DUPLICATE).update(
            outcome=RowOutcome.KEPT
        )
    if Customer.objects.filter(numbering=run.source.numbering).exists():
        rows.filter(can_be_linked(run.source), outcome=RowOutcome.NEW).update(outcome="")
    for entity in Entity:
        undecided = rows.filter(outcome="", entity=entity).order_by("pk")
        while chunk := list(undecided[:CHUNK]):
            _compare(run, chunk)


@transaction.atomic
def mark_again(*, run: Import, start: int, end: int) -> None:
    """This will have rows compared after all whose record was written since the preview."""
    _plan_plainly()
    rows = run.staged.filter(pk__range=(start, end))
    record = records_of_row(run.source)
    still = record.filter(fingerprint=OuterRef("fingerprint"))
    rows.filter(~Exists(still), same=True).counted().update(same=False, outcome="")
    rows.filter(Exists(record), outcome=RowOutcome.NEW).update(outcome="")


def _plan_plainly() -> None:
    """This will keep PostgreSQL from compiling the statement, which takes longer than to run it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off")


def _compare(run: Import, rows: Sequence[StagedRow]) -> None:
    for one in decide(run=run, rows=rows):
        one.row.outcome = one.outcome.value
        one.row.details = one.details
    update_rows(StagedRow, rows, ["outcome", "details"])


def tally(*, run: Import) -> None:
    """This will count rows by what they mean, for each file and for all of them.

    Counts of many rows take their time, so they come before the transaction: nothing is stored,
    the caller saves `files` and `counts`.
    """
    found: dict[int, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    groups = run.staged.counted().order_by().values_list("file", "entity", "outcome")
    for file, entity, outcome, n in groups.annotate(n=Count("pk")):
        if outcome in COUNTED:
            found[file][entity][COUNTED[outcome]] = n
    missing = _count_missing(run)
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for number, facts in enumerate(run.files):
        entities = found.get(number, {})
        if facts["entity"] and facts["status"] != "refused":
            entities.setdefault(facts["entity"], Counter())
        facts["entities"] = {}
        if created := facts.get("unknown_customers", 0) * run.create_customers:
            entities.setdefault(Entity.CUSTOMER.value, Counter())["new"] += created
        for entity, counts in sorted(entities.items()):
            told = {name: counts[name] for name in COUNTED.values()}
            # Of several files with the same entity the first one speaks for all.
            told["missing"] = missing.pop(Entity(entity), 0) if entity == facts["entity"] else 0
            facts["entities"][entity] = told
            totals[entity].update(told)
    run.counts = run.counts | {
        "entities": {entity: dict(counts) for entity, counts in totals.items()},
        "errors": run.rows.filter(outcome=RowOutcome.ERROR).count(),
    }


def _count_missing(run: Import) -> dict[Entity, int]:
    """This will count who is missing: before the go by looking, after it as it was marked.

    What counts as a list of everybody is decided once, before anything is written.
    """
    entities = _entities_of(run)
    if "missing" in run.counts:
        return {one: run.counts["missing"].get(one.value, 0) for one in entities}
    known = {one: _known(run, one).count() for one in entities}
    absent = {one: missing_records(run, one).count() if known[one] else 0 for one in entities}
    most = [one for one in entities if known[one] - absent[one] >= ENOUGH * known[one] > 0]
    run.counts["absent"] = {one.value: n for one, n in absent.items()}
    run.counts["whole"] = [one.value for one in most]
    return {one: n for one, n in absent.items() if is_complete(run, one)}


def tally_unknown(*, run: Import) -> None:
    """This will count the customers that rows name and nobody knows, for the first such file.

    Nothing is stored, as above.
    """
    rows = run.staged.of_unknown_customers(run).order_by().values("account")
    firsts = Counter(row["first"] for row in rows.annotate(first=Min("file")))
    for number, facts in enumerate(run.files):
        facts["unknown_customers"] = firsts[number]
    run.counts["unknown_customers"] = firsts.total()


def missing_records(run: Import, entity: Entity) -> Any:  # noqa: ANN401 - a queryset of records
    """This will select known records of an entity whose key is not among the staged rows."""
    return _known(run, entity).exclude(Exists(_staged_of_record(run, entity)))


def found_records(run: Import, entity: Entity) -> Any:  # noqa: ANN401 - as above
    """This will select known records of an entity whose key is among the staged rows."""
    return _known(run, entity).filter(Exists(_staged_of_record(run, entity)))


def is_complete(run: Import, entity: Entity) -> bool:
    """This will say whether the import holds every record of an entity.

    A person may have said so; else it does when the preview found that most are there.
    """
    if entity not in _entities_of(run):
        return False
    return entity.value in run.counts.get("whole", ()) if run.complete is None else run.complete


def _entities_of(run: Import) -> list[Entity]:
    """This will give what the files that can be read are lists of."""
    named = {
        facts["entity"]
        for facts in run.files
        if facts["status"] != "refused" and not own_lists.is_ours(facts)
    }
    return [entity for entity in Entity if entity.value in named]


def _known(run: Import, entity: Entity) -> Any:  # noqa: ANN401 - as above
    # A contact made of a customer's own row comes and goes with that row.
    records = SourceRecord.objects.filter(source=run.source, entity=entity)
    return records.exclude(key__startswith=GENERAL)


def _staged_of_record(run: Import, entity: Entity) -> Any:  # noqa: ANN401 - as above
    return run.staged.filter(entity=entity, key=OuterRef("key"))


def cells_of(columns: Sequence[Column], values: dict[str, str]) -> list[str]:
    """This will give a staged row's cells in the order of its file, as far as they were kept."""
    return [cell_of(values, column.field.rpartition(".")[2]) for column in columns]
