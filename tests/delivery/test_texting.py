"""Text messages go by their own way: a gateway told by settings, a file, the outbox."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from delivery import tokens
from delivery.actions import sending
from delivery.models import Message, Suppression
from tests.delivery.conftest import make_contact, make_mailing

pytestmark = pytest.mark.django_db
TEXT = "Hello [FirstName], your invoices: https://www.example.com/"
NUMBER = "+15550142200"


class Gateway:
    """Takes requests for messages; `answers` says what it answers, once each, then 200."""

    def __init__(self):
        self.requests, self.answers = [], []
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                gateway.requests.append((dict(self.headers), body))
                status, answer = gateway.answers.pop(0) if gateway.answers else (200, "{}")
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(answer.encode())

            def log_message(self, *_):
                """Nothing is printed."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/send"


@pytest.fixture
def gateway(settings):
    made = Gateway()
    settings.SMS_BACKEND, settings.SMS_URL = "http", made.url
    settings.SMS_SENDER = "Northfield"
    yield made
    made.server.shutdown()
    made.server.server_close()


def text_to(**fields):
    """A mailing with a text for one contact who wants it short."""
    fields = {"content_type": "short_text", "sms_number": "(555) 014-2200", **fields}
    mailing = make_mailing([make_contact(**fields)], sms_text=TEXT)
    sending.pump(seconds=10)
    return mailing.messages.get()


def test_a_gateway_gets_number_text_and_the_way_to_stop(gateway):
    message = text_to()
    ((_, body),) = gateway.requests
    said = f"Hello Priya, your invoices: https://www.example.com/\nStop: {stop(message)}"
    assert parse_qs(body) == {"to": [NUMBER], "from": ["Northfield"], "text": [said]}
    assert (message.state, message.channel, message.address) == ("accepted", "sms", NUMBER)


def stop(message):
    return tokens.unsubscribe_url(message.pk)


def test_a_gateway_is_told_by_settings_and_its_id_is_kept(gateway, settings):
    settings.SMS_FORMAT, settings.SMS_ID_FIELD = "json", "messages.0.id"
    settings.SMS_HEADERS = {"Authorization": "Bearer KEY"}
    settings.SMS_FIELDS = {"messages": [{"to": "{to}", "ref": "{id}", "odd": "{other} {", "n": 1}]}
    gateway.answers = [(202, json.dumps({"messages": [{"id": 77}]}))]
    message = text_to()
    ((headers, body),) = gateway.requests
    assert headers["Authorization"] == "Bearer KEY"
    (sent,) = json.loads(body)["messages"]
    assert sent == {
        "to": NUMBER,
        "ref": f"{message.pk}@localhost.localdomain",
        "odd": "{other} {",
        "n": 1,
    }
    assert message.provider_id == "77"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ((429, "slow down"), "queued"),
        ((503, "later"), "queued"),
        ((400, "no such number"), "refused"),
        ((401, "who are you"), "queued"),
        ((302, "elsewhere"), "refused"),
    ],
)
def test_what_a_gateway_answers_has_one_meaning(gateway, answer, state):
    gateway.answers = [answer]
    assert (text_to().state, len(gateway.requests)) == (state, 1)


def test_a_gateway_that_is_away_holds_up_no_mail(gateway, sink):
    gateway.server.shutdown()
    gateway.server.server_close()
    contacts = [
        make_contact(content_type="short_text", sms_number="555 014 2200"),
        make_contact(email="a@acme.example"),
    ]
    make_mailing(contacts, sms_text=TEXT)
    sending.pump(seconds=10)
    assert sink.recipients == ["a@acme.example"]
    assert sorted(Message.objects.values_list("channel", "state")) == [
        ("email", "accepted"),
        ("sms", "queued"),
    ]


def test_a_value_that_looks_like_a_place_stays_as_it_is(gateway):
    text_to(first_name="{to}")
    ((_, body),) = gateway.requests
    assert "Hello {to}," in parse_qs(body)["text"][0]


def test_messages_can_be_lines_of_a_file(settings, tmp_path):
    settings.SMS_BACKEND, settings.DATA_DIR = "file", tmp_path
    message = text_to(sms_number="+49 151 2345678")
    (line,) = (tmp_path / "sms.jsonl").read_text().splitlines()
    told = json.loads(line)
    assert (told["to"], told["text"]) == ("+491512345678", message.text.replace("\r", ""))


def test_messages_can_be_printed(settings, capsys):
    settings.SMS_BACKEND = "console"
    text_to()
    assert capsys.readouterr().out.startswith(f"SMS to {NUMBER}: Hello Priya,")


def test_somebody_without_an_email_address_is_reached_by_text_message(gateway):
    contact = make_contact(email="", sms_number="555 014 2200")
    mailing = make_mailing([contact, make_contact(email="")], sms_text=TEXT)
    assert list(mailing.messages.values_list("contact", "address")) == [(contact.pk, NUMBER)]


def test_without_a_text_or_a_way_everybody_gets_an_email(settings, sink):
    contact = make_contact(content_type="short_text", sms_number="555 014 2200")
    assert make_mailing([contact]).messages.get().channel == "email"
    settings.SMS_BACKEND = ""
    assert make_mailing([contact], sms_text=TEXT).messages.get().channel == "email"


def test_the_link_in_a_text_message_stops_the_next_one(client, gateway):
    message = text_to()
    page = client.post(stop(message).removeprefix("http://127.0.0.1:8000"))
    assert page.status_code == 200
    assert text_to().state == "suppressed"
    assert len(gateway.requests) == 1


@pytest.fixture
def answering(settings):
    settings.SMS_ANSWERS_SECRET = "user:secret"
    return {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(b"user:secret").decode()}


@pytest.mark.parametrize("as_json", [True, False])
def test_answering_stop_stops_all_messages_to_the_number(client, answering, as_json):
    said = {"from": "+1 555 014 2200", "text": "Stop, please"}
    kind = {"content_type": "application/json"} if as_json else {}
    data = json.dumps(said) if as_json else said
    answer = client.post("/reports/answers/", data, **kind, **answering)
    assert (answer.status_code, answer.content) == (200, b"stopped")
    entries = Suppression.objects.values_list("address_key", "purpose", "reason", "note")
    assert list(entries) == [(NUMBER, "", "unsubscribed", "Answered “Stop, please”")]


@pytest.mark.parametrize(
    "said", [{"from": NUMBER, "text": "Thanks"}, {"from": "x", "text": "stop"}, {}]
)
def test_other_answers_change_nothing(client, answering, said):
    answer = client.post("/reports/answers/", said, **answering)
    assert (answer.content, Suppression.objects.count()) == (b"noted", 0)


def test_an_answer_that_cannot_be_read_changes_nothing(client, answering):
    body = {"content_type": "application/json"}
    assert client.post("/reports/answers/", "[1", **body, **answering).content == b"noted"
    assert client.post("/reports/answers/", "[1]", **body, **answering).content == b"noted"


def test_only_the_gateway_may_pass_answers_on(client, answering, settings):
    said = {"from": NUMBER, "text": "STOP"}
    assert client.post("/reports/answers/", said).status_code == 401
    assert client.get("/reports/answers/", **answering).status_code == 405
    settings.SMS_ANSWERS_SECRET = ""
    assert client.post("/reports/answers/", said, **answering).status_code == 404
    assert not Suppression.objects.exists()


def test_the_outbox_shows_a_text_message_as_one(admin_client):
    message = text_to()
    page = admin_client.get(f"/outbox/{message.pk}/").content.decode()
    assert "Text message</h2>" in page
    assert "Hello Priya," in page
    assert ".eml" not in page
