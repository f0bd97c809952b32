"""Senders beside each other, and senders that are killed: nobody is lost, nobody gets two."""

import os
import signal
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from delivery.actions import marking, outbox, sending
from delivery.models import Mailing, Message
from tests.delivery.conftest import make_contact, make_mailing

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Python 3.12 warns of forks beside threads; the child here only sends and dies.
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]
KILLED_AT = 7


def in_threads(*works):
    """Does works at once, each with a connection of its own, and gives what went wrong."""
    failures = []

    def run(work):
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the test shows it
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_four_senders_at_once_send_each_message_once(sink):
    contacts = [make_contact(email=f"p{n}@acme.example") for n in range(300)]
    make_mailing(contacts)
    assert in_threads(*[lambda: sending.pump(seconds=60)] * 4) == []
    assert sorted(sink.recipients) == sorted(contact.email for contact in contacts)
    assert set(Message.objects.values_list("state", flat=True)) == {"accepted"}


def test_two_fan_outs_at_once_add_each_recipient_once():
    contacts = [make_contact(email=f"p{n}@acme.example") for n in range(100)]
    twin = make_contact(email="P0@Acme.example")
    mailing = make_mailing()
    again = [*contacts, twin]
    work = [lambda: outbox.add_recipients(mailing=mailing, contacts=again)] * 2
    assert in_threads(*work) == []
    assert mailing.messages.count() == 100


def test_a_mailing_that_is_paused_and_resumed_under_load_loses_nobody(sink):
    contacts = [make_contact(email=f"p{n}@acme.example") for n in range(120)]
    mailing = make_mailing(contacts)

    def flip():
        for _ in range(15):
            outbox.pause(mailing=Mailing.objects.get(pk=mailing.pk), because="x")
            outbox.resume(mailing=Mailing.objects.get(pk=mailing.pk))

    assert in_threads(flip, *[lambda: sending.pump(seconds=60)] * 2) == []
    sending.pump(seconds=60)
    assert sorted(sink.recipients) == sorted(contact.email for contact in contacts)


class Mortal:
    """A mailer whose process is killed at one point of its seventh letter."""

    def __init__(self, mailer, point):
        self.mailer, self.point, self.letters = mailer, point, 0

    def open(self):
        if self.point == "claimed":
            die()
        return self.mailer.open()

    def send(self, letter):
        self.letters += 1
        if self.letters == KILLED_AT and self.point == "started":
            die()
        outcome = self.mailer.send(letter)
        if self.letters == KILLED_AT and self.point == "accepted":
            die()
        return outcome

    def close(self):
        self.mailer.close()


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def send_in_a_process_that_is_killed(point):
    connection.close()
    child = os.fork()
    if child == 0:
        real = sending.new_mailer
        sending.new_mailer = lambda: Mortal(real(), point)
        try:
            sending.pump(seconds=60)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize(
    ("policy", "point", "copies_of_one", "unknown"),
    [
        ("resend", "claimed", 1, 0),
        ("resend", "started", 1, 0),
        ("resend", "accepted", 2, 0),
        ("hold", "claimed", 1, 0),
        ("hold", "started", 0, 1),
        ("hold", "accepted", 1, 1),
    ],
)
def test_a_killed_sender_leaves_one_open_message_at_most(
    sink, policy, point, copies_of_one, unknown
):
    contacts = [make_contact(email=f"p{n}@acme.example") for n in range(20)]
    make_mailing(contacts, policy=policy)
    send_in_a_process_that_is_killed(point)
    sending.pump(seconds=60)  # another sender, while the leases of the dead one still run
    marking.reap(now=timezone.now() + timedelta(hours=1))
    sending.pump(seconds=60)
    copies = sorted(sink.recipients.count(contact.email) for contact in contacts)
    assert copies == sorted([copies_of_one, *[1] * 19])
    states = sorted(Message.objects.values_list("state", flat=True))
    assert states == ["accepted"] * (20 - unknown) + ["unknown"] * unknown
