"""Jobs in the admin."""

from django.contrib import admin

from core.admin import ReadOnly
from jobs.models import Job


@admin.register(Job)
class JobAdmin(ReadOnly):
    """Read only: what ran, how far it got, why it stopped."""

    list_display = ("__str__", "name", "state", "done", "total", "actor", "created_at")
    list_filter = ("state", "name")
    list_select_related = ("actor",)
