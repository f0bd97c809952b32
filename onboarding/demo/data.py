"""The demo's data: files in, checks, corrections, and the ERP that takes most of them over."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from django.utils import timezone

from accounts.models import User
from contacts.actions.importing import source_named
from erp.actions import applying, exporting, receiving
from erp.actions.receiving import Upload
from erp.models import WriteBackLine
from erp.rules.states import LineState
from jobs.models import Job
from jobs.queue import run_now
from onboarding.demo.company import Staff
from review.actions import bulk, deciding
from validation.actions import checking, counting
from validation.actions.domains import resolve_due
from validation.actions.resolving import server_in_settings
from validation.models import Finding

SOURCE = "ERP"
CERTAIN = 0.95
# Of the corrections that left, one in so many did not arrive.
NOT_ARRIVED = 6
BY_HAND = (
    ("name_email_mismatch", deciding.keep),
    ("placeholder", deciding.clear),
    ("missing", deciding.mark_unknown),
)


def files_of(sample: Path) -> list[tuple[str, bytes]]:
    """This will give the three files that the ERP writes."""
    paths = [sample / f"{name}.csv" for name in ("customers", "contacts", "invoices")]
    return [(path.name, path.read_bytes()) for path in paths]


def bring_in(files: Sequence[tuple[str, bytes]], actor: User) -> None:
    """This will import files as the pages do."""
    run = receiving.receive(
        source=source_named(name=SOURCE),
        uploads=[Upload(name, io.BytesIO(content)) for name, content in files],
        actor=actor,
    )
    run_now(applying.stage(run=run, actor=actor))
    run_now(applying.apply(run=run, actor=actor))


def check(*, seconds: float) -> None:
    """This will ask the sample's name server about what is due, then run all checks.

    Some domains of the sample never answer; they are not waited for, the schedule asks again.
    """
    counting.note_all_domains()
    resolve_due(server=server_in_settings(), seconds=seconds)
    checking.check_all()
    work_off_jobs()


def correct(staff: Staff) -> None:
    """This will accept what is certain, decide some by hand, and write the file for the ERP.

    More than a third is left for whoever tries the demo.
    """
    certain = list(bulk.certain(confidence=CERTAIN, source=SOURCE))
    deciding.accept(findings=certain[: len(certain) * 3 // 5], actor=staff.reviewer)
    unsure = Finding.objects.open().filter(suggestion="", field="email").order_by("pk")
    for code, decide in BY_HAND:
        for finding in unsure.filter(code=code).select_related("contact")[:3]:
            decide(findings=[finding], actor=staff.reviewer)
    work_off_jobs()
    exporting.export(source=source_named(name=SOURCE), actor=staff.boss)


def next_export(contacts_file: Path) -> bytes:
    """This will give the contacts' file as the ERP writes it after it took most corrections in."""
    with contacts_file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        rows, headers = list(reader), list(reader.fieldnames or [])
    sent = WriteBackLine.objects.filter(state=LineState.EXPORTED, field="email")
    taken = dict(sent.exclude(contact=None).values_list("record__own_id", "new"))
    for number, own_id in enumerate(sorted(taken)):
        if number % NOT_ARRIVED == 0:
            del taken[own_id]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, headers)
    writer.writeheader()
    for row in rows:
        row["Email"] = taken.get(row["Internal ID"], row["Email"])
        writer.writerow(row)
    return text.getvalue().encode()


def work_off_jobs() -> None:
    """This will do here what a worker does."""
    for job in Job.objects.claimable(timezone.now()).order_by("created_at"):
        run_now(job)
