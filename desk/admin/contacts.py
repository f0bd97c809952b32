"""Contacts in the admin: a window, not a back door."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest

from contacts.actions.people import OvertakenError, add_contact, edit_contact
from contacts.models import Contact
from desk.actions import NOTHING_SAVED, sentence_of
from desk.admin import selection
from desk.admin.files import ContactResource, Files
from desk.admin.window import Filled, Window
from desk.forms import ContactForm, changed_values


class ContactAdminForm(ContactForm):
    """The form of the contact page, and the customer when one is added."""

    class Meta(ContactForm.Meta):
        fields = ("customer", *ContactForm.Meta.fields)  # type: ignore[assignment]


@admin.register(Contact)
class ContactAdmin(Files, Window[Contact], selection.SelectionActions):
    """Search, filters, bulk actions; every write goes through the actions of the screens."""

    form = ContactAdminForm
    resource_classes = (ContactResource,)
    actions = tuple(selection.WHY_NOT)
    list_display = (
        "name", "customer", "email", "email_status", "sms_number", "portal_stage", "active",
    )  # fmt: skip
    list_display_links = ("name", "email")
    list_filter = (
        "email_status", "portal_stage", "active", "promote", "invite", "is_house_user",
        ("customer__sales_rep_name", Filled),
    )  # fmt: skip
    list_select_related = ("customer",)
    autocomplete_fields = ("customer",)
    readonly_fields = ("email_status", "portal_stage", "last_mailed_at")
    fieldsets = (
        ("Who", {"fields": (
            "customer", "salutation", "first_name", "middle_name", "last_name", "job_title",
            "organization", "alt_customer_id",
        )}),
        ("How to reach them", {"fields": (
            "email", "email_status", "sms_number", "phone", "alternate_phone", "fax",
        )}),
        ("Address", {"fields": (
            "address1", "address2", "city", "state", "province", "postal_code", "country",
        )}),
        ("Preferences", {"fields": (
            "content_type", "username", "birth_date", "promote", "invite", "active",
            "is_house_user", "notes",
        )}),
        ("Portal", {"fields": ("portal_stage", "last_mailed_at", "seen_version")}),
    )  # fmt: skip
    view_right = "contacts.view_contact"
    add_right = "contacts.add_contact"
    change_right = "contacts.change_contact"

    @admin.display(ordering="last_name")
    def name(self, row: Contact) -> str:
        """This will show the whole name."""
        return str(row)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Contact | None = None
    ) -> tuple[str, ...]:
        """This will keep a contact at its customer: only imports and merges move one."""
        return (*self.readonly_fields, "customer") if obj else self.readonly_fields

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """This will leave out what the person may not do."""
        found: dict[str, Any] = super().get_actions(request)
        user: Any = request.user
        return {
            name: action
            for name, action in found.items()
            if name in selection.WHY_NOT and not selection.WHY_NOT[name](user)
        }

    def save_model(
        self,
        request: HttpRequest,
        obj: Contact,
        form: forms.ModelForm[Contact],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """This will add or edit by the same actions as the screens."""
        user: Any = request.user
        values = changed_values(form, ContactForm.Meta.fields)
        if not change:
            added = add_contact(customer=obj.customer, values=values, actor=user)
            obj.pk = added.pk
            obj.refresh_from_db()
            return
        version = form.cleaned_data.get("seen_version") or 0
        try:
            edit_contact(contact=obj, values=values, version=version, actor=user)
        except OvertakenError as overtaken:
            messages.set_level(request, messages.WARNING)
            messages.warning(request, sentence_of(overtaken.change, NOTHING_SAVED))
