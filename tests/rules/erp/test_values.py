"""Cells as values: nothing that people typed is coerced away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp.rules.dates import DAY_FIRST, MONTH_FIRST, date_order
from erp.rules.fields import FIELDS
from erp.rules.names import split_name
from erp.rules.values import (
    ADDRESS,
    AFTER_ACCOUNT,
    BY_NAME,
    COMMA,
    LEADING_ACCOUNT,
    PATH,
    POINT,
    UnreadableValueError,
    clean,
    number_of_name,
)


@pytest.mark.parametrize(
    ("path", "cell", "form", "value"),
    [
        ("contact.account", "0000306", "", "0000306"),
        ("contact.account", "401500007919", "", "401500007919"),
        ("contact.own_id", "1E5", "", "1E5"),
        ("contact.last_name", "NULL", "", "NULL"),
        ("contact.account", "401500007919.0", "", "401500007919"),
        ("contact.account", '="00123"', "", "00123"),
        ("contact.account", "'00123", "", "00123"),
        ("customer.postal_code", '="02134"', "", "02134"),
        ("contact.last_name", "=1+1", "", "=1+1"),
        ("customer.phone", "Phone:802-555-4871  Fax:802-555-0000", "", "802-555-4871"),
        ("customer.fax", "Phone:802-555-4871  Fax:802-555-0000", "", "802-555-0000"),
        ("contact.account", "Acme:North", BY_NAME, "Acme:North"),
        ("customer.name", "Acme:North", PATH, "North"),
        ("contact.email", "+1 207 555 0101", ADDRESS, ""),
        ("invoice.amount", "1.234", COMMA, "1234.00"),
        ("invoice.amount", "1.234", POINT, "1.23"),
        ("invoice.amount", "1.234,50", "", "1234.50"),
        ("customer.active", "Closed", "", "false"),
        ("customer.inactive", "Blocked", "", "true"),
        ("customer.inactive", "Nej", "", "false"),
        ("contact.is_company", "Company", "", "true"),
        ("contact.is_company", "Person", "", "false"),
        ("contact.country", "NA", "", "NA"),
        ("contact.last_name", "  O\u2019Neill \u200b ", "", "O\u2019Neill"),
        ("contact.email", "  bob@firm.com\n", "", "  bob@firm.com\n"),
        ("contact.notes", "Call first.\nGate 4", "", "Call first.\nGate 4"),
        ("contact.organization", "10002 ABC Plumbing", AFTER_ACCOUNT, "ABC Plumbing"),
        ("contact.organization", "Other Firm", AFTER_ACCOUNT, "Other Firm"),
        ("customer.parent", "11937 San Juan School District", LEADING_ACCOUNT, "11937"),
        ("customer.customer_since", "3/11/2011", MONTH_FIRST, "2011-03-11"),
        ("customer.customer_since", "11.03.2011", DAY_FIRST, "2011-03-11"),
        ("customer.customer_since", "2/24/2024 11:05 am", MONTH_FIRST, "2024-02-24"),
        ("customer.customer_since", "2024-02-24T10:00", "", "2024-02-24"),
        ("customer.customer_since", "14 Mar 2019", "", "2019-03-14"),
        ("customer.customer_since", "March 4, 2019", "", "2019-03-04"),
        ("customer.customer_since", "1/2/98", MONTH_FIRST, "1998-01-02"),
        ("contact.active", "tYES", "", "true"),
        ("contact.active", "Nein", "", "false"),
        ("invoice.amount", "$1,186.07", "", "1186.07"),
        ("invoice.amount", "1.186,07 €", "", "1186.07"),
        ("invoice.amount", "(15.50)", "", "-15.50"),
        ("invoice.amount", "1,234", "", "1234.00"),
        ("invoice.amount", "0,5", "", "0.50"),
    ],
)
def test_a_cell_becomes_its_value(path, cell, form, value):
    account = "10002" if form == AFTER_ACCOUNT else ""
    assert clean(FIELDS[path], cell, form, account) == value


@pytest.mark.parametrize(
    ("path", "cell"),
    [
        ("customer.customer_since", "soon"),
        ("customer.customer_since", "2/31/2024"),
        ("contact.active", "perhaps"),
        ("invoice.amount", "n/a"),
    ],
)
def test_a_cell_that_is_not_what_its_field_is_names_itself(path, cell):
    with pytest.raises(UnreadableValueError, match=cell):
        clean(FIELDS[path], cell, MONTH_FIRST)


@given(cell=st.text(max_size=50))
def test_a_text_value_is_stable(cell):
    field = FIELDS["contact.first_name"]
    once = clean(field, cell)

    assert clean(field, once) == once


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Alvarez, Teresa", {"first_name": "Teresa", "last_name": "Alvarez"}),
        (
            "Dr. Teresa M. Alvarez",
            {
                "salutation": "Dr.",
                "first_name": "Teresa",
                "middle_name": "M.",
                "last_name": "Alvarez",
            },
        ),
        ("Cher", {"first_name": "Cher"}),
    ],
)
def test_a_name_is_taken_apart(text, parts):
    assert split_name(text) == parts


@pytest.mark.parametrize(
    ("samples", "order"),
    [
        (["1/2/2024", "24/2/2024"], DAY_FIRST),
        (["1/2/2024", "2/24/2024"], MONTH_FIRST),
        (["01.02.2024"], DAY_FIRST),
        (["1/2/2024"], ""),
        (["", "2024-02-01"], ""),
    ],
)
def test_samples_tell_whether_days_come_first(samples, order):
    assert date_order(samples) == order


def test_a_name_that_stands_for_a_number_stays_short_and_its_own():
    long = "Society for the Preservation of Very Long Names in Commerce and Industry of the North"

    assert number_of_name("Acme Ltd") == "Acme Ltd"
    assert len(number_of_name(long)) <= 64
    assert number_of_name(long) != number_of_name(long + " East")
