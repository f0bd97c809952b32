"""A mail server of our own on loopback, contacts to write to, and mailings."""

import itertools
import socket
from dataclasses import dataclass, field

import pytest
from aiosmtpd.controller import Controller

from contacts.models import Contact, Customer
from contacts.rules.normalise import address_key
from delivery.actions import outbox
from delivery.actions.framing import prepare

numbers = itertools.count(1)


@dataclass
class Sink:
    """Takes mail; `script` says by recipient what it answers instead, once for each entry.

    An entry is an answer such as "550 5.1.1 no such user" at RCPT, or "data:451 later" after the
    text, or "drop:mail", "drop:rcpt", "drop:data" (before the text) and "drop:after" (it keeps
    the mail and closes without an answer).
    """

    script: dict[str, list[str]] = field(default_factory=dict)
    accepted: list[tuple[str, bytes]] = field(default_factory=list)
    port: int = 0
    refuse_sender: str = ""
    close_after: int = 0
    connections: int = 0

    @property
    def recipients(self) -> list[str]:
        return [address for address, _ in self.accepted]

    def next_for(self, address: str, when: str) -> str:
        waiting = self.script.get(address, [])
        fitting = waiting and _moment(waiting[0]) == when
        return waiting.pop(0) if fitting else ""

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 - aiosmtpd's
        session.host_name = hostname
        self.connections += 1
        session.taken = 0
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.refuse_sender:
            return self.refuse_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.next_for(address, "rcpt")
        if answer.startswith("drop"):
            server.transport.abort()
            return "421 gone"
        if answer:
            return answer
        if self.close_after and session.taken >= self.close_after:
            return "421 4.7.0 too many messages in this session"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        (address,) = envelope.rcpt_tos
        answer = self.next_for(address, "data")
        if answer == "drop:data":
            server.transport.abort()
            return "421 gone"
        if answer.startswith("data:"):
            return answer.removeprefix("data:")
        session.taken += 1
        self.accepted.append((address, envelope.original_content))
        if answer == "drop:after":
            server.transport.abort()
        return "250 2.0.0 taken"


def _moment(entry: str) -> str:
    return "data" if entry.startswith(("data:", "drop:data", "drop:after")) else "rcpt"


@pytest.fixture
def sink(settings):
    """A running mail server; the settings send there, and a test may change more of them."""
    handler = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        handler.port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", handler.port
    settings.EMAIL_TIMEOUT = 5
    settings.USES_LOCAL_OUTBOX = False
    settings.BASE_URL = "https://portal.example.com"
    yield handler
    controller.stop(no_assert=True)


@pytest.fixture(autouse=True)
def _fresh_texts():
    """A text prepared under other settings is not kept from test to test."""
    prepare.cache_clear()


def make_contact(**fields):
    number = next(numbers)
    email = fields.pop("email", f"p{number}@acme.example")
    customer = fields.pop("customer", None) or Customer.objects.create(
        numbering="erp", account_number=f"A{number}", number_key=f"a{number}", name="Acme & Sons"
    )
    return Contact.objects.create(
        customer=customer,
        first_name=fields.pop("first_name", "Priya"),
        last_name=fields.pop("last_name", "Raman"),
        email=email,
        email_repaired=email,
        address_key=address_key(email),
        **fields,
    )


def make_mailing(contacts=(), **fields):
    mailing = outbox.start_mailing(
        **{
            "purpose": "announcement",
            "name": "News",
            "subject": "[CustomerName]: news",
            "body": "Hello [ContactName],\n\nsee [our page](https://www.example.com/).",
            **fields,
        }
    )
    outbox.add_recipients(mailing=mailing, contacts=list(contacts))
    return mailing
