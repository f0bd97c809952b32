"""What the admin classes of customers and contacts share: search, visibility, no removal."""

from collections.abc import Iterator
from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from core.keyset import bounded_count

M = TypeVar("M", bound=Model)


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages whose count never costs more than the limit of the lists."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, counted no further than needed."""
        return bounded_count(self.object_list)  # type: ignore[arg-type]


class Filled(admin.AllValuesFieldListFilter):
    """A filter by the values that a column has, without a line for the empty one."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """This will leave out what has no words."""
        for choice in super().choices(changelist):
            if str(choice["display"]):
                yield choice


class Window(admin.ModelAdmin[M]):
    """A list that shows what its person may see, searched by the index of the lists."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-pk",)
    search_fields = ("pk",)
    view_right = ""
    add_right = ""
    change_right = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[M]:
        """This will keep what the person may see."""
        rows: Any = super().get_queryset(request)
        found: QuerySet[M] = rows.visible_to(request.user)
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        """This will search as the lists do."""
        rows: Any = queryset
        return (rows.search(search_term) if search_term.strip() else queryset), False

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """This will ask for the right to see."""
        return _may(request, self.view_right)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """This will ask for the right to add."""
        return _may(request, self.add_right)

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """This will ask for the right to change."""
        return _may(request, self.change_right)

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """This will refuse removal: what was mailed or came from the ERP stays on record."""
        return False


def _may(request: HttpRequest, right: str) -> bool:
    user: Any = request.user
    return bool(user.is_authenticated and user.has_perm(right))
