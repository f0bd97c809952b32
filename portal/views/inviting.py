"""What staff do with one contact's invitation, from the contact's page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from contacts.models import Contact
from core.access import staff
from core.http import StaffRequest, safe_next
from portal.actions import invitations
from portal.actions.invitations import NotInvitableError, PortalOffError
from portal.actions.limits import TooManyTriesError
from portal.models import Invitation
from portal.tokens import invitation_url

RIGHT = "portal.send_portal_invitation"
OFF = "The customer portal is not enabled. An administrator can enable it in Settings."
NOT_INVITABLE = (
    "This contact cannot be invited: there is an account already, or an address or customer is "
    "missing."
)
ENOUGH = "This address got three invitations in this hour. Try again later, or copy the link."


@require_POST
@staff(RIGHT)
def send(request: StaffRequest, contact: int) -> HttpResponse:
    """This will mail a contact the invitation link; a link sent earlier keeps working."""
    person = _contact(request, contact)
    try:
        invitations.resend(contact=person, actor=request.user)
    except PortalOffError:
        messages.warning(request, OFF)
    except NotInvitableError:
        messages.warning(request, NOT_INVITABLE)
    except TooManyTriesError:
        messages.warning(request, ENOUGH)
    else:
        messages.info(request, f"Invitation on its way to {person}")
    return redirect(_back(request, person))


@never_cache
@require_POST
@staff(RIGHT)
def link(request: StaffRequest, contact: int) -> HttpResponse:
    """This will show the personal link, to be handed over by phone or in person."""
    person = _contact(request, contact)
    context = {"contact": person, "url": "", "problem": "", "back": _back(request, person)}
    try:
        invitation = invitations.copy_link(contact=person, actor=request.user)
    except PortalOffError:
        context["problem"] = OFF
    except NotInvitableError:
        context["problem"] = NOT_INVITABLE
    else:
        context |= {"url": invitation_url(invitation), "invitation": invitation}
    template = "portal/_link.html" if request.htmx else "portal/invitation_link.html"
    return render(request, template, context)


@require_POST
@staff(RIGHT)
def revoke(request: StaffRequest, contact: int) -> HttpResponse:
    """This will withdraw a contact's invitation: its link dies at once."""
    person = _contact(request, contact)
    live = Invitation.objects.live().filter(contact=person)
    if invitations.revoke(invitations=list(live), actor=request.user):
        messages.info(request, f"Invitation of {person} withdrawn")
    else:
        messages.warning(request, "There was no open invitation to withdraw.")
    return redirect(_back(request, person))


def _contact(request: StaffRequest, pk: int) -> Contact:
    person: Contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    return person


def _back(request: StaffRequest, person: Contact) -> str:
    return safe_next(request, reverse("desk:contact", args=[person.pk]))
