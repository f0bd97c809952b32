"""People and roles in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts import actions
from accounts.forms import PersonForm
from accounts.models import User

# Roles come from one table in accounts/rules/roles.py; a change here would not last.
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(StockUserAdmin[User]):
    """Staff and portal users; passwords are never shown and never mailed."""

    form = PersonForm
    list_display = ("username", "email", "first_name", "last_name", "kind", "roles", "is_active")
    list_filter = ("kind", "is_active", "groups")
    ordering = ("username", "pk")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Rights", {"fields": ("kind", "is_active", "groups")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "email", "usable_password", "password1", "password2"),
            },
        ),
    )
    readonly_fields = ("kind", "last_login", "date_joined")

    @admin.display(description="roles")
    def roles(self, person: User) -> str:
        """This will name the roles of a person."""
        return ", ".join(group.name for group in person.groups.all())

    def get_queryset(self, request: HttpRequest) -> Any:  # noqa: ANN401 - as the parent's
        """This will read the roles of a page's people at once."""
        return super().get_queryset(request).prefetch_related("groups")

    def save_model(
        self,
        request: HttpRequest,
        obj: User,
        form: forms.ModelForm[User],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """This will save a person as the pages do, with an entry in the audit trail."""
        actions.save_person(
            person=obj, actor=request.user, changed=form.changed_data if change else None
        )

    def save_related(
        self,
        request: HttpRequest,
        form: forms.ModelForm[User],
        formsets: Any,  # noqa: ANN401 - Django's signature
        change: bool,  # noqa: FBT001 - likewise
    ) -> None:
        """This will give the person the roles that were ticked."""
        if "groups" in form.cleaned_data:
            actions.set_roles(
                person=form.instance, groups=form.cleaned_data["groups"], actor=request.user
            )

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002 - Django's name
        form_url: str = "",
    ) -> HttpResponse:
        """This will set the password of staff only: customers choose their own by a link."""
        person = self.get_object(request, id)
        if person is not None and person.kind == User.Kind.PORTAL:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This will refuse removal: what people did keeps their names. Deactivate them instead."""
        return False


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Read only: which rights a role holds."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """This will refuse roles made by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This will refuse changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This will refuse removal."""
        return False
