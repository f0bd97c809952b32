from dataclasses import replace
from datetime import date

import pytest

from portal.rules.proof import Facts, OnFile, is_recent, keys_of, proven

TODAY = date(2026, 11, 22)
ACME = OnFile(
    customer_id=7,
    postal_code="78701-2210",
    has_invoice=True,
    issued_on=date(2026, 11, 2),
    newest_on=date(2026, 11, 2),
)


def facts(account="ACME-0001", postal="78701", invoice="INV 204418"):
    return keys_of(Facts(account, postal, invoice))


@pytest.mark.parametrize(
    ("account", "postal", "invoice"),
    [
        ("ACME-0001", "78701", "INV-204418"),
        ("acme 0001", "78701-2210", "inv204418"),
        (" ACME0001 ", " 78701 ", "INV 204418"),
    ],
)
def test_spelling_does_not_matter(account, postal, invoice):
    keys = keys_of(Facts(account, postal, invoice))
    assert keys == keys_of(Facts("ACME0001", "78701", "INV204418"))
    assert proven(keys, [ACME], TODAY) == 7


@pytest.mark.parametrize(("typed", "on_file"), [("4103", "04103-2210"), ("04103", "4103")])
def test_a_zip_may_have_lost_its_leading_zero(typed, on_file):
    row = OnFile(7, on_file, has_invoice=True)
    assert proven(facts(postal=typed), [row], TODAY) == 7


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (facts(account=""), [ACME]),
        (facts(postal="78702"), [ACME]),
        (facts(postal=""), [OnFile(7, "", has_invoice=True)]),
        (facts(invoice=""), [ACME]),
        (facts(), []),
        (facts(), [OnFile(7, "78701", has_invoice=False)]),
        (facts(), [replace(ACME, issued_on=date(2024, 1, 2))]),
        (facts(), [ACME, replace(ACME, customer_id=8)]),
    ],
    ids=[
        "no account",
        "other zip",
        "no zip anywhere",
        "no invoice",
        "unknown account",
        "another's invoice",
        "old invoice",
        "two accounts",
    ],
)
def test_anything_less_than_three_facts_of_one_account_proves_nothing(keys, found):
    assert proven(keys, found, TODAY) is None


@pytest.mark.parametrize(
    ("issued_on", "newest_on", "recent"),
    [
        (date(2026, 11, 2), date(2026, 11, 2), True),
        (date(2025, 11, 22), date(2026, 11, 2), True),
        (date(2025, 10, 31), date(2026, 11, 2), False),
        (date(2024, 3, 1), date(2024, 9, 1), True),
        (date(2023, 3, 1), date(2024, 9, 1), False),
        (None, date(2026, 11, 2), True),
        (date(2026, 1, 1), date(2030, 1, 1), True),
        (date(2026, 1, 1), None, True),
    ],
)
def test_recent_is_counted_from_the_newest_invoice_that_is_not_in_the_future(
    issued_on, newest_on, recent
):
    assert is_recent(issued_on, newest_on, TODAY) is recent
