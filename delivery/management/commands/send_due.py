"""Send what is due, in this process; no worker is needed."""

import json
import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from delivery.actions.feedback import apply_waiting
from delivery.actions.sending import pump
from delivery.models import Message
from delivery.rules.states import MessageState

SLICE_SECONDS = 20.0
ATTENTION = 1
REPORTED = (
    MessageState.ACCEPTED,
    MessageState.REFUSED,
    MessageState.UNKNOWN,
    MessageState.FAILED,
)


class Command(BaseCommand):
    """Runs the pump once, or until nothing is due."""

    help = "Sends the mail that is due."

    def add_arguments(self, parser: CommandParser) -> None:
        """This will define what may be asked for."""
        parser.add_argument("--until-empty", action="store_true", help="go on until none is due")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """This will send and say what became of it; exit 1 when something is left over."""
        apply_waiting()
        states: Counter[str] = Counter()
        while True:
            tally = pump(seconds=SLICE_SECONDS)
            states += tally.states
            if not (options["until_empty"] and tally.more):
                break
        result = {state.value: states[state] for state in REPORTED}
        result["left"] = Message.objects.waiting().count()
        if options["json"]:
            self.stdout.write(json.dumps(result))
        else:
            self.stdout.write(_sentence(result, tally.trouble))
        if tally.trouble or any(result[name] for name in ("refused", "unknown", "failed", "left")):
            sys.exit(ATTENTION)


def _sentence(result: dict[str, int], trouble: str) -> str:
    words = (
        f"Sent {result['accepted']}, refused {result['refused']}, outcome not known"
        f" {result['unknown']}, failed {result['failed']}; {result['left']} wait."
    )
    return f"{words} {trouble}".strip()
