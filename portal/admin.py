"""The *Customer Portal* tab of the configuration, and who was invited, asked, and belongs where."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.admin import OneRow, ReadOnly
from portal.actions.configuring import save_portal_configuration
from portal.forms.staff import PortalConfigurationForm
from portal.models import Invitation, Membership, PortalConfiguration, Registration


@admin.register(PortalConfiguration)
class PortalConfigurationAdmin(OneRow):
    """Saved by the same action as everything else."""

    form = PortalConfigurationForm
    fieldsets = (
        (
            "Portal",
            {
                "fields": ("enabled", "name", "company_portal_url"),
                "description": "Off: invitations cannot be sent and the public pages say so.",
            },
        ),
        (
            "Default invitation",
            {
                "fields": ("invitation_subject", "invitation_body"),
                "description": "The starting text of each invitation. It can be changed for one"
                " send. Merge fields such as [ContactName] stand in square brackets.",
            },
        ),
        (
            "Links",
            {
                "fields": ("invitation_days", "reset_minutes", "registration_minutes"),
                "description": "Each link works for its purpose and only for its person.",
            },
        ),
        (
            "Usernames",
            {
                "fields": ("username_reminder",),
                "description": "What somebody gets who has forgotten the username. A house user"
                " is never named.",
            },
        ),
    )

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> PortalConfiguration | None:
        """This will give the one configuration, with its defaults while it was never saved."""
        is_it = object_id == str(PortalConfiguration.ONLY)
        return PortalConfiguration.load() if is_it else None

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """This will open the one configuration: there is no list of them."""
        return redirect("admin:portal_portalconfiguration_change", PortalConfiguration.ONLY)

    def save_model(
        self,
        request: HttpRequest,
        obj: PortalConfiguration,
        form: ModelForm[PortalConfiguration],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """This will save through the action, which notes what was changed by whom."""
        save_portal_configuration(configuration=obj, actor=request.user, changed=form.changed_data)


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    """Who was invited, and how far each has come."""

    right = "contacts.view_all_contacts"
    list_display = (
        "contact",
        "customer",
        "state",
        "created_by",
        "created_at",
        "expires_at",
        "opened_at",
        "accepted_at",
    )
    list_filter = ("state", "created_at")
    list_select_related = ("contact__customer", "created_by")
    search_fields = ("contact__search_text", "contact__customer__account_number")
    ordering = ("-pk",)

    @admin.display(description="customer", ordering="contact__customer__name")
    def customer(self, invitation: Invitation) -> str:
        """This will name the account."""
        return str(invitation.contact.customer or "–")


@admin.register(Registration)
class RegistrationAdmin(ReadOnly):
    """Who asked to join without an invitation, and what became of it."""

    right = "contacts.view_all_contacts"
    list_display = ("name", "email", "account_number", "customer", "state", "created_at")
    list_filter = ("state", "created_at")
    list_select_related = ("customer",)
    search_fields = ("name", "email", "account_number")
    ordering = ("-pk",)


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    """Which user opens which account."""

    right = "contacts.view_all_contacts"
    list_display = ("user", "username", "customer", "contact", "created_at", "last_seen_at")
    list_select_related = ("user", "customer", "contact")
    search_fields = ("user__username", "user__email", "customer__search_text")
    ordering = ("-pk",)

    @admin.display(ordering="user__username")
    def username(self, membership: Membership) -> str:
        """This will show what the user signs in with."""
        user: Any = membership.user
        return str(user.username)
