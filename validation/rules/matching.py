"""A person's name against the part before the @: whether one explains the other, or nearly."""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations

from validation.rules.lists import PARTICLES
from validation.rules.names import DIGRAPH, NEAREST, Name, letters_of, parts_of, squashed
from validation.rules.near import slips

_PET_ENDING = re.compile("(?:it[ao]s?|inh[ao]|chen|ie|y|ek|ka|uska|usha|ino|ina|etta|ette)$")
SHORTEST = 3


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


def compare(local: str, name: Name) -> Match:
    """This will say how a name and a local part stand to each other.

    First and family name may stand in each other's place: many peoples write them so.
    """
    match = _compare(local, name)
    if match.relation is Relation.EXPLAINED or not name.last or not name.first:
        return match
    turned = Name(name.last, name.first, name.lasts, frozenset(name.first))
    if match.relation is Relation.NONE:
        if _compare(local, turned).relation is Relation.EXPLAINED and not _is_only_within(
            letters_of(local), turned
        ):
            return EXPLAINED
    elif match.relation is Relation.NEAR and _is_exact(letters_of(local), turned):
        return EXPLAINED
    again = _without_digraphs(local, name)
    if again != local:
        retried = _compare(again, name)
        if retried.relation in {Relation.EXPLAINED, Relation.NEAR}:
            return retried
    return _without_any_digraph(local, name) if match.relation is Relation.NONE else match


def _without_any_digraph(local: str, name: Name) -> Match:
    """This will compare with u for ue on both sides: a slip may hide an umlaut, as in Mlüler."""
    flat = squashed(local)
    if flat == local:
        return Match(Relation.NONE)
    forms = frozenset(map(squashed, name.forms))
    lasts = frozenset(map(squashed, name.lasts))
    match = _compare(flat, Name(tuple(forms & set(name.first)), tuple(lasts), forms, lasts))
    return match if match.relation is Relation.NEAR else Match(Relation.NONE)


def _is_only_within(letters: str, name: Name) -> bool:
    """This will say whether short words of a name stand in the midst of others: ejung has jun."""
    held = [word for word in name.lasts if len(word) >= SHORTEST and word in letters]
    return bool(held) and all(
        len(word) < NEAREST and not letters.startswith(word) and not letters.endswith(word)
        for word in held
    )


def _is_exact(letters: str, name: Name) -> bool:
    """This will say whether letters are made of a first and a family name, without a rest."""
    return any(
        letters in (first[:1] + last, last + first[:1], first + last[:1], first, last)
        for first in name.forms
        for last in name.lasts
    )


def _without_digraphs(local: str, name: Name) -> str:
    """This will write ue as u where that makes a word of the name: juergen for Jurgen."""
    if not DIGRAPH.search(local):
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


def _compare(local: str, name: Name) -> Match:  # noqa: PLR0911 - one line a case
    letters, parts = letters_of(local), parts_of(local)
    if not letters or not (name.first or name.last):
        return EXPLAINED
    whole = [part for part in parts if len(part) > 1]
    if len(whole) > 2:  # noqa: PLR2004 - wilhelmina.van.de.horst
        whole = [part for part in whole if part not in PARTICLES]
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
        # Of three words in one field the middle one may be a family name: Andrrea Leal Vieira.
        between = fits in name.first[1:]
        if (fits in name.lasts or between) and (word := _slip_of(other, name.first)):
            return Match(Relation.NEAR, word, other, is_first=True)
    return None


def _is_made_of_beginnings(letters: str, name: Name) -> bool:
    """This will say whether letters are beginnings of the names, or an end: jd, joda, nanda."""
    forms, lasts = name.forms, name.lasts
    initials = "".join(word[0] for word in (*name.first, *name.last))
    is_one_of = (
        any(len(form) >= SHORTEST and letters.startswith(form) for form in forms)
        or any(len(word) > SHORTEST and letters.endswith(word) for word in name.first)
        or (len(letters) > SHORTEST and any(word.endswith(letters) for word in name.first))
        or any(len(word) == 1 and letters[0] == word for word in name.first)
        or any(word.startswith(letters) for word in (*forms, *lasts))
        or letters in {initials, initials[::-1]}
    )
    if is_one_of:
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
    heads = "".join(word[0] for word in name.first)
    shortened = (
        (letters[1:], letters[0] in name.initials),
        (letters[:-1], letters[-1] in name.initials),
        (letters, True),
        (letters[len(heads) :], len(heads) > 1 and letters.startswith(heads)),
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
