"""Which of two spellings of a name is the right one: name lists, then the look of the letters."""

from collections import Counter
from enum import StrEnum
from functools import cache
from math import log

from validation.rules.lists import family_names, given_names

CLEARER = 0.6


class Right(StrEnum):
    """Which of two spellings is right."""

    FIRST = "first"
    SECOND = "second"
    UNCLEAR = "unclear"


def which_is_right(one: str, two: str, *, is_first_name: bool, seen: frozenset[str]) -> Right:
    """This will compare two spellings. `seen` are names of other contacts of the customer base."""
    known = given_names() if is_first_name else family_names()
    has_one, has_two = one in known or one in seen, two in known or two in seen
    if has_one != has_two:
        return Right.FIRST if has_one else Right.SECOND
    if has_one:
        return Right.UNCLEAR
    gap = _looks(one) - _looks(two)
    if abs(gap) < CLEARER:
        return Right.UNCLEAR
    return Right.FIRST if gap > 0 else Right.SECOND


def is_given(word: str, seen: frozenset[str] = frozenset()) -> bool:
    """This will say whether a word is a first name."""
    return word in given_names() or word in seen


def is_family(word: str, seen: frozenset[str] = frozenset()) -> bool:
    """This will say whether a word is a family name."""
    return word in family_names() or word in seen


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
