"""The product as it is operated: database, Redis, worker, beat and web, each its own process.

The test looks into the same database by the product's own models, and into the mail server's book.
"""

import contextlib
import json
import os
import random
import re
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from accounts.actions import add_staff
from accounts.models import User
from accounts.rules.roles import Role
from campaigns.actions.drafting import draft_campaign, save_draft
from campaigns.models import Campaign
from contacts.models import Contact, Customer
from core.models import Configuration
from delivery.actions import outbox
from delivery.models import Message
from delivery.rules.states import SENT, WAITING
from tests.faults.processes import BIN, ROOT, Process, Redis, Sink, wait_until
from tests.services import free_port
from tests.visitor import Visitor

N = int(os.environ.get("FAULT_MESSAGES", "300"))
PUBLIC = "https://portal.acme.example"
LEASE, TIMEOUT, SWEEP = 2, 1, 1
# All that may pass until the last message of a killed sender is free again, and some.
FREE_AGAIN = 1.5 * LEASE + 6 * TIMEOUT + 2 * SWEEP


class Database:
    """A database of the world's own on the server of the tests, made from the tests' own."""

    def __init__(self):
        self.name = f"faults_{os.getpid()}_{random.randrange(10**9)}"  # noqa: S311 - a name
        own = connection.get_connection_params()
        self.template = connection.settings_dict["NAME"]
        names = ("host", "port", "user", "password")
        self.server = {name: own[name] for name in names if own.get(name)}
        told = urlencode(self.server)
        self.url = f"postgres:///{self.name}?{told}"

    def maintain(self, statement):
        with psycopg.connect(dbname="postgres", autocommit=True, **self.server) as server:
            server.execute(statement)

    def cut_off(self):
        """Ends every connection to it, as an operator or a failing network does."""
        ask = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        with psycopg.connect(dbname="postgres", autocommit=True, **self.server) as server:
            server.execute(ask, [self.name])

    def create(self):
        connection.close()
        self.maintain(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')
        # The server of the tests may forget what it has committed; one in production does not.
        self.maintain(f'ALTER DATABASE "{self.name}" SET synchronous_commit = on')

    def drop(self):
        connection.close()
        self.maintain(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    @contextlib.contextmanager
    def inside(self):
        """The test's own models read and write this database within the block."""
        connection.close()
        connection.settings_dict["NAME"] = self.name
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = self.template


@dataclass
class Ended:
    """What became of everybody once nothing moves any more."""

    messages: int
    taken: int
    lost: list[str]
    said_sent_only: list[str]
    copies: dict[str, int] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def too_many(self):
        """How many messages the mail server took beyond one for each."""
        return sum(n - 1 for n in self.copies.values() if n > 1)


class World:
    """Everything that runs, and the mailings that a test sends."""

    def __init__(self, folder: Path, database: Database):
        self.folder, self.database = folder, database
        self.redis, self.sink = Redis(folder), Sink(folder)
        clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = clean | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": database.url,
            "REDIS_URL": self.redis.url,
            "DATA_DIR": str(folder / "data"),
            "STATIC_ROOT": str(folder),
            "BASE_URL": PUBLIC,
            "TRUSTED_PROXIES": "127.0.0.1",
            "SECRET_KEY": settings.SECRET_KEY,
            "LINK_KEY": settings.LINK_KEY,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}",
            "DNS_SERVER": "127.0.0.1:9",
            "LEASE_SECONDS": str(LEASE),
            "EMAIL_TIMEOUT": str(TIMEOUT),
            "SWEEP_SECONDS": str(SWEEP),
            "PYTHONPATH": str(ROOT),
        }
        self.workers, self.beats = [], []
        self.web = None
        self.mailings = []

    def start(self):
        self.redis.start()
        self.add_beat()

    def stop(self):
        for process in [*self.workers, *self.beats, self.web, self.sink, self.redis]:
            if process is not None:
                process.kill()

    def add_worker(self, senders=2):
        """One more Celery worker with so many children that send."""
        number = len(self.workers)
        command = [BIN / "celery", "-A", "onboarding", "worker", "--concurrency", senders]
        command += ["--loglevel", "WARNING", "--hostname", f"w{number}@{self.sink.port}"]
        worker = Process(command, self.folder / "worker.log", self.environment)
        worker.start()
        self.workers.append(worker)
        return worker

    def add_beat(self):
        command = [BIN / "celery", "-A", "onboarding", "beat", "--loglevel", "WARNING"]
        command += ["--schedule", self.folder / f"schedule{len(self.beats)}"]
        beat = Process(command, self.folder / "beat.log", self.environment)
        beat.start()
        self.beats.append(beat)
        return beat

    def serve(self):
        """The web server, with more threads than anybody clicks at once; gives its port."""
        if self.web is not None and self.web.lives:
            return self.port
        self.port = port = free_port()
        command = [BIN / "gunicorn", "onboarding.wsgi", "--bind", f"127.0.0.1:{port}"]
        command += ["--workers", "1", "--threads", "20"]
        self.web = Process(command, self.folder / "web.log", self.environment)
        self.web.start()
        visitor = Visitor(port, PUBLIC)

        def answers():
            with contextlib.suppress(OSError):
                return visitor.get("/health/ready/").status == 200
            return False

        wait_until(answers, "the web server")
        return self.port

    def manage(self, *arguments):
        """Starts a command of the product beside the others."""
        command = [sys.executable, ROOT / "manage.py", *arguments]
        process = Process(command, self.folder / "manage.log", self.environment)
        process.start()
        return process

    def begin(self, *sink, senders=2):
        """A fresh book, a mail server that does as told, and workers if there are none."""
        self.sink.kill()
        self.sink.book.unlink(missing_ok=True)
        self.sink.start(*sink)
        self.mailings = []
        if not any(worker.lives for worker in self.workers):
            self.workers = []
            self.add_worker(senders)

    def kill_workers(self):
        for worker in self.workers:
            worker.kill()

    def restart_workers(self, senders=2):
        self.kill_workers()
        self.workers = []
        return self.add_worker(senders)

    def mail(self, count, policy="resend", domain="acme.example"):
        """Queues a mailing to so many people."""
        mailing = outbox.start_mailing(
            purpose="announcement",
            name=f"Faults {policy}",
            subject="[CustomerName]: news",
            body="Hello [ContactName],\n\nsee [our page](https://www.example.com/).",
            policy=policy,
        )
        self.mailings.append(mailing)
        outbox.add_recipients(mailing=mailing, contacts=people(count, domain))
        return mailing

    def taken(self):
        return self.sink.count("taken")

    def when_taken(self, count):
        wait_until(lambda: self.taken() >= count, f"{count} messages")

    def waiting(self):
        return Message.objects.filter(mailing__in=self.mailings, state__in=WAITING).count()

    def until_still(self, seconds=60):
        """Waits until nothing waits any more; gives the seconds."""
        return wait_until(lambda: not self.waiting(), "the end of the mailing", seconds)

    def ended(self, *mailings):
        """Compares what the database says with what the mail server took."""
        rows = Message.objects.filter(mailing__in=mailings or self.mailings)
        state_of = {key.hex: state for key, state in rows.values_list("pk", "state")}
        book = [line for line in self.sink.lines() if line[0] == "taken"]
        ids = [line[2].replace("-", "") for line in book]
        copies = Counter(key for key in ids if key in state_of)
        return Ended(
            messages=len(state_of),
            taken=sum(copies.values()),
            lost=[key for key, state in state_of.items() if state in WAITING],
            said_sent_only=[k for k, state in state_of.items() if state in SENT and not copies[k]],
            copies=dict(copies),
            states=dict(Counter(state_of.values())),
            unknown={key for key, state in state_of.items() if state == "unknown"},
        )

    def child(self):
        """One of the children that send."""
        return random.choice(self.workers[-1].children())  # noqa: S311 - whichever

    def errors(self):
        """What the processes wrote that nobody should have to read."""
        logs = [self.folder / f"{name}.log" for name in ("worker", "web", "beat")]
        texts = [log.read_text() for log in logs if log.exists()]
        return [text for text in texts if "Traceback" in text]

    def visitor(self, port, user):
        """A member of staff who is signed in."""
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        visitor = Visitor(port, PUBLIC)
        visitor.cookies |= {
            settings.SESSION_COOKIE_NAME: session.session_key,
            "csrftoken": "c" * 32,
        }
        return visitor


def people(count, domain="acme.example", **fields):
    """So many new contacts at one customer."""
    tag = f"{random.randrange(10**12):x}"  # noqa: S311 - a name
    customer = Customer.objects.create(
        numbering="erp", account_number=tag, number_key=tag, name=f"Acme {tag}"
    )
    rows = [
        Contact(
            customer=customer,
            first_name="Priya",
            last_name=f"Raman {n}",
            email=f"p{n}.{tag}@{domain}",
            email_repaired=f"p{n}.{tag}@{domain}",
            address_key=f"p{n}.{tag}@{domain}",
            email_domain=domain,
            email_status="ok",
            **fields,
        )
        for n in range(count)
    ]
    return Contact.objects.bulk_create(rows)


def freeze(pids):
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)


def thaw(pids):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def record(number, fault, ended, note="", **more):
    """Adds one line of the table in the docs, when a run is to write it."""
    path = os.environ.get("FAULT_TABLE")
    if not path:
        return
    row = {
        "number": number,
        "fault": fault,
        "messages": ended.messages,
        "taken": ended.taken,
        "lost": len(ended.lost) + len(ended.said_sent_only),
        "twice": ended.too_many(),
        "unknown": len(ended.unknown),
        "note": re.sub(r"\s+", " ", note),
        "at": time.time(),
        **more,
    }
    with Path(path).open("a", encoding="utf-8") as table:
        table.write(json.dumps(row) + "\n")


def campaign_to(contacts, actor):
    """A draft of a bulk message to these contacts."""
    campaign = draft_campaign(
        kind="bulk", audience={"ids": [contact.pk for contact in contacts]}, actor=actor
    )
    return save_draft(campaign=campaign, name="Faults", subject="News", body="Hello [ContactName]")


def sender_of_mail():
    """A member of staff who may send to everybody, for a company that has an address."""
    Configuration.objects.update_or_create(
        pk=1, defaults={"company_name": "Northfield Supply", "postal_address": "1 Road, Austin"}
    )
    known = User.objects.filter(username="dana").first()
    return known or add_staff(
        username="dana", email="dana@northfield.example", password="p", roles=[Role.ADMINISTRATOR]
    )


def settled(world, *mailings):
    """What always holds: everybody has an end, and nobody is said to have mail that nobody took."""
    ended = world.ended(*mailings)
    assert (ended.lost, ended.said_sent_only) == ([], []), ended.states
    assert sum(ended.states.values()) == ended.messages
    return ended


def mailing_of(world, campaign):
    """Waits until a campaign has all its messages; from then on they are counted."""
    wait_until(
        lambda: Campaign.objects.filter(pk=campaign.pk).exclude(state="preparing").exists(),
        "the messages",
        90,
    )
    campaign.refresh_from_db()
    world.mailings = [campaign.mailing]
    return campaign
