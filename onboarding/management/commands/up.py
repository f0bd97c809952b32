"""manage.py up: everything in one process."""

import sys
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.urls import reverse

from accounts.actions import make_administrator_link
from accounts.querysets import administrators
from onboarding.server import EmbeddedServer


class Command(BaseCommand):
    """Migrate, serve with worker and beat in one process, and greet a new administrator."""

    help = "Migrates the database and serves the product with its worker in one process."

    def add_arguments(self, parser: CommandParser) -> None:
        """This will name the options."""
        parser.add_argument("--bind", default=f"127.0.0.1:{settings.PORT}", help="HOST:PORT")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """This will serve until it is stopped."""
        if not settings.EMBEDDED:
            message = (
                "REDIS_URL is set, so web, worker and beat run as processes of their own."
                " Start them as docker-compose.yml does, or unset REDIS_URL."
            )
            raise CommandError(message)
        call_command("migrate", verbosity=0)
        self.greet()
        sys.stdout.flush()
        EmbeddedServer(options["bind"]).run()

    def greet(self) -> None:
        """This will print where the product is and, without administrator, how to become it."""
        self.stdout.write(f"Onboarding is at {settings.BASE_URL}/  (stop with Ctrl C)")
        if administrators().exists():
            return
        path = reverse("accounts:first_administrator", args=[make_administrator_link()])
        self.stdout.write("There is no administrator yet. Become it with this link, which works")
        self.stdout.write(f"once:\n\n  {settings.BASE_URL}{path}\n")
