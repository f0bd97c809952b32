from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core.models import RateCount
from core.ratelimit import Limit, book, forget_old, take, used

TWICE_AN_HOUR = Limit("find account", 2, timedelta(hours=1))
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_the_limit_holds_for_one_subject_and_not_for_another() -> None:
    with time_machine.travel(NOON, tick=False):
        assert [take(TWICE_AN_HOUR, "10.0.0.1") for _ in range(3)] == [True, True, False]
        assert take(TWICE_AN_HOUR, "10.0.0.2")
        assert used(TWICE_AN_HOUR, "10.0.0.1") == 3


@pytest.mark.django_db
def test_the_next_hour_starts_from_nothing() -> None:
    with time_machine.travel(NOON, tick=False):
        assert [take(TWICE_AN_HOUR, "a") for _ in range(3)] == [True, True, False]
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        assert take(TWICE_AN_HOUR, "a")


@pytest.mark.django_db
def test_the_table_holds_no_subject_in_clear_and_forgets() -> None:
    with time_machine.travel(NOON, tick=False):
        take(TWICE_AN_HOUR, "jane@acme.com")
    assert "jane" not in RateCount.objects.get().key
    assert forget_old(now=NOON + timedelta(days=3)) == 1


@pytest.mark.django_db
def test_bookings_stand_in_one_line_and_none_is_made_too_far_ahead() -> None:
    def waits(*units: int, within: float = 10) -> list[float | None]:
        return [book("dns", units=n, per_second=10, within=within) for n in units]

    with time_machine.travel(NOON, tick=False):
        assert waits(5, 20, 1) == [0, 0.5, 2.5]
        assert waits(1, within=1) == [None]
        assert waits(1) == [2.6]
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        assert waits(1) == [0]


@pytest.mark.django_db
def test_a_clock_that_was_set_back_does_not_stop_the_line() -> None:
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        book("dns", units=1, per_second=1, within=1)
    with time_machine.travel(NOON, tick=False):
        assert book("dns", units=1, per_second=1, within=1) == 0
