"""manage.py up_link: how a server in production gets its first administrator."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.urls import reverse

from accounts.actions import make_administrator_link
from accounts.querysets import administrators


class Command(BaseCommand):
    """Print a link that makes its holder the administrator, once; refused when there is one."""

    help = "Prints a one-use link to become the first administrator."

    def handle(self, *_args: Any, **_options: Any) -> None:  # noqa: ANN401 - Django's signature
        """This will replace any older link that was not used."""
        if administrators().exists():
            message = (
                "There is an administrator already, so no link was made. Ask one of them to add"
                " you, or set a forgotten password with: manage.py changepassword USERNAME"
            )
            raise CommandError(message, returncode=2)
        path = reverse("accounts:first_administrator", args=[make_administrator_link()])
        self.stdout.write("Become the administrator with this link, which works once:\n")
        self.stdout.write(f"  {settings.BASE_URL}{path}")
