"""Each preset finds the lists of its program by their heads, and each column its field."""

import shutil

import pytest

from contacts.rules.words import Entity
from erp.readers import tables
from erp.readers.tables import open_table, presets
from erp.rules import mapping
from erp.rules.plans import plan
from erp.rules.rows import Above, read_row
from tests.erp.conftest import ROOT

FILES = ROOT / "tests" / "data" / "presets"
# By file: the preset, what it is a list of, and one row as the contact, or customer, it makes.
FOUND = {
    "netsuite_contacts.csv": (
        "netsuite", Entity.CONTACT, 3,
        {
            "own_id": "71002", "account": "50010", "first_name": "Omar", "middle_name": "J",
            "last_name": "Feld", "full_name": "Omar Feld", "organization": "Brackwater Tiling",
            "job_title": "Buyer", "email": "omar.feld@brackwater-tiling.example",
            "sms_number": "207-555-0177", "active": "false", "username": "ofeld",
            "notes": "Left a message",
        },
    ),
    "sage_100_contacts.csv": (
        "sage_100", Entity.CONTACT, 3,
        {
            "account": "01-0004410", "code": "LINDA", "full_name": "Linda Barros",
            "first_name": "Linda", "last_name": "Barros", "phone": "207-555-0190",
            "email": "barros@eastyard.example",
        },
    ),
    "sage_intacct_customers.csv": (
        "sage_intacct", Entity.CONTACT, 2,
        {
            "account": "C-00118", "first_name": "Noor", "last_name": "Haddad",
            "email": "noor.haddad@veritylabs.example", "active": "true",
        },
    ),
    "business_central_contacts.csv": (
        "business_central", Entity.CONTACT, 3,
        {
            "own_id": "CT000211", "organization": "Nordhus Joinery Ltd",
            "full_name": "Maeve Colgan", "first_name": "Maeve", "last_name": "Colgan",
            "job_title": "Site manager", "phone": "020 7946 0102", "sms_number": "07700 900111",
            "email": "maeve.colgan@nordhus.example",
        },
    ),
    "business_central_customers.csv": (
        "business_central", Entity.CUSTOMER, 3,
        {
            "account": "D00311", "name": "Quarry Lane Stone", "phone": "020 7946 0155",
            "sales_rep_name": "JR", "terms": "CM", "active": "false", "postal_code": "LS1 4DY",
            "city": "Leeds", "country": "GB",
        },
    ),
    "sap_business_one_contacts.txt": (
        "sap_business_one", Entity.CONTACT, 4,
        {
            "own_id": "882", "account": "K10100", "full_name": "Luc Favre", "first_name": "Luc",
            "last_name": "Favre", "email": "luc@sandoz-metall.example", "active": "false",
        },
    ),
    "quickbooks_desktop.iif": (
        "quickbooks_desktop", Entity.CONTACT, 7,
        {
            "account": "7002", "full_name": "Kay Boyd", "first_name": "Kay", "last_name": "Boyd",
            "email": "plant@mossfield.example",
        },
    ),
    "quickbooks_online.csv": (
        "quickbooks_online", Entity.CONTACT, 6,
        {
            "account": "Bellweather Inn:Annex", "full_name": "Tom Ode", "first_name": "Tom",
            "last_name": "Ode", "email": "annex@bellweather.example",
        },
    ),
    "xero.csv": (
        "xero", Entity.CONTACT, 2,
        {
            "account": "HARBO100", "first_name": "Mia", "last_name": "Tane",
            "email": "mia@harbourview.example",
        },
    ),
    "odoo.csv": (
        "odoo", Entity.CONTACT, 3,
        {
            "own_id": "__export__.res_partner_52", "organization": "Atelier Corvin",
            "full_name": "Inès Corvin", "first_name": "Inès", "last_name": "Corvin",
            "job_title": "Gérante", "sms_number": "06 55 50 01 02", "active": "true",
            "email": "ines@atelier-corvin.example",
        },
    ),
    "erpnext_contacts.csv": (
        "erpnext", Entity.CONTACT, 2,
        {
            "own_id": "Asha Rao-Teal Foundry", "account": "CUST-2024-00017",
            "first_name": "Asha", "last_name": "Rao", "salutation": "Ms",
            "job_title": "Purchase head", "organization": "Teal Foundry",
            "email": "asha.rao@tealfoundry.example", "phone": "080-5550101",
            "sms_number": "+91 98450 00001",
        },
    ),
    "tryton.csv": (
        "tryton", Entity.CONTACT, 4,
        {
            "account": "1042", "full_name": "Marta Calderón", "first_name": "Marta",
            "last_name": "Calderón", "email": "marta@calderon.example",
        },
    ),
    "epicor_contacts.csv": (
        "epicor", Entity.CONTACT, 3,
        {
            "account": "ADDISON", "code": "2", "full_name": "Carl Voss", "first_name": "Carl",
            "last_name": "Voss", "email": "carl@addisonpumps.example", "active": "false",
        },
    ),
    "acumatica_contacts.csv": (
        "acumatica", Entity.CONTACT, 6,
        {
            "own_id": "10450", "account": "ABAKERY", "full_name": "Nguyen, Thi",
            "first_name": "Thi", "last_name": "Nguyen", "job_title": "Controller",
            "email": "thi@abakery.example", "phone": "+1 (425) 555-0101", "active": "true",
        },
    ),
    "hand_kept.csv": (
        "hand_kept", Entity.CONTACT, 6,
        {
            "account": "8100", "full_name": "Una Hale", "first_name": "Una", "last_name": "Hale",
            "email": "una@kettlecove.example", "phone": "207-555-0131", "notes": "likes tea",
        },
    ),
}  # fmt: skip


def opened(name, folder):
    """A file as it is after an upload: in a place of its own."""
    path = folder / "0"
    shutil.copy(FILES / name, path)
    return open_table(path)


def records_of(table, matched):
    """The records of every row, by row number."""
    how, above = plan(matched.entity, matched.columns), Above()
    return {row.number: read_row(how, row.cells, above) for row in tables.rows(table)}


@pytest.mark.parametrize("name", sorted(FOUND))
def test_a_preset_is_found_and_fills_the_fields(name, tmp_path):
    slug, entity, number, values = FOUND[name]

    table, matched = opened(name, tmp_path)

    assert (matched.name, matched.entity) == (slug, entity)
    assert mapping.missing_fields(matched) == []
    reasons = {column.reason for column in matched.columns if column.field}
    assert reasons == {next(preset.name for preset in presets() if preset.slug == slug)}
    rows = records_of(table, matched)
    assert [read.problems for read in rows.values()] == [[]] * len(rows)
    record = next(one for one in rows[number].records if one.entity is entity)
    assert {k: v for k, v in record.values.items() if not k.startswith("raw:")} == values


def test_every_preset_has_a_file_to_prove_it():
    assert {preset.slug for preset in presets()} == {slug for slug, *_ in FOUND.values()}


def test_a_column_that_the_preset_does_not_know_goes_by_its_name(tmp_path):
    path = tmp_path / "0"
    text = (FILES / "epicor_contacts.csv").read_text(encoding="utf-8").splitlines()
    lines = [f"{line},{more}" for line, more in zip(text, ["Notes", "a", "b", "c"], strict=True)]
    path.write_text("\n".join(lines), encoding="utf-8")

    _table, matched = open_table(path)

    assert (matched.name, matched.columns[-1].field) == ("epicor", "contact.notes")
    assert matched.columns[-1].reason == "Column name"
