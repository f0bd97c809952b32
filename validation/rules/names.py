"""A person's name against the part before the @: whether one explains the other, or nearly."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import permutations

from validation.rules.lists import PARTICLES, TITLES, family_names, given_names, nicknames
from validation.rules.near import slips

_SPECIAL = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "œ": "oe", "ł": "l", "Ł": "l",
     "đ": "d", "Đ": "d", "\u0131": "i", "þ": "th", "ð": "d"}
)  # fmt: skip
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_NOT_LETTER = re.compile(r"[^a-z]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’`][^\W\d_]+)*")
_PET_ENDING = re.compile("(?:it[ao]s?|inh[ao]|chen|ie|y|ek|ka|uska|usha|ino|ina|etta|ette)$")
_DIGRAPH = re.compile("[aou]e")
_PARTS = re.compile(r"[^a-z']+")
SHORTEST = 3
MOST_WORDS = 8
NEAREST = 4


class Relation(StrEnum):
    """How a name and a local part stand to each other."""

    NONE = "none"  # nothing of the name is in it
    EXPLAINED = "explained"  # the name explains it
    NEAR = "near"  # the name explains it but for one slip
    INITIAL = "initial"  # the family name fits, the initial or first name is another


@dataclass(frozen=True, slots=True)
class Match:
    """A relation; for NEAR the word of the name, what was typed for it, and whether it is first."""

    relation: Relation
    word: str = ""
    typed: str = ""
    is_first: bool = False


EXPLAINED = Match(Relation.EXPLAINED)


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
    middle, families = _families_in(middle) if last else (middle, "")
    last = f"{families} {last}".strip()
    firsts = _words(f"{first} {middle}")
    lasts = _words(last)
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
    joined |= _spelled(last) | _plainer(lasts, family_names())
    return Name(firsts, lasts, frozenset(forms), frozenset({*lasts, *joined}))


def _families_in(middle: str) -> tuple[str, str]:
    """This will tell second given names from family names: andrea.leal is Andrea Leal Vieira."""
    known, first = family_names(), given_names()
    lasts = [word for word in middle.split() if fold(word) in known and fold(word) not in first]
    return " ".join(word for word in middle.split() if word not in lasts), " ".join(lasts)


def _plainer(words: Iterable[str], known: frozenset[str]) -> set[str]:
    """This will give names without the e of an umlaut: muller for Mueller, if there is such one."""
    found = (word for word in words if _DIGRAPH.search(word))
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


def compare(local: str, name: Name) -> Match:
    """This will say how a name and a local part stand to each other.

    First and family name may stand in each other's place: many peoples write them so.
    """
    match = _compare(local, name)
    if match.relation is Relation.EXPLAINED or not name.last or not name.first:
        return match
    turned = Name(name.last, name.first, name.lasts, frozenset(name.first))
    if match.relation is Relation.NONE:
        if _compare(local, turned).relation is Relation.EXPLAINED:
            return EXPLAINED
    elif match.relation is Relation.NEAR and _is_exact(letters_of(local), turned):
        return EXPLAINED
    again = _without_digraphs(local, name)
    if again == local:
        return match
    retried = _compare(again, name)
    return retried if retried.relation in {Relation.EXPLAINED, Relation.NEAR} else match


def _is_exact(letters: str, name: Name) -> bool:
    """This will say whether letters are made of a first and a family name, without a rest."""
    return any(
        letters in (first[:1] + last, last + first[:1], first + last[:1], first, last)
        for first in name.forms
        for last in name.lasts
    )


def _without_digraphs(local: str, name: Name) -> str:
    """This will write ue as u where that makes a word of the name: juergen for Jurgen."""
    if not _DIGRAPH.search(local):
        return local
    words = name.forms | name.lasts

    def plainer(match: re.Match[str]) -> str:
        part = match[0]
        flat = squashed(part)
        is_better = flat in words or any(len(word) > SHORTEST and word in flat for word in words)
        return (
            flat if is_better and not any(word in part for word in words if len(word) > 1) else part
        )

    return re.sub(r"[a-z]+", plainer, local)


def squashed(word: str) -> str:
    """This will give a word with u for ue, as umlauts are also written: kuhn for kuehn."""
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _compare(local: str, name: Name) -> Match:  # noqa: PLR0911 - one line a case
    letters, parts = letters_of(local), parts_of(local)
    if not letters or not (name.first or name.last):
        return EXPLAINED
    whole = [part for part in parts if len(part) > 1]
    if len(parts) > 2 and len(whole) == 2:  # noqa: PLR2004 - john.q.smith: first and last
        if _holds_word(letters, name) and _check_initial(letters, name) == EXPLAINED:
            return EXPLAINED
        letters, parts = "".join(whole), whole
    if _holds_word(letters, name):
        return _check_initial(letters, name)
    if any(part in name.forms or part in name.lasts for part in parts if len(part) > 1):
        near = _near_beside(parts, name)
        return near or EXPLAINED
    if any(letters == one[0] + two for one, two in permutations(name.first, 2)):
        return EXPLAINED  # jgarcia for José García, written in one field
    if _is_made_of_beginnings(letters, name):
        return _bare_slip(letters, name) or EXPLAINED
    return _near(parts, letters, name) or Match(Relation.NONE)


def _holds_word(letters: str, name: Name) -> bool:
    return any(len(word) >= SHORTEST and word in letters for word in name.lasts)


def _check_initial(letters: str, name: Name) -> Match:
    """This will look at what stands beside the family name: jsmith for Anna Smith is not hers."""
    held = [word for word in name.lasts if len(word) >= SHORTEST and word in letters]
    held.sort(key=len, reverse=True)
    for word in held:
        if letters.replace(word, "", 1) in name.forms:
            return EXPLAINED
    return _beside_word(letters, held[0], name) if held else EXPLAINED


def _beside_word(letters: str, word: str, name: Name) -> Match:
    """This will look at what stands beside one form of the family name."""
    head, _, tail = letters.partition(word)
    fits = head in name.forms or head in name.initials
    if len(tail) == 1 and len(word) >= NEAREST and fits:
        return Match(Relation.NEAR, word, word + tail)
    beside = head or tail
    if not beside or not name.first or beside in PARTICLES:
        return EXPLAINED
    if len(beside) == 1 and not (head and tail):
        fits = beside in name.initials or any(beside == last[0] for last in name.last)
        return Match(Relation.EXPLAINED if fits else Relation.INITIAL, word, beside)
    return _beside_last(beside, name) or EXPLAINED


def _is_of_first_names(word: str, name: Name) -> bool:
    """This will say whether a word is made of several first names: mcarmen, jluis, annam."""
    return len(name.first) > 1 and any(
        _two_beginnings(word, one, two) for one, two in permutations(name.first, 2)
    )


def _beside_last(beside: str, name: Name) -> Match | None:
    """This will look at a longer word beside the family name: mark.lee for Anna Lee, jhon.lee."""
    if _is_of_first_names(beside, name):
        return None
    near = _slip_of(beside, name.first) if len(beside) >= NEAREST else ""
    if near and beside not in name.forms:
        return Match(Relation.NEAR, near, beside, is_first=True)
    fits = any(form in beside or form.startswith(beside) for form in name.forms if len(form) > 1)
    pet = _PET_ENDING.sub("", beside)
    fits = fits or (SHORTEST <= len(pet) < len(beside) and any(pet in form for form in name.forms))
    if fits or len(beside) < SHORTEST or beside[0] in {word[0] for word in name.first}:
        return None
    return Match(Relation.INITIAL, "", beside)


def _near_beside(parts: list[str], name: Name) -> Match | None:
    """This will find a slip in one of two words whose other one fits: jessica.robinsno."""
    if len(parts) != 2:  # noqa: PLR2004 - first and last
        return None
    one, two = parts
    for fits, other in ((one, two), (two, one)):
        if len(other) < NEAREST or other in name.forms or other in name.lasts:
            continue
        if _is_of_first_names(other, name):
            continue
        if fits in name.forms and (word := _slip_of(other, name.lasts)):
            return Match(Relation.NEAR, word, other)
        if fits in name.lasts and (word := _slip_of(other, name.first)):
            return Match(Relation.NEAR, word, other, is_first=True)
    return None


def _is_made_of_beginnings(letters: str, name: Name) -> bool:
    """This will say whether letters are beginnings of the names: jd, joda, christo, p."""
    forms, lasts = name.forms, name.lasts
    if any(len(form) >= SHORTEST and letters.startswith(form) for form in forms):
        return True
    if any(len(word) > SHORTEST and letters.endswith(word) for word in name.first):
        return True
    if any(len(word) == 1 and letters[0] == word for word in name.first):
        return True
    if any(word.startswith(letters) for word in (*forms, *lasts)):
        return True
    initials = "".join(word[0] for word in (*name.first, *name.last))
    if letters in {initials, initials[::-1]}:
        return True
    return any(
        _two_beginnings(letters, form, last) or _two_beginnings(letters, last, form)
        for form in forms
        for last in lasts
        if letters[0] in (form[0], last[0])
    )


def _bare_slip(letters: str, name: Name) -> Match | None:
    """This will find a slip in a whole first name that a shorter form hides: bruanna has anna."""
    if letters in name.forms:
        return None
    for form in name.forms:
        rest = letters.removeprefix(form) if len(form) >= SHORTEST else letters
        word = _slip_of(rest, name.lasts) if rest != letters and len(rest) >= NEAREST else ""
        if word:
            return Match(Relation.NEAR, word, rest)
    for word in name.first:
        if _one_slip(letters, word) and not word.startswith(letters) and letters[:-1] != word:
            return Match(Relation.NEAR, word, letters, is_first=True)
    return None


def _two_beginnings(letters: str, one: str, two: str) -> bool:
    """This will say whether letters are a beginning of one word and a beginning of another."""
    most = min(len(one), len(letters) - 1)
    for length in range(1, most + 1):
        if letters[length - 1] != one[length - 1]:
            return False
        if two.startswith(letters[length:]):
            return True
    return False


def _near(parts: list[str], letters: str, name: Name) -> Match | None:
    """This will find the one slip that keeps a name from explaining a local part."""
    if len(parts) == 2:  # noqa: PLR2004 - an initial and a name
        one, two = parts
        for initial, other in ((one, two), (two, one)):
            word = _slip_of(other, name.lasts) if initial in name.initials else ""
            if word:
                return Match(Relation.NEAR, word, other)
        return None
    shortened = (
        (letters[1:], letters[0] in name.initials),
        (letters[:-1], letters[-1] in name.initials),
        (letters, True),
    )
    for typed, fits in shortened:
        word = _slip_of(typed, name.lasts) if fits else ""
        if word:
            return Match(Relation.NEAR, word, typed)
    ends = {word[0] for word in name.last}
    for typed, fits in ((letters, True), (letters[:-1], letters[-1] in ends)):
        word = _slip_of(typed, name.first) if fits else ""
        if word:
            return Match(Relation.NEAR, word, typed, is_first=True)
    return None


def _slip_of(typed: str, words: "tuple[str, ...] | frozenset[str]") -> str:
    return next((word for word in words if _one_slip(typed, word)), "")


def _one_slip(typed: str, word: str) -> bool:
    return len(word) >= NEAREST and len(typed) >= SHORTEST and slips(typed, word) == 1
