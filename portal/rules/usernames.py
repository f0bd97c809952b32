"""Which usernames are allowed, and which one to offer."""

import re
import unicodedata
from collections.abc import Iterator

from contacts.rules.normalise import number_key

SHORTEST = 3
LONGEST = 150
ALLOWED = re.compile(r"[\w.@+-]+")


def tidy_username(value: str) -> str:
    """This will give a username as it is kept: one Unicode form, no outer blanks."""
    return unicodedata.normalize("NFKC", value).strip()


def why_not(username: str, account_number: str = "") -> str:
    """This will say what is wrong with a username; nothing when it may be used."""
    if not username:
        return "Enter a username"
    if not SHORTEST <= len(username) <= LONGEST:
        return f"Username must have {SHORTEST} to {LONGEST} characters"
    if not ALLOWED.fullmatch(username):
        return "Username may have letters, digits and @ . + - _ only"
    if is_house_name(username, account_number):
        return "Choose a username other than the account number"
    return ""


def is_house_name(username: str, account_number: str) -> bool:
    """This will say whether a username is the account number: the mark of a house user."""
    key = number_key(username)
    return bool(key) and key == number_key(account_number)


def offers(carried_over: str, email: str, first_name: str, last_name: str) -> Iterator[str]:
    """This will give usernames to offer, the best first: carried over, address, name, numbered.

    It never ends; take the first that is free.
    """
    given = [tidy_username(carried_over), tidy_username(email), _from_name(first_name, last_name)]
    local = tidy_username(email).partition("@")[0]
    for name in (*given, local):
        if not why_not(name):
            yield name
    stem = given[2] or local or "user"
    number = 2
    while True:
        yield f"{stem}{number}"
        number += 1


def _from_name(first_name: str, last_name: str) -> str:
    parts = (re.sub(r"[^\w-]", "", tidy_username(part).lower()) for part in (first_name, last_name))
    return ".".join(part for part in parts if part)[: LONGEST - 10]
