"""The query string of the contact list as a value: what a view, a segment, an audience means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qs, urlencode

from contacts.rules.normalise import tidy
from contacts.rules.words import EmailStatus, PortalStage

E = TypeVar("E", bound=StrEnum)

LONGEST_WORDS = 100
MOST_VALUES = 20
LARGEST_ID = 2**63 - 1


class SystemView(StrEnum):
    """The views that always exist; the value stands in addresses and commands."""

    ALL = "all"
    READY = "ready"
    INVITED = "invited"
    NO_EMAIL = "no_email"
    BOUNCED = "bounced"


VIEW_LABELS: dict[SystemView, str] = {
    SystemView.ALL: "All contacts",
    SystemView.READY: "Ready to invite",
    SystemView.INVITED: "Invited, not registered",
    SystemView.NO_EMAIL: "No email address",
    SystemView.BOUNCED: "Bounced",
}


class UnknownSegmentError(LookupError):
    """No view of that name exists."""


@dataclass(frozen=True)
class ContactQuery:
    """Which contacts a list shows. Values of one field widen it, fields narrow it."""

    view: SystemView = SystemView.ALL
    words: str = ""
    statuses: tuple[EmailStatus, ...] = ()
    stages: tuple[PortalStage, ...] = ()
    reps: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    active: bool | None = None
    customer: int | None = None
    mine: bool = False
    house: bool = False

    def __str__(self) -> str:
        """This will give the query string, always the same for the same query."""
        return urlencode([(name, value) for name, value in self.pairs() if value])

    def pairs(self) -> list[tuple[str, str]]:
        """This will give names and values as they stand in the query string."""
        return [
            ("view", "" if self.view is SystemView.ALL else self.view.value),
            ("q", self.words),
            *(("status", value.value) for value in self.statuses),
            *(("stage", value.value) for value in self.stages),
            *(("rep", value) for value in self.reps),
            *(("state", value) for value in self.states),
            *(("type", value) for value in self.types),
            ("active", _YES_NO[self.active]),
            ("customer", "" if self.customer is None else str(self.customer)),
            ("mine", _YES_NO[self.mine or None]),
            ("house", _YES_NO[self.house or None]),
        ]


def parse(query_string: str) -> ContactQuery:
    """This will read a query string; names and values that mean nothing are left out."""
    return read(parse_qs(query_string.lstrip("?")))


def read(values: Mapping[str, Iterable[str]]) -> ContactQuery:
    """This will read the values of a query string by name, as `parse`."""
    given = {name: list(found)[:MOST_VALUES] for name, found in values.items()}
    view = _members(SystemView, given.get("view", []))
    return ContactQuery(
        view=view[-1] if view else SystemView.ALL,
        words=tidy(_last(given, "q"))[:LONGEST_WORDS].strip(),
        statuses=_members(EmailStatus, given.get("status", [])),
        stages=_members(PortalStage, given.get("stage", [])),
        reps=_texts(given.get("rep", [])),
        states=_texts(given.get("state", [])),
        types=_texts(given.get("type", [])),
        active={"yes": True, "no": False}.get(_last(given, "active")),
        customer=_number(_last(given, "customer")),
        mine=_last(given, "mine") == "yes",
        house=_last(given, "house") == "yes",
    )


def system_view(name: str) -> ContactQuery:
    """This will give the query of a view that always exists. Raises UnknownSegmentError."""
    try:
        return ContactQuery(view=SystemView(name))
    except ValueError:
        raise UnknownSegmentError(name) from None


_YES_NO = {None: "", True: "yes", False: "no"}


def _last(given: Mapping[str, list[str]], name: str) -> str:
    return (given.get(name) or [""])[-1]


def _members(enum: type[E], values: Iterable[str]) -> tuple[E, ...]:
    wanted = set(values)
    return tuple(member for member in enum if member.value in wanted)


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    clean = {tidy(value)[:LONGEST_WORDS].strip() for value in values}
    return tuple(sorted(clean - {""}))


def _number(text: str) -> int | None:
    plain = text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST_ID))
    return int(text) if plain else None
