"""Every named selection of customers and contacts; chainable, without writes."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Upper
from django.db.models.lookups import Exact

from accounts.models import User
from contacts.rules.normalise import needles
from contacts.rules.segments import ContactQuery, SystemView
from contacts.rules.words import EmailStatus, PortalStage

if TYPE_CHECKING:
    from contacts.models import ChangeSet, Contact, Customer, Segment  # noqa: F401 - for the types only

NOT_SENDABLE = (
    EmailStatus.MISSING,
    EmailStatus.INVALID,
    EmailStatus.FIXABLE,
    EmailStatus.BOUNCED,
)
GOOD = (EmailStatus.OK, EmailStatus.CONFIRMED, EmailStatus.REVIEW)
TRIGRAM = 3
# From so many rows on, walking the list in its order finds a page sooner than sorting what the
# index found; and from so many on, counting as far as the limit is sooner done without the index.
MANY_FOUND = 10_000
MOST_FOUND = 100_000


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Named lists of customers."""

    def visible_to(self, user: User) -> Self:
        """This will keep what a member of staff may see: all, or his own accounts."""
        if user.has_perm("contacts.view_all_contacts"):
            return self
        return self.of_rep(user)

    def of_rep(self, user: User) -> Self:
        """This will keep the accounts of one sales rep, whom the ERP may name by address."""
        # Two searches by index: for one with "or" a planner may read every customer.
        named = self.model.objects.filter(sales_rep=user).values("pk")
        if user.email:
            same_address = Exact(Upper("sales_rep_email"), user.email.upper())
            named = named.union(self.model.objects.filter(same_address).values("pk"))
        return self.filter(pk__in=named)

    def real(self) -> Self:
        """This will leave out house accounts."""
        return self.filter(is_house_account=False)

    def active(self) -> Self:
        """This will leave out inactive customers."""
        return self.filter(active=True)

    def search(self, words: str) -> Self:
        """This will keep customers whose name, number, place, phone or email holds every word."""
        return self.filter(_holds(words, "contacts_customer_search", MANY_FOUND))


class ContactQuerySet(models.QuerySet["Contact"]):
    """Named lists of contacts."""

    def visible_to(self, user: User) -> Self:
        """This will keep what a member of staff may see: all, or those of his own accounts."""
        if user.has_perm("contacts.view_all_contacts"):
            return self
        return self.of_rep(user)

    def of_rep(self, user: User) -> Self:
        """This will keep contacts of one sales rep's accounts."""
        customers: Any = self.model._meta.get_field("customer").related_model  # noqa: SLF001 - no circle
        return self.filter(customer__in=customers.objects.of_rep(user))

    def people(self) -> Self:
        """This will leave out house users and contacts of house accounts."""
        return self.filter(is_house_user=False).exclude(customer__is_house_account=True)

    def active(self) -> Self:
        """This will keep active contacts of active customers."""
        return self.filter(active=True).exclude(customer__active=False)

    def inactive(self) -> Self:
        """This will keep contacts that are switched off, or whose customer is."""
        return self.filter(Q(active=False) | Q(customer__active=False))

    def of_source(self, name: str) -> Self:
        """This will keep contacts that came from the named source."""
        return self.filter(records__source__name=name).distinct()

    def reachable(self) -> Self:
        """This will keep contacts whose address may be mailed as far as checks know."""
        return self.exclude(email_status__in=NOT_SENDABLE).exclude(email="")

    def ready_to_invite(self) -> Self:
        """This will keep people to invite: active, reachable, wanted, not yet invited."""
        return (
            self.people()
            .active()
            .reachable()
            .filter(invite=True, portal_stage=PortalStage.NOT_INVITED)
            .exclude(customer__invite=False)
            .exclude(customer=None)
        )

    def without_email(self) -> Self:
        """This will keep contacts that have no address."""
        return self.filter(email_status=EmailStatus.MISSING)

    def bounced(self) -> Self:
        """This will keep contacts whose address bounced."""
        return self.filter(email_status=EmailStatus.BOUNCED)

    def invited_not_registered(self) -> Self:
        """This will keep contacts who were invited and have not registered."""
        return self.filter(portal_stage__in=[PortalStage.INVITED, PortalStage.OPENED])

    def search(self, words: str, *, counting: bool = False) -> Self:
        """This will keep contacts whose name, address, account or phone holds every word.

        `counting` says that the rows are only counted: the best way then is another one.
        """
        many = MOST_FOUND if counting else MANY_FOUND
        return self.filter(_holds(words, "contacts_contact_search", many))

    def matching(self, query: ContactQuery, user: User | None, *, counting: bool = False) -> Self:
        """This will keep what a query of the contact list asks for; combine it with `visible_to`.

        `user` says whose customers are "mine"; without one (a command) nobody's are.
        """
        found = self.house() if query.house else self._of_view(query.view)
        if query.words:
            found = found.search(query.words, counting=counting)
        if query.mine:
            found = found.of_rep(user) if user else found.none()
        if query.active is not None:
            found = found.active() if query.active else found.inactive()
        return found.filter(**_wanted(query))

    def house(self) -> Self:
        """This will keep house users and contacts of house accounts, which lists leave out."""
        return self.filter(Q(is_house_user=True) | Q(customer__is_house_account=True))

    def _of_view(self, view: SystemView) -> Self:
        """This will keep the people whom a view that always exists shows."""
        if view is SystemView.READY:
            return self.ready_to_invite()
        people = self.people()
        if view is SystemView.INVITED:
            return people.active().invited_not_registered()
        if view is SystemView.NO_EMAIL:
            return people.active().without_email()
        if view is SystemView.BOUNCED:
            return people.active().bounced()
        return people


class ChangeSetQuerySet(models.QuerySet["ChangeSet"]):
    """Named lists of change sets."""

    def can_be_undone(self, since: datetime) -> Self:
        """This will keep change sets that are young enough and not yet undone."""
        return self.filter(undone_at=None, created_at__gte=since)

    def newest_first(self) -> Self:
        """This will put the newest change set first."""
        return self.order_by("-created_at", "-pk")


class SegmentQuerySet(models.QuerySet["Segment"]):
    """Named lists of saved views."""

    def open_to(self, user: User) -> Self:
        """This will keep the views that a person may use: shared ones and his own."""
        return self.filter(Q(shared=True) | Q(owner=user))


def _wanted(query: ContactQuery) -> dict[str, Any]:
    """This will give the plain filters of a query: each names a column and what it may hold."""
    wanted: dict[str, Any] = {
        "email_status__in": query.statuses,
        "portal_stage__in": query.stages,
        "customer__sales_rep_name__in": query.reps,
        "customer__state__in": query.states,
        "customer__customer_type__in": query.types,
    }
    found = {name: values for name, values in wanted.items() if values}
    if query.customer is not None:
        found["customer"] = query.customer
    return found


def _holds(words: str, index: str, many: int) -> Q:
    """This will keep rows whose `search_text` holds every word, by the index of the database.

    PostgreSQL uses its trigram index for LIKE by itself. SQLite has a table of trigrams beside
    (migration 0002), worth asking unless it finds `many` rows.
    """
    wanted = needles(words)
    in_text = Q(*(Q(search_text__contains=needle) for needle in wanted))
    if connection.vendor != "sqlite":
        return in_text
    indexed = [needle for needle in wanted if len(needle) >= TRIGRAM]
    match = " AND ".join(f'"{needle.replace(chr(34), chr(34) * 2)}"' for needle in indexed)
    if not match or _finds(index, match, many):
        return in_text
    short = Q(*(Q(search_text__contains=needle) for needle in wanted if needle not in indexed))
    rows = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"  # noqa: S608 - our own table
    return short & Q(pk__in=RawSQL(rows, [match]))  # noqa: S611 - likewise; the words are a value


def _finds(index: str, match: str, many: int) -> bool:
    statement = f"SELECT rowid FROM {index} WHERE {index} MATCH %s LIMIT 1 OFFSET %s"  # noqa: S608 - our own table
    with connection.cursor() as cursor:
        cursor.execute(statement, [match, many])
        return cursor.fetchone() is not None
