"""What the shell of every page shows: brand, menu, counts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from core.keyset import COUNT_LIMIT
from core.models import Configuration

Count = Callable[[Any], int]


@dataclass(frozen=True)
class MenuItem:
    """One entry of the staff menu; a page names its right, the menu hides what is not allowed."""

    url_name: str
    label: str
    icon: str
    key: str = ""
    permission: str = ""
    local_outbox_only: bool = False
    holds: tuple[str, ...] = ()  # pages that belong to it without having an entry of their own


MAIN = (
    MenuItem("adoption:home", "Dashboard", "home", "d"),
    MenuItem(
        "review:queue", "Review", "list", "r", "review.review_findings", holds=("desk:duplicates",)
    ),
    MenuItem(
        "desk:contacts", "Contacts", "users", "c", "contacts.view_contact", holds=("desk:segments",)
    ),
    MenuItem(
        "desk:customers",
        "Customers",
        "build",
        "u",
        "contacts.view_contact",
        holds=("portal:registrations",),
    ),
    MenuItem("campaigns:campaigns", "Messages", "send", "m", "campaigns.view_campaign"),
    MenuItem("erp:imports", "Imports", "up", "i", "erp.add_import"),
)
SET_UP = (
    MenuItem("campaigns:templates", "Templates", "mail", "", "campaigns.change_template"),
    MenuItem("desk:domains", "Domains", "globe", "", "contacts.view_all_contacts"),
    MenuItem("delivery:suppressions", "Suppressions", "ban", "", "delivery.view_suppression"),
    MenuItem("erp:write_back", "ERP write-back", "sync", "w", "erp.write_back"),
    MenuItem("delivery:outbox", "Outbox", "inbox", "", "delivery.view_local_outbox", True),  # noqa: FBT003
    MenuItem("jobs:jobs", "Jobs", "clock", "", "erp.undo_import"),
    MenuItem("admin:index", "Settings", "gear", "", "core.change_configuration"),
)
# What the palette (Ctrl K) knows beside the menu.
MORE = (
    MenuItem("desk:contact_new", "Add a contact", "plus", permission="contacts.add_contact"),
    MenuItem("desk:customer_new", "Add a customer", "plus", permission="contacts.change_customer"),
    MenuItem("erp:upload", "Import files", "up", permission="erp.add_import"),
    MenuItem("review:answers", "Answers to decide about", "okc", "", "review.review_findings"),
    MenuItem("review:questions", "Open questions", "help", "", "review.review_findings"),
    MenuItem("desk:duplicates", "Duplicates", "merge", "", "review.review_findings"),
    MenuItem("desk:segments", "Segments", "users", permission="contacts.view_contact"),
    MenuItem("portal:registrations", "Registrations", "user", "", "portal.approve_registrations"),
    MenuItem("campaigns:sender", "Sending domain", "globe", permission="campaigns.view_campaign"),
    MenuItem("adoption:quality", "Data quality", "okc", "", "contacts.view_all_contacts"),
)

_counts: dict[str, Count] = {}


def count_for(url_name: str, count: Count) -> None:
    """This will show a count beside a menu entry; called from the owning app's `apps.py`."""
    _counts[url_name] = count


def shell(request: HttpRequest) -> dict[str, Any]:
    """This will give every template the brand and, for staff, the menu."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {
        "configuration": Configuration.load(),
        "uses_local_outbox": settings.USES_LOCAL_OUTBOX,
    }
    if user is not None and user.is_authenticated and user.kind == "staff":
        context["nav"] = {
            "main": _menu(request, MAIN),
            "set_up": _menu(request, SET_UP),
            "more": _menu(request, MORE),
        }
    return context


def _shown(count: int) -> str:
    """This will write a count; past what lists count it is only "that many or more"."""
    if not count:
        return ""
    return f"{COUNT_LIMIT:,}+" if count > COUNT_LIMIT else f"{count:,}"


def _menu(request: HttpRequest, items: tuple[MenuItem, ...]) -> list[dict[str, Any]]:
    return [entry for item in items if (entry := _entry(request, item))]


def _entry(request: HttpRequest, item: MenuItem) -> dict[str, Any] | None:
    user: Any = request.user
    if item.permission and not user.has_perm(item.permission):
        return None
    if item.local_outbox_only and not settings.USES_LOCAL_OUTBOX:
        return None
    try:
        url = reverse(item.url_name)
    except NoReverseMatch:
        return None
    count = _counts.get(item.url_name)
    return {
        "url": url,
        "label": item.label,
        "icon": item.icon,
        "key": item.key,
        "current": _is_current(request, item, url),
        "count": _shown(count(user)) if count else "",
    }


def _is_current(request: HttpRequest, item: MenuItem, url: str) -> bool:
    match = request.resolver_match
    if match is not None and match.view_name == item.url_name:
        return True
    return any(request.path.startswith(one) for one in (url, *map(_path, item.holds)) if one != "/")


def _path(url_name: str) -> str:
    """This will give a page's path, or one that nothing starts with where the page is missing."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return "/-"
