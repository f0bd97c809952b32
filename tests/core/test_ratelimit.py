from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core.models import RateCount
from core.ratelimit import Limit, forget_old, take, used

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
