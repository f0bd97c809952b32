"""What can be said of a domain by its name alone; worked out once for every domain."""

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from email_validator import EmailNotValidError
from email_validator.syntax import validate_email_domain_name

from validation.rules.lists import (
    DISPOSABLE,
    FREE_MAIL,
    KNOWN_GOOD,
    KNOWN_TYPOS,
    PROVIDERS,
    RELAYS,
    RESERVED_TLDS,
    SUFFIXES,
    family_names,
    given_names,
)
from validation.rules.near import NearIndex, slips

LONGEST = 253
LONG_NAME = 12
SHORTEST_WORD = 3
EVERYWHERE = frozenset({"hotmail", "yahoo"})
LONG_STEM = 5
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PLAIN = re.compile(rf"(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")
GENERIC_TLDS = frozenset({"net", "org", "info"})
EXAMPLES = frozenset({"example.com", "example.net", "example.org", "example.edu"})
# Endings people mistype; where the right one is as near as another, the commoner comes first.
COMMON_TLDS = tuple(
    "com net org de fr us es it nl ch at be eu info biz edu gov pl se dk no fi pt cz ca".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Domain:
    """One domain: its A-label, its parts, and what lists say of it."""

    name: str
    fault: str = ""
    suffix: str = ""
    stem: str = ""
    free: bool = False
    disposable: bool = False
    relay: bool = False
    meant: str = ""
    meant_by: str = ""
    registrable: str = field(init=False, default="", compare=False)

    def __post_init__(self) -> None:
        """This will put the part together that somebody registered: stem and suffix."""
        whole = f"{self.stem}.{self.suffix}" if self.stem else self.name
        object.__setattr__(self, "registrable", whole)

    @property
    def tld(self) -> str:
        """The last label."""
        return self.name.rpartition(".")[2]

    @property
    def can_exist(self) -> bool:
        """Whether DNS may be asked about it."""
        return not self.fault

    @property
    def is_well_formed(self) -> bool:
        """Whether it is a whole domain name in an ending that exists, or one kept for examples."""
        return self.fault in {"", "reserved"}


@lru_cache(maxsize=500_000)
def look_at(typed: str) -> Domain:
    """This will say what a domain is by its name: valid, in which ending, on which lists."""
    name = typed.lower()
    if "." not in name:
        return Domain(name, fault="no_ending")
    if not _is_plain(name):
        try:
            name = validate_email_domain_name(name, test_environment=True)["ascii_domain"].lower()
        except (EmailNotValidError, UnicodeError, IndexError, ValueError):
            return Domain(typed.lower(), fault="syntax")
    tld = name.rpartition(".")[2]
    if tld in RESERVED_TLDS or name in EXAMPLES:
        return Domain(name, fault="reserved", suffix=tld)
    suffix = SUFFIXES.publicsuffix(name, accept_unknown=False)
    if suffix is None:
        stem = name.rpartition(".")[0].rpartition(".")[2]
        meant, meant_by = _meant(name)
        return Domain(name, "unknown_tld", tld, stem, meant=meant, meant_by=meant_by)
    if suffix == name:
        # Somebody may have mail at messina.it or uk.com all the same; DNS will say.
        suffix = name.partition(".")[2]
    stem = name[: -len(suffix) - 1].rpartition(".")[2]
    own = f"{stem}.{suffix}"
    free = name in FREE_MAIL or own in FREE_MAIL or _is_everywhere(stem, suffix)
    meant, meant_by = ("", "") if free or name in KNOWN_GOOD else _meant(name)
    return Domain(
        name,
        suffix=suffix,
        stem=stem,
        free=free,
        disposable=name in DISPOSABLE or own in DISPOSABLE,
        relay=name in RELAYS,
        meant=meant,
        meant_by=meant_by,
    )


def _is_everywhere(stem: str, suffix: str) -> bool:
    """This will know providers that have a domain in nearly every country: hotmail.co.in."""
    land = suffix.rpartition(".")[2]
    return stem in EVERYWHERE and len(land) == 2 and land not in {"cm", "om", "co"}  # noqa: PLR2004 - a country


def meant_names(typed: str) -> set[str]:
    """This will give the domains whose answers from DNS matter to an address at this one."""
    if not typed:
        return set()
    domain = look_at(typed)
    if domain.fault == "unknown_tld":
        head = domain.name.removesuffix(domain.tld)
        return {domain.meant} | {head + ending for ending in near_tlds(domain.tld)}
    names = {domain.name, domain.registrable, domain.meant, with_com(domain)}
    return names if domain.can_exist else set()


def with_com(domain: Domain) -> str:
    """This will give the domain in .com, when its ending is a country's one slip from that.

    Not for .co: many firms are there in earnest.
    """
    if not domain.can_exist or domain.tld not in {"cm", "om"}:
        return ""
    return f"{domain.name.removesuffix(domain.tld)}com"


def is_suffix(text: str) -> bool:
    """This will say whether a text is an ending that exists, such as "com" or "co.uk"."""
    return SUFFIXES.publicsuffix(text, accept_unknown=False) == text


def near_tlds(tld: str) -> list[str]:
    """This will give the common endings one slip away from one that does not exist."""
    return [common for common in COMMON_TLDS if slips(tld, common) == 1]


def _is_plain(name: str) -> bool:
    return (
        len(name) <= LONGEST
        and _PLAIN.fullmatch(name) is not None
        and "xn--" not in name
        and "--" not in {name[i + 2 : i + 4] for i in (0, *_starts(name))}
    )


def _starts(name: str) -> list[int]:
    return [at + 1 for at, sign in enumerate(name) if sign == "."]


def _meant(name: str) -> tuple[str, str]:
    """This will give the provider that was meant, and how sure the name alone makes us.

    "listed" = a known typing error; "coined" = one slip from a made-up name, or its letters in
    another order; "doubled" = a letter twice; "ending" = the ending is one slip off; "generic" and
    "country" = the made-up name in another ending; "lost_com" = a word in .cm or .om; "word" = one
    slip from a word; "far" = two slips from a long name; "letters" = two letters of a name are
    missing; "smaller" = one slip from a smaller provider.
    """
    if name in KNOWN_TYPOS:
        return KNOWN_TYPOS[name], "listed"
    stem, _, tld = name.rpartition(".")
    if found := _in_slipped_ending(stem, tld):
        return found
    if doubled := _doubled(stem, tld):
        return doubled, "doubled"
    near = near_providers(name) or _shuffled(stem, tld)
    if near:
        best = min(near, key=lambda provider: (PROVIDERS[provider] != "coined", provider))
        if PROVIDERS[best] == "coined" or _is_near_word(stem, best):
            return best, PROVIDERS[best]
    if found := _in_other_ending(name):
        return found
    two = _two_slips(name)
    return two if two[0] else _near_smaller(name)


def near_providers(name: str) -> list[str]:
    """This will give the large providers one slip away from a domain."""
    return _index().near(name)


def _near_smaller(name: str) -> tuple[str, str]:
    """This will find a smaller provider with a long name one slip away: btconect.com."""
    near = _smaller().near(name)
    return (near[0], "smaller") if len(near) == 1 and near[0][0] == name[0] else ("", "")


def _in_slipped_ending(stem: str, tld: str) -> tuple[str, str] | None:
    """This will find a provider's name in an ending that is a slip of its own: gmx.ed, gmail.con.

    A slip away counts more than an ending that does not exist.
    """
    found = [name for name in _by_stem().get(stem, ()) if _slipped_ending(tld, name)]
    if not found:
        return None
    best = min(found, key=lambda name: slips(tld, name.rpartition(".")[2]) > 1)
    if PROVIDERS[best] == "coined":
        return best, "ending"
    if tld in {"cm", "om"}:
        return best, "lost_com"
    return (best, "word") if _is_near_word(stem, best) else None


def _doubled(stem: str, tld: str) -> str:
    """This will find a provider one of whose letters was typed twice: weeb.de, gmxx.de."""
    for at in range(1, len(stem)):
        once = f"{stem[:at]}{stem[at + 1 :]}.{tld}"
        is_known = once in PROVIDERS and stem not in family_names() and stem not in given_names()
        if stem[at] == stem[at - 1] and is_known:
            return once
    return ""


def _shuffled(stem: str, tld: str) -> list[str]:
    """This will find a made-up name in the same letters, at most two slips away: gmila, htomail."""
    provider = _by_letters().get((stem[:1], "".join(sorted(stem)), tld), "")
    return [provider] if provider and slips(f"{stem}.{tld}", provider, 2) == 2 else []  # noqa: PLR2004


def _in_other_ending(name: str) -> tuple[str, str] | None:
    """This will find a made-up name in an ending where the provider is not: gmail.net."""
    stem, _, ending = name.partition(".")
    whole = name.rpartition(".")[0]
    if PROVIDERS.get(whole) == "coined":  # gmail.com.co
        return whole, "ending"
    coined = [one for one in _by_stem().get(stem, ()) if PROVIDERS[one] == "coined"]
    if f"{stem}.com" in coined:
        return f"{stem}.com", "generic" if ending in GENERIC_TLDS else "country"
    return (coined[0], "country") if len(coined) == 1 else None


def _is_near_word(stem: str, provider: str) -> bool:
    """This will say whether a slip from a provider with a short or common name is worth a doubt."""
    right = provider.partition(".")[0]
    is_name = stem in family_names() or stem in given_names()
    return len(right) >= SHORTEST_WORD and stem[:1] == right[0] and not is_name


def _slipped_ending(tld: str, provider: str) -> bool:
    right = provider.rpartition(".")[2]
    return tld != right and (slips(tld, right) == 1 or not is_suffix(tld))


def _two_slips(name: str) -> tuple[str, str]:
    for provider in _long_names():
        if name[0] == provider[0] and slips(name, provider, 2) == 2:  # noqa: PLR2004
            return provider, "far"
    stem, _, tld = name.rpartition(".")
    for provider in _short_names().get(tld, ()):
        if _lacks_letters(stem, provider.partition(".")[0]):
            return provider, "letters"
    fixed = [f"{stem}.{common}" for common in near_tlds(tld)] if not is_suffix(tld) else []
    for candidate in fixed:
        near = _index().near(candidate)
        if near and PROVIDERS[near[0]] == "coined":
            return near[0], "far"
    return "", ""


def _lacks_letters(typed: str, right: str) -> bool:
    """This will say whether two letters are missing, or one with two others swapped: yho, icld."""
    if not SHORTEST_WORD <= len(typed) < len(right) or slips(typed, right, 2) != 2:  # noqa: PLR2004
        return False
    left = list(right)
    for sign in typed:
        if sign not in left:
            return False
        left.remove(sign)
    return True


@cache
def _index() -> NearIndex:
    return NearIndex(PROVIDERS)


@cache
def _smaller() -> NearIndex:
    names = FREE_MAIL - PROVIDERS.keys()
    return NearIndex(name for name in names if len(name.partition(".")[0]) > LONG_STEM)


@cache
def _by_letters() -> dict[tuple[str, str, str], str]:
    return {
        (stem[:1], "".join(sorted(stem)), tld): provider
        for provider, kind in PROVIDERS.items()
        if kind == "coined"
        for stem, _, tld in [provider.partition(".")]
    }


@cache
def _by_stem() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for provider in PROVIDERS:
        found.setdefault(provider.partition(".")[0], []).append(provider)
    return found


@cache
def _short_names() -> dict[str, list[str]]:
    """This will give the made-up names in .com and the like that are not long, by ending."""
    found: dict[str, list[str]] = {}
    for name, kind in PROVIDERS.items():
        stem, _, tld = name.partition(".")
        if kind == "coined" and len(stem) >= LONG_STEM and len(name) < LONG_NAME:
            found.setdefault(tld, []).append(name)
    return found


@cache
def _long_names() -> tuple[str, ...]:
    return tuple(
        name for name, kind in PROVIDERS.items() if kind == "coined" and len(name) >= LONG_NAME
    )
