"""Long work: all of it in a list, and the progress of one job, polled by who waits for it."""

from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from core.access import staff, staff_any
from core.http import page_or_part, safe_next
from jobs import queue
from jobs.models import Job
from jobs.rules.state import JobState

STOP_POLLING = 286
PAGE = 50
STATES = (
    ("", "All"),
    (JobState.RUNNING, "Running"),
    (JobState.QUEUED, "Waiting"),
    (JobState.FAILED, "Failed"),
)


@staff("erp.undo_import")
def jobs(request: HttpRequest) -> HttpResponse:
    """This will list jobs, newest first, and ask again while one of them is open."""
    state = request.GET.get("state", "")
    chosen = Job.objects.in_state(state).select_related("actor").newest_first()
    first = _job_in(request.GET.get("after", ""))
    if first:
        chosen = chosen.older_than(first.created_at, first.pk)
    rows = list(chosen[: PAGE + 1])
    counts = {name: Job.objects.in_state(name).count() for name, _ in STATES}
    here = f"{request.path}?{request.GET.urlencode()}"
    context = {
        "views": _views(state, counts),
        "rows": rows[:PAGE],
        "heading": _heading(counts),
        "older_url": _older(rows, state) if len(rows) > PAGE else "",
        "asks_again": here if any(job.is_open for job in rows[:PAGE]) else "",
    }
    return page_or_part(request, "jobs/jobs.html", "jobs/_jobs.html", context)


@staff_any
def progress(request: HttpRequest, job_id: str) -> HttpResponse:
    """This will show how far a job got; status 286 tells htmx that it has ended."""
    job = get_object_or_404(Job, pk=job_id)
    template = "jobs/_progress.html" if getattr(request, "htmx", False) else "jobs/job.html"
    ended = not job.is_open and template == "jobs/_progress.html"
    context = {"job": job, "may_cancel": _may_cancel(request, job)}
    return render(request, template, context, status=STOP_POLLING if ended else 200)


@require_POST
@staff_any
def cancel(request: HttpRequest, job_id: str) -> HttpResponse:
    """This will ask a job to stop; only who started it, or a manager, may."""
    job = get_object_or_404(Job, pk=job_id)
    if not _may_cancel(request, job):
        raise PermissionDenied
    queue.cancel(job)
    return redirect(safe_next(request, "/"))


def _may_cancel(request: HttpRequest, job: Job) -> bool:
    return job.actor_id == request.user.pk or request.user.has_perm("erp.undo_import")


def _job_in(text: str) -> Job | None:
    """This will give the job that a page ended with; anything that is none counts as the start."""
    try:
        return Job.objects.filter(pk=UUID(text)).first()
    except ValueError:
        return None


def _views(state: str, counts: dict[str, int]) -> list[dict[str, object]]:
    return [
        {
            "url": f"?{urlencode({'state': name})}" if name else "?",
            "label": label,
            "count": counts[name],
            "current": name == state,
        }
        for name, label in STATES
    ]


def _older(rows: list[Job], state: str) -> str:
    return f"?{urlencode({'state': state, 'after': rows[PAGE - 1].pk})}"


def _heading(counts: dict[str, int]) -> str:
    """This will say how many jobs run and failed: "2 jobs running, 1 failed"."""
    running, failed = counts[JobState.RUNNING], counts[JobState.FAILED]
    if not running:
        return f"No job running, {failed:,} failed" if failed else "No job running"
    told = "1 job running" if running == 1 else f"{running:,} jobs running"
    return f"{told}, {failed:,} failed" if failed else told
