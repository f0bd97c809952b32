"""A message as one recipient gets it: for previews, for single mails, and in bulk for senders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from contacts.models import Contact
from core.models import Configuration
from delivery import merge
from delivery.actions.framing import (
    UNSUBSCRIBE,
    WRONG_PERSON,
    Draft,
    Prepared,
    brand_of,
    prepare,
    prepare_text,
)
from delivery.models import Mailing, Message
from delivery.rules.fields import FIELDS
from delivery.rules.values import MissingLinkError, fill, fill_lines, fill_subject, missing
from delivery.tokens import example_url, unsubscribe_url, wrong_person_url

LINKS = (*(name for name, field in FIELDS.items() if field.is_link), WRONG_PERSON)


@dataclass(frozen=True)
class Rendered:
    """A message of one recipient. `missing` names fields without a value, which show a stand-in."""

    subject: str
    html: str
    text: str
    preheader: str = ""
    missing: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many bytes its two parts have."""
        return len(self.html.encode()) + len(self.text.encode())


def render_draft(
    *, subject: str, body: str, preheader: str, contact: Contact, purpose: str
) -> Rendered:
    """This will render a message for looking at: its links lead to a page that does nothing."""
    configuration = Configuration.load()
    prepared = prepare(Draft(subject, body, preheader, purpose), brand_of(configuration))
    words = [name for name in prepared.names if name not in LINKS]
    values = merge.company_values(configuration)
    values |= merge.values_for(words, [contact], purpose)[contact.pk]
    values |= dict.fromkeys(LINKS, example_url())
    absent = missing(prepared.holes(), values)
    return replace(_filled(prepared, values), missing=tuple(sorted(absent)))


def render_single(  # noqa: PLR0913 - what a mail is made of
    *,
    message_id: UUID,
    purpose: str,
    subject: str,
    body: str,
    contact: Contact | None,
    values: Mapping[str, str],
    preheader: str = "",
) -> Rendered:
    """This will render one mail; `values` win over the contact's. Raises MissingLinkError."""
    configuration = Configuration.load()
    prepared = prepare(Draft(subject, body, preheader, purpose), brand_of(configuration))
    found = merge.company_values(configuration) | _own_links(message_id)
    if contact is not None:
        found |= merge.values_for(prepared.names, [contact], purpose)[contact.pk]
    return _filled(prepared, found | dict(values))


def render_messages(
    *, mailing: Mailing, messages: Sequence[Message]
) -> dict[UUID, Rendered | MissingLinkError]:
    """This will render messages of a mailing: its text is read once, each provider asked once.

    A message whose personal link is gone gets the error instead of a text.
    """
    configuration = Configuration.load()
    draft = Draft(mailing.subject, mailing.body, mailing.preheader, mailing.purpose)
    prepared = prepare(draft, brand_of(configuration))
    company = merge.company_values(configuration)
    contacts = [message.contact for message in messages if message.contact]
    by_contact = merge.values_for(prepared.names, contacts, mailing.purpose)
    return {
        message.pk: _filled_or_error(
            prepared, company | _own_links(message.pk) | by_contact.get(message.contact_id or 0, {})
        )
        for message in messages
    }


def render_texts(
    *, mailing: Mailing, messages: Sequence[Message]
) -> dict[UUID, Rendered | MissingLinkError]:
    """This will render text messages of a mailing; each ends with the way to stop them."""
    company = merge.company_values(Configuration.load())
    prepared = prepare_text(mailing.sms_text)
    contacts = [message.contact for message in messages if message.contact]
    by_contact = merge.values_for(prepared.names, contacts, mailing.purpose)
    return {
        message.pk: _texted_or_error(
            prepared, company | _own_links(message.pk) | by_contact.get(message.contact_id or 0, {})
        )
        for message in messages
    }


def render_draft_text(*, sms_text: str, contact: Contact, purpose: str) -> Rendered:
    """This will render a text message for looking at; its links do nothing."""
    prepared = prepare_text(sms_text)
    words = [name for name in prepared.names if name not in LINKS]
    values = merge.company_values(Configuration.load())
    values |= merge.values_for(words, [contact], purpose)[contact.pk]
    return _texted(prepared, values | dict.fromkeys(LINKS, example_url()))


def _texted_or_error(prepared: Prepared, values: Mapping[str, str]) -> Rendered | MissingLinkError:
    try:
        return _texted(prepared, values)
    except MissingLinkError as error:
        return error


def _texted(prepared: Prepared, values: Mapping[str, str]) -> Rendered:
    return Rendered("", "", "\n".join(fill(line, values) for line in prepared.text).strip())


def _own_links(message_id: UUID) -> dict[str, str]:
    """This will give the links that belong to the message, whoever its contact is."""
    return merge.pages_of(message_id) | {
        UNSUBSCRIBE: unsubscribe_url(message_id),
        WRONG_PERSON: wrong_person_url(message_id),
    }


def _filled_or_error(prepared: Prepared, values: Mapping[str, str]) -> Rendered | MissingLinkError:
    try:
        return _filled(prepared, values)
    except MissingLinkError as error:
        return error


def _filled(prepared: Prepared, values: Mapping[str, str]) -> Rendered:
    return Rendered(
        subject=fill_subject(prepared.subject, values),
        html=fill(prepared.html, values),
        text=fill_lines(prepared.text, values),
        preheader=fill_subject(prepared.preheader, values),
    )
