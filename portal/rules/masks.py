"""Addresses and numbers as strangers may see them."""

DOTS = "•••••"


def masked_address(address: str) -> str:
    """This will show the first letter and the domain of an address."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}{DOTS}{at}{domain}" if at else ""


def ending_of(account_number: str) -> str:
    """This will give the last letters of an account number, never more than half of it."""
    shown = min(4, len(account_number) // 2)
    return account_number[-shown:] if shown else ""
