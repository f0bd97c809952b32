"""Findings, decisions and domains in the admin: to look at; the checks and review write them."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from core.admin import ReadOnly
from validation.actions.asking import ask_again
from validation.models import Decision, Finding, MailDomain


@admin.register(Finding)
class FindingAdmin(ReadOnly):
    """What looks wrong, and why. Decide on the review page, where it can be undone."""

    list_display = (
        "contact", "code", "severity", "value", "suggestion", "confidence", "decided", "found_at",
    )  # fmt: skip
    list_filter = ("code", "severity", "decided", "auto", "rule")
    list_select_related = ("contact",)
    search_fields = ("value", "suggestion", "contact__search_text")
    raw_id_fields = ("contact",)


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    """What people decided about a value. Taken back by undoing its change set."""

    list_display = ("contact", "code", "value", "kind", "actor", "decided_at")
    list_filter = ("kind", "code")
    list_select_related = ("contact", "actor")
    search_fields = ("value", "contact__search_text")
    raw_id_fields = ("contact", "change_set")


@admin.register(MailDomain)
class MailDomainAdmin(ReadOnly):
    """What DNS says of each domain, and when it will be asked again."""

    list_display = (
        "name", "verdict", "code", "provider", "checked_at", "due_at", "failures", "last_error",
    )  # fmt: skip
    list_filter = ("verdict", "code", "provider")
    search_fields = ("name",)
    actions = ("look_up_again",)

    def has_look_up_permission(self, request: HttpRequest) -> bool:
        """This will let those look up again who may change domains."""
        return request.user.has_perm("validation.change_maildomain")

    @admin.action(description="Look up again now", permissions=["look_up"])
    def look_up_again(self, request: HttpRequest, queryset: QuerySet[MailDomain]) -> None:
        """This will have DNS asked about the chosen domains at once."""
        count = ask_again(domains=queryset)
        self.message_user(request, f"{count:,} domains are looked up again.", messages.SUCCESS)
