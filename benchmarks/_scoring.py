"""How well findings agree with labels: what was found, missed, made up, and put right."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Codes that say something about an address and do not call it bad.
SILENT = frozenset({"ok", "role", "freemail"})
SURE = 0.95
_BLANKS = re.compile(r"[\s\u200b\u200e\ufeff]+")

Row = Mapping[str, str]


@dataclass
class Score:
    """Counts over any number of contacts; `wrong` holds a line for everything that is not right."""

    contacts: int = 0
    without_row: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    invented: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    fine: int = 0
    fine_called_bad: int = 0
    decoys: int = 0
    decoys_called_bad: int = 0
    fixes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def codes(self) -> list[str]:
        """Every code that is labelled or found."""
        return sorted({*self.hits, *self.invented, *self.missed})

    def precision(self, *codes: str) -> float:
        """The share of what was found that is true."""
        return _share(self.hits, self.invented, codes)

    def recall(self, *codes: str) -> float:
        """The share of what is true that was found."""
        return _share(self.hits, self.missed, codes)

    def f1(self, code: str) -> float:
        """The harmonic mean of precision and recall."""
        one, two = self.precision(code), self.recall(code)
        return 2 * one * two / (one + two) if one + two else 0.0

    def labelled(self) -> list[str]:
        """The codes that are in the labels, "ok" aside."""
        return [c for c in self.codes() if c != "ok" and self.hits[c] + self.missed[c]]

    def macro_f1(self) -> float:
        """The mean over the labelled codes."""
        every = [self.f1(code) for code in self.labelled()]
        return sum(every) / len(every) if every else 0.0

    def add(self, other: "Score") -> None:
        """This will add the counts of another data set."""
        for name in ("hits", "invented", "missed", "fixes"):
            getattr(self, name).update(getattr(other, name))
        for name in ("contacts", "without_row", "fine", "fine_called_bad", "decoys",
                     "decoys_called_bad", "wrong"):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))


def _share(good: Counter[str], bad: Counter[str], codes: Iterable[str]) -> float:
    hits, rest = sum(good[c] for c in codes), sum(bad[c] for c in codes)
    return hits / (hits + rest) if hits + rest else 1.0


def read_rows(path: Path) -> list[dict[str, str]]:
    """This will read a CSV file with a header."""
    csv.field_size_limit(10**8)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def score(labels: Iterable[Row], results: Iterable[Row]) -> Score:
    """This will compare labels with the rows of an export of findings, by contact id.

    A label has `problems` (must be found), `also_ok` (never counts), `true_email` (a list where
    the cell held several), `plausible_email` and `decoy`.
    """
    told = {row["contact_id"]: row for row in results}
    made = Score()
    for label in labels:
        made.contacts += 1
        row = told.get(label["contact_id"])
        made.without_row += row is None
        _judge(made, label, row or defaultdict(str))
    return made


def _judge(made: Score, label: Row, row: Row) -> None:
    want, also = _codes(label["problems"]), _codes(label.get("also_ok", ""))
    got = _codes(row["problems"]) or {"ok"}
    for code in want & got:
        made.hits[code] += 1
    missed = {c for c in want - got if c != "ok" or not got <= also | SILENT}
    invented = {c for c in got - want - also if c != "ok" or not want <= SILENT}
    made.missed.update(missed)
    made.invented.update(invented)
    for what, codes in (("missed", missed), ("made up", invented)):
        made.wrong += [_line(what, code, label, row) for code in sorted(codes)]
    if want <= SILENT:
        is_bad = bool(got - SILENT - also)
        made.fine += 1
        made.fine_called_bad += is_bad
        if label.get("decoy"):
            made.decoys += 1
            made.decoys_called_bad += is_bad
    kind = _fix(label, row)
    if kind:
        made.fixes[kind] += 1
        sure = float(row["confidence"] or 0) >= SURE
        made.fixes["sure but wrong"] += sure and kind in {"wrong", "harmful"}
        if kind not in {"right", "plausible"}:
            made.wrong.append(_line(f"fix {kind}", "", label, row))


def _fix(label: Row, row: Row) -> str:
    """This will say what the suggestion is worth; nothing where none was due and none offered."""
    offered, raw, true = plain(row["suggestion"]), label["raw_email"], label["true_email"]
    if not true:
        if not offered or offered == plain(raw):
            return ""
        guess = plain(label.get("plausible_email", ""))
        return "plausible" if guess and offered == guess else "harmful"
    parts = [plain(part) for part in true.split(";")]
    if raw == true and plain(raw) == parts[0]:
        return "wrong" if offered and offered != parts[0] else ""
    if not offered:
        return "not offered"
    is_right = offered in (parts[0], plain(true)) or set(re.split("[;,]", offered)) == set(parts)
    return "right" if is_right else "wrong"


def plain(text: str) -> str:
    """This will drop what does not count in a comparison: letter case and blanks."""
    return _BLANKS.sub("", text).lower()


def _codes(text: str) -> set[str]:
    return {part.strip() for part in text.split(";")} - {""}


def _line(what: str, code: str, label: Row, row: Row) -> str:
    return (
        f"{what:<16}{code:<26}{label['contact_id']} {label.get('contact_name', '')!r}"
        f" {label['raw_email']!r} want={label['problems']} right={label['true_email']}"
        f" got={row['problems']} offered={row['suggestion']} {row['confidence']}"
    )
