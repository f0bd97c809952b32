"""Check contacts: read a chunk, apply the rules, write what differs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import Count, Max

from contacts.models import Contact
from contacts.rules.normalise import address_key
from contacts.rules.words import EmailStatus
from jobs.models import Job
from jobs.queue import enqueue
from jobs.rules.state import JobState
from validation.actions.counting import count_domains, domains_of
from validation.actions.gathering import Gathered, gather, names_in_base
from validation.actions.storing import store
from validation.models import Finding, MailDomain
from validation.rules.account import Delivery
from validation.rules.domains import look_at
from validation.rules.engine import Outcome, check
from validation.rules.reading import read

CHUNK = 4_000
CUSTOMERS = 1_500
AT_ONCE = 500
LATER = "validation.check"
_SHARED = ("duplicate_same_customer", "duplicate_other_customer", "placeholder")
_REPAIRED = ("syntax", "wrapper_text", "multiple_addresses", "whitespace", "homoglyph",
             "domain_typo_company", "domain_typo_wellknown", "wrong_tld")  # fmt: skip
_NOT_DELIVERED = (EmailStatus.UNKNOWN, EmailStatus.INVALID)


@dataclass(frozen=True)
class Checked:
    """How the contacts came out: how many by status, and how many findings by code."""

    contacts: int = 0
    status: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)


def check_contacts(*, contact_ids: Sequence[int], change_set_id: int | None = None) -> None:
    """This will check contacts again, and those whose outcome depends on them.

    Whole customers are checked, because colleagues speak for each other, and everybody who has,
    or had until now, the same address. `change_set_id` tells which domains they have left.
    """
    wanted = set(contact_ids)
    wanted |= _sharers(wanted)
    for customers, loose in _units(wanted):
        _check(customers, loose)
    count_domains(names=domains_of(contact_ids=contact_ids, change_set_id=change_set_id))


def check_later(*, contact_ids: Sequence[int]) -> None:
    """This will have many contacts checked by a job, so that nobody waits for a write lock."""
    first = min(contact_ids, default=0) - 1
    # A job that has not begun will see what this transaction writes: on PostgreSQL the lock on
    # its row makes a worker wait for our commit, on SQLite nobody else writes meanwhile.
    waiting = Job.objects.select_for_update().filter(name=LATER, state=JobState.QUEUED)
    if any(job.payload.get("after", 0) <= first for job in waiting):
        return
    enqueue(LATER, payload={"after": first}, label="Check addresses", total=len(contact_ids))


def check_slice(*, after: int, limit: int) -> int | None:
    """This will check the next contacts by primary key; gives the last key, None when done.

    A customer is checked whole, with the last of its contacts.
    """
    rows: Sequence[tuple[int, int | None]] = list(
        Contact.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "customer_id")[:limit]
    )
    if not rows:
        return None
    last = int(rows[-1][0])
    lasts = (
        Contact.objects.filter(customer__in={customer for _pk, customer in rows if customer})
        .values_list("customer_id")
        .annotate(last=Max("pk"))
    )
    customers = [customer for customer, pk in lasts if pk <= last]
    _check(customers, [pk for pk, customer in rows if customer is None])
    return last


def check_all(
    *, source: str | None = None, on_chunk: Callable[[int], None] | None = None
) -> Checked:
    """This will check the whole base, or the contacts of one source, in chunks.

    `on_chunk` hears how many contacts were looked at since it heard last.
    """
    contacts = Contact.objects.of_source(source) if source else Contact.objects.all()
    done: set[int] = set()
    after = 0
    while True:
        rows: Sequence[tuple[int, int | None]] = list(
            contacts.filter(pk__gt=after).order_by("pk").values_list("pk", "customer_id")[:CHUNK]
        )
        if not rows:
            return counted(source)
        after = rows[-1][0]
        customers = {customer for _pk, customer in rows if customer is not None} - done
        done |= customers
        _check(customers, [pk for pk, customer in rows if customer is None])
        if on_chunk:
            on_chunk(len(rows))


def check_domains_changed(*, names: Sequence[str]) -> None:
    """This will derive the contacts of domains again, after DNS said something new of them.

    Also those whose address is there once it is read properly, or repaired. Large providers are
    taken to work until DNS says otherwise, so that their contacts are left alone when it says
    just that.
    """
    wanted = set(names)
    fine = set(
        MailDomain.objects.filter(name__in=wanted, verdict=Delivery.DELIVERABLE).values_list(
            "name", flat=True
        )
    )
    usual = {name for name in fine if look_at(name).free}
    contacts = set(
        Contact.objects.filter(email_domain__in=wanted - usual).values_list("pk", flat=True)
    )
    contacts |= set(
        Contact.objects.filter(email_domain__in=usual, email_status__in=_NOT_DELIVERED).values_list(
            "pk", flat=True
        )
    )
    repaired = Finding.objects.filter(code__in=_REPAIRED).exclude(suggestion="")
    columns = ("contact_id", "value", "suggestion")
    for contact, value, suggestion in repaired.values_list(*columns).iterator():
        reading = read(value)
        addresses = (suggestion, reading.address, *reading.others)
        if any(look_at(one.rpartition("@")[2]).name in wanted for one in addresses):
            contacts.add(contact)
    for customers, loose in _units(contacts):
        _check(customers, loose)


@transaction.atomic
def _check(customers: Iterable[int], loose: Iterable[int]) -> None:
    gathered = gather(customers=customers, loose=loose)
    outcomes = _outcomes(gathered)
    store(gathered=gathered, outcomes=outcomes)


def _outcomes(gathered: Gathered) -> list[Outcome]:
    """This will apply the rules, once more to customers of whose contacts' words more is known."""
    checked = [check(account, gathered.around) for account in gathered.accounts]
    named = names_in_base({word for some in checked for one in some for word in one.wonder})
    around = replace(gathered.around, named=named)
    for at, account in enumerate(gathered.accounts):
        if named and any(one.wonder & named.keys() for one in checked[at]):
            checked[at] = check(account, around)
    return [outcome for some in checked for outcome in some]


def _sharers(wanted: set[int]) -> set[int]:
    """This will give who has the address of these contacts, or was found to share it with them."""
    keys = set(
        Contact.objects.filter(pk__in=wanted)
        .exclude(address_key="")
        .values_list("address_key", flat=True)
    )
    before = Finding.objects.filter(contact__in=wanted, code__in=_SHARED)
    keys |= {address_key(value) for value in before.values_list("value", flat=True)}
    keys = {key for key in keys if "@" in key}
    counted = (
        Contact.objects.filter(address_key__in=keys)
        .values_list("address_key")
        .annotate(n=Count("pk"))
    )
    few = [key for key, n in counted if n <= AT_ONCE]
    return set(Contact.objects.filter(address_key__in=few).values_list("pk", flat=True))


def _units(contacts: Iterable[int]) -> Iterator[tuple[list[int], list[int]]]:
    """This will give the customers of contacts and the contacts without one, in chunks."""
    wanted = sorted(contacts)
    customers: set[int] = set()
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        rows: Sequence[tuple[int, int | None]] = list(
            Contact.objects.filter(pk__in=part).values_list("pk", "customer_id")
        )
        loose = [pk for pk, customer in rows if customer is None]
        if loose:
            yield [], loose
        customers |= {customer for _pk, customer in rows if customer is not None}
    every = sorted(customers)
    for start in range(0, len(every), CUSTOMERS):
        yield every[start : start + CUSTOMERS], []


def counted(source: str | None = None) -> Checked:
    """This will count the contacts, of one source or all, by status and by code."""
    contacts = Contact.objects.of_source(source) if source else Contact.objects.all()
    status = contacts.order_by().values_list("email_status").annotate(n=Count("pk", distinct=True))
    found = Finding.objects.filter(contact__in=contacts.values("pk")) if source else Finding.objects
    codes = found.order_by().values_list("code").annotate(n=Count("pk"))
    counts = dict(codes)
    for code, flag in (("role", "is_role_address"), ("freemail", "is_freemail")):
        if n := contacts.filter(**{flag: True}).count():
            counts[code] = n
    by_status = dict(status)
    return Checked(sum(by_status.values()), by_status, dict(sorted(counts.items())))
