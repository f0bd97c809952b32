"""Whom an audience holds, and what is known of each: read in chunks, never all at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from accounts.models import User
from campaigns.rules.audience import (
    DNS_PATIENCE_DAYS,
    Candidate,
    Reason,
    Split,
    reason_for,
)
from campaigns.rules.states import CampaignKind
from contacts.models import Contact, Segment
from contacts.rules import segments
from contacts.rules.segments import UnknownSegmentError
from contacts.rules.words import EmailStatus
from core.models import Configuration
from core.rules.needed import Needed
from delivery.models import Message, Suppression
from delivery.querysets import number_for, offers_texts
from delivery.rules.addresses import is_one_address
from delivery.rules.states import SENT, WAITING, MessageState
from delivery.rules.texting import goes_by_text
from portal.rules.usernames import is_house_name
from validation.models import Finding, MailDomain

CHUNK = 1000
Audience = Mapping[str, Any]


class Row(NamedTuple):
    """The columns of a contact that decide whether it is written to."""

    pk: int
    customer_id: int | None
    email_status: str
    portal_stage: str
    address_key: str
    email_repaired: str
    email_domain: str
    sms_number: str
    content_type: str
    country: str
    username: str
    first_name: str
    last_name: str
    is_house_user: bool
    active: bool
    promote: bool
    invite: bool
    last_mailed_at: datetime | None
    customer__account_number: str | None
    customer__is_house_account: bool | None
    customer__active: bool | None
    customer__promote: bool | None
    customer__invite: bool | None
    customer__country: str | None


@dataclass(frozen=True)
class Terms:
    """What a campaign asks of its audience; `mailing_id` is its own mailing, once it has one.

    `needed` are the facts that a record holds before it gets bulk mail; `texts` says that whoever
    wants it, or has no email address, is reached by text message. `country` is where most are.
    """

    kind: CampaignKind
    now: datetime
    pause_days: int
    mailing_id: int | None = None
    needed: tuple[Needed, ...] = ()
    texts: bool = False
    country: str = ""

    @property
    def since(self) -> datetime:
        """Mail to a contact after this moment is too recent."""
        return self.now - timedelta(days=self.pause_days)


@dataclass(frozen=True)
class Judged:
    """A contact of an audience, and why it is left out, if it is."""

    row: Row
    reason: Reason | None


def terms(kind: str, now: datetime, mailing_id: int | None = None, *, sms_text: str = "") -> Terms:
    """This will give the terms of a kind of campaign under the present configuration."""
    configuration = Configuration.load()
    return Terms(
        CampaignKind(kind),
        now,
        configuration.pause_days,
        mailing_id,
        configuration.needed,
        texts=offers_texts(sms_text),
        country=configuration.country,
    )


def texted(row: Row, terms: Terms) -> str:
    """This will give the number of somebody who is reached by text message, else nothing."""
    if not terms.texts:
        return ""
    own = row.country or row.customer__country or ""
    number = number_for(row.sms_number, own, terms.country)
    by_text = goes_by_text(
        content_type=row.content_type,
        has_email=bool(row.address_key),
        number=number,
        is_offered=terms.texts,
    )
    return number if by_text else ""


def key_of(row: Row, terms: Terms) -> str:
    """This will give the key of the address that a message would go to."""
    return texted(row, terms) or row.address_key


def contacts_of(audience: Audience, user: User | None) -> QuerySet[Contact]:
    """This will give the contacts of an audience as far as `user` may see them; None sees all.

    Raises UnknownSegmentError when it names a view that does not exist.
    """
    rows = Contact.objects.all() if user is None else Contact.objects.visible_to(user)
    if "ids" in audience:
        return rows.chosen(audience["ids"])
    if "reminder_of" in audience:
        sent = Message.objects.filter(mailing__campaign=audience["reminder_of"], state__in=SENT)
        return rows.filter(pk__in=sent.values("contact"))
    if "segment" in audience:
        return rows.matching(segment_query(str(audience["segment"]), user), user)
    return rows.matching(segments.parse(str(audience.get("query", ""))), user)


def segment_query(name: str, user: User | None) -> segments.ContactQuery:
    """This will give the query of a system view, a shared view or one's own view of that name.

    Raises UnknownSegmentError.
    """
    try:
        return segments.system_view(name)
    except UnknownSegmentError:
        mine = Q() if user is None else Q(shared=True) | Q(owner=user)
        saved = Segment.objects.filter(mine, name__iexact=name).order_by("-shared", "pk").first()
        if saved is None:
            raise
        return segments.parse(saved.query)


def split(  # noqa: PLR0913 - an audience, and how it is looked at
    audience: Audience,
    kind: str,
    *,
    user: User | None,
    now: datetime,
    on_judged: Callable[[Judged], None] | None = None,
    sms_text: str = "",
) -> Split:
    """This will divide an audience into those to write to and those left out."""
    found = Split()
    asked = terms(kind, now, sms_text=sms_text)
    for judged in judge_all(contacts_of(audience, user), asked):
        found.add(judged.row.pk, judged.reason)
        if on_judged:
            on_judged(judged)
    return found


def judge_all(contacts: QuerySet[Contact], terms: Terms) -> Iterator[Judged]:
    """This will judge every contact, in the order of their keys; one address is taken once."""
    taken: set[str] = set()
    after = 0
    while rows := chunk(contacts, after, CHUNK):
        yield from judge(rows, terms, taken)
        after = rows[-1].pk


def chunk(contacts: QuerySet[Contact], after: int, size: int) -> list[Row]:
    """This will give the next rows behind a key."""
    rows = contacts.filter(pk__gt=after).order_by("pk").values_list(*Row._fields)[:size]
    return [Row(*row) for row in rows]


def judge(rows: Sequence[Row], terms: Terms, taken: set[str]) -> Iterator[Judged]:
    """This will judge one chunk of contacts; `taken` gathers the addresses that get a message."""
    facts = _facts(rows, terms)
    for row in rows:
        reason = reason_for(_candidate(row, facts, terms, taken), terms.kind)
        if reason is None:
            taken.add(key_of(row, terms))
        yield Judged(row, reason)


@dataclass(frozen=True)
class _Facts:
    errors: frozenset[int]
    below_floor: frozenset[int]
    failing: frozenset[str]
    stops: Mapping[str, set[str]]
    under_way: frozenset[str]
    mailed: frozenset[str]
    answered: frozenset[int]


def _facts(rows: Sequence[Row], terms: Terms) -> _Facts:
    """This will read what other tables know of a chunk: one query each."""
    keys = {key for row in rows if (key := key_of(row, terms))}
    errors = Finding.objects.filter(
        contact__in=[row.pk for row in rows], decided=False, severity=Finding.Severity.ERROR
    )
    failing = MailDomain.objects.filter(
        name__in={row.email_domain for row in rows if row.email_domain},
        failing_since__gt=terms.now - timedelta(days=DNS_PATIENCE_DAYS),
    )
    under_way, mailed = _earlier_mail(keys, terms)
    return _Facts(
        errors=frozenset(errors.values_list("contact_id", flat=True)),
        below_floor=_below_floor(rows, terms),
        failing=frozenset(failing.values_list("name", flat=True)),
        stops=Suppression.objects.reasons_for(keys, terms.kind),
        under_way=under_way,
        mailed=mailed,
        answered=_answered(rows, terms),
    )


def _below_floor(rows: Sequence[Row], terms: Terms) -> frozenset[int]:
    """This will give the contacts of a chunk that lack a needed fact; asked only if any is."""
    if not terms.needed:
        return frozenset()
    poor = Contact.objects.filter(pk__in=[row.pk for row in rows]).lacking(terms.needed)
    return frozenset(poor.values_list("pk", flat=True))


def _answered(rows: Sequence[Row], terms: Terms) -> frozenset[int]:
    """This will give the contacts of a chunk who have answered; only reminders ask."""
    if terms.kind is not CampaignKind.REMINDER:
        return frozenset()
    people = Contact.objects.filter(pk__in=[row.pk for row in rows], reply__isnull=False)
    return frozenset(people.values_list("pk", flat=True))


def _earlier_mail(keys: Iterable[str], terms: Terms) -> tuple[frozenset[str], frozenset[str]]:
    """This will give the addresses that other mailings are about to reach, or just reached."""
    others = Message.objects.filter(address_key__in=keys, mailing__isnull=False)
    if terms.mailing_id is not None:
        others = others.exclude(mailing=terms.mailing_id)
    waiting = others.filter(state__in=[*WAITING, MessageState.UNKNOWN])
    sent = others.filter(state__in=SENT, accepted_at__gt=terms.since)
    return (
        frozenset(waiting.values_list("address_key", flat=True)),
        frozenset(sent.values_list("address_key", flat=True)),
    )


def _candidate(row: Row, facts: _Facts, terms: Terms, taken: set[str]) -> Candidate:
    has_customer = row.customer_id is not None
    number = texted(row, terms)
    key = number or row.address_key
    mailed = row.last_mailed_at is not None and row.last_mailed_at > terms.since
    return Candidate(
        # What is known of an email address says nothing of a phone number.
        status=EmailStatus.OK if number else row.email_status,
        stage=row.portal_stage,
        address_key=key,
        is_house=row.is_house_user
        or bool(row.customer__is_house_account)
        or is_house_name(row.username, row.customer__account_number or ""),
        active=row.active and (not has_customer or bool(row.customer__active)),
        has_customer=has_customer,
        promote=row.promote and (not has_customer or bool(row.customer__promote)),
        invite=row.invite and (not has_customer or bool(row.customer__invite)),
        # Also before any check has run: what is not one address cannot be mailed.
        has_error=not number
        and (
            row.pk in facts.errors
            or (bool(row.address_key) and not is_one_address(row.email_repaired))
        ),
        below_floor=row.pk in facts.below_floor,
        dns_fails=not number and row.email_domain in facts.failing,
        stops=frozenset(facts.stops.get(key, ())),
        under_way=key in facts.under_way,
        mailed_recently=mailed or key in facts.mailed,
        taken=key in taken,
        answered=row.pk in facts.answered,
    )
