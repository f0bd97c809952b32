"""Progress of long work, polled by the page that waits for it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from core.access import staff_any
from core.http import safe_next
from jobs import queue
from jobs.models import Job

STOP_POLLING = 286


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
