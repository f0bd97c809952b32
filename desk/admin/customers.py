"""Customers in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest

from contacts.actions.people import (
    NumberTakenError,
    OvertakenError,
    add_customer,
    edit_customer,
)
from contacts.models import Customer
from desk.actions import NOTHING_SAVED, sentence_of
from desk.admin.files import CustomerResource, Files
from desk.admin.window import Filled, Window
from desk.forms import CustomerForm, changed_values


class CustomerAdminForm(CustomerForm):
    """The form of the customer page, and the number when a customer is added."""

    class Meta(CustomerForm.Meta):
        fields = ("numbering", "account_number", *CustomerForm.Meta.fields)  # type: ignore[assignment]


@admin.register(Customer)
class CustomerAdmin(Files, Window[Customer]):
    """Search and filters; every write goes through the actions of the screens."""

    form = CustomerAdminForm
    resource_classes = (CustomerResource,)
    list_display = (
        "name", "account_number", "city", "state", "sales_rep_name", "active", "is_house_account",
    )  # fmt: skip
    list_display_links = ("name", "account_number")
    list_filter = (
        "active", "promote", "invite", "is_house_account", ("customer_type", Filled),
        ("state", Filled), ("sales_rep_name", Filled),
    )  # fmt: skip
    readonly_fields = ("parent", "sales_rep", "created_at")
    fieldsets = (
        ("Account", {"fields": (
            "numbering", "account_number", "name", "parent", "customer_type",
            "customer_since", "product_lines", "currency", "terms",
        )}),
        ("Sales rep", {"fields": ("sales_rep_name", "sales_rep_email", "sales_rep")}),
        ("How to reach them", {"fields": ("email", "website", "phone", "fax")}),
        ("Billing address", {"fields": (
            "address1", "address2", "city", "state", "province", "postal_code", "country",
        )}),
        ("Preferences", {"fields": (
            "promote", "invite", "active", "is_house_account", "notes", "seen_at",
        )}),
    )  # fmt: skip
    view_right = "contacts.view_customer"
    add_right = "contacts.change_customer"
    change_right = "contacts.change_customer"

    def get_readonly_fields(
        self, request: HttpRequest, obj: Customer | None = None
    ) -> tuple[str, ...]:
        """This will keep the number of an account: only imports change one."""
        fixed = ("numbering", "account_number") if obj else ()
        return (*self.readonly_fields, *fixed)

    def save_model(
        self,
        request: HttpRequest,
        obj: Customer,
        form: forms.ModelForm[Customer],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """This will add or edit by the same actions as the screens."""
        user: Any = request.user
        values = changed_values(form, CustomerForm.Meta.fields)
        try:
            if change:
                seen_at = form.seen() if isinstance(form, CustomerForm) else None
                edit_customer(
                    customer=obj, values=values, seen_at=seen_at or obj.created_at, actor=user
                )
                return
            values["account_number"] = obj.account_number
            added = add_customer(numbering=obj.numbering, values=values, actor=user)
        except OvertakenError as overtaken:
            messages.set_level(request, messages.WARNING)
            messages.warning(request, sentence_of(overtaken.change, NOTHING_SAVED))
        except NumberTakenError:
            messages.error(request, "There is a customer with this account number already.")
        else:
            obj.pk = added.pk
            obj.refresh_from_db()
