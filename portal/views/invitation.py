"""From an invitation link into the account. Looking changes nothing; only the form's POST does."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from core.access import public
from core.links import Reference
from portal.actions.invitations import (
    InvitationClosedError,
    accept,
    accept_as,
    door_of,
    open_invitation,
    renew,
)
from portal.models import Invitation
from portal.rules.masks import ending_of
from portal.rules.states import Door
from portal.tokens import INVITATION, read
from portal.views.gate import broken_link, portal_page
from portal.views.last_step import Link, add_to_member, choose_sign_in

RENEWABLE = (Door.EXPIRED, Door.REPLACED)


@sensitive_post_parameters("password")
@portal_page
@public
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """This will show whose account it is and take username and password."""
    found, key = _found(token)
    if found is None or key is None:
        return broken_link(request)
    door = door_of(found, key.version)
    if door is not Door.OPEN:
        return _closed(request, token, door)
    if request.method == "POST":
        open_invitation(invitation=found)
    link = Link("invitation", token, found.contact)
    facts = _facts(found, token)
    return choose_sign_in(request, link, partial(accept, invitation=found), **facts)


@require_POST
@portal_page
@public
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """This will note that a person looks at the invitation; its page calls this on first touch."""
    found, key = _found(token)
    if found is not None and key is not None and door_of(found, key.version) is Door.OPEN:
        open_invitation(invitation=found)
    return HttpResponse(status=204)


@portal_page
@public
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """This will help somebody who was handed another person's invitation."""
    found, key = _found(token)
    if found is None or key is None:
        return broken_link(request)
    return render(request, "portal/invitation_not_me.html", _facts(found, token))


@require_POST
@portal_page
@public
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    """This will mail a new link to the address on file, whoever asks."""
    found, key = _found(token)
    if found is None or key is None:
        return broken_link(request)
    if door_of(found, key.version) not in RENEWABLE:
        return redirect("portal:invitation", token)
    try:
        renew(invitation=found)
    except InvitationClosedError:
        return redirect("portal:invitation", token)
    return redirect("portal:link_sent")


@portal_page
@public
def link_sent(request: HttpRequest) -> HttpResponse:
    """This will say that a new link is on its way."""
    return render(request, "portal/link_sent.html")


@require_POST
@portal_page
@public
def add_account(request: HttpRequest, token: str) -> HttpResponse:
    """This will add the invitation's account to somebody who is signed in."""
    found, key = _found(token)
    if found is None or key is None:
        return broken_link(request)
    if door_of(found, key.version) is not Door.OPEN:
        return redirect("portal:invitation", token)
    link = Link("invitation", token, found.contact)
    return add_to_member(request, link, lambda user: accept_as(invitation=found, user=user))


def _found(token: str) -> tuple[Invitation | None, Reference | None]:
    key = read(INVITATION, token)
    if key is None:
        return None, None
    found: Invitation | None = Invitation.objects.with_people().filter(pk=key.row_id).first()
    return found, key


def _facts(found: Invitation, token: str) -> dict[str, object]:
    contact = found.contact
    number = contact.customer.account_number if contact.customer else ""
    return {
        "contact": contact,
        "customer": contact.customer,
        "ending": ending_of(number),
        "token": token,
    }


def _closed(request: HttpRequest, token: str, door: Door) -> HttpResponse:
    """This will say why the link opens nothing, and not whose it was."""
    context = {"token": token, "door": str(door)}
    return render(request, "portal/invitation_closed.html", context, status=410)
