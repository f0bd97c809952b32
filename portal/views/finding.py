"""Without an invitation: three facts, name and address, a link to the address on file."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from contacts.models import Customer
from contacts.rules.normalise import address_key
from core.access import public
from portal.actions.registration import (
    NoMatchError,
    ask_to_be_invited,
    find_account,
    request_link,
    send_again,
)
from portal.forms.joining import ApplicantForm, AskForm, FactsForm
from portal.models import PortalConfiguration, Registration
from portal.querysets.account import domains_of
from portal.rules.masks import masked_address
from portal.rules.proof import Facts
from portal.rules.states import RegistrationState
from portal.rules.texts import lasting
from portal.rules.typos import meant_address
from portal.views.gate import network, portal_page, visitor

FOUND = "portal_found"
TYPED = "portal_typed"
SENT = "portal_registration"
GOOD_FOR = timedelta(minutes=30)
NOTHING = Facts("", "", "")


@portal_page
@public
def find(request: HttpRequest) -> HttpResponse:
    """This will ask for the three facts; every failure gets one answer."""
    form = FactsForm(request.POST or None)
    if not form.is_valid():
        context = {"form": form}
        status = 422 if form.errors else 200
        return render(request, "portal/find.html", context, status=status)
    facts = form.facts()
    key = visitor(request)
    request.session[TYPED] = asdict(facts)
    request.session.pop(FOUND, None)
    try:
        customer = find_account(facts=facts, network=network(request), visitor=key)
    except NoMatchError as failed:
        return render(request, "portal/no_match.html", {"left": failed.left}, status=422)
    request.session[FOUND] = {
        "customer": customer.pk,
        "facts": asdict(facts),
        "until": (timezone.now() + GOOD_FOR).isoformat(),
    }
    return redirect("portal:your_details")


@portal_page
@public
def your_details(request: HttpRequest) -> HttpResponse:
    """This will ask who it is, hint at a likely typo once, and send the link."""
    found = _account_found(request)
    if found is None:
        return redirect("portal:find_account")
    customer, facts = found
    form = ApplicantForm(_with_choice(request) if request.method == "POST" else None)
    hint = ""
    if form.is_valid():
        hint = _hint(request, form.cleaned_data["email"], customer)
        if not hint:
            registration = request_link(customer=customer, applicant=form.applicant(), facts=facts)
            request.session.pop(FOUND, None)
            request.session.pop(TYPED, None)
            request.session[SENT] = registration.pk
            return redirect("portal:check_email")
    context = {"form": form, "customer": customer, "hint": hint}
    status = 422 if form.errors else 200
    return render(request, "portal/your_details.html", context, status=status)


@portal_page
@public
def check_email(request: HttpRequest) -> HttpResponse:
    """This will say where the link went, as far as a stranger may know."""
    registration = _registration(request)
    if registration is None:
        return redirect("portal:find_account")
    if registration.state == RegistrationState.NEEDS_REVIEW:
        return redirect("portal:asked")
    contact = registration.contact
    context = {
        "address": masked_address(contact.email_repaired) if contact else "",
        "lasting": lasting(PortalConfiguration.load().registration_minutes),
    }
    return render(request, "portal/check_email.html", context)


@require_POST
@portal_page
@public
def send_link_again(request: HttpRequest) -> HttpResponse:
    """This will send the link of this visitor's registration once more."""
    registration = _registration(request)
    if registration is not None:
        send_again(registration=registration)
    return redirect("portal:check_email")


@portal_page
@public
def ask(request: HttpRequest) -> HttpResponse:
    """This will put the wish to be invited before staff, with what was typed before."""
    typed = request.session.get(TYPED)
    facts = Facts(**typed) if typed else NOTHING
    form = AskForm(request.POST or None, initial={"account_number": facts.account_number})
    if form.is_valid():
        number = form.cleaned_data["account_number"]
        registration = ask_to_be_invited(
            applicant=form.applicant(),
            facts=Facts(number, facts.postal_code, facts.invoice_number),
            network=network(request),
        )
        request.session.pop(TYPED, None)
        request.session[SENT] = registration.pk
        return redirect("portal:asked")
    status = 422 if form.errors else 200
    return render(request, "portal/ask.html", {"form": form}, status=status)


@portal_page
@public
def asked(request: HttpRequest) -> HttpResponse:
    """This will say that a person will look at the wish."""
    registration = _registration(request)
    if registration is None:
        return redirect("portal:ask")
    return render(request, "portal/asked.html", {"registration": registration})


def _account_found(request: HttpRequest) -> tuple[Customer, Facts] | None:
    """This will give the account that this visitor has proven in the last half hour."""
    found: dict[str, Any] | None = request.session.get(FOUND)
    if not found:
        return None
    until = parse_datetime(found["until"])
    if until is None or until < timezone.now():
        return None
    customer = Customer.objects.real().active().filter(pk=found["customer"]).first()
    return (customer, Facts(**found["facts"])) if customer else None


def _registration(request: HttpRequest) -> Registration | None:
    """This will give the registration that this visitor's session has made."""
    rows = Registration.objects.select_related("contact").filter(pk=request.session.get(SENT) or 0)
    return rows.first()


def _with_choice(request: HttpRequest) -> dict[str, str]:
    """This will put the address that was offered in place of the typed one if it was chosen."""
    data = request.POST.dict()
    if data.get("choice") == "offered" and data.get("offered"):
        data["email"] = data["offered"]
    return {name: str(value) for name, value in data.items()}


def _hint(request: HttpRequest, email: str, customer: Customer) -> str:
    """This will give the address that was probably meant, unless it was offered before."""
    if request.POST.get("choice") or request.POST.get("hinted") == address_key(email):
        return ""
    return meant_address(email, domains_of(customer))
