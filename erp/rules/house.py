"""Accounts and contacts that stand for the company itself, not for a customer."""

import re

_HOUSE_ACCOUNT = re.compile(
    r"\b(house (account|sales|cust\w*)|cash (sale|sales|customer|account)|counter sales?"
    r"|walk[- ]?in( customer)?|over the counter|do not use|misc(ellaneous)? (customer|sales)"
    r"|barverkauf|laufkundschaft|vente comptant|venta de contado)\b",
    re.IGNORECASE,
)
_HOUSE_USER = re.compile(r"^\W*(house( user| account)?|cash sales?)\b", re.IGNORECASE)


def is_house_account(name: str) -> bool:
    """This will recognise "HOUSE ACCOUNT", "CASH SALES - COUNTER", "zz DO NOT USE (merged)"."""
    return bool(_HOUSE_ACCOUNT.search(name))


def is_house_user(username: str, account: str, name: str) -> bool:
    """This will recognise a system contact: its username is the account number, or its name."""
    username = username.strip()
    return bool(username and username == account.strip()) or bool(_HOUSE_USER.match(name))
