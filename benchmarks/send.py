"""How fast a mailing leaves, is prepared, and comes back: one run, ours and others side by side.

    python -m benchmarks.send [MESSAGES] [RECIPIENTS]

Everything runs on this machine: a mail server that takes all with as little work as can be, a
private PostgreSQL, and senders in processes of their own; the CPU time to queue and to send is
counted, that of the servers is not. Ours
marks each message before and after, so that at most one is open when a sender is killed. Beside it:
a task for each message, Celery's tracing included and its broker not, and django-post-office and
django-mailer where they can be imported; PEERS names the folder they lie in. All keep their
connection open.
"""

import json
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MESSAGES, RECIPIENTS = 2000, 200_000
SLOW, SLOW_MESSAGES = 0.02, 300
OF_PEERS = 300  # one of them sends twenty a second
PEERS = {"django-post-office": "post_office", "django-mailer": "mailer"}
Figures = dict[str, Any]


def serve(port: int, delay: float) -> None:
    """This will take every mail, each connection in a thread of its own."""
    server = socket.create_server(("127.0.0.1", port), backlog=64)
    while True:
        connection, _ = server.accept()
        threading.Thread(target=_talk, args=(connection, delay), daemon=True).start()


def _talk(connection: socket.socket, delay: float) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection, connection.makefile("rwb", buffering=65536) as stream:
        _say(stream, b"220 ready")
        while line := stream.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                _say(stream, b"354 go on")
                while stream.readline() != b".\r\n":
                    pass
                time.sleep(delay)
            _say(stream, b"221 bye" if verb == b"QUIT" else b"250 fine")
            if verb == b"QUIT":
                return


def _say(stream: Any, words: bytes) -> None:  # noqa: ANN401 - a socket's file
    stream.write(words + b"\r\n")
    stream.flush()


@contextmanager
def mail_server(delay: float = 0.0) -> Iterator[int]:
    """This will give the port of a mail server in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = multiprocessing.Process(target=serve, args=(port, delay), daemon=True)
    process.start()
    try:
        yield port
    finally:
        process.terminate()
        process.join()


class Machine:
    """One database, and what is done with it in processes of their own."""

    def __init__(self, port: int, database_url: str = "") -> None:
        """This will make the tables; without a URL, in a SQLite file as in the embedded mode."""
        self.folder = tempfile.TemporaryDirectory(prefix="bench-")
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = kept | {
            "DATA_DIR": self.folder.name,
            "DATABASE_URL": database_url or f"sqlite:///{self.folder.name}/bench.sqlite3",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "DJANGO_SETTINGS_MODULE": "benchmarks._settings",
            "SECRET_KEY": "a key for measuring, and for nothing else at all, fifty",
            "LINK_KEY": "another key for measuring",
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PEERS")])]),
        }
        self.ask("migrate")

    def start(self, *words: object) -> subprocess.Popen[str]:
        """This will start one piece of work; it says when it is ready, and waits for a line."""
        return subprocess.Popen(  # noqa: S603 - this repository
            [sys.executable, "-m", "benchmarks._senders", *map(str, words)],
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if words[0] == "send" else None,  # other packages' logs
            text=True,
        )

    def ask(self, *words: object) -> Figures:
        """This will do one piece of work."""
        return self.together(1, *words)[0]

    def together(self, count: int, *words: object) -> list[Figures]:
        """This will do the same work in several processes that start at one moment."""
        processes = [self.start(*words) for _ in range(count)]
        for process in processes:
            if not (process.stdout and process.stdout.readline() == "ready\n"):
                raise SystemExit(process.wait() or 1)
        answers = []
        for process in processes:
            if process.stdin:
                process.stdin.write("go\n")
                process.stdin.flush()
        for process in processes:
            out, _ = process.communicate()
            if process.returncode:
                raise SystemExit(process.returncode)
            answers.append(json.loads(out.splitlines()[-1]))
        return answers

    def send(self, engine: str, messages: int, senders: int = 1) -> Figures:
        """This will let an engine send so many messages, and give rate and CPU of its senders."""
        queued = self.ask("fill", engine, messages)
        started = time.perf_counter()
        found = self.together(senders, "send", engine, messages)
        seconds = time.perf_counter() - started
        left = self.ask("left", engine)["left"]
        if left:
            message = f"{engine}: {left} messages were not sent"
            raise SystemExit(message)
        return {
            "per_second": round(messages / max(answer["seconds"] for answer in found)),
            "cpu_ms": round(
                (queued["cpu"] + sum(answer["cpu"] for answer in found)) / messages * 1000, 3
            ),
            "of it to queue": round(queued["cpu"] / messages * 1000, 3),
            "whole_seconds": round(seconds, 2),
        }


def rates(sqlite: Machine, postgres: Machine, messages: int) -> Figures:
    """This will measure every engine, ours first and last so that drift shows."""
    found: Figures = {
        "ours, PostgreSQL, 2 senders": postgres.send("ours", messages, 2),
        "ours, PostgreSQL, 1 sender": postgres.send("ours", messages),
        "ours, SQLite, embedded": sqlite.send("ours", messages),
        "a task a message, PostgreSQL": postgres.send("task", messages),
    }
    for name, module in PEERS.items():
        sys.path[:0] = filter(None, [os.environ.get("PEERS")])
        if find_spec(module) is None:
            found[name] = "not installed"
        else:
            found[f"{name}, PostgreSQL"] = postgres.send(module, min(messages, OF_PEERS))
    ours = found["ours, PostgreSQL, 1 sender"]["cpu_ms"]
    found["CPU of the others, ours = 1"] = {
        name: round(figures["cpu_ms"] / ours, 1)
        for name, figures in found.items()
        if isinstance(figures, dict) and not name.startswith("ours")
    }
    return found


def scaling(machine: Machine) -> Figures:
    """This will send to a server that takes 20 ms a message, by 1, 2 and 4 senders."""
    found = {n: machine.send("ours", SLOW_MESSAGES * n, n)["per_second"] for n in (1, 2, 4)}
    return {
        "per_second": found,
        "2 senders": round(found[2] / found[1], 2),
        "4 senders": round(found[4] / found[1], 2),
    }


def fan_out(machine: Machine, recipients: int) -> Figures:
    """This will prepare a campaign to a quarter and to all, to see whether it stays linear."""
    few, many = (machine.ask("fan_out", n) for n in (recipients // 4, recipients))
    each = [round(found["seconds"] / found["recipients"] * 1e6) for found in (few, many)]
    return {
        "recipients": many["recipients"],
        "seconds": round(many["seconds"], 1),
        "microseconds_each, a quarter and all": each,
    }


def main() -> None:
    """This will measure one part after the other."""
    from tests.services import postgres  # noqa: PLC0415 - needs the repository in the path

    messages = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    recipients = int(sys.argv[2]) if len(sys.argv) > 2 else RECIPIENTS  # noqa: PLR2004
    with postgres() as url, mail_server() as port, mail_server(SLOW) as slow:
        sqlite, server = Machine(port), Machine(port, url)
        say("sending", rates(sqlite, server, messages))
        say("reports, PostgreSQL", server.ask("events", 20_000))
        say("reports, SQLite", sqlite.ask("events", 20_000))
        usual = server.environment["EMAIL_URL"]
        server.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{slow}"
        say("senders, 20 ms a message", scaling(server))
        server.environment["EMAIL_URL"] = usual
        say("preparing, PostgreSQL", fan_out(server, recipients))


def say(name: str, found: Figures) -> None:
    """This will print one part as soon as it is measured."""
    sys.stdout.write(f"{name}: {json.dumps(found, indent=2)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
