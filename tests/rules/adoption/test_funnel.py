from datetime import date, timedelta

import pytest

from adoption.rules.attention import needs_attention
from adoption.rules.funnel import Stage, headline, quality, share, steps, wave_marks


def test_each_step_is_a_part_of_the_step_before() -> None:
    rows = steps({"customers": 200, "promoted": 200, "reachable": 150, "announced": 0})
    assert [(row.stage, row.count, row.percent, row.gap) for row in rows[:5]] == [
        (Stage.CUSTOMERS, 200, None, 0),
        (Stage.PROMOTED, 200, 100, 0),
        (Stage.REACHABLE, 150, 75, 50),
        (Stage.ANNOUNCED, 0, 0, 150),
        (Stage.INVITED, 0, None, 0),
    ]


def test_more_than_the_step_before_is_shown_as_all_of_it() -> None:
    rows = {row.stage: row for row in steps({"opened": 3, "registered": 5})}
    assert (rows[Stage.REGISTERED].percent, rows[Stage.REGISTERED].gap) == (100, 0)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, "No customers yet"),
        ({"customers": 4, "reachable": 3}, "75% of customers can be reached by email"),
        ({"customers": 4, "invited": 2, "registered": 1}, "25% of customers have registered"),
    ],
)
def test_the_headline_says_where_the_roll_out_stands(counts: dict[str, int], words: str) -> None:
    assert headline(counts) == words


def test_quality_is_the_share_of_good_addresses() -> None:
    assert quality({"ok": 6, "confirmed": 2, "invalid": 1, "missing": 1}) == (80, 8, 10)
    assert (quality({}), share(1, 0)) == ((0, 0, 0), 0)


def test_attention_names_what_is_there_and_leaves_out_what_is_not() -> None:
    lines = needs_attention({"bounced": 1, "sure": 240, "to_export": 2, "export_days": 3})
    assert [(line.title, line.text, line.url_name) for line in lines] == [
        (
            "1 address has bounced",
            "They wait in review with what the mail server said.",
            "review:queue",
        ),
        ("240 fixes are ready to accept", "95% sure or more. About 4 minutes.", "review:queue"),
        ("2 fixes not yet in the ERP", "The oldest is 3 days old.", "erp:write_back"),
    ]
    assert needs_attention({}) == []


WEEK_ENDS = [date(2026, 11, day) for day in (1, 8, 15, 22)]


@pytest.mark.parametrize(
    ("waves", "marks"),
    [
        ([], []),
        ([date(2026, 11, 3), date(2026, 11, 20)], [(1, "Wave 1"), (3, "Wave 2")]),
        ([date(2026, 10, 3), date(2026, 11, 3)], [(1, "Wave 2")]),
        ([date(2026, 11, 3), date(2026, 11, 4)], [(1, "Wave 2")]),
        ([date(2026, 11, 22)], [(3, "Wave 1")]),
    ],
)
def test_the_chart_marks_when_a_wave_went_out(waves, marks) -> None:
    assert wave_marks(WEEK_ENDS, waves) == marks


def test_only_the_newest_waves_are_marked_and_their_words_do_not_overlap() -> None:
    days = [date(2026, 1, 1) + timedelta(weeks=n) for n in range(53)]
    assert wave_marks(days, days[1:], most=3) == [
        (44, "Wave 44"),
        (48, "Wave 48"),
        (52, "Wave 52"),
    ]
