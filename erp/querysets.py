"""Selections of imports, staged rows and corrections; chainable, without writes."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from accounts.models import User
from contacts.models import Contact, Customer, Invoice, Source, SourceRecord
from contacts.rules.words import Entity
from erp.rules.states import NOT_IN_ERP, OPEN_LINES, LineState, RowOutcome

if TYPE_CHECKING:
    from erp.models import (  # noqa: F401 - for the type only
        Import,
        StagedRow,
        WriteBackBatch,
        WriteBackLine,
    )


class ImportQuerySet(models.QuerySet["Import"]):
    """Named lists of imports."""

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

    def twice(self, run: "Import") -> dict[int, int]:
        """This will find rows whose record stands further up already: its key by theirs."""
        first = (
            self.model.objects.filter(
                run=run, entity=OuterRef("entity"), key=OuterRef("key"), derived=False
            )
            .order_by("pk")
            .values("pk")[:1]
        )
        rows = self.filter(derived=False).annotate(first_pk=Subquery(first))
        return dict(rows.filter(first_pk__lt=F("pk")).values_list("pk", "first_pk"))

    def derived_twice(self, run: "Import") -> Self:
        """This will keep customers that contacts' rows tell of, when a better row does too."""
        rows = self.model.objects.filter(run=run, entity=Entity.CUSTOMER)
        own_row = rows.filter(derived=False, account=OuterRef("account"))
        earlier = rows.filter(derived=True, key=OuterRef("key"), pk__lt=OuterRef("pk"))
        return self.filter(Exists(own_row) | Exists(earlier), derived=True)

    def unlike_records(self, source: Source) -> Self:
        """This will leave out rows that say exactly what their record says: nothing to do."""
        same = records_of_row(source).filter(fingerprint=OuterRef("fingerprint"))
        return self.exclude(Exists(same))

    def of_unknown_customers(self, run: "Import") -> Self:
        """This will keep rows that name an account that is neither here nor in the files."""
        here = Customer.objects.filter(
            numbering=run.source.numbering, account_number=OuterRef("account")
        )
        told = self.model.objects.filter(
            run=run, entity=Entity.CUSTOMER, account=OuterRef("account")
        )
        rows = self.counted().exclude(entity=Entity.CUSTOMER).exclude(account="")
        return rows.filter(~Exists(here), ~Exists(told))


def records_of_row(source: Source) -> models.QuerySet[SourceRecord]:
    """This will select the record of a staged row, for use inside a query of staged rows."""
    return SourceRecord.objects.filter(
        source=source, entity=OuterRef("entity"), key=OuterRef("key")
    )


def can_be_linked(source: Source) -> Q:
    """This will tell rows that may stand for somebody who is here already, without a record."""
    numbering = source.numbering
    customer = Customer.objects.filter(numbering=numbering, account_number=OuterRef("account"))
    at_account = Q(customer__numbering=numbering, customer__account_number=OuterRef("account"))
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
        """This will keep values that a person has to clear in the ERP: no file can say so."""
        return self.filter(state__in=OPEN_LINES, new="", record__isnull=False)

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
    """This will give a source's customers by account number, for at most a chunk of numbers."""
    rows = Customer.objects.filter(numbering=source.numbering, account_number__in=numbers)
    return {row.account_number: row for row in rows}


def staff_by_name() -> dict[str, int]:
    """This will give active staff by username, address and full name, as ERPs name their reps."""
    found: dict[str, int] = {}
    for user in User.objects.filter(kind=User.Kind.STAFF, is_active=True):
        for name in (user.get_full_name(), user.email, user.username):
            if name:
                found[name.casefold()] = user.pk
    return found
