import inspect

import pytest

from delivery.rules.fields import problems
from delivery.rules.states import Purpose
from portal.rules import texts

GIVEN = {
    "url": "https://portal.example/x/",
    "minutes": 120,
    "days": 30,
    "count": 2,
    "reason": "We do not know you",
}


def every_text():
    functions = {
        name: function
        for name, function in inspect.getmembers(texts, inspect.isfunction)
        if inspect.signature(function).return_annotation is texts.Text
    }
    for name, function in functions.items():
        wanted = inspect.signature(function).parameters
        yield name, function(**{key: GIVEN.get(key, GIVEN["url"]) for key in wanted})


@pytest.mark.parametrize(("name", "text"), list(every_text()))
def test_every_mail_holds_known_fields_and_a_short_subject(name, text):
    assert problems(f"{text.subject}\n{text.body}", Purpose.ACCOUNT) == []
    assert len(text.subject) <= 60
    assert "[CompanyName]" in text.subject


@pytest.mark.parametrize(
    ("minutes", "words"), [(120, "2 hours"), (60, "1 hour"), (90, "90 minutes"), (5, "5 minutes")]
)
def test_a_time_is_said_in_words(minutes, words):
    assert texts.lasting(minutes) == words


def test_a_reason_cannot_become_a_link_or_a_field():
    reason = "see [this](https://evil.example)\n# Big <b>bold</b> *now*"
    assert texts.plain(reason) == "see this(https://evil.example) Big bbold/b now"
