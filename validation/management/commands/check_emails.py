"""manage.py check_emails: ask DNS about every domain that is due, then check everybody."""

import sys
from time import monotonic
from typing import Any

from django.core.management import CommandParser

from contacts.management.answering import NEEDS_PERSON, AnsweringCommand
from validation.actions.checking import Checked, check_all, counted
from validation.actions.counting import note_all_domains
from validation.actions.domains import Resolved, resolve_due
from validation.actions.resolving import server_in_settings
from validation.resolver import Server, UnknownServerError, server_of

# What one look meets may lead to others, and those to few more.
MEETINGS = 3


class Command(AnsweringCommand):
    """Checks addresses in this process; needs no worker, and works without DNS."""

    help = "Asks DNS once about every domain that is due, then runs all checks."

    def add_arguments(self, parser: CommandParser) -> None:
        """This will name the options."""
        super().add_arguments(parser)
        parser.add_argument(
            "--dns", default="", metavar="HOST:PORT|off|system", help="The name server to ask."
        )

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """This will check, and answer with counts; trouble with DNS is told on stderr."""
        begun = monotonic()
        self.as_json = options["json"]
        source = self.known_source(options["source"]).name if options["source"] else None
        server = self.server(options["dns"])
        note_all_domains()
        # Everybody is checked afterwards; with one source, who is not of it would be left out.
        resolved = resolve_due(server=server, recheck=source is not None)
        checked = check_all(source=source)
        for _round in range(MEETINGS):
            # The checks meet domains that nobody writes to, such as the one that was meant.
            met = Resolved() if resolved.trouble else resolve_due(server=server)
            resolved = resolved.and_then(met)
            if not met.asked:
                break
            checked = counted(source)
        note_all_domains()
        if resolved.trouble:
            self.stderr.write(resolved.trouble)
        seconds = round(monotonic() - begun, 2)
        self.answer(facts(checked, resolved, seconds), lines(checked, resolved, seconds))
        if resolved.trouble:
            sys.exit(NEEDS_PERSON)

    def server(self, text: str) -> Server | None:
        """This will give the server to ask, or refuse."""
        try:
            return server_of(text) if text else server_in_settings()
        except UnknownServerError as error:
            self.refuse(str(error))


def facts(checked: Checked, resolved: Resolved, seconds: float) -> dict[str, Any]:
    """This will give the counts as plain values."""
    return {
        "contacts": checked.contacts,
        "domains": {
            "due": resolved.due,
            "asked": resolved.asked,
            "temporary": resolved.temporary,
        },
        "status": checked.status,
        "codes": checked.codes,
        "seconds": seconds,
    }


def lines(checked: Checked, resolved: Resolved, seconds: float) -> list[str]:
    """This will write the counts for people."""
    domains = (
        f"Domains: {resolved.due:,} due, {resolved.asked:,} asked about,"
        f" {resolved.temporary:,} without an answer for now."
    )
    told = [f"{checked.contacts:,} contacts checked in {seconds:.1f} s.", domains]
    told += [f"  {count:>8,}  {name}" for name, count in checked.status.items()]
    if checked.codes:
        told.append("Found:")
        told += [f"  {count:>8,}  {name}" for name, count in checked.codes.items()]
    return told
