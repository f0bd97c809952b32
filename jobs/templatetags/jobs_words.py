"""Jobs in words: `{% load jobs_words %}`."""

from django import template
from django.utils.safestring import SafeString

from core.templatetags.ui import pill
from jobs.models import Job
from jobs.rules.state import JobState, took

register = template.Library()

# State → words, tone, icon.
PILLS = {
    JobState.QUEUED: ("Waiting", "", "clock"),
    JobState.RUNNING: ("Running", "info", "play"),
    JobState.DONE: ("Done", "ok", "check"),
    JobState.FAILED: ("Failed", "bad", "stop"),
    JobState.CANCELLED: ("Stopped", "", "minus"),
}


@register.simple_tag
def job_pill(job: Job) -> SafeString:
    """This will show the state of a job as icon and word."""
    return pill(*PILLS[JobState(job.state)])


@register.filter
def how_far(job: Job) -> str:
    """This will say how long a job took, or how far it got."""
    if job.state == JobState.DONE and job.started_at and job.finished_at:
        return took((job.finished_at - job.started_at).total_seconds())
    if job.state == JobState.CANCELLED and job.total:
        return f"at {job.percent}%"
    if job.state == JobState.RUNNING:
        return f"{job.done:,} done"
    return ""
