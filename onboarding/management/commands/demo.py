"""manage.py demo: the sample company on a database that is thrown away."""

import ipaddress
import os
import signal
import socket
import subprocess
import sys
import tempfile
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import connections

from onboarding.demo import company, weeks
from onboarding.sample_dns import SampleDns
from onboarding.server import EmbeddedServer

SAMPLE = settings.BASE_DIR / "sample"
# Whatever the machine is set up for, the demo has its own; nothing of it may leave.
SET_UP = (
    "ALLOWED_HOSTS",
    "ANYMAIL",
    "BASE_URL",
    "DATA_DIR",
    "DATABASE_URL",
    "DNS_",
    "EMAIL_URL",
    "LINK_KEY",
    "OWN_DOMAINS",
    "PORT",
    "REDIS_URL",
    "SECRET_KEY",
    "TRUSTED_PROXIES",
)
PORTS_TO_TRY = 20


class Command(BaseCommand):
    """Play the last weeks at a sample company, then serve it on loopback until it is stopped.

    1. The outer process makes a folder and a name server that answers from the sample's file.
    2. It starts the inner one, whose settings know only these two.
    3. When the inner one ends, the folder goes away with all that was done.
    """

    help = "Shows the product with a sample company on a throw-away database."

    def add_arguments(self, parser: CommandParser) -> None:
        """This will name the options."""
        parser.add_argument("--bind", default="", help="HOST:PORT; loopback only")
        parser.add_argument("--folder", default="", help="Used by the demo itself.")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """This will play the outer or, inside its folder, the inner part."""
        bind = options["bind"] or f"127.0.0.1:{_free_port()}"
        host, _, port = bind.rpartition(":")
        if not _is_loopback(host) or not port.isdecimal():
            message = (
                "The demo has a password that everybody knows, so it serves this machine only."
                " Use --bind 127.0.0.1:PORT, or manage.py up for a server of your own."
            )
            raise CommandError(message)
        if options["folder"]:
            self.play_and_serve(bind)
        else:
            self.run_apart(bind)

    def run_apart(self, bind: str) -> NoReturn:
        """This will start the inner process and clean up behind it."""
        names = SampleDns(SAMPLE / "dns.csv")
        names.start()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with tempfile.TemporaryDirectory(prefix="onboarding-demo-") as folder:
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "demo"]
            command += ["--bind", bind, "--folder", folder]
            inner = subprocess.Popen(command, env=_environment(bind, folder, names.address))  # noqa: S603
            try:
                code = inner.wait()
            except (KeyboardInterrupt, SystemExit):
                inner.terminate()
                inner.wait()
                code = 0
        names.stop()
        sys.exit(code)

    def play_and_serve(self, bind: str) -> None:
        """This will fill the database, tell what to try, and serve."""
        self.say("Making a throw-away database")
        call_command("migrate", verbosity=0)
        weeks.play(sample=SAMPLE, say=self.say)
        connections.close_all()
        self.greet()
        EmbeddedServer(bind).run()

    def say(self, sentence: str) -> None:
        """This will tell what is going on, at once."""
        self.stdout.write(f"{sentence} ...")
        self.stdout.flush()

    def greet(self) -> None:
        """This will print the address, the sign-in and what to try first."""
        others = ", ".join(f"{name} ({role})" for name, _, _, role in company.PEOPLE[1:6])
        self.stdout.write(f"""
Onboarding is at {settings.BASE_URL}/   (Ctrl C stops it; the database goes away)

  Sign in as   demo   with the password   {company.PASSWORD}
  The same password is that of {others}.

What to try first:
  1. Review: A accepts a suggestion, E types another, D keeps, U undoes.
  2. Contacts: the view "Ready to invite", tick some, "Send customer portal invitation".
  3. Outbox: read an invitation as the customer gets it; follow its link in a private window.
  4. Imports: drop in sample/customers.csv again: everything is unchanged.
  5. ERP write-back: export the corrections in the ERP's own columns.

Nothing leaves this machine: mail stays in the outbox, DNS is answered from sample/dns.csv.
""")
        self.stdout.flush()


def _environment(bind: str, folder: str, names: str) -> dict[str, str]:
    """This will give the machine's environment without what was set up for a real server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SET_UP)}
    return kept | {
        "BASE_URL": f"http://{bind}",
        "DATA_DIR": folder,
        "DNS_SERVER": names,
        "DNS_QUERIES_PER_SECOND": "2000",
        "PORT": bind.rpartition(":")[2],
    }


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _free_port() -> int:
    """This will give the port of the settings, or the next one that nobody listens on."""
    for port in range(settings.PORT, settings.PORT + PORTS_TO_TRY):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    message = f"The ports from {settings.PORT} on are taken. Choose another: PORT=9000 make demo"
    raise CommandError(message)
