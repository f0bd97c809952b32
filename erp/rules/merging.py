"""The three-way merge: what the source said before, what we have, what the source says now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from erp.rules.states import RowOutcome
from erp.rules.values import comparable


class Result(StrEnum):
    """What becomes of one field."""

    SAME = "same"  # nothing to do
    KEPT = "kept"  # the source still says what it said; ours differs and stays
    TAKEN = "taken"  # only the source has changed
    AGREED = "agreed"  # the source now says what we said: our correction has arrived
    CONFLICT = "conflict"  # both have changed; ours stays until a person decides


@dataclass(frozen=True)
class FieldMerge:
    """One field of one record, and what to do with it."""

    name: str
    base: str
    ours: str
    theirs: str
    result: Result


def merge_field(name: str, base: str, ours: str, theirs: str | None) -> Result:
    """This will decide one field. `theirs` is None where the file has no such column.

    A field that was never seen before has the base "": a blank cell then says nothing, while a
    cell that was filled and is blank now was cleared in the source. The very same text is
    compared first: our repair of blanks or case has not arrived while the source repeats itself.
    """
    if theirs is None:
        return Result.SAME
    if theirs == base:
        return Result.SAME if ours == base else Result.KEPT
    ours_key, theirs_key = comparable(name, ours), comparable(name, theirs)
    if ours_key == theirs_key:
        return Result.SAME if ours == base else Result.AGREED
    if theirs_key == comparable(name, base):
        return Result.KEPT
    return Result.TAKEN if ours == base else Result.CONFLICT


def merge(
    names: Iterable[str],
    base: Mapping[str, str],
    ours: Mapping[str, str],
    theirs: Mapping[str, str],
) -> list[FieldMerge]:
    """This will decide every named field and give those where something is to be said."""
    merged = []
    for name in names:
        before, here, there = base.get(name, ""), ours.get(name, ""), theirs.get(name)
        result = merge_field(name, before, here, there)
        if result is not Result.SAME:
            merged.append(FieldMerge(name, before, here, there or "", result))
    return merged


def outcome(merged: Iterable[FieldMerge]) -> RowOutcome:
    """This will sum a record up: a conflict outweighs a change, a change what was kept."""
    results = {field.result for field in merged}
    if Result.CONFLICT in results:
        return RowOutcome.CONFLICT
    if Result.TAKEN in results:
        return RowOutcome.CHANGED
    if Result.KEPT in results:
        return RowOutcome.KEPT
    return RowOutcome.UNCHANGED
