"""What the two lists show: rows, counts of views in one query, choices of filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from contacts.models import Contact, Customer, Segment
from contacts.querysets import GOOD
from contacts.rules.segments import VIEW_LABELS, ContactQuery, SystemView, parse
from contacts.rules.words import PortalStage
from core.keyset import COUNT_LIMIT
from desk.rules.customers import CustomerQuery
from portal.models import Membership, PortalConfiguration

MOST_CHOICES = 60
JOINED = (PortalStage.REGISTERED, PortalStage.ACTIVE)
# Columns that may sort the list: never empty in the sense of SQL, each with an index.
CONTACT_SORTS = {
    "last": "last_name,first_name",
    "first": "first_name",
    "email": "email",
    "status": "email_status",
    "stage": "portal_stage",
    "added": "pk",
}
CUSTOMER_SORTS = {
    "name": "name",
    "account": "account_number",
    "rep": "sales_rep_name",
    "added": "pk",
}


class BoundedCount(Subquery):
    """How many rows a query finds, counted no further than the limit of the pages."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.order_by().values("pk")[: COUNT_LIMIT + 1])


@dataclass(frozen=True)
class View:
    """A tab above the contact list."""

    label: str
    query: ContactQuery
    segment: Segment | None = None


@dataclass(frozen=True)
class Counts:
    """What one query told: rows of the list, rows of each view, and whether the portal is on."""

    total: int
    views: list[int]
    portal_enabled: bool = False


def contacts(query: ContactQuery, user: User, *, counting: bool = False) -> QuerySet[Contact]:
    """This will give the contacts that a person may see and that match."""
    return Contact.objects.visible_to(user).matching(query, user, counting=counting)


def selected(audience: Mapping[str, Any], user: User) -> QuerySet[Contact]:
    """This will give the contacts of a selection: {"ids": [...]} or {"query": "..."}."""
    if "ids" in audience:
        return Contact.objects.visible_to(user).chosen(audience["ids"])
    return contacts(parse(str(audience["query"])), user)


def customers(query: CustomerQuery, user: User) -> QuerySet[Customer]:
    """This will give the customers that a person may see and that match."""
    found = Customer.objects.visible_to(user).filter(is_house_account=query.house)
    if query.words:
        found = found.search(query.words)
    if query.mine:
        found = found.of_rep(user)
    if query.active is not None:
        found = found.filter(active=query.active)
    if query.portal is not None:
        members = Exists(Membership.objects.filter(customer=OuterRef("pk")))
        found = found.filter(members if query.portal else ~members)
    wanted = {
        "sales_rep_name__in": query.reps,
        "state__in": query.states,
        "customer_type__in": query.types,
    }
    return found.filter(**{name: values for name, values in wanted.items() if values})


def with_people(rows: Sequence[Customer]) -> list[tuple[Customer, dict[str, Any]]]:
    """This will count the people at the customers of one page: all, with a good address, joined."""
    counts = (
        Contact.objects.people()
        .filter(customer__in=[row.pk for row in rows], active=True)
        .order_by()
        .values("customer")
        .annotate(
            people=Count("pk"),
            good=Count("pk", filter=Q(email_status__in=GOOD)),
            joined=Count("pk", filter=Q(portal_stage__in=JOINED)),
        )
    )
    by_customer = {row["customer"]: dict(row) for row in counts}
    nobody: dict[str, Any] = {"people": 0, "good": 0, "joined": 0}
    return [(row, by_customer.get(row.pk, nobody)) for row in rows]


def views_for(user: User) -> list[View]:
    """This will give the tabs: views that always exist, one's own customers, saved views."""
    system = [View(VIEW_LABELS[view], ContactQuery(view=view)) for view in SystemView]
    mine = [View("My customers", ContactQuery(mine=True))]
    saved = [
        View(segment.name, parse(segment.query), segment)
        for segment in Segment.objects.open_to(user).order_by("name", "pk")
    ]
    return [*system, *mine, *saved]


def count_views(query: ContactQuery, views: Sequence[View], user: User) -> Counts:
    """This will count the list and every view in one query."""
    wanted = [query, *(view.query for view in views)]
    columns = {
        f"n{at}": BoundedCount(contacts(one, user, counting=True)) for at, one in enumerate(wanted)
    }
    enabled = PortalConfiguration.objects.filter(pk=PortalConfiguration.ONLY).values("enabled")
    row = (
        User.objects.filter(pk=user.pk)
        .annotate(**columns, portal=Coalesce(Subquery(enabled), False))  # noqa: FBT003 - a value
        .values_list(*columns, "portal")
        .get()
    )
    total, *counts, portal = row
    return Counts(int(total), [int(n) for n in counts], bool(portal))


def choices(user: User) -> dict[str, list[str]]:
    """This will give what filters can ask for: the reps, states and types that customers have."""
    rows = Customer.objects.visible_to(user).real()
    columns = {"reps": "sales_rep_name", "states": "state", "types": "customer_type"}
    return {name: _distinct(rows, column) for name, column in columns.items()}


def current_view(query: ContactQuery, views: Sequence[View]) -> View:
    """This will give the tab that the filters stand on: the very query, else its view."""
    exact = [view for view in views if view.query == query]
    if exact:
        return exact[-1]
    plain = ContactQuery(view=query.view)
    narrowed = [view for view in views if view.segment and _narrows(query, view.query)]
    return (narrowed or [view for view in views if view.query == plain])[-1]


def _narrows(query: ContactQuery, view: ContactQuery) -> bool:
    """This will say whether a query is a saved view with words searched for in it."""
    return bool(query.words) and replace(query, words=view.words) == view


def _distinct(rows: QuerySet[Customer], column: str) -> list[str]:
    found = rows.exclude(**{column: ""}).order_by(column).values_list(column, flat=True)
    return [str(value) for value in found.distinct()[:MOST_CHOICES]]
