"""By which way, and under which address, each contact is reached."""

from collections.abc import Iterable
from dataclasses import dataclass

from contacts.models import Contact
from core.models import Configuration
from delivery.querysets import number_for
from delivery.rules.addresses import is_one_address
from delivery.rules.states import Channel
from delivery.rules.texting import goes_by_text


@dataclass(frozen=True)
class Way:
    """One address of a contact, and how messages get there."""

    channel: Channel
    address: str
    key: str


def ways_to(contacts: Iterable[Contact], *, is_offered: bool) -> dict[int, Way]:
    """This will give the way to each contact that can be reached; text messages when offered."""
    country = Configuration.load().country
    found: dict[int, Way] = {}
    for contact in contacts:
        is_mailable = bool(contact.address_key) and is_one_address(contact.email_repaired)
        number = _number(contact, country) if is_offered else ""
        if goes_by_text(
            content_type=contact.content_type,
            has_email=bool(contact.address_key),
            number=number,
            is_offered=is_offered,
        ):
            found[contact.pk] = Way(Channel.SMS, number, number)
        elif is_mailable:
            found[contact.pk] = Way(Channel.EMAIL, contact.email_repaired, contact.address_key)
    return found


def _number(contact: Contact, usual_country: str) -> str:
    own = contact.country or (contact.customer.country if contact.customer else "")
    return number_for(contact.sms_number, own, usual_country)
