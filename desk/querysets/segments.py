"""What the pages of segments show: how many are in one, who comes first, which messages used it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.fields.json import KT

from accounts.models import User
from campaigns.models import Campaign
from contacts.models import Contact, Customer, Segment
from contacts.querysets import NOT_SENDABLE
from contacts.rules.segments import ContactQuery
from core.keyset import COUNT_LIMIT
from core.rules.needed import Needed
from desk.querysets.lists import BoundedCount, contacts
from desk.rules.segments import BROKEN, POOR, READY, Condition, Part, parts

FIRST = 5
MOST_CHOICES = 300
LOOKED_THROUGH = 1000
_COLUMNS = {
    "rep": "sales_rep_name",
    "state": "state",
    "type": "customer_type",
    "country": "country",
}


@dataclass(frozen=True)
class Counted:
    """A number that was counted no further than pages are."""

    found: int

    @property
    def number(self) -> int:
        """The number to show."""
        return min(self.found, COUNT_LIMIT)

    @property
    def more(self) -> bool:
        """Whether there are more."""
        return self.found > COUNT_LIMIT


@dataclass(frozen=True)
class Share:
    """A part of a segment, how many are in it, and where it begins on a bar of all of them."""

    part: Part
    number: int
    start: int


@dataclass(frozen=True)
class Matches:
    """Who matches a query now, divided, and the first of them."""

    contacts: Counted
    customers: int
    shares: list[Share]
    first: list[Contact]

    @property
    def whole(self) -> int:
        """How many the shares hold."""
        return sum(share.number for share in self.shares)


@dataclass(frozen=True)
class Use:
    """A message that went, or is to go, to a segment."""

    pk: int
    name: str
    at: datetime


def matches(query: ContactQuery, user: User, floor: Sequence[Needed]) -> Matches:
    """This will count who matches, no further than pages count, and give the first five.

    One look counts all; past the limit the shares are those of the contacts it reached.
    """
    poor = Contact.objects.lacking(floor).filter(pk=OuterRef("pk")) if floor else None
    looked_at = (
        contacts(query, user, counting=True)
        .order_by()
        .annotate(is_poor=Exists(poor) if poor is not None else Value(False))  # noqa: FBT003 - a value
        .values("pk", "customer", "email_status", "is_poor")[: COUNT_LIMIT + 1]
    )
    bad = Q(email_status__in=NOT_SENDABLE)
    found = looked_at.aggregate(
        all=Count("pk"),
        firms=Count("customer", distinct=True),
        broken=Count("pk", filter=bad),
        poor=Count("pk", filter=~bad & Q(is_poor=True)),
    )
    usable = found["all"] - found["broken"]
    numbers = {READY: usable - found["poor"], BROKEN: found["broken"], POOR: found["poor"]}
    divided = parts(query, NOT_SENDABLE, floor)
    sizes = [numbers[part.label] for part in divided]
    starts = accumulate(sizes, initial=0)
    shares = [Share(*share) for share in zip(divided, sizes, starts, strict=False)]
    by_name = contacts(query, user).order_by("last_name", "first_name", "pk")
    first = list(by_name.select_related("customer")[:FIRST])
    return Matches(Counted(found["all"]), found["firms"], shares, first)


def counts(queries: Sequence[ContactQuery], user: User) -> list[Counted]:
    """This will count who matches each query, all in one."""
    columns = {
        f"n{at}": BoundedCount(contacts(query, user, counting=True))
        for at, query in enumerate(queries)
    }
    return [Counted(n) for n in _in_one(columns, user)]


def choices(shown: Iterable[Condition], user: User) -> dict[str, list[str]]:
    """This will give what the shown conditions can ask for: what customers have, and what is asked.

    Values that nobody has any more stay, so that saving loses none.
    """
    rows = Customer.objects.visible_to(user).real()
    found = {}
    for condition in shown:
        if column := _COLUMNS.get(condition.field.name):
            known = rows.exclude(**{column: ""}).order_by(column).values_list(column, flat=True)
            present = map(str, known.distinct()[:MOST_CHOICES])
            found[condition.field.name] = sorted({*present, *condition.values})
    return found


def uses(segments: Sequence[Segment]) -> dict[int, list[Use]]:
    """This will give the newest messages of each segment: those that name it, or ask the same."""
    found: dict[int, list[Use]] = {segment.pk: [] for segment in segments}
    rows = (
        Campaign.objects.annotate(named=KT("audience__segment"), asked=KT("audience__query"))
        .filter(Q(audience__has_key="segment") | Q(audience__has_key="query"))
        .order_by("-created_at", "-pk")
        .values_list("pk", "name", "started_at", "created_at", "created_by", "named", "asked")
    )
    for pk, name, started_at, created_at, creator, named, query in rows[:LOOKED_THROUGH]:
        for segment in segments:
            own = segment.shared or segment.owner_id == creator
            is_named = own and (named or "").casefold() == segment.name.casefold()
            if is_named or (segment.query and query == segment.query):
                found[segment.pk].append(Use(pk, name, started_at or created_at))
    return found


def _in_one(columns: dict[str, BoundedCount], user: User) -> list[int]:
    if not columns:
        return []
    row = User.objects.filter(pk=user.pk).annotate(**columns).values_list(*columns).get()
    return [int(n) for n in row]
