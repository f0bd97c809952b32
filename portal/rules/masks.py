"""Addresses and numbers as strangers may see them, and networks as limits count them."""

from ipaddress import IPv6Address, ip_address, ip_network

DOTS = "•••••"


def masked_address(address: str) -> str:
    """This will show the first letter and the domain of an address."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}{DOTS}{at}{domain}" if at else ""


def ending_of(account_number: str) -> str:
    """This will give the last letters of an account number, never more than half of it."""
    shown = min(4, len(account_number) // 2)
    return account_number[-shown:] if shown else ""


def network_of(address: str) -> str:
    """This will give what a limit counts as one visitor: an IPv4 address or an IPv6 /64."""
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(ip_network((known, 64), strict=False).network_address)
    return str(known)
