"""A person's name against the part before the @: whether one explains the other, or nearly."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from validation.rules.lists import TITLES, nicknames
from validation.rules.near import slips

_SPECIAL = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "œ": "oe", "ł": "l", "Ł": "l",
     "đ": "d", "Đ": "d", "\u0131": "i", "þ": "th", "ð": "d"}
)  # fmt: skip
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_NOT_LETTER = re.compile(r"[^a-z]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’`][^\W\d_]+)*")
_PARTS = re.compile(r"[^a-z']+")
SHORTEST = 3
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
    firsts = _words(f"{first} {middle}")
    lasts = _words(last)
    known = nicknames()
    forms = set(firsts)
    for word in firsts:
        forms |= known.get(word, frozenset())
    if len(firsts) > 1:
        forms.add("".join(firsts))
    forms |= _spelled(f"{first} {middle}")
    joined = {"".join(lasts)} if len(lasts) > 1 else set()
    return Name(firsts, lasts, frozenset(forms), frozenset({*lasts, *joined} | _spelled(last)))


def _spelled(text: str) -> set[str]:
    """This will give words with umlauts as they are spelled without: mueller for Müller."""
    if text.isascii():
        return set()
    words = (word for word in _WORD.findall(text) if not word.isascii())
    return {fold(word.lower().translate(_UMLAUTS)) for word in words} - {""}


def _words(text: str) -> tuple[str, ...]:
    found = (fold(word) for word in _WORD.findall(text))
    return tuple(word for word in found if word and word not in TITLES)


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
    if match.relation in {Relation.EXPLAINED, Relation.INITIAL} or not name.last or not name.first:
        return match
    turned = Name(name.last, name.first, name.lasts, frozenset(name.first))
    if _compare(local, turned).relation is Relation.EXPLAINED:
        return Match(Relation.EXPLAINED)
    return match


def _compare(local: str, name: Name) -> Match:
    letters = letters_of(local)
    if not letters or not (name.first or name.last):
        return Match(Relation.EXPLAINED)
    if _holds_word(letters, name):
        return _check_initial(letters, name)
    parts = parts_of(local)
    if any(part in name.forms or part in name.lasts for part in parts if len(part) > 1):
        near = _near_beside(parts, name)
        return near or Match(Relation.EXPLAINED)
    if _is_made_of_beginnings(letters, name):
        return _bare_slip(letters, name) or Match(Relation.EXPLAINED)
    return _near(parts, letters, name) or Match(Relation.NONE)


def _holds_word(letters: str, name: Name) -> bool:
    return any(len(word) >= SHORTEST and word in letters for word in name.lasts)


def _check_initial(letters: str, name: Name) -> Match:
    """This will look at what stands beside the family name: jsmith for Anna Smith is not hers."""
    for word in sorted(name.lasts, key=len, reverse=True):
        if len(word) < SHORTEST or word not in letters:
            continue
        head, _, tail = letters.partition(word)
        if (
            len(tail) == 1
            and len(word) >= NEAREST
            and (head in name.forms or head in name.initials)
        ):
            return Match(Relation.NEAR, word, word + tail)
        beside = head or tail
        if not beside or not name.first:
            return Match(Relation.EXPLAINED)
        if len(beside) == 1 and not (head and tail):
            fits = beside in name.initials or any(beside == last[0] for last in name.last)
            return Match(Relation.EXPLAINED if fits else Relation.INITIAL, word, beside)
        return _beside_last(beside, name) or Match(Relation.EXPLAINED)
    return Match(Relation.EXPLAINED)


def _beside_last(beside: str, name: Name) -> Match | None:
    """This will look at a longer word beside the family name: mark.lee for Anna Lee, jhon.lee."""
    near = _slip_of(beside, name.first) if len(beside) >= NEAREST else ""
    if near and beside not in name.forms:
        return Match(Relation.NEAR, near, beside, is_first=True)
    fits = any(form in beside or form.startswith(beside) for form in name.forms if len(form) > 1)
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
        if fits in name.forms and (word := _slip_of(other, name.last)):
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
        word = _slip_of(rest, name.last) if rest != letters and len(rest) >= NEAREST else ""
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
            word = _slip_of(other, name.last) if initial in name.initials else ""
            if word:
                return Match(Relation.NEAR, word, other)
        return None
    shortened = (
        (letters[1:], letters[0] in name.initials),
        (letters[:-1], letters[-1] in name.initials),
        (letters, True),
    )
    for typed, fits in shortened:
        word = _slip_of(typed, name.last) if fits else ""
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
