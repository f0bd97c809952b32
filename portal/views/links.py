"""Behind the links that work once: a password, or an account."""

from functools import partial

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.actions import UsernameTakenError
from accounts.models import User
from contacts.models import Contact
from core.access import public
from portal.actions.access import choose_password, note_sign_in
from portal.actions.links import door_of, find_link
from portal.actions.registration import register as register_person
from portal.actions.registration import register_as, send_again
from portal.forms.access import NewPasswordForm
from portal.models import OneUseLink, PortalConfiguration
from portal.rules.states import Door, LinkPurpose
from portal.rules.texts import lasting
from portal.views.arriving import BACKEND, welcome
from portal.views.gate import broken_link, portal_page
from portal.views.last_step import REFUSED, Link, add_to_member, choose_sign_in


@sensitive_post_parameters("password")
@portal_page
@public
def reset(request: HttpRequest, token: str) -> HttpResponse:
    """This will take a new password, or the first one of a contact who has a username on file."""
    link = find_link(purpose=LinkPurpose.RESET_PASSWORD, token=token)
    if link is None:
        return broken_link(request)
    door = door_of(link)
    if door is not Door.OPEN:
        return _closed(request, link, token, door)
    form = NewPasswordForm(request.POST or None, user=_whom(link))
    if form.is_valid():
        return _password_chosen(request, link, token, form.cleaned_data["password"])
    context = {
        "form": form,
        "username": _whom(link).username,
        "is_first": link.user is None,
        "until": timezone.localtime(link.expires_at),
    }
    status = 422 if form.errors else 200
    return render(request, "portal/reset.html", context, status=status)


@sensitive_post_parameters("password")
@portal_page
@public
def register(request: HttpRequest, token: str) -> HttpResponse:
    """This will take username and password of the contact whom the link went to."""
    link = find_link(purpose=LinkPurpose.REGISTER, token=token)
    if link is None or link.contact is None:
        return broken_link(request)
    door = door_of(link)
    if door is not Door.OPEN:
        return _closed(request, link, token, door)
    way = Link("register", token, link.contact)
    return choose_sign_in(request, way, partial(register_person, link=link))


@require_POST
@portal_page
@public
def register_again(request: HttpRequest, token: str) -> HttpResponse:
    """This will send a new registration link to the address on file."""
    link = find_link(purpose=LinkPurpose.REGISTER, token=token)
    if link is None or link.registration is None:
        return broken_link(request)
    if door_of(link) is not Door.EXPIRED:
        return redirect("portal:register", token)
    send_again(registration=link.registration)
    return redirect("portal:link_sent")


@require_POST
@portal_page
@public
def register_add(request: HttpRequest, token: str) -> HttpResponse:
    """This will add the account of a registration link to somebody who is signed in."""
    link = find_link(purpose=LinkPurpose.REGISTER, token=token)
    if link is None or link.contact is None:
        return broken_link(request)
    if door_of(link) is not Door.OPEN:
        return redirect("portal:register", token)
    way = Link("register", token, link.contact)
    return add_to_member(request, way, lambda user: register_as(link=link, user=user))


def _password_chosen(
    request: HttpRequest, link: OneUseLink, token: str, password: str
) -> HttpResponse:
    """This will store the password and sign its owner in."""
    try:
        user = choose_password(link=link, password=password)
    except UsernameTakenError:
        return render(request, "portal/username_gone.html", status=409)
    except REFUSED:
        return redirect("portal:reset", token)
    if link.contact is not None:
        return welcome(request, user, link.contact.email_repaired)
    login(request, user, backend=BACKEND)
    note_sign_in(user=user)
    return redirect("portal:home")


def _whom(link: OneUseLink) -> User:
    """This will give the user of a link, or what he will be."""
    if link.user is not None:
        return link.user
    contact = link.contact or Contact()
    return User(
        username=contact.username,
        email=contact.email_repaired,
        first_name=contact.first_name,
        last_name=contact.last_name,
    )


def _closed(request: HttpRequest, link: OneUseLink, token: str, door: Door) -> HttpResponse:
    portal = PortalConfiguration.load()
    is_reset = link.purpose == LinkPurpose.RESET_PASSWORD
    minutes = portal.reset_minutes if is_reset else portal.registration_minutes
    context = {
        "token": token,
        "door": str(door),
        "is_reset": is_reset,
        "lasting": lasting(minutes),
    }
    return render(request, "portal/link_closed.html", context, status=410)
