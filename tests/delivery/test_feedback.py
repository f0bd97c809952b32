"""What a provider reports: stored once, applied in any order, told to contacts and the list."""

import base64
import itertools
import json
import random
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import AddressFact
from delivery.actions import feedback
from delivery.actions.feedback import Reported
from delivery.actions.retention import forget_bodies
from delivery.models import DeliveryEvent, Message, ReportBody, Suppression
from tests.delivery.conftest import make_contact, make_mailing

pytestmark = pytest.mark.django_db
numbers = itertools.count(1)


def sent_message(**fields):
    contact = make_contact(**fields)
    message = make_mailing([contact]).messages.get()
    Message.objects.filter(pk=message.pk).update(
        state="accepted", accepted_at=timezone.now() - timedelta(hours=1), html="<p>x</p>"
    )
    message.refresh_from_db()
    return message


def report(message, kind, **fields):
    return Reported(
        **{
            "event_id": f"e{next(numbers)}",
            "kind": kind,
            "address_key": message.address_key,
            "reference": str(message.pk),
            "reason": "",
            "happened_at": timezone.now(),
            **fields,
        }
    )


def apply(*reports):
    feedback.store(reports=reports)
    return feedback.apply_waiting(seconds=10)


def test_a_bounce_reaches_the_contact_and_the_list():
    message = sent_message(email="a@acme.example")
    apply(report(message, "bounced", reason="550 5.1.1 no", facts={"reject_reason": "bounced"}))
    message.refresh_from_db()
    assert message.state == "bounced"
    fact = AddressFact.objects.get(address_key="a@acme.example")
    assert (fact.bounced_at is not None, fact.bounce_reason) == (True, "550 5.1.1 no")
    assert list(Suppression.objects.values_list("address_key", "purpose", "reason")) == [
        ("a@acme.example", "", "bounced")
    ]


def test_a_full_mailbox_does_not_condemn_the_address():
    message = sent_message()
    apply(report(message, "bounced", facts={"reject_reason": "other"}))
    message.refresh_from_db()
    assert message.state == "bounced"
    assert not Suppression.objects.exists()
    assert not AddressFact.objects.filter(bounced_at__isnull=False).exists()


def test_a_complaint_stops_bulk_mail():
    message = sent_message(email="a@acme.example")
    apply(report(message, "complained"))
    message.refresh_from_db()
    assert message.state == "complained"
    assert Suppression.objects.reasons_for(["a@acme.example"], "bulk") == {
        "a@acme.example": {"complained"}
    }
    assert Suppression.objects.reasons_for(["a@acme.example"], "account") == {}


def test_an_unsubscription_stops_messages_of_that_kind():
    message = sent_message(email="a@acme.example")
    apply(report(message, "unsubscribed"))
    assert list(Suppression.objects.values_list("address_key", "purpose", "reason")) == [
        ("a@acme.example", "announcement", "unsubscribed")
    ]


def test_a_person_who_reads_html_gets_html_from_then_on():
    message, short, robot = sent_message(), sent_message(content_type="text"), sent_message()
    apply(
        report(message, "opened"),
        report(short, "clicked"),
        report(robot, "clicked", facts={"user_agent": "Proofpoint scanner"}),
    )
    kinds = []
    for row in (message, short, robot):
        row.contact.refresh_from_db()
        row.refresh_from_db()
        kinds.append((row.contact.content_type, row.clicked_at is not None))
    assert kinds == [("html", False), ("text", True), ("unknown", False)]


def test_the_same_reports_shuffled_and_doubled_end_alike():
    message = sent_message()
    reports = [
        report(message, kind, happened_at=timezone.now() - timedelta(minutes=minutes))
        for kind, minutes in [("sent", 9), ("delivered", 8), ("opened", 5), ("clicked", 4)]
    ]
    for order in (reports, reports[::-1], random.sample(reports * 3, 12)):
        Message.objects.filter(pk=message.pk).update(
            state="accepted", delivered_at=None, opened_at=None, clicked_at=None
        )
        DeliveryEvent.objects.all().delete()
        apply(*order)
        message.refresh_from_db()
        assert message.state == "delivered"
        assert message.clicked_at == reports[3].happened_at
        assert DeliveryEvent.objects.filter(applied_at=None).count() == 0


def test_a_report_that_comes_before_its_message_waits_for_it():
    message = sent_message()
    early = report(message, "delivered", reference="provider-7")
    assert apply(early) == 0
    Message.objects.filter(pk=message.pk).update(provider_id="provider-7")
    assert feedback.apply_waiting(seconds=10) == 1
    message.refresh_from_db()
    assert message.state == "delivered"


def test_an_id_of_the_provider_may_look_like_one_of_ours():
    message = sent_message()
    theirs = "883953f4-6105-42a2-a16a-77a8eac79483"
    Message.objects.filter(pk=message.pk).update(provider_id=theirs)
    assert apply(report(message, "delivered", reference=theirs)) == 1


def test_a_report_that_nobody_knows_is_put_away_after_a_day():
    message = sent_message()
    old = report(
        message, "delivered", reference="x", happened_at=timezone.now() - timedelta(days=2)
    )
    assert apply(old) == 1


def test_a_held_message_is_settled_by_a_report():
    message = sent_message()
    Message.objects.filter(pk=message.pk).update(state="unknown", accepted_at=None)
    apply(report(message, "delivered"))
    message.refresh_from_db()
    assert message.state == "delivered"


def test_our_own_message_id_is_a_reference_too():
    message = sent_message()
    apply(report(message, "delivered", reference=f"<{message.pk}@northfield.example>"))
    message.refresh_from_db()
    assert message.state == "delivered"


def test_a_thousand_reports_are_stored_and_applied_quickly(django_assert_max_num_queries):
    messages = [sent_message() for _ in range(20)]
    reports = [report(messages[n % 20], "delivered") for n in range(1000)]
    with django_assert_max_num_queries(100):
        started = time.perf_counter()
        assert apply(*reports) == 1000
    assert time.perf_counter() - started < 5


@pytest.fixture
def provider(settings):
    settings.ANYMAIL_PROVIDER = "mailjet"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:secret"}
    return {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(b"user:secret").decode()}


def mailjet(message, kind, **fields):
    return {
        "event": kind,
        "time": int(time.time()),
        "MessageID": 19421777835146490,
        "email": message.address,
        "Payload": json.dumps({"message": str(message.pk)}),
        **fields,
    }


def post(client, events, **headers):
    body = json.dumps(events)
    return client.post("/reports/", body, content_type="application/json", **headers)


def test_a_provider_reports_by_its_own_page(client, provider):
    first, second = sent_message(), sent_message()
    events = [
        mailjet(first, "sent", smtp_reply="250 OK"),
        mailjet(second, "bounce", error="user unknown", hard_bounce=True, comment="no such user"),
        mailjet(first, "click", url="https://portal.example.com/i/SECRET", agent="Firefox"),
    ]
    assert post(client, events, **provider).status_code == 200
    assert post(client, events, **provider).status_code == 200
    assert (ReportBody.objects.count(), DeliveryEvent.objects.count()) == (2, 0)
    feedback.apply_waiting(seconds=10)
    assert (ReportBody.objects.count(), DeliveryEvent.objects.count()) == (0, 3)
    assert not DeliveryEvent.objects.filter(facts__icontains="SECRET").exists()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("delivered", "bounced")


@pytest.mark.parametrize("headers", [{}, {"HTTP_AUTHORIZATION": "Basic dXNlcjp3cm9uZw=="}])
def test_nobody_else_can_report(client, provider, headers):
    message = sent_message()
    assert post(client, [mailjet(message, "bounce")], **headers).status_code == 400
    assert not DeliveryEvent.objects.exists()


def test_without_a_provider_there_is_no_such_page(client):
    assert post(client, []).status_code == 404


def test_looking_at_the_page_changes_nothing(client, provider):
    assert client.get("/reports/", **provider).status_code == 405


def test_a_post_that_nobody_can_read_is_kept_with_the_reason(client, provider):
    answer = client.post("/reports/", "{", content_type="application/json", **provider)
    assert answer.status_code == 200
    feedback.apply_waiting(seconds=10)
    row = ReportBody.objects.get()
    assert row.trouble.startswith("JSONDecodeError")
    feedback.apply_waiting(seconds=10)  # nor is it read again
    assert forget_bodies(now=timezone.now() + timedelta(days=31)) == 1


def test_mail_that_comes_back_thrice_in_a_month_speaks_against_the_address():
    contact = make_contact(email="full@acme.example")
    for days in (20, 10, 0):
        message = make_mailing([contact]).messages.get()
        Message.objects.filter(pk=message.pk).update(state="accepted", accepted_at=timezone.now())
        at = timezone.now() - timedelta(days=days)
        full = {"facts": {"reject_reason": "other"}, "reason": "552 full", "happened_at": at}
        apply(report(message, "bounced", **full))
        known = list(Suppression.objects.values_list("reason", "note"))
        assert known == ([] if days else [("bounced", "It came back again and again: 552 full")])


def test_a_delivery_in_between_forgets_what_came_back_before():
    contact = make_contact(email="full@acme.example")
    for kind in ("bounced", "bounced", "delivered", "bounced", "bounced"):
        message = make_mailing([contact]).messages.get()
        Message.objects.filter(pk=message.pk).update(state="accepted", accepted_at=timezone.now())
        apply(report(message, kind, facts={"reject_reason": "other"}))
    assert not Suppression.objects.exists()


def test_a_report_that_is_too_large_is_refused(client, provider):
    body = b"[" + b" " * 1_100_000 + b"]"
    answer = client.post("/reports/", body, content_type="application/json")
    assert answer.status_code == 413
