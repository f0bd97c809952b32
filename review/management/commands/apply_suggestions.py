"""manage.py apply_suggestions: accept what is sure, in bulk."""

import json
from typing import Any

from django.core.management import BaseCommand, CommandParser

from contacts.models import Source
from review.actions.bulk import certain
from review.actions.deciding import NothingToDecideError, accept
from validation.models import Finding


class Command(BaseCommand):
    """Accepts suggestions of at least a confidence, as one change set."""

    help = "Accepts suggestions in bulk, as one change set that can be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        """This will name the options."""
        parser.add_argument("--min-confidence", type=float, default=0.95)
        parser.add_argument("--source")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """This will accept and say what is left for a person."""
        source, sure = options["source"], options["min_confidence"]
        if source and not Source.objects.filter(name=source).exists():
            self.refuse(f"There is no source called {source!r}.", as_json=options["json"])
        if not 0 < sure <= 1:
            self.refuse("--min-confidence is a number from 0 to 1.", as_json=options["json"])
        try:
            done = accept(
                findings=certain(confidence=sure, source=source),
                actor=None,
                label=f"Accepted everything at least {sure:.0%} sure",
            )
            accepted, change_set = done.count, done.change_set.pk
        except NothingToDecideError:
            accepted, change_set = 0, None
        left = Finding.objects.open().with_suggestion()
        if source:
            left = left.filter(contact__records__source__name=source).distinct()
        facts = {"accepted": accepted, "left": left.count(), "change_set": change_set}
        if options["json"]:
            self.stdout.write(json.dumps(facts))
        else:
            self.stdout.write(
                f"{accepted:,} suggestions accepted, {facts['left']:,} wait for a person."
            )
        if facts["left"]:
            raise SystemExit(1)

    def refuse(self, sentence: str, *, as_json: bool) -> None:
        """This will say why nothing was done and end with 2."""
        (self.stdout if as_json else self.stderr).write(
            json.dumps({"error": sentence}) if as_json else sentence
        )
        raise SystemExit(2)
