from itertools import islice

import pytest

from portal.rules.usernames import is_house_name, offers, tidy_username, why_not


@pytest.mark.parametrize(
    ("username", "account_number", "sentence"),
    [
        ("priya.raman@acme.com", "ACME0001", ""),
        ("zoë", "", ""),
        ("", "", "Enter a username"),
        ("ab", "", "Username must have 3 to 150 characters"),
        ("a" * 151, "", "Username must have 3 to 150 characters"),
        ("two words", "", "Username may have letters, digits and @ . + - _ only"),
        ("<b>priya", "", "Username may have letters, digits and @ . + - _ only"),
        ("ACME0001", "ACME0001", "Choose a username other than the account number"),
        ("acme-0001", "ACME0001", "Choose a username other than the account number"),
        ("ACME0001", "HARB0002", ""),
    ],
)
def test_what_a_username_may_be(username, account_number, sentence):
    assert why_not(username, account_number) == sentence


@pytest.mark.parametrize(
    ("username", "account_number", "is_house"),
    [
        ("00010002", "10002", True),
        ("10002", "10002", True),
        ("10002a", "10002", False),
        ("", "", False),
        ("--", "--", False),
    ],
)
def test_a_house_user_is_named_like_its_account(username, account_number, is_house):
    assert is_house_name(username, account_number) is is_house


@pytest.mark.parametrize(
    ("known", "best"),
    [
        (
            ("oldtimer", "p.raman@acme.com", "Priya", "Raman"),
            ["oldtimer", "p.raman@acme.com", "priya.raman", "p.raman", "priya.raman2"],
        ),
        (("", "p.raman@acme.com", "", ""), ["p.raman@acme.com", "p.raman", "p.raman2"]),
        (("", "", "", ""), ["user2", "user3"]),
        (("no good", "", "Jean Luc", "O’Neil"), ["jeanluc.oneil", "jeanluc.oneil2"]),
    ],
)
def test_the_best_username_is_offered_first(known, best):
    assert list(islice(offers(*known), len(best))) == best


def test_a_username_is_kept_in_one_form():
    assert tidy_username("  \uff50\uff52iya ") == "priya"
