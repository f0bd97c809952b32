"""The word lists as sets and maps, each read once."""

from functools import cache
from typing import TYPE_CHECKING

from disposable_email_domains import blocklist
from publicsuffixlist import PublicSuffixList

from validation.data.files import lines

if TYPE_CHECKING:
    from collections.abc import Mapping

SUFFIXES = PublicSuffixList(only_icann=True)
DISPOSABLE: frozenset[str] = frozenset(blocklist)
FREE_MAIL = frozenset(lines("free_mail"))
RELAYS = frozenset(lines("relays"))
ROLES = frozenset(lines("roles"))
KNOWN_GOOD = frozenset(lines("known_good"))
KNOWN_TYPOS: "Mapping[str, str]" = dict(line.split() for line in lines("known_typos"))
PROVIDERS: "Mapping[str, str]" = dict(line.split() for line in lines("providers"))
RESERVED_TLDS = frozenset(lines("reserved_tlds"))
PLACEHOLDER_WORDS = frozenset(lines("placeholder_words"))
PLACEHOLDER_LOCALS = frozenset(lines("placeholder_locals"))
PLACEHOLDER_STRONG = frozenset(lines("placeholder_strong"))
PLACEHOLDER_PHRASES = frozenset(lines("placeholder_phrases"))
EAST_ASIAN_NAMES = frozenset(lines("east_asian_names"))
PARTICLES = frozenset(lines("particles"))
GENERATIONS = frozenset(lines("generations"))
LEGAL_FORMS = frozenset(lines("legal_forms"))
BESIDE_ROLES = frozenset(lines("beside_roles"))
TITLES = frozenset(lines("titles"))
JOB_WORDS = frozenset(word for line in lines("job_words") for word in line.split())


@cache
def given_names() -> frozenset[str]:
    """This will give first names of many languages, folded to a-z."""
    return frozenset(lines("given_names"))


@cache
def family_names() -> frozenset[str]:
    """This will give family names of many languages, folded to a-z."""
    return frozenset(lines("family_names"))


@cache
def rare_given_names() -> frozenset[str]:
    """This will give first names that are seldom met, folded to a-z."""
    return frozenset(lines("rare_given_names"))


@cache
def rare_family_names() -> frozenset[str]:
    """This will give family names that are seldom met, folded to a-z."""
    return frozenset(lines("rare_family_names"))


@cache
def nicknames() -> "Mapping[str, frozenset[str]]":
    """This will give, by first name, its short forms, its long forms, and their short forms."""
    short = {first: frozenset(rest) for first, *rest in map(str.split, lines("nicknames"))}
    known: dict[str, set[str]] = {}
    for name, forms in short.items():
        known.setdefault(name, set()).update(forms)
        for form in forms:
            known.setdefault(form, set()).update({name}, forms)
    return {name: frozenset(forms - {name}) for name, forms in known.items()}
