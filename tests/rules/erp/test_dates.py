"""Dates as people, programs and spreadsheets write them."""

import pytest

from erp.rules.dates import DAY_FIRST, MONTH_FIRST, NoDateError, date_order, iso_date


@pytest.mark.parametrize(
    ("text", "order", "iso"),
    [
        ("3/4/2025", MONTH_FIRST, "2025-03-04"),
        ("3/4/2025", DAY_FIRST, "2025-04-03"),
        ("31.01.25", DAY_FIRST, "2025-01-31"),
        ("2025-01-31T08:15:00Z", MONTH_FIRST, "2025-01-31"),
        ("2025/1/31", MONTH_FIRST, "2025-01-31"),
        ("20250131", MONTH_FIRST, "2025-01-31"),
        ("45688", MONTH_FIRST, "2025-01-31"),
        ("12-Feb-25", MONTH_FIRST, "2025-02-12"),
        ("Feb 12, 2025", DAY_FIRST, "2025-02-12"),
        ("31. Januar 2025", DAY_FIRST, "2025-01-31"),
        ("3 février 2025", DAY_FIRST, "2025-02-03"),
        ("15 de enero de 2025", DAY_FIRST, "2025-01-15"),
        ("7 grudnia 2024", DAY_FIRST, "2024-12-07"),
        ("0000-00-00", DAY_FIRST, ""),
        ("00.00.0000", DAY_FIRST, ""),
        ("01/01/1753", MONTH_FIRST, ""),
    ],
)
def test_a_date_is_read_as_it_was_meant(text, order, iso):
    assert iso_date(text, order) == iso


@pytest.mark.parametrize("text", ["soon", "31/31/2025", "12-Foo-25", "1/2", "99999999"])
def test_what_is_no_date_is_not_made_one(text):
    with pytest.raises(NoDateError):
        iso_date(text, DAY_FIRST)


def test_one_clear_date_tells_the_order_of_all():
    assert date_order(["03/04/2025", "", "30/04/2025"]) == DAY_FIRST
    assert date_order(["03/04/2025", "04/30/2025"]) == MONTH_FIRST
    assert date_order(["03.04.2025"]) == DAY_FIRST
    assert date_order(["03/04/2025", "2025-04-30"]) == ""
