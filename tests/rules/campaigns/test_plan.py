"""Pilot and waves: which message goes out when."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from campaigns.rules.plan import Plan, problem_with

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("plan", "messages", "waves"),
    [
        (Plan(), 1_000, [1_000]),
        (Plan(wave_size=400), 1_000, [400, 400, 200]),
        (Plan(wave_size=500), 1_000, [500, 500]),
        # The pilot is taken from these later, so its own wave is still empty here.
        (Plan(pilot=50), 1_000, [0, 1_000]),
        (Plan(pilot=50, wave_size=400), 1_000, [0, 400, 400, 200]),
    ],
)
def test_messages_fall_into_waves(plan, messages, waves):
    counted = Counter(plan.wave_of(place) for place in range(messages))
    assert [counted[number] for number in range(max(counted) + 1)] == waves


def test_a_wave_follows_the_one_before_by_its_hours():
    plan = Plan(wave_size=100, wave_hours=6)
    assert [plan.time_of(place, START) - START for place in (0, 99, 100, 250)] == [
        timedelta(0),
        timedelta(0),
        timedelta(hours=6),
        timedelta(hours=12),
    ]


@pytest.mark.parametrize(
    ("plan", "messages", "count"),
    [
        (Plan(), 0, 0),
        (Plan(), 5, 1),
        (Plan(pilot=50), 30, 1),
        (Plan(pilot=50), 51, 2),
        (Plan(pilot=50, wave_size=100), 350, 4),
        (Plan(wave_size=100), 101, 2),
    ],
)
def test_the_page_can_say_in_how_many_steps_it_goes_out(plan, messages, count):
    assert plan.waves(messages) == count


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (Plan(wave_size=9), "wave_size"),
        (Plan(remind_after_days=6), "remind_after_days"),
        (Plan(wave_size=10, remind_after_days=7), None),
    ],
)
def test_what_cannot_be_is_named(plan, field):
    found = problem_with(plan, pause_days=7)
    assert (found and found[0]) == field
