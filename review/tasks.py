"""Long work of review."""

from celery import shared_task
from django.utils import timezone

from accounts.models import User
from contacts.models import ChangeSet
from jobs.queue import save_progress
from jobs.registry import Work, WorkRefusedError, runner
from review.actions.bulk import AT_ONCE, accept_filter, read_filter
from review.actions.digests import send_due


@runner("review.accept_filter")
def accept_all(work: Work) -> bool:
    """This will accept the suggestions of a filter slice by slice until none is left."""
    actor = User.objects.filter(pk=work.actor_id or 0).first()
    if actor is None:
        message = "The person who started this no longer exists."
        raise WorkRefusedError(message)
    wanted = read_filter(work.payload["filter"])
    while work.time_left() > 0:
        into = ChangeSet.objects.filter(pk=work.result.get("change_set", 0)).first()
        label = f"Accepted {work.total:,} suggestions"
        done = accept_filter(wanted=wanted, actor=actor, limit=AT_ONCE, label=label, into=into)
        if done is None or done.count == 0:
            return True
        work.done += done.count
        work.result["change_set"] = done.change_set.pk
        save_progress(work)
    return False


@shared_task(name="review.tick")
def tick(**_unknown: object) -> None:
    """This will send questions and reminders that are due, and pass on what nobody answered."""
    send_due(now=timezone.now())
