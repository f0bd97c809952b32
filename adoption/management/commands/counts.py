"""manage.py counts: how far the roll-out is, as figures."""

import json
from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.utils import timezone

from adoption import querysets
from adoption.rules.funnel import headline, steps

TITLES = {
    "contacts": "Contacts by the state of their address",
    "messages": "Messages by state",
    "invitations": "Invitations by state",
    "write_back": "Corrections on their way to the ERP",
    "imports": "Imports by state",
}


class Command(BaseCommand):
    """Prints the funnel and the counts behind the dashboard."""

    help = "Counts customers, contacts, messages, invitations, corrections and imports."

    def add_arguments(self, parser: CommandParser) -> None:
        """This will name the options."""
        parser.add_argument("--json", action="store_true", help="Answer with one JSON object.")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """This will count and print."""
        counts = {
            "funnel": querysets.funnel_counts(timezone.now()),
            "contacts": querysets.contact_statuses(),
            "messages": querysets.message_states(),
            "invitations": querysets.invitation_states(),
            "write_back": querysets.write_back_states(),
            "imports": querysets.import_states(),
        }
        self.stdout.write(json.dumps(counts) if options["json"] else "\n".join(_lines(counts)))


def _lines(counts: dict[str, dict[str, int]]) -> list[str]:
    lines = [headline(counts["funnel"]), ""]
    for step in steps(counts["funnel"]):
        share = "" if step.percent is None else f"  {step.percent}% of the step before"
        lines.append(f"{step.label:<12}{step.count:>10,}{share}")
    for name, title in TITLES.items():
        lines += ["", title]
        states = counts[name].items()
        lines += [f"  {state.replace('_', ' '):<16}{n:>8,}" for state, n in states] or ["  none"]
    return lines
