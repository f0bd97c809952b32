"""Which addresses get no mail, and why; staff add and lift entries."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from contacts.models import Contact
from core import keyset
from core.access import staff
from core.http import StaffRequest, say_and_go
from delivery.actions import suppressing
from delivery.forms import LiftForm, SuppressForm
from delivery.models import Suppression
from delivery.rules.states import SuppressionReason
from delivery.rules.words import REASONS

VIEW = "delivery.view_suppression"
CHANGE = "delivery.change_suppression"
PAGE = 50


@staff(VIEW)
def suppressions(request: StaffRequest) -> HttpResponse:
    """This will list what is suppressed, the newest first."""
    return _list_page(request)


@staff(VIEW, CHANGE)
def add(request: StaffRequest) -> HttpResponse:
    """This will ask for an address to suppress; the page of the dialog."""
    return _list_page(request, add_form=SuppressForm())


@require_POST
@staff(VIEW, CHANGE)
def suppress(request: StaffRequest) -> HttpResponse:
    """This will suppress an address or a domain."""
    form = SuppressForm(request.POST)
    if not form.is_valid():
        return _list_page(request, add_form=form)
    key = form.cleaned_data["address"]
    suppressing.suppress(
        address_key=key, reason=form.reason(), note=form.cleaned_data["note"], actor=request.user
    )
    return say_and_go(request, f"{key} gets no more mail", "delivery:suppressions")


@staff(VIEW, CHANGE)
def lift(request: StaffRequest, pk: int) -> HttpResponse:
    """This will ask why an address may be mailed again; the page of the dialog."""
    return _list_page(request, lifting=_entry(pk), lift_form=LiftForm())


@require_POST
@staff(VIEW, CHANGE)
def lift_now(request: StaffRequest, pk: int) -> HttpResponse:
    """This will let an address be mailed again and note why."""
    entry, form = _entry(pk), LiftForm(request.POST)
    if not form.is_valid():
        return _list_page(request, lifting=entry, lift_form=form)
    try:
        suppressing.lift(suppression=entry, because=form.because(), actor=request.user)
    except suppressing.CannotBeLiftedError:
        messages.error(request, "This entry stands for somebody who was erased. It stays.")
        return redirect("delivery:suppressions")
    return say_and_go(request, f"{entry.address_key} may be mailed again", "delivery:suppressions")


def _list_page(request: StaffRequest, **dialogs: Any) -> HttpResponse:  # noqa: ANN401 - forms
    rows = _seen_by(request)
    reason = request.GET.get("reason", "")
    words = request.GET.get("q", "").strip()
    views = _views(rows, reason)
    if reason in set(SuppressionReason):
        rows = rows.filter(reason=reason)
    if words:
        rows = rows.filter(address_key__contains=words.lower())
    page = keyset.page(
        rows.select_related("created_by"),
        sort="-newest",
        sorts={"newest": "pk"},
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=PAGE,
    )
    owners = _owners(page.rows)
    context = {
        "page": page,
        "entries": [(entry, owners.get(entry.address_key)) for entry in page.rows],
        "views": views,
        "total": views[0]["count"],
        "q": words,
        "reason": reason,
        "may_change": request.user.has_perm(CHANGE),
        **dialogs,
    }
    failed = any(getattr(form, "errors", None) for form in dialogs.values())
    status = 422 if failed else 200
    return render(request, "delivery/suppressions.html", context, status=status)


def _seen_by(request: StaffRequest) -> QuerySet[Suppression]:
    """This will keep entries about contacts that a member of staff may see."""
    rows = Suppression.objects.standing()
    if request.user.has_perm("contacts.view_all_contacts"):
        return rows
    own = Contact.objects.visible_to(request.user).values("address_key")
    return rows.filter(address_key__in=own)


def _entry(pk: int) -> Suppression:
    return get_object_or_404(Suppression.objects.standing(), pk=pk)


def _owners(rows: Iterable[Suppression]) -> dict[str, Contact]:
    keys = {row.address_key for row in rows}
    contacts = Contact.objects.filter(address_key__in=keys).select_related("customer")
    return {contact.address_key: contact for contact in contacts.order_by("-pk")}


def _views(rows: QuerySet[Suppression], current: str) -> list[dict[str, Any]]:
    counts = dict(rows.order_by().values_list("reason").annotate(n=Count("pk")))
    found = [
        {
            "url": f"?reason={reason.value}",
            "label": label,
            "count": counts.get(reason.value, 0),
            "current": current == reason,
        }
        for reason, (_, _, label) in REASONS.items()
        if counts.get(reason.value) or current == reason
    ]
    everything = {
        "url": "?",
        "label": "All",
        "count": sum(counts.values()),
        "current": not any(view["current"] for view in found),
    }
    return [everything, *found]
