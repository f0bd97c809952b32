"""How near is what somebody typed to what is on file? Shown to staff only, never to visitors."""

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA

from core.rules.diff import Diff
from core.rules.diff import compare as compare_texts

# Letters and digits that are read for each other on paper.
LOOK_ALIKE = str.maketrans({"o": "0", "i": "1", "l": "1", "s": "5", "b": "8", "z": "2"})


class Likeness(StrEnum):
    """How a typed fact compares with the one on file."""

    MATCH = "match"
    NEAR = "near"
    DIFFERENT = "different"
    NOT_TYPED = "not_typed"
    NOT_ON_FILE = "not_on_file"


@dataclass(frozen=True)
class Comparison:
    """One line of the table that staff decide by."""

    fact: str
    typed: str
    on_file: str
    likeness: Likeness

    @property
    def parts(self) -> Diff:
        """Where the two spellings differ."""
        return compare_texts(self.typed, self.on_file)


def compare(fact: str, typed: str, on_file: str, typed_key: str, file_key: str) -> Comparison:
    """This will compare a fact by its keys and keep both spellings to show."""
    return Comparison(fact, typed, on_file, likeness_of(typed_key, file_key))


def likeness_of(typed: str, on_file: str) -> Likeness:
    """This will compare two keys: equal, one slip apart, or different."""
    if not typed:
        return Likeness.NOT_TYPED
    if not on_file:
        return Likeness.NOT_ON_FILE
    if typed == on_file:
        return Likeness.MATCH
    is_near = (
        typed.translate(LOOK_ALIKE) == on_file.translate(LOOK_ALIKE)
        or OSA.distance(typed, on_file, score_cutoff=1) <= 1
    )
    return Likeness.NEAR if is_near else Likeness.DIFFERENT


def matches(comparisons: list[Comparison], facts: tuple[str, ...]) -> int:
    """This will count how many of the named facts match."""
    return sum(item.fact in facts and item.likeness is Likeness.MATCH for item in comparisons)


def unlikeness(one: str, other: str) -> float:
    """This will tell how far apart two texts are, from 0 for equal ones to 1."""
    return float(OSA.normalized_distance(one, other))
