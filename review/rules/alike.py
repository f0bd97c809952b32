"""Which findings are the same mistake, so that one decision can serve them all."""


def domain_pair(value: str, suggestion: str) -> tuple[str, str] | None:
    """This will give (wrong domain, right domain) when only the domain differs, else nothing."""
    old_local, _, old_domain = value.strip().lower().rpartition("@")
    new_local, _, new_domain = suggestion.strip().lower().rpartition("@")
    same_person = bool(old_local) and old_local == new_local
    return (old_domain, new_domain) if same_person and old_domain != new_domain else None


def is_alike(pair: tuple[str, str] | None, value: str, suggestion: str) -> bool:
    """This will say whether another finding is the same mistake as the pair."""
    return pair is not None and domain_pair(value, suggestion) == pair


def split_name(full: str) -> tuple[str, str]:
    """This will split a suggested full name into first and last name at the last blank."""
    first, _, last = full.strip().rpartition(" ")
    return first, last
