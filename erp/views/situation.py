"""What goes on with an import right now, for its page and for the polls of that page."""

from typing import Any

from django.utils import timezone

from erp.actions.undoing import can_be_undone
from erp.models import Import
from erp.rules.pace import time_left
from erp.rules.states import Situation, situation_of
from jobs.rules.state import JobState

STEPS = (
    ("customers", "Customers"),
    ("contacts", "Contacts"),
    ("invoices", "Invoices"),
    ("proven", "Corrections that have arrived"),
)
_PHASES = ("customers", "parents", "contacts", "generals", "invoices", "proven", "finish", "clean")


def situation_of_run(run: Import) -> Situation:
    """This will tell what goes on with an import."""
    job = run.job
    return situation_of(
        run.state,
        job.name if job else "",
        works=bool(job and job.is_open),
        fell=bool(job and job.state == JobState.FAILED),
    )


def situation_context(run: Import) -> dict[str, Any]:
    """This will give what the page shows of an import that is read, applied or undone."""
    situation = situation_of_run(run)
    job = run.job
    phase = job.cursor.get("phase", "") if job else ""
    return {
        "run": run,
        "job": job,
        "situation": situation.value,
        "works": situation in (Situation.READING, Situation.IMPORTING, Situation.UNDOING),
        "steps": _steps(phase) if situation is Situation.IMPORTING else [],
        "waits": bool(job and job.state == JobState.QUEUED),
        "can_undo": can_be_undone(run),
        "read": sum(facts["rows"] for facts in run.files),
        "left": _time_left(run),
        "changes": run.new_count + run.changed_count,
    }


def _time_left(run: Import) -> str:
    job = run.job
    if job is None or job.started_at is None or not job.is_open:
        return ""
    return time_left((timezone.now() - job.started_at).total_seconds(), job.done, job.total)


def _steps(phase: str) -> list[tuple[str, str]]:
    """This will give the steps of applying with how far each is: done, now, later."""
    at = _PHASES.index(phase) if phase in _PHASES else 0
    found = []
    for name, words in STEPS:
        own = _PHASES.index(name)
        following = {"customers": 2, "contacts": 4, "invoices": 5, "proven": 8}[name]
        state = "done" if at >= following else "now" if at >= own else "later"
        found.append((words, state))
    return found
