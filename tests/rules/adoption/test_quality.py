"""The score of the data: by group, by day, by import."""

from datetime import date

from adoption.rules.quality import COUNTS, MEANINGS, Group, Step, daily, gained, step_of
from contacts.rules.words import EmailStatus

MONDAY, TUESDAY, WEDNESDAY, NEXT_WEEK = (date(2026, 11, day) for day in (2, 3, 4, 11))


def test_every_state_of_an_address_is_explained_and_two_count() -> None:
    assert set(MEANINGS) == {status.value for status in EmailStatus}
    assert COUNTS == ("confirmed", "ok")


def test_a_group_s_score_is_its_share_of_good_addresses() -> None:
    group = Group("Julie Tran", ready=3, everybody=4)
    assert (group.score, group.left, Group("", 0, 0).score) == (75, 1, 0)


def test_a_day_without_a_figure_keeps_that_of_the_day_before() -> None:
    days = [MONDAY, TUESDAY, WEDNESDAY]
    assert daily(days, {TUESDAY: 80}) == [(TUESDAY, 80), (WEDNESDAY, 80)]


def test_an_import_is_shown_with_what_its_day_did_to_the_score() -> None:
    scores = {MONDAY: 80, WEDNESDAY: 77}
    assert step_of(WEDNESDAY, "contacts.csv", scores) == Step(WEDNESDAY, "contacts.csv", 77, -3)
    assert step_of(MONDAY, "first.csv", scores) == Step(MONDAY, "first.csv", 80, None)
    assert step_of(TUESDAY, "lost.csv", scores) == Step(TUESDAY, "lost.csv", None, None)


def test_the_gain_of_a_week_needs_a_figure_that_old() -> None:
    assert gained({WEDNESDAY: 70, NEXT_WEEK: 74}, NEXT_WEEK) == 4
    assert gained({NEXT_WEEK: 74}, NEXT_WEEK) is None
