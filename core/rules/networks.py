"""Networks as limits count them."""

from ipaddress import IPv6Address, ip_address, ip_network


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
