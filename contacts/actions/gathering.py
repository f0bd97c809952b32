"""Customers and contacts as plain values, ready to be compared."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from contacts.models import Contact, Customer
from contacts.rules.firms import fold
from contacts.rules.likeness import Firm, Person, phones_of, place_of, street_of, words_of
from contacts.rules.normalise import address_key, domain_of, number_key, phone_key

CHUNK = 900
_FREE: set[str] = set()

_FIRM = (
    "pk", "numbering", "account_number", "name", "address1", "city", "postal_code", "country",
    "phone", "website", "email", "parent_id", "is_house_account",
)  # fmt: skip
_PERSON = (
    "pk", "customer_id", "customer__numbering", "first_name", "middle_name", "last_name",
    "email", "address_key", "email_domain", "is_role_address", "is_freemail", "phone",
    "alternate_phone", "sms_number", "alt_customer_id", "birth_date", "postal_code",
    "is_house_user",
)  # fmt: skip


def firms(ids: Iterable[int]) -> dict[int, Firm]:
    """This will give customers by key; merged ones and unknown keys are left out."""
    found = {}
    for part in _parts(ids):
        for row in Customer.objects.filter(pk__in=part).values_list(*_FIRM):
            found[row[0]] = _firm(dict(zip(_FIRM, row, strict=True)))
    return found


def people(ids: Iterable[int]) -> dict[int, Person]:
    """This will give contacts by key; merged ones and unknown keys are left out."""
    found = {}
    for part in _parts(ids):
        for row in Contact.objects.filter(pk__in=part).values_list(*_PERSON):
            found[row[0]] = _person(dict(zip(_PERSON, row, strict=True)))
    return found


def site_of(website: str) -> str:
    """This will give the domain of a website as it was typed."""
    text = website.strip().lower()
    host = urlsplit(text if "//" in text else f"//{text}").netloc.partition(":")[0]
    return host.removeprefix("www.") if "." in host else ""


def _firm(row: dict[str, object]) -> Firm:
    text = {name: str(value or "") for name, value in row.items()}
    site, mail = site_of(text["website"]), domain_of(text["email"])
    domains = {site, mail if mail == site or not _is_free(mail) else ""} - {""}
    parent = row["parent_id"]
    return Firm(
        key=int(text["pk"]),
        numbering=text["numbering"],
        number=number_key(text["account_number"]),
        words=words_of(text["name"]),
        street=street_of(text["address1"]),
        city=fold(text["city"]),
        postal=place_of(text["postal_code"]),
        country=fold(text["country"]),
        phones=phones_of(text["phone"]),
        domains=frozenset(domains),
        parent=parent if isinstance(parent, int) else None,
        is_house=bool(row["is_house_account"]),
    )


def _person(row: dict[str, object]) -> Person:
    text = {name: str(value or "") for name, value in row.items()}
    customer = row["customer_id"]
    return Person(
        key=int(text["pk"]),
        customer=customer if isinstance(customer, int) else None,
        numbering=text["customer__numbering"],
        first=fold(text["first_name"]),
        middle=fold(text["middle_name"]),
        last=fold(text["last_name"]),
        address=text["address_key"] or address_key(text["email"]),
        domain=text["email_domain"],
        is_role=bool(row["is_role_address"]),
        is_free=bool(row["is_freemail"]),
        phones=phones_of(text["phone"], text["alternate_phone"], text["sms_number"]),
        mobile=phone_key(text["sms_number"]),
        alternate=text["alt_customer_id"].strip().casefold(),
        born=text["birth_date"],
        postal=place_of(text["postal_code"]),
        is_house=bool(row["is_house_user"]),
    )


def _is_free(domain: str) -> bool:
    """This will say whether a domain is a mail provider's, as far as contacts there were checked.

    What is one stays one, so it is asked once.
    """
    if domain and domain not in _FREE:
        people_there = Contact.objects.filter(email_domain=domain, is_freemail=True)
        if people_there.exists():
            _FREE.add(domain)
    return domain in _FREE


def _parts(ids: Iterable[int]) -> Iterable[list[int]]:
    found = sorted(set(ids))
    return (found[start : start + CHUNK] for start in range(0, len(found), CHUNK))
