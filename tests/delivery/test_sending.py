"""The pump against a real mail server: every answer it can give, and what becomes of the row."""

import email
import email.policy
from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import AddressFact
from core.models import Configuration
from delivery.actions import marking, outbox, sending
from delivery.actions.suppressing import suppress
from delivery.models import Mailing, Message, Suppression
from tests.delivery.conftest import make_contact, make_mailing

pytestmark = pytest.mark.django_db


def states():
    rows = Message.objects.order_by("address").values_list("address", "state")
    return dict(rows)


def send():
    return sending.pump(seconds=20)


def make_due():
    Message.objects.filter(state="queued").update(not_before=timezone.now() - timedelta(hours=1))


def test_every_recipient_gets_one_message_over_one_connection(sink):
    contacts = [make_contact(email=f"p{n}@acme.example") for n in range(120)]
    make_mailing(contacts)
    tally = send()
    assert sorted(sink.recipients) == sorted(contact.email for contact in contacts)
    assert dict(tally.states) == {"accepted": 120}
    assert sink.connections == 1
    contacts[0].refresh_from_db()
    assert contacts[0].last_mailed_at is not None


def test_a_refused_recipient_is_never_tried_again_and_is_suppressed(sink):
    sink.script = {"a@acme.example": ["550 5.1.1 no such user"]}
    make_mailing([make_contact(email="a@acme.example"), make_contact(email="b@acme.example")])
    send()
    send()
    assert states() == {"a@acme.example": "refused", "b@acme.example": "accepted"}
    assert list(Suppression.objects.values_list("address_key", "reason", "note")) == [
        ("a@acme.example", "bounced", "5.1.1 no such user")
    ]
    assert AddressFact.objects.get(address_key="a@acme.example").bounced_at is not None


def test_a_refusal_by_policy_says_nothing_about_the_address(sink):
    sink.script = {"a@acme.example": ["data:550 5.7.1 looks like spam"]}
    make_mailing([make_contact(email="a@acme.example")])
    send()
    assert states() == {"a@acme.example": "refused"}
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("answer", ["450 4.2.1 try later", "data:451 4.3.0 try later"])
def test_a_temporary_refusal_is_tried_again_later(sink, answer):
    sink.script = {"a@acme.example": [answer]}
    make_mailing([make_contact(email="a@acme.example"), make_contact(email="b@acme.example")])
    send()
    row = Message.objects.get(address="a@acme.example")
    assert (row.state, row.attempts) == ("queued", 1)
    assert row.not_before > timezone.now()
    make_due()
    send()
    assert sorted(sink.recipients) == ["a@acme.example", "b@acme.example"]


def test_eight_temporary_refusals_are_enough(sink):
    sink.script = {"a@acme.example": ["451 4.3.0 later"] * 20}
    make_mailing([make_contact(email="a@acme.example")])
    for _ in range(9):
        make_due()
        send()
    row = Message.objects.get()
    assert (row.state, row.attempts, len(sink.script["a@acme.example"])) == ("failed", 8, 12)


def test_a_server_that_closes_after_some_messages_gets_the_rest_over_new_connections(sink):
    sink.close_after = 3
    contacts = [make_contact(email=f"p{n}@acme.example") for n in range(10)]
    make_mailing(contacts)
    send()
    assert sorted(sink.recipients) == sorted(contact.email for contact in contacts)
    assert sink.connections == 4


def test_a_connection_lost_before_the_text_is_no_try(sink):
    sink.script = {"a@acme.example": ["drop:rcpt", "drop:rcpt"]}
    make_mailing([make_contact(email="a@acme.example")])
    tally = send()
    row = Message.objects.get()
    assert (row.state, row.attempts) == ("queued", 0)
    assert tally.trouble.startswith("The mail server cannot be reached")
    make_due()
    send()
    assert sink.recipients == ["a@acme.example"]


def test_a_lost_answer_is_sent_again_where_a_second_copy_does_no_harm(sink):
    sink.script = {"a@acme.example": ["drop:after"]}
    make_mailing([make_contact(email="a@acme.example")], policy=Mailing.Policy.RESEND)
    send()
    make_due()
    send()
    assert sink.recipients == ["a@acme.example"] * 2
    first, second = (email.message_from_bytes(data)["Message-ID"] for _, data in sink.accepted)
    assert first == second
    assert states() == {"a@acme.example": "accepted"}


@pytest.mark.parametrize("when", ["drop:after", "drop:data"])
def test_a_lost_answer_is_held_where_nobody_may_get_a_second_copy(sink, when):
    sink.script = {"a@acme.example": [when]}
    contacts = [make_contact(email="a@acme.example"), make_contact(email="b@acme.example")]
    make_mailing(contacts, policy=Mailing.Policy.HOLD)
    send()
    make_due()
    send()
    assert states() == {"a@acme.example": "unknown", "b@acme.example": "accepted"}
    assert sink.recipients.count("a@acme.example") == (when == "drop:after")


def test_a_server_that_breaks_off_again_and_again_stops_the_mailing(sink):
    contacts = [make_contact(email=f"p{n}@acme.example") for n in range(10)]
    sink.script = {contact.email: ["drop:after"] for contact in contacts}
    mailing = make_mailing(contacts)
    send()
    mailing.refresh_from_db()
    assert (mailing.state, len(sink.accepted)) == ("paused", 5)
    assert mailing.paused_because.startswith("The mail server broke off 5 messages in a row")


def test_a_server_that_does_not_let_us_send_stops_the_mailing_and_blames_nobody(sink):
    sink.refuse_sender = "550 5.7.0 sender not allowed"
    mailing = make_mailing([make_contact(email="a@acme.example")])
    send()
    mailing.refresh_from_db()
    assert mailing.state == "paused"
    assert mailing.paused_because.startswith("The mail server does not let us send (550)")
    assert states() == {"a@acme.example": "queued"}
    assert not Suppression.objects.exists()


def test_a_server_that_is_down_holds_nothing_against_anybody(sink, settings):
    settings.EMAIL_PORT = 1
    make_mailing([make_contact(email="a@acme.example")])
    tally = send()
    row = Message.objects.get()
    assert (row.state, row.attempts, row.last_error_code) == ("queued", 0, "connect")
    assert not tally.more
    settings.EMAIL_PORT = sink.port
    make_due()
    send()
    assert states() == {"a@acme.example": "accepted"}


def test_single_mail_goes_before_a_mailing(sink):
    make_mailing([make_contact(email=f"p{n}@acme.example") for n in range(60)])
    outbox.enqueue_single(
        purpose="account", kind="password_reset", address="x@acme.example", subject="s", body="b"
    )
    send()
    assert sink.recipients[0] == "x@acme.example"


def test_a_suppressed_address_gets_nothing(sink):
    make_mailing([make_contact(email="a@acme.example"), make_contact(email="b@blocked.example")])
    suppress(
        address_key="a@acme.example", reason="unsubscribed", purpose="announcement", actor=None
    )
    suppress(address_key="@blocked.example", reason="domain", actor=None)
    send()
    assert sink.recipients == []
    assert states() == {"a@acme.example": "suppressed", "b@blocked.example": "suppressed"}


def test_what_somebody_asked_for_comes_although_he_unsubscribed(sink):
    suppress(address_key="a@acme.example", reason="unsubscribed", actor=None)
    suppress(address_key="b@acme.example", reason="bounced", actor=None)
    for address in ("a@acme.example", "b@acme.example"):
        outbox.enqueue_single(
            purpose="account", kind="username", address=address, subject="s", body="b"
        )
    send()
    assert states() == {"a@acme.example": "accepted", "b@acme.example": "suppressed"}


class Meddling:
    """Does something between the claim and the first message, and then sends as usual."""

    def __init__(self, mailer, meddle):
        self.mailer, self.meddle = mailer, meddle

    def open(self):
        self.meddle()
        return self.mailer.open()

    def send(self, letter):
        return self.mailer.send(letter)

    def close(self):
        self.mailer.close()


@pytest.mark.parametrize(
    ("meddle", "end"),
    [
        (lambda mailing: outbox.pause(mailing=mailing, because="x"), "queued"),
        (lambda mailing: outbox.cancel(mailing=mailing), "cancelled"),
        (
            lambda mailing: suppress(address_key="a@acme.example", reason="manual", actor=None),
            "suppressed",
        ),
        (
            lambda mailing: outbox.withdraw(
                contact_ids=mailing.messages.values_list("contact", flat=True),
                kinds=["announcement"],
            ),
            "cancelled",
        ),
    ],
)
def test_what_happens_between_claim_and_start_still_counts(sink, monkeypatch, meddle, end):
    mailing = make_mailing([make_contact(email="a@acme.example")])
    real = sending.new_mailer
    monkeypatch.setattr(sending, "new_mailer", lambda: Meddling(real(), lambda: meddle(mailing)))
    send()
    assert sink.recipients == []
    assert states() == {"a@acme.example": end}


def test_a_sender_that_was_overtaken_changes_nothing(sink):
    make_mailing([make_contact(email="a@acme.example")])
    now = timezone.now()
    late = marking.claim(now=now)
    assert marking.reap(now=now + timedelta(hours=1)) == 1
    send()
    assert not marking.start(message=late.messages[0], token=late.token, now=now)
    assert states() == {"a@acme.example": "accepted"}


def test_the_limit_of_messages_a_minute_is_kept(sink):
    configuration = Configuration.load()
    configuration.messages_per_minute = 3
    configuration.save()
    make_mailing([make_contact(email=f"p{n}@acme.example") for n in range(10)])
    outbox.enqueue_single(
        purpose="account", kind="username", address="x@acme.example", subject="s", body="b"
    )
    first = send()
    send()
    assert len(sink.accepted) in range(3, 8)  # the minute may end in between
    assert first.trouble == "The limit of messages a minute is reached."
    assert not Message.objects.filter(state__in=["leased", "sending"]).exists()


def test_too_many_bounces_stop_a_mailing_until_a_person_resumes_it(sink):
    contacts = [make_contact(email=f"p{n}@acme.example") for n in range(240)]
    sink.script = {contact.email: ["550 5.1.1 no"] for contact in contacts[::4]}
    mailing = make_mailing(contacts)
    send()
    mailing.refresh_from_db()
    assert mailing.state == "paused"
    assert mailing.paused_because.endswith("messages came back. Check the list before you go on.")
    assert Message.objects.filter(state="queued").count() == 140
    outbox.resume(mailing=mailing)
    send()
    assert not Message.objects.filter(state="queued").exists()


def test_a_lost_personal_link_withdraws_the_message(sink):
    mailing = make_mailing(
        [make_contact(email="a@acme.example")],
        purpose="invitation",
        body="Hello [ContactName]\n\n[CustomerPortalLink]",
    )
    send()
    row = mailing.messages.get()
    assert (row.state, row.last_error) == (
        "cancelled",
        "There is no CustomerPortalLink for this contact any more.",
    )
    assert sink.recipients == []


def test_kept_texts_open_nothing(sink):
    make_mailing([make_contact(email="a@acme.example")])
    outbox.enqueue_single(
        purpose="account",
        kind="password_reset",
        address="b@acme.example",
        subject="s",
        body="[Choose](https://portal.example.com/choose-password/SECRET/)",
    )
    send()
    for row in Message.objects.all():
        assert "SECRET" not in row.html + row.text
        assert "/u/" not in row.html + row.text
    assert any(b"SECRET" in data for _, data in sink.accepted)


def test_contacts_who_read_text_only_get_text_only(sink):
    make_mailing(
        [
            make_contact(email="a@acme.example", content_type="text"),
            make_contact(email="b@acme.example"),
        ]
    )
    send()
    kinds = {
        address: email.message_from_bytes(data, policy=email.policy.default).get_content_type()
        for address, data in sink.accepted
    }
    assert kinds == {"a@acme.example": "text/plain", "b@acme.example": "multipart/alternative"}
