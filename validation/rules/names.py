"""The words of a person's name and of the part before the @, folded to a-z."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from validation.rules.lists import (
    GENERATIONS,
    PARTICLES,
    TITLES,
    family_names,
    given_names,
    nicknames,
)

_SPECIAL = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "œ": "oe", "ł": "l", "Ł": "l",
     "đ": "d", "Đ": "d", "\u0131": "i", "þ": "th", "ð": "d"}
)  # fmt: skip
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_NOT_LETTER = re.compile(r"[^a-z]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’`][^\W\d_]+)*")
DIGRAPH = re.compile("[aou]e")
_PARTS = re.compile(r"[^a-z']+")
MOST_WORDS = 8
NEAREST = 4


@dataclass(frozen=True, slots=True)
class Name:
    """The words of a name, folded to a-z: first names with their short forms, family names."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    forms: frozenset[str]
    lasts: frozenset[str]

    @property
    def words(self) -> frozenset[str]:
        """Every word of the name."""
        return frozenset((*self.first, *self.last))

    @property
    def initials(self) -> frozenset[str]:
        """The letters a first name or one of its forms may begin with."""
        return frozenset(form[0] for form in self.forms)


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """This will give a word in plain small letters a-z, without marks and signs."""
    low = word.lower()
    if not low.isascii():
        low = unicodedata.normalize("NFKD", low.translate(_SPECIAL))
    return _NOT_LETTER.sub("", low)


@lru_cache(maxsize=8_192)
def name_of(first: str, middle: str, last: str) -> Name:
    """This will take a name apart. "Bates, Matthew" in one field counts as last, first."""
    if first.endswith(",") and last:
        first, last = last, first
    elif not first and "," in last:
        last, _, first = last.partition(",")
    elif not last and "," in first:
        last, _, first = first.partition(",")
    elif not last and not middle:
        *rest, final = first.split() or [""]
        first, last = (" ".join(rest), final) if rest else (first, "")
    if middle and last:
        middle, families = _families_in(middle)
        last = f"{families} {last}".strip()
    firsts, lasts = _words(f"{first} {middle}"), _words(last)
    every, lasts = lasts, _without_generation(lasts, firsts)
    if not lasts and len(firsts) > 1:  # "John Smith", "Jr.": only a title stands in the last field
        firsts, lasts = firsts[:-1], firsts[-1:]
    known = nicknames()
    forms = set(firsts)
    for word in firsts:
        forms |= known.get(word, frozenset())
    if len(firsts) > 1:
        forms.add("".join(firsts))
    forms |= _spelled(f"{first} {middle}") | _plainer(firsts, given_names())
    joined = {"".join(lasts)} if len(lasts) > 1 else set()
    if every[-1:] != lasts[-1:]:  # diasfilho, silvaneto
        joined.add("".join((*lasts, *every[-1:])))
    joined |= _spelled(last) | _plainer(lasts, family_names())
    return Name(firsts, lasts, frozenset(forms), frozenset({*lasts, *every, *joined}))


def _families_in(middle: str) -> tuple[str, str]:
    """This will tell family names that stand in the middle from second given names.

    Many people have two of them: Andrea Leal Vieira is andrea.leal in her address.
    """
    words = middle.split()
    for at, word in enumerate(words):
        if fold(word) in PARTICLES:  # Wilhelmina, "van de", Horst
            return " ".join(words[:at]), " ".join(words[at:])
    families = [
        word for word in words if (key := fold(word)) in family_names() and key not in given_names()
    ]
    return " ".join(word for word in words if word not in families), " ".join(families)


def _without_generation(lasts: tuple[str, ...], firsts: tuple[str, ...]) -> tuple[str, ...]:
    """This will drop Filho, Neto or Junior behind a family name; alone it is the family name."""
    named = len(lasts) + max(len(firsts) - 1, 0)
    return lasts[:-1] if named > 1 and lasts and lasts[-1] in GENERATIONS else lasts


def _plainer(words: Iterable[str], known: frozenset[str]) -> set[str]:
    """This will give names without the e of an umlaut: muller for Mueller, if there is such one."""
    found = (word for word in words if DIGRAPH.search(word))
    return {flat for word in found if (flat := squashed(word)) in known}


def _spelled(text: str) -> set[str]:
    """This will give words with umlauts as they are spelled without: mueller for Müller."""
    if text.isascii():
        return set()
    words = (word for word in _WORD.findall(text) if not word.isascii())
    return {fold(word.lower().translate(_UMLAUTS)) for word in words} - {""}


def _words(text: str) -> tuple[str, ...]:
    found = (fold(word) for word in _WORD.findall(text))
    return tuple(word for word in found if word and word not in TITLES)[:MOST_WORDS]


def is_initials(local: str, name: Name) -> bool:
    """This will say whether a short local part is made of a name's beginnings: po for Per-Olof.

    Such a word may be a desk's too: there the person counts.
    """
    letters = local.lower()
    if not 1 < len(letters) < NEAREST or not name.first:
        return False
    firsts = "".join(word[0] for word in name.first)
    lasts = "".join(word[0] for word in name.last)
    whole = {firsts, firsts + lasts} | {firsts[0] + word for word in name.lasts}
    return letters in whole


def spellings(stem: str) -> frozenset[str]:
    """This will give the plain spellings of a domain's name: muller, mueller for xn--mller-kva."""
    if not stem.startswith("xn--"):
        return frozenset({stem.replace("-", "")})
    try:
        shown = stem.removeprefix("xn--").encode("ascii").decode("punycode")
    except UnicodeError:
        return frozenset()
    return frozenset({fold(shown), fold(shown.translate(_UMLAUTS))})


def letters_of(local: str) -> str:
    """This will give the letters of a local part, without a plus tag."""
    low = local.partition("+")[0].lower()
    if not low.isascii():
        return fold(low)
    return _NOT_LETTER.sub("", low)


def parts_of(local: str) -> list[str]:
    """This will give the words of a local part: john.o'brien-2 has john and obrien."""
    low = local.partition("+")[0].lower()
    if not low.isascii():
        low = unicodedata.normalize("NFKD", low.translate(_SPECIAL))
        low = low.encode("ascii", "ignore").decode()
    parts = (part.replace("'", "") for part in _PARTS.split(low))
    return [part for part in parts if part]


def words_of(local: str) -> list[str]:
    """This will give the words of a local part; beside a dot a hyphen joins: eva-maria.berg."""
    divided = "." in local or "_" in local
    return parts_of(local.replace("-", "") if divided else local)


def squashed(word: str) -> str:
    """This will give a word with u for ue, as umlauts are also written: kuhn for kuehn."""
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
