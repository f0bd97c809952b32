"""The pump: takes what is due, sends it over one connection, stores what became of it.

Many pumps may run at once, and any may be killed at any line: no message is lost, and only the
one that was on the wire may be sent twice, or is held, as its mailing says.
"""

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connection, transaction

from contacts.actions.facts import note_mailed
from contacts.rules.words import ContentType
from core.models import Configuration
from core.ratelimit import Limit, take
from delivery.actions import guarding, marking, outbox
from delivery.actions.marking import Batch, database_now
from delivery.actions.rendering import Rendered, render_messages, render_texts
from delivery.actions.safety import stop_unsafe
from delivery.actions.suppressing import note_refused
from delivery.mailer.email import Mailer, new_mailer
from delivery.mailer.sms import new_texter
from delivery.models import Mailing, Message
from delivery.rules.letters import Letter
from delivery.rules.outcomes import Outcome, Result
from delivery.rules.safety import LOST_IN_A_ROW
from delivery.rules.states import ON_REQUEST, TO_MANY, Channel, MessageState
from delivery.rules.values import MissingLinkError
from delivery.tokens import example_url, unsubscribe_url
from jobs.queue import nudge

logger = logging.getLogger(__name__)

PUMP = "delivery.pump"
# How many chains of slices may wait for their turn, so that mail never fills all workers.
CHAINS = 1 if settings.EMBEDDED else 2
PATIENCE_SECONDS = 60.0
HELD = "Sending is held after a restore until somebody lets it go on."
PLAIN_ONLY = (ContentType.TEXT, ContentType.SHORT_TEXT)


@dataclass
class Tally:
    """What one run of the pump did. `more` says that something is due and can be sent."""

    states: Counter[str] = field(default_factory=Counter)
    more: bool = False
    trouble: str = ""

    def __getitem__(self, state: MessageState) -> int:
        return self.states[state]


@dataclass
class _Sent:
    """What a batch has done so far, to be noted where others look for it."""

    accepted: list[Message] = field(default_factory=list)
    refused: list[tuple[Message, Outcome]] = field(default_factory=list)
    lost_in_a_row: int = 0


def pump(*, seconds: float, clock: Callable[[], datetime] = database_now) -> Tally:
    """This will send what is due for some seconds; everything else waits for the next call."""
    tally, until = Tally(), time.monotonic() + seconds
    marking.reap(now=clock())
    if not guarding.may_send():
        tally.trouble = HELD
        return tally
    guarding.note_alive()
    lines = [_Line(Channel.EMAIL, new_mailer), _Line(Channel.SMS, new_texter)]
    try:
        # Batch by batch in turn: a gateway that is away holds up no mail, and many text messages
        # no password.
        while lines and time.monotonic() < until:
            lines = [line for line in lines if line.send_batch(tally, until, clock())]
    finally:
        for line in lines:
            line.close()
        _patiently(lambda: _sign_off(tally))
    tally.more = any(line.has_more(clock()) for line in lines)
    return tally


class _Line:
    """One channel with its connection, opened when something is due."""

    def __init__(self, channel: Channel, opened: Callable[[], Mailer]) -> None:
        self.channel, self._opened = channel, opened
        self._mailer: Mailer | None = None

    def send_batch(self, tally: Tally, until: float, now: datetime) -> bool:
        """This will send one batch; false when nothing is due, or nothing more should be tried."""
        batch = marking.claim(now=now, channel=self.channel)
        if not batch.messages:
            self.close()
            return False
        self._mailer = self._mailer or self._opened()
        trouble = _Run(self._mailer, batch, tally, until).send_all()
        if trouble is not None:
            tally.trouble = trouble
            self.close()
        return trouble is None

    def has_more(self, now: datetime) -> bool:
        """This will say whether something is still due by this channel."""
        return Message.objects.due(now).filter(channel=self.channel).exists()

    def close(self) -> None:
        """This will hang up."""
        mailer, self._mailer = self._mailer, None
        if mailer is not None:
            mailer.close()


def _sign_off(tally: Tally) -> None:
    """This will leave word of what this run has sent."""
    accepted = tally[MessageState.ACCEPTED]
    if accepted:
        guarding.remember_turn()
    if accepted or tally.trouble:
        guarding.note_alive(accepted=accepted, trouble=tally.trouble)


def pump_slice(*, chain: int = 0) -> Tally:
    """This will send one slice and, while more is due, ask for the next one by name.

    Each chain of slices has one place in the queue at most, however many nudges come.
    """
    if chain:
        cache.delete(_place(chain))
    tally = pump(seconds=settings.SLICE_SECONDS)
    if tally.more:
        free = (number for number in range(1, CHAINS + 1) if cache.add(_place(number), 1, 60))
        if number := next(free, 0):
            nudge(PUMP, number)
    return tally


class _Run:
    """One batch on its way. Raises nothing that would leave a message claimed."""

    def __init__(self, mailer: Mailer, batch: Batch, tally: Tally, until: float) -> None:
        self.mailer, self.batch, self.tally, self.until = mailer, batch, tally, until
        self.configuration = Configuration.load()
        self.sent = _Sent()
        self.error: Outcome | None = None

    def send_all(self) -> str | None:
        """This will send the batch; a sentence when no other message should be tried now."""
        try:
            self.error = self.mailer.open()
            if self.error is not None:
                return self._stop(self.error, self.batch.messages)
            rendered = rendered_by_id(self.batch.messages)
            for message in self.batch.messages:
                if time.monotonic() >= self.until:
                    break
                trouble = self._send(message, rendered[message.pk])
                if trouble is not None:
                    return trouble
        finally:
            _patiently(self._tidy_up)
        return None

    def _send(self, message: Message, rendered: Rendered | MissingLinkError) -> str | None:
        token = self.batch.token
        if isinstance(rendered, MissingLinkError):
            because = f"There is no {rendered} for this contact any more."
            marking.drop(message=message, token=token, because=because)
            return None
        if not self._may_send_now(message):
            return "The limit of messages a minute is reached."
        if not marking.start(message=message, token=token, now=self.batch.now()):
            return None
        outcome = self.mailer.send(self._letter(message, rendered))
        _patiently(lambda: self._settle(message, outcome, rendered))
        return self._note(message, outcome)

    def _settle(self, message: Message, outcome: Outcome, rendered: Rendered) -> None:
        """This will store what became of a message, and with it what that says of the address."""
        now = self.batch.now()
        with transaction.atomic():
            marking.settle(
                message=message,
                token=self.batch.token,
                outcome=outcome,
                rendered=rendered,
                now=now,
            )
            if outcome.result is Result.REFUSED:
                note_refused(refused=[(message, outcome)], at=now)

    def _note(self, message: Message, outcome: Outcome) -> str | None:
        self.tally.states[marking.state_after(message, outcome)] += 1
        self.sent.lost_in_a_row += 1
        match outcome.result:
            case Result.ACCEPTED:
                self.sent.accepted.append(message)
            case Result.REFUSED:
                self.sent.refused.append((message, outcome))
            case Result.LOST if self.sent.lost_in_a_row >= LOST_IN_A_ROW:
                return self._stop(outcome, [message])
            case Result.UNREACHABLE | Result.SENDER:
                self.error = outcome
                return self._stop(outcome, [message])
        if outcome.result is not Result.LOST:
            self.sent.lost_in_a_row = 0
        return None

    def _stop(self, outcome: Outcome, messages: Sequence[Message]) -> str:
        """This will end the slice. What a person must mend also pauses the mailings."""
        logger.warning("no mail goes out: %s %s", outcome.code, outcome.words)
        if outcome.result is Result.UNREACHABLE:
            return f"The mail server cannot be reached: {outcome.words}"
        sentence = (
            f"The mail server broke off {LOST_IN_A_ROW} messages in a row: {outcome.words}"
            if outcome.result is Result.LOST
            else f"The mail server does not let us send ({outcome.code}): {outcome.words}"
        )
        for mailing in {message.mailing for message in messages if message.mailing}:
            outbox.pause(mailing=mailing, because=sentence)
        return sentence

    def _tidy_up(self) -> None:
        now = self.batch.now()
        marking.give_back(batch=self.batch, error=self.error, now=now)
        to_many = [row.contact_id for row in self.sent.accepted if row.purpose in TO_MANY]
        note_mailed(contact_ids=[pk for pk in to_many if pk], at=now)
        tried = [*self.sent.accepted, *(message for message, _ in self.sent.refused)]
        if self.sent.refused:
            stop_unsafe(
                tried=Counter(row.mailing_id for row in tried if row.mailing_id),
                bounced=Counter(row.mailing_id for row, _ in self.sent.refused if row.mailing_id),
            )

    def _may_send_now(self, message: Message) -> bool:
        """This will count a message against the limit a minute; what was asked for never waits."""
        most = self.configuration.messages_per_minute
        if not most:
            return True
        within = take(Limit("delivery-minute", most, timedelta(minutes=1)), "")
        return within or message.purpose in ON_REQUEST

    def _letter(self, message: Message, rendered: Rendered) -> Letter:
        return letter_of(message, rendered, self.configuration)


def rendered_by_id(
    messages: Sequence[Message],
) -> dict[UUID, Rendered | MissingLinkError]:
    """This will give the text of each message: rendered now for mailings, else as it was stored."""
    found: dict[UUID, Rendered | MissingLinkError] = {}
    by_mailing: Mapping[tuple[Mailing, str], list[Message]] = defaultdict(list)
    for message in messages:
        if message.mailing is None:
            found[message.pk] = Rendered(message.subject, message.html, message.text)
        else:
            by_mailing[message.mailing, message.channel].append(message)
    for (mailing, channel), rows in by_mailing.items():
        render = render_texts if channel == Channel.SMS else render_messages
        found |= render(mailing=mailing, messages=rows)
    return found


def letter_of(message: Message, rendered: Rendered, configuration: Configuration) -> Letter:
    """This will give the mail as it goes on the wire.

    Its Message-ID is made of the message's own id: a second copy is known as such, and what the
    provider reports is matched even before our own commit.
    """
    mailing, contact = message.mailing, message.contact
    sender = mailing.sender_email if mailing else configuration.sender_email
    plain_only = contact is not None and contact.content_type in PLAIN_ONLY
    return Letter(
        message_id=f"{message.pk}@{sender.rpartition('@')[2]}",
        sender_name=mailing.sender_name if mailing else configuration.sender,
        sender=sender,
        to_name=contact.name if contact else "",
        to=message.address,
        reply_to=mailing.reply_to if mailing else configuration.reply_to,
        subject=rendered.subject,
        text=rendered.text,
        html="" if plain_only else rendered.html,
        headers=_headers(message),
        metadata={"message": str(message.pk)},
    )


def _headers(message: Message) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated"}
    if message.purpose in TO_MANY:
        is_test = message.kind == outbox.TEST
        stop = example_url() if is_test else unsubscribe_url(message.pk)
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _place(chain: int) -> str:
    return f"delivery.pump:{chain}"


def _patiently(write: Callable[[], None]) -> None:
    """This will store a result although the database is away for a while.

    The mail is out; a result that is forgotten would send it twice or hold it for nothing.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            logger.warning("the database is away, a result waits", exc_info=True)
            connection.close()
            time.sleep(1)
        else:
            return
