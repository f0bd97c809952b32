"""Count who has an address at each domain, so that the board of domains never scans contacts."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from contacts.actions.bulk import update_rows
from contacts.models import Change, Contact
from contacts.rules.normalise import domain_of
from contacts.rules.words import EmailStatus
from jobs.queue import nudge
from validation.actions.storing import BATCH, note_domains
from validation.models import Finding, MailDomain
from validation.rules.account import Delivery
from validation.rules.dns import Outcome, without_asking
from validation.rules.dns_schedule import Memory, remember
from validation.rules.domains import look_at

CHUNK = 4_000
# Past so many contacts a domain is counted by whole passes alone: an edit must stay quick.
MOST_AT_ONCE = 5_000
COUNTED = ("contacts", "customers", "bounces", "suggestion")
_MISTYPED = ("domain_typo_company", "domain_typo_wellknown", "wrong_tld")


class Tally(NamedTuple):
    """What is counted of one domain."""

    contacts: int = 0
    customers: int = 0
    bounces: int = 0
    suggestion: str = ""


def note_all_domains() -> int:
    """This will count every domain of the base and add what is not known yet; gives how many.

    Before DNS is asked, so that one pass of the checks afterwards finds every answer there.
    """
    new, after = 0, ""
    while True:
        last, added = count_slice(after=after, limit=CHUNK)
        new += added
        if last is None:
            return new
        after = last


@transaction.atomic
def count_slice(*, after: str, limit: int) -> tuple[str | None, int]:
    """This will count the next domains by name; gives the last one, and how many were new.

    None in place of the last one says that all are done.
    """
    rows = (
        Contact.objects.filter(email_domain__gt=after)
        .order_by("email_domain")
        .values_list("email_domain")
        .annotate(**_counts())[:limit]
    )
    found = {name: Tally(*counts) for name, *counts in rows}
    last = next(reversed(found), None)
    span = {"gt": after} if last is None else {"gt": after, "lte": last}
    left = MailDomain.objects.used().filter(**_of("name", span))
    for name in left.values_list("name", flat=True):
        found.setdefault(name, Tally())
    return last, _store(found, span)


@transaction.atomic
def count_domains(*, names: Collection[str]) -> None:
    """This will count a few domains again, those with very many contacts excepted."""
    many = MailDomain.objects.filter(name__in=names, contacts__gt=MOST_AT_ONCE)
    wanted = set(names) - {"", *many.values_list("name", flat=True)}
    if not wanted:
        return
    rows = (
        Contact.objects.filter(email_domain__in=wanted)
        .order_by("email_domain")
        .values_list("email_domain")
        .annotate(**_counts())
    )
    found = dict.fromkeys(wanted, Tally()) | {name: Tally(*counts) for name, *counts in rows}
    _store(found, {"in": sorted(wanted)})


def domains_of(*, contact_ids: Iterable[int], change_set_id: int | None = None) -> set[str]:
    """This will give the domains of contacts, and those they had before a change set."""
    keys = list(contact_ids)
    rows = Contact.objects.filter(pk__in=keys).order_by().values_list("email_domain", flat=True)
    names = set(rows.distinct())
    if change_set_id is not None:
        changes = Change.objects.filter(
            change_set=change_set_id, contact__in=keys, field="email"
        ).values_list("old", "new")
        names |= {domain_of(value) for values in changes for value in values}
    return names - {""}


def _counts() -> dict[str, Count]:
    return {
        "people": Count("pk"),
        "firms": Count("customer", distinct=True),
        "bounced": Count("pk", filter=Q(email_status=EmailStatus.BOUNCED)),
    }


def _of(column: str, span: Mapping[str, Any]) -> dict[str, Any]:
    """This will give the filter for a column that lies in a span of names."""
    return {f"{column}__{lookup}": value for lookup, value in span.items()}


def _store(found: Mapping[str, Tally], span: Mapping[str, Any]) -> int:
    """This will write the counts that differ, and add domains that are not known yet.

    `span` holds the names of `found`: a few of them, or all from one to another.
    """
    meant = _meant(span)
    tallies = {
        name: tally._replace(suggestion=meant.get(name, "")) for name, tally in found.items()
    }
    stored = MailDomain.objects.filter(**_of("name", span)).values_list("name", "pk", *COUNTED)
    known = {name: (pk, tuple(counts)) for name, pk, *counts in stored}
    changed = [
        _put(MailDomain(pk=pk, name=name), tallies[name])
        for name, (pk, counts) in known.items()
        if name in tallies and counts != tallies[name]
    ]
    update_rows(MailDomain, changed, COUNTED)
    new = [
        _put(made, tally)
        for name, tally in tallies.items()
        if name not in known and tally.contacts and (made := _new(name)) is not None
    ]
    if new:
        MailDomain.objects.bulk_create(new, ignore_conflicts=True, batch_size=BATCH)
        nudge("validation.resolve_due")
    others = {look_at(name).name for name in tallies if look_at(name).can_exist} - set(tallies)
    return len(new) + note_domains(names=others)


def _put(row: MailDomain, tally: Tally) -> MailDomain:
    for field, value in tally._asdict().items():
        setattr(row, field, value)
    return row


def _new(name: str) -> MailDomain | None:
    """This will make a row for a domain; what can be no domain's name gets none."""
    domain = look_at(name)
    if domain.name != name or domain.fault in {"syntax", "no_ending"} or len(name) > 253:  # noqa: PLR2004 - RFC 1035
        return None
    refusal = without_asking(name)
    if refusal is None:
        return MailDomain(name=name)
    outcome = Outcome(Delivery.UNDELIVERABLE, refusal)
    return MailDomain(name=name, **vars(remember(Memory(), outcome, now=timezone.now())))


def _meant(span: Mapping[str, Any]) -> dict[str, str]:
    """This will give the domain that most open suggestions of a domain's contacts lead to."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    rows = Finding.objects.filter(
        code__in=_MISTYPED, decided=False, **_of("contact__email_domain", span)
    ).exclude(suggestion="")
    for name, suggestion in rows.values_list("contact__email_domain", "suggestion"):
        right = domain_of(suggestion)
        if right and right != name:
            votes[name][right] += 1
    return {name: counter.most_common(1)[0][0] for name, counter in votes.items()}
