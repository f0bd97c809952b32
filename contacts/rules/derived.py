"""Values of a contact or a customer that follow from its other values."""

from collections.abc import Mapping
from typing import Any

from contacts.rules.normalise import (
    address_key,
    digits,
    number_key,
    repaired_email,
    search_text,
)


def address_of(email: str) -> tuple[str, str, str]:
    """This will give an address in repaired form, its key, and its domain, cut to their columns."""
    if not email:
        return "", "", ""
    repaired = repaired_email(email)
    key = repaired.lower() if repaired.isascii() else address_key(email)
    domain = repaired.rpartition("@")[2] if "@" in email else ""
    return repaired[:320], key[:320], domain[:255]


def contact_search(values: Mapping[str, Any], customer: tuple[str, str] | None) -> str:
    """This will give the text in which a contact is looked for; `customer` is name and number."""
    told = values.get
    return search_text(
        told("first_name", ""),
        told("middle_name", ""),
        told("last_name", ""),
        told("email", ""),
        *(digits(number) for name in _PHONES if (number := told(name))),
        customer[0] if customer else told("organization", ""),
        *(_numbers(customer[1]) if customer else ()),
        told("alt_customer_id", ""),
    )


_PHONES = ("phone", "sms_number", "alternate_phone")


def customer_search(values: Mapping[str, Any]) -> str:
    """This will give the text in which a customer is looked for."""
    told = values.get
    return search_text(
        told("name", ""),
        *_numbers(told("account_number", "")),
        told("city", ""),
        told("postal_code", ""),
        digits(told("phone", "")),
        told("email", ""),
    )


def short_number_key(number: str) -> str:
    """This will give the key of an account or invoice number, cut to its column."""
    return number_key(number)[:64]


def _numbers(number: str) -> tuple[str, ...]:
    """This will give an account number as written and, when signs stand in it, its digits."""
    if number.isdecimal():
        return (number,)
    plain = digits(number)
    return (number,) if plain in (number, "") else (number, plain)
