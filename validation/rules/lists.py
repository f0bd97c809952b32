"""The word lists as sets and maps, each read once."""

import re
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
PLACEHOLDER_STRONG = frozenset(lines("placeholder_strong"))
PLACEHOLDER_PHRASES = frozenset(lines("placeholder_phrases"))
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
def nicknames() -> "Mapping[str, frozenset[str]]":
    """This will give, by first name, its short forms, its long forms, and their short forms."""
    short = {first: frozenset(rest) for first, *rest in map(str.split, lines("nicknames"))}
    known: dict[str, set[str]] = {}
    for name, forms in short.items():
        known.setdefault(name, set()).update(forms)
        for form in forms:
            known.setdefault(form, set()).update({name}, forms)
    return {name: frozenset(forms - {name}) for name, forms in known.items()}


@cache
def departures() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """This will give the patterns of departure: for notes, and for names and job titles."""
    rows = [line.split("\t") for line in lines("departed")]
    anywhere = [pattern for scope, pattern in rows if scope == "any"]
    titles = [pattern for _scope, pattern in rows]
    return _any_of(anywhere), _any_of(titles)


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)
