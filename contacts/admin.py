"""Sources in the settings: whose word counts where several speak of one record."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from contacts.actions.changes import CONTACT_FIELDS, CUSTOMER_FIELDS
from contacts.actions.sources import set_precedence
from contacts.models import Source
from core.admin import ReadOnly

NOT_TOLD = frozenset({"promote", "invite", "notes", "is_house_account", "content_type"})
FIELDS = [
    (name, name.replace("_", " ").replace("sms number", "mobile phone").capitalize())
    for name in sorted((CONTACT_FIELDS | CUSTOMER_FIELDS) - NOT_TOLD)
]
BOTH = "A field cannot be first and last at once: %s."


class SourceForm(forms.ModelForm[Source]):
    """The rank of a source, and the fields in which it differs from that."""

    leads = forms.MultipleChoiceField(
        label="Always wins for",
        choices=FIELDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    trails = forms.MultipleChoiceField(
        label="Never wins for",
        choices=FIELDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Source
        fields = ("rank", "leads", "trails")

    def clean(self) -> dict[str, Any]:
        """This will refuse a field that stands in both lists."""
        cleaned = super().clean() or {}
        both = set(cleaned.get("leads", [])) & set(cleaned.get("trails", []))
        if both:
            words = ", ".join(label for name, label in FIELDS if name in both)
            self.add_error("trails", BOTH % words)
        return cleaned


@admin.register(Source)
class SourceAdmin(ReadOnly):
    """Where records come from; made by imports, ranked here."""

    form = SourceForm
    list_display = ("name", "numbering", "rank", "created_at")
    ordering = ("rank", "name")
    search_fields = ("name",)
    actions = None
    right = "contacts.view_all_contacts"
    readonly_fields = ("name", "numbering", "created_at")
    fieldsets = (
        (None, {"fields": ("name", "numbering", "created_at")}),
        (
            "When several sources speak of one record",
            {
                "fields": ("rank", "leads", "trails"),
                "description": "It counts from the next import on. What staff correct here is"
                " never overwritten: where a source disagrees with it, a person decides.",
            },
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This will let those who configure the program rank sources."""
        return request.user.has_perm("core.change_configuration")

    def save_model(
        self,
        request: HttpRequest,
        obj: Source,
        form: forms.ModelForm[Source],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """This will store the settings by the action that imports rely on."""
        user: Any = request.user
        set_precedence(
            source=obj,
            rank=form.cleaned_data["rank"],
            leads=form.cleaned_data["leads"],
            trails=form.cleaned_data["trails"],
            actor=user,
        )
