from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from desk.rules.columns import USUAL, Column, chosen
from desk.rules.customers import CustomerQuery, read
from desk.rules.story import Line, change_text, field_words, kept_text, newest_first, value_words

FULL = CustomerQuery(
    words="acme", reps=("J T",), states=("TX",), types=("B",), active=True, portal=False,
    mine=True, house=True,
)  # fmt: skip


def test_a_customer_query_survives_the_address_line():
    assert read(parse_qs(str(FULL))) == FULL


def test_values_that_mean_nothing_are_left_out_of_a_customer_query():
    assert read(parse_qs("active=x&portal=&mine=1&house=true&state=+&q=+")) == CustomerQuery()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], USUAL),
        (["nothing"], USUAL),
        (["notes", "email"], (Column.EMAIL, Column.NOTES)),
    ],
)
def test_columns_stand_in_their_own_order(values, expected):
    assert chosen(values) == expected


@pytest.mark.parametrize(
    ("arguments", "by_import", "expected"),
    [
        (("phone", "", "Julie"), False, "Julie changed the phone"),
        (("email", "Ann Lee", "Julie"), False, "Julie changed Ann Lee’s email"),
        (("sms_number", "", ""), True, "Mobile phone changed by import"),
        (("phone", "Ann Lee", ""), True, "Ann Lee’s phone changed by import"),
        (("active", "", ""), False, "The program changed the active"),
    ],
)
def test_a_change_is_told_in_a_sentence(arguments, by_import, expected):
    assert change_text(*arguments, by_import=by_import) == expected


def test_the_newest_lines_come_first_and_the_rest_is_left_out():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    lines = [Line(start + timedelta(days=n), str(n)) for n in (2, 0, 3, 1)]
    assert [line.text for line in newest_first(lines, 3)] == ["3", "2", "1"]


def test_fields_and_values_have_words():
    assert [field_words("sms_number"), field_words("job_title")] == ["mobile phone", "job title"]
    assert [value_words("true"), value_words("Ann")] == ["yes", "Ann"]


def test_a_value_that_was_kept_is_told_with_who_stood_by_it():
    assert kept_text("sms_number", "", "Julie") == (
        "Julie kept the mobile phone; the source has another one"
    )
    assert kept_text("email", "Ann Lee", "") == (
        "The program kept Ann Lee’s email; the source has another one"
    )
