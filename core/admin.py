"""Configuration and the audit trail in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Field
from django.forms import CheckboxSelectMultiple, ModelForm, MultipleChoiceField
from django.forms import Field as FormField
from django.http import HttpRequest

from core.actions import save_configuration
from core.models import AuditEntry, Configuration
from core.rules import needed


class ReadOnly(admin.ModelAdmin[Any]):
    """A window on rows that only the program writes; what changes them are the pages.

    `right` names who may look; left empty, Django's own right to view the table does.
    """

    show_full_result_count = False
    list_per_page = 50
    right = ""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """This will show the list to those who may open it."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401 - Django's
        """This will ask for the right to look."""
        if self.right:
            return request.user.has_perm(self.right)
        return super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This will refuse rows made by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This will refuse changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This will refuse removal: counts and histories rest on these rows."""
        return False


class OneRow(admin.ModelAdmin[Any]):
    """Settings: one row that is never added to or removed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """This will refuse a second row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This will refuse to remove the row."""
        return False


@admin.register(Configuration)
class ConfigurationAdmin(OneRow):
    """The company's own facts."""

    fieldsets = (
        (None, {"fields": ("company_name", "postal_address", "country")}),
        ("Sender", {"fields": ("sender_name", "sender_email", "reply_to")}),
        ("Support", {"fields": ("support_email", "support_phone")}),
        (
            "Questions about contacts",
            {
                "fields": (
                    ("success_email", "escalation_email"),
                    ("question_days", "question_reminders"),
                )
            },
        ),
        ("Domains", {"fields": ("own_domains", "allowed_domains")}),
        ("Brand and goal", {"fields": ("accent", "goal_percent", "goal_on")}),
        ("Limits", {"fields": ("messages_per_minute", "pause_days", "needed_fields")}),
        ("Retention", {"fields": ("keep_bodies_days", "keep_files_days")}),
    )

    def formfield_for_dbfield(
        self,
        db_field: Field[Any, Any],
        request: HttpRequest,
        **kwargs: Any,  # noqa: ANN401 - Django's
    ) -> FormField | None:
        """This will offer the facts that a record may need as boxes to tick."""
        if db_field.name != "needed_fields":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return MultipleChoiceField(
            choices=[(fact.value, words) for fact, words in needed.LABELS.items()],
            required=False,
            widget=CheckboxSelectMultiple,
            label=str(db_field.verbose_name).capitalize(),
            help_text=db_field.help_text,
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


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    """Read only: the trail is written by actions."""

    list_display = ("at", "actor_name", "verb", "entity", "label", "ip")
    list_filter = ("entity", "verb")
    search_fields = ("actor_name", "label", "entity_id")
    date_hierarchy = "at"
