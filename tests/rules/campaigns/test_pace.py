from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from campaigns.rules.pace import BOTTOM, TOP, Bucket, Unit, pace, unit_for

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "unit"),
    [
        (timedelta(0), Unit.MINUTE),
        (timedelta(minutes=59), Unit.MINUTE),
        (timedelta(minutes=60), Unit.HOUR),
        (timedelta(hours=59), Unit.HOUR),
        (timedelta(hours=60), Unit.DAY),
    ],
)
def test_a_column_stands_for_what_keeps_the_chart_readable(span, unit):
    assert unit_for(NINE, NINE + span) is unit


def test_every_minute_from_first_to_last_has_a_column():
    chart = pace({NINE: Bucket(40, 2), NINE + timedelta(minutes=2): Bucket(20)}, Unit.MINUTE)
    assert [(one.words, one.bucket) for one in chart.columns] == [
        ("09:00", Bucket(40, 2)),
        ("09:01", Bucket(0)),
        ("09:02", Bucket(20)),
    ]


def test_the_highest_column_stays_inside_and_what_came_back_is_its_foot():
    column = pace({NINE: Bucket(60, 30)}, Unit.MINUTE).columns[0]
    assert (column.y, column.height, column.back_y) == (TOP, BOTTOM - TOP, (TOP + BOTTOM) / 2)


def test_the_axis_has_four_lines_and_starts_at_nothing():
    chart = pace({NINE: Bucket(45)}, Unit.MINUTE)
    assert [tick.words for tick in chart.grid] == ["0", "20", "40", "60"]


def test_days_are_named_by_their_date():
    assert pace({NINE: Bucket(1)}, Unit.DAY).columns[0].words == "24 Nov"


def test_a_long_campaign_has_few_labels_that_do_not_overlap():
    buckets = {NINE + timedelta(minutes=n): Bucket(1) for n in range(60)}
    labels = pace(buckets, Unit.MINUTE).labels
    assert len(labels) == 6
    assert all(later.at - earlier.at > 60 for earlier, later in pairwise(labels))
