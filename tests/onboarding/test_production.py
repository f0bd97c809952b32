"""The production shape as processes: gunicorn, a Celery worker and beat, with the real servers.

The commands are those of the Dockerfile and of docker-compose.yml, so that what is proven here is
what is started there.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import uuid
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from aiosmtpd.controller import Controller

from tests.onboarding.steps import (
    KNOWN,
    ask_for_a_password,
    become_administrator,
    enable_portal,
    start_import,
    wait_for,
    write_contacts,
)
from tests.services import free_port, running
from tests.visitor import Visitor

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(240)]

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PUBLIC = "https://portal.acme.example"


class Mailbox:
    """A mail server that takes everything."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def mailbox():
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, controller.port
    controller.stop()


@pytest.fixture
def database_url():
    """A database beside the tests' own; the processes commit, and nobody rolls that back."""
    url = os.environ["DATABASE_URL"]
    name = f"production_{uuid.uuid4().hex}"
    parts = urlsplit(url)
    connection = url.replace("postgres:///postgres", "postgresql:///postgres", 1)
    with psycopg.connect(connection, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    yield (
        parts._replace(path=f"/{name}").geturl().replace(f"postgres:/{name}", f"postgres:///{name}")
    )
    with psycopg.connect(connection, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def production(tmp_path, database_url, mailbox):
    """The environment of the containers."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return clean | {
        "DATABASE_URL": database_url,
        "REDIS_URL": os.environ["REDIS_URL"].replace("/0", "/9"),
        "DATA_DIR": str(tmp_path / "data"),
        "STATIC_ROOT": str(tmp_path / "static"),
        "BASE_URL": PUBLIC,
        "TRUSTED_PROXIES": "127.0.0.1",
        "SECRET_KEY": "s" * 50,
        "LINK_KEY": "l" * 50,
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox[1]}",
        "DNS_SERVER": "127.0.0.1:9",
        "PYTHONPATH": str(ROOT),
    }


def manage(environment, *arguments):
    command = [sys.executable, ROOT / "manage.py", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def web_command(port):
    """The Dockerfile's, on another port."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    words = json.loads(re.findall(r"^CMD (\[.*\])$", text, flags=re.MULTILINE)[-1])
    return [
        BIN / words[0],
        *(word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in words[1:]),
    ]


def compose_command(service, tmp_path):
    """A service's own command in docker-compose.yml."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    block = re.search(rf"^  {service}:\n(.*?)(?=^  \w|\Z)", text, flags=re.MULTILINE | re.DOTALL)[1]
    words = json.loads(re.search(r"command: (\[.*\])", block)[1])
    return [BIN / words[0], *(word.replace("/tmp/", f"{tmp_path}/") for word in words[1:])]  # noqa: S108


@contextlib.contextmanager
def stack(tmp_path, environment, port):
    """Web, worker and beat, each known to answer, as the containers are known to be healthy."""
    name = f"proof@{port}"
    ping = [BIN / "celery", "-A", "onboarding", "inspect", "ping", "-d", name]
    visitor = Visitor(port, PUBLIC)

    def web_answers():
        with contextlib.suppress(OSError):
            return visitor.get("/health/ready/").status == 200
        return False

    def worker_answers():
        done = subprocess.run(ping, env=environment, capture_output=True, check=False)  # noqa: S603
        return done.returncode == 0

    services = {
        "web": (web_command(port), web_answers),
        "worker": ([*compose_command("worker", tmp_path), "--hostname", name], worker_answers),
        "beat": (compose_command("beat", tmp_path), lambda: any(tmp_path.glob("schedule*"))),
    }
    with contextlib.ExitStack() as started:
        for service, (command, answers) in services.items():
            log = tmp_path / f"{service}.log"
            started.enter_context(running(command, log, answers, env=environment, cwd=tmp_path))
        try:
            yield
        except AssertionError:
            for service in services:
                print(f"== {service}", (tmp_path / f"{service}.log").read_text()[-3000:])  # noqa: T201
            raise


def test_a_job_and_a_mail_go_through_web_worker_and_beat(tmp_path, production, mailbox):
    manage(production, "migrate", "--verbosity", "0")
    manage(production, "collectstatic", "--noinput", "--verbosity", "0")
    printed = manage(production, "up_link")
    port = free_port()
    ada, customer = Visitor(port, PUBLIC), Visitor(port, PUBLIC)
    with stack(tmp_path, production, port):
        become_administrator(ada, printed)
        enable_portal(ada)
        start_import(ada, write_contacts(tmp_path / "contacts.csv", 200))
        contacts = "SELECT count(*) FROM contacts_contact"
        wait_for(lambda: asked(production, contacts) == 200, "the import")
        ask_for_a_password(customer)
        wait_for(lambda: mailbox[0].letters, "the mail")
    letter = mailbox[0].letters[0]
    text = letter.get_body(("plain",)).get_content()
    assert letter["To"].addresses[0].addr_spec == KNOWN["email"]
    assert f"{PUBLIC}/choose-password/" in text


def asked(environment, question):
    """What the database of the processes says."""
    url = environment["DATABASE_URL"].replace("postgres:", "postgresql:", 1)
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_no_process_starts_without_its_keys(tmp_path, production, service):
    del production["LINK_KEY"]
    commands = {
        "web": lambda: web_command(free_port()),
        "worker": lambda: compose_command("worker", tmp_path),
        "beat": lambda: compose_command("beat", tmp_path),
    }
    done = subprocess.run(  # noqa: S603
        commands[service](),
        env=production,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "LINK_KEY is not set. Set LINK_KEY" in done.stdout + done.stderr
