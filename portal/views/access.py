"""Sign in and out, forgotten usernames and passwords, and the links that work once."""

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.models import User
from core.access import portal_user, public
from core.http import safe_next
from portal.actions.access import (
    note_sign_in,
    remind_username,
    send_reset_link,
    username_for,
)
from portal.actions.enrolling import AlreadyRegisteredError, NotAPersonError
from portal.actions.limits import forgive_sign_in, start_sign_in
from portal.actions.links import LinkClosedError
from portal.forms.access import (
    ForgotPasswordForm,
    ForgotUsernameForm,
    SignInForm,
)
from portal.models import PortalConfiguration
from portal.rules.texts import lasting
from portal.views.arriving import BACKEND
from portal.views.gate import network, portal_page

WRONG = "That username and password do not match. Passwords are case-sensitive"
REFUSED = (LinkClosedError, AlreadyRegisteredError, NotAPersonError)


@sensitive_post_parameters("password")
@portal_page
@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """This will sign a customer in and lead to the page that was asked for."""
    target = safe_next(request, reverse("portal:home"))
    if isinstance(request.user, User) and request.user.kind == User.Kind.PORTAL:
        return redirect(target)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        start_sign_in(network(request))
        user = _authenticated(request, form)
        if user is not None:
            forgive_sign_in(network(request))
            login(request, user, backend=BACKEND)
            note_sign_in(user=user)
            return redirect(target)
        form.add_error(None, WRONG)
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    status = 422 if form.errors else 200
    return render(request, "portal/sign_in.html", context, status=status)


@require_POST
@portal_page
@portal_user
def sign_out(request: HttpRequest) -> HttpResponse:
    """This will end the session."""
    logout(request)
    return redirect("portal:sign_in")


@portal_page
@public
def forgot_username(request: HttpRequest) -> HttpResponse:
    """This will mail the username of an address; the answer is the same if nobody has it."""
    form = ForgotUsernameForm(request.POST or None)
    if form.is_valid():
        remind_username(email=form.cleaned_data["email"])
        return redirect("portal:username_sent")
    status = 422 if form.errors else 200
    return render(request, "portal/forgot_username.html", {"form": form}, status=status)


@portal_page
@public
def username_sent(request: HttpRequest) -> HttpResponse:
    """This will say what happens next, whether or not anybody is known."""
    return render(request, "portal/username_sent.html")


@portal_page
@public
def forgot_password(request: HttpRequest) -> HttpResponse:
    """This will mail a link to choose a password; the answer is the same if nobody is known."""
    form = ForgotPasswordForm(request.POST or None)
    if form.is_valid():
        send_reset_link(**form.cleaned_data)
        return redirect("portal:reset_sent")
    status = 422 if form.errors else 200
    return render(request, "portal/forgot_password.html", {"form": form}, status=status)


@portal_page
@public
def reset_sent(request: HttpRequest) -> HttpResponse:
    """This will say what happens next, whether or not anybody is known."""
    context = {"lasting": lasting(PortalConfiguration.load().reset_minutes)}
    return render(request, "portal/reset_sent.html", context)


def _authenticated(request: HttpRequest, form: SignInForm) -> User | None:
    """This will give the customer behind name and password; staff sign in on their own page."""
    user = authenticate(
        request,
        username=username_for(form.cleaned_data["username"]),
        password=form.cleaned_data["password"],
    )
    return user if isinstance(user, User) and user.kind == User.Kind.PORTAL else None
