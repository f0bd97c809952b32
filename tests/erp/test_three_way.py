"""The three-way merge as a whole, with edits here and there in any order, against a plain model.

A few examples each time; EXAMPLES=200 tries that many.
"""

import os

import pytest
from django.db import connection, reset_queries, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from contacts.actions.changes import Edit, edit_contacts, open_change_set
from contacts.actions.importing import source_named
from contacts.models import Contact, SourceRecord
from contacts.rules.normalise import tidy
from contacts.rules.words import ChangeKind
from erp.actions import undoing
from erp.actions.exporting import NothingKnownError, export
from erp.models import WriteBackLine
from erp.rules.states import OPEN_LINES, LineState
from erp.rules.values import comparable
from jobs.queue import run_now
from tests.erp.conftest import apply, bring_in, counts_of, preview, table

EXAMPLES = int(os.environ.get("EXAMPLES", "8"))
IDS = ("1", "2", "3")
FIELDS = {"Email": "email", "Job Title": "job_title", "City": "city"}
ADDRESSES = ("", "ann@firm.com", "Ann@Firm.com", "bo@firm.com", " bo@firm.com")
WORDS = ("", "Buyer", "buyer", " Buyer", "Owner")


def cells():
    field = st.sampled_from(sorted(FIELDS))
    return field.flatmap(
        lambda head: st.tuples(
            st.just(head), st.sampled_from(ADDRESSES if head == "Email" else WORDS)
        )
    )


HERE = st.tuples(st.just("here"), st.sampled_from(IDS), cells())
THERE = st.tuples(st.just("there"), st.sampled_from(IDS), cells())
GONE = st.tuples(st.just("gone"), st.sampled_from(IDS), st.none())
COLUMN = st.tuples(st.just("column"), st.sampled_from(sorted(FIELDS)), st.booleans())
IMPORT = st.tuples(st.just("import"), st.sampled_from((None, "undone")), st.none())
EXPORT = st.tuples(st.just("export"), st.none(), st.none())
STEPS = st.lists(st.one_of(HERE, HERE, THERE, THERE, GONE, COLUMN, IMPORT, EXPORT), max_size=14)


class World:
    """The ERP, what we think of it, and what the plain model says that we should think."""

    def __init__(self):
        self.source = source_named(name="erp")
        blank = {"Email": "ann@firm.com", "Job Title": "Buyer", "City": ""}
        self.there = {key: dict(blank) for key in IDS}
        self.columns = set(FIELDS)
        self.gone = set()
        self.base = {key: {} for key in IDS}
        self.ours = {key: {} for key in IDS}
        self.bring_in(undone=False)

    def file(self):
        heads = [head for head in FIELDS if head in self.columns]
        rows = [
            "|".join(["7", key, f"Person {key}", *(self.there[key][head] for head in heads)])
            for key in IDS
            if key not in self.gone
        ]
        rows.append("|".join(["7", "9", "Somebody Else", *("" for _ in heads)]))
        return table("|".join(["Customer ID", "Contact ID", "Contact", *heads]), *rows)

    def step(self, kind, what, value):
        if kind == "here":
            head, text = value
            change_set = open_change_set(kind=ChangeKind.EDIT, label="Edit", actor=None)
            contact = self.contact(what)
            edit_contacts(edits=[Edit(contact.pk, FIELDS[head], text)], change_set=change_set)
            self.ours[what][head] = text
        elif kind == "there":
            self.gone.discard(what)
            self.there[what][value[0]] = value[1]
        elif kind == "gone":
            self.gone.add(what)
        elif kind == "column":
            (self.columns.add if value else self.columns.discard)(what)
        elif kind == "export":
            try:
                export(source=self.source, actor=None)
            except NothingKnownError:
                return
        else:
            self.bring_in(undone=what)

    def bring_in(self, *, undone):
        """An import; undone at once and done again, it comes to the same."""
        if undone:
            before, told = self.everything(), counts_of(self.preview())
            run = apply(self.preview(), complete=True)
            run_now(undoing.undo(run=run, actor=None))
            assert self.everything() == before
            assert counts_of(self.preview()) == told
        bring_in(self.source, self.file(), complete=True)
        self.merge()
        self.check()
        self.same_file_again()

    def preview(self):
        return preview(self.source, [self.file()], complete=True)

    def merge(self):
        for key in set(IDS) - self.gone:
            base, ours = self.base[key], self.ours[key]
            for head in self.columns:
                cell = self.there[key][head]
                theirs = cell if head == "Email" else tidy(cell)
                ours[head] = merged(head, base.get(head, ""), ours.get(head, ""), theirs)
                base[head] = theirs

    def contact(self, key):
        return Contact.objects.get(records__own_id=key, records__source=self.source)

    def check(self):
        """Ours are the model's values, and every difference is on its way to the ERP."""
        for key in IDS:
            record = SourceRecord.objects.get(source=self.source, own_id=key)
            contact = record.contact
            values = {head: getattr(contact, name) for head, name in FIELDS.items()}
            assert values == {head: self.ours[key].get(head, "") for head in FIELDS}, key
            assert (record.missing_since is not None) == (key in self.gone)
            lines = WriteBackLine.objects.filter(record=record, state__in=OPEN_LINES)
            told = {line.field: line.new for line in lines}
            if key in self.gone:
                assert told == {}
                continue
            wanted = {
                FIELDS[head]: values[head]
                for head in FIELDS
                if differs(head, values[head], self.base[key].get(head, ""))
            }
            assert {name: told.get(name) for name in wanted} == wanted

    def same_file_again(self):
        """Nothing would change, and nothing is written to contacts."""
        run = self.preview()
        counts = counts_of(run)["contact"]
        assert (counts["new"], counts["changed"], counts["conflicts"]) == (0, 0, 0)
        reset_queries()
        with CaptureQueriesContext(connection) as queries:
            apply(run, complete=True)
        tables = ("contact", "customer", "sourcerecord", "change")
        starts = tuple(
            f'{verb} "contacts_{name}"' for name in tables for verb in ("UPDATE", "INSERT INTO")
        )
        writes = [query["sql"] for query in queries if query["sql"].startswith(starts)]
        assert writes == []
        assert not run.rows.exists()

    def everything(self):
        """All that an undo has to give back."""
        return (
            list(Contact.objects.order_by("pk").values_list("pk", *FIELDS.values())),
            list(
                SourceRecord.objects.order_by("pk").values_list(
                    "pk", "key", "base", "fingerprint", "missing_since"
                )
            ),
            list(WriteBackLine.objects.order_by("pk").values_list("pk", "new", "state")),
        )


def differs(head, ours, theirs):
    name = FIELDS[head]
    return comparable(name, ours) != comparable(name, theirs)


def merged(head, base, ours, theirs):
    """Design 4.1 in five lines."""
    if theirs == base or not differs(head, ours, theirs) or not differs(head, theirs, base):
        return ours
    return theirs if ours == base else ours


@pytest.mark.django_db
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # an example of few steps is short enough to read as it is
    database=None,
)
@given(STEPS)
def test_edits_here_and_there_in_any_order_never_lose_a_correction(steps):
    with transaction.atomic():
        world = World()
        for step in steps:
            world.step(*step)
        world.bring_in(undone=True)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_correction_of_somebody_missing_waits_until_he_is_back(source):
    world = World()
    world.step("here", "1", ("City", "Boston"))
    world.step("export", None, None)
    line = WriteBackLine.objects.get()
    states = []
    for step in (("gone", "1", None), ("there", "1", ("Job Title", "Owner"))):
        world.step(*step)
        world.step("import", None, None)
        line.refresh_from_db()
        states.append(line.state)
    assert states == [LineState.WITHDRAWN, LineState.NOT_APPLIED]
