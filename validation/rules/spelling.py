"""Which of two spellings of a name is the right one: name lists, then the look of the letters."""

import re
from collections import Counter
from enum import StrEnum
from functools import cache
from math import log

from validation.rules.lists import (
    family_names,
    given_names,
    rare_family_names,
    rare_given_names,
)
from validation.rules.names import squashed

CLEARER = 1.2
UNKNOWN = 2
SHORTEST_JOINED = 4
_PARTICLES_BEFORE = re.compile(
    r"(?:vande[nr]?|vanhet|opde[nr]?|uitde[nr]?|aande[nr]?|vo[nm]de[nrm]|delas?|delos|dell[ao]"
    r"|degli)(?=[a-z]*[aeiouy])[a-z]{3,10}"
)


class Right(StrEnum):
    """Which of two spellings is right."""

    FIRST = "first"
    SECOND = "second"
    UNCLEAR = "unclear"


def which_is_right(
    one: str,
    two: str,
    *,
    is_first_name: bool,
    seen: frozenset[str],
    base: frozenset[str] = frozenset(),
) -> Right:
    """This will compare two spellings.

    `seen` are names of colleagues, `base` names that others in the customer base have.
    """
    ranks = [_rank(word, seen, base, is_first_name=is_first_name) for word in (one, two)]
    if ranks[0] != ranks[1]:
        return Right.FIRST if ranks[0] < ranks[1] else Right.SECOND
    if ranks[0] < UNKNOWN:
        return Right.UNCLEAR
    gap = _looks(one) - _looks(two)
    if abs(gap) < CLEARER:
        return Right.UNCLEAR
    return Right.FIRST if gap > 0 else Right.SECOND


def _is_in(word: str, known: frozenset[str], seen: frozenset[str]) -> bool:
    if word in known or word in seen or squashed(word) in known:
        return True
    return any(form in known for form in _other_sex(word))


def _rank(
    word: str, seen: frozenset[str], base: frozenset[str] = frozenset(), *, is_first_name: bool
) -> int:
    """This will say how well known a name is: 0 frequent or a colleague's, 1 seldom, 2 not."""
    frequent, seldom = (
        (given_names(), rare_given_names())
        if is_first_name
        else (family_names(), rare_family_names())
    )
    if _is_in(word, frequent, seen):
        return 0
    return 1 if _is_in(word, seldom, base) else UNKNOWN


def is_given(word: str, seen: frozenset[str] = frozenset()) -> bool:
    """This will say whether a word is a first name."""
    return _rank(word, seen, is_first_name=True) < UNKNOWN


def is_family(word: str, seen: frozenset[str] = frozenset()) -> bool:
    """This will say whether a word is a family name, or two joined: garcialopez, grabowska."""
    if _rank(word, seen, is_first_name=False) < UNKNOWN or _begins_with_particles(word):
        return True
    ends = range(SHORTEST_JOINED, len(word) - SHORTEST_JOINED + 1)
    known, seldom = family_names(), rare_family_names()
    return any(
        (word[:at] in known and (word[at:] in known or word[at:] in seldom))
        or (word[:at] in seldom and word[at:] in known)
        for at in ends
    )


def _begins_with_particles(word: str) -> bool:
    """This will say whether a word begins like vandenbeek, delacruz or opdenlaan."""
    return _PARTICLES_BEFORE.fullmatch(word) is not None


def _other_sex(word: str) -> tuple[str, ...]:
    """This will give a man's form of a woman's family name: grabowski, novak, ivanov."""
    if word.endswith(("ska", "cka", "dzka")):
        return (f"{word[:-1]}i", f"{word[:-1]}y")
    if word.endswith(("ova", "eva", "ina")):
        return word[:-1], word[:-3]
    return ()


def _looks(word: str) -> float:
    """This will say how much a word looks like a name: the mean of how often its letters meet."""
    counts = _triples()
    triples = _triples_of(word)
    return sum(log(1 + counts[triple]) for triple in triples) / len(triples)


def _triples_of(word: str) -> list[str]:
    padded = f"^{word}$"
    return [padded[at : at + 3] for at in range(len(padded) - 2)] or [padded]


@cache
def _triples() -> Counter[str]:
    return Counter(
        triple for word in (*family_names(), *given_names()) for triple in _triples_of(word)
    )
