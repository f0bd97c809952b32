"""Nothing restarts by itself after a restore, and every sender gives a sign of life."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.models import AuditEntry
from delivery.actions import guarding, sending
from delivery.models import Message, Sender, SendingState
from delivery.readers import read_note, write_note
from delivery.rules.holding import ELSEWHERE, OLDER, Note
from tests.delivery.conftest import make_contact, make_mailing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def send_one():
    make_mailing([make_contact()])
    sending.pump(seconds=10)


def states():
    return sorted(Message.objects.values_list("state", flat=True))


def test_what_was_sent_is_counted_here_and_in_the_database(sink):
    send_one()
    send_one()
    state = SendingState.objects.get()
    assert (state.turn, read_note()) == (2, Note(str(state.instance), 2))


def test_a_database_out_of_a_backup_sends_nothing_until_somebody_says_so(sink):
    send_one()
    send_one()
    SendingState.objects.update(turn=1)  # as in yesterday's backup
    send_one()
    assert (states(), len(sink.accepted)) == (["accepted", "accepted", "queued"], 2)
    assert SendingState.objects.get().held_because == OLDER
    sending.pump(seconds=10)
    assert len(sink.accepted) == 2

    assert guarding.let_send(actor=None)
    sending.pump(seconds=10)
    assert (states(), len(sink.accepted)) == (["accepted"] * 3, 3)
    assert SendingState.objects.get().turn == 3
    assert AuditEntry.objects.filter(verb="let mail go out").count() == 1
    assert not guarding.let_send(actor=None)


def test_a_database_that_has_sent_elsewhere_is_held_once(sink):
    SendingState.objects.create(turn=7)
    send_one()
    assert (states(), SendingState.objects.get().held_because) == (["queued"], ELSEWHERE)
    guarding.let_send(actor=None)
    sending.pump(seconds=10)
    assert states() == ["accepted"]


def test_a_note_that_cannot_be_read_is_none(settings):
    write_note(Note("a", 1))
    (settings.DATA_DIR / "sending.json").write_text("{")
    assert read_note() is None


def test_a_sender_is_known_with_its_version_and_forgotten_after_a_day(sink, settings):
    settings.VERSION = "7.1"
    send_one()
    send_one()
    sender = Sender.objects.get()
    assert (sender.version, sender.accepted, sender.trouble) == ("7.1", 2, "")
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert guarding.forget_senders() == 1


def test_a_sender_says_what_keeps_it_from_sending(settings, sink):
    settings.EMAIL_PORT = 9
    send_one()
    assert "cannot be reached" in Sender.objects.get().trouble


def test_the_page_shows_senders_and_lets_an_administrator_go_on(sink, admin_client):
    send_one()
    SendingState.objects.update(held_because=OLDER, held_at=timezone.now())
    page = admin_client.get("/sending/")
    assert OLDER in page.content.decode()
    assert Sender.objects.get().name in page.content.decode()
    admin_client.post("/sending/go-on/")
    assert SendingState.objects.get().held_because == ""
