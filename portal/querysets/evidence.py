"""What staff decide a registration by: possible accounts, and what was typed against the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F

from accounts.models import User
from contacts.models import Contact, Customer, Invoice
from contacts.rules.normalise import address_key, number_key, postal_key, search_text
from portal.rules.evidence import Comparison, Likeness, compare, likeness_of, matches, unlikeness
from portal.rules.usernames import is_house_name

if TYPE_CHECKING:
    from portal.models import Registration

MOST_ACCOUNTS = 6
MOST_PEOPLE = 5
FACTS = ("Account number", "Billing zip code", "Recent invoice")


@dataclass(frozen=True)
class Evidence:
    """One account as the possible answer to a registration."""

    customer: Customer
    comparisons: list[Comparison]
    people: list[Contact]
    matching: int
    invoice: Invoice | None
    colleagues: int
    has_users: int


def possible_accounts(registration: "Registration", user: User, words: str = "") -> list[Customer]:
    """This will give the accounts that may be meant, the likeliest first, or those of a search."""
    accounts = Customer.objects.visible_to(user).real().active()
    if words:
        found = accounts.search(words).order_by("name", "pk")
        return list(found[:MOST_ACCOUNTS])
    key = address_key(registration.email)
    number = number_key(registration.account_number)
    lists = [
        accounts.filter(pk=registration.customer_id or 0),
        accounts.filter(number_key=number) if number else accounts.none(),
        accounts.filter(contacts__in=Contact.objects.people().active().filter(address_key=key)),
    ]
    if search_text(registration.account_number).strip():
        lists.append(accounts.search(registration.account_number))
    found_ids: dict[int, Customer] = {}
    for rows in lists:
        found_ids |= {
            row.pk: row
            for row in rows.distinct().order_by("name", "pk")[:MOST_ACCOUNTS]
            if row.pk not in found_ids
        }
    return list(found_ids.values())[:MOST_ACCOUNTS]


def evidence_for(registration: "Registration", customer: Customer) -> Evidence:
    """This will compare what was typed with what is on file at one account."""
    people = _likeliest(registration, customer)
    best = people[0] if people else None
    invoice = _nearest_invoice(registration.invoice_number, customer)
    domain = address_key(registration.email).rpartition("@")[2]
    comparisons = [
        compare(
            FACTS[0],
            registration.account_number,
            customer.account_number,
            number_key(registration.account_number),
            number_key(customer.account_number),
        ),
        compare(
            FACTS[1],
            registration.postal_code,
            customer.postal_code,
            postal_key(registration.postal_code),
            postal_key(customer.postal_code),
        ),
        compare(
            FACTS[2],
            registration.invoice_number,
            invoice.number if invoice else "",
            number_key(registration.invoice_number),
            invoice.number_key if invoice else "",
        ),
        *_about_person(registration, best),
    ]
    contacts = Contact.objects.people().active().filter(customer=customer)
    return Evidence(
        customer=customer,
        comparisons=comparisons,
        people=people,
        matching=matches(comparisons, FACTS),
        invoice=invoice,
        colleagues=contacts.filter(email_domain=domain).count() if domain else 0,
        has_users=contacts.filter(memberships__isnull=False).count(),
    )


def _about_person(registration: "Registration", person: Contact | None) -> Sequence[Comparison]:
    on_file = person.email_repaired if person else ""
    name = person.name if person else ""
    return (
        compare(
            "Email",
            registration.email,
            on_file,
            address_key(registration.email),
            address_key(on_file),
        ),
        compare("Name", registration.name, name, search_text(registration.name), search_text(name)),
    )


def _likeliest(registration: "Registration", customer: Customer) -> list[Contact]:
    """This will give the people at an account who may be meant: same address, then nearest name."""
    key, wanted = address_key(registration.email), search_text(registration.name)
    rows = Contact.objects.people().active().filter(customer=customer).order_by("pk")
    ranked = [
        (row.address_key != key, unlikeness(search_text(row.name), wanted), row.pk, row)
        for row in rows[:500]
        if not is_house_name(row.username, customer.account_number)
    ]
    return [row for *_, row in sorted(ranked, key=lambda item: item[:3])[:MOST_PEOPLE]]


def _nearest_invoice(number: str, customer: Customer) -> Invoice | None:
    """This will give the named invoice, or the newest one that is a slip away from it."""
    key = number_key(number)
    if not key:
        return None
    rows = Invoice.objects.filter(customer=customer)
    newest_first = rows.order_by(F("issued_on").desc(nulls_last=True), "-pk")
    exact = newest_first.filter(number_key=key).first()
    if exact:
        return exact
    near = (row for row in newest_first[:500] if likeness_of(key, row.number_key) is Likeness.NEAR)
    return next(near, None)
