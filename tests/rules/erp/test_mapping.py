"""Column heads find their fields, in several languages, and a person can correct them."""

import pytest

from contacts.rules.words import Entity
from erp.readers.tables import presets
from erp.rules import mapping
from erp.rules.fields import FIELDS
from erp.rules.mapping import Column, UnknownFieldError, missing_fields, parse_preset
from erp.rules.matching import match


def fields_of(matched):
    return [column.field for column in matched.columns]


def test_the_preset_of_the_sample_knows_all_three_files():
    heads = "Internal ID,Name,First Name,Last Name,Company,Customer ID,Email,Role,Inactive"
    matched = match(heads.split(","), [], presets())

    assert (matched.name, matched.entity) == ("netsuite", Entity.CONTACT)
    assert fields_of(matched) == [
        "contact.own_id",
        "contact.full_name",
        "contact.first_name",
        "contact.last_name",
        "contact.organization",
        "contact.account",
        "contact.email",
        "",
        "contact.inactive",
    ]


HEADS = [
    (
        "Customer ID,Name,Contact ID,Contact,Email,Phone",
        "contact: account customer.name own_id full_name email phone",
    ),
    (
        "CUSTNMBR,CUSTNAME,CNTCPRSN,EMAIL,PHONE1,ZIP,USERDEF1",
        "contact: account customer.name full_name email phone customer.postal_code -",
    ),
    (
        "Kundennummer,Firma,PLZ,Ort,E-Mail",
        "customer: account name postal_code city email",
    ),
    (
        "Kundennr.,Ansprechpartner,E-Mail-Adresse,Telefon,Handy",
        "contact: account full_name email phone sms_number",
    ),
    (
        "N° client,Prénom,Nom de famille,Courriel",
        "contact: account first_name last_name email",
    ),
    (
        "Código cliente,Nombre de pila,Apellidos,Correo electrónico",
        "contact: account first_name last_name email",
    ),
    (
        "Invoice No,Customer No,Invoice Date,Amount,Balance",
        "invoice: number account issued_on amount open_amount",
    ),
    (
        "Account,Company,Contact,Email,Contact,Email",
        "contact: account customer.name full_name email full_name email",
    ),
    ("is_staff,Account,Name,id,Email", "customer: - account name - email"),
]


@pytest.mark.parametrize(("heads", "expected"), HEADS)
def test_heads_find_their_fields(heads, expected):
    matched = match(heads.split(","), [], presets())
    prefix = f"{matched.entity.value}."

    fields = " ".join(field.removeprefix(prefix) or "-" for field in fields_of(matched))
    assert f"{matched.entity.value}: {fields}" == expected


def test_two_people_in_a_row_are_two_slots():
    matched = match(["Account", "Contact", "Email", "Contact", "Email"], [])

    assert [column.slot for column in matched.columns] == [0, 0, 0, 1, 1]


def test_a_likely_name_is_taken_with_less_confidence():
    matched = match(["Customer ID", "Contact", "Emial Address"], [])

    assert matched.columns[2].field == "contact.email"
    assert matched.columns[2].confidence < mapping.SURE
    assert matched.columns[2].reason == "Similar name, check this"


def test_a_column_of_addresses_is_seen_by_its_values():
    rows = [["7", "Ann Lee", "ann@firm.com"], ["8", "Bo Day", "bo@firm.com"], ["9", "Cy", ""]]
    matched = match(["Customer ID", "Contact", "Column3"], rows)

    assert matched.columns[2].field == "contact.email"
    assert matched.columns[2].reason == "Values are addresses"


def test_what_a_list_cannot_do_without_is_named():
    assert missing_fields(match(["Name", "Phone", "City"], [])) == ["customer account number"]
    assert missing_fields(match(["Customer ID", "Contact"], [], entity=Entity.CONTACT)) == [
        "contact id or email address"
    ]
    assert missing_fields(match(["Customer ID", "Email"], [])) == []


def test_a_confirmed_mapping_is_used_again_also_when_columns_moved_or_one_is_new():
    heads = ["Acct", "Who", "Where to"]
    matched = mapping.Matched(
        "generic",
        Entity.CONTACT,
        (
            Column("Acct", "contact.account"),
            Column("Who", "contact.full_name"),
            Column("Where to", "contact.email"),
        ),
    )
    told = mapping.remember(matched)

    again = mapping.use(["Where to", "Acct", "Who"], told)
    assert again is not None
    assert fields_of(again) == ["contact.email", "contact.account", "contact.full_name"]
    more = mapping.use([*heads, "New"], told)
    assert more is not None
    assert fields_of(more) == ["contact.account", "contact.full_name", "contact.email", ""]
    assert not mapping.is_sure(more)
    assert mapping.use(["Acct", "Who"], told) is None


def test_a_new_column_is_proposed_by_its_name_where_the_field_is_free():
    saved = mapping.remember(
        mapping.Matched("generic", Entity.CONTACT, (Column("Where to", "contact.email"),))
    )
    heads = ["Phone", "Where to", "Email"]
    fresh = [
        Column("Phone", "contact.phone", confidence=1.0),
        Column("Where to"),
        Column("Email", "contact.email", confidence=1.0),
    ]

    found = mapping.best_saved(heads, {"whereto": saved}, fresh)
    assert found is not None
    assert [(column.field, column.reason) for column in found.columns] == [
        ("contact.phone", "New column, check this"),
        ("contact.email", "Saved mapping"),
        ("", "New column"),
    ]


def test_what_has_no_field_is_kept_on_request():
    matched = match(["Customer ID", "Name", "Loyalty tier", ""], [])

    kept = mapping.keep_rest(matched)
    assert fields_of(kept) == ["customer.account", "customer.name", "customer.custom", ""]


def test_no_head_can_reach_a_field_that_is_not_listed():
    forbidden = {"email_status", "portal_stage", "promote", "invite", "version", "is_house_user"}

    assert not {field.name for field in FIELDS.values()} & forbidden


def test_a_preset_with_an_unknown_field_is_refused():
    text = 'name = "X"\n[contact]\nrequire = ["A"]\n[contact.columns]\n"A" = "contact.is_staff"\n'

    with pytest.raises(UnknownFieldError):
        parse_preset("x", text)
