"""Jobs in the admin."""

from django.contrib import admin
from django.http import HttpRequest

from jobs.models import Job


@admin.register(Job)
class JobAdmin(admin.ModelAdmin[Job]):
    """Read only: what ran, how far it got, why it stopped."""

    list_display = ("__str__", "name", "state", "done", "total", "actor", "created_at")
    list_filter = ("state", "name")
    list_select_related = ("actor",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """This will refuse jobs made by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This will refuse changes."""
        return False
