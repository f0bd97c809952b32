"""The end of every way in: signed in, with a word about what is new."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from contacts.models import Customer
from portal.models import Membership

BACKEND = "django.contrib.auth.backends.ModelBackend"


def member_of(request: HttpRequest) -> User | None:
    """This will give the customer who is signed in; staff do not count."""
    user = request.user
    return user if isinstance(user, User) and user.kind == User.Kind.PORTAL else None


def welcome(request: HttpRequest, user: User, address: str) -> HttpResponse:
    """This will sign a new user in, under a new session key, and lead to the account."""
    login(request, user, backend=BACKEND)
    messages.success(request, f"Your account is ready. We sent a confirmation to {address}.")
    return redirect("portal:home")


def added(request: HttpRequest, membership: Membership) -> HttpResponse:
    """This will lead a user to the account that was added to his others."""
    messages.success(request, f"{membership.customer} was added to your accounts.")
    return redirect("portal:account", membership.key)


def already_there(request: HttpRequest, customer: Customer | None) -> HttpResponse:
    """This will say that nothing had to be added."""
    messages.warning(request, f"{customer} is in your accounts already.")
    return redirect("portal:home")
