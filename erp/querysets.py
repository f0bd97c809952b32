"""Selections of imports, staged rows and corrections; chainable, without writes."""

import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat

from accounts.models import User
from contacts.models import Contact, Customer, Invoice, Source, SourceRecord
from contacts.rules.words import Entity
from erp.rules.states import NOT_IN_ERP, OPEN_LINES, LineState, RowOutcome

if TYPE_CHECKING:
    from erp.models import (  # noqa: F401 - for the type only
        Import,
        ImportRow,
        StagedRow,
        WriteBackBatch,
        WriteBackLine,
    )


@models.Field.register_lookup
class Among(models.Lookup[list[str]]):
    """`key__among`: as `key__in`, but thousands of values are one parameter and not thousands."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ANN401 - Django's own
        """This will write it for SQLite, which takes a list as JSON."""
        column, params = self.process_lhs(compiler, connection)
        among = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - a column's name
        return among, (*params, json.dumps(self.rhs))

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ANN401 - likewise
        """This will write it for PostgreSQL, which takes a list as an array."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*params, self.rhs)


class ImportQuerySet(models.QuerySet["Import"]):
    """Named lists of imports."""

    def marks(self, source: Source) -> list[str]:
        """This will say how far the imports of a source have come: another answer, another base."""
        at = self.filter(source=source).aggregate(
            applied=Max("applied_at"), undone=Max("undone_at"), begun=Count("change_set")
        )
        return [str(value) for value in at.values()]

    def newest_first(self) -> Self:
        """This will put the newest import first."""
        return self.order_by("-created_at", "-pk")

    def shown(self) -> Self:
        """This will fetch what a list of imports shows, the newest first."""
        return self.select_related("source", "actor", "job").order_by("-pk")


class BatchQuerySet(models.QuerySet["WriteBackBatch"]):
    """Named lists of exported batches."""

    def with_outcomes(self) -> Self:
        """This will count each batch's corrections by what became of them."""
        return self.annotate(
            total=Count("lines"),
            **{state.value: Count("lines", filter=Q(lines__state=state)) for state in LineState},
        )


class StagedRowQuerySet(models.QuerySet["StagedRow"]):
    """Named lists of the rows of one import; start from `run.staged`."""

    def counted(self) -> Self:
        """This will leave out rows that stand twice."""
        return self.exclude(outcome=RowOutcome.DUPLICATE)

    def about(self, words: str) -> Self:
        """This will keep rows in which the words stand anywhere."""
        columns = Q(account__icontains=words) | Q(address__icontains=words)
        return self.annotate(text=_as_text("values")).filter(columns | _in_text(words))

    def twice(self, run: "Import") -> dict[int, int]:
        """This will find rows whose record stands further up already: its key by theirs."""
        earlier = self.model.objects.filter(
            run=run, entity=OuterRef("entity"), key=OuterRef("key"), derived=False
        ).filter(pk__lt=OuterRef("pk"))
        # First which ones, by the index alone: nearly always none.
        rows = self.filter(Exists(earlier), derived=False)
        first = Subquery(earlier.order_by("pk").values("pk")[:1])
        return dict(rows.annotate(first_pk=first).values_list("pk", "first_pk"))

    def derived_twice(self, run: "Import", *, own_rows: bool) -> Self:
        """This will keep customers that contacts' rows tell of, when a better row does too.

        `own_rows` says whether there are rows of customers themselves.
        """
        rows = self.model.objects.filter(run=run, entity=Entity.CUSTOMER)
        better = Q(Exists(rows.filter(derived=True, key=OuterRef("key"), pk__lt=OuterRef("pk"))))
        if own_rows:
            better |= Q(Exists(rows.filter(derived=False, account=OuterRef("account"))))
        return self.filter(better, derived=True)

    def to_do(self) -> Self:
        """This will leave out rows that say exactly what their record says, or stand twice."""
        return self.filter(same=False).counted()

    def of_unknown_customers(self, run: "Import") -> Self:
        """This will keep rows that name an account that is neither here nor in the files."""
        here = Customer.everyone.filter(
            numbering=run.source.numbering, account_number=OuterRef("account")
        )
        told = self.model.objects.filter(
            run=run, entity=Entity.CUSTOMER, account=OuterRef("account")
        )
        rows = self.counted().exclude(entity=Entity.CUSTOMER).exclude(account="")
        return rows.filter(~Exists(here), ~Exists(told))


def rows_about(rows: models.QuerySet["ImportRow"], words: str) -> models.QuerySet["ImportRow"]:
    """This will keep an import's rows in which the words stand, or that are about such a person."""
    people = Q(record__contact__in=Contact.objects.search(words))
    people |= Q(record__customer__in=Customer.objects.search(words))
    said = Q(message__icontains=words) | Q(column__icontains=words)
    text = Concat(
        _as_text("details"), Value(" "), _as_text("cells"), output_field=models.TextField()
    )
    return rows.annotate(text=text).filter(people | said | _in_text(words))


def _as_text(name: str) -> Cast:
    return Cast(name, models.TextField())


def _in_text(words: str) -> Q:
    """This will look into JSON as text, where letters beyond ASCII may stand as escapes."""
    return Q(text__icontains=words) | Q(text__icontains=json.dumps(words)[1:-1])


def records_of_row(source: Source) -> models.QuerySet[SourceRecord]:
    """This will select the record of a staged row, for use inside a query of staged rows."""
    return SourceRecord.objects.filter(
        source=source, entity=OuterRef("entity"), key=OuterRef("key")
    )


def can_be_linked(source: Source) -> Q:
    """This will tell rows that may stand for somebody who is here already, without a record."""
    numbering = source.numbering
    customer = Customer.everyone.filter(numbering=numbering, account_number=OuterRef("account"))
    at_account = Q(customer__numbering=numbering, customer__account_number=OuterRef("account"))
    if Customer.everyone.filter(numbering=numbering, merged_into__isnull=False).exists():
        at_account |= Q(
            customer__merged__numbering=numbering,
            customer__merged__account_number=OuterRef("account"),
        )
    contact = Contact.objects.filter(at_account, address_key=OuterRef("address"))
    invoice = Invoice.objects.alias(
        key=models.functions.Concat(models.Value("no:"), "number")
    ).filter(at_account, key=OuterRef("key"))
    return (
        Q(Exists(customer), entity=Entity.CUSTOMER)
        | Q(Exists(contact), ~Q(address=""), entity=Entity.CONTACT)
        | Q(Exists(invoice), entity=Entity.INVOICE)
    )


class LineQuerySet(models.QuerySet["WriteBackLine"]):
    """Named lists of corrections on their way to the ERP."""

    def open(self) -> Self:
        """This will keep corrections that the ERP is not known to have."""
        return self.filter(state__in=OPEN_LINES)

    def to_send(self) -> Self:
        """This will keep corrections for the next file: new ones, and those that did not arrive."""
        return self.filter(state__in=NOT_IN_ERP)

    def to_clear(self) -> Self:
        """This will keep values that a person has to clear in the ERP: no file can say so.

        Those that somebody has cleared there since are left out: the next import proves them.
        """
        done = Q(state=LineState.EXPORTED, batch=None)
        done |= Q(state=LineState.EXPORTED, exported_at__gt=F("batch__exported_at"))
        return self.filter(state__in=OPEN_LINES, new="", record__isnull=False).exclude(done)

    def by_hand(self) -> Self:
        """This will keep what a person can type into the ERP now: what no file has carried yet."""
        to_clear = Q(new="", record__isnull=False, state=LineState.EXPORTED, batch__isnull=False)
        fresh = Q(exported_at=F("batch__exported_at"))
        return self.filter(Q(state__in=NOT_IN_ERP) | (to_clear & fresh))

    def about(self, words: str) -> Self:
        """This will keep corrections whose values, person or customer hold the words."""
        return self.filter(
            Q(old__icontains=words)
            | Q(new__icontains=words)
            | Q(contact__in=Contact.objects.search(words))
            | Q(contact__customer__in=Customer.objects.search(words))
            | Q(customer__in=Customer.objects.search(words))
        )

    def ranked(self) -> Self:
        """This will tell how urgent each is: conflicts first, then what did not arrive."""
        rank = models.Case(
            *(models.When(state=state, then=models.Value(n)) for n, state in enumerate(_URGENT)),
            default=models.Value(len(_URGENT)),
            output_field=models.IntegerField(),
        )
        return self.annotate(rank=rank)


_URGENT = (*OPEN_LINES, LineState.CONFIRMED)


def customers_by_number(source: Source, numbers: Collection[str]) -> dict[str, Customer]:
    """This will give a source's customers by account number, for at most a chunk of numbers.

    The number of a merged customer leads to the one that it was merged into.
    """
    rows = Customer.everyone.filter(numbering=source.numbering, account_number__in=numbers)
    found = rows.select_related("parent", "merged_into__parent")
    return {row.account_number: row.merged_into or row for row in found}


def places_by_number(source: Source, numbers: Collection[str]) -> dict[str, tuple[int, str, str]]:
    """This will give key, name and number of a source's customers, as `customers_by_number`."""
    rows = Customer.everyone.filter(
        numbering=source.numbering, account_number__among=sorted(numbers)
    )
    into = ("merged_into", "merged_into__name", "merged_into__account_number")
    found = rows.values_list("pk", "name", "account_number", *into)
    return {row[2]: row[3:] if row[3] else row[:3] for row in found}


def staff_by_name() -> dict[str, int]:
    """This will give active staff by username, address and full name, as ERPs name their reps."""
    found: dict[str, int] = {}
    for user in User.objects.filter(kind=User.Kind.STAFF, is_active=True):
        for name in (user.get_full_name(), user.email, user.username):
            if name:
                found[name.casefold()] = user.pk
    return found
