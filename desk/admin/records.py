"""Records that staff look up and nobody edits: invoices, change sets, facts, views."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from contacts.actions.people import remove_segment
from contacts.models import (
    AddressFact,
    Change,
    ChangeSet,
    Customer,
    Invoice,
    Segment,
)
from core.admin import ReadOnly
from desk.admin.files import Files, InvoiceResource
from desk.admin.window import BoundedPaginator


class Lookup(ReadOnly):
    """A list to look things up in."""

    paginator = BoundedPaginator
    ordering = ("-pk",)
    actions = None
    right = "contacts.view_all_contacts"


@admin.register(Invoice)
class InvoiceAdmin(Files, Lookup):
    """Invoices as the ERP tells them."""

    resource_classes = (InvoiceResource,)
    import_right = "erp.add_import"

    list_display = ("number", "customer", "issued_on", "due_on", "amount", "open_amount", "status")
    list_select_related = ("customer",)
    list_filter = ("status",)
    search_fields = ("number", "number_key", "=customer__account_number")
    date_hierarchy = "issued_on"
    right = "contacts.view_invoice"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invoice]:
        """This will keep the invoices of accounts that the person may see."""
        user: Any = request.user
        rows = super().get_queryset(request)
        if user.has_perm("contacts.view_all_contacts"):
            return rows
        return rows.filter(customer__in=Customer.objects.visible_to(user))


class ChangeInline(admin.TabularInline[Any, Any]):
    """The changes of a set, the first ones."""

    model = Change
    fields = ("contact", "customer", "field", "old", "new", "why", "undone")
    readonly_fields = fields
    max_num = 0
    can_delete = False
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Change]:
        """This will read the names along."""
        return super().get_queryset(request).select_related("contact", "customer")


@admin.register(ChangeSet)
class ChangeSetAdmin(Lookup):
    """Who changed what, when, and whether it was taken back."""

    list_display = ("created_at", "label", "kind", "actor", "source", "undone_at")
    list_select_related = ("actor", "source")
    list_filter = ("kind", "source")
    search_fields = ("label",)
    date_hierarchy = "created_at"

    def get_inlines(self, request: HttpRequest, obj: ChangeSet | None = None) -> list[Any]:
        """This will show the changes of small sets; an import's would be too many."""
        small = obj is not None and obj.changes.all()[:201].count() <= 200  # noqa: PLR2004 - one page
        return [ChangeInline] if small else []


@admin.register(AddressFact)
class AddressFactAdmin(Lookup):
    """What sending and people have proven of addresses."""

    list_display = (
        "address_key", "delivered_at", "bounced_at", "bounce_reason", "complained_at",
        "confirmed_at", "confirmed_by",
    )  # fmt: skip
    search_fields = ("address_key",)


@admin.register(Segment)
class SegmentAdmin(Lookup):
    """Saved views of the contact list; made there, removed here or there."""

    list_display = ("name", "owner", "shared", "query", "created_at")
    list_select_related = ("owner",)
    search_fields = ("name",)
    right = "contacts.view_contact"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Segment]:
        """This will keep shared views and one's own."""
        return super().get_queryset(request).filter(Q(shared=True) | Q(owner=request.user.pk))

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This will let people remove their own views, and who manages the team any shared one."""
        user: Any = request.user
        if isinstance(obj, Segment) and obj.owner_id == user.pk:
            return True
        return bool(user.is_authenticated and user.has_perm("accounts.manage_team"))

    def delete_model(self, request: HttpRequest, obj: Segment) -> None:
        """This will remove a view by the same action as the list."""
        user: Any = request.user
        remove_segment(segment=obj, actor=user)
