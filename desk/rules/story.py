"""What happened to a contact or a customer, as lines of one story."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

FIELD_WORDS = {
    "sms_number": "mobile phone",
    "address1": "address",
    "address2": "second address line",
    "alt_customer_id": "other customer ID",
    "sales_rep_name": "sales rep",
    "sales_rep_email": "sales rep's email",
    "customer_type": "type of clientele",
    "postal_code": "zip",
    "customer_id": "customer",
    "parent_id": "parent",
    "sales_rep_id": "sales rep",
    "merged_into_id": "record",
}
YES_NO_WORDS = {"true": "yes", "false": "no"}


@dataclass(frozen=True)
class Line:
    """One thing that happened: `tone` is "now" for good news, "fail" for bad, empty else.

    `undo` is the change set that can be taken back, `url` leads to more.
    """

    at: datetime
    text: str
    tone: str = ""
    old: str = ""
    new: str = ""
    undo: int | None = None
    url: str = ""
    link: str = ""

    @property
    def is_diff(self) -> bool:
        """Whether an old and a new value belong to it."""
        return bool(self.old or self.new)


def newest_first(lines: Iterable[Line], most: int) -> list[Line]:
    """This will put lines in order, the newest first, and keep the first ones."""
    return sorted(lines, key=lambda line: line.at, reverse=True)[:most]


def field_words(name: str) -> str:
    """This will name a field in words: "sms_number" -> "mobile phone"."""
    return FIELD_WORDS.get(name, name.replace("_", " "))


def change_text(field: str, whose: str, who: str, *, by_import: bool) -> str:
    """This will say what changed: "Phone changed by import", "Julie Tran changed the email"."""
    words = f"{whose}’s {field_words(field)}" if whose else field_words(field)
    if by_import:
        return f"{words[0].upper()}{words[1:]} changed by import"
    return f"{who or 'The program'} changed {words if whose else f'the {words}'}"


def kept_text(field: str, whose: str, who: str) -> str:
    """This will say who stood by a value that a source sees otherwise."""
    words = f"{whose}’s {field_words(field)}" if whose else f"the {field_words(field)}"
    return f"{who or 'The program'} kept {words}; the source has another one"


def value_words(value: str) -> str:
    """This will write a kept value for people: yes and no instead of true and false."""
    return YES_NO_WORDS.get(value, value)
