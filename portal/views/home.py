"""The customer's own pages. Every one starts from the accounts of the person signed in."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from contacts.models import Invoice
from core import keyset
from core.access import portal_user
from core.http import StaffRequest
from portal.forms.access import AccountForm
from portal.models import Membership, PortalConfiguration
from portal.querysets.account import (
    INVOICE_SORTS,
    PEOPLE_SORTS,
    dues_of,
    invoices_of,
    people_of,
)
from portal.rules.invoices import Standing, days_late, standing
from portal.views.gate import portal_page

SHOWN = 5
YEAR = 365 * 24 * 60 * 60
FIRST = "portal_first"


@portal_page
@portal_user
def home(request: StaffRequest) -> HttpResponse:
    """This will lead to the one account, to the one that opens first, or to the choice."""
    mine = _memberships(request)
    first = [item for item in mine if str(item.key) == request.COOKIES.get(FIRST)]
    if len(mine) == 1 or first:
        return redirect("portal:account", (first or mine)[0].key)
    return redirect("portal:accounts")


@portal_page
@portal_user
def accounts(request: StaffRequest) -> HttpResponse:
    """This will let somebody choose among the accounts."""
    mine = _memberships(request)
    form = AccountForm(request.POST or None, memberships=mine)
    if form.is_valid():
        membership = form.cleaned_data["account"]
        response = redirect("portal:account", membership.key)
        if form.cleaned_data["open_first"]:
            _open_first(request, response, str(membership.key))
        else:
            response.delete_cookie(FIRST)
        return response
    dues = dues_of([item.customer for item in mine], timezone.localdate())
    context = {
        "form": form,
        "rows": [(item, dues[item.customer_id]) for item in mine],
        "first": request.COOKIES.get(FIRST, ""),
    }
    return render(request, "portal/accounts.html", context, status=422 if form.errors else 200)


@portal_page
@portal_user
def account(request: StaffRequest, key: UUID) -> HttpResponse:
    """This will show what is due, the newest invoices and the people of an account."""
    membership = _membership(request, key)
    customer, today = membership.customer, timezone.localdate()
    invoices = invoices_of(customer)
    people = people_of(customer)
    newest = list(invoices.order_by("-day", "-pk")[:SHOWN])
    context = _shell(membership) | {
        "dues": dues_of([customer], today)[customer.pk],
        "newest": newest[0] if newest else None,
        "rows": _standing(newest, today),
        "invoice_count": invoices.count(),
        "people_count": people.count(),
        "with_account": people.filter(has_account=True).count(),
        "portal": PortalConfiguration.load(),
    }
    return render(request, "portal/account.html", context)


@portal_page
@portal_user
def invoices(request: StaffRequest, key: UUID) -> HttpResponse:
    """This will list the invoices of an account, the newest first."""
    membership = _membership(request, key)
    page = keyset.page(
        invoices_of(membership.customer),
        sort="-date",
        sorts=INVOICE_SORTS,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=25,
    )
    context = _shell(membership) | {
        "page": page,
        "rows": _standing(page.rows, timezone.localdate()),
    }
    return render(request, "portal/invoices.html", context)


@portal_page
@portal_user
def people(request: StaffRequest, key: UUID) -> HttpResponse:
    """This will list the people of an account, by name."""
    membership = _membership(request, key)
    rows = people_of(membership.customer)
    page = keyset.page(
        rows,
        sort="name",
        sorts=PEOPLE_SORTS,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=25,
    )
    context = _shell(membership) | {
        "page": page,
        "with_account": rows.filter(has_account=True).count(),
    }
    return render(request, "portal/people.html", context)


def _memberships(request: StaffRequest) -> list[Membership]:
    return list(Membership.objects.of(request.user).by_name())


def _membership(request: StaffRequest, key: UUID) -> Membership:
    """This will give the account if it is one of the person's own; anything else is not there."""
    membership: Membership = get_object_or_404(Membership.objects.of(request.user), key=key)
    return membership


def _shell(membership: Membership) -> dict[str, object]:
    return {"membership": membership, "customer": membership.customer}


def _standing(invoices: Sequence[Invoice], today: date) -> list[tuple[Invoice, Standing, int]]:
    return [
        (
            row,
            standing(open_amount=row.open_amount, word=row.status, due_on=row.due_on, today=today),
            days_late(row.due_on, today),
        )
        for row in invoices
    ]


def _open_first(request: HttpRequest, response: HttpResponse, key: str) -> None:
    response.set_cookie(
        FIRST, key, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
    )
