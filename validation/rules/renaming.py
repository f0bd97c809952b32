"""Moving addresses from one domain to another: what an address becomes, and what is refused."""

from validation.rules.domains import Domain, look_at

NO_OLD = "Enter the domain that the addresses have now."
NO_NEW = "Enter the domain that they move to, like company.com."
SAME = "Both are the same domain."


def renamed(address: str, old: str, new: str, *, subdomains: bool = False) -> str:
    """This will give an address at its new domain; nothing when it is no plain address at the old.

    A subdomain keeps its own part: jane@mail.old.com moves to jane@mail.new.com.
    """
    local, at, domain = address.rpartition("@")
    if not at or not local or "@" in local or any(sign.isspace() for sign in address):
        return ""
    name = domain.lower()
    if name == old:
        return f"{local}@{new}"
    if subdomains and name.endswith(f".{old}"):
        return f"{local}@{name.removesuffix(old)}{new}"
    return ""


def refusal(old: Domain | None, new: Domain | None) -> str:
    """This will say why one domain cannot become the other; nothing when it can."""
    if old is None:
        return NO_OLD
    if new is None:
        return NO_NEW
    if old.name == new.name:
        return SAME
    if not new.can_exist:
        return f"Nobody can have an address at {new.name}."
    if old.free:
        return (
            f"{old.name} is a mail provider: people of many companies are there."
            " Correct their addresses one by one in review."
        )
    return ""


def typed_domain(text: str) -> Domain | None:
    """This will read what somebody typed as a domain: also with @ or a whole address before it."""
    name = text.strip().lower().rpartition("@")[2].rstrip(".")
    return look_at(name) if "." in name else None
