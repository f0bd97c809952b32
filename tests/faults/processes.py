"""Processes that can be killed, frozen and started again, as an operator's machines would."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.services import free_port, redis_answers, redis_binary

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
SECONDS = 40


def wait_until(holds, what, seconds=SECONDS):
    """Looks again and again until something holds; gives how long it took."""
    started = time.monotonic()
    while not holds():
        waited = time.monotonic() - started
        assert waited < seconds, f"{what}: not within {seconds} seconds"
        time.sleep(0.01)
    return time.monotonic() - started


class Process:
    """One command with its children, in a group of its own."""

    def __init__(self, command, log, environment):
        self.command = [str(word) for word in command]
        self.log, self.environment = log, environment
        self.process = None

    def start(self, **options):
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                self.command,
                **options,
                env=self.environment,
                cwd=self.log.parent,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def lives(self):
        return self.process is not None and self.process.poll() is None

    def children(self):
        """The ids of the processes that it has started."""
        told = subprocess.run(  # noqa: S603 - a program of the system
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        return [int(word) for word in told.stdout.split()]

    def signal_all(self, number):
        """Sends a signal to the command and its children alike."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self):
        """SIGKILL, to all at once: nobody can tidy up."""
        if self.process is not None:
            self.signal_all(signal.SIGKILL)
            self.process.wait()

    def end(self, seconds=SECONDS):
        """SIGTERM to the command, as a deployment does; gives the seconds it took."""
        if not self.lives:
            return 0.0
        started = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        return time.monotonic() - started


class Redis(Process):
    """A Redis-compatible server that keeps nothing on disk."""

    def __init__(self, folder):
        self.port = free_port()
        command = [redis_binary(), "--bind", "127.0.0.1", "--port", self.port]
        command += ["--save", "", "--appendonly", "no", "--dir", folder]
        super().__init__(command, folder / "redis.log", dict(os.environ))

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        super().start()
        wait_until(lambda: redis_answers(self.port), "Redis")


class Sink(Process):
    """The mail server that fails on purpose; always on the same port."""

    def __init__(self, folder):
        self.port, self.book = free_port(), folder / "book"
        super().__init__([], folder / "sink.log", {**os.environ, "PYTHONPATH": str(ROOT)})

    def start(self, *told):
        self.command = [sys.executable, "-m", "tests.faults.sink", str(self.port), str(self.book)]
        self.command += [str(word) for word in told]
        super().start()

    def lines(self):
        """What became of each message: word, address, Message-ID."""
        if not self.book.exists():
            return []
        whole = self.book.read_text().rpartition("\n")[0]
        return [tuple(line.split()) for line in whole.splitlines()]

    def count(self, what="taken"):
        """How many messages it did something with."""
        return sum(line[0] == what for line in self.lines())
