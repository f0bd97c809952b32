"""What comes back about messages: stored whole at once, applied later in bulk."""

import hashlib
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from anymail.signals import AnymailTrackingEvent
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from contacts.actions.facts import Fact, note_html_read, record_facts
from contacts.rules.normalise import address_key
from delivery.actions import suppressing
from delivery.actions.safety import stop_unsafe
from delivery.models import DeliveryEvent, Message, ReportBody
from delivery.readers import read_reports
from delivery.rules.events import (
    LOOKED_BACK,
    Report,
    Standing,
    after,
    is_human,
    is_worn_out,
    report_of,
    says_soft,
)
from delivery.rules.states import MessageState
from jobs.queue import nudge

APPLY = "delivery.apply_events"
CHUNK = 500
# A report may come before the commit of its message; one that nobody knows is not kept for ever.
PARKED = timedelta(hours=24)
FIELDS = ("state", "accepted_at", "delivered_at", "opened_at", "clicked_at", "bounced_at")


@dataclass(frozen=True)
class Reported:
    """One report as it came in. `message` is our own id, if the provider gave it back."""

    event_id: str
    kind: str
    address_key: str
    reference: str
    reason: str
    happened_at: datetime
    facts: dict[str, str] = field(default_factory=dict)


@dataclass
class _Effects:
    """What a set of reports changes outside of the messages."""

    facts: list[Fact] = field(default_factory=list)
    bounced: list[tuple[str, str]] = field(default_factory=list)
    complained: list[tuple[str, str]] = field(default_factory=list)
    unsubscribed: dict[uuid.UUID, Message] = field(default_factory=dict)
    read_html: set[int] = field(default_factory=set)
    returned: dict[str, str] = field(default_factory=dict)
    came_back: Counter[int] = field(default_factory=Counter)
    spam: Counter[int] = field(default_factory=Counter)


_gathered: ContextVar[list[Reported] | None] = ContextVar("gathered_reports", default=None)


@contextmanager
def stored_together() -> Iterator[None]:
    """This will store the reports that come in within the block in one go, at its end."""
    reports: list[Reported] = []
    token = _gathered.set(reports)
    try:
        yield
    finally:
        _gathered.reset(token)
    store(reports=reports)


def take_in(report: Reported) -> None:
    """This will keep one report: at once, or with the others of its request."""
    gathered = _gathered.get()
    if gathered is None:
        store(reports=[report])
    else:
        gathered.append(report)


def reported(event: AnymailTrackingEvent) -> Reported:
    """This will take over what is needed; where a link led to is not, since it may be personal."""
    facts = {
        "reject_reason": event.reject_reason,
        "user_agent": event.user_agent,
        "mta_response": event.mta_response,
        "soft": "yes" if says_soft(event.esp_event) else "",
    }
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    return Reported(
        event_id=str(event.event_id or ""),
        kind=str(event.event_type),
        address_key=address_key(event.recipient or ""),
        reference=str(metadata.get("message") or event.message_id or ""),
        reason=str(event.mta_response or event.description or ""),
        happened_at=event.timestamp or timezone.now(),
        facts={name: str(value)[:500] for name, value in facts.items() if value},
    )


@transaction.atomic
def keep_body(*, provider: str, content_type: str, body: bytes, post_id: str = "") -> None:
    """This will keep what a provider has posted as it is, for a worker to read after commit."""
    ReportBody.objects.create(
        provider=provider, content_type=content_type[:200], body=body, post_id=post_id[:200]
    )
    nudge(APPLY)


def read_bodies(*, until: float) -> int:
    """This will read kept posts while there is time; one that cannot be read keeps the reason."""
    done, behind = 0, 0
    waiting = ReportBody.objects.filter(trouble="").order_by("pk")
    while time.monotonic() < until and waiting.filter(pk__gt=behind).exists():
        with transaction.atomic():
            locked = waiting.filter(pk__gt=behind).select_for_update(skip_locked=True)
            row = locked.first()
            if row is None:
                return done
            behind = row.pk
            done += _read(row)
    return done


def _read(row: ReportBody) -> int:
    try:
        with transaction.atomic():
            events = read_reports(row.provider, row.content_type, bytes(row.body), row.post_id)
            store(reports=[reported(event) for event in events])
            row.delete()
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - a body of somebody else's making
        row.trouble = f"{type(error).__name__}: {error}"[:250]
        row.save(update_fields=["trouble"])
    return 1


@transaction.atomic
def store(*, reports: Sequence[Reported]) -> int:
    """This will keep reports whole, each once, and let a worker apply them after commit."""
    for start in range(0, len(reports), CHUNK):
        DeliveryEvent.objects.bulk_create(
            [
                DeliveryEvent(
                    event_id=_event_id(report),
                    kind=report.kind[:20],
                    address_key=report.address_key[:320],
                    reference=report.reference[:200],
                    reason=report.reason[:500],
                    facts=report.facts,
                    happened_at=report.happened_at,
                )
                for report in reports[start : start + CHUNK]
            ],
            ignore_conflicts=True,
        )
    nudge(APPLY)
    return len(reports)


@transaction.atomic
def play(*, message: Message, kind: str, facts: Mapping[str, str] | None = None) -> None:
    """This will act as if a provider had reported something of a mail in the local outbox."""
    reason = (facts or {}).get("reason", "")
    report = Reported(
        event_id=f"played-{uuid.uuid4()}",
        kind=kind,
        address_key=message.address_key,
        reference=str(message.pk),
        reason=reason,
        happened_at=timezone.now(),
        facts={"played": "yes", **(facts or {})},
    )
    store(reports=[report])
    _apply(list(DeliveryEvent.objects.filter(event_id=report.event_id)))


def apply_waiting(*, seconds: float | None = None) -> int:
    """This will apply stored reports for a slice of time and say how many were dealt with."""
    until = time.monotonic() + (settings.SLICE_SECONDS if seconds is None else seconds)
    read_bodies(until=until)
    done, behind = 0, 0
    waiting = DeliveryEvent.objects.filter(applied_at=None).order_by("pk")
    while time.monotonic() < until:
        if not waiting.filter(pk__gt=behind).exists():
            return done
        with transaction.atomic():
            locked = waiting.filter(pk__gt=behind).select_for_update(skip_locked=True)
            events = list(locked[:CHUNK])
            if not events:
                return done
            done += _apply(events)
            behind = events[-1].pk
    nudge(APPLY)
    return done


def _apply(events: Sequence[DeliveryEvent]) -> int:
    """This will work reports into messages, facts and suppressions; unknown ones stay parked."""
    now = timezone.now()
    by_reference = _messages(events)
    changed: dict[uuid.UUID, Message] = {}
    effects, done, pairs = _Effects(), [], []
    for event in events:
        found = by_reference.get(event.reference)
        if found is not None:
            pairs.append((event, found))
            if _work_in(event, found, effects):
                changed[found.pk] = found
        if found is not None or now - event.happened_at > PARKED:
            done.append(event.pk)
    Message.objects.bulk_update(
        changed.values(), [*FIELDS, "token", "lease_until"], batch_size=CHUNK
    )
    for event, message in pairs:
        event.message = message
    DeliveryEvent.objects.bulk_update([event for event, _ in pairs], ["message"], batch_size=CHUNK)
    DeliveryEvent.objects.filter(pk__in=done).update(applied_at=now)
    _tell(effects, now)
    return len(done)


def _messages(events: Iterable[DeliveryEvent]) -> dict[str, Message]:
    """This will find the messages that reports are about, by our id or by the provider's."""
    references = {event.reference for event in events if event.reference}
    own = {key for reference in references if (key := _own_id(reference)) is not None}
    rows: QuerySet[Message] = Message.objects.filter(Q(pk__in=own) | Q(provider_id__in=references))
    found: dict[str, Message] = {}
    for message in rows.select_for_update():
        found[str(message.pk)] = message
        if message.provider_id:
            found[message.provider_id] = message
    return {
        reference: known
        for reference in references
        # A provider's own id may look like one of ours.
        if (known := found.get(str(_own_id(reference))) or found.get(reference))
    }


def _own_id(reference: str) -> uuid.UUID | None:
    """This will give our id when a reference is one, or our Message-ID: <id@domain>."""
    try:
        return uuid.UUID(reference.strip("<>").partition("@")[0])
    except ValueError:
        return None


def _work_in(event: DeliveryEvent, message: Message, effects: _Effects) -> bool:
    """This will work one report into its message; false when nothing is new."""
    before = Standing(*(getattr(message, name) for name in FIELDS))
    report = report_of(event.kind, event.facts)
    at = event.happened_at
    if report in (Report.OPENED, Report.CLICKED):
        if not is_human(before, at, event.facts):
            return False
        if message.contact_id and message.html:
            effects.read_html.add(message.contact_id)
    known = after(before, report, at)
    _collect(report, event, message, effects, is_new=known.state != before.state)
    if known == before:
        return False
    for name, value in asdict(known).items():
        setattr(message, name, value)
    if known.state != before.state:
        message.token = message.lease_until = None
    return True


def _collect(
    report: Report, event: DeliveryEvent, message: Message, effects: _Effects, *, is_new: bool
) -> None:
    key, at, words = message.address_key, event.happened_at, event.reason
    mailing_id = message.mailing_id
    match report:
        case Report.RETURNED:
            effects.returned[key] = words
        case Report.DELIVERED:
            effects.facts.append(Fact(key, "delivered_at", at))
        case Report.BOUNCED:
            effects.facts.append(Fact(key, "bounced_at", at, words or "It bounced"))
            effects.bounced.append((key, words))
        case Report.COMPLAINED:
            effects.facts.append(Fact(key, "complained_at", at))
            effects.complained.append((key, words))
        case Report.UNSUBSCRIBED:
            effects.unsubscribed[message.pk] = message
    if is_new and mailing_id:
        effects.came_back[mailing_id] += report in (Report.BOUNCED, Report.RETURNED)
        effects.spam[mailing_id] += report is Report.COMPLAINED


def _tell(effects: _Effects, now: datetime) -> None:
    for key in _worn_out(effects.returned, now):
        words = f"It came back again and again: {effects.returned[key]}".rstrip(": ")
        effects.facts.append(Fact(key, "bounced_at", now, words))
        effects.bounced.append((key, words))
    record_facts(facts=effects.facts)
    suppressing.suppress_bounced(effects.bounced)
    suppressing.suppress_complained(effects.complained)
    for message in effects.unsubscribed.values():
        suppressing.unsubscribe(message=message, note="Told by the provider")
    note_html_read(contact_ids=effects.read_html)
    stop_unsafe(tried={}, bounced=+effects.came_back, complained=+effects.spam)


def _worn_out(keys: Iterable[str], now: datetime) -> list[str]:
    """This will give addresses from which mail has come back so often that it is no accident.

    A delivery in between forgets what was before it.
    """
    rows = Message.objects.filter(
        address_key__in=set(keys), bounced_at__gt=now - LOOKED_BACK, state=MessageState.BOUNCED
    )
    came: dict[str, list[datetime]] = defaultdict(list)
    for key, at in rows.values_list("address_key", "bounced_at"):
        if at is not None:
            came[key].append(at)
    arrived = dict(
        Message.objects.filter(address_key__in=came, state=MessageState.DELIVERED)
        .order_by()
        .values_list("address_key")
        .annotate(at=Max("delivered_at"))
    )
    return [
        key
        for key, moments in came.items()
        if is_worn_out(now - at for at in moments if at > (arrived.get(key) or at - LOOKED_BACK))
    ]


def _event_id(report: Reported) -> str:
    """This will give what makes a report one of a kind; a provider without ids gets one made."""
    if report.event_id:
        return report.event_id[:200]
    told = f"{report.kind} {report.reference} {report.address_key} {report.happened_at.isoformat()}"
    return hashlib.sha256(told.encode()).hexdigest()
