"""The conditions of a segment as the editor shows them, and its contacts divided by what they need.

A condition is one field of a contact query. Its name in the address is its key here, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlencode

from contacts.rules.segments import MULTIPLE, NUMBERS, VIEW_LABELS, ContactQuery
from contacts.rules.words import EmailStatus
from core.rules.needed import LABELS, Needed, read_needed


class Control(StrEnum):
    """How the value of a condition is given."""

    CHOICES = "choices"  # boxes to tick
    LINES = "lines"  # one a line
    ONE = "one"  # a select
    NUMBER = "number"
    WORDS = "words"


@dataclass(frozen=True)
class Field:
    """A kind of condition. A field that may hold none of its values says both in `tests`."""

    name: str
    label: str
    control: Control
    tests: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    limits: tuple[int, int] | None = None


@dataclass(frozen=True)
class Condition:
    """A field with what is asked of it."""

    field: Field
    values: tuple[str, ...] = ()
    negated: bool = False

    @property
    def value(self) -> str:
        """The value of a field that has one."""
        return self.values[-1] if self.values else ""

    @property
    def lines(self) -> str:
        """The values as they are typed, one a line."""
        return "\n".join(self.values)


@dataclass(frozen=True)
class Part:
    """A share of a segment: who is in it, and the list behind the count where there is one."""

    label: str
    tone: str
    query: ContactQuery
    listed: bool = True


READY, BROKEN, POOR = "ready", "need a fix", "too little known"
_YES_NO = (("yes", "Yes"), ("no", "No"))
_ONE_OF = ("is one of", "is none of")
_FACTS = tuple((fact.value, words) for fact, words in LABELS.items())
_VIEWS = tuple((view.value, words) for view, words in VIEW_LABELS.items() if view != "all")


def _number(name: str, label: str, test: str, hint: str) -> Field:
    return Field(name, label, Control.NUMBER, (test,), hint=hint, limits=NUMBERS[name])


FIELDS: tuple[Field, ...] = (
    Field("view", "Contact: view", Control.ONE, ("is in",), _VIEWS),
    Field("q", "Contact: name, address, phone", Control.WORDS, ("contains",)),
    Field("active", "Contact: active", Control.ONE, ("is",), _YES_NO),
    Field("status", "Contact: address check", Control.CHOICES, _ONE_OF),
    Field("needs", "Contact: known", Control.CHOICES, ("are all of",), _FACTS),
    Field("lacks", "Contact: not known", Control.CHOICES, ("is any of",), _FACTS),
    Field("stage", "Contact: portal", Control.CHOICES, _ONE_OF),
    Field("invite", "Contact: may be invited", Control.ONE, ("is",), _YES_NO),
    Field("promote", "Contact: gets announcements", Control.ONE, ("is",), _YES_NO),
    Field("mailed", "Contact: was ever mailed", Control.ONE, ("is",), _YES_NO),
    _number("mailed_within", "Contact: last mail", "is at most", "days ago"),
    _number("unmailed_for", "Contact: no mail", "for at least", "days, or never"),
    Field("rep", "Customer: sales rep", Control.CHOICES, _ONE_OF),
    Field("mine", "Customer: mine", Control.ONE, ("is",), _YES_NO[:1]),
    Field("type", "Customer: type of clientele", Control.CHOICES, _ONE_OF),
    Field("line", "Customer: product lines", Control.LINES, ("contain one of", "contain none of")),
    Field("city", "Customer: city", Control.LINES, _ONE_OF),
    Field("zip", "Customer: postal code", Control.LINES, ("begins with", "does not begin with")),
    Field("state", "Customer: state", Control.CHOICES, _ONE_OF),
    Field("country", "Customer: country", Control.CHOICES, _ONE_OF),
    _number("since_from", "Customer: since", "is in or after", "a year"),
    _number("since_before", "Customer: since", "is before", "a year"),
    _number("invoices", "Customer: open invoices", "are at least", ""),
)  # fmt: skip
BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}


def conditions(query: ContactQuery, added: Iterable[str] = ()) -> list[Condition]:
    """This will give what a query asks for, and the fields that were added and are empty yet."""
    given: dict[str, list[str]] = {}
    for name, value in query.pairs():
        if value:
            given.setdefault(name, []).append(value)
    wanted = {*given, *added}
    return [
        Condition(field, tuple(given.get(field.name, ())), field.name in query.nots)
        for field in FIELDS
        if field.name in wanted
    ]


def left(shown: Sequence[Condition]) -> list[Field]:
    """This will give the fields that no condition asks about yet."""
    taken = {condition.field.name for condition in shown}
    return [field for field in FIELDS if field.name not in taken]


def kept(query: ContactQuery) -> list[tuple[str, str]]:
    """This will give what a query asks for and no condition shows: one customer, house users."""
    return [
        (name, value)
        for name, value in query.pairs()
        if value and name not in BY_NAME and name != "not"
    ]


def address(query: ContactQuery, **others: Iterable[str]) -> str:
    """This will give the query string of a page that has more to say than a query."""
    rest = urlencode([(name, value) for name, values in others.items() for value in values])
    return "&".join(part for part in (str(query), rest) if part)


def parts(
    query: ContactQuery, unusable: Iterable[EmailStatus], floor: Iterable[Needed]
) -> list[Part]:
    """This will divide a segment: whom mail reaches, whose address needs a fix, who is not known.

    A part that can hold nobody is left out.
    """
    bad = set(unusable)
    good = _only(query, set(EmailStatus) - bad)
    broken = _only(query, bad)
    needed = tuple(floor)
    found = []
    if good:
        full = replace(good, needs=read_needed([*good.needs, *needed]))
        found.append(Part(READY, "ok", full))
    if broken:
        found.append(Part(BROKEN, "warn", broken))
    if good and needed and not set(needed) <= set(query.needs):
        found.append(Part(POOR, "bad", replace(good, lacks=needed), not query.lacks))
    return found


def _only(query: ContactQuery, wanted: set[EmailStatus]) -> ContactQuery | None:
    """This will narrow a query to some of the address checks; None where none of them is left."""
    asked = set(query.statuses) or set(EmailStatus)
    if "status" in query.nots:
        asked = set(EmailStatus) - asked
    chosen = tuple(status for status in EmailStatus if status in asked & wanted)
    nots = tuple(name for name in query.nots if name != "status")
    return replace(query, statuses=chosen, nots=nots) if chosen else None


def may_negate(field: Field) -> bool:
    """This will say whether a field can ask for none of its values."""
    return field.name in MULTIPLE
