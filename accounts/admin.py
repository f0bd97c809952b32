"""Users in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin

from accounts.models import User


@admin.register(User)
class UserAdmin(StockUserAdmin[User]):
    """Staff and portal users; passwords are never shown and never mailed."""

    list_display = ("username", "email", "first_name", "last_name", "kind", "is_active")
    list_filter = ("kind", "is_active", "groups")
    fieldsets = (*(StockUserAdmin.fieldsets or ()), ("Onboarding", {"fields": ("kind", "theme")}))
