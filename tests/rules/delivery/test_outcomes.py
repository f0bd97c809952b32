from datetime import timedelta

import pytest

from delivery.rules.outcomes import (
    Outcome,
    Result,
    Stage,
    http_outcome,
    is_given_up,
    smtp_outcome,
    wait_before_next,
)


@pytest.mark.parametrize(
    ("stage", "code", "result"),
    [
        (Stage.CONNECT, 421, Result.UNREACHABLE),
        (Stage.CONNECT, 554, Result.UNREACHABLE),
        (Stage.SENDER, 421, Result.UNREACHABLE),
        (Stage.SENDER, 451, Result.LATER),
        (Stage.SENDER, 530, Result.SENDER),
        (Stage.SENDER, 535, Result.SENDER),
        (Stage.SENDER, 550, Result.SENDER),
        (Stage.RECIPIENT, 421, Result.UNREACHABLE),
        (Stage.RECIPIENT, 450, Result.LATER),
        (Stage.RECIPIENT, 452, Result.LATER),
        (Stage.RECIPIENT, 530, Result.SENDER),
        (Stage.RECIPIENT, 550, Result.REFUSED),
        (Stage.RECIPIENT, 553, Result.REFUSED),
        (Stage.TEXT, 421, Result.UNREACHABLE),
        (Stage.TEXT, 451, Result.LATER),
        (Stage.TEXT, 552, Result.REFUSED),
        (Stage.TEXT, 554, Result.REFUSED),
    ],
)
def test_each_answer_of_a_mail_server_has_one_meaning(stage, code, result):
    assert smtp_outcome(stage, code, "words") == Outcome(result, str(code), "words")


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, Result.LOST),
        (400, Result.REFUSED),
        (401, Result.SENDER),
        (403, Result.SENDER),
        (422, Result.REFUSED),
        (429, Result.UNREACHABLE),
        (500, Result.UNREACHABLE),
        (502, Result.LOST),
        (503, Result.UNREACHABLE),
        (504, Result.LOST),
    ],
)
def test_each_answer_of_a_provider_has_one_meaning(status, result):
    assert http_outcome(status, "words") == Outcome(result, str(status), "words")


@pytest.mark.parametrize(
    ("code", "words", "bad"),
    [
        ("550", "5.1.1 no such user", True),
        ("550", "5.1.10 null MX", True),
        ("550", "5.2.1 mailbox disabled", True),
        ("550", "no such user here", True),
        ("550", "5.7.1 blocked", False),
        ("552", "5.2.2 mailbox full", False),
        ("554", "rejected", False),
        ("invalid", "The provider refused it.", True),
        ("rejected", "The provider refused it.", False),
    ],
)
def test_only_a_missing_mailbox_speaks_against_the_address(code, words, bad):
    assert Outcome(Result.REFUSED, code, words).is_bad_address is bad


def test_what_was_not_refused_never_speaks_against_the_address():
    assert not Outcome(Result.LATER, "450", "5.1.1").is_bad_address


def test_waits_double_up_to_half_an_hour():
    waits = [wait_before_next(tries, 1.0) for tries in range(1, 10)]
    assert waits == [
        timedelta(seconds=seconds) for seconds in (10, 20, 40, 80, 160, 320, 640, 1280, 1800)
    ]
    assert wait_before_next(1, 0.0) == timedelta(seconds=5)


def test_eight_tries_are_enough():
    assert [tries for tries in range(12) if is_given_up(tries)] == [8, 9, 10, 11]


@pytest.mark.parametrize(
    ("header", "wait"),
    [("", 0), ("17", 17), (" 90 ", 90), ("99999", 3600), ("Wed, 21 Oct 2026 07:28:00 GMT", 0)],
)
def test_a_provider_may_ask_for_patience_up_to_an_hour(header, wait):
    assert http_outcome(429, "slow down", header).wait == wait
