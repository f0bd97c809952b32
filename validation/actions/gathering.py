"""Read from the database what the checks need, a chunk of customers at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from zlib import crc32

from django.db.models import Count

from contacts.models import AddressFact, Contact, Customer
from contacts.rules.normalise import postal_key, tidy
from core.models import Configuration
from validation.models import MailDomain
from validation.rules.account import (
    NOTHING_PROVEN,
    Account,
    Around,
    Heard,
    Person,
    Place,
    Proven,
)
from validation.rules.anchors import Anchors, stems_of, website_domain
from validation.rules.domain_fix import named_like
from validation.rules.domains import look_at, meant_names
from validation.rules.reading import read

MOST_PLACES = 60
DEEPEST_GROUP = 5
# A domain at so many customers is a provider or the like: a slip of it stands out.
BUSY = 5
MOST_BUSY = 2_000
MOST_ASKED = 900


class Row(NamedTuple):
    """A contact as it is read: what the checks see, and what is stored of the last check."""

    pk: int
    customer_id: int | None
    email: str
    first_name: str
    middle_name: str
    last_name: str
    organization: str
    job_title: str
    notes: str
    phone: str
    alternate_phone: str
    sms_number: str
    fax: str
    address_key: str
    email_domain: str
    email_status: str
    is_role_address: bool
    is_freemail: bool


class Firm(NamedTuple):
    """A customer as it is read."""

    pk: int
    name: str
    website: str
    email: str
    sales_rep_email: str
    parent_id: int | None
    postal_code: str
    account_number: str

    @property
    def called(self) -> str:
        """The name; some systems have no other number than it."""
        return self.name or self.account_number


@dataclass(frozen=True)
class Gathered:
    """A chunk to check: customers with their contacts, and what is known around them."""

    rows: dict[int, Row]
    accounts: list[Account]
    around: Around


def gather(*, customers: Iterable[int], loose: Iterable[int]) -> Gathered:
    """This will read whole customers, and contacts that have no customer, each by itself."""
    firms = {
        firm.pk: firm
        for firm in map(
            Firm._make,
            Customer.objects.filter(pk__in=list(customers)).values_list(*Firm._fields),
        )
    }
    found = Contact.objects.filter(customer__in=list(firms)).order_by("pk")
    alone = Contact.objects.filter(pk__in=list(loose), customer=None).order_by("pk")
    rows = [
        Row._make(values) for query in (found, alone) for values in query.values_list(*Row._fields)
    ]
    keys = {row.address_key for row in rows if "@" in row.address_key}
    roots = _heads({firm.pk: firm.parent_id for firm in firms.values()})
    known = _Known(_facts(keys), _places(keys), roots, _group_domains(list(firms), roots))
    by_firm: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        by_firm[row.customer_id].append(row)
    accounts = [_account(firm, by_firm[firm.pk], known) for firm in firms.values()]
    accounts += [_alone(row, known) for row in by_firm[None]]
    return Gathered({row.pk: row for row in rows}, accounts, _around(rows, firms.values()))


def names_in_base(words: Iterable[str]) -> dict[str, int]:
    """This will give which words are first or family names here, with the most other names beside.

    A word that is a desk's stands beside one other word at most, or beside none.
    """
    typed = {form: word for word in words for form in (word, word.title(), word.upper())}
    forms, found = list(typed), dict[str, int]()
    for field, beside in (("first_name", "last_name"), ("last_name", "first_name")):
        for start in range(0, len(forms), MOST_ASKED):
            some = forms[start : start + MOST_ASKED]
            named = Contact.objects.filter(**{f"{field}__in": some}).exclude(**{beside: ""})
            counted = named.values_list(field).annotate(n=Count(beside, distinct=True))
            for form, count in counted.order_by():
                found[typed[form]] = max(found.get(typed[form], 0), count)
    return found


@dataclass(frozen=True)
class _Known:
    """What is known of the chunk's addresses and groups."""

    facts: dict[str, Proven]
    places: dict[str, tuple[Place, ...]]
    roots: dict[int, int]
    members: dict[int, dict[str, int]]


def _person(row: Row, known: _Known) -> Person:
    return Person(
        key=row.pk,
        email=row.email,
        first_name=row.first_name,
        middle_name=row.middle_name,
        last_name=row.last_name,
        job_title=row.job_title,
        notes=row.notes,
        phones=(row.phone, row.alternate_phone, row.sms_number, row.fax),
        proven=known.facts.get(row.address_key, NOTHING_PROVEN),
        places=known.places.get(row.address_key, ()),
    )


def _account(firm: Firm, rows: Sequence[Row], known: _Known) -> Account:
    group = known.roots[firm.pk]
    return Account(
        people=tuple(_person(row, known) for row in rows),
        name=firm.called,
        website=firm.website,
        email=firm.email,
        rep_email=firm.sales_rep_email,
        group=group,
        firm=_firm_key(firm.name, firm.postal_code),
        group_domains=_without_own(known.members.get(group, {}), rows),
    )


def _alone(row: Row, known: _Known) -> Account:
    """This will take a contact without a customer for one of the firm that it names."""
    return Account(
        people=(_person(row, known),),
        name=row.organization,
        group=_named_group(row.organization, row.pk),
        firm=_named_firm(row.organization),
    )


def _named_group(organization: str, pk: int) -> int:
    """This will give a number below zero, alike for all who name the same firm."""
    named = tidy(organization).lower()
    return -1 - (crc32(named.encode()) if named else pk)


def _named_firm(organization: str) -> str:
    return f"{tidy(organization).lower()}|" if organization else ""


def _without_own(domains: dict[str, int], rows: Sequence[Row]) -> dict[str, int]:
    left = dict(domains)
    for row in rows:
        name = row.address_key.rpartition("@")[2]
        if name in left:
            left[name] -= 1
    return {look_at(name).registrable: count for name, count in left.items() if count > 0}


def _heads(parents: dict[int, int | None]) -> dict[int, int]:
    """This will follow customers up to the head of their group."""
    above = {pk: parent or pk for pk, parent in parents.items()}
    head = dict(above)
    for _level in range(DEEPEST_GROUP):
        if asked := set(head.values()) - above.keys():
            rows = Customer.objects.filter(pk__in=asked).values_list("pk", "parent_id")
            above.update((pk, parent or pk) for pk, parent in rows)
        further = {pk: above.get(now, now) for pk, now in head.items()}
        if further == head:
            break
        head = further
    return head


def _group_domains(pks: Sequence[int], roots: dict[int, int]) -> dict[int, dict[str, int]]:
    """This will count, by group, the domains of every contact in it."""
    parents = set(Customer.objects.filter(parent__in=pks).values_list("parent_id", flat=True))
    grouped = {roots[pk] for pk in pks if roots[pk] != pk or pk in parents}
    if not grouped:
        return {}
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for field in ("customer", "customer__parent", "customer__parent__parent"):
        found = (
            Contact.objects.filter(**{f"{field}__in": grouped})
            .exclude(email_domain="")
            .values_list(field, "email_domain")
            .annotate(n=Count("pk"))
        )
        for root, name, count in found:
            counts[root][name] = counts[root].get(name, 0) + count
    return counts


def _facts(keys: set[str]) -> dict[str, Proven]:
    found = AddressFact.objects.filter(address_key__in=keys)
    return {fact.address_key: _proven(fact) for fact in found}


def _proven(fact: AddressFact) -> Proven:
    """This will read what counts now: a later delivery or confirmation outweighs a bounce."""
    good = [moment for moment in (fact.delivered_at, fact.confirmed_at) if moment]
    bounced = fact.bounced_at is not None and all(moment < fact.bounced_at for moment in good)
    return Proven(
        bounced=bounced,
        bounce_reason=fact.bounce_reason,
        complained=fact.complained_at is not None,
        confirmed=fact.confirmed_at is not None and not bounced,
        confirmed_by=fact.confirmed_by,
    )


def _places(keys: set[str]) -> dict[str, tuple[Place, ...]]:
    """This will give the addresses that several customers have, and where they stand."""
    used = Contact.objects.filter(address_key__in=keys).exclude(customer__is_house_account=True)
    counted = used.values_list("address_key").annotate(n=Count("pk"))
    shared = dict(counted.filter(n__gt=1))
    columns = (
        "address_key", "customer_id", "customer__name", "customer__postal_code",
        "customer__parent_id", "first_name", "last_name", "customer__account_number", "pk",
        "organization", "customer__website",
    )  # fmt: skip
    few = [key for key, n in shared.items() if n <= MOST_PLACES]
    rows = list(used.filter(address_key__in=few).order_by("pk").values_list(*columns))
    for key in shared.keys() - set(few):
        rows += used.filter(address_key=key).order_by("pk").values_list(*columns)[:MOST_PLACES]
    root = _heads({row[1]: row[4] for row in rows if row[1] is not None})
    home = _at_home(rows)
    places: dict[str, list[Place]] = defaultdict(list)
    for key, customer, name, postal, _parent, first, last, number, pk, organization, *_web in rows:
        person = f"{first} {last}".strip()
        if customer is None:
            shown = organization or "a contact without a customer"
            group, firm = _named_group(organization, pk), _named_firm(organization)
        else:
            shown = f"{name} ({number})" if name else number
            group, firm = root[customer], _firm_key(name, postal)
        is_home = (key, customer) in home
        places[key].append(Place(group, shown, person, firm, pk, is_home))
    return {key: tuple(found) for key, found in places.items()}


def _at_home(rows: Sequence[tuple[Any, ...]]) -> set[tuple[str, int]]:
    """This will give the addresses and customers where the domain is the customer's own.

    Another address there, the website or the customer's name speaks for it.
    """
    found: set[tuple[str, int]] = set()
    domains = {row[0]: look_at(row[0].rpartition("@")[2]) for row in rows if "@" in row[0]}
    own = {key: domain for key, domain in domains.items() if not domain.free and domain.stem}
    others = (
        Contact.objects.filter(
            customer__in={row[1] for row in rows if row[1] is not None},
            email_domain__in={domain.name for domain in own.values()},
        )
        .values_list("customer_id", "email_domain", "address_key")
        .distinct()
    )
    keys: dict[tuple[int | None, str], set[str]] = defaultdict(set)
    for customer, name, key in others:
        keys[customer, name].add(key)
    for key, customer, name, *_rest, website in rows:
        domain = own.get(key)
        if domain is None or customer is None:
            continue
        named = Anchors({}, {}, stems=stems_of(name)).is_in_name(domain)
        is_site = bool(website) and website_domain(website) == domain.registrable
        if named or is_site or keys[customer, domain.name] - {key}:
            found.add((key, customer))
    return found


def _firm_key(name: str, postal_code: str) -> str:
    return f"{tidy(name).lower()}|{postal_key(postal_code)}" if name and postal_code else ""


def _around(rows: Sequence[Row], firms: Iterable[Firm]) -> Around:
    configuration = Configuration.load()
    names: set[str] = set()
    for address in {row.email for row in rows} | {firm.email for firm in firms}:
        reading = read(address)
        for one in (reading.address, *reading.others):
            names |= meant_names(one.rpartition("@")[2])
    firm_of = {firm.pk: stems_of(firm.called) for firm in firms}
    for row in rows:
        domain = look_at(row.email_domain) if row.email_domain else None
        if domain and domain.can_exist and not domain.free and row.customer_id in firm_of:
            names.add(named_like(domain, firm_of[row.customer_id]))
    names |= {website_domain(firm.website) for firm in firms if firm.website}
    names.discard("")
    heard = MailDomain.objects.filter(name__in=names).values_list("name", "verdict", "code")
    used = Contact.objects.filter(
        email_domain__in=[name for name in names if not look_at(name).free]
    )
    counted = used.values_list("email_domain").annotate(n=Count("customer", distinct=True))
    busy = MailDomain.objects.filter(customers__gte=BUSY).order_by("-customers", "-id")
    return Around(
        own_domains=configuration.own_domain_set(),
        allowed_domains=configuration.allowed_domain_set(),
        heard={name: Heard(verdict, code) for name, verdict, code in heard},
        accounts_at=dict(counted.filter(n__gt=1)),
        busy=dict(busy.values_list("name", "customers")[:MOST_BUSY]),
    )
