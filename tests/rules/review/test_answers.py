from datetime import date

import pytest

from review.rules import texts
from review.rules.answers import Choice, Told, choices_for, person_words, told

C = Choice


@pytest.mark.parametrize(
    ("field", "value", "suggestion", "choices"),
    [
        ("email", "", "", (C.OTHER, C.NO_EMAIL, C.PERSON, C.LEFT, C.UNKNOWN)),
        ("email", "a@x", "a@x.com",
         (C.SUGGESTED, C.RIGHT, C.OTHER, C.NO_EMAIL, C.PERSON, C.LEFT, C.UNKNOWN)),
        ("name", "Ann Lee", "", (C.RIGHT, C.OTHER, C.LEFT, C.UNKNOWN)),
    ],
)  # fmt: skip
def test_what_may_be_answered_follows_from_what_is_on_file(field, value, suggestion, choices):
    assert choices_for(field=field, value=value, suggestion=suggestion) == choices


BO = {"first_name": "Bo", "last_name": "Ray", "email": "bo@x.com"}


@pytest.mark.parametrize(
    ("kind", "values", "person", "said"),
    [
        ("change", {"email": "a@x.com"}, {}, Told("ok", "pen", "Should be", "a@x.com")),
        ("change", {"first_name": "Ann", "last_name": "Lee"}, {},
         Told("ok", "pen", "Should be", "Ann Lee")),
        ("change", {"phone": "5", "fax": "6"}, {}, Told("ok", "pen", "Should be", "5, 6")),
        ("right", {}, {}, Told("ok", "check", "It is right as it is", "old@x.com")),
        ("no_email", {}, {}, Told("warn", "ban", "Has no email address")),
        ("left", {}, {}, Told("warn", "out", "Has left")),
        ("left", {}, BO, Told("warn", "out", "Has left; write to Bo Ray, bo@x.com")),
        ("person", {}, BO,
         Told("info", "user", "Write to Bo Ray, bo@x.com instead", "bo@x.com")),
        ("unknown", {}, {}, Told("", "help", "Does not know")),
    ],
)  # fmt: skip
def test_an_answer_is_told_in_words(kind, values, person, said):
    assert told(kind, values, person, "old@x.com") == said


def test_somebody_is_named_by_what_is_known():
    assert [person_words(who) for who in (BO, {"email": "b@x"}, {"last_name": "Ray"}, {})] == [
        "Bo Ray, bo@x.com",
        "b@x",
        "Ray",
        "",
    ]


def test_the_mail_to_a_colleague_reads_no_name_as_a_link():
    text = texts.digest(
        name="[Bo](https://evil.example)", count=1, url="https://ours/q/", reminder=False,
        until=date(2026, 12, 6),
    )  # fmt: skip
    assert text.subject == "1 contact: which address is right?"
    assert text.body.startswith("Hello Bo(https://evil.example),")
    assert "[Answer now](https://ours/q/)" in text.body
    assert "works until 6 December." in text.body
