"""What eight providers report, in the shapes of their own documentation, through the real page."""

import base64
import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from contacts.models import AddressFact
from delivery.actions import feedback
from delivery.models import DeliveryEvent, Message, ReportBody, Suppression
from tests.delivery.conftest import make_contact, make_mailing

pytestmark = [
    pytest.mark.django_db,
    # Its own tests still pass; whoever uses it is told.
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support"),
]
BASIC = "Basic " + base64.b64encode(b"user:secret").decode()
KEY = "signing-key-of-a-test"


def postmark(kind, key):
    """One record a post; https://postmarkapp.com/developer/webhooks/bounce-webhook."""
    common = {"MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", "Metadata": {"message": key}}
    common |= {"ServerID": 23, "MessageStream": "outbound", "Tag": "welcome"}
    if kind == "delivered":
        fields = {"RecordType": "Delivery", "Recipient": "p@acme.example", "Details": "250 OK"}
        return [common | fields | {"DeliveredAt": "2026-11-05T16:33:54.9070259Z"}]
    bounce = {
        "RecordType": "Bounce",
        "ID": 4323372036854775807,
        "Type": "SoftBounce" if kind == "soft" else "HardBounce",
        "TypeCode": 1,
        "Name": "Hard bounce",
        "Description": "The server was unable to deliver your message (ex: unknown user).",
        "Details": "smtp;550 5.1.1 user unknown",
        "Email": "p@acme.example",
        "BouncedAt": "2026-11-05T16:33:54.9070259Z",
        "Inactive": True,
    }
    return [common | bounce]


def sendgrid(kind, key):
    """A list of events; https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event."""
    common = {
        "email": "p@acme.example",
        "timestamp": 1794000000,
        "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
        "category": "cat facts",
        "sg_event_id": f"{kind}ZmFrZWV2ZW50aWQ",
        "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
        "message": key,
    }
    if kind == "delivered":
        return [[common | {"event": "delivered", "response": "250 OK"}]]
    soft = {"event": "bounce", "type": "bounce", "bounce_classification": "Mailbox Unavailable"}
    hard = {"event": "bounce", "type": "bounce", "reason": "550 5.1.1 unknown", "status": "5.1.1"}
    return [[common | (soft | {"type": "soft"} if kind == "soft" else hard)]]


def mailgun(kind, key):
    """A signed event; https://documentation.mailgun.com/docs/mailgun/user-manual/events."""
    stamp, token = "1794000000", f"{kind:x<50}"
    signed = hmac.new(KEY.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {
        "id": f"{kind}CPgfbmQMTCKtHW6uIWtuVe",
        "timestamp": 1794000000.854603,
        "log-level": "info",
        "recipient": "p@acme.example",
        "user-variables": {"message": key},
        "message": {"headers": {"message-id": "20130503182626.18666.16540@mg.example"}},
    }
    if kind == "delivered":
        data |= {"event": "delivered", "delivery-status": {"code": 250, "message": "OK"}}
    else:
        severity = "temporary" if kind == "soft" else "permanent"
        status = {"code": 550, "message": "5.1.1 No such user", "description": ""}
        data |= {"event": "failed", "severity": severity, "reason": "bounce"}
        data |= {"delivery-status": status}
    signature = {"timestamp": stamp, "token": token, "signature": signed}
    return [{"signature": signature, "event-data": data}]


def mailjet(kind, key):
    """A list of events; https://dev.mailjet.com/email/guides/webhooks."""
    common = {
        "time": 1794000000,
        "MessageID": 19421777835146490,
        "Message_GUID": "1ab23cd4-e567-8901-2345-6789f0gh1i2j",
        "email": "p@acme.example",
        "mj_campaign_id": 7257,
        "mj_contact_id": 4,
        "Payload": json.dumps({"message": key}),
    }
    if kind == "delivered":
        return [[common | {"event": "sent", "smtp_reply": "250 OK"}]]
    hard = {"blocked": False, "hard_bounce": True, "error": "user unknown"}
    soft = {"blocked": False, "hard_bounce": False, "error": "mailbox full"}
    return [[common | {"event": "bounce", "comment": ""} | (soft if kind == "soft" else hard)]]


def brevo(kind, key):
    """One event a post; https://developers.brevo.com/docs/transactional-webhooks."""
    names = {"delivered": "delivered", "hard": "hard_bounce", "soft": "soft_bounce"}
    return [
        {
            "event": names[kind],
            "email": "p@acme.example",
            "id": 26224,
            "date": "2026-11-05 16:33:54",
            "ts": 1794000000,
            "ts_epoch": 1794000000000,
            "message-id": "<201798300811.5787683@relay.domain.com>",
            "ts_event": 1794000000,
            "subject": "News",
            "X-Mailin-custom": json.dumps({"message": key}),
            "reason": "550 5.1.1 no such user",
        }
    ]


def sparkpost(kind, key):
    """A list of events; https://developers.sparkpost.com/api/webhooks."""
    event = {
        "type": "delivery" if kind == "delivered" else "bounce",
        "event_id": f"{kind}92356927693813856",
        "rcpt_to": "p@acme.example",
        "rcpt_meta": {"message": key},
        "message_id": "000443ee14578172be22",
        "transmission_id": "65832150921904138",
        "timestamp": "1794000000",
        "bounce_class": "22" if kind == "soft" else "10",
        "raw_reason": "552 5.2.2 full" if kind == "soft" else "550 5.1.1 user unknown",
        "reason": "as above",
    }
    if kind == "delivered":
        del event["bounce_class"]
    return [[{"msys": {"message_event": event}}]]


def resend(kind, key):
    """One event a post; https://resend.com/docs/dashboard/webhooks/event-types."""
    bounce = {
        "hard": "The recipient's email provider sent a hard bounce message.",
        "soft": "The recipient's email provider sent a general bounce message.",
    }
    types = {"hard": "Permanent", "soft": "Transient"}
    data = {
        "created_at": "2026-11-05T16:33:54.907Z",
        "email_id": "56761188-7520-42d8-8898-ff6fc54ce618",
        "from": "Acme <onboarding@acme.example>",
        "to": ["p@acme.example"],
        "subject": "News",
        "headers": [{"name": "X-Metadata", "value": json.dumps({"message": key})}],
    }
    if kind != "delivered":
        data["bounce"] = {"message": bounce[kind], "subType": "General", "type": types[kind]}
    names = {"delivered": "email.delivered"}
    return [
        {
            "type": names.get(kind, "email.bounced"),
            "created_at": "2026-11-05T16:33:55.907Z",
            "data": data,
        }
    ]


def mandrill(kind, key):
    """A signed form; https://mailchimp.com/developer/transactional/docs/webhooks."""
    names = {"delivered": "send", "hard": "hard_bounce", "soft": "soft_bounce"}
    event = {
        "event": names[kind],
        "ts": 1794000000,
        "_id": f"{kind}exampleaaaaaaaaaaaaaaaaaaaaaaaaa",
        "msg": {
            "ts": 1794000000,
            "_id": "exampleaaaaaaaaaaaaaaaaaaaaaaaaa",
            "email": "p@acme.example",
            "sender": "s@acme.example",
            "metadata": {"message": key},
            "diag": "smtp;550 5.1.1 user unknown",
            "bounce_description": "bad_mailbox",
        },
    }
    return [[event]]


PROVIDERS = {
    each.__name__: each
    for each in (postmark, sendgrid, mailgun, mailjet, brevo, sparkpost, resend, mandrill)
}
SETTINGS = {
    "mailgun": {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY},
    "mandrill": {"MANDRILL_WEBHOOK_KEY": KEY, "MANDRILL_WEBHOOK_URL": "http://testserver/reports/"},
}
# Where Anymail says that it will be tried again, nothing has come back yet.
SOFT_STATES = {"mailgun": "accepted"}
# Mandrill tells that it has sent, not that it has arrived.
DELIVERED_STATES = {"mandrill": "accepted"}


@pytest.fixture(params=list(PROVIDERS))
def provider(request, settings):
    settings.ANYMAIL_PROVIDER = request.param
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:secret", **SETTINGS.get(request.param, {})}
    return request.param


@pytest.fixture
def message():
    contact = make_contact(email="p@acme.example")
    row = make_mailing([contact]).messages.get()
    Message.objects.filter(pk=row.pk).update(state="accepted", accepted_at=timezone.now())
    return row


def post(client, name, body, authorization=BASIC, *, sign=True):
    headers = {"HTTP_AUTHORIZATION": authorization} if authorization else {}
    if name != "mandrill":
        return client.post(
            "/reports/", json.dumps(body), content_type="application/json", **headers
        )
    form = {"mandrill_events": json.dumps(body)}
    text = "http://testserver/reports/mandrill_events" + form["mandrill_events"]
    signed = base64.b64encode(hmac.new(KEY.encode(), text.encode(), hashlib.sha1).digest())
    if sign:
        headers["HTTP_X_MANDRILL_SIGNATURE"] = signed.decode()
    kind = "application/x-www-form-urlencoded"
    return client.post("/reports/", urlencode(form), content_type=kind, **headers)


def report(client, name, kind, message):
    for body in PROVIDERS[name](kind, str(message.pk)):
        for _ in range(2):  # providers repeat themselves
            assert post(client, name, body).status_code == 200
    feedback.apply_waiting(seconds=10)
    message.refresh_from_db()


def test_a_delivery_is_told_once(client, provider, message):
    report(client, provider, "delivered", message)
    assert not ReportBody.objects.exists()
    state = DELIVERED_STATES.get(provider, "delivered")
    assert (message.state, DeliveryEvent.objects.count()) == (state, 1)
    arrived = AddressFact.objects.filter(delivered_at__isnull=False)
    assert arrived.exists() is (state == "delivered")


def test_a_hard_bounce_stops_the_address(client, provider, message):
    report(client, provider, "hard", message)
    assert (message.state, DeliveryEvent.objects.count()) == ("bounced", 1)
    assert list(Suppression.objects.values_list("address_key", "reason")) == [
        ("p@acme.example", "bounced")
    ]


def test_a_soft_bounce_does_not_stop_the_address(client, provider, message):
    report(client, provider, "soft", message)
    assert message.state == SOFT_STATES.get(provider, "bounced")
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("authorization", ["", "Basic dXNlcjp3cm9uZw=="])
def test_without_the_secret_nothing_is_taken(client, provider, message, authorization):
    (body,) = PROVIDERS[provider]("hard", str(message.pk))
    assert post(client, provider, body, authorization).status_code == 400
    assert not ReportBody.objects.exists()


@pytest.mark.parametrize("name", ["mailgun", "mandrill"])
def test_a_wrong_signature_is_refused(client, settings, message, name):
    settings.ANYMAIL_PROVIDER = name
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:secret", **SETTINGS[name]}
    (body,) = PROVIDERS[name]("hard", str(message.pk))
    if name == "mailgun":
        body["signature"]["signature"] = "0" * 64
    assert post(client, name, body, sign=False).status_code == 400
    assert not ReportBody.objects.exists()
