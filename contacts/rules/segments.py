"""The query string of the contact list as a value: what a view, a segment, an audience means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode

from contacts.rules.normalise import tidy
from contacts.rules.words import EmailStatus, PortalStage
from core.rules.needed import Needed, read_needed

E = TypeVar("E", bound=StrEnum)

LONGEST_WORDS = 100
LONGEST_QUERY = 20_000
MOST_VALUES = 20
LARGEST_ID = 2**63 - 1
EARLIEST_YEAR, LATEST_YEAR = 1800, 2999
MOST_DAYS = 36_500
MOST_INVOICES = 1_000_000


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


# What may hold one of several values: the name in the address, and the attribute of a query.
MULTIPLE: dict[str, str] = {
    "status": "statuses",
    "stage": "stages",
    "rep": "reps",
    "state": "states",
    "type": "types",
    "line": "lines",
    "city": "cities",
    "zip": "postcodes",
    "country": "countries",
}


@dataclass(frozen=True)
class ContactQuery:
    """Which contacts a list shows. Values of one field widen it, fields narrow it.

    `nots` names fields that may hold none of their values. `lines` is a part of what customers
    buy, `postcodes` how a postal code begins, `since_from` and `since_before` are years,
    `mailed_within` and `unmailed_for` days, `invoices` how many are open at least. A record has
    all that it `needs`, and `lacks` any one of these.
    """

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
    lines: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    since_from: int | None = None
    since_before: int | None = None
    invoices: int | None = None
    promote: bool | None = None
    invite: bool | None = None
    mailed: bool | None = None
    mailed_within: int | None = None
    unmailed_for: int | None = None
    needs: tuple[Needed, ...] = ()
    lacks: tuple[Needed, ...] = ()
    nots: tuple[str, ...] = ()

    def __str__(self) -> str:
        """This will give the query string, always the same for the same query."""
        return urlencode([(name, value) for name, value in self.pairs() if value])

    def pairs(self) -> list[tuple[str, str]]:
        """This will give names and values as they stand in the query string."""
        return [
            ("view", "" if self.view is SystemView.ALL else self.view.value),
            ("q", self.words),
            *self._each("status", "stage", "rep", "state", "type"),
            ("active", _YES_NO[self.active]),
            ("customer", _text(self.customer)),
            ("mine", _YES_NO[self.mine or None]),
            ("house", _YES_NO[self.house or None]),
            *self._each("line", "city", "zip", "country"),
            *((name, _text(getattr(self, name))) for name in NUMBERS),
            *((name, _YES_NO[getattr(self, name)]) for name in ("promote", "invite", "mailed")),
            *(("needs", value.value) for value in self.needs),
            *(("lacks", value.value) for value in self.lacks),
            *(("not", name) for name in self.nots if self.values(name)),
        ]

    def values(self, name: str) -> tuple[str, ...]:
        """This will give the values of a field by its name in the address."""
        found: tuple[str, ...] = getattr(self, MULTIPLE[name])
        return found

    def _each(self, *names: str) -> list[tuple[str, str]]:
        return [(name, str(value)) for name in names for value in self.values(name)]


# Numbers by their name, which is the attribute's too, and what is the least and the most of each.
NUMBERS: dict[str, tuple[int, int]] = {
    "since_from": (EARLIEST_YEAR, LATEST_YEAR),
    "since_before": (EARLIEST_YEAR, LATEST_YEAR),
    "invoices": (1, MOST_INVOICES),
    "mailed_within": (1, MOST_DAYS),
    "unmailed_for": (1, MOST_DAYS),
}

# Where each fact stands, as the contact's columns: one that is filled is enough.
STANDS_IN: dict[Needed, tuple[str, ...]] = {
    Needed.NAME: ("first_name", "last_name"),
    Needed.EMAIL: ("email",),
    Needed.PHONE: ("phone", "sms_number", "alternate_phone", "customer__phone"),
    Needed.JOB_TITLE: ("job_title",),
    Needed.CUSTOMER: ("customer__account_number",),
    Needed.CITY: ("city", "customer__city"),
    Needed.POSTAL_CODE: ("postal_code", "customer__postal_code"),
    Needed.STATE: ("state", "province", "customer__state", "customer__province"),
    Needed.COUNTRY: ("country", "customer__country"),
    Needed.CUSTOMER_TYPE: ("customer__customer_type",),
    Needed.PRODUCT_LINES: ("customer__product_lines",),
    Needed.CUSTOMER_SINCE: ("customer__customer_since",),
    Needed.SALES_REP: ("customer__sales_rep_name", "customer__sales_rep_email"),
}


def parse(query_string: str) -> ContactQuery:
    """This will read a query string; names and values that mean nothing are left out."""
    return read(parse_qs(query_string.lstrip("?")))


def read(values: Mapping[str, Iterable[str]]) -> ContactQuery:
    """This will read the values of a query string by name, as `parse`."""
    given = {name: list(found)[:MOST_VALUES] for name, found in values.items()}
    view = _members(SystemView, given.get("view", []))
    rest: dict[str, Any] = {
        **{plural: _texts(given.get(name, [])) for name, plural in _FREE.items()},
        **{name: _YES_OR_NO.get(_last(given, name)) for name in _FLAGS},
        **{name: _number(_last(given, name), *limits) for name, limits in NUMBERS.items()},
    }
    return _consistent(
        ContactQuery(
            view=view[-1] if view else SystemView.ALL,
            words=tidy(_last(given, "q"))[:LONGEST_WORDS].strip(),
            statuses=_members(EmailStatus, given.get("status", [])),
            stages=_members(PortalStage, given.get("stage", [])),
            customer=_number(_last(given, "customer"), 0, LARGEST_ID),
            mine=_last(given, "mine") == "yes",
            house=_last(given, "house") == "yes",
            needs=read_needed(_listed(given.get("needs", []))),
            lacks=read_needed(_listed(given.get("lacks", []))),
            nots=tuple(name for name in MULTIPLE if name in given.get("not", [])),
            **rest,
        )
    )


def system_view(name: str) -> ContactQuery:
    """This will give the query of a view that always exists. Raises UnknownSegmentError."""
    try:
        return ContactQuery(view=SystemView(name))
    except ValueError:
        raise UnknownSegmentError(name) from None


_YES_NO = {None: "", True: "yes", False: "no"}
_YES_OR_NO = {"yes": True, "no": False}
_FLAGS = ("active", "promote", "invite", "mailed")
_FREE = {name: plural for name, plural in MULTIPLE.items() if name not in ("status", "stage")}


def _consistent(query: ContactQuery) -> ContactQuery:
    """This will forget a "not" of a field that asks for nothing."""
    return replace(query, nots=tuple(name for name in query.nots if query.values(name)))


def _last(given: Mapping[str, list[str]], name: str) -> str:
    return (given.get(name) or [""])[-1]


def _members(enum: type[E], values: Iterable[str]) -> tuple[E, ...]:
    wanted = set(values)
    return tuple(member for member in enum if member.value in wanted)


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    """This will tidy values; one that was typed with several lines counts as several."""
    lines = (line for value in values for line in value.splitlines())
    clean = {tidy(line)[:LONGEST_WORDS].strip() for line in lines}
    return tuple(sorted(clean - {""})[:MOST_VALUES])


def _listed(values: Iterable[str]) -> Iterable[str]:
    return (name.strip() for value in values for name in value.split(","))


def _number(text: str, least: int, most: int) -> int | None:
    plain = text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST_ID))
    return int(text) if plain and least <= int(text) <= most else None


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
