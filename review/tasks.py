"""Long work of review."""

from celery import shared_task
from django.utils import timezone

from accounts.models import User
from contacts.models import ChangeSet
from jobs.queue import save_progress
from jobs.registry import Work, WorkRefusedError, runner
from review.actions.bulk import ACTS, AT_ONCE, decide_filter, read_filter
from review.actions.digests import send_due


@runner("review.decide_filter")
def decide_all(work: Work) -> bool:
    """This will decide about the findings of a filter slice by slice until none is left."""
    actor = User.objects.filter(pk=work.actor_id or 0).first()
    if actor is None:
        message = "The person who started this no longer exists."
        raise WorkRefusedError(message)
    act, wanted = str(work.payload["act"]), read_filter(work.payload["filter"])
    while work.time_left() > 0:
        slice_ = decide_filter(
            act=act,
            wanted=wanted,
            actor=actor,
            after=int(work.cursor.get("after", 0)),
            limit=AT_ONCE,
            label=ACTS[act].label.format(f"{work.total:,}"),
            into=ChangeSet.objects.filter(pk=work.result.get("change_set", 0)).first(),
        )
        if slice_ is None:
            return True
        work.cursor["after"] = slice_.after
        if slice_.done is not None:
            work.done += slice_.done.count
            work.result["change_set"] = slice_.done.change_set.pk
        work.message = f"{work.done:,} of {work.total:,} decided"
        save_progress(work)
        work.give_way()
    return False


@shared_task(name="review.tick")
def tick(**_unknown: object) -> None:
    """This will send questions and reminders that are due, and pass on what nobody answered."""
    send_due(now=timezone.now())
