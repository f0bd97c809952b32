"""The sample as it comes from the ERP, and the same ERP three months later."""

import csv
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.actions import add_staff, sync_roles
from accounts.rules.roles import Role
from contacts.actions.changes import Edit, edit_contacts, open_change_set
from contacts.actions.importing import source_named
from contacts.models import SourceRecord
from contacts.rules.words import ChangeKind
from erp.actions import applying, receiving
from erp.actions.receiving import Upload, Wishes
from jobs.models import Job
from jobs.queue import run_now
from jobs.rules.state import JobState

ROOT = Path(__file__).parents[2]
SAMPLE = [ROOT / "sample" / f"{name}.csv" for name in ("contacts", "customers", "invoices")]
SECOND = ROOT / "tests" / "data" / "second_export"
SECOND_EXPORT = [SECOND / f"{name}.csv" for name in ("contacts", "customers", "invoices")]
MALFORMED = ROOT / "tests" / "data" / "malformed"


@pytest.fixture
def source(db):
    return source_named(name="netsuite")


def table(*rows, name="contacts.csv"):
    """A small CSV file: rows of cells."""
    text = io.StringIO()
    csv.writer(text).writerows(row.split("|") for row in rows)
    return Upload(name, io.BytesIO(text.getvalue().encode()))


def uploads_of(paths):
    return [Upload(path.name, io.BytesIO(path.read_bytes())) for path in paths]


def preview(source, uploads, actor=None, **wishes):
    """Files received and staged, nothing applied."""
    run = receiving.receive(source=source, uploads=uploads, actor=actor, wishes=Wishes(**wishes))
    job = run_now(applying.stage(run=run, actor=actor))
    assert job.state == JobState.DONE, job.error
    run.refresh_from_db()
    return run


def apply(run, actor=None, **options):
    job = run_now(applying.apply(run=run, actor=actor, **options))
    assert job.state == JobState.DONE, job.error
    run.refresh_from_db()
    return run


def bring_in(source, *uploads, **wishes):
    """Files imported in one call."""
    run = apply(preview(source, list(uploads), **wishes))
    source.refresh_from_db()
    return run


def correct(new_by_id, field="email"):
    """Corrections by staff, by the contact's own id in the ERP."""
    change_set = open_change_set(kind=ChangeKind.BULK, label="Fixes", actor=None)
    records = SourceRecord.objects.filter(entity="contact", own_id__in=new_by_id)
    edits = [Edit(row.contact_id, field, new_by_id[row.own_id]) for row in records]
    edit_contacts(edits=edits, change_set=change_set)
    return change_set


def counts_of(run):
    return run.counts["entities"]


def same(**counts):
    zero = dict.fromkeys(("new", "changed", "unchanged", "kept", "conflicts", "missing"), 0)
    return zero | counts


@pytest.fixture
def people(db):
    """A manager who may import, a reviewer who may not, a reader."""
    sync_roles()
    wanted = {"manager": Role.MANAGER, "reviewer": Role.REVIEWER, "reader": Role.READ_ONLY}
    return {
        name: add_staff(
            username=name, email=f"{name}@ours.example", password="three plain words", roles=[role]
        )
        for name, role in wanted.items()
    }


@pytest.fixture
def manager(client, people):
    client.force_login(people["manager"])
    return client


def file_of(*rows, name="people.csv"):
    return SimpleUploadedFile(name, table(*rows).stream.read())


def send(client, *files, source="erp"):
    return client.post(reverse("erp:upload"), {"source": source, "files": files})


def work():
    """Everything that waits is done, as a worker would."""
    for job in Job.objects.open():
        run_now(job)


def text_of(answer):
    return " ".join(answer.content.decode().split())
