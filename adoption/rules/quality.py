"""The quality of the data as one figure: the share of contacts that can be mailed safely."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from adoption.rules.funnel import share

# Which states of an address count, and what each of them means; the order is that of the page.
COUNTS = ("confirmed", "ok")
MEANINGS = {
    "confirmed": "Proven: somebody registered with it, confirmed it, or the sales rep did.",
    "ok": "Every check is passed, and the domain takes mail.",
    "review": "Something looks wrong, and nobody has decided yet.",
    "unknown": "The domain was not looked up yet, or gave no answer.",
    "fixable": "Wrong, with a suggestion that is almost certain.",
    "invalid": "Nothing can arrive there.",
    "missing": "There is no address.",
    "bounced": "Mail came back, or the reader called it spam.",
}


@dataclass(frozen=True)
class Group:
    """The score of one group of contacts."""

    name: str
    ready: int
    everybody: int

    @property
    def score(self) -> int:
        """Contacts of 100 that can be mailed safely."""
        return share(self.ready, self.everybody)

    @property
    def left(self) -> int:
        """Contacts that cannot, or not yet."""
        return self.everybody - self.ready


@dataclass(frozen=True)
class Step:
    """The score at the end of a day on which something was imported."""

    day: date
    label: str
    score: int | None
    change: int | None


def daily(days: Sequence[date], scores: Mapping[date, int]) -> list[tuple[date, int]]:
    """This will give a score for each day from the first known one on; a gap keeps the last."""
    found: list[tuple[date, int]] = []
    for day in days:
        if day in scores:
            found.append((day, scores[day]))
        elif found:
            found.append((day, found[-1][1]))
    return found


def step_of(day: date, label: str, scores: Mapping[date, int]) -> Step:
    """This will give what a day with an import did to the score, as far as it was kept."""
    earlier = [known for known in scores if known < day]
    before = scores[max(earlier)] if earlier else None
    score = scores.get(day)
    change = score - before if score is not None and before is not None else None
    return Step(day, label, score, change)


def gained(scores: Mapping[date, int], today: date, days: int = 7) -> int | None:
    """This will give how much the score grew in a week; nothing when it is not that old."""
    then = [known for known in scores if known <= today - timedelta(days=days)]
    now = [known for known in scores if known <= today]
    return scores[max(now)] - scores[max(then)] if then and now else None
