"""Imports that a person stops, at any step: what is in is whole, the rest comes later."""

import os

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact, Customer, Invoice, SourceRecord
from erp.actions import applying, families, generals, proving, receiving, staging, undoing
from erp.models import Import, StagedRow
from erp.rules.states import ImportState
from jobs.models import Job
from jobs.queue import cancel, run_now, run_slice
from jobs.rules.state import JobState
from tests.erp.conftest import bring_in, preview, table

STOPS = int(os.environ.get("KILLS", "6"))
CUSTOMERS = [f"{n}|Firm {n}|{n + 5 if n % 3 == 0 else ''}|info@firm{n}.com" for n in range(20)]
PEOPLE = [
    f"{n % 20}|{n}|Ann {n}|{'info' if n % 4 == 0 else f'ann{n}'}@firm{n % 20}.com"
    for n in range(30)
]
BILLS = [f"I{n}|{n % 20}|1/2/2024|{n}.00" for n in range(30)]


def files():
    return [
        table("Account|Company Name|Parent|Email", *CUSTOMERS, name="customers.csv"),
        table("Customer ID|Contact ID|Contact|Email", *PEOPLE, name="people.csv"),
        table("Invoice No|Customer No|Invoice Date|Amount", *BILLS, name="invoices.csv"),
    ]


def everything():
    """What is here, by what people know it by."""
    return {
        "customers": list(
            Customer.objects.order_by("account_number").values_list(
                "account_number", "name", "parent__account_number", "search_text"
            )
        ),
        "contacts": sorted(
            Contact.objects.values_list(
                "customer__account_number", "email", "first_name", "last_name", "search_text"
            )
        ),
        "invoices": sorted(Invoice.objects.values_list("number", F("customer__account_number"))),
        "records": sorted(
            SourceRecord.objects.exclude(invoice=None, contact=None, customer=None).values_list(
                "entity", "key", "fingerprint"
            )
        ),
    }


@pytest.fixture
def small_steps(monkeypatch):
    """Portions of a few rows, so that there are many places to stop at."""
    for module in (applying, families, generals, proving, staging):
        monkeypatch.setattr(module, "CHUNK", 7)
    monkeypatch.setattr(applying, "REMOVED", 20)


def steps_of(job):
    """One portion at a time, and how many there were."""
    count = 0
    while run_slice(str(job.pk), seconds=0.01):
        count += 1
        yield count


@pytest.fixture
def clean(source, small_steps):
    """What one import leaves that nobody stops, and how many steps it takes; then it is undone."""
    run = preview(source, files())
    job = applying.apply(run=run, actor=None)
    steps = len(list(steps_of(job)))
    whole = everything()
    run.refresh_from_db()
    run_now(undoing.undo(run=run, actor=None))
    assert not Customer.objects.exists()
    return whole, steps


def stop_after(source, steps):
    run = preview(source, files())
    job = applying.apply(run=run, actor=None)
    for step in steps_of(job):
        if step == steps:
            applying.stop(run=run)
    job.refresh_from_db()
    run.refresh_from_db()
    return run, job


def test_an_import_stopped_anywhere_and_done_again_is_whole(source, clean):
    whole, steps = clean
    for at in range(1, steps, steps // STOPS):
        run, job = stop_after(source, at)
        assert job.state in (JobState.CANCELLED, JobState.DONE)
        assert not StagedRow.objects.exists()
        if run.state == ImportState.CANCELLED:
            assert everything() != whole
        bring_in(source, *files())
        assert everything() == whole, f"stopped after {at} of {steps} steps"
        for one in Import.objects.filter(undone_at=None).order_by("-pk"):
            run_now(undoing.undo(run=one, actor=None))
        assert not Customer.objects.exists(), f"stopped after {at} of {steps} steps"
        assert not SourceRecord.objects.exists()


def test_reading_that_is_stopped_leaves_nothing(source, small_steps):
    run = receiving.receive(source=source, uploads=files(), actor=None)
    job = applying.stage(run=run, actor=None)
    read = False
    for _step in steps_of(job):
        if not read and StagedRow.objects.exists():
            read = True
            cancel(job)
    assert read
    run.refresh_from_db()
    job.refresh_from_db()
    assert (run.state, job.state) == (ImportState.CANCELLED, JobState.CANCELLED)
    assert not StagedRow.objects.exists()


def test_progress_reaches_the_end_only_at_the_end(source, small_steps):
    run = preview(source, files())
    job = applying.apply(run=run, actor=None)
    seen = []
    with CaptureQueriesContext(connection) as written:
        for _step in steps_of(job):
            now = Job.objects.get(pk=job.pk)
            seen.append((now.percent, now.message))
    percents = [percent for percent, _ in seen]
    assert percents == sorted(percents)
    assert {message for percent, message in seen if percent == 100} <= {"Tidying up"}
    # A short step may begin and end within one slice: what it said is in what was written.
    saved = "".join(query["sql"] for query in written if query["sql"].startswith("UPDATE"))
    messages = {message for message in applying.MESSAGES.values() if f"'{message}'" in saved}
    assert {"Saving customers", "Saving contacts", "Saving invoices", "Tidying up"} <= messages
    assert {message for _, message in seen} <= messages
