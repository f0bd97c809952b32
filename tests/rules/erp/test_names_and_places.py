"""Names and places that stand in one cell, taken apart; rows that are neither."""

import pytest

from erp.rules.names import is_form_of_address, split_name
from erp.rules.places import split_place
from erp.rules.remarks import is_aside, may_be_aside


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Jo Smith (left)", {"first_name": "Jo", "last_name": "Smith (left)"}),
        ("Jo Smith *gone*", {"first_name": "Jo", "last_name": "Smith *gone*"}),
        (
            "Ana Reis Lima (aposentada)",
            {"first_name": "Ana", "middle_name": "Reis", "last_name": "Lima (aposentada)"},
        ),
        ("Nachname, Vorname", {"first_name": "Vorname", "last_name": "Nachname"}),
        ("Müller, Hans-Peter", {"first_name": "Hans-Peter", "last_name": "Müller"}),
        ("Frau Dr. Eva Weiß", {"salutation": "Frau Dr.", "first_name": "Eva", "last_name": "Weiß"}),
        ("Herr Müller", {"salutation": "Herr", "last_name": "Müller"}),
        ("Mme Inès Corvin", {"salutation": "Mme", "first_name": "Inès", "last_name": "Corvin"}),
        ("Sra. Ana Ruiz", {"salutation": "Sra.", "first_name": "Ana", "last_name": "Ruiz"}),
        ("Dhr. J. de Vries", {"salutation": "Dhr.", "first_name": "J.", "last_name": "de Vries"}),
        ("S. Perez", {"first_name": "S.", "last_name": "Perez"}),
        ("M. Perez", {"first_name": "M.", "last_name": "Perez"}),
        ("Frau", {"last_name": "Frau"}),
        ("Rui Lima (saiu)", {"first_name": "Rui", "last_name": "Lima (saiu)"}),
        ("Bob Ray *left*", {"first_name": "Bob", "last_name": "Ray *left*"}),
        ("William (Bill) Day", {"first_name": "William", "last_name": "Day"}),
    ],
)
def test_a_name_with_a_form_of_address_is_taken_apart(text, parts):
    assert split_name(text) == parts


def test_forms_of_address_are_told_from_positions():
    known = ["Mrs", "Herr", "Frau Dr.", "M.", "Mme", "Dhr.", "Sra.", "Mr/Mrs"]
    assert [text for text in known if not is_form_of_address(text)] == []
    assert [text for text in ["Buyer", "Owner", "Dr. Who", ""] if is_form_of_address(text)] == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("02958 Providence", {"postal_code": "02958", "city": "Providence"}),
        ("19109-9791 Philadelphia", {"postal_code": "19109-9791", "city": "Philadelphia"}),
        ("D-79098 Freiburg im Breisgau", {"postal_code": "79098", "city": "Freiburg im Breisgau"}),
        ("1012 AB Amsterdam", {"postal_code": "1012 AB", "city": "Amsterdam"}),
        ("114 55 Stockholm", {"postal_code": "114 55", "city": "Stockholm"}),
        ("00-950 Warszawa", {"postal_code": "00-950", "city": "Warszawa"}),
        ("01310-100 São Paulo", {"postal_code": "01310-100", "city": "São Paulo"}),
        ("Bangor, ME 04401", {"postal_code": "04401", "city": "Bangor", "state": "ME"}),
        ("Toronto, ON M5V 2T6", {"postal_code": "M5V 2T6", "city": "Toronto", "state": "ON"}),
        ("London SE1 2AB", {"postal_code": "SE1 2AB", "city": "London"}),
        ("Boston, MA", {"city": "Boston", "state": "MA"}),
        ("Unit 5", {}),
        ("PO Box 118", {}),
        ("2nd Floor", {}),
        ("Hauptstraße 7", {}),
    ],
)
def test_a_zip_and_a_city_in_one_cell_are_taken_apart(text, parts):
    assert split_place(text) == parts


@pytest.mark.parametrize(
    ("cells", "aside"),
    [
        (["", "Subtotal: Boston", "", "12.50"], True),
        (["", "TOTAL 55 customers", "", ""], True),
        (["Summe", "", "1.234,50", ""], True),
        (["Total général", "", "12", ""], True),
        (["Page 2 of 9", "", "", ""], True),
        (["Monday, Jun 30, 2025 09:12:44 AM GMT-4", "", "", ""], True),
        (["Stand: 30.06.2025", "", "", ""], True),
        (["", "Total Plumbing Inc", "Ann Lee", "ann@total-plumbing.com"], False),
        (["", "", "Ann Lee", ""], False),
        (["", "Reportage GmbH", "Ida Roth", ""], False),
    ],
)
def test_totals_and_what_a_report_prints_are_no_records(cells, aside):
    assert is_aside(cells) is aside


def test_an_account_number_is_no_total():
    assert may_be_aside("Total")
    assert not may_be_aside("10045")
