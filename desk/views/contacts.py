"""The list of contacts, and the panel of its filters."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from campaigns.actions.rights import EMAIL, INVITE
from contacts.models import Customer
from contacts.rules.segments import ContactQuery
from contacts.rules.words import EmailStatus, PortalStage
from core import keyset
from core.access import staff
from core.http import StaffRequest, page_or_part
from core.templatetags.ui import STAGES, STATUSES
from desk import filters as reading
from desk.querysets import lists
from desk.querysets.lists import CONTACT_SORTS, Counts, View
from desk.rules import columns

RIGHT = "contacts.view_contact"
# What the panel asks for itself; all else is kept as it is.
ON_PANEL = {"status", "stage", "rep", "state", "type", "active", "mine", "house", "customer"}


@staff(RIGHT)
def contacts(request: StaffRequest) -> HttpResponse:
    """This will show the contacts that match, a page at a time."""
    query = reading.read_contacts(request.GET)
    views = lists.views_for(request.user)
    rows = lists.contacts(query, request.user)
    counts = lists.count_views(query, views, request.user)
    sort = request.GET.get("sort", "")
    sort = sort if sort.lstrip("-") in CONTACT_SORTS else "last"
    page = keyset.page(
        rows.select_related("customer"),
        sort=sort,
        sorts=CONTACT_SORTS,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        counted=counts.total,
    )
    current = lists.current_view(query, views)
    shown = columns.chosen(request.GET.getlist("col"))
    context: dict[str, Any] = {
        "page": page,
        "query": query,
        "sort": sort,
        "current": current,
        "tabs": _tabs(views, counts, current),
        "chips": reading.contact_chips(query, _customer_name(query, request)),
        "shown": shown,
        "columns": [(column, label, column in shown) for column, label in columns.LABELS.items()],
        "sorted_by": columns.SORTED_BY,
        "may_email": request.user.has_perm(EMAIL),
        "may_invite": _may_invite(request, counts),
    }
    return render(request, "desk/contacts.html", context)


@staff(RIGHT)
def filters(request: StaffRequest) -> HttpResponse:
    """This will show every filter of the list: a panel above it, or a page of its own."""
    query = reading.read_contacts(request.GET)
    context = {
        "query": query,
        "action": reverse("desk:contacts"),
        "choices": lists.choices(request.user),
        "statuses": [(status.value, STATUSES[status.value][2]) for status in EmailStatus],
        "stages": [(stage.value, STAGES[stage.value][2]) for stage in PortalStage],
        "kept": [(name, value) for name, value in query.pairs() if value and name not in ON_PANEL],
        "more": f"{reverse('desk:segment_new')}?{query}",
    }
    return page_or_part(request, "desk/filters.html", "desk/_filters.html", context)


def _tabs(views: Sequence[View], counts: Counts, current: View) -> list[dict[str, Any]]:
    """This will give the tabs; one's own customers only where there are any."""
    return [
        {
            "url": f"{reverse('desk:contacts')}?{view.query}",
            "label": view.label,
            "count": min(count, keyset.COUNT_LIMIT),
            "more": count > keyset.COUNT_LIMIT,
            "current": view is current,
        }
        for view, count in zip(views, counts.views, strict=True)
        if count or not view.query.mine or view.segment or view is current
    ]


def _may_invite(request: StaffRequest, counts: Counts) -> bool:
    """Both rights and an enabled portal, as campaigns.actions.rights asks for when it matters."""
    return counts.portal_enabled and request.user.has_perms((EMAIL, INVITE))


def _customer_name(query: ContactQuery, request: StaffRequest) -> str:
    if query.customer is None:
        return ""
    visible = Customer.objects.visible_to(request.user)
    return str(visible.filter(pk=query.customer).first() or "")
