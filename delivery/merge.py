"""Where the values of merge fields come from: one provider a field, asked once for many contacts.

Apps above register their own in `apps.py`. A provider gets contacts with their customers and
gives the value for each contact that has one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import prefetch_related_objects

from contacts.models import Contact, Customer
from core.models import Configuration
from delivery.rules.fields import FIELDS

Provider = Callable[[Sequence[Contact]], Mapping[int, str]]


class UnknownFieldError(LookupError):
    """The closed list has no field of that name."""


@dataclass(frozen=True)
class Registered:
    """A provider, the kinds of message it is asked for (empty means all), and what it gives."""

    provider: Provider
    purposes: tuple[str, ...] = ()
    is_link: bool = False


_providers: dict[str, Registered] = {}
_pages: dict[str, Callable[[UUID], str]] = {}


def register(
    name: str,
    provider: Provider,
    *,
    purposes: Iterable[str] | None = None,
    is_link: bool = False,
) -> None:
    """This will let a provider fill a field; a later one replaces it. Raises UnknownFieldError.

    `purposes` narrows the kinds of message that it is asked for.
    """
    if name not in FIELDS:
        raise UnknownFieldError(name)
    _providers[name] = Registered(provider, tuple(purposes or ()), is_link)


def register_page(name: str, url_of: Callable[[UUID], str]) -> None:
    """This will let an app answer a link that belongs to the message in which it stands.

    `url_of` derives the link from the message's id. Raises UnknownFieldError.
    """
    if name not in FIELDS:
        raise UnknownFieldError(name)
    _pages[name] = url_of


def pages_of(message_id: UUID) -> dict[str, str]:
    """This will give the links of a message that lead to pages of apps above."""
    return {name: url_of(message_id) for name, url_of in _pages.items()}


def values_for(
    names: Iterable[str], contacts: Sequence[Contact], purpose: str
) -> dict[int, dict[str, str]]:
    """This will give the values of fields by contact; a field without a value is left out."""
    found: dict[int, dict[str, str]] = {contact.pk: {} for contact in contacts}
    prefetch_related_objects(list(contacts), "customer__sales_rep")
    for name in sorted(names):
        registered = _providers.get(name)
        if registered is None or not _is_asked(name, registered, purpose):
            continue
        for contact_id, value in registered.provider(contacts).items():
            if value and contact_id in found:
                found[contact_id][name] = value
    return found


def is_filled(name: str) -> bool:
    """This will say whether some app fills a field; a text with another one cannot be sent."""
    by_delivery = {*company_values(Configuration()), "UnsubscribeLink"}
    return name in _providers or name in _pages or name in by_delivery


def company_values(configuration: Configuration) -> dict[str, str]:
    """This will give the values that are the same for everybody."""
    return {
        "CompanyName": configuration.company_name,
        "SupportEmail": configuration.support_email or configuration.reply_to,
        "SupportPhone": configuration.support_phone,
    }


def _is_asked(name: str, registered: Registered, purpose: str) -> bool:
    allowed = not registered.purposes or purpose in registered.purposes
    return allowed and FIELDS[name].is_allowed_in(purpose)


def _each(value_of: Callable[[Contact], str]) -> Provider:
    return lambda contacts: {contact.pk: value_of(contact) for contact in contacts}


def _of_customer(value_of: Callable[[Customer], str]) -> Provider:
    return lambda contacts: {
        contact.pk: value_of(contact.customer) for contact in contacts if contact.customer
    }


def rep_name(customer: Customer) -> str:
    """This will name the customer's sales rep."""
    return str(customer.sales_rep) if customer.sales_rep else customer.sales_rep_name


def rep_email(customer: Customer) -> str:
    """This will give the address of the customer's sales rep."""
    rep = customer.sales_rep
    return rep.email if rep and rep.email else customer.sales_rep_email


register("ContactName", _each(lambda contact: contact.name))
register("Salutation", _each(lambda contact: contact.salutation))
register("FirstName", _each(lambda contact: contact.first_name))
register("LastName", _each(lambda contact: contact.last_name))
register("Username", _each(lambda contact: contact.username))
register(
    "CustomerName",
    lambda contacts: {
        contact.pk: (contact.customer.name if contact.customer else "") or contact.organization
        for contact in contacts
    },
)
register("AccountNumber", _of_customer(lambda customer: customer.account_number))
register("SalesRepName", _of_customer(rep_name))
register("SalesRepEmail", _of_customer(rep_email))
