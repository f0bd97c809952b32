import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.rules import rich, writing
from delivery.rules.fields import FIELDS
from delivery.rules.values import (
    MissingLinkError,
    Place,
    fill,
    fill_lines,
    fill_subject,
    first_link,
    masked,
)

LINKS = {name: "https://p.example/x" for name, field in FIELDS.items() if field.is_link}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[CustomerPortalLink]",
    "[[ContactName]",
    "[Click](https://evil.example/)",
    "**bold** # head",
    "https://evil.example/",
    "{{7*7}} {%debug%} ${7*7} {0.__class__} %s%n",
    "a\r\nBcc: x@evil.example",
    "acme\u202emoc",
    "\x00\x1b\ue0000\ue001",
    "x" * 5000,
]


def html(text, **values):
    return fill(writing.html(rich.parse(text)), {**LINKS, **values})


def plain(text, **values):
    return fill_lines(writing.plain(rich.parse(text)), {**LINKS, **values})


@pytest.mark.parametrize(
    ("text", "expected_html", "expected_plain"),
    [
        ("Hello\nyou\n\nbye", "<p>Hello<br>\nyou</p>\n<p>bye</p>\n", "Hello\nyou\n\nbye"),
        ("# Head", "<h1>Head</h1>\n", "Head"),
        ("- a\n- **b**", "<ul><li>a</li>\n<li><strong>b</strong></li>\n</ul>\n", "- a\n- b"),
        ("a ** b", "<p>a ** b</p>\n", "a ** b"),
        (
            "see [us](https://e.example/?a=1&b=2)",
            '<p>see <a href="https://e.example/?a=1&amp;b=2">us</a></p>\n',
            "see us (https://e.example/?a=1&b=2)",
        ),
        (
            "at https://e.example/x.",
            '<p>at <a href="https://e.example/x">https://e.example/x</a>.</p>\n',
            "at https://e.example/x.",
        ),
        (
            "[Start]([FindAccountLink])",
            (
                '<table role="presentation" class="action"><tr><td><a href="https://p.example/x">'
                "Start</a></td></tr></table>\n"
            ),
            "Start:\nhttps://p.example/x",
        ),
        (
            "[CustomerPortalLink]",
            (
                '<table role="presentation" class="action"><tr><td><a href="https://p.example/x">'
                "Set up my account</a></td></tr></table>\n"
            ),
            "Set up my account:\nhttps://p.example/x",
        ),
        (
            "![A door](https://e.example/door.png)",
            '<p><img src="https://e.example/door.png" alt="A door"></p>\n',
            "A door",
        ),
        ("1 < 2 & [sic]", "<p>1 &lt; 2 &amp; [sic]</p>\n", "1 < 2 & [sic]"),
        (
            "[x](javascript:alert(1))",
            "<p>[x](javascript:alert(1))</p>\n",
            "[x](javascript:alert(1))",
        ),
        ("Hi [FirstName|friend]", "<p>Hi friend</p>\n", "Hi friend"),
        ("Hi [ContactName]", "<p>Hi there</p>\n", "Hi there"),
        ("Hi [Salutation]!", "<p>Hi !</p>\n", "Hi !"),
    ],
)
def test_markup_becomes_html_and_text(text, expected_html, expected_plain):
    assert (html(text), plain(text)) == (expected_html, expected_plain)


class Elements(HTMLParser):
    """The elements of a page with their attributes, and nothing of its words."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, tuple(attrs)))


TEXT = (
    "# For [CustomerName]\n\nHello **[ContactName]**,\n\n- [FirstName]\n\n"
    "[Go, [LastName]]([FindAccountLink])\n\nat [the page](https://e.example/)"
)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_adds_no_element_link_or_line(value):
    names = ("CustomerName", "ContactName", "FirstName", "LastName")
    harmless = html(TEXT, **dict.fromkeys(names, "x"))
    page = html(TEXT, **dict.fromkeys(names, value))
    assert Elements(page).found == Elements(harmless).found
    text = plain(TEXT, **dict.fromkeys(names, value))
    assert "https://evil.example" not in text + page
    assert "Bcc:" not in [line[:4] for line in text.splitlines()]


@given(st.text(), st.text(max_size=400))
def test_any_value_in_any_text_is_only_text(text, value):
    names = [name for name in FIELDS if name not in LINKS]
    page = html(text, **dict.fromkeys(names, value))
    other = html(text, **dict.fromkeys(names, "x"))
    assert Elements(page).found == Elements(other).found
    assert not {"script", "iframe", "form", "style"} & {tag for tag, _ in Elements(page).found}


@given(st.text(alphabet=st.sampled_from("[]()*|!# -\nabCN:/.h"), max_size=300))
def test_any_markup_can_be_read_and_leads_to_web_addresses_only(text):
    for tag, attributes in Elements(html(text)).found:
        for name, value in attributes:
            if name in ("href", "src"):
                assert value.startswith(("http://", "https://", "mailto:", "tel:")), tag
    assert "\ue000" not in plain(text)


@given(st.text())
def test_a_subject_is_one_short_line_whatever_stands_in_it(value):
    pieces = writing.line_text(rich.read_subject("For [CustomerName]"), Place.SUBJECT)
    subject = fill_subject(pieces, {"CustomerName": value})
    assert subject.isprintable() or not any(sign in subject for sign in "\r\n\x00\u202e")
    assert len(subject) <= 200


@pytest.mark.parametrize("sign", ["[", "[a", "*", "[[", "![", "[x](", "- [a]("])
def test_a_long_line_of_markup_is_read_in_no_time(sign):
    started = time.perf_counter()
    rich.parse(sign * 20_000)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("value", ["", "javascript:alert(1)", "/relative", 'https://e.example/"x'])
def test_a_link_without_a_good_address_cannot_be_made(value):
    with pytest.raises(MissingLinkError):
        html("[FindAccountLink]", FindAccountLink=value)


def test_lines_are_broken_between_words_and_addresses_are_not():
    address = "https://e.example/" + "a" * 90
    text = plain(f"{'word ' * 30}\n\n[go]({address})\n\n- {'item ' * 20}")
    assert text.splitlines() == [
        ("word " * 14).strip(),
        ("word " * 14).strip(),
        "word word",
        "",
        "go:",
        address,
        "",
        f"- {('item ' * 14).strip()}",
        f"  {('item ' * 6).strip()}",
    ]


def test_kept_links_are_cut_short_and_others_stay():
    text = 'see https://p.example/i/SECRET and <a href="https://p.example/u/x?y=1">, https://o.example/'
    assert masked(text, "https://p.example") == (
        'see https://p.example/… and <a href="https://p.example/…">, https://o.example/'
    )
    assert first_link(text, "https://p.example") == "https://p.example/i/SECRET"
