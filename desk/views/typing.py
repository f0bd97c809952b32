"""Answers while somebody types: hints that never block, and customers to choose from."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from contacts.models import Contact, Customer
from core.access import staff
from core.http import StaffRequest
from desk.forms import PLACE, NewContactForm
from desk.querysets import typed

VIEW = "contacts.view_contact"
MOST_TYPED = 1_000


@require_POST
@staff(VIEW)
def check_contact(request: StaffRequest) -> HttpResponse:
    """This will say what looks wrong with the address that is being typed."""
    contact = _contact(request)
    customer = contact.customer if contact else _customer(request)
    said = {
        name: request.POST.get(name, getattr(contact, name, ""))[:MOST_TYPED]
        for name in ("first_name", "middle_name", "last_name")
    }
    # The workbench's field has another name, and an id with the finding's key.
    email = request.POST.get("email", request.POST.get("value", ""))[:MOST_TYPED]
    stands_for = typed.Typed(email, **said, contact_id=contact.pk if contact else typed.TYPED)
    context = {
        "hints": typed.address_hints(stands_for, customer),
        "email": email,
        "fill": request.POST.get("fill", "id_email"),
        "other": typed.who_has(email, request.user, stands_for.contact_id),
    }
    return render(request, "desk/_typed.html", context)


@require_POST
@staff(VIEW)
def check_customer(request: StaffRequest) -> HttpResponse:
    """This will tell of customers with nearly the number, or the very name, that is typed."""
    number = request.POST.get("account_number", "")[:64]
    hints = typed.number_hints(number, request.POST.get("name", "")[:200])
    return render(request, "desk/_typed_customer.html", {"hints": hints})


@require_POST
@staff(VIEW)
def offer_customers(request: StaffRequest) -> HttpResponse:
    """This will offer customers for what is typed, and the place of the one that is meant."""
    words = request.POST.get("account", "") or request.POST.get("parent_number", "")
    meant = _customer(request)
    place = [(name, getattr(meant, name)) for name in PLACE] if meant else []
    context = {
        "customers": typed.offered(words[:200], request.user),
        "meant": meant,
        "place": place,
    }
    return render(request, "desk/_customers_offered.html", context)


def _contact(request: StaffRequest) -> Contact | None:
    pk = request.POST.get("contact", "")
    if not pk.isdecimal():
        return None
    visible = Contact.objects.visible_to(request.user).select_related("customer")
    found: Contact = get_object_or_404(visible, pk=int(pk))
    return found


def _customer(request: StaffRequest) -> Customer | None:
    """This will find the customer as the form will; nothing when it is not clear yet."""
    form = NewContactForm(request.user, {"account": request.POST.get("account", "")})
    form.full_clean()
    found: Customer | None = form.cleaned_data.get("account")
    return found
