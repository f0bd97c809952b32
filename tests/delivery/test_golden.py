"""One whole message as a mail program receives it."""

import email
import email.policy

import pytest

from core.models import Configuration
from delivery import tokens
from delivery.actions import sending
from delivery.models import Message
from tests.delivery.conftest import make_contact, make_mailing

pytestmark = pytest.mark.django_db

PLAIN = """Your invoices are now online

Hello Priya Raman,

We have set up the Northfield Supply customer portal for Acme & Sons.
You can see and pay invoices at any time.

See your invoices:
https://www.example.com/invoices

Questions? Reply to this message or call (555) 014-2200.

--
Northfield Supply Co., 1200 Commerce Road, Austin, TX 78744
Not the right person?
{wrong_person}
Unsubscribe:
{unsubscribe}"""


BODY = (
    "# Your invoices are now online\n\nHello [ContactName],\n\n"
    "We have set up the Northfield Supply customer portal for **[CustomerName]**."
    " You can see and pay invoices at any time.\n\n"
    "[See your invoices](https://www.example.com/invoices)"
)


@pytest.fixture
def received(sink):
    configuration = Configuration.load()
    configuration.company_name = "Northfield Supply"
    configuration.postal_address = "Northfield Supply Co., 1200 Commerce Road, Austin, TX 78744"
    configuration.sender_email = "portal@northfield.example"
    configuration.reply_to = "dana@northfield.example"
    configuration.support_phone = "(555) 014-2200"
    configuration.accent = "#00695c"
    configuration.save()
    make_mailing(
        [make_contact(email="priya@acme.example")],
        subject="[CustomerName]: your invoices are now online",
        preheader="Set up your account, [FirstName].",
        body=BODY,
    )
    sending.pump(seconds=10)
    ((_, data),) = sink.accepted
    return email.message_from_bytes(data, policy=email.policy.default)


def test_the_headers_are_those_of_bulk_mail_that_can_be_stopped(received):
    row = Message.objects.get()
    headers = {name: str(value) for name, value in received.items() if name != "Date"}
    assert headers == {
        "Message-ID": f"<{row.pk}@northfield.example>",
        "From": "Northfield Supply <portal@northfield.example>",
        "To": "Priya Raman <priya@acme.example>",
        "Reply-To": "dana@northfield.example",
        "Subject": "Acme & Sons: your invoices are now online",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{tokens.unsubscribe_url(row.pk)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="=_{row.pk}"',
    }


def test_the_plain_text_says_all(received):
    row = Message.objects.get()
    plain, _ = received.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == PLAIN.format(
        wrong_person=tokens.wrong_person_url(row.pk), unsubscribe=tokens.unsubscribe_url(row.pk)
    )


def test_the_html_carries_its_styles_and_nothing_that_runs_or_loads(received):
    row = Message.objects.get()
    _, part = received.iter_parts()
    html = part.get_content()
    for there in (
        "<title>Acme &amp; Sons: your invoices are now online</title>",
        "Set up your account, Priya.</div>",
        "Your invoices are now online</h1>",
        "<strong>Acme &amp; Sons</strong>",
        'href="https://www.example.com/invoices"',
        "background: #00695c",
        tokens.unsubscribe_url(row.pk),
        tokens.wrong_person_url(row.pk),
        "Northfield Supply Co., 1200 Commerce Road, Austin, TX 78744",
    ):
        assert there in html
    for absent in ("<script", "<style", "<link", "<img", " class=", "\ue000", "\ue001"):
        assert absent not in html
