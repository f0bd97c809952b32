"""What goes out about questions: one mail a colleague, reminders, and on to somebody else."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from contacts.rules.normalise import address_key
from core.audit import record
from core.models import Configuration
from delivery.actions.outbox import enqueue_single
from delivery.rules.states import Purpose
from review.actions.asking import Asked, CannotAskError, mail_customer, respondent_for
from review.models import Question, Respondent
from review.rules import texts
from review.rules.reminding import Pace, Step, goes_out, next_step
from review.tokens import questions_url

LIFE = timedelta(days=14)
AT_ONCE = 200
DIGEST_KIND = "questions"


def send_due(*, now: datetime) -> int:
    """This will send what is due about questions and say how many mails that made.

    1. What stays unanswered after the last reminder goes to somebody else.
    2. Colleagues get one mail: for what is new, once its author paused, and for what is due again.
    3. Customers are reminded one by one.
    """
    pace = _pace()
    _escalate(pace, now)
    mails = 0
    waiting: Any = Respondent.objects.with_open_questions().order_by("pk")[:AT_ONCE]
    for respondent in waiting:
        new = bool(respondent.unsent) and goes_out(
            respondent.oldest_unsent, respondent.newest_unsent, now
        )
        mails += _mail(respondent.pk, pace, now, new=new)
    return mails + _remind_customers(pace, now)


@transaction.atomic
def send_now(*, respondent: Respondent, actor: User | None) -> bool:
    """This will mail a colleague at once all that is open for him; false when nothing is."""
    sent = bool(_mail(respondent.pk, _pace(), timezone.now(), new=True, anyway=True))
    if sent:
        record(actor=actor, verb="sent", entity="questions", entity_id=respondent.pk)
    return sent


@transaction.atomic
def revoke(*, respondent: Respondent, actor: User | None) -> None:
    """This will end a colleague's link; the next mail to him brings a new one."""
    Respondent.objects.filter(pk=respondent.pk).update(version=F("version") + 1, open_until=None)
    record(actor=actor, verb="revoked", entity="questions", entity_id=respondent.pk)


@transaction.atomic
def finish(*, respondent: Respondent, note: str) -> None:
    """This will keep what a colleague wrote beside his answers, and that he is done for now."""
    Respondent.objects.filter(pk=respondent.pk).update(note=note[:500], done_at=timezone.now())


def _pace() -> Pace:
    configuration = Configuration.load()
    return Pace(max(configuration.question_days, 1), configuration.question_reminders)


@transaction.atomic
def _mail(key: int, pace: Pace, now: datetime, *, new: bool, anyway: bool = False) -> int:
    """This will send one digest if there is a reason; running twice sends no second."""
    respondent = Respondent.objects.select_for_update().get(pk=key)
    rows = list(Question.objects.unanswered().filter(respondent=respondent))
    fresh = [row for row in rows if row.mailed_at is None]
    due = [row for row in rows if _step(row, pace, now) == Step.REMIND]
    if not rows or not ((new and fresh) or due or anyway):
        return 0
    respondent.mails += 1
    respondent.mailed_at, respondent.open_until = now, now + LIFE
    respondent.done_at = None
    respondent.save(update_fields=["mails", "mailed_at", "open_until", "done_at"])
    text = texts.digest(
        name=respondent.name,
        count=len({row.contact_id for row in rows}),
        url=questions_url(respondent),
        until=timezone.localtime(respondent.open_until).date(),
        reminder=not fresh,
    )
    enqueue_single(
        purpose=Purpose.INTERNAL,
        kind=DIGEST_KIND,
        address=respondent.address,
        subject=text.subject,
        body=text.body,
        dedupe_key=f"questions:{respondent.pk}:{respondent.mails}",
    )
    again = [row.pk for row in (rows if anyway else due) if row.mailed_at]
    Question.objects.filter(pk__in=again).update(reminders=F("reminders") + 1, reminded_at=now)
    Question.objects.filter(pk__in=[row.pk for row in fresh]).update(mailed_at=now)
    return 1


def _step(question: Question, pace: Pace, now: datetime) -> Step:
    return next_step(
        last_mail=question.reminded_at or question.mailed_at,
        reminders=question.reminders,
        escalated=question.escalated_at is not None,
        pace=pace,
        now=now,
    )


@transaction.atomic
def _escalate(pace: Pace, now: datetime) -> int:
    """This will pass on what nobody answered to the manager, else to customer success."""
    configuration = Configuration.load()
    ways = [
        (configuration.escalation_email, "Manager"),
        (configuration.success_email, "Customer success"),
    ]
    count = 0
    last = now - timedelta(days=pace.days)
    rows = Question.objects.unanswered().filter(mailed_at__lte=last, escalated_at=None)
    for row in rows.select_related("respondent").order_by("pk")[:AT_ONCE]:
        if _step(row, pace, now) != Step.ESCALATE:
            continue
        asked = row.respondent.address_key if row.respondent else ""
        to = next((way for way in ways if way[0] and address_key(way[0]) != asked), None)
        if to is None:
            continue
        row.escalated_from = str(row.respondent or "the customer")[:120]
        row.respondent = respondent_for(address=to[0], name=to[1])
        row.asked, row.asked_at, row.escalated_at = Asked.SUCCESS, now, now
        row.mailed_at, row.reminded_at, row.reminders = None, None, 0
        row.save()
        count += 1
    return count


def _remind_customers(pace: Pace, now: datetime) -> int:
    last = now - timedelta(days=pace.days)
    rows = Question.objects.unanswered().filter(asked=Asked.CUSTOMER, mailed_at__lte=last)
    count = 0
    for row in rows.select_related("contact__customer").order_by("pk")[:AT_ONCE]:
        if _step(row, pace, now) == Step.REMIND:
            count += _remind_customer(row, now)
    return count


@transaction.atomic
def _remind_customer(row: Question, now: datetime) -> int:
    """This will remind one customer; one who can no longer be reached is counted as reminded."""
    try:
        mail_customer(question=row, reminder=True)
        sent = 1
    except CannotAskError:
        sent = 0
    row.reminders, row.reminded_at = row.reminders + 1, now
    row.save(update_fields=["reminders", "reminded_at"])
    return sent
