"""The list of customers, and the panel of its filters."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core import keyset
from core.access import staff
from core.http import StaffRequest, page_or_part
from desk import filters as reading
from desk.querysets import lists
from desk.querysets.lists import CUSTOMER_SORTS

RIGHT = "contacts.view_contact"


@staff(RIGHT)
def customers(request: StaffRequest) -> HttpResponse:
    """This will show the customers that match, a page at a time, and how far each one is."""
    query = reading.read_customers(request.GET)
    sort = request.GET.get("sort", "")
    sort = sort if sort.lstrip("-") in CUSTOMER_SORTS else "name"
    page = keyset.page(
        lists.customers(query, request.user),
        sort=sort,
        sorts=CUSTOMER_SORTS,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "page": page,
        "rows": lists.with_people(page.rows),
        "query": query,
        "sort": sort,
        "chips": reading.customer_chips(query),
    }
    return render(request, "desk/customers.html", context)


@staff(RIGHT)
def filters(request: StaffRequest) -> HttpResponse:
    """This will show every filter of the list: a panel above it, or a page of its own."""
    query = reading.read_customers(request.GET)
    context = {
        "query": query,
        "action": reverse("desk:customers"),
        "choices": lists.choices(request.user),
        "of_customers": True,
        "kept": [("q", query.words)],
    }
    return page_or_part(request, "desk/filters.html", "desk/_filters.html", context)
