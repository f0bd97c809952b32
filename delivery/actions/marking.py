"""The states of messages, moved by senders. Each move is one statement that repeats its guard.

A sender that was overtaken finds its token gone and changes nothing: see the docs of the states.
"""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import random

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from delivery.actions import statements
from delivery.actions.rendering import Rendered
from delivery.models import Mailing, Message, Suppression
from delivery.querysets import MessageQuerySet
from delivery.rules.outcomes import Outcome, Result, is_given_up, wait_before_next
from delivery.rules.states import Channel, MailingState, MessageState
from delivery.rules.values import masked

BATCH = 50
LEASE = timedelta(seconds=1.5 * settings.LEASE_SECONDS)
# A message on the wire: longer than all steps of a slow mail server together.
WIRE_LEASE = LEASE + timedelta(seconds=6 * settings.EMAIL_TIMEOUT)
UNREACHABLE_WAIT = timedelta(seconds=10)


@dataclass(frozen=True)
class Batch:
    """Messages that one sender has claimed; the token proves that they are still its own."""

    claimed_at: datetime
    token: uuid.UUID = field(default_factory=uuid.uuid4)
    messages: list[Message] = field(default_factory=list)
    claimed: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """This will give the senders' common time without asking the database again."""
        return self.claimed_at + timedelta(seconds=time.monotonic() - self.claimed)


def database_now() -> datetime:
    """This will give the time by the clock that all senders share."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment


def claim(*, now: datetime, limit: int = BATCH, channel: Channel = Channel.EMAIL) -> Batch:
    """This will take messages that are due, for this sender alone. Single mails come first."""
    batch = Batch(now)
    due = Message.objects.filter(state=MessageState.QUEUED, not_before__lte=now, channel=channel)
    running = Mailing.objects.filter(state=MailingState.RUNNING).order_by("pk")
    for mailing_id in [None, *running.values_list("pk", flat=True)]:
        room = limit - len(batch.messages)
        if room <= 0:
            break
        batch.messages.extend(_taken(due.filter(mailing=mailing_id), room, batch.token, now))
    return batch


def start(*, message: Message, token: uuid.UUID, now: datetime) -> bool:
    """This will mark a message as on the wire, if it is still ours, wanted and allowed."""
    return statements.start(message, token, now + WIRE_LEASE)


def settle(
    *, message: Message, token: uuid.UUID, outcome: Outcome, rendered: Rendered, now: datetime
) -> None:
    """This will store what became of a message on the wire."""
    if outcome.result is Result.ACCEPTED:
        statements.accept(message, token, now, outcome.provider_id, kept_text(rendered))
        return
    state = state_after(message, outcome)
    fields: dict[str, object] = {
        "state": state,
        "token": None,
        "lease_until": None,
        "last_error_code": outcome.code[:20],
        "last_error": outcome.words[:500],
    }
    if outcome.result in (Result.UNREACHABLE, Result.SENDER):
        fields |= {"attempts": F("attempts") - 1, "not_before": now + _rest(outcome)}
    elif state is MessageState.QUEUED:
        fields["not_before"] = now + wait_before_next(message.attempts + 1, random())  # noqa: S311 - no secret
    if state not in (MessageState.QUEUED, MessageState.UNKNOWN):
        fields |= kept_text(rendered)
    _held(message.pk, token, MessageState.SENDING).update(**fields)


def state_after(message: Message, outcome: Outcome) -> MessageState:
    """This will give the state of a message after one more try, as its mailing wants it."""
    attempts = message.attempts + 1
    holds = message.mailing is not None and message.mailing.policy == Mailing.Policy.HOLD
    match outcome.result:
        case Result.ACCEPTED:
            return MessageState.ACCEPTED
        case Result.REFUSED:
            return MessageState.REFUSED
        case Result.LOST:
            lost = holds or is_given_up(attempts)
            return MessageState.UNKNOWN if lost else MessageState.QUEUED
        case Result.LATER if is_given_up(attempts):
            return MessageState.FAILED
    return MessageState.QUEUED


def drop(*, message: Message, token: uuid.UUID, because: str) -> None:
    """This will withdraw a claimed message that cannot be made any more."""
    _held(message.pk, token, MessageState.LEASED).update(
        state=MessageState.CANCELLED, token=None, lease_until=None, last_error=because[:500]
    )


def give_back(*, batch: Batch, error: Outcome | None = None, now: datetime) -> None:
    """This will free what a sender did not start: stopped addresses for good, the rest for later.

    `error` says why nothing could be sent; then nobody tries again for some seconds.
    """
    left = Message.objects.filter(token=batch.token, state=MessageState.LEASED)
    rows = list(left.values_list("pk", "purpose", "address_key"))
    for purpose in {row[1] for row in rows}:
        keys = [key for _, of, key in rows if of == purpose]
        stopped = Suppression.objects.reasons_for(keys, purpose)
        left.filter(purpose=purpose, address_key__in=stopped).update(
            state=MessageState.SUPPRESSED, token=None, lease_until=None
        )
    fields: dict[str, object] = {"state": MessageState.QUEUED, "token": None, "lease_until": None}
    if error is not None:
        fields |= {
            "last_error_code": error.code[:20],
            "last_error": error.words[:500],
            "not_before": now + _rest(error),
        }
    if rows:
        left.update(**fields)


@transaction.atomic
def reap(*, now: datetime) -> int:
    """This will free what a sender that died has left behind; safe to run anywhere, any time.

    What was not started is sent by somebody else. What was on the wire may have arrived: the
    mailing's policy says whether to send it again or to hold it.
    """
    late = Message.objects.filter(lease_until__lt=now)
    free = {"token": None, "lease_until": None}
    count = late.filter(state=MessageState.LEASED).update(state=MessageState.QUEUED, **free)
    wire = late.filter(state=MessageState.SENDING)
    held = Mailing.objects.filter(pk=OuterRef("mailing_id"), policy=Mailing.Policy.HOLD)
    lost = {"last_error_code": "lost", "last_error": "The sender stopped before it had an answer."}
    count += wire.filter(Exists(held)).update(state=MessageState.UNKNOWN, **free, **lost)
    count += wire.exclude(Exists(held)).update(state=MessageState.QUEUED, **free, **lost)
    return count


def kept_text(rendered: Rendered) -> dict[str, str]:
    """This will give what is kept of a text: links open nothing, except in the local outbox."""
    texts = {"subject": rendered.subject[:400], "html": rendered.html, "text": rendered.text}
    if settings.USES_LOCAL_OUTBOX:
        return texts
    return {name: masked(text, settings.BASE_URL) for name, text in texts.items()}


def _rest(outcome: Outcome) -> timedelta:
    """This will give how long nobody tries again: some seconds, or what the server asked for."""
    return max(UNREACHABLE_WAIT, timedelta(seconds=outcome.wait))


def _taken(due: MessageQuerySet, room: int, token: uuid.UUID, now: datetime) -> Sequence[Message]:
    """This will lock rows that nobody else holds and lease them, in one short transaction."""
    if not due.exists():
        return []
    with transaction.atomic():
        rows = due.select_for_update(skip_locked=True).values_list("pk", flat=True)
        keys = list(rows[:room])
        Message.objects.filter(pk__in=keys, state=MessageState.QUEUED).update(
            state=MessageState.LEASED, token=token, lease_until=now + LEASE
        )
    mine = Message.objects.filter(pk__in=keys, token=token)
    return list(mine.select_related("contact", "mailing").order_by("created_at", "pk"))


def _held(message_id: uuid.UUID, token: uuid.UUID, state: MessageState) -> MessageQuerySet:
    return Message.objects.filter(pk=message_id, token=token, state=state)
