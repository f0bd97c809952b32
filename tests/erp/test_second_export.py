"""The same ERP three months later, row by row: what came of every correction and every change."""

import csv
from collections import Counter
from dataclasses import dataclass

import pytest

from contacts.models import Change, SourceRecord
from erp.actions import undoing
from erp.actions.exporting import export
from erp.models import WriteBackLine
from erp.rules.states import LineState
from erp.rules.values import comparable
from jobs.queue import run_now
from tests.erp.conftest import (
    SAMPLE,
    SECOND,
    SECOND_EXPORT,
    bring_in,
    correct,
    counts_of,
    preview,
    uploads_of,
)

OUR_NAMES = {"zip": "postal_code", "status": "active", "inactive": "active"}
SETTLED = {
    "fix_applied": LineState.CONFIRMED,
    "fix_applied_other_case": LineState.CONFIRMED,
    "fix_applied_with_space": LineState.CONFIRMED,
    "fix_not_applied": LineState.NOT_APPLIED,
    "fix_overwritten": LineState.CONFLICT,
    "gone_after_fix": LineState.WITHDRAWN,
}


def rows_of(name):
    with (SECOND / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


ROWS = rows_of("expected.csv")
# One contact's correction had arrived when his whole customer went: the last word is that of both.
WENT = {row["id"] for row in ROWS if row["expected"] == "gone_with_customer"}
EXPECTED = [row for row in ROWS if row["id"] not in WENT or row["expected"] == "gone_with_customer"]
FIXES = {row["contact_id"]: row["new_email"] for row in rows_of("fixes_written_back.csv")}


@dataclass
class World:
    """What was here before the second export, and what is here after it."""

    before: dict
    run: object


def state_of_everything():
    records = SourceRecord.objects.select_related("contact__customer", "customer")
    return {
        (record.entity, key): (
            record.pk,
            record.contact_id or record.customer_id,
            record.contact.customer.account_number if record.contact else None,
        )
        for record in records.exclude(entity="invoice").exclude(key__startswith="of:")
        for key in {record.own_id, record.base.get("account") if record.customer_id else None}
        if key
    }


@pytest.fixture
def world(source):
    bring_in(source, *uploads_of(SAMPLE))
    correct(FIXES)
    assert export(source=source, actor=None).lines == len(FIXES) == 96
    before = state_of_everything()
    run = bring_in(source, *uploads_of(SECOND_EXPORT))
    return World(before, run)


def here_now(entity, key):
    """The record of a contact's own id, or of a customer by its number then or now."""
    records = SourceRecord.objects.filter(entity=entity).select_related(
        "contact__customer", "customer"
    )
    if entity == "contact":
        return records.get(own_id=key)
    return records.get(base__account=key)


def told_of(row, world):
    """What a row of the table says should have happened, and what did happen, in the same words."""
    entity, key, word = row["entity"], row["id"], row["expected"]
    if word == "renumbered":
        pk, target, _ = world.before[entity, key]
        record = SourceRecord.objects.get(pk=pk)
        number = record.customer.account_number
        return (target, row["new"]), (record.customer_id, number)
    record = here_now(entity, key)
    if word == "new":
        return (True, True), ((entity, key) not in world.before, record.seen_in == world.run.pk)
    if word in ("gone", "gone_with_customer", "merged_into"):
        lines = WriteBackLine.objects.filter(record=record).values_list("state", flat=True)
        told = [LineState.WITHDRAWN.value] if key in FIXES else []
        return (world.run.applied_at, told), (record.missing_since, list(lines))
    if word == "moved":
        _, contact, account = world.before[entity, key]
        now = record.contact
        return (
            (contact, row["old"], row["new"], None),
            (now.pk, account, now.customer.account_number, record.missing_since),
        )
    if word in SETTLED:
        line = WriteBackLine.objects.get(record=record, field="email")
        missing = world.run.applied_at if word == "gone_after_fix" else None
        return (
            (SETTLED[word].value, FIXES[key], missing),
            (line.state, record.contact.email, record.missing_since),
        )
    return changed(row, record)


def changed(row, record):
    """A change in the ERP is taken; where we had corrected the field, the correction says more."""
    target = record.contact or record.customer
    name = row["field"]
    if name == "name":
        return row["new"], target.name
    value = getattr(target, OUR_NAMES.get(name, name))
    if name in ("status", "inactive"):
        return row["new"] in ("Active", "False"), value
    return comparable(name, row["new"]), comparable(name, value)


def test_every_row_of_the_second_export_comes_out_as_the_table_says(world):
    outcomes = [(row, *told_of(row, world)) for row in EXPECTED]
    assert [(row, found) for row, told, found in outcomes] == [
        (row, told) for row, told, found in outcomes
    ]
    assert len(outcomes) == len(ROWS) - 1 == 264


def test_the_counts_are_those_of_the_table(world):
    of = Counter((row["entity"], row["expected"]) for row in EXPECTED)
    contact, customer = counts_of(world.run)["contact"], counts_of(world.run)["customer"]
    gone = ("gone", "gone_after_fix", "gone_with_customer")
    assert {name: contact[name] for name in ("new", "conflicts", "kept", "missing")} == {
        "new": of["contact", "new"],
        "conflicts": of["contact", "fix_overwritten"],
        "kept": of["contact", "fix_not_applied"],
        "missing": sum(of["contact", word] for word in gone),
    }
    assert {name: customer[name] for name in ("new", "changed", "missing")} == {
        "new": of["customer", "new"],
        "changed": of["customer", "erp_changed"] + of["customer", "renumbered"],
        "missing": of["customer", "gone"] + of["customer", "merged_into"],
    }
    assert Counter(WriteBackLine.objects.values_list("state", flat=True)) == {
        "confirmed": 74,
        "not_applied": 9,
        "conflict": 8,
        "withdrawn": 5,
    }


def test_the_second_export_taken_back_leaves_the_first_and_comes_again_alike(world, source):
    told = counts_of(world.run)
    lines = WriteBackLine.objects.order_by("pk").values_list("pk", "state")
    run_now(undoing.undo(run=world.run, actor=None))

    assert set(lines.values_list("state", flat=True)) == {"exported"}
    assert state_of_everything() == world.before
    assert not SourceRecord.objects.exclude(missing_since=None).exists()
    assert not Change.objects.filter(change_set=world.run.change_set, undone=False).exists()
    again = preview(source, uploads_of(SECOND_EXPORT))
    assert counts_of(again) == told
