"""manage.py write_back_status: how far corrections are on their way to the ERP."""

from typing import Any

from contacts.management.answering import AnsweringCommand
from erp.actions.write_back import counts_of


class Command(AnsweringCommand):
    """Counts a source's corrections by state."""

    help = "Counts corrections by how far they are on their way to the ERP."

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """This will count."""
        self.as_json = options["json"]
        counts = counts_of(self.known_source(options["source"]))
        self.answer(counts, [f"{state.replace('_', ' ')}: {n:,}" for state, n in counts.items()])
