"""What is worth saying while somebody types: was another address meant, is that number known."""

from dataclasses import dataclass, replace

from accounts.models import User
from contacts.models import Contact, Customer
from contacts.rules.normalise import number_key
from validation.actions.gathering import gather
from validation.models import MailDomain
from validation.rules.account import Account, Around, Heard, Person
from validation.rules.domains import look_at
from validation.rules.engine import check
from validation.rules.reading import read

TYPED = 0  # the key of a person who is not here yet
MOST_OFFERED = 12
# What says nothing about the address that was typed, or only that it is missing so far.
_SILENT = frozenset({"missing", "role", "freemail"})


@dataclass(frozen=True)
class Hint:
    """One thing to say beside a field; `suggestion` is what may have been meant."""

    text: str
    suggestion: str = ""
    field: str = "email"
    url: str = ""


@dataclass(frozen=True)
class Typed:
    """What stands in the form now."""

    email: str = ""
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    contact_id: int = TYPED


def address_hints(typed: Typed, customer: Customer | None) -> list[Hint]:
    """This will check a typed address among the people at its customer; nothing is stored."""
    if "@" not in typed.email:
        return []
    gathered = gather(customers=[customer.pk] if customer else [], loose=[])
    account = gathered.accounts[0] if gathered.accounts else Account(people=())
    person = Person(
        key=typed.contact_id,
        email=typed.email,
        first_name=typed.first_name,
        middle_name=typed.middle_name,
        last_name=typed.last_name,
    )
    others = tuple(one for one in account.people if one.key != typed.contact_id)
    around = _around(gathered.around, typed.email)
    outcome = check(replace(account, people=(*others, person)), around)[-1]
    return [
        Hint(found.evidence, found.suggestion, found.field)
        for found in outcome.found
        if found.code not in _SILENT and found.suggestion != typed.email
    ]


def offered(words: str, user: User) -> list[Customer]:
    """This will give customers that may be meant by what somebody types, by number or name."""
    if not words.strip():
        return []
    visible = Customer.objects.visible_to(user).filter(is_house_account=False)
    return list(visible.search(words).order_by("name", "pk")[:MOST_OFFERED])


def number_hints(number: str, name: str) -> list[Hint]:
    """This will tell of customers with nearly the same number, or with the same name."""
    found = []
    if number.strip():
        same = Customer.objects.filter(number_key=number_key(number))
        found += [
            Hint(f"{row} has the account number {row.account_number}.", url=f"{row.pk}")
            for row in same.order_by("pk")[:3]
        ]
    if name.strip():
        alike = Customer.objects.filter(name__iexact=name.strip())
        found += [
            Hint(f"There is a customer of this name: {row.account_number}.", url=f"{row.pk}")
            for row in alike.order_by("pk")[:3]
        ]
    return found


def who_has(email: str, user: User, but: int) -> Contact | None:
    """This will give somebody else who has this very address and whom the person may see."""
    key = read(email).address.lower()
    rows = Contact.objects.visible_to(user).filter(address_key=key).exclude(pk=but)
    found: Contact | None = rows.select_related("customer").first() if key else None
    return found


def _around(around: Around, email: str) -> Around:
    """This will add what DNS has said of the typed domain, so far as it was ever asked."""
    name = look_at(read(email).address.rpartition("@")[2]).name
    rows = MailDomain.objects.filter(name=name).values_list("name", "verdict", "code")
    heard = {domain: Heard(verdict, code) for domain, verdict, code in rows}
    return replace(around, heard={**around.heard, **heard})
