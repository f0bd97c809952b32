"""Staff decide about people who want to join: what was typed beside what is on file."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from contacts.models import Customer
from core import keyset
from core.access import staff
from core.http import StaffRequest, say_and_go
from portal.actions import approving
from portal.actions.approving import AlreadyDecidedError, CannotBeInvitedError
from portal.actions.invitations import PortalOffError
from portal.forms.staff import ApproveForm, RejectForm
from portal.models import PortalConfiguration, Registration
from portal.querysets.evidence import FACTS, evidence_for, possible_accounts

RIGHT = "portal.approve_registrations"
DECIDED = "Somebody else has decided about this registration."


@staff(RIGHT)
def queue(request: StaffRequest) -> HttpResponse:
    """This will list who waits, the oldest first, and open the first one."""
    view = _view(request)
    page = _page(request, view)
    return _screen(request, view, page.rows[0] if page.rows else None)


@staff(RIGHT)
def registration(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show one registration beside the list."""
    row = _registration(pk)
    return _screen(request, "decided" if row.decided_at else _view(request), row)


@require_POST
@staff(RIGHT)
def approve(request: StaffRequest, pk: int) -> HttpResponse:
    """This will connect somebody to a contact and mail the link."""
    row = _registration(pk)
    form = ApproveForm(request.POST, user=request.user)
    if not form.is_valid():
        return _screen(request, "waiting", row, approve_form=form)
    data = form.cleaned_data
    try:
        contact = approving.approve(
            registration=row, customer=data["customer"], contact=data["person"], actor=request.user
        )
    except AlreadyDecidedError:
        messages.warning(request, DECIDED)
    except CannotBeInvitedError:
        form.add_error("contact", "This contact cannot be invited. Choose another, or a new one")
        return _screen(request, "waiting", row, approve_form=form)
    except PortalOffError:
        messages.warning(
            request, "The customer portal is not enabled. Nothing was changed and nobody mailed."
        )
        return redirect("portal:registration", row.pk)
    else:
        return say_and_go(request, f"{contact} connected, link on its way", "portal:registrations")
    return redirect("portal:registrations")


@require_POST
@staff(RIGHT)
def refuse(request: StaffRequest, pk: int) -> HttpResponse:
    """This will refuse somebody and mail the reason."""
    row = _registration(pk)
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _screen(request, "waiting", row, refuse_form=form)
    try:
        approving.reject(registration=row, reason=form.cleaned_data["reason"], actor=request.user)
    except AlreadyDecidedError:
        messages.warning(request, DECIDED)
        return redirect("portal:registrations")
    return say_and_go(request, f"{row.name} refused, reason mailed", "portal:registrations")


def _registration(pk: int) -> Registration:
    rows = Registration.objects.select_related("customer", "contact", "decided_by")
    row: Registration = get_object_or_404(rows, pk=pk)
    return row


def _view(request: StaffRequest) -> str:
    return "decided" if request.GET.get("view") == "decided" else "waiting"


def _page(request: StaffRequest, view: str) -> "keyset.Page[Registration]":
    rows = Registration.objects.select_related("customer")
    return keyset.page(
        rows.decided() if view == "decided" else rows.waiting(),
        sort="-asked" if view == "decided" else "asked",
        sorts={"asked": "pk"},
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )


def _screen(
    request: StaffRequest,
    view: str,
    row: Registration | None,
    *,
    approve_form: ApproveForm | None = None,
    refuse_form: RejectForm | None = None,
) -> HttpResponse:
    page = _page(request, view)
    waiting = Registration.objects.waiting()
    context: dict[str, Any] = {
        "view": view,
        "page": page,
        "current": row,
        "waiting": keyset.bounded_count(waiting),
        "decided": keyset.bounded_count(Registration.objects.decided()),
        "oldest": waiting.oldest_first().first(),
        "portal": PortalConfiguration.load(),
    }
    if row is not None:
        context |= _evidence(request, row)
    context |= {
        "form": approve_form or refuse_form,
        "approve_form": approve_form,
        "refuse_form": refuse_form or RejectForm(auto_id="refuse_%s"),
        "is_refusing": refuse_form is not None,
    }
    status = 422 if approve_form or refuse_form else 200
    return render(request, "portal/registrations.html", context, status=status)


def _evidence(request: StaffRequest, row: Registration) -> dict[str, Any]:
    words = request.GET.get("q", "").strip()
    accounts = possible_accounts(row, request.user, words)
    chosen = _chosen(request, accounts, row)
    return {
        "words": words,
        "accounts": accounts,
        "evidence": evidence_for(row, chosen) if chosen else None,
        "facts": FACTS,
    }


def _chosen(request: StaffRequest, accounts: list[Customer], row: Registration) -> Customer | None:
    """This will give the account that was picked, else the only likely one."""
    wanted = request.POST.get("customer") or request.GET.get("customer") or row.customer_id
    picked = Customer.objects.visible_to(request.user).real()
    if wanted and str(wanted).isdecimal():
        return picked.filter(pk=wanted).first()
    return accounts[0] if len(accounts) == 1 else None
