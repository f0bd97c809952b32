"""The query string of the board of domains as a value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from contacts.rules.normalise import tidy
from validation.rules.dns_words import DomainState

LONGEST = 100
FEWEST = (2, 5, 10)


@dataclass(frozen=True)
class DomainQuery:
    """Which domains the board shows."""

    state: DomainState = DomainState.ALL
    words: str = ""
    least: int = 0
    provider: str = ""

    def __str__(self) -> str:
        """This will give the query string, always the same for the same query."""
        return urlencode([(name, value) for name, value in self.pairs() if value])

    def pairs(self) -> list[tuple[str, str]]:
        """This will give names and values as they stand in the query string."""
        return [
            ("state", self.state.value),
            ("q", self.words),
            ("least", str(self.least or "")),
            ("provider", self.provider),
        ]


def read(values: Mapping[str, Iterable[str]], first: DomainState) -> DomainQuery:
    """This will read a query string by name; `first` is the view that opens without one."""
    given = {name: (list(found) or [""])[-1] for name, found in values.items()}
    state = given.get("state", "")
    least = given.get("least", "")
    return DomainQuery(
        state=DomainState(state) if state in set(DomainState) else first,
        words=tidy(given.get("q", ""))[:LONGEST].strip(),
        least=int(least) if least in {str(n) for n in FEWEST} else 0,
        provider=tidy(given.get("provider", ""))[:LONGEST].strip(),
    )
