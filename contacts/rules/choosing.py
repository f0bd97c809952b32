"""Which of two values stays when two records become one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from contacts.rules.precedence import Standing
from contacts.rules.words import ContentType, EmailStatus


class Side(StrEnum):
    """Whose value a field gets."""

    KEEP = "keep"  # the record that stays
    GONE = "gone"  # the record that goes away
    BOTH = "both"  # one below the other


class Prefer(StrEnum):
    """What decides where both have a value."""

    SOURCES = "sources"
    NEWEST = "newest"
    CHECKED = "checked"


# Notes of both are worth keeping; everything else has one value.
JOINED = frozenset({"notes"})
# The stricter answer of the two, and who is here for one of them is here.
_SPOKEN = {"promote": "false", "invite": "false", "active": "true", "is_house_account": "true"}
_BEST_FIRST = (
    EmailStatus.CONFIRMED,
    EmailStatus.OK,
    EmailStatus.REVIEW,
    EmailStatus.UNKNOWN,
    EmailStatus.FIXABLE,
    EmailStatus.BOUNCED,
    EmailStatus.INVALID,
    EmailStatus.MISSING,
)


@dataclass(frozen=True)
class Party:
    """One of the two records: its values, who told them, how good its address is, and how new."""

    values: Mapping[str, str]
    standings: Mapping[str, Standing]
    email_status: str = ""
    is_role: bool = False
    changed: float = 0.0


def choose(names: list[str], keep: Party, gone: Party, prefer: Prefer) -> dict[str, Side]:
    """This will propose a side for every field in which the two differ."""
    return {
        name: _side(name, keep, gone, prefer)
        for name in names
        if keep.values.get(name, "") != gone.values.get(name, "")
    }


def _side(name: str, keep: Party, gone: Party, prefer: Prefer) -> Side:
    here, there = keep.values.get(name, ""), gone.values.get(name, "")
    if not here or not there:
        return Side.KEEP if here else Side.GONE
    if name in JOINED:
        return Side.BOTH
    if name in _SPOKEN:
        return Side.KEEP if here == _SPOKEN[name] else Side.GONE
    return Side.GONE if _gone_is_better(name, keep, gone, prefer) else Side.KEEP


def _gone_is_better(name: str, keep: Party, gone: Party, prefer: Prefer) -> bool:
    if prefer is Prefer.NEWEST:
        return gone.changed > keep.changed
    if name == "email" and (prefer is Prefer.CHECKED or _differ_much(keep, gone)):
        return _goodness(gone) < _goodness(keep)
    if name == "content_type":
        return keep.values[name] == ContentType.UNKNOWN
    mine, theirs = keep.standings.get(name), gone.standings.get(name)
    return bool(mine and theirs and theirs.of(name) < mine.of(name))


def _differ_much(keep: Party, gone: Party) -> bool:
    """This will say whether one address can be mailed and the other cannot."""
    good = set(_BEST_FIRST[:4])
    return (keep.email_status in good) != (gone.email_status in good)


def _goodness(party: Party) -> tuple[int, bool]:
    order = [status.value for status in _BEST_FIRST]
    place = order.index(party.email_status) if party.email_status in order else len(order)
    return place, party.is_role
