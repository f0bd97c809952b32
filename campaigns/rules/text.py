"""What is wrong with a staff text, and which merge fields it may use."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from campaigns.rules.states import CampaignKind
from delivery.rules import fields
from delivery.rules.fields import Field
from delivery.rules.texting import parts

SUBJECT, BODY, SMS_TEXT = "subject", "body", "sms_text"
MOST_PARTS = 4
PORTAL_LINK = "CustomerPortalLink"
NAMES = ("ContactName", "FirstName", "LastName")


@dataclass(frozen=True)
class Problem:
    """One thing to mend. What does not block saving only keeps the text from being sent.

    `written` stands in the text, `instead` is the field that was meant, where one is known.
    """

    field: str
    sentence: str
    blocks_saving: bool
    written: str = ""
    instead: str = ""


def problems_in(kind: str, subject: str, body: str, sms_text: str = "") -> list[Problem]:
    """This will name everything that keeps a text from being saved or sent."""
    return [
        *_fields_of(SUBJECT, subject, kind),
        *_fields_of(BODY, body, kind),
        *_fields_of(SMS_TEXT, sms_text, kind),
        *_short_enough(kind, sms_text),
        *_links_of(subject),
        *_missing(kind, subject, body),
    ]


def fields_for(kind: str) -> list[Field]:
    """This will give the merge fields that may stand in a kind of message."""
    return fields.fields_in(kind)


def names_somebody(text: str) -> bool:
    """This will say whether a text speaks to its reader by name."""
    return any(_uses(name, text) for name in NAMES)


def unfilled(
    offered: Iterable[Field],
    subject: str,
    body: str,
    is_filled: Callable[[str], bool],
    body_field: str = BODY,
) -> Iterator[Problem]:
    """This will name fields that nothing fills here: a message with one could not be made."""
    for field in offered:
        where = (
            body_field if _uses(field.name, body) else SUBJECT if _uses(field.name, subject) else ""
        )
        if where and not is_filled(field.name):
            sentence = f"Nothing fills {field.token} here yet. Take it out before you send."
            yield Problem(where, sentence, blocks_saving=False, written=field.token)


def _fields_of(where: str, text: str, kind: str) -> Iterator[Problem]:
    for found in fields.problems(text, kind):
        yield Problem(
            where,
            found.sentence,
            blocks_saving=True,
            written=found.written,
            instead=f"[{found.instead}]" if found.instead else "",
        )


def _links_of(subject: str) -> Iterator[Problem]:
    """This will refuse links in the subject: nobody can click on one there."""
    for field in fields.FIELDS.values():
        if field.is_link and _uses(field.name, subject):
            sentence = f"{field.token} is a link, and a subject holds none. Put it in the body."
            yield Problem(SUBJECT, sentence, blocks_saving=True, written=field.token)


def _short_enough(kind: str, sms_text: str) -> Iterator[Problem]:
    """This will refuse a text message that is a letter, and one without the link it is for."""
    if parts(sms_text) > MOST_PARTS:
        sentence = f"A text message of more than {MOST_PARTS} parts is too long. Shorten it."
        yield Problem(SMS_TEXT, sentence, blocks_saving=False)
    needs_link = kind == CampaignKind.INVITATION and sms_text.strip()
    if needs_link and not _uses(PORTAL_LINK, sms_text):
        sentence = f"The text message needs [{PORTAL_LINK}], too."
        yield Problem(SMS_TEXT, sentence, blocks_saving=False)


def _missing(kind: str, subject: str, body: str) -> Iterator[Problem]:
    if not subject.strip():
        yield Problem(SUBJECT, "Write a subject before you send it.", blocks_saving=False)
    if not body.strip():
        yield Problem(BODY, "Write the message before you send it.", blocks_saving=False)
    if kind == CampaignKind.INVITATION and not _uses(PORTAL_LINK, body):
        sentence = (
            f"An invitation needs [{PORTAL_LINK}] in its body: without it nobody can register."
        )
        yield Problem(BODY, sentence, blocks_saving=False)


def _uses(name: str, text: str) -> bool:
    return any(match[1] == name for match in fields.LOOKS_LIKE.finditer(text)) or (
        f"([{name}])" in text
    )
