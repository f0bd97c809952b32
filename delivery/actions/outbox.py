"""Put mail into the outbox, hold it, take it back. The rows are the queue for senders."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from contacts.models import Contact
from contacts.rules.normalise import address_key as key_of
from core.models import Configuration
from delivery.actions.reaching import ways_to
from delivery.actions.rendering import Rendered, render_draft, render_single
from delivery.models import Mailing, Message
from delivery.querysets import offers_texts
from delivery.rules.addresses import is_one_address
from delivery.rules.fields import FIELDS
from delivery.rules.states import TRIED_AGAIN, MailingState, MessageState
from jobs.queue import nudge

PUMP = "delivery.pump"
CHUNK = 500
TEST = "test"


class NotOneAddressError(ValueError):
    """What should be mailed to is not exactly one email address."""


@transaction.atomic
def start_mailing(  # noqa: PLR0913 - a mailing is one flat row
    *,
    purpose: str,
    name: str,
    subject: str,
    body: str,
    preheader: str = "",
    sms_text: str = "",
    policy: str = Mailing.Policy.RESEND,
    actor: User | None = None,
) -> Mailing:
    """This will freeze a text with the sender of this moment; it runs until it is paused."""
    configuration = Configuration.load()
    return Mailing.objects.create(
        purpose=purpose,
        name=name,
        subject=subject,
        body=body,
        preheader=preheader,
        sms_text=sms_text,
        sender_name=configuration.sender,
        sender_email=configuration.sender_email,
        reply_to=configuration.reply_to,
        policy=policy,
        created_by=actor,
    )


@transaction.atomic
def add_recipients(
    *,
    mailing: Mailing,
    contacts: Sequence[Contact],
    round: int = 1,  # noqa: A002 - the column's name
    time_of: Callable[[int], datetime] | None = None,
) -> int:
    """This will queue one message a contact and say how many are new; doing it again adds nothing.

    `time_of` gives when the nth message of the mailing may go out, n from 0; without it, now.
    Contacts without one good address, and a second contact with the same address, get none.
    """
    now = timezone.now()
    # Counting takes longer with each message, so only what goes out in steps is counted.
    before = mailing.messages.count() if time_of else 0
    added = 0
    ways = ways_to(contacts, is_offered=offers_texts(mailing.sms_text))
    for start in range(0, len(contacts), CHUNK):
        rows = [
            Message(
                purpose=mailing.purpose,
                kind=mailing.purpose,
                mailing=mailing,
                contact=contact,
                channel=ways[contact.pk].channel,
                address=ways[contact.pk].address,
                address_key=ways[contact.pk].key,
                round=round,
                not_before=time_of(before + place) if time_of else now,
            )
            for place, contact in enumerate(contacts[start : start + CHUNK], start)
            if contact.pk in ways
        ]
        Message.objects.bulk_create(rows, ignore_conflicts=True)
        added += Message.objects.filter(pk__in=[row.pk for row in rows]).count()
    nudge(PUMP)
    return added


@transaction.atomic
def enqueue_single(  # noqa: PLR0913 - what a mail is made of
    *,
    purpose: str,
    kind: str,
    address: str,
    subject: str,
    body: str,
    contact: Contact | None = None,
    values: Mapping[str, str] | None = None,
    dedupe_key: str | None = None,
) -> Message:
    """This will put one mail into the outbox, rendered now.

    `dedupe_key` names what may be sent once only: the message known by it is given instead. A
    personal link is filled in only when the mail goes to the contact's own address. Raises
    NotOneAddressError, and MissingLinkError when a link it needs does not exist.
    """
    if dedupe_key and (known := Message.objects.filter(dedupe_key=dedupe_key).first()):
        return known
    own = contact is not None and contact.address_key == key_of(address)
    message = _single(purpose, kind, address, contact if own else None, dedupe_key)
    rendered = render_single(
        message_id=message.pk,
        purpose=purpose,
        subject=subject,
        body=body,
        contact=contact,
        values={**({} if own else _no_personal_links()), **(values or {})},
    )
    return _queued(message, rendered)


@transaction.atomic
def enqueue_test(  # noqa: PLR0913 - what a mail is made of
    *, purpose: str, address: str, subject: str, body: str, contact: Contact, preheader: str = ""
) -> Message:
    """This will mail a draft to a member of staff with a contact's data; its links do nothing.

    Raises NotOneAddressError.
    """
    message = _single(purpose, TEST, address, None, None)
    rendered = render_draft(
        subject=f"Test: {subject}",
        body=body,
        preheader=preheader,
        contact=contact,
        purpose=purpose,
    )
    return _queued(message, rendered)


@transaction.atomic
def withdraw(*, contact_ids: Iterable[int], kinds: Iterable[str]) -> int:
    """This will take back mail of some kinds to contacts, as far as no sender has started it."""
    return (
        Message.objects.not_started()
        .filter(contact__in=list(contact_ids), purpose__in=list(kinds))
        .update(state=MessageState.CANCELLED, token=None, lease_until=None)
    )


@transaction.atomic
def pause(*, mailing: Mailing, because: str) -> bool:
    """This will keep senders from starting another message of a mailing; false if none runs."""
    paused = Mailing.objects.filter(pk=mailing.pk, state=MailingState.RUNNING).update(
        state=MailingState.PAUSED, paused_because=because[:250]
    )
    mailing.refresh_from_db()
    return bool(paused)


@transaction.atomic
def resume(*, mailing: Mailing) -> bool:
    """This will let senders go on with a paused mailing; false if it is not paused."""
    resumed = Mailing.objects.filter(pk=mailing.pk, state=MailingState.PAUSED).update(
        state=MailingState.RUNNING, paused_because=""
    )
    mailing.refresh_from_db()
    nudge(PUMP)
    return bool(resumed)


@transaction.atomic
def bring_forward(*, mailing: Mailing, count: int, at: datetime) -> int:
    """This will let some messages, picked from all, go out at a time; says how many.

    Ids are random numbers, so that the first of them are a mixture.
    """
    waiting = Message.objects.filter(mailing=mailing, state=MessageState.QUEUED)
    chosen = list(waiting.order_by("pk").values_list("pk", flat=True)[:count])
    return waiting.filter(pk__in=chosen).update(not_before=at)


@transaction.atomic
def put_off(*, mailing: Mailing, after: datetime, by: timedelta) -> int:
    """This will move every wave that comes after a moment, and say how many messages those are."""
    later = Message.objects.not_started().filter(mailing=mailing, not_before__gt=after, attempts=0)
    return later.update(not_before=F("not_before") + by)


@transaction.atomic
def cancel(*, mailing: Mailing) -> int:
    """This will end a mailing and say how many messages were taken back."""
    Mailing.objects.filter(
        pk=mailing.pk, state__in=[MailingState.RUNNING, MailingState.PAUSED]
    ).update(state=MailingState.CANCELLED, finished_at=timezone.now())
    mailing.refresh_from_db()
    if mailing.state != MailingState.CANCELLED:
        return 0
    return (
        Message.objects.not_started()
        .filter(mailing=mailing)
        .update(state=MessageState.CANCELLED, token=None, lease_until=None)
    )


@transaction.atomic
def finish(*, mailing: Mailing) -> bool:
    """This will close a mailing that has nothing left to send; the rows decide that."""
    waiting = Message.objects.waiting().filter(mailing=mailing)
    if waiting.exists():
        return False
    finished = Mailing.objects.filter(
        pk=mailing.pk, state__in=[MailingState.RUNNING, MailingState.PAUSED]
    ).update(state=MailingState.FINISHED, finished_at=timezone.now())
    mailing.refresh_from_db()
    return bool(finished)


@transaction.atomic
def try_again(*, mailing: Mailing) -> int:
    """This will queue what failed or may have been lost once more, and say how many.

    The message keeps its id, which is its Message-ID: a provider that knows it sends no second.
    Nothing happens once the mailing is cancelled.
    """
    lost = Message.objects.filter(mailing=mailing, state__in=TRIED_AGAIN)
    if mailing.state == MailingState.CANCELLED or not lost.exists():
        return 0
    open_again(mailing=mailing)
    queued = lost.update(state=MessageState.QUEUED, attempts=0, not_before=timezone.now())
    nudge(PUMP)
    return queued


@transaction.atomic
def open_again(*, mailing: Mailing) -> None:
    """This will let senders take messages of a mailing that had come to its end."""
    Mailing.objects.filter(pk=mailing.pk, state=MailingState.FINISHED).update(
        state=MailingState.RUNNING, finished_at=None
    )
    mailing.refresh_from_db()


@transaction.atomic
def leave(*, mailing: Mailing) -> int:
    """This will put messages of unknown outcome to rest unsent, and say how many.

    A report of the provider that comes later still says what became of them.
    """
    unknown = Message.objects.filter(mailing=mailing, state=MessageState.UNKNOWN)
    return unknown.update(state=MessageState.ABANDONED)


def _no_personal_links() -> dict[str, str]:
    return {name: "" for name, field in FIELDS.items() if field.is_link and field.purposes}


def _single(
    purpose: str, kind: str, address: str, contact: Contact | None, dedupe_key: str | None
) -> Message:
    if not is_one_address(address):
        raise NotOneAddressError
    return Message(
        id=uuid.uuid4(),
        purpose=purpose,
        kind=kind,
        contact=contact,
        address=address,
        address_key=key_of(address),
        dedupe_key=dedupe_key,
        not_before=timezone.now(),
    )


def _queued(message: Message, rendered: Rendered) -> Message:
    message.subject, message.html, message.text = rendered.subject, rendered.html, rendered.text
    if message.dedupe_key:
        Message.objects.bulk_create([message], ignore_conflicts=True)
        message = Message.objects.get(dedupe_key=message.dedupe_key)
    else:
        message.save(force_insert=True)
    nudge(PUMP)
    return message
