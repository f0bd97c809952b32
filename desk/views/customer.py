"""One customer: its page, adding it and editing it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from campaigns.actions.rights import why_not_invite
from contacts.actions.people import (
    NumberTakenError,
    OvertakenError,
    add_customer,
    edit_customer,
)
from contacts.models import Customer
from contacts.rules.segments import ContactQuery, SystemView
from core.access import staff
from core.http import StaffRequest
from desk.actions import TYPED_IS_KEPT, sentence_of
from desk.forms import CustomerForm, NewCustomerForm
from desk.querysets import pages, stories

VIEW = "contacts.view_contact"
EDIT = "contacts.change_customer"


@staff(VIEW)
def customer(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show a customer: facts, people, invoices, and what happened."""
    try:
        row = _customer(request, pk)
    except Http404:
        merged = get_object_or_404(Customer.everyone, pk=pk, merged_into__isnull=False)
        return redirect("desk:customer", merged.merged_into_id)
    ready = ContactQuery(view=SystemView.READY, customer=row.pk)
    people = list(pages.people_at(row)[: pages.SHOWN_CONTACTS + 1])
    record = row.records.select_related("source").order_by("-pk").first()
    today = timezone.localdate()
    context = {
        "customer": row,
        "people": people[: pages.SHOWN_CONTACTS],
        "has_more": len(people) > pages.SHOWN_CONTACTS,
        "fixes": pages.fixes_at(row) if request.user.has_perm("review.review_findings") else [],
        "invoices": pages.recent_invoices(row),
        "figures": pages.figures_of(row, today),
        "lines": stories.of_customer(row),
        "record": record,
        "today": today,
        "may_invite": not why_not_invite(request.user),
        "ready_query": str(ready),
        "contacts_query": str(ContactQuery(customer=row.pk)),
    }
    return render(request, "desk/customer.html", context)


@staff(VIEW, EDIT)
def customer_new(request: StaffRequest) -> HttpResponse:
    """This will add a customer by hand."""
    form = NewCustomerForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, {})
    try:
        added = add_customer(
            numbering=form.cleaned_data["numbering"], values=form.values(), actor=request.user
        )
    except NumberTakenError:
        form.add_error("account_number", "There is a customer with this account number already")
        return _form(request, form, {})
    messages.info(request, f"Customer added: {added}")
    return redirect("desk:customer", added.pk)


@staff(VIEW, EDIT)
def customer_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """This will change a customer's fields as one change set, unless a colleague was faster."""
    row = _customer(request, pk)
    form = CustomerForm(request.POST or None, instance=row)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, {"customer": row})
    try:
        change_set = edit_customer(
            customer=row,
            values=form.values(),
            seen_at=form.seen() or row.created_at,
            actor=request.user,
        )
    except OvertakenError as overtaken:
        row.refresh_from_db(fields=["updated_at"])
        context = {"customer": row, "overtaken": sentence_of(overtaken.change, TYPED_IS_KEPT)}
        return _form(request, form, context)
    if change_set:
        undo_url = reverse("desk:undo", args=[change_set.pk])
        messages.info(request, "Changes saved", extra_tags=undo_url)
    return redirect("desk:customer", row.pk)


def _customer(request: StaffRequest, pk: int) -> Customer:
    visible = Customer.objects.visible_to(request.user).select_related("parent")
    found: Customer = get_object_or_404(visible, pk=pk)
    return found


def _form(request: StaffRequest, form: CustomerForm, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.is_bound else 200
    row = context.get("customer")
    context |= {"form": form, "seen_at": row.updated_at.isoformat() if row else ""}
    return render(request, "desk/customer_form.html", context, status=status)
