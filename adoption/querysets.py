"""The figures of the home page, each one query."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from adoption.models import DailyCount
from adoption.rules.quality import COUNTS, Group
from campaigns.models import Campaign
from campaigns.rules.states import INVITING, CampaignKind
from contacts.models import Contact, Customer
from contacts.rules.words import PortalStage
from delivery.models import Message
from delivery.rules.states import SENT, MessageState, Purpose
from erp.models import Import, WriteBackLine
from portal.models import Invitation, Membership

ACTIVE_DAYS = 90
TEST = "test"


def customers() -> QuerySet[Customer]:
    """This will give the customers that count: real and active."""
    return Customer.objects.real().active()


def funnel_counts(now: datetime) -> dict[str, int]:
    """This will count customers at each stage of the funnel."""
    base = customers()
    people = Contact.objects.people().active().filter(customer=OuterRef("pk"))
    mail = Message.objects.filter(contact__customer=OuterRef("pk"))
    invitations = mail.filter(purpose=Purpose.INVITATION)
    members = Membership.objects.filter(customer=OuterRef("pk"))
    recently = now - timedelta(days=ACTIVE_DAYS)
    asked = {
        "promoted": base.filter(promote=True),
        "reachable": base.filter(Exists(people.reachable())),
        "announced": base.filter(Exists(mail.filter(purpose=Purpose.ANNOUNCEMENT, state__in=SENT))),
        "invited": base.filter(Exists(invitations.filter(state__in=SENT))),
        "delivered": base.filter(
            Exists(invitations.filter(state__in=[MessageState.ACCEPTED, MessageState.DELIVERED]))
        ),
        "opened": base.filter(
            Exists(
                people.filter(
                    portal_stage__in=[
                        PortalStage.OPENED,
                        PortalStage.REGISTERED,
                        PortalStage.ACTIVE,
                    ]
                )
            )
        ),
        "registered": base.filter(Exists(members)),
        "active": base.filter(Exists(members.filter(last_seen_at__gte=recently))),
    }
    return {"customers": base.count()} | {name: rows.count() for name, rows in asked.items()}


def contact_statuses() -> dict[str, int]:
    """This will count people by the status of their address."""
    rows = Contact.objects.people().active()
    return _by(rows, "email_status")


def customers_ready() -> int:
    """This will count customers with a contact that can be mailed safely."""
    people = Contact.objects.people().active().filter(customer=OuterRef("pk"))
    return customers().filter(Exists(people.filter(email_status__in=COUNTS))).count()


def quality_by_rep(limit: int = 50) -> list[Group]:
    """This will give the score of each sales rep's contacts, most contacts to mend first."""
    ready = Count("pk", filter=Q(email_status__in=COUNTS))
    rows = (
        Contact.objects.people()
        .active()
        .order_by()
        .values_list("customer__sales_rep_name")
        .annotate(ready=ready, everybody=Count("pk"))
    )
    named: dict[str, list[int]] = {}
    for name, good, everybody in rows:
        sums = named.setdefault(name or "", [0, 0])
        sums[0] += good
        sums[1] += everybody
    groups = [Group(name, *sums) for name, sums in named.items()]
    return sorted(groups, key=lambda group: (-group.left, group.name))[:limit]


def scores_by_day(since: date) -> dict[date, int]:
    """This will give the scores that were kept, by day."""
    rows = DailyCount.objects.filter(name="quality", day__gte=since).order_by("day")
    return dict(rows.values_list("day", "value"))


def imports_applied(limit: int = 10) -> list[Import]:
    """This will give the newest imports that changed something."""
    applied = Import.objects.exclude(applied_at=None).order_by("-applied_at", "-pk")
    return list(applied.select_related("source")[:limit])


def message_states() -> dict[str, int]:
    """This will count messages by state; tests that staff sent to themselves are none."""
    return _by(Message.objects.exclude(kind=TEST), "state")


def invitation_states() -> dict[str, int]:
    """This will count invitations by state."""
    return _by(Invitation.objects.all(), "state")


def write_back_states() -> dict[str, int]:
    """This will count corrections by how far they are on their way to the ERP."""
    return _by(WriteBackLine.objects.all(), "state")


def import_states() -> dict[str, int]:
    """This will count imports by state."""
    return _by(Import.objects.all(), "state")


def latest_campaigns(limit: int = 5) -> list[Campaign]:
    """This will give the newest campaigns with how many of their messages went out."""
    found = list(Campaign.objects.select_related("mailing").newest_first()[:limit])
    mailings = [row.mailing_id for row in found if row.mailing_id]
    counts: dict[int, dict[str, int]] = {}
    tally = (
        Message.objects.filter(mailing__in=mailings)
        .order_by()
        .values_list("mailing", "state")
        .annotate(n=Count("pk"))
    )
    for mailing_id, state, n in tally:
        counts.setdefault(mailing_id, {})[state] = n
    for row in found:
        _tally(row, counts.get(row.mailing_id or 0, {}))
    _note_registered([row for row in found if row.mailing_id and row.kind in INVITING])
    return found


def registered_by_day(days: Iterable[date]) -> list[tuple[date, int]]:
    """This will count registered customers at the end of each of the days."""
    firsts = (
        Membership.objects.filter(customer__in=customers())
        .order_by()
        .values("customer")
        .annotate(first=TruncDate(Min("created_at")))
        .values_list("first", flat=True)
    )
    started = sorted(firsts)
    return [(day, bisect_right(started, day)) for day in days]


def first_registered_on() -> date | None:
    """This will give the day of the first registration."""
    first = Membership.objects.order_by("created_at").values_list("created_at", flat=True).first()
    return first.date() if first else None


def waves() -> list[date]:
    """This will give the days on which invitations started to go out, in order."""
    rows = Campaign.objects.filter(kind=CampaignKind.INVITATION).started().order_by("started_at")
    return [moment.date() for moment in rows.values_list("started_at", flat=True) if moment]


def _tally(campaign: Campaign, states: dict[str, int]) -> None:
    """This will hang the figures of the latest-messages table on a campaign."""
    figures: Any = campaign
    figures.total = sum(states.values())
    figures.sent = sum(states.get(state, 0) for state in SENT)
    figures.registered = None
    good = states.get(MessageState.ACCEPTED, 0) + states.get(MessageState.DELIVERED, 0)
    figures.delivered_percent = round(good * 100 / figures.sent) if figures.sent else None


def _note_registered(campaigns: Iterable[Campaign]) -> None:
    """This will hang on each campaign how many of its recipients became portal users since."""
    for row in campaigns:
        since = Membership.objects.filter(created_at__gte=row.started_at)
        recipients = Message.objects.filter(mailing=row.mailing_id, contact=OuterRef("contact"))
        registered: Any = row
        registered.registered = since.filter(Exists(recipients)).count()


def _by(rows: QuerySet[Any], field: str) -> dict[str, int]:
    tally = rows.order_by().values_list(field).annotate(n=Count("pk")).order_by(field)
    return {str(name): int(n) for name, n in tally}
