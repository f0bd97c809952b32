"""What commands share: one answer, for people or as JSON, and jobs done in this process."""

import json
import os
import socket
import time
from typing import Any, NoReturn

from django.core.management import BaseCommand, CommandParser

from contacts.models import Source
from jobs.models import Job
from jobs.queue import release, run_now
from jobs.rules.state import JobState

DONE, NEEDS_PERSON, NOTHING_APPLIED = 0, 1, 2


class AnsweringCommand(BaseCommand):
    """A command that gives exactly one answer, also when it refuses."""

    as_json = False

    def add_arguments(self, parser: CommandParser) -> None:
        """This will add the options that all of them have."""
        parser.add_argument("--source", default="", help="The name of the source.")
        parser.add_argument("--json", action="store_true", help="Answer with one JSON object.")

    def answer(self, facts: dict[str, Any], lines: list[str]) -> None:
        """This will print the facts as JSON, or the lines for people."""
        self.stdout.write(json.dumps(facts) if self.as_json else "\n".join(lines))

    def refuse(self, sentence: str) -> NoReturn:
        """This will say why nothing was done, and end with 2."""
        if self.as_json:
            self.stdout.write(json.dumps({"error": sentence}))
        else:
            self.stderr.write(sentence)
        raise SystemExit(NOTHING_APPLIED)

    def known_source(self, name: str) -> Source:
        """This will give the source of that name, or refuse."""
        if not name:
            self.refuse("Name the source: --source NAME.")
        source = Source.objects.filter(name=name).first()
        if source is None:
            names = ", ".join(Source.objects.order_by("name").values_list("name", flat=True))
            self.refuse(f"There is no source called {name}. There are: {names or 'none yet'}.")
        return source


def this_process() -> dict[str, object]:
    """This will name this process, so that another one can see whether it still lives."""
    return {"host": socket.gethostname(), "pid": os.getpid()}


def is_dead(job: Job) -> bool:
    """This will say whether the job belongs to a process of this machine that has ended."""
    pid = job.payload.get("pid")
    if job.payload.get("host") != socket.gethostname() or not isinstance(pid, int):
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def do_here(job: Job) -> Job:
    """This will do a job in this process; where a worker took it, wait for the worker."""
    if is_dead(job):
        release(job)
    done = run_now(job)
    while done.is_open:
        time.sleep(0.2)
        done = run_now(job)
    return done


def sentence_of(job: Job) -> str:
    """This will say why a job did not end well; nothing when it did."""
    if job.state == JobState.DONE:
        return ""
    return job.error or f"The work was {job.state}."
