"""manage.py correct: corrections from a file, recorded as decisions of staff."""

import csv
import json
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandParser

from contacts.models import Source
from review.actions.from_file import Correction, correct_from_file

COLUMNS = ("contact_id", "new_email")


class Command(BaseCommand):
    """Reads `contact_id,new_email` and corrects the contacts of one source."""

    help = "Records corrections from a CSV file as staff decisions, one change set."

    def add_arguments(self, parser: CommandParser) -> None:
        """This will name the options."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True)
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """This will correct what can be corrected and list the rest."""
        as_json = options["json"]
        source = Source.objects.filter(name=options["source"]).first()
        if source is None:
            self.refuse(f"There is no source called {options['source']!r}.", as_json=as_json)
            return
        corrections = self.read(options["file"], as_json=as_json)
        done = correct_from_file(source=source, corrections=corrections)
        facts = {
            "corrected": done.corrected,
            "unchanged": done.unchanged,
            "change_set": done.change_set.pk if done.change_set else None,
            "errors": [{"row": row, "message": words} for row, words in done.errors],
        }
        if as_json:
            self.stdout.write(json.dumps(facts))
        else:
            self.stdout.write(f"{done.corrected:,} contacts corrected.")
            for row, words in done.errors:
                self.stdout.write(f"Row {row}: {words}")
        if done.errors:
            raise SystemExit(1 if done.corrected or done.unchanged else 2)

    def read(self, file: Path, *, as_json: bool) -> list[Correction]:
        """This will read the file; what cannot be read is refused in one sentence."""
        try:
            with file.open(encoding="utf-8-sig", newline="") as stream:
                reader = csv.DictReader(stream)
                missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
                if missing:
                    self.refuse(f"{file.name} has no column {missing[0]}.", as_json=as_json)
                return [
                    Correction(number, row["contact_id"] or "", row["new_email"] or "")
                    for number, row in enumerate(reader, start=2)
                ]
        except (OSError, UnicodeDecodeError, csv.Error):
            self.refuse(f"{file.name} cannot be read as a CSV file in UTF-8.", as_json=as_json)
            return []

    def refuse(self, sentence: str, *, as_json: bool) -> None:
        """This will say why nothing was done and end with 2."""
        (self.stdout if as_json else self.stderr).write(
            json.dumps({"error": sentence}) if as_json else sentence
        )
        raise SystemExit(2)
