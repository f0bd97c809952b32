"""What a request of the house carries, and how a view answers with a page or with a part of it."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    # The project's own user model, as AUTH_USER_MODEL names it; core knows no app above it.
    from django.contrib.auth.models import _User


class StaffRequest(HttpRequest):
    """A request by a signed-in person, with htmx facts."""

    htmx: HtmxDetails
    user: "_User"


def page_or_part(
    request: HttpRequest, page: str, part: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """This will render the part for an htmx request and the whole page otherwise."""
    htmx = getattr(request, "htmx", None)
    partial = bool(htmx) and not getattr(htmx, "history_restore_request", False)
    return render(request, part if partial else page, context, status=status)


def say_and_go(request: HttpRequest, sentence: str, to: str, *args: Any) -> HttpResponse:  # noqa: ANN401 - URL arguments
    """This will show a sentence on the next page and lead there."""
    messages.info(request, sentence)
    return redirect(to, *args)


def safe_next(request: HttpRequest, default: str) -> str:
    """This will give the `next` address when it stays on this site, else the default."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return default


def address_of(request: HttpRequest, trusted_proxies: list[str]) -> str:
    """This will give the caller's IP address; a forwarded one only from a trusted proxy."""
    direct = str(request.META.get("REMOTE_ADDR") or "")
    if direct in trusted_proxies:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR") or "")
        return forwarded.rsplit(",", 1)[-1].strip() or direct
    return direct
