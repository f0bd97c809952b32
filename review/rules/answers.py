"""What can be answered, and how an answer is told to the reviewer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from contacts.rules.words import ProposalKind, ProposalSource

WHO = {
    ProposalSource.REP: "sales rep",
    ProposalSource.SUCCESS: "customer success",
    ProposalSource.CUSTOMER: "customer",
    ProposalSource.PORTAL: "portal user",
    ProposalSource.TOUCHPOINT: "touchpoint",
}


class Choice(StrEnum):
    """What somebody who is asked may choose."""

    SUGGESTED = "suggested"  # the offered value
    RIGHT = "right"  # it is right as it is
    OTHER = "other"  # another value, typed
    NO_EMAIL = "no_email"
    LEFT = "left"
    PERSON = "person"  # ask or write to this person instead
    UNKNOWN = "unknown"


# What needs nothing typed: one tap answers.
AT_ONCE = (Choice.SUGGESTED, Choice.RIGHT, Choice.NO_EMAIL, Choice.LEFT, Choice.UNKNOWN)


@dataclass(frozen=True)
class Told:
    """An answer in words: tone and icon, what was said, and the value it would give."""

    tone: str
    icon: str
    words: str
    value: str = ""


def choices_for(*, field: str, value: str, suggestion: str) -> tuple[Choice, ...]:
    """This will give what may be answered about a value, the likeliest first."""
    found = [Choice.SUGGESTED] if suggestion else []
    found += [Choice.RIGHT] if value else []
    found += [Choice.OTHER]
    found += [Choice.NO_EMAIL, Choice.PERSON] if field == "email" else []
    return (*found, Choice.LEFT, Choice.UNKNOWN)


def by_whom(source: str) -> str:
    """This will name the kind of person who said something."""
    return WHO[ProposalSource(source)]


def told(kind: str, values: Mapping[str, str], person: Mapping[str, str], seen: str) -> Told:
    """This will put an answer into words for the reviewer."""
    who = person_words(person)
    match ProposalKind(kind):
        case ProposalKind.RIGHT:
            return Told("ok", "check", "It is right as it is", seen)
        case ProposalKind.NO_EMAIL:
            return Told("warn", "ban", "Has no email address")
        case ProposalKind.LEFT:
            return Told("warn", "out", f"Has left; write to {who}" if who else "Has left")
        case ProposalKind.PERSON:
            return Told("info", "user", f"Write to {who} instead", person.get("email", ""))
        case ProposalKind.UNKNOWN:
            return Told("", "help", "Does not know")
        case ProposalKind.CHANGE:
            return Told("ok", "pen", "Should be", value_words(values))


def value_words(values: Mapping[str, str]) -> str:
    """This will give new values in one line: the address, else the name, else all of them."""
    if "email" in values:
        return values["email"]
    name = " ".join(values.get(part, "") for part in ("first_name", "last_name")).strip()
    return name or ", ".join(value for value in values.values() if value)


def person_words(person: Mapping[str, str]) -> str:
    """This will name somebody with the address that was given."""
    name = " ".join(person.get(part, "") for part in ("first_name", "last_name")).strip()
    email = person.get("email", "")
    return f"{name}, {email}" if name and email else name or email
