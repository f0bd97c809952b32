"""What a portal user sees of his account: its invoices and its people."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Lower, Trim

from contacts.models import Contact, Customer, Invoice
from portal.rules.invoices import OPEN_WORDS, Dues, days_late

NO_DAY = date(1900, 1, 1)
INVOICE_SORTS = {"date": "day"}
PEOPLE_SORTS = {"name": "last_name,first_name"}


def invoices_of(customer: Customer) -> QuerySet[Any]:
    """This will give the invoices of an account; `day` puts those without a date last."""
    return Invoice.objects.filter(customer=customer).annotate(
        day=Coalesce("issued_on", Value(NO_DAY))
    )


def dues_of(customers: Sequence[Customer], today: date) -> dict[int, Dues]:
    """This will sum up what each account has to pay, by account; one query for all."""
    late = Q(due_on__lt=today)
    rows = (
        _open(Invoice.objects.filter(customer__in=customers))
        .annotate(due=Coalesce("open_amount", "amount", Value(Decimal(0))))
        .values("customer_id")
        .annotate(
            open_count=Count("pk"),
            open_sum=Sum("due"),
            late_count=Count("pk", filter=late),
            late_sum=Coalesce(Sum("due", filter=late), Value(Decimal(0))),
            oldest=Min("due_on", filter=late),
        )
    )
    dues = {row["customer_id"]: _dues(row, today) for row in rows.order_by("customer_id")}
    return {customer.pk: dues.get(customer.pk, Dues()) for customer in customers}


def people_of(customer: Customer) -> QuerySet[Any]:
    """This will give the people of an account, with `has_account`; never its house user."""
    own = Contact.objects.filter(pk=OuterRef("pk"), memberships__isnull=False)
    return (
        Contact.objects.people()
        .active()
        .filter(customer=customer)
        .annotate(
            has_account=Exists(own),
        )
    )


def domains_of(customer: Customer) -> set[str]:
    """This will give the email domains of the people of an account."""
    rows = Contact.objects.people().active().filter(customer=customer).exclude(email_domain="")
    return set(rows.order_by().values_list("email_domain", flat=True).distinct()[:200])


def _open(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """This will keep what is still to be paid, as `rules.invoices.is_open` says."""
    return invoices.alias(word=Lower(Trim(F("status")))).filter(
        Q(open_amount__gt=0) | Q(open_amount=None, word__in=OPEN_WORDS)
    )


def _dues(row: Mapping[str, Any], today: date) -> Dues:
    return Dues(
        open_count=row["open_count"],
        open_amount=row["open_sum"],
        late_count=row["late_count"],
        late_amount=row["late_sum"],
        late_days=days_late(row["oldest"], today),
    )
