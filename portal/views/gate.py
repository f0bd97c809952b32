"""What every page for customers does: closed while the portal is off, counted, never cached."""

from collections.abc import Callable
from functools import update_wrapper
from math import ceil
from typing import Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.http import address_of
from core.rules.networks import network_of
from portal.actions.limits import POSTS, TooManyTriesError, count_or_refuse
from portal.models import PortalConfiguration

R = TypeVar("R", bound=HttpRequest)
P = ParamSpec("P")
View = Callable[Concatenate[R, P], HttpResponseBase]


def portal_page(view: View[R, P]) -> View[R, P]:
    """This will open a page only while the portal is enabled, and only so often to each network."""

    def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not PortalConfiguration.load().enabled:
            return render(request, "portal/not_open.html", status=404)
        try:
            if request.method == "POST":
                count_or_refuse(POSTS, network(request))
            return view(request, *args, **kwargs)
        except TooManyTriesError as refused:
            return _too_many(request, refused)

    update_wrapper(guarded, view)
    page: View[R, P] = never_cache(require_http_methods(["GET", "HEAD", "POST"])(guarded))
    return page


def network(request: HttpRequest) -> str:
    """This will give what limits count as one visitor's connection."""
    return network_of(address_of(request, settings.TRUSTED_PROXIES))


def visitor(request: HttpRequest) -> str:
    """This will give the key of the visitor's session, and open one if there is none."""
    if not request.session.session_key:
        request.session.create()
    return str(request.session.session_key)


def broken_link(request: HttpRequest) -> HttpResponse:
    """This will answer a link that we did not make, or that was cut short on its way."""
    return render(request, "portal/link_broken.html", status=404)


def _too_many(request: HttpRequest, refused: TooManyTriesError) -> HttpResponse:
    seconds = max(1, ceil((refused.again_at - timezone.now()).total_seconds()))
    minutes = ceil(seconds / 60)
    context = {
        "title": "Too many tries",
        "message": f"To protect our customers we pause. Try again in {_in_words(minutes)}.",
        "back_url": reverse("portal:ask"),
        "back": "Ask us to invite you",
    }
    response = render(request, "portal/too_many.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _in_words(minutes: int) -> str:
    if minutes > 120:  # noqa: PLR2004 - two hours
        return f"{ceil(minutes / 60)} hours"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
