"""What the board of domains and the page of one domain show, in a fixed number of queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from contacts.models import Contact, Customer
from contacts.querysets import GOOD
from core.models import Configuration
from desk.querysets.lists import BoundedCount
from desk.rules.domains import DomainQuery
from validation.models import MailDomain, NameServer
from validation.rules.dns_words import DomainState, Words, kind_of, words_of
from validation.rules.domains import look_at

# Columns that may sort the board, each with an index.
DOMAIN_SORTS = {
    "name": "name",
    "contacts": "contacts",
    "customers": "customers",
    "bounces": "bounces",
}
# Here the verdict says it all.
SAID_ALREADY = ("", "mx", "implicit_mx", "no_domain")
MOST_PROVIDERS = 40
SHOWN_CUSTOMERS, SHOWN_CONTACTS = 10, 50


@dataclass(frozen=True)
class Row:
    """One line of the board: the domain, its verdict in words, what kind it is, what to do.

    `act` is "rename", "review", "ask" or "contacts".
    """

    domain: MailDomain
    said: Words
    kind: str
    act: str

    @property
    def aside(self) -> str:
        """What stands under the name: the kind, whose mail service it is, or what is wrong."""
        told = self.kind or self.domain.provider
        return told or ("" if self.domain.code in SAID_ALREADY else self.said.why)


@dataclass(frozen=True)
class Figures:
    """What one query told: how many domains each view has, and how many wait to be looked up."""

    views: dict[DomainState, int]
    waiting: int
    addresses: int

    @property
    def waiting_words(self) -> str:
        """How long looking up what waits will take at the pace of the settings."""
        seconds = self.waiting * 2 / max(1, settings.DNS_QUERIES_PER_SECOND)
        return "less than a minute" if seconds < 60 else f"about {round(seconds / 60):,} minutes"  # noqa: PLR2004 - a minute


def domains(query: DomainQuery) -> QuerySet[MailDomain]:
    """This will give the domains that match."""
    found = MailDomain.objects.in_state(query.state)
    rows: QuerySet[MailDomain] = found.search(query.words) if query.words else found
    if query.least:
        rows = rows.filter(contacts__gte=query.least)
    if query.provider:
        rows = rows.filter(provider=query.provider)
    return rows


def figures(user: User) -> Figures:
    """This will count every view, and what waits, in one query, and whom the trouble concerns."""
    views = {
        f"n{at}": BoundedCount(MailDomain.objects.in_state(state))
        for at, state in enumerate(DomainState)
    }
    due = BoundedCount(MailDomain.objects.used().due(timezone.now()))
    row = (
        User.objects.filter(pk=user.pk)
        .annotate(**views, waiting=due)
        .values_list(*views, "waiting")
        .get()
    )
    *counts, waiting = (int(n) for n in row)
    held = MailDomain.objects.in_state(DomainState.ATTENTION).aggregate(n=Sum("contacts"))
    return Figures(dict(zip(DomainState, counts, strict=True)), waiting, int(held["n"] or 0))


def rows_of(found: Iterable[MailDomain], configuration: Configuration) -> list[Row]:
    """This will put the domains of one page into words."""
    ours, allowed = configuration.own_domain_set(), configuration.allowed_domain_set()
    return [row_of(domain, ours, allowed) for domain in found]


def row_of(domain: MailDomain, ours: Collection[str], allowed: Collection[str]) -> Row:
    """This will put one domain into words."""
    kind = kind_of(look_at(domain.name), ours=domain.name in ours, allowed=domain.name in allowed)
    said = words_of(domain.verdict, domain.code, domain.last_error)
    return Row(domain, said, kind, _act(domain))


def providers() -> list[str]:
    """This will give the mail services that the base's domains use, by name."""
    used = MailDomain.objects.used().exclude(provider="").order_by("provider")
    return list(used.values_list("provider", flat=True).distinct()[:MOST_PROVIDERS])


def server_trouble() -> NameServer | None:
    """This will give the name server while it is of no use, with the sentence that says why."""
    row: NameServer = NameServer.load()
    return row if row.trouble else None


def people_at(domain: MailDomain) -> dict[str, Any]:
    """This will give who has an address at a domain, and at which customers they are."""
    people: QuerySet[Contact] = Contact.objects.filter(email_domain=domain.name)
    firms = (
        Customer.objects.filter(contacts__email_domain=domain.name)
        .annotate(
            people=Count("contacts"),
            good=Count("contacts", filter=Q(contacts__email_status__in=GOOD)),
        )
        .order_by("-people", "name", "pk")
    )
    return {
        "people": people.select_related("customer").order_by("pk")[:SHOWN_CONTACTS],
        "firms": firms[:SHOWN_CUSTOMERS],
    }


def _act(domain: MailDomain) -> str:
    if domain.suggestion:
        return "rename"
    if domain.verdict == MailDomain.Verdict.UNDELIVERABLE:
        return "review"
    if domain.last_error or domain.verdict == MailDomain.Verdict.UNKNOWN:
        return "ask"
    return "contacts"
