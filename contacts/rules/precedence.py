"""Which of several sources is believed, field by field."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

FIRST, LAST = 0, 1_000


@dataclass(frozen=True)
class Standing:
    """What the settings of a source say: its rank, and the fields in which it is first or last."""

    rank: int = 5
    leads: frozenset[str] = frozenset()
    trails: frozenset[str] = frozenset()

    def of(self, name: str) -> int:
        """This will give its rank for one field; the lower one wins."""
        if name in self.leads:
            return FIRST
        return LAST if name in self.trails else self.rank


@dataclass(frozen=True)
class Told:
    """What another source last said of the same record."""

    standing: Standing
    values: dict[str, str] = field(default_factory=dict)


class Claim(StrEnum):
    """What a source's new value of a field is worth beside what other sources say."""

    OPEN = "open"  # the settings do not decide
    YIELDS = "yields"  # a source that comes first speaks of the field: ours stays
    PREVAILS = "prevails"  # ours came from a source that comes after this one


def claim(name: str, ours: str, mine: Standing, others: Iterable[Told]) -> Claim:
    """This will weigh one field. Values are compared as given: fold them before.

    A source that says nothing of the field does not speak of it. Where ours came from nobody, a
    person wrote it, and no source prevails over a person by itself.
    """
    speaking = [other for other in others if other.values.get(name)]
    here = mine.of(name)
    if any(other.standing.of(name) < here for other in speaking):
        return Claim.YIELDS
    told = [other for other in speaking if other.values[name] == ours]
    if told and all(other.standing.of(name) > here for other in told):
        return Claim.PREVAILS
    return Claim.OPEN
