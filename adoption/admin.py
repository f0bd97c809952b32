"""Daily figures in the admin."""

from django.contrib import admin
from django.http import HttpRequest

from adoption.models import DailyCount


@admin.register(DailyCount)
class DailyCountAdmin(admin.ModelAdmin[DailyCount]):
    """Read only: the figures behind the charts."""

    list_display = ("day", "name", "value")
    list_filter = ("name",)
    date_hierarchy = "day"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """This will refuse figures made by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This will refuse changes."""
        return False
