"""Every address of the product names who may see it."""

from collections.abc import Iterator

from django.urls import URLPattern, get_resolver

from core.access import PORTAL, PUBLIC, STAFF, Access

# Pages of packages, which have rules of their own: Django's admin asks for its own rights.
THIRD_PARTY = ("admin:", "anymail")
# What a visitor's browser or a provider fetches without a page around it.
RIGHTLESS_OK = {PUBLIC, PORTAL}


def patterns(resolver=None, namespace="") -> Iterator[tuple[str, URLPattern]]:
    for item in (resolver or get_resolver()).url_patterns:
        if isinstance(item, URLPattern):
            yield f"{namespace}{item.name or item.pattern}", item
        else:
            inner = f"{namespace}{item.namespace}:" if item.namespace else namespace
            yield from patterns(item, inner)


def ours() -> list[tuple[str, URLPattern]]:
    return [(name, item) for name, item in patterns() if not name.startswith(THIRD_PARTY)]


def test_every_address_has_a_name_of_its_own():
    names = [name for name, _ in ours()]
    assert sorted(names) == sorted(set(names))
    assert [name for name, item in ours() if not item.name] == []


def test_every_page_names_its_audience():
    nameless = [
        name
        for name, item in ours()
        if not isinstance(getattr(item.callback, "access", None), Access)
    ]
    assert nameless == []


def test_every_right_that_a_page_asks_for_is_held_by_some_role():
    from accounts.rules.roles import RIGHTS, Role  # noqa: PLC0415 - beside its only use

    held = set(RIGHTS[Role.ADMINISTRATOR])
    asked = {right for _, item in ours() for right in item.callback.access.permissions}
    assert asked - held == set()


def test_only_staff_pages_ask_for_rights():
    odd = [
        name
        for name, item in ours()
        if item.callback.access.audience != STAFF and item.callback.access.permissions
    ]
    assert odd == []
