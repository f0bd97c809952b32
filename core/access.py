"""Who may see a page. Every view of the house wears exactly one of these decorators."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

R = TypeVar("R", bound=HttpRequest)
P = ParamSpec("P")
View = Callable[Concatenate[R, P], HttpResponseBase]

PUBLIC = "public"
STAFF = "staff"
PORTAL = "portal"


@dataclass(frozen=True)
class Access:
    """Who a page is for, and the rights it asks of staff."""

    audience: str
    permissions: tuple[str, ...] = ()


def public(view: View[R, P]) -> View[R, P]:
    """This will open a page to everybody."""
    return _marked(view, Access(PUBLIC))


def staff_any(view: View[R, P]) -> View[R, P]:
    """This will open a page to every signed-in member of staff."""
    return _staff_page(view, Access(STAFF))


def staff(*permissions: str) -> Callable[[View[R, P]], View[R, P]]:
    """This will open a page to staff who hold all of the named rights."""

    def decorate(view: View[R, P]) -> View[R, P]:
        return _staff_page(view, Access(STAFF, permissions))

    return decorate


def portal_user(view: View[R, P]) -> View[R, P]:
    """This will open a page to signed-in customers only; staff have pages of their own."""

    def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if not user.is_authenticated or user.kind != PORTAL:
            return redirect_to_login(request.get_full_path(), reverse("portal:sign_in"))
        return view(request, *args, **kwargs)

    update_wrapper(guarded, view)
    return _marked(guarded, Access(PORTAL))


def _staff_page(view: View[R, P], access: Access) -> View[R, P]:
    def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if not user.is_authenticated or user.kind != STAFF:
            return redirect_to_login(request.get_full_path())
        missing = [name for name in access.permissions if not user.has_perm(name)]
        if missing:
            raise PermissionDenied(missing[0])
        return view(request, *args, **kwargs)

    update_wrapper(guarded, view)
    return _marked(guarded, access)


def _marked(view: View[R, P], access: Access) -> View[R, P]:
    view.access = access  # type: ignore[attr-defined]  # read by the shell's menu and a house test
    return view
