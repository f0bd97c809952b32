"""Words one slip away: a letter too many, too few, wrong, or swapped with its neighbour."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

HEAD = 3


def slips(one: str, other: str, most: int = 1) -> int:
    """This will count the slips between two words, up to `most`; more give `most` + 1."""
    return int(OSA.distance(one, other, score_cutoff=most))


class NearIndex:
    """Finds the words of a set that are one slip away, without looking at each of them.

    Every word is kept under itself and under each form with one letter left out; a word one slip
    away shares one of these forms. The candidates are then measured.
    """

    def __init__(self, words: Iterable[str]) -> None:
        """This will index the words."""
        self.words = frozenset(words)
        forms: dict[str, list[str]] = defaultdict(list)
        for word in self.words:
            for form in _forms(word):
                forms[form].append(word)
        self._forms = dict(forms)
        self._heads = frozenset(word[:HEAD] for word in self.words)
        self._tails = frozenset(word[at:] for word in self.words for at in range(HEAD, HEAD + 3))

    def near(self, word: str) -> list[str]:
        """This will give the words exactly one slip away, in order; none for a word of the set."""
        if word in self.words or not self._may_be_near(word):
            return []
        found = {candidate for form in _forms(word) for candidate in self._forms.get(form, ())}
        return sorted(candidate for candidate in found if slips(word, candidate) == 1)

    def _may_be_near(self, word: str) -> bool:
        """This will rule out nearly every word at once: with one slip, head or tail is intact."""
        return word[:HEAD] in self._heads or word[HEAD + 1 :] in self._tails


@lru_cache(maxsize=4)
def index_of(words: frozenset[str]) -> NearIndex:
    """This will index words, once for all who ask about the same ones."""
    return NearIndex(words)


def _forms(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
