"""Who a record is from one file to the next, and whether it is still the same."""

import json
from collections.abc import Mapping
from hashlib import blake2b

from contacts.rules.normalise import address_key, tidy
from contacts.rules.words import Entity

LONGEST_KEY = 200
RAW = "raw:"
GENERAL = "of:"  # a contact made of the address on a customer's own row


def record_key(entity: Entity, values: Mapping[str, str]) -> str:
    """This will give the key of a record, or nothing when the row names no one.

    The record's own id where the file has one, or the code it has at its customer; an invoice's
    number; a customer's account number; a contact's account with its address, else with its
    name. Never the place in the file.
    """
    if own_id := values.get("own_id"):
        return _short("id", own_id)
    account = values.get("account", "")
    if code := values.get("code"):
        return _short("cd", f"{account}|{code}")
    if entity is Entity.INVOICE:
        return _short("no", values["number"]) if values.get("number") else ""
    if entity is Entity.CUSTOMER:
        return _short("no", account) if account else ""
    if address := address_key(values.get("email", "")):
        return _short("at", f"{account}|{address}")
    name = name_of(values)
    return _short("nm", f"{account}|{name}") if name else ""


def key_with_name(values: Mapping[str, str]) -> str:
    """This will give the key of a contact who shares an address with somebody at the customer."""
    address, name = address_key(values.get("email", "")), name_of(values)
    return _short("an", f"{values.get('account', '')}|{address}|{name}") if name else ""


def is_of_address(key: str) -> bool:
    """This will say whether a key says no more of a contact than the address."""
    return key.startswith("at:")


def name_of(values: Mapping[str, str]) -> str:
    """This will give a person's name in the form in which names are compared."""
    return tidy(" ".join(values.get(part, "") for part in NAME_PARTS)).casefold()


NAME_PARTS = ("first_name", "middle_name", "last_name")


def general_key(customer_key: str) -> str:
    """This will give the key of the contact that the address on a customer's own row makes."""
    return _short("of", customer_key)


def fingerprint(values: Mapping[str, str], told: str = "") -> str:
    """This will give 32 letters that change when any value does; the order plays no part.

    `told` names the columns that the file has: a blank cell and an absent column are not the same.
    """
    return fingerprint_of(text_of(values), told)


def text_of(values: Mapping[str, str]) -> str:
    """This will give values as JSON, always in the same order."""
    return _encode(values)


def fingerprint_of(text: str, told: str = "") -> str:
    """This will give the fingerprint of values from their text."""
    return blake2b(f"{told}{text}".encode(), digest_size=16).hexdigest()


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def cell_of(values: Mapping[str, str], name: str) -> str:
    """This will give a field's cell as it stood in the file."""
    name = "active" if name == "inactive" else name
    return values.get(RAW + name, values.get(name, ""))


def _short(kind: str, text: str) -> str:
    key = f"{kind}:{text}"
    if len(key) <= LONGEST_KEY:
        return key
    return f"{kind}:#{blake2b(text.encode(), digest_size=16).hexdigest()}"
