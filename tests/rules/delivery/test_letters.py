import email
import email.policy
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.rules.addresses import display_name, is_one_address
from delivery.rules.letters import Letter, as_bytes

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def letter(**fields):
    return Letter(
        **{
            "message_id": "1b4e28ba@northfield.example",
            "sender_name": "Northfield Supply Co.",
            "sender": "portal@northfield.example",
            "to_name": "Priya Raman",
            "to": "priya@acme.example",
            "subject": "Your invoices are online",
            "text": "Hello\n",
            **fields,
        }
    )


def read(made):
    return email.message_from_bytes(as_bytes(made, NOON), policy=email.policy.default)


def test_a_letter_as_it_goes_out():
    made = letter(
        html="<p>Grüße …</p>",
        text="Grüße …\n.\nend",
        subject="Grüße aus Köln",
        reply_to="dana@northfield.example",
        headers={"List-Unsubscribe": "<https://p.example/u/1/>"},
    )
    message = read(made)
    assert [(name, str(value)) for name, value in message.items()] == [
        ("Message-ID", "<1b4e28ba@northfield.example>"),
        ("Date", "Sun, 22 Nov 2026 12:00:00 +0000"),
        ("From", '"Northfield Supply Co." <portal@northfield.example>'),
        ("To", "Priya Raman <priya@acme.example>"),
        ("Reply-To", "dana@northfield.example"),
        ("Subject", "Grüße aus Köln"),
        ("List-Unsubscribe", "<https://p.example/u/1/>"),
        ("MIME-Version", "1.0"),
        ("Content-Type", 'multipart/alternative; boundary="=_1b4e28ba"'),
    ]
    plain, html = message.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert plain.get_content() == "Grüße …\r\n.\r\nend"
    assert (html.get_content_type(), html.get_content()) == ("text/html", "<p>Grüße …</p>")


def test_no_line_is_too_long_and_every_line_ends_as_smtp_wants():
    data = as_bytes(letter(html="<p>" + "ä" * 5000 + "</p>", text="x" * 5000), NOON)
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\r" in line or b"\n" in line for line in lines)


@given(st.text(), st.text(), st.text(), st.text())
def test_nothing_that_a_customer_is_called_adds_a_header_or_a_recipient(name, subject, text, html):
    made = letter(to_name=name, subject=subject, text=text, html=html, sender_name=name)
    message = read(made)
    expected = ["Message-ID", "Date", "From", "To", "Subject", "MIME-Version", "Content-Type"]
    assert message.keys() == [*expected, *([] if html else ["Content-Transfer-Encoding"])]
    assert [address.addr_spec for address in message["To"].addresses] == ["priya@acme.example"]
    assert [address.addr_spec for address in message["From"].addresses] == [
        "portal@northfield.example"
    ]
    assert message.defects == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "a@b@c.example",
        "a@b.example, c@d.example",
        "a@b.example;c@d.example",
        "a@b.example c@d.example",
        "a@b.example\r\nBcc: x@y.example",
        "Name <a@b.example>",
        "<a@b.example>",
        "mailto:a@b.example",
        '"a b"@c.example',
        "team:a@b.example;",
        "a@[127.0.0.1]",
        "a@b.example.",
        ".a@b.example",
        "a..b@c.example",
        "a@b.example\x00",
        "a\u202e@b.example",
        "a\ud800@b.example",
        "a" * 65 + "@b.example",
        "a@" + "b" * 260,
    ],
)
def test_what_is_not_exactly_one_address_is_not_mailed_to(value):
    assert not is_one_address(value)


@pytest.mark.parametrize(
    "value", ["a@b.example", "o'neil+tag@b.example", "jörg@b.example", "a.b@xn--kln-sna.example"]
)
def test_one_address_is_one(value):
    assert is_one_address(value)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Priya Raman", "Priya Raman"),
        ("evil@x.example, <b>", "evil x.example b"),
        ("a\r\nBcc: x", "a Bcc x"),
        ("x" * 200, "x" * 75),
    ],
)
def test_a_name_cannot_be_read_as_an_address(name, shown):
    assert display_name(name) == shown
