"""What changed between two values: the common head and tail, and the middle of each."""

from dataclasses import dataclass
from itertools import takewhile


@dataclass(frozen=True)
class Diff:
    """Two values cut in three: `head` + `old` + `tail` was, `head` + `new` + `tail` is."""

    head: str
    old: str
    new: str
    tail: str


def compare(old: str, new: str) -> Diff:
    """This will trim the common head and tail and mark the middle once.

    A matcher of longest runs would mark scattered letters for swapped ones ("ei" to "ie").
    """
    start = _in_common(old, new)
    old_rest, new_rest = old[start:], new[start:]
    end = _in_common(old_rest[::-1], new_rest[::-1])
    return Diff(
        head=old[:start],
        old=old_rest[: len(old_rest) - end],
        new=new_rest[: len(new_rest) - end],
        tail=old[len(old) - end :],
    )


def _in_common(one: str, other: str) -> int:
    """This will count the letters that two texts begin with alike."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))
