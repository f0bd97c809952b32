"""Corrections in the ERP's own columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp.rules.mapping import Column
from erp.rules.writing import Correction, Sheet, build, harmless, is_risky

COLUMNS = [
    Column("Name", "contact.full_name"),
    Column("Internal ID", "contact.own_id"),
    Column("First", "contact.first_name"),
    Column("Last", "contact.last_name"),
    Column("Role", ""),
    Column("Customer ID", "contact.account"),
    Column("Email", "contact.email"),
    Column("Inactive", "contact.inactive"),
    Column("Born", "contact.birth_date", 0, "mdy"),
]
BASE = {
    "own_id": "48000",
    "account": "10002",
    "full_name": "Scot Steele",
    "first_name": "Scot",
    "last_name": "Steele",
    "email": " scott@firm.com ",
    "active": "true",
    "raw:active": "no",
}


def test_a_row_holds_the_key_and_the_corrected_columns():
    sheet = build(COLUMNS, [Correction(1, BASE, {"email": "scott@firm.com"})], "contact")

    assert sheet == Sheet(["Internal ID", "Email"], [["48000", "scott@firm.com"]], [1])


def test_a_cell_that_is_not_corrected_in_its_row_carries_the_last_value():
    other = BASE | {"own_id": "48001", "email": "  bo@firm.com"}
    sheet = build(
        COLUMNS,
        [
            Correction(1, BASE, {"email": "scott@firm.com"}),
            Correction(2, other, {"first_name": "Scott", "active": "false"}),
        ],
        "contact",
    )

    assert sheet.headers == ["Name", "Internal ID", "First", "Email", "Inactive"]
    assert sheet.rows == [
        ["Scot Steele", "48000", "Scot", "scott@firm.com", "no"],
        ["Scott Steele", "48001", "Scott", "  bo@firm.com", "yes"],
    ]


def test_a_contact_born_here_brings_its_account_and_no_id():
    new = Correction(-5, {}, {"account": "10002", "email": "new@firm.com"}, is_new=True)
    sheet = build(COLUMNS, [new], "contact")

    assert sheet == Sheet(
        ["Internal ID", "Customer ID", "Email"], [["", "10002", "new@firm.com"]], [-5]
    )


def test_dates_are_written_the_way_the_file_writes_them():
    sheet = build(COLUMNS, [Correction(1, BASE, {"birth_date": "1980-03-04"})], "contact")

    assert sheet.rows == [["48000", "3/4/1980"]]


def test_without_an_id_the_account_and_the_name_say_whose_row_it_is():
    columns = [column for column in COLUMNS if column.field != "contact.own_id"]
    sheet = build(columns, [Correction(1, BASE, {"email": "s@firm.com"})], "contact")

    assert sheet.headers == ["Name", "First", "Last", "Customer ID", "Email"]


@pytest.mark.parametrize(
    "value",
    ["=1+1", "+1 401", "-2+3", "@SUM(1)", "\t=1", "\r=1", "  =1", "\uff1d1", "\n@x"],
)
def test_a_formula_is_withheld_and_never_disguised(value):
    sheet = build(COLUMNS, [Correction(1, BASE, {"email": value})], "contact")

    assert sheet.rows == []
    assert list(sheet.withheld) == [1]


def test_a_risky_last_value_withholds_its_row_alone():
    risky = BASE | {"own_id": "=9"}
    sheet = build(
        COLUMNS,
        [Correction(1, risky, {"email": "a@b.com"}), Correction(2, BASE, {"email": "c@b.com"})],
        "contact",
    )

    assert sheet.written == [2]
    assert sheet.withheld == {1: "A spreadsheet could run “=9” in Internal ID as a formula."}


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_no_written_cell_starts_like_a_formula(values):
    corrections = [Correction(n, BASE, {"email": value}) for n, value in enumerate(values)]

    for row in build(COLUMNS, corrections, "contact").rows:
        assert not any(is_risky(cell) for cell in row)
        assert not any(cell.lstrip()[:1] in "=+-@" for cell in row if cell.strip())


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Ann", "Ann"),
        ("", ""),
        ("+1 (555) 014-2214", "+1 (555) 014-2214"),
        ("-12.50", "-12.50"),
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        (" =1", "' =1"),
    ],
)
def test_a_cell_for_a_person_to_correct_runs_nothing(cell, expected):
    assert harmless(cell) == expected
