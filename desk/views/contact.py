"""One contact: its page, adding it and editing it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from campaigns.actions.rights import (
    INVITE,
    why_nobody_invites,
    why_not_email,
    why_not_invite,
)
from contacts.actions.people import (
    NoWayToReachError,
    OvertakenError,
    add_contact,
    edit_contact,
)
from contacts.models import Contact, Customer
from core.access import staff
from core.http import StaffRequest
from desk.actions import TYPED_IS_KEPT, sentence_of
from desk.forms import NO_WAY, PLACE, ContactForm, NewContactForm
from desk.querysets import pages, stories
from review.querysets import open_questions

VIEW = "contacts.view_contact"
SHOWN_MESSAGES = 10


@staff(VIEW)
def contact(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show what is known of a contact and what happened to it."""
    try:
        row = _contact(request, pk)
    except Http404:
        merged = get_object_or_404(Contact.everyone, pk=pk, merged_into__isnull=False)
        return redirect("desk:contact", merged.merged_into_id)
    user = request.user
    context = {
        "contact": row,
        "findings": pages.findings_of(row, user),
        "messages_sent": stories.messages_to(row)[:SHOWN_MESSAGES],
        "lines": stories.of_contact(row),
        "origins": pages.origins_of(row),
        "suppressions": pages.suppressions_of(row),
        **pages.address_of(row),
        **pages.portal_of(row),
        **pages.company_of(row),
        "questions": open_questions.questions_of(row),
        "may_email": not why_not_email(user),
        "may_invite": not why_not_invite(user),
        "may_send_one": user.has_perm(INVITE) and not why_nobody_invites(),
    }
    return render(request, "desk/contact.html", context)


@staff(VIEW, "contacts.add_contact")
def contact_new(request: StaffRequest) -> HttpResponse:
    """This will add a contact by hand."""
    form = NewContactForm(request.user, request.POST or None, initial=_start(request))
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, {})
    customer = form.cleaned_data["account"]
    added = add_contact(customer=customer, values=form.values(), actor=request.user)
    messages.info(request, f"Contact added: {added}")
    if "another" in request.POST:
        number = f"?account={customer.account_number}" if customer else ""
        return redirect(f"{reverse('desk:contact_new')}{number}")
    return redirect("desk:contact", added.pk)


@staff(VIEW, "contacts.change_contact")
def contact_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """This will change a contact's fields as one change set, unless a colleague was faster."""
    row = _contact(request, pk)
    form = ContactForm(request.POST or None, instance=row)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, {"contact": row})
    try:
        change_set = edit_contact(
            contact=row,
            values=form.values(),
            version=form.cleaned_data["seen_version"] or 0,
            actor=request.user,
        )
    except OvertakenError as overtaken:
        row.refresh_from_db(fields=["version"])
        context = {"contact": row, "overtaken": sentence_of(overtaken.change, TYPED_IS_KEPT)}
        return _form(request, form, context)
    except NoWayToReachError:
        form.add_error("email", NO_WAY)
        return _form(request, form, {"contact": row})
    if change_set:
        undo_url = reverse("desk:undo", args=[change_set.pk])
        messages.info(request, "Changes saved", extra_tags=undo_url)
    return redirect("desk:contact", row.pk)


def _contact(request: StaffRequest, pk: int) -> Contact:
    visible = Contact.objects.visible_to(request.user).select_related("customer")
    found: Contact = get_object_or_404(visible, pk=pk)
    return found


def _form(request: StaffRequest, form: ContactForm, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context |= {"form": form, "version": getattr(context.get("contact"), "version", "")}
    return render(request, "desk/contact_form.html", context, status=status)


def _start(request: StaffRequest) -> dict[str, Any]:
    """This will begin with the customer whose page the person comes from, and its place."""
    number = request.GET.get("account", "")
    visible = Customer.objects.visible_to(request.user)
    customer = visible.filter(account_number=number).first() if number else None
    if customer is None:
        return {}
    place = {name: getattr(customer, name) for name in PLACE}
    return {"account": number, "same_address": True, **place}
