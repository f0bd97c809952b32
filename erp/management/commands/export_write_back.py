"""manage.py export_write_back: corrections as files in the ERP's own columns."""

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from contacts.management.answering import NEEDS_PERSON, AnsweringCommand
from erp.actions.exporting import Exported, NothingKnownError, export
from erp.resources import CSV, XLSX


class Command(AnsweringCommand):
    """Writes what the ERP does not have yet, and notes that it left."""

    help = "Writes corrections for the ERP: OUT for contacts, OUT-customers beside it."

    def add_arguments(self, parser: CommandParser) -> None:
        """This will name the options."""
        super().add_arguments(parser)
        parser.add_argument("out", type=Path, metavar="OUT")
        parser.add_argument("--format", default="", help="csv or xlsx; else by OUT's ending")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """This will export into files of this process's folder."""
        self.as_json = options["json"]
        source = self.known_source(options["source"])
        out: Path = options["out"]
        kind = options["format"] or (XLSX if out.suffix.lower() == ".xlsx" else CSV)
        if kind not in (CSV, XLSX):
            self.refuse("--format is csv or xlsx.")
        if not out.parent.is_dir():
            self.refuse(f"There is no folder {out.parent}.")
        try:
            done = export(source=source, actor=None, kind=kind)
        except NothingKnownError:
            self.refuse(f"Nothing was imported from {source} yet, so its columns are not known.")
        beside = out.with_name(f"{out.stem}-customers{out.suffix}")
        self.write(done, out, beside)
        self.answer(self.facts(done, out, beside), self.lines(done, out))
        if done.withheld or done.to_clear:
            raise SystemExit(NEEDS_PERSON)

    def write(self, done: Exported, out: Path, beside: Path) -> None:
        """This will write the files; they are also kept with the batch, should this fail."""
        try:
            out.write_bytes(done.contacts)
            if done.customers:
                beside.write_bytes(done.customers)
        except OSError as error:
            kept = f" The corrections are kept as {done.batch}; download it." if done.batch else ""
            self.refuse(f"{out} cannot be written: {error.strerror}.{kept}")

    def facts(self, done: Exported, out: Path, beside: Path) -> dict[str, Any]:
        """This will give what left as plain values."""
        return {
            "batch": done.batch.pk if done.batch else None,
            "lines": done.lines,
            "files": [str(out), *([str(beside)] if done.customers else [])],
            "withheld": [vars(item) for item in done.withheld],
            "to_clear": [vars(item) for item in done.to_clear],
        }

    def lines(self, done: Exported, out: Path) -> list[str]:
        """This will write what left for people."""
        told = [f"{done.lines:,} corrections written to {out.name}."]
        if done.to_clear:
            told.append("Clear by hand in the ERP:")
            told += [f"  {item.who}: {item.what}" for item in done.to_clear]
        if done.withheld:
            told.append("Withheld, type in by hand:")
            told += [f"  {item.who}, {item.what}: {item.why}" for item in done.withheld]
        return told
