"""Who sends, and whether anybody may: nothing restarts by itself after a restore."""

import os
import socket
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import User
from core.audit import record
from delivery.models import Sender, SendingState
from delivery.readers import read_note, write_note
from delivery.rules.holding import Note, why_hold
from jobs.queue import nudge

PUMP = "delivery.pump"
FORGOTTEN = timedelta(days=1)


def may_send() -> bool:
    """This will say whether senders may start; a database out of a backup is held for a person."""
    state = _state()
    database, machine = Note(str(state.instance), state.turn), read_note()
    because = why_hold(database, machine)
    if because:
        _hold(because, at_least=machine.turn if machine else 0)
    if machine is None or machine.instance != database.instance:
        # From now on both count alike; whether to send is up to whoever reads the page.
        write_note(Note(database.instance, 0))
    return not (because or state.held_because)


def remember_turn() -> None:
    """This will count a turn in which mail went out, here and in the database."""
    SendingState.objects.filter(pk=SendingState.ONLY).update(turn=F("turn") + 1)
    state = _state()
    write_note(Note(str(state.instance), state.turn))


@transaction.atomic
def let_send(*, actor: User | None) -> bool:
    """This will let senders go on after a person has looked; false if nothing was held."""
    freed = (
        SendingState.objects.filter(pk=SendingState.ONLY)
        .exclude(held_because="")
        .update(held_because="", held_at=None, confirmed_by=actor, confirmed_at=timezone.now())
    )
    if freed:
        record(actor=actor, verb="let mail go out", entity="sending", entity_id="", label="Sending")
        nudge(PUMP)
    return bool(freed)


def note_alive(*, accepted: int = 0, trouble: str = "") -> None:
    """This will leave a sign of life of this process, with its version and what it has sent."""
    now = timezone.now()
    name = f"{socket.gethostname()}:{os.getpid()}"[:120]
    told = {"version": settings.VERSION, "seen_at": now, "trouble": trouble[:250]}
    known = Sender.objects.filter(name=name)
    if not known.update(accepted=F("accepted") + accepted, **told):
        Sender.objects.get_or_create(
            name=name, defaults={"started_at": now, "accepted": accepted, **told}
        )


def forget_senders() -> int:
    """This will drop signs of life that are a day old."""
    return Sender.objects.filter(seen_at__lt=timezone.now() - FORGOTTEN).delete()[0]


def _hold(because: str, *, at_least: int) -> None:
    """This will stop all senders, and count on from where the furthest machine stands."""
    rows = SendingState.objects.filter(pk=SendingState.ONLY)
    rows.update(turn=Greatest(F("turn"), at_least))
    rows.filter(held_because="").update(held_because=because, held_at=timezone.now())


def _state() -> SendingState:
    known = SendingState.objects.filter(pk=SendingState.ONLY).first()
    return known or SendingState.objects.get_or_create(pk=SendingState.ONLY)[0]
