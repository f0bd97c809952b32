"""Accounts that stand for the company itself."""

import pytest

from erp.rules.house import is_house_account, is_house_user


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("HOUSE ACCOUNT", True),
        ("CASH SALES - COUNTER", True),
        ("zz DO NOT USE (merged)", True),
        ("Walk-in customer", True),
        ("House of Flowers", False),
        ("Cashmere & Sons", False),
        ("Opera House Ltd", False),
    ],
)
def test_a_house_account_is_known_by_its_name(name, expected):
    assert is_house_account(name) is expected


@pytest.mark.parametrize(
    ("username", "account", "name", "expected"),
    [
        ("10063", "10063", "Martinez Builders Co.", True),
        ("", "", "", False),
        ("ann@firm.com", "10063", "Ann Lee", False),
        ("", "10063", "HOUSE ACCOUNT", True),
        ("", "10063", "Gregory House", False),
    ],
)
def test_a_house_user_is_known_by_username_or_name(username, account, name, expected):
    assert is_house_user(username, account, name) is expected
