"""The merge fields: one closed list, what each stands for, and where it may stand.

A field is written `[ContactName]`. `[FirstName|friend]` says what stands there when a contact has
no such value. A field's value is text: it is never read as a field, a link or markup again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from delivery.rules.states import TO_MANY, Purpose

LOOKS_LIKE = re.compile(r"\[([A-Za-z][A-Za-z0-9_ -]{0,39})(?:\|[^\[\]\n]{0,80})?\]")
LINK_TARGET = re.compile(r"(?:https?://|mailto:|tel:)[^\s()<>\"'\[\]]+|\[[A-Za-z]+\]")
WORDS_AND_TARGET = re.compile(r"\[([^\[\]\n]{0,400})\]\(([^()\n]{0,2000})\)?")
CLOSE = 0.75


@dataclass(frozen=True)
class Field:
    """A merge field. `purposes` are the only kinds of message it may stand in; empty means all.

    `fallback` stands where a contact has no value; `label` are the words of a link's button.
    """

    name: str
    meaning: str
    example: str
    fallback: str = ""
    label: str = ""
    purposes: tuple[Purpose, ...] = ()

    @property
    def is_link(self) -> bool:
        """Whether its value is the address of a page."""
        return bool(self.label)

    @property
    def token(self) -> str:
        """The field as it is written."""
        return f"[{self.name}]"

    def is_allowed_in(self, purpose: str) -> bool:
        """This will say whether the field may stand in a kind of message."""
        return not self.purposes or purpose in self.purposes


INVITING = (Purpose.INVITATION, Purpose.REMINDER)
_ALL = (
    Field("ContactName", "First and last name of the contact", "Priya Raman", "there"),
    Field("Salutation", "How the contact is addressed", "Ms"),
    Field("FirstName", "First name of the contact", "Priya", "there"),
    Field("LastName", "Last name of the contact", "Raman"),
    Field("CustomerName", "The contact's company", "Acme Fabrication", "your company"),
    Field("AccountNumber", "The customer's account number", "104233"),
    Field("Username", "The contact's username on the portal", "praman"),
    Field("CompanyName", "Your company", "Northfield Supply"),
    Field("SalesRepName", "The customer's sales rep", "Marcus Bell", "your sales rep"),
    Field("SalesRepEmail", "The sales rep's email address", "marcus@northfieldsupply.example"),
    Field("SupportEmail", "Where customers get help", "help@northfieldsupply.example"),
    Field("SupportPhone", "The number customers may call", "(555) 014-2200"),
    Field(
        "CustomerPortalLink",
        "The personal invitation link",
        "/i/…",
        label="Set up my account",
        purposes=INVITING,
    ),
    Field("FindAccountLink", "The page that finds an account", "/find/", label="Find my account"),
    Field(
        "ResetPasswordLink",
        "The page to choose a new password",
        "/forgot-password/",
        label="Choose a password",
    ),
    Field(
        "ForgotUsernameLink",
        "The page that sends a reminder of the username",
        "/forgot-username/",
        label="Send me my username",
    ),
    Field(
        "ConfirmEmailLink",
        "The page to confirm or correct an address",
        "/confirm/…",
        label="Check my address",
        purposes=TO_MANY,
    ),
    Field(
        "UnsubscribeLink",
        "Stops messages of this kind",
        "/u/…",
        label="Unsubscribe",
        purposes=TO_MANY,
    ),
)
FIELDS: dict[str, Field] = {field.name: field for field in _ALL}
_BY_SQUASHED = {name.casefold(): name for name in FIELDS}


class Trouble(StrEnum):
    """What is wrong with something written in brackets."""

    UNKNOWN = "unknown"  # no field of that name
    FORBIDDEN = "forbidden"  # a field, but not in this kind of message
    NO_ADDRESS = "no_address"  # [words](...) leads nowhere


@dataclass(frozen=True)
class FieldProblem:
    """One thing that stops a text from being used; `instead` is the field that was meant."""

    trouble: Trouble
    written: str
    sentence: str
    instead: str = ""


def fields_in(purpose: str) -> list[Field]:
    """This will give the fields that may stand in a kind of message, in their usual order."""
    return [field for field in FIELDS.values() if field.is_allowed_in(purpose)]


def problems(text: str, purpose: str) -> list[FieldProblem]:
    """This will name every unknown or forbidden field of a text once, with the one meant."""
    found = {problem.written: problem for problem in _problems(text, purpose)}
    return list(found.values())


def nearest(name: str) -> str:
    """This will give the field that somebody meant by `name`, or nothing."""
    squashed = re.sub(r"[^a-z0-9]", "", name.casefold())
    close = get_close_matches(squashed, _BY_SQUASHED, n=1, cutoff=CLOSE)
    return _BY_SQUASHED[close[0]] if close else ""


def _problems(text: str, purpose: str) -> Iterator[FieldProblem]:
    for match in LOOKS_LIKE.finditer(text):
        if LINK_TARGET.match(text, match.end() + 1) and text[match.end()] == "(":
            continue  # the words of a link
        problem = _problem_of(match[1], match[0], purpose)
        if problem:
            yield problem
    for match in WORDS_AND_TARGET.finditer(text):
        if match[1] not in FIELDS and not LINK_TARGET.fullmatch(match[2]):
            sentence = f"“{match[2]}” is no address of a page. Start it with https://"
            yield FieldProblem(Trouble.NO_ADDRESS, match[0], sentence)


def _problem_of(name: str, written: str, purpose: str) -> FieldProblem | None:
    field = FIELDS.get(name)
    if field is None:
        meant = nearest(name)
        if not meant and not _is_meant_as_field(name):
            return None
        hint = f" Did you mean [{meant}]?" if meant else " Choose one from the list."
        sentence = f"There is no field {written}.{hint}"
        return FieldProblem(Trouble.UNKNOWN, written, sentence, meant)
    if field.is_allowed_in(purpose):
        return None
    sentence = f"{field.token} can only stand in {_listed(field.purposes)}."
    instead = "FindAccountLink" if name == "CustomerPortalLink" else ""
    if instead:
        sentence += f" Use [{instead}] here: it leads to a page where customers start themselves."
    return FieldProblem(Trouble.FORBIDDEN, written, sentence, instead)


def _is_meant_as_field(name: str) -> bool:
    """This will tell [DeliveryDate] from remarks in brackets such as [sic] or [see below]."""
    return name[0].isupper() and " " not in name


def _listed(purposes: tuple[Purpose, ...]) -> str:
    if purposes == TO_MANY:
        return "bulk messages"
    return " and ".join(f"{purpose.value.replace('_', ' ')}s" for purpose in purposes)
