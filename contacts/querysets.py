"""Every named selection of customers and contacts; chainable, without writes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models import Count, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Upper
from django.db.models.lookups import Exact
from django.utils import timezone

from accounts.models import User
from contacts.rules.normalise import needles
from contacts.rules.segments import MULTIPLE, STANDS_IN, ContactQuery, SystemView
from contacts.rules.words import EmailStatus, Entity, PairState, PortalStage, ProposalState
from core.rules.needed import Needed

if TYPE_CHECKING:
    from contacts.models import (  # noqa: F401 - for the types only
        ChangeSet,
        Contact,
        Customer,
        Duplicate,
        Proposal,
        Segment,
    )

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

    def chosen(self, ids: Iterable[int]) -> Self:
        """This will keep the named contacts; for one that was merged, whom it was merged into."""
        wanted = list(ids)
        merged = self.model.everyone.filter(pk__in=wanted, merged_into__isnull=False)
        return self.filter(pk__in={*wanted, *merged.values_list("merged_into_id", flat=True)})

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
        if query.customer is not None:
            found = found.filter(customer=query.customer)
        return found.of_fields(query).of_time_and_flags(query)

    def having(self, needed: Iterable[Needed]) -> Self:
        """This will keep records that hold all of these facts."""
        return self.filter(*map(_holds_fact, needed))

    def lacking(self, needed: Iterable[Needed]) -> Self:
        """This will keep records that lack any one of these facts."""
        lacks = [~_holds_fact(fact) for fact in needed]
        return self.filter(reduce(or_, lacks)) if lacks else self.none()

    def of_fields(self, query: ContactQuery) -> Self:
        """This will keep what holds one of the values of each field, or none where it says not."""
        found = self
        for name in MULTIPLE:
            if values := query.values(name):
                one_of = _one_of(name, values)
                found = found.filter(~one_of if name in query.nots else one_of)
        if query.lacks:
            found = found.lacking(query.lacks)
        return found.having(query.needs)

    def of_time_and_flags(self, query: ContactQuery) -> Self:
        """This will keep customers of some years, mail of some days, and who may be written to."""
        found, now = self, timezone.now()
        if query.since_from:
            found = found.filter(customer__customer_since__gte=date(query.since_from, 1, 1))
        if query.since_before:
            found = found.filter(customer__customer_since__lt=date(query.since_before, 1, 1))
        if query.mailed is not None:
            found = found.filter(last_mailed_at__isnull=not query.mailed)
        if query.mailed_within:
            found = found.filter(last_mailed_at__gte=now - timedelta(days=query.mailed_within))
        if query.unmailed_for:
            long_ago = Q(last_mailed_at__lt=now - timedelta(days=query.unmailed_for))
            found = found.filter(long_ago | Q(last_mailed_at=None))
        for flag in ("promote", "invite"):
            if (on := getattr(query, flag)) is not None:
                off = Q(**{flag: False}) | Q(**{f"customer__{flag}": False})
                found = found.filter(~off if on else off)
        return found.with_open_invoices(query.invoices) if query.invoices else found

    def with_open_invoices(self, least: int) -> Self:
        """This will keep contacts whose customer has so many open invoices at least."""
        customers: Any = self.model._meta.get_field("customer").related_model  # noqa: SLF001 - no circle
        invoices: Any = customers._meta.get_field("invoices").related_model  # noqa: SLF001 - likewise
        open_ones = invoices.objects.filter(open_amount__gt=0).order_by().values("customer")
        if least > 1:
            open_ones = open_ones.annotate(n=Count("pk")).filter(n__gte=least).values("customer")
        return self.filter(customer__in=open_ones)

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


_Customers = models.Manager.from_queryset(CustomerQuerySet)
_Contacts = models.Manager.from_queryset(ContactQuerySet)


class CustomerManager(_Customers["Customer"]):
    """Customers as everybody sees them: merged ones are kept, but no list or count has them."""

    def get_queryset(self) -> CustomerQuerySet:
        """This will leave merged rows out; `everyone` has them too."""
        rows: Any = super().get_queryset()
        found: CustomerQuerySet = rows.filter(merged_into=None)
        return found


class ContactManager(_Contacts["Contact"]):
    """Contacts as everybody sees them: merged ones are kept, but no list or count has them."""

    def get_queryset(self) -> ContactQuerySet:
        """This will leave merged rows out; `everyone` has them too."""
        rows: Any = super().get_queryset()
        found: ContactQuerySet = rows.filter(merged_into=None)
        return found


class DuplicateQuerySet(models.QuerySet["Duplicate"]):
    """Named lists of pairs that may be one."""

    def open(self, entity: Entity) -> Self:
        """This will keep pairs of one kind that wait for a person, both still there."""
        name = entity.value
        here = {f"{name}__merged_into": None, f"other_{name}__merged_into": None}
        return self.filter(entity=entity, state=PairState.OPEN, **here)

    def apart(self, entity: Entity) -> Self:
        """This will keep pairs of one kind that a person called two."""
        return self.filter(entity=entity, state=PairState.APART)

    def visible_to(self, user: User, entity: Entity) -> Self:
        """This will keep pairs whose both sides the person may see."""
        if user.has_perm("contacts.view_all_contacts"):
            return self
        field: Any = self.model._meta.get_field(entity.value)  # noqa: SLF001 - no circle
        own = field.related_model.objects.visible_to(user).values("pk")
        return self.filter(**{f"{entity}__in": own, f"other_{entity}__in": own})


class ChangeSetQuerySet(models.QuerySet["ChangeSet"]):
    """Named lists of change sets."""

    def can_be_undone(self, since: datetime) -> Self:
        """This will keep change sets that are young enough and not yet undone."""
        return self.filter(undone_at=None, created_at__gte=since)

    def newest_first(self) -> Self:
        """This will put the newest change set first."""
        return self.order_by("-created_at", "-pk")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Named lists of proposals."""

    def open(self) -> Self:
        """This will keep proposals that nobody has decided about."""
        return self.filter(state=ProposalState.OPEN)

    def visible_to(self, user: User) -> Self:
        """This will keep what a member of staff may see: all, or those of his own accounts.

        What belongs to no customer yet is seen by those who see all.
        """
        if user.has_perm("contacts.view_all_contacts"):
            return self
        customers: Any = self.model._meta.get_field("customer").related_model  # noqa: SLF001 - no circle
        return self.filter(customer__in=customers.objects.of_rep(user))


class SegmentQuerySet(models.QuerySet["Segment"]):
    """Named lists of saved views."""

    def open_to(self, user: User) -> Self:
        """This will keep the views that a person may use: shared ones and his own."""
        return self.filter(Q(shared=True) | Q(owner=user))


# By its name in a query, the column that holds one of the values; or how a part of it is found.
_EQUAL = {
    "status": "email_status",
    "stage": "portal_stage",
    "rep": "customer__sales_rep_name",
    "state": "customer__state",
    "type": "customer__customer_type",
    "country": "customer__country",
}
_ALIKE = {
    "line": "customer__product_lines__icontains",
    "city": "customer__city__iexact",
    "zip": "customer__postal_code__istartswith",
}


def _one_of(name: str, values: Iterable[str]) -> Q:
    """This will keep rows whose field of a query holds one of the values."""
    if name in _EQUAL:
        return Q(**{f"{_EQUAL[name]}__in": values})
    return reduce(or_, (Q(**{_ALIKE[name]: way}) for value in values for way in _spelled(value)))


def _spelled(value: str) -> Iterable[str]:
    """This will give the ways a value is written: SQLite knows case for ASCII letters alone."""
    if value.isascii():
        return [value]
    return sorted({value, value.upper(), value.lower(), value.title()})


def _holds_fact(fact: Needed) -> Q:
    """This will keep rows that hold a fact, in any of the columns where it may stand."""
    if fact is Needed.CUSTOMER_SINCE:
        return Q(customer__customer_since__isnull=False)
    return reduce(or_, (Q(**{f"{column}__gt": ""}) for column in STANDS_IN[fact]))


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
