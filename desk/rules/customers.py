"""The query string of the customer list as a value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from contacts.rules.normalise import tidy

LONGEST = 100
MOST_VALUES = 20
YES_NO = {None: "", True: "yes", False: "no"}


@dataclass(frozen=True)
class CustomerQuery:
    """Which customers the list shows. Values of one field widen it, fields narrow it."""

    words: str = ""
    reps: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    active: bool | None = None
    portal: bool | None = None
    mine: bool = False
    house: bool = False

    def __str__(self) -> str:
        """This will give the query string, always the same for the same query."""
        return urlencode([(name, value) for name, value in self.pairs() if value])

    def pairs(self) -> list[tuple[str, str]]:
        """This will give names and values as they stand in the query string."""
        return [
            ("q", self.words),
            *(("rep", value) for value in self.reps),
            *(("state", value) for value in self.states),
            *(("type", value) for value in self.types),
            ("active", YES_NO[self.active]),
            ("portal", YES_NO[self.portal]),
            ("mine", YES_NO[self.mine or None]),
            ("house", YES_NO[self.house or None]),
        ]


def read(values: Mapping[str, Iterable[str]]) -> CustomerQuery:
    """This will read the values of a query string by name; what means nothing is left out."""
    given = {name: list(found)[:MOST_VALUES] for name, found in values.items()}
    return CustomerQuery(
        words=tidy(_last(given, "q"))[:LONGEST].strip(),
        reps=_texts(given.get("rep", [])),
        states=_texts(given.get("state", [])),
        types=_texts(given.get("type", [])),
        active=_yes_no(given, "active"),
        portal=_yes_no(given, "portal"),
        mine=_last(given, "mine") == "yes",
        house=_last(given, "house") == "yes",
    )


def _last(given: Mapping[str, list[str]], name: str) -> str:
    return (given.get(name) or [""])[-1]


def _yes_no(given: Mapping[str, list[str]], name: str) -> bool | None:
    return {"yes": True, "no": False}.get(_last(given, name))


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    clean = {tidy(value)[:LONGEST].strip() for value in values}
    return tuple(sorted(clean - {""}))
