"""Addresses that must not be mailed: put on the list, taken off it, told to contacts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contacts.actions.facts import Fact, forget_bounce, record_facts
from core.audit import record
from core.models import Configuration
from delivery.models import Message, Suppression
from delivery.querysets import number_for
from delivery.rules.outcomes import Outcome
from delivery.rules.states import MessageState, SuppressionReason
from delivery.rules.texting import is_stop

CHUNK = 500


class CannotBeLiftedError(ValueError):
    """The entry stands for somebody who was erased: it keeps an import from bringing him back."""


@transaction.atomic
def suppress(
    *, address_key: str, reason: str, note: str = "", purpose: str = "", actor: User | None
) -> Suppression:
    """This will keep mail of a purpose, or all mail, from an address or a domain (`@acme.test`).

    Mail to it that waits is stopped by the senders. Doing it again gives the standing entry.
    """
    entry, made = Suppression.objects.standing().get_or_create(
        address_key=address_key,
        purpose=purpose,
        reason=reason,
        lifted_at=None,
        defaults={"note": note[:250], "created_by": actor},
    )
    if made:
        record(
            actor=actor,
            verb="suppressed",
            entity="suppression",
            entity_id=entry.pk,
            label=f"{reason}{f', {purpose}' if purpose else ''}",
        )
    return entry


@transaction.atomic
def lift(*, suppression: Suppression, because: str, actor: User | None) -> bool:
    """This will let an address be mailed again; false when it was lifted already.

    A bounce is forgotten with it, until the next one. Raises CannotBeLiftedError.
    """
    if suppression.reason == SuppressionReason.ERASED:
        raise CannotBeLiftedError
    lifted = (
        Suppression.objects.standing().filter(pk=suppression.pk).update(lifted_at=timezone.now())
    )
    if not lifted:
        return False
    if suppression.reason == SuppressionReason.BOUNCED:
        forget_bounce(address_key=suppression.address_key)
    record(
        actor=actor,
        verb="lifted",
        entity="suppression",
        entity_id=suppression.pk,
        label=suppression.reason,
        facts={"because": because[:250]},
    )
    return True


@transaction.atomic
def note_refused(*, refused: Sequence[tuple[Message, Outcome]], at: datetime) -> None:
    """This will remember addresses that a mail server does not know, so that nobody tries again."""
    bad = [(message, outcome) for message, outcome in refused if outcome.is_bad_address]
    suppress_bounced([(message.address_key, outcome.words) for message, outcome in bad])
    record_facts(
        facts=[
            Fact(message.address_key, "bounced_at", at, outcome.words) for message, outcome in bad
        ]
    )


def suppress_bounced(bounced: Iterable[tuple[str, str]]) -> None:
    """This will put addresses on the list after a bounce, with the words of the mail server."""
    _add(SuppressionReason.BOUNCED, bounced)


def suppress_complained(complained: Iterable[tuple[str, str]]) -> None:
    """This will put addresses on the list whose owner called a message spam."""
    _add(SuppressionReason.COMPLAINED, complained)


@transaction.atomic
def unsubscribe(*, message: Message, note: str = "Link in the message") -> Suppression:
    """This will stop messages of the kind of this one to its address; others still come."""
    return suppress(
        address_key=message.address_key,
        purpose=message.purpose,
        reason=SuppressionReason.UNSUBSCRIBED,
        note=note,
        actor=None,
    )


@transaction.atomic
def stop_texts(*, number: str, answer: str) -> bool:
    """This will keep text messages from a number whose owner answered STOP or the like."""
    key = number_for(number, "", Configuration.load().country)
    if not key or not is_stop(answer):
        return False
    suppress(
        address_key=key,
        reason=SuppressionReason.UNSUBSCRIBED,
        note=f"Answered “{answer.strip()[:60]}”",
        actor=None,
    )
    return True


@transaction.atomic
def resubscribe(*, message: Message) -> bool:
    """This will take an unsubscription back that was made from this message."""
    entry = (
        Suppression.objects.standing()
        .filter(
            address_key=message.address_key,
            purpose=message.purpose,
            reason=SuppressionReason.UNSUBSCRIBED,
        )
        .first()
    )
    return entry is not None and lift(
        suppression=entry, because="The recipient changed his mind.", actor=None
    )


@transaction.atomic
def note_wrong_person(*, message: Message) -> None:
    """This will take an address off all bulk mail, because somebody else reads it.

    Contacts with the address come up for review as bounced: mail reaches somebody, not them.
    """
    suppress(
        address_key=message.address_key,
        reason=SuppressionReason.MANUAL,
        note=WRONG_PERSON,
        actor=None,
    )
    record_facts(facts=[Fact(message.address_key, "bounced_at", timezone.now(), WRONG_PERSON)])
    Message.objects.not_started().filter(address_key=message.address_key).update(
        state=MessageState.CANCELLED, token=None, lease_until=None
    )


@transaction.atomic
def confirm_address(*, message: Message) -> None:
    """This will note that the reader of a message says its address is right."""
    record_facts(facts=[Fact(message.address_key, "confirmed_at", timezone.now(), "customer")])


WRONG_PERSON = "The reader says that this is not the right person."


def _add(reason: SuppressionReason, rows: Iterable[tuple[str, str]]) -> None:
    entries = {
        key: Suppression(address_key=key, reason=reason, note=words[:250])
        for key, words in rows
        if key
    }
    keys = list(entries)
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        Suppression.objects.bulk_create([entries[key] for key in some], ignore_conflicts=True)
