"""What became of a campaign's messages: counted from the rows, never from counters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Trunc

from accounts.models import User
from campaigns.rules.pace import Bucket, Pace, Unit, pace, unit_for
from contacts.models import Contact
from delivery.models import Mailing, Message
from delivery.rules.states import SENT, WAITING, Channel, MessageState
from portal.models import Membership

if TYPE_CHECKING:
    from campaigns.models import Campaign


class View(StrEnum):
    """Which recipients of a campaign are listed."""

    ALL = "all"
    TROUBLE = "trouble"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    CLICKED = "clicked"
    REGISTERED = "registered"


VIEW_LABELS = {
    View.ALL: "All",
    View.TROUBLE: "Bounced and deferred",
    View.UNKNOWN: "Outcome not known",
    View.DELIVERED: "Delivered",
    View.CLICKED: "Clicked, not registered",
    View.REGISTERED: "Registered",
}
CAME_BACK = (MessageState.BOUNCED, MessageState.REFUSED, MessageState.FAILED)
ARRIVED = (MessageState.ACCEPTED, MessageState.DELIVERED)
WENT = (*SENT, MessageState.REFUSED, MessageState.FAILED)
WITHDRAWN = (MessageState.SUPPRESSED, MessageState.CANCELLED, MessageState.ABANDONED)


@dataclass(frozen=True)
class Part:
    """A piece of the bar, in messages."""

    tone: str
    start: int
    count: int


@dataclass(frozen=True)
class Figures:
    """The five counters and the bar of a campaign's page. `went` is what left this house."""

    total: int
    waiting: int
    went: int
    delivered: int
    bounced: int
    unknown: int
    failed: int
    withdrawn: int
    deferred: int
    opened: int
    clicked: int
    texted: int
    again: int
    registered: int

    @property
    def delivered_percent(self) -> float | None:
        """Delivered of those that were sent."""
        return round(self.delivered * 100 / self.went, 1) if self.went else None

    @property
    def bounced_percent(self) -> float | None:
        """Came back of those that were sent."""
        return round(self.bounced * 100 / self.went, 1) if self.went else None

    def percent_of_delivered(self, number: int) -> int | None:
        """A number as a share of those delivered."""
        return round(number * 100 / self.delivered) if self.delivered else None

    @property
    def clicked_percent(self) -> int | None:
        """Clicked of those delivered."""
        return self.percent_of_delivered(self.clicked)

    @property
    def registered_percent(self) -> int | None:
        """Registered of those delivered."""
        return self.percent_of_delivered(self.registered)

    @property
    def tried_again(self) -> int:
        """How many staff may have sent once more."""
        return self.unknown + self.failed

    @property
    def done(self) -> int:
        """How many messages have reached an end."""
        return self.total - self.waiting

    @property
    def parts(self) -> list[Part]:
        """The bar: delivered, then deferred, then what came back."""
        counts = (("", self.delivered), ("warn", self.deferred), ("bad", self.bounced))
        starts = accumulate((count for _, count in counts), initial=0)
        return [Part(tone, start, n) for (tone, n), start in zip(counts, starts, strict=False)]


@dataclass(frozen=True)
class Tally:
    """The figures of one line in the list of messages."""

    total: int = 0
    went: int = 0
    delivered: int = 0

    @property
    def delivered_percent(self) -> int | None:
        """Delivered of those that were sent."""
        return round(self.delivered * 100 / self.went) if self.went else None


def figures(mailing: Mailing, since: datetime) -> Figures:
    """This will count the messages of a mailing in one query, and who registered since."""
    counts = _messages(mailing).aggregate(
        total=Count("pk"),
        waiting=Count("pk", filter=Q(state__in=WAITING)),
        went=Count("pk", filter=Q(state__in=WENT)),
        delivered=Count("pk", filter=Q(state__in=ARRIVED)),
        bounced=Count("pk", filter=Q(state__in=CAME_BACK)),
        unknown=Count("pk", filter=Q(state=MessageState.UNKNOWN)),
        failed=Count("pk", filter=Q(state=MessageState.FAILED)),
        withdrawn=Count("pk", filter=Q(state__in=WITHDRAWN)),
        deferred=Count("pk", filter=Q(state=MessageState.QUEUED, attempts__gt=0)),
        opened=Count("pk", filter=Q(opened_at__isnull=False)),
        clicked=Count("pk", filter=Q(clicked_at__isnull=False)),
        texted=Count("pk", filter=Q(channel=Channel.SMS)),
        again=Count("pk", filter=Q(round__gt=1)),
    )
    registered = _messages(mailing).filter(_registered(since)).count()
    return Figures(registered=registered, **counts)


def tallies(campaigns: Iterable["Campaign"]) -> dict[int, Tally]:
    """This will count the messages of several campaigns in one query, by campaign."""
    of = {row.mailing_id: row.pk for row in campaigns if row.mailing_id is not None}
    rows = (
        Message.objects.filter(mailing__in=of)
        .order_by()
        .values_list("mailing")
        .annotate(
            total=Count("pk"),
            went=Count("pk", filter=Q(state__in=WENT)),
            delivered=Count("pk", filter=Q(state__in=ARRIVED)),
        )
    )
    return {of[mailing]: Tally(*counts) for mailing, *counts in rows}


def recipients(mailing: Mailing, view: View, since: datetime, user: User) -> QuerySet[Message]:
    """This will list the recipients of a mailing that a member of staff may see."""
    rows = _messages(mailing).select_related("contact__customer", "contact__reply")
    if not user.has_perm("contacts.view_all_contacts"):
        rows = rows.filter(contact__in=Contact.objects.visible_to(user))
    return rows.filter(_condition(view, since))


def view_counts(found: Figures) -> Mapping[View, int | None]:
    """This will give the number beside each view, as far as the figures tell it.

    What may be lost is rare: its view is offered only when there is something in it.
    """
    counts: dict[View, int | None] = {
        View.ALL: found.total,
        View.TROUBLE: found.bounced + found.deferred,
        View.UNKNOWN: found.unknown,
        View.DELIVERED: found.delivered,
        View.CLICKED: None,
        View.REGISTERED: found.registered,
    }
    return {view: n for view, n in counts.items() if view is not View.UNKNOWN or n}


def minutes_left(mailing: Mailing, waiting: int, since: datetime, now: datetime) -> int | None:
    """This will guess how long the rest takes, by what went out lately, five minutes at most."""
    since = max(since, now - timedelta(minutes=5))
    recent = _messages(mailing).filter(accepted_at__gt=since).count()
    if not recent or not waiting:
        return None
    return max(1, round(waiting / recent * ((now - since) / timedelta(minutes=1))))


def pace_of(mailing: Mailing) -> tuple[Unit, Pace | None]:
    """This will chart what went out over time; None while nothing has."""
    sent = _messages(mailing).filter(accepted_at__isnull=False)
    ends = sent.aggregate(first=Min("accepted_at"), last=Max("accepted_at"))
    if ends["first"] is None:
        return Unit.MINUTE, None
    unit = unit_for(ends["first"], ends["last"])
    rows = (
        sent.annotate(start=Trunc("accepted_at", unit.value))
        .order_by()
        .values_list("start")
        .annotate(sent=Count("pk"), back=Count("pk", filter=Q(state__in=CAME_BACK)))
    )
    return unit, pace({start: Bucket(n, back) for start, n, back in rows}, unit)


def _condition(view: View, since: datetime) -> Q:
    return {
        View.ALL: Q(),
        View.TROUBLE: Q(state__in=CAME_BACK) | Q(state=MessageState.QUEUED, attempts__gt=0),
        View.UNKNOWN: Q(state=MessageState.UNKNOWN),
        View.DELIVERED: Q(state__in=ARRIVED),
        View.CLICKED: Q(clicked_at__isnull=False) & ~_registered(since),
        View.REGISTERED: _registered(since),
    }[view]


def _registered(since: datetime) -> Q:
    """This will match messages whose contact became a portal user since then."""
    members = Membership.objects.filter(contact=OuterRef("contact"), created_at__gte=since)
    return Q(Exists(members))


def _messages(mailing: Mailing) -> QuerySet[Message]:
    return Message.objects.filter(mailing=mailing)
