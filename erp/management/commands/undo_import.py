"""manage.py undo_import: take an import back."""

from typing import Any

from django.core.management import CommandParser

from contacts.management.answering import NEEDS_PERSON, AnsweringCommand, do_here, sentence_of
from contacts.models import Source
from erp.actions import undoing
from erp.actions.undoing import NotUndoableError
from erp.models import Import
from erp.rules.states import APPLIED

LAST = "last"


class Command(AnsweringCommand):
    """Restores what an import changed, and says what was edited since and stays."""

    help = "Takes an import back: restores values, removes what it added."

    def add_arguments(self, parser: CommandParser) -> None:
        """This will name the options."""
        super().add_arguments(parser)
        parser.add_argument("number", metavar="ID|last", help="The import's number, or last.")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """This will take the import back in this process."""
        self.as_json = options["json"]
        run = self.find(options["number"], self.known_source(options["source"]))
        try:
            job = do_here(undoing.undo(run=run, actor=None))
        except NotUndoableError:
            self.refuse(f"Import {run.pk} cannot be undone: it is {run.get_state_display()}.")
        if sentence := sentence_of(job):
            self.refuse(sentence)
        undone = undoing.undone_of(job)
        facts = {
            "restored": undone.restored,
            "removed": undone.removed,
            "skipped": undone.skipped,
        }
        line = (
            f"Import {run.pk} is undone: {undone.restored:,} values restored,"
            f" {undone.removed:,} rows removed, {undone.skipped:,} left because of newer edits."
        )
        self.answer(facts, [line])
        if undone.skipped:
            raise SystemExit(NEEDS_PERSON)

    def find(self, number: str, source: Source) -> Import:
        """This will give the import meant, or refuse."""
        runs = Import.objects.filter(source=source).newest_first()
        if number == LAST:
            run = runs.filter(state__in=APPLIED).first()
        else:
            run = runs.filter(pk=int(number)).first() if number.isdecimal() else None
        if run is None:
            self.refuse(f"There is no such import of {source}.")
        return run
