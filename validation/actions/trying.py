"""What the checks say of an address that is being typed. Nothing is stored, no domain is asked."""

from dataclasses import dataclass, replace

from contacts.models import Contact
from contacts.rules.normalise import repaired_email
from validation.actions.gathering import gather
from validation.models import MailDomain
from validation.rules.account import Account, Around, Heard, Person
from validation.rules.engine import check
from validation.rules.found import Found, Severity
from validation.rules.reading import read

# Said of a base as a whole: that two people share an address is no fault of the one typed.
_NOT_OF_THE_ADDRESS = frozenset(
    {"duplicate_same_customer", "duplicate_other_customer", "name_misspelled", "obsolete_person",
     "bounced", "complained"}
)  # fmt: skip


@dataclass(frozen=True)
class Tried:
    """A typed value: the address in it, the one probably meant instead, and what speaks against.

    Without an address nothing like one was typed.
    """

    address: str = ""
    meant: str = ""
    doubt: str = ""


def try_address(*, typed: str, contact: Contact, name: str | None = None) -> Tried:
    """This will look at an address as if the contact had it, or a new colleague of that name."""
    reading = read(typed.strip())
    address = repaired_email(reading.address)
    local, _, domain = address.rpartition("@")
    if not local or "." not in domain or reading.others:
        return Tried()
    gathered = gather(
        customers=[contact.customer_id] if contact.customer_id else [],
        loose=[] if contact.customer_id else [contact.pk],
    )
    if not gathered.accounts:
        return Tried(address)
    account = _with(gathered.accounts[0], contact.pk, address, name)
    around = _having_heard(gathered.around, domain)
    key = contact.pk if name is None else 0
    outcome = next((one for one in check(account, around) if one.key == key), None)
    found = outcome.found if outcome else []
    return _said(address, [one for one in found if one.code not in _NOT_OF_THE_ADDRESS])


def _with(account: Account, key: int, address: str, name: str | None) -> Account:
    """This will give the account with the address in its place."""
    if name is not None:
        new = Person(key=0, email=address, first_name=name)
        return replace(account, people=(*account.people, new))
    people = tuple(
        replace(one, email=address, places=()) if one.key == key else one for one in account.people
    )
    return replace(account, people=people)


def _having_heard(around: Around, domain: str) -> Around:
    """This will add what is known of the typed domain."""
    row = MailDomain.objects.filter(name=domain).values_list("verdict", "code").first()
    return replace(around, heard={**around.heard, domain: Heard(*row)}) if row else around


def _said(address: str, found: list[Found]) -> Tried:
    best = max((one for one in found if one.suggestion and one.field == "email"),
               key=lambda one: one.confidence, default=None)  # fmt: skip
    if best and best.suggestion != address:
        return Tried(address, best.suggestion, best.evidence.partition("\n")[0])
    bad = next((one for one in found if one.severity == Severity.ERROR), None)
    return Tried(address, "", bad.evidence.partition("\n")[0] if bad else "")
