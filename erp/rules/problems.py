"""What went wrong in many rows, as a few sentences."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SHOWN = 3
_VARYING = re.compile(r"“[^”]*”|\d[\d,.]*|(?<=number )\S+(?= (is|belongs))")


@dataclass
class Problem:
    """One kind of problem: its sentence, and the rows that have it."""

    sentence: str
    rows: list[int] = field(default_factory=list)

    @property
    def where(self) -> str:
        """The first rows in words: "Rows 201, 202, 355 and 11 more"."""
        shown = ", ".join(f"{row:,}" for row in self.rows[:SHOWN])
        more = len(self.rows) - SHOWN
        word = "Row" if len(self.rows) == 1 else "Rows"
        return f"{word} {shown} and {more:,} more" if more > 0 else f"{word} {shown}"


def grouped(errors: Iterable[tuple[int, str]]) -> Sequence[Problem]:
    """This will put rows with the same kind of problem together, the most frequent first.

    Sentences that differ in numbers and quoted cells only are of one kind.
    """
    found: dict[str, Problem] = {}
    for row, message in errors:
        kind = _VARYING.sub("…", message)
        problem = found.setdefault(kind, Problem(message))
        if problem.sentence != message:
            problem.sentence = kind
        problem.rows.append(row)
    return sorted(found.values(), key=lambda problem: -len(problem.rows))
