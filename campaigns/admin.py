"""Templates and campaigns in the admin: the same actions as the screens."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import User
from campaigns.actions import templates
from campaigns.models import Campaign, LeftOut, Template
from campaigns.rules.states import CampaignKind
from campaigns.rules.text import problems_in
from core.admin import ReadOnly

IS_SETTING = "The default invitation stands under Customer Portal, not here."


def _actor(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


class TemplateAdminForm(forms.ModelForm[Template]):
    """Refuses what the template page refuses."""

    class Meta:
        model = Template
        fields = ("name", "kind", "language", "subject", "preheader", "body", "is_default")

    def clean(self) -> dict[str, Any]:
        """This will hang each problem of the text on its field."""
        cleaned = super().clean() or {}
        kind = str(cleaned.get("kind", ""))
        if cleaned.get("is_default") and kind == CampaignKind.INVITATION:
            self.add_error("is_default", IS_SETTING)
        found = problems_in(kind, cleaned.get("subject", ""), cleaned.get("body", ""))
        for problem in found if kind else []:
            if problem.blocks_saving:
                self.add_error(problem.field, problem.sentence)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """This will leave the one default of a kind to the action, which moves it here."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"is_default"}


@admin.register(Template)
class TemplateAdmin(admin.ModelAdmin[Template]):
    """The texts to start from."""

    form = TemplateAdminForm
    list_display = ("name", "kind", "subject", "is_default", "language", "updated_by", "updated_at")
    list_filter = ("kind", "is_default", "language")
    list_select_related = ("updated_by",)
    search_fields = ("name", "subject")

    def save_model(
        self,
        request: HttpRequest,
        obj: Template,
        form: forms.ModelForm[Template],
        change: bool,  # noqa: FBT001
    ) -> None:
        """This will save as the template page does."""
        templates.save_template(template=obj, actor=_actor(request))

    def delete_model(self, request: HttpRequest, obj: Template) -> None:
        """This will remove as the template page does."""
        templates.remove_template(template=obj, actor=_actor(request))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:  # noqa: ANN401 - Django's
        """This will remove the ticked templates one by one, each with its entry in the trail."""
        for template in queryset:
            templates.remove_template(template=template, actor=_actor(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """This will let those add who may change; there is one right for templates."""
        return request.user.has_perm("campaigns.change_template")

    def has_delete_permission(self, request: HttpRequest, obj: Template | None = None) -> bool:
        """This will let those remove who may change."""
        return request.user.has_perm("campaigns.change_template")


@admin.register(Campaign)
class CampaignAdmin(ReadOnly):
    """Read only: what was said, to how many, and where it stands."""

    list_display = (
        "page",
        "kind",
        "state",
        "selected",
        "held",
        "start_at",
        "started_by",
        "started_at",
    )
    list_display_links = None
    list_filter = ("kind", "state")
    list_select_related = ("started_by",)
    search_fields = ("name", "subject")
    date_hierarchy = "created_at"

    @admin.display(description="campaign", ordering="name")
    def page(self, row: Campaign) -> str:
        """This will lead to the page of the campaign."""
        return format_html(
            '<a href="{}">{}</a>', reverse("campaigns:campaign", args=[row.pk]), row.name
        )

    @admin.display(description="left out")
    def held(self, row: Campaign) -> int:
        """This will count those left out for any reason."""
        return sum(row.left_out.values())


@admin.register(LeftOut)
class LeftOutAdmin(ReadOnly):
    """Read only: who was not written to, and why."""

    list_display = ("campaign", "contact", "reason")
    list_filter = ("reason",)
    list_select_related = ("campaign", "contact")
    raw_id_fields = ("campaign", "contact")
    search_fields = ("contact__last_name", "contact__email")
