"""Was another address meant? A hint only: what was typed may be right."""

from collections.abc import Iterable

from rapidfuzz.distance import OSA

WELL_KNOWN = (
    "aol.com",
    "comcast.net",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "hotmail.com",
    "icloud.com",
    "msn.com",
    "outlook.com",
    "verizon.net",
    "web.de",
    "yahoo.com",
)
SHORTEST = 5


def meant_address(typed: str, domains_on_file: Iterable[str]) -> str:
    """This will give the address that was probably meant, or nothing.

    A domain one slip away from one on file, or from that of a large provider, was probably
    meant to be it. Two equally near ones give no hint.
    """
    local, at, domain = typed.strip().rpartition("@")
    domain = domain.lower()
    known = {name.lower() for name in domains_on_file if name}
    if not at or not local or domain in known or domain in WELL_KNOWN:
        return ""
    for names in (known, WELL_KNOWN):
        near = {name for name in names if _is_slip(domain, name)}
        if len(near) == 1:
            return f"{local}@{near.pop()}"
    return ""


def _is_slip(typed: str, name: str) -> bool:
    if min(len(typed), len(name)) < SHORTEST:
        return False
    distance: int = OSA.distance(typed, name, score_cutoff=1)
    return distance == 1
