"""The rows behind the outbox, for looking; what changes them are the product's own pages."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from core.admin import ReadOnly
from delivery.actions.suppressing import CannotBeLiftedError, lift
from delivery.models import (
    DeliveryEvent,
    Mailing,
    Message,
    ReportBody,
    Sender,
    SendingState,
    Suppression,
)


@admin.register(Mailing)
class MailingAdmin(ReadOnly):
    list_display = ("name", "purpose", "state", "paused_because", "created_by", "created_at")
    list_filter = ("state", "purpose", "policy")
    search_fields = ("name", "subject")
    date_hierarchy = "created_at"
    list_select_related = ("created_by",)
    ordering = ("-pk",)


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_display = ("address", "kind", "mailing", "state", "attempts", "last_error", "created_at")
    list_filter = ("state", "purpose")
    search_fields = ("address_key", "provider_id")
    list_select_related = ("mailing",)
    ordering = ("-created_at", "pk")
    # The text may hold links that open an account: the outbox page has a right of its own.
    exclude = ("html", "text", "token")


@admin.register(DeliveryEvent)
class DeliveryEventAdmin(ReadOnly):
    list_display = ("kind", "address_key", "reason", "happened_at", "applied_at")
    list_filter = ("kind",)
    search_fields = ("address_key", "reference")
    ordering = ("-pk",)
    raw_id_fields = ("message",)


@admin.register(ReportBody)
class ReportBodyAdmin(ReadOnly):
    list_display = ("provider", "received_at", "trouble")
    list_filter = ("provider",)
    ordering = ("-pk",)
    # Links in it may open an account.
    exclude = ("body",)


@admin.register(Sender)
class SenderAdmin(ReadOnly):
    list_display = ("name", "version", "seen_at", "accepted", "trouble")
    list_filter = ("version",)
    ordering = ("-seen_at",)


@admin.register(SendingState)
class SendingStateAdmin(ReadOnly):
    list_display = ("instance", "turn", "held_because", "held_at", "confirmed_by", "confirmed_at")
    list_select_related = ("confirmed_by",)


@admin.register(Suppression)
class SuppressionAdmin(ReadOnly):
    list_display = (
        "address_key",
        "reason",
        "purpose",
        "note",
        "created_by",
        "created_at",
        "lifted_at",
    )
    list_filter = ("reason", "purpose", ("lifted_at", admin.EmptyFieldListFilter))
    search_fields = ("address_key", "note")
    list_select_related = ("created_by",)
    ordering = ("-pk",)
    actions = ("lift_stops",)

    @admin.action(description="Lift the stop", permissions=["lift"])
    def lift_stops(self, request: HttpRequest, queryset: QuerySet[Suppression]) -> None:
        """This will let the chosen addresses be mailed again; erased ones stay."""
        lifted = kept = 0
        actor = request.user if isinstance(request.user, User) else None
        for entry in queryset:
            try:
                lifted += lift(suppression=entry, because="Lifted in bulk", actor=actor)
            except CannotBeLiftedError:
                kept += 1
        kept_words = f" {kept} stay, because they stand for somebody erased." if kept else ""
        self.message_user(request, f"{lifted} may be mailed again.{kept_words}")

    def has_lift_permission(self, request: HttpRequest) -> bool:
        """This will offer the action to those who may change the list."""
        return request.user.has_perm("delivery.change_suppression")
