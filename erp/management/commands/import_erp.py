"""manage.py import_erp: files of an ERP in, in one call."""

import time
from pathlib import Path
from typing import IO, Any

from django.core.management import CommandParser

from contacts.actions.importing import forget_source, source_named
from contacts.management.answering import (
    NEEDS_PERSON,
    NOTHING_APPLIED,
    AnsweringCommand,
    do_here,
    is_dead,
    sentence_of,
    this_process,
)
from contacts.models import Source
from contacts.rules.words import Entity
from erp.actions import applying, receiving
from erp.actions.kept import REFUSED
from erp.actions.receiving import AUTO, UnknownMappingError, Upload, Wishes
from erp.models import Import
from erp.rules.states import ImportState, RowOutcome
from jobs.models import Job
from jobs.queue import AlreadyRunningError

COUNTS = ("new", "changed", "unchanged", "kept", "conflicts", "missing")
MOST_LINES = 20


class Command(AnsweringCommand):
    """Stages all files, then applies customers, contacts and invoices, whatever their order."""

    help = "Imports files of an ERP: customers, contacts, invoices, as CSV or XLSX."

    def add_arguments(self, parser: CommandParser) -> None:
        """This will name the options."""
        super().add_arguments(parser)
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument("--entity", default=AUTO, help="auto, customer, contact or invoice")
        parser.add_argument("--mapping", default=AUTO, help="auto, or the name of a mapping")
        whole = parser.add_mutually_exclusive_group()
        whole.add_argument("--complete", dest="complete", action="store_true", default=None)
        whole.add_argument("--partial", dest="complete", action="store_false")
        parser.add_argument(
            "--keep-unmapped", action="store_true", help="Keep columns without a field as extras."
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would change.")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """This will import, or with --dry-run only say what would change."""
        started = time.monotonic()
        self.as_json = options["json"]
        wishes = self.wishes(options)
        was_known = Source.objects.filter(name=options["source"]).exists()
        source = source_named(name=options["source"])
        self.finish_stopped(source)
        run = self.receive(source, options["files"], wishes)
        applied = self.carry_out(run, dry_run=options["dry_run"])
        facts = {
            "source": source.name,
            "dry_run": options["dry_run"],
            "seconds": round(time.monotonic() - started, 2),
            "files": [self.file_facts(run, number) for number in range(len(run.files))],
        }
        self.answer(facts, self.lines(facts))
        if options["dry_run"] or not applied:
            receiving.discard(run=run, actor=None)
            if not was_known:
                forget_source(source=source)
        if not applied:
            raise SystemExit(NOTHING_APPLIED)
        if any(self.needs_person(facts) for facts in facts["files"]):
            raise SystemExit(NEEDS_PERSON)

    def wishes(self, options: dict[str, Any]) -> Wishes:
        """This will read the options, and refuse those that mean nothing."""
        if not options["source"]:
            self.refuse("Name the source: --source NAME.")
        if not options["files"]:
            self.refuse("Name at least one file.")
        names = [entity.value for entity in Entity]
        if options["entity"] not in (AUTO, *names):
            self.refuse(f"--entity is {AUTO}, {', '.join(names)}.")
        entity = None if options["entity"] == AUTO else Entity(options["entity"])
        return Wishes(entity, options["mapping"], options["complete"], options["keep_unmapped"])

    def finish_stopped(self, source: Source) -> None:
        """This will finish what an earlier call was killed in, so that nothing stays half done."""
        waiting = [ImportState.MAPPED, ImportState.RUNNING]
        for run in Import.objects.filter(source=source, state__in=waiting):
            if run.job is not None and run.job.is_open and is_dead(run.job):
                do_here(run.job)

    def receive(self, source: Source, files: list[Path], wishes: Wishes) -> Import:
        """This will take the files in; one that cannot be opened is refused like any other."""
        streams: list[tuple[Path, IO[bytes] | None]] = [(file, _opened(file)) for file in files]
        try:
            run = receiving.receive(
                source=source,
                uploads=[Upload(file.name, stream) for file, stream in streams],
                actor=None,
                wishes=wishes,
            )
        except UnknownMappingError as error:
            self.refuse(str(error))
        finally:
            for _, stream in streams:
                if stream is not None:
                    stream.close()
        return receiving.refuse_questions(run=run)

    def carry_out(self, run: Import, *, dry_run: bool) -> bool:
        """This will read and, without --dry-run, apply; false when there is nothing to read."""
        if not receiving.is_readable(run):
            return False
        self.do(applying.stage(run=run, actor=None, worker=this_process()), run)
        if not receiving.is_readable(run) or dry_run:
            return receiving.is_readable(run)
        try:
            job = applying.apply(run=run, actor=None, worker=this_process())
        except AlreadyRunningError:
            receiving.discard(run=run, actor=None)
            self.refuse(f"Another import of {run.source} is under way. Try again when it is done.")
        self.do(job, run)
        return True

    def do(self, job: Job, run: Import) -> None:
        """This will do a job here and refuse with its sentence when it does not end well."""
        if sentence := sentence_of(do_here(job)):
            self.refuse(sentence)
        run.refresh_from_db()

    def file_facts(self, run: Import, number: int) -> dict[str, Any]:
        """This will give what a file was and what became of it."""
        facts = run.files[number]
        refused = facts["status"] == REFUSED
        errors = run.rows.filter(file=number, outcome=RowOutcome.ERROR).order_by("row", "pk")
        return {
            "file": facts["name"],
            "status": REFUSED if refused else "applied",
            "reason": facts["reason"],
            "format": facts["format"],
            "mapping": facts["mapping"],
            "rows": facts["rows"],
            "entities": {
                entity: {name: counts[name] for name in COUNTS}
                for entity, counts in facts["entities"].items()
            },
            "skipped": facts["skipped"],
            "errors": [
                {"row": row, "column": column, "message": message}
                for row, column, message in errors.values_list("row", "column", "message")
            ],
        }

    def needs_person(self, file: dict[str, Any]) -> bool:
        """This will say whether somebody should look at a file's result."""
        conflicts = sum(counts["conflicts"] for counts in file["entities"].values())
        return bool(file["status"] == REFUSED or file["errors"] or conflicts)

    def lines(self, facts: dict[str, Any]) -> list[str]:
        """This will write the facts for people."""
        told = []
        for file in facts["files"]:
            if file["status"] == REFUSED:
                told.append(f"{file['file']}: refused. {file['reason']}")
                continue
            told.append(f"{file['file']}: {file['rows']:,} rows ({file['format']})")
            for entity, counts in file["entities"].items():
                numbers = ", ".join(f"{n:,} {name}" for name, n in counts.items() if n)
                told.append(f"  {entity}s: {numbers or 'none'}")
            for error in file["errors"][:MOST_LINES]:
                place = f"row {error['row']}" + (f", {error['column']}" if error["column"] else "")
                told.append(f"  {place}: {error['message']}")
            if more := len(file["errors"]) - MOST_LINES:
                told += [f"  and {more:,} more"] if more > 0 else []
        told.append("Nothing was saved." if facts["dry_run"] else f"{facts['seconds']} seconds.")
        return told


def _opened(file: Path) -> IO[bytes] | None:
    """This will open a file, or give nothing: it then counts as empty or missing."""
    try:
        return file.open("rb")
    except OSError:
        return None
