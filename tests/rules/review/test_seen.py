"""What a decision says it saw."""

import pytest

from review.rules.seen import Seen, mark_of, read_seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("12-5f3a", Seen(12, "5f3a")),
        ("12-", Seen(12, "")),
        ("", Seen()),
        ("-5f3a", Seen()),
        ("12", Seen(12, "")),
        ("x-5f3a", Seen()),
        ("²-5f3a", Seen()),
        ("9" * 40 + "-5f3a", Seen()),
    ],
)
def test_reading_it_back(text, seen):
    assert read_seen(text) == seen


def test_a_mark_changes_with_the_value_and_with_the_suggestion():
    marks = {mark_of(value, meant) for value in ("a", "b", "") for meant in ("a", "b", "")}
    assert len(marks) == 9


def test_who_sent_no_mark_is_believed():
    assert not Seen(12, "").differs(mark_of("a", "b"))
    assert not Seen(12, mark_of("a", "b")).differs(mark_of("a", "b"))
    assert Seen(12, mark_of("a", "b")).differs(mark_of("a", "c"))
