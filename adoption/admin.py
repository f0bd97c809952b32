"""Daily figures in the admin."""

from django.contrib import admin

from adoption.models import DailyCount
from core.admin import ReadOnly


@admin.register(DailyCount)
class DailyCountAdmin(ReadOnly):
    """Read only: the figures behind the charts."""

    list_display = ("day", "name", "value")
    list_filter = ("name",)
    date_hierarchy = "day"
