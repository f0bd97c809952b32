"""Configuration and the audit trail in the admin."""

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from core.actions import save_configuration
from core.models import AuditEntry, Configuration


@admin.register(Configuration)
class ConfigurationAdmin(admin.ModelAdmin[Configuration]):
    """The company's own facts; one row that is never added to or removed."""

    fieldsets = (
        (None, {"fields": ("company_name", "postal_address", "country")}),
        ("Sender", {"fields": ("sender_name", "sender_email", "reply_to")}),
        ("Support", {"fields": ("support_email", "support_phone")}),
        ("Domains", {"fields": ("own_domains", "allowed_domains")}),
        ("Brand and goal", {"fields": ("accent", "goal_percent", "goal_on")}),
        ("Limits", {"fields": ("messages_per_minute", "pause_days")}),
        ("Retention", {"fields": ("keep_bodies_days", "keep_files_days")}),
    )

    def save_model(
        self,
        request: HttpRequest,
        obj: Configuration,
        form: ModelForm[Configuration],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """This will store the row with an entry in the audit trail."""
        save_configuration(configuration=obj, actor=request.user, changed=form.changed_data)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """This will refuse a second row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This will refuse to remove the row."""
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin[AuditEntry]):
    """Read only: the trail is written by actions."""

    list_display = ("at", "actor_name", "verb", "entity", "label", "ip")
    list_filter = ("entity", "verb")
    search_fields = ("actor_name", "label", "entity_id")
    date_hierarchy = "at"
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """This will refuse entries made by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This will refuse changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This will refuse removal."""
        return False
