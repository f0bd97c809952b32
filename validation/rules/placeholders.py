"""What was typed only because the field could not stay blank."""

import re
from collections.abc import Callable

from validation.rules.domains import COMMON_TLDS, Domain, near_tlds
from validation.rules.lists import (
    PLACEHOLDER_LOCALS,
    PLACEHOLDER_PHRASES,
    PLACEHOLDER_STRONG,
    PLACEHOLDER_WORDS,
)

_SIGNS = re.compile(r"[\W_]+")
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_DIGITS = re.compile(r"\d")
_KEYS = "qwertyuiop asdfghjkl zxcvbnm 1234567890 qwertzuiop yxcvbnm azertyuiop qsdfghjklm wxcvbn"
MANY_ACCOUNTS = 5
SHORT = 2
PHONE_DIGITS = 6


def words_instead(text: str, *, may_be_name: Callable[[str], bool]) -> str:  # noqa: PLR0911 - one line a case
    """This will say why a text without an address is a placeholder, or nothing if it is none.

    Plain words are one; a telephone number, a broken address, or a word of which `may_be_name`
    says that an address may be made of it is not.
    """
    if "@" in text:
        return _words_around_at(text)
    flat = _SIGNS.sub("", text).lower()
    if not flat:
        return f"Only signs stand there: {text[:40]!r}."
    if flat in PLACEHOLDER_WORDS or flat in PLACEHOLDER_STRONG or len(set(flat)) == 1:
        return f"{text[:40]!r} is no address but a word for having none."
    if len(_DIGITS.findall(text)) >= PHONE_DIGITS and not any(sign.isalpha() for sign in text):
        return ""
    words = [word.lower() for word in _WORDS.findall(text)]
    if any(word in PLACEHOLDER_PHRASES or word in PLACEHOLDER_WORDS for word in words):
        return "" if _looks_like_domain(text) else f"{text[:40]!r} is a remark, not an address."
    if len(words) > 1 and not _looks_like_domain(text):
        return f"Words stand where an address should: {text[:40]!r}."
    if flat.isalpha() and text.strip("().,-!* ").isalpha() and not may_be_name(flat):
        return f"A word stands where an address should: {text[:40]!r}."
    return ""


def _words_around_at(text: str) -> str:
    """This will say why none@none, which has not even an ending, is a placeholder."""
    local, _, rest = text.strip().lower().partition("@")
    one, two = _SIGNS.sub("", local), _SIGNS.sub("", rest)
    if "@" in rest or "." in rest or not one or not _is_made_up(one, two, is_free=False):
        return ""
    return f"{text[:40]!r} is made up."


def nobodys_address(  # noqa: PLR0911 - one line a case
    local: str, domain: Domain, names: frozenset[str], *, ours: bool, known: bool
) -> str:
    """This will say why an address is nobody's in earnest, or nothing.

    `names` are the words of the contact's own name: somebody may be called Test or None. `ours`
    says that the domain is the company's own, where clerks make such addresses up; `known`, that
    something else than this address speaks for the domain.
    """
    bare = local.partition("+")[0]
    flat = _SIGNS.sub("", bare)
    stem = _SIGNS.sub("", domain.stem or domain.name.partition(".")[0])
    if flat in names or all(part in names for part in _SIGNS.split(bare)):
        return ""
    if flat in PLACEHOLDER_STRONG or flat in PLACEHOLDER_LOCALS or bare == "n/a":
        return f"Nobody has {local}@{domain.name} in earnest."
    is_mistyped = domain.tld not in COMMON_TLDS and bool(near_tlds(domain.tld))
    if (
        stem in PLACEHOLDER_STRONG
        and domain.can_exist
        and not (domain.free or known or is_mistyped)
    ):
        return f"Nobody has {local}@{domain.name} in earnest."
    weak = flat in PLACEHOLDER_WORDS or _is_run(flat)
    if weak and domain.fault == "reserved":
        return f"{domain.name} is a name for examples."
    if weak and (ours or (not known and _is_made_up(flat, stem, is_free=domain.free))):
        return f"{local}@{domain.name} is made up."
    if weak and domain.free and (len(flat) > SHORT or stem in PLACEHOLDER_WORDS):
        return f"{local}@{domain.name} is a word for having none."
    if domain.fault == "reserved" and "example" in domain.name:
        return f"{domain.name} is a name for examples."
    return ""


def _is_made_up(one: str, two: str, *, is_free: bool) -> bool:
    """This will say whether what stands on both sides of an @ was made up."""
    weak = one in PLACEHOLDER_WORDS or _is_run(one)
    if not weak:
        return False
    return one == two or (not is_free and (two in PLACEHOLDER_WORDS or _is_run(two)))


def everybodys_address(accounts: int, names: int, explained: int) -> str:
    """This will say why an address that many accounts share is a placeholder, or nothing.

    A person who serves many firms is there under the one name that fits the address; a
    placeholder is there under many names that do not.
    """
    if accounts < MANY_ACCOUNTS or names < MANY_ACCOUNTS or explained * 5 > names:
        return ""
    return f"The same address stands at {accounts} unrelated customers, under {names} names."


def _is_run(word: str) -> bool:
    return bool(word) and (len(set(word)) == 1 or word in _KEYS)


def _looks_like_domain(text: str) -> bool:
    return re.search(r"[^\W_]\.[^\W\d_]{2,}", text) is not None
