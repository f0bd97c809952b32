"""Servers that fail on purpose: a provider's API, and a PostgreSQL that is stopped at once."""

import contextlib
import json
import os
import shlex
import signal
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg

from tests.faults.processes import Process, wait_until

# Postmark's words.
INACTIVE = (
    "You tried to send to a recipient that has been marked as inactive.\n Found inactive"
    " addresses: {}.\n Inactive recipients are ones that have generated a hard bounce or a spam"
    " complaint. "
)


class Provider:
    """A mail provider's API, as Postmark's; `does` names the fault of every Nth request."""

    def __init__(self, book, does="", every=1):
        self.book, self.does, self.every = book, does, every
        self.requests, self.times = 0, []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                size = int(self.headers["Content-Length"])
                provider.answer(self, json.loads(self.rfile.read(size)))

            def log_message(self, *_):
                """Nothing is printed."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler, mail):
        self.requests += 1
        self.times.append(time.monotonic())
        message = mail[0] if isinstance(mail, list) else mail
        address = message["To"].partition("<")[2].partition(">")[0] or message["To"]
        key = message["Metadata"]["message"]
        strikes = self.does and self.requests % self.every == 0
        if strikes and self.does in ("429", "503"):
            self.write("later", address, key)
            self.say(handler, int(self.does), {"Message": "wait"}, {"Retry-After": "3"})
        elif strikes and self.does == "broken":
            self.write("taken", address, key)
            self.say(handler, 200, None)
        elif strikes and self.does == "refused":
            self.write("refuse", address, key)
            self.say(handler, 200, {"ErrorCode": 406, "Message": INACTIVE.format(address)})
        else:
            self.write("taken", address, key)
            said = {"ErrorCode": 0, "Message": "OK", "To": address, "MessageID": str(uuid.uuid4())}
            self.say(handler, 200, said)

    def write(self, what, address, key):
        with self.book.open("a") as book:
            book.write(f"{what} {address} {key}\n")

    def say(self, handler, status, answer, headers=()):
        body = b"<html>oops" if answer is None else json.dumps(answer).encode()
        handler.send_response(status)
        for name, value in dict(headers).items():
            handler.send_header(name, value)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


class Postgres:
    """The tests' own PostgreSQL: stopped without warning, and started again as it was."""

    def __init__(self, server):
        self.server, self.folder = server, Path(server["host"])
        self.data = self.folder / "data"

    def crash(self):
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)  # an immediate stop: no checkpoint, clients are cut off
        wait_until(
            lambda: not (self.data / "postmaster.pid").exists() or not _lives(pid), "the stop"
        )

    def start(self):
        command = shlex.split((self.data / "postmaster.opts").read_text())
        owner = (self.data / "PG_VERSION").stat()
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        process = Process(command, self.folder / "log", environment)
        process.start(user=owner.st_uid, group=owner.st_gid)
        wait_until(self.answers, "PostgreSQL")
        return process

    def answers(self):
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(dbname="postgres", **self.server).close()
            return True
        return False


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
