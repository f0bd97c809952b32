from datetime import date
from decimal import Decimal

import pytest

from portal.rules.invoices import Standing, days_late, is_open, standing

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("open_amount", "word", "opened"),
    [
        (Decimal("0.01"), "Paid In Full", True),
        (Decimal(0), "Open", False),
        (Decimal(-5), "Open", False),
        (None, "Open", True),
        (None, " PAST DUE ", True),
        (None, "Paid In Full", False),
        (None, "", False),
    ],
)
def test_the_open_amount_decides_before_the_word(open_amount, word, opened):
    assert is_open(open_amount, word) is opened


@pytest.mark.parametrize(
    ("due_on", "days"),
    [(date(2026, 11, 18), 4), (TODAY, 0), (date(2026, 12, 2), 0), (None, 0)],
)
def test_an_invoice_is_late_from_the_day_after_it_was_due(due_on, days):
    assert days_late(due_on, TODAY) == days


@pytest.mark.parametrize(
    ("open_amount", "due_on", "expected"),
    [
        (Decimal(5), date(2026, 11, 18), Standing.LATE),
        (Decimal(5), date(2026, 12, 2), Standing.OPEN),
        (Decimal(5), None, Standing.OPEN),
        (Decimal(0), date(2026, 11, 18), Standing.PAID),
    ],
)
def test_an_invoice_is_open_late_or_paid(open_amount, due_on, expected):
    assert standing(open_amount=open_amount, word="", due_on=due_on, today=TODAY) is expected
