"""What the composer says of an audience: how many get it, who does not, what is worth knowing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db.models import QuerySet

from accounts.models import User
from campaigns.querysets.audience import (
    CHUNK,
    Audience,
    Judged,
    Row,
    Terms,
    chunk,
    contacts_of,
    judge,
    judge_all,
    split,
    terms,
    texted,
)
from campaigns.rules.audience import WORDS, Reason, Split, label
from contacts.models import Contact
from contacts.rules.segments import VIEW_LABELS, ContactQuery, SystemView, parse
from contacts.rules.words import EmailStatus
from core.models import Configuration

SHOWN_RECIPIENTS = 25
LOOKED_AT = 50


@dataclass(frozen=True)
class Line:
    """One reason as the page shows it."""

    reason: Reason
    label: str
    meaning: str
    count: int

    @property
    def tone(self) -> str:
        """How urgent it looks."""
        return WORDS[self.reason].tone

    @property
    def icon(self) -> str:
        """The picture beside it."""
        return WORDS[self.reason].icon


@dataclass
class Overview:
    """An audience in figures. `never_asked` counts recipients whose domain no check has seen.

    `by_text` counts those who are reached by text message.
    """

    terms: Terms
    split: Split = field(default_factory=Split)
    customers: set[int] = field(default_factory=set)
    never_asked: int = 0
    nameless: int = 0
    by_text: int = 0

    def note(self, judged: Judged) -> None:
        """This will count what a recipient brings along."""
        if judged.reason is not None:
            return
        if judged.row.customer_id is not None:
            self.customers.add(judged.row.customer_id)
        self.nameless += not (judged.row.first_name or judged.row.last_name)
        by_text = bool(texted(judged.row, self.terms))
        self.by_text += by_text
        self.never_asked += judged.row.email_status == EmailStatus.UNKNOWN and not by_text


def overview(
    audience: Audience, kind: str, *, user: User | None, now: datetime, sms_text: str = ""
) -> Overview:
    """This will look at every contact of an audience once."""
    found = Overview(terms=terms(kind, now, sms_text=sms_text))
    found.split = split(audience, kind, user=user, now=now, on_judged=found.note, sms_text=sms_text)
    return found


def lines(counts: dict[Reason, int]) -> list[Line]:
    """This will put reasons into words, the most frequent first."""
    days = Configuration.load().pause_days
    found = [
        Line(reason, label(reason, days), WORDS[reason].meaning, count)
        for reason, count in counts.items()
    ]
    return sorted(found, key=lambda line: -line.count)


def audience_words(audience: Audience) -> str:
    """This will say in words whom a campaign was made for: “Ready to invite”, your selection."""
    if "ids" in audience:
        return "your selection"
    if "reminder_of" in audience:
        return f"“{audience['name']}”"
    if "segment" in audience:
        name = str(audience["segment"])
        return f"“{VIEW_LABELS[SystemView(name)] if name in set(SystemView) else name}”"
    query = parse(str(audience.get("query", "")))
    plain = ContactQuery(view=query.view)
    return f"“{VIEW_LABELS[query.view]}”{'' if query == plain else ', filtered'}"


def list_query(audience: Audience) -> str:
    """This will give the query string of the contact list that shows an audience, if one does."""
    if "reminder_of" in audience:
        return "stage=invited"
    if "segment" in audience:
        name = str(audience["segment"])
        return f"view={name}" if name in set(SystemView) else ""
    return str(audience.get("query", ""))


def example_contact(user: User) -> Contact | None:
    """This will give somebody real whose data a template can be looked at with."""
    people = Contact.objects.visible_to(user).people().active().reachable()
    return people.exclude(customer=None).select_related("customer").order_by("pk").first()


def first_recipients(
    audience: Audience, kind: str, *, user: User | None, now: datetime, sms_text: str = ""
) -> list[Contact]:
    """This will give the recipients that the preview offers by name; only they are looked for."""
    asked = terms(kind, now, sms_text=sms_text)
    judged = judge_all(contacts_of(audience, user), asked)
    chosen = (one.row.pk for one in judged if one.reason is None)
    keys = list(islice(chosen, SHOWN_RECIPIENTS))
    found = Contact.objects.select_related("customer").in_bulk(keys)
    return [found[pk] for pk in keys if pk in found]


def recipient_beside(  # noqa: PLR0913 - an audience and a place in it
    audience: Audience,
    kind: str,
    *,
    user: User | None,
    now: datetime,
    at: int,
    step: int,
    sms_text: str = "",
) -> Contact | None:
    """This will give the recipient after (`step` 1) or before (-1) the contact with key `at`.

    Only as many contacts are judged as it takes to find one.
    """
    asked = terms(kind, now, sms_text=sms_text)
    pk = next(_recipients_from(audience, asked, user, at, step), None)
    return Contact.objects.select_related("customer").get(pk=pk) if pk is not None else None


def _recipients_from(
    audience: Audience, asked: Terms, user: User | None, at: int, step: int
) -> Iterator[int]:
    contacts = contacts_of(audience, user)
    while rows := _beside(contacts, at, step):
        at = rows[-1].pk
        # Of contacts who share an address the first gets the message, so these are judged along.
        keys = [row.address_key for row in rows]
        earlier = contacts.filter(address_key__in=keys, pk__lt=min(row.pk for row in rows))
        in_order = [*chunk(earlier, 0, CHUNK), *sorted(rows)]
        chosen = {one.row.pk for one in judge(in_order, asked, set()) if one.reason is None}
        yield from (row.pk for row in rows if row.pk in chosen)


def _beside(contacts: QuerySet[Contact], at: int, step: int) -> list[Row]:
    """This will give the rows next to a key, the nearest first."""
    found = contacts.filter(pk__gt=at) if step > 0 else contacts.filter(pk__lt=at)
    ordered = found.order_by("pk" if step > 0 else "-pk").values_list(*Row._fields)
    return [Row(*row) for row in ordered[:LOOKED_AT]]
