"""`manage.py up` as it is started, on a folder and a port of its own."""

import contextlib
import os
import sqlite3
import sys
from pathlib import Path

from tests.services import free_port, running
from tests.visitor import Visitor

ROOT = Path(__file__).parents[1]
NO_NAME_SERVER = "127.0.0.1:9"


class EmbeddedServer:
    """One process with web server, worker and beat on SQLite; tests talk to it over HTTP."""

    def __init__(self, folder, name_server=NO_NAME_SERVER):
        self.folder = folder
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log"
        clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = clean | {
            "DATA_DIR": str(folder / "data"),
            "PORT": str(self.port),
            "BASE_URL": self.base_url,
            "DNS_SERVER": name_server,
            "DNS_QUERIES_PER_SECOND": "2000",
        }

    @contextlib.contextmanager
    def started(self):
        """This will serve within the block; what went wrong inside is an error in the end."""
        command = [sys.executable, ROOT / "manage.py", "up"]
        with running(command, self.log, self.answers, env=self.environment):
            yield self
        printed = self.log.read_text()
        assert "Traceback" not in printed, printed[-3000:]
        assert "database is locked" not in printed, printed[-3000:]

    def visitor(self):
        return Visitor(self.port, self.base_url)

    def answers(self):
        with contextlib.suppress(OSError):
            return self.visitor().get("/health/ready/").status == 200
        return False

    def asked(self, question, *values):
        """What the database says; its one value."""
        path = self.folder / "data" / "onboarding.sqlite3"
        with contextlib.closing(sqlite3.connect(path, timeout=20)) as connection:
            return connection.execute(question, values).fetchone()[0]
