"""Bulk actions of contacts: they call what the screens call, and ask for the same rights."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.models import User
from campaigns.actions.drafting import draft_campaign
from campaigns.actions.rights import NotAllowedError, why_not_email, why_not_invite
from campaigns.rules.states import CampaignKind
from contacts.models import Contact
from core.http import StaffRequest
from desk import actions
from desk.resources import lines_of
from review.actions import deciding
from validation.actions.checking import check_contacts
from validation.models import Finding

MOST = 10_000
CHECKED_AT_ONCE = 500
Answer = HttpResponseBase | None


def _why_not(right: str) -> Callable[[User], str]:
    def reason(user: User) -> str:
        return "" if user.has_perm(right) else "Your role does not include that."

    return reason


# By action: why a person may not use it; empty when he may. Who may not does not see it.
WHY_NOT: dict[str, Callable[[User], str]] = {
    "bulk_email": why_not_email,
    "invite": why_not_invite,
    "accept_suggestions": _why_not("review.review_findings"),
    "check_again": _why_not("review.review_findings"),
    "export": _why_not("contacts.export_contacts"),
    "promote": _why_not("contacts.change_contact"),
    "do_not_promote": _why_not("contacts.change_contact"),
    "may_be_invited": _why_not("contacts.change_contact"),
    "not_to_be_invited": _why_not("contacts.change_contact"),
}


class TooManyError(ValueError):
    """More contacts are chosen than a list of them may hold."""


class SelectionActions(admin.ModelAdmin[Contact]):
    """The bulk actions; `WHY_NOT` says who may use which."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """This will say so when too many are chosen."""
        try:
            return super().changelist_view(request, extra_context)
        except TooManyError:
            sentence = f"More than {MOST:,} contacts are chosen. Use the contact list for so many."
            messages.error(request, sentence)
            return redirect(request.get_full_path())

    @admin.action(description="Bulk email…")
    def bulk_email(self, request: StaffRequest, rows: QuerySet[Contact]) -> Answer:
        """This will make a draft for the chosen contacts and lead to the composer."""
        return _compose(request, rows, CampaignKind.BULK)

    @admin.action(description="Send customer portal invitation…")
    def invite(self, request: StaffRequest, rows: QuerySet[Contact]) -> Answer:
        """This will make a draft invitation for the chosen contacts and lead to the composer."""
        return _compose(request, rows, CampaignKind.INVITATION)

    @admin.action(description="Accept suggestions")
    def accept_suggestions(self, request: StaffRequest, rows: QuerySet[Contact]) -> Answer:
        """This will accept what the checks suggest for the chosen contacts, as one change set."""
        findings = Finding.objects.open().with_suggestion().filter(contact__in=_ids(rows))
        try:
            done = deciding.accept(
                findings=findings.select_related("contact").order_by("pk"), actor=request.user
            )
        except deciding.NothingToDecideError:
            messages.warning(request, "There is no open suggestion for these contacts.")
        else:
            left = f" {done.left} were left: their value has changed." if done.left else ""
            messages.info(request, f"Accepted {done.count:,} suggestions.{left}")
        return None

    @admin.action(description="Check again")
    def check_again(self, request: StaffRequest, rows: QuerySet[Contact]) -> Answer:
        """This will run the checks of the chosen contacts once more."""
        ids = _ids(rows)
        for start in range(0, len(ids), CHECKED_AT_ONCE):
            check_contacts(contact_ids=ids[start : start + CHECKED_AT_ONCE])
        messages.info(request, f"Checked {len(ids):,} contacts.")
        return None

    @admin.action(description="Export as CSV")
    def export(self, request: StaffRequest, rows: QuerySet[Contact]) -> Answer:
        """This will send the chosen contacts as a CSV file."""
        chosen = Contact.objects.visible_to(request.user).filter(
            pk__in=rows.order_by().values("pk")
        )
        actions.note_export(actor=request.user, count=chosen.count())
        name = f"contacts-{timezone.localdate():%Y-%m-%d}.csv"
        return StreamingHttpResponse(
            lines_of(chosen),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @admin.action(description="Include in announcements")
    def promote(self, request: StaffRequest, rows: QuerySet[Contact]) -> Answer:
        """This will let the chosen contacts get announcements."""
        return _flag(request, rows, "promote", on=True)

    @admin.action(description="Leave out of announcements")
    def do_not_promote(self, request: StaffRequest, rows: QuerySet[Contact]) -> Answer:
        """This will leave the chosen contacts out of announcements."""
        return _flag(request, rows, "promote", on=False)

    @admin.action(description="Include in invitations")
    def may_be_invited(self, request: StaffRequest, rows: QuerySet[Contact]) -> Answer:
        """This will let the chosen contacts be invited."""
        return _flag(request, rows, "invite", on=True)

    @admin.action(description="Leave out of invitations")
    def not_to_be_invited(self, request: StaffRequest, rows: QuerySet[Contact]) -> Answer:
        """This will leave the chosen contacts out of invitations."""
        return _flag(request, rows, "invite", on=False)


def _compose(request: StaffRequest, rows: QuerySet[Contact], kind: CampaignKind) -> Answer:
    try:
        campaign = draft_campaign(kind=kind, audience={"ids": _ids(rows)}, actor=request.user)
    except NotAllowedError as refusal:
        messages.error(request, str(refusal))
        return None
    return redirect("campaigns:compose", campaign.pk)


def _flag(request: StaffRequest, rows: QuerySet[Contact], field: str, *, on: bool) -> Answer:
    audience = {"ids": _ids(rows)}
    done = actions.flag_selection(audience=audience, field=field, on=on, actor=request.user)
    if done.job:
        return redirect("jobs:progress", done.job.pk)
    words = done.change_set.label if done.change_set else "Nothing to change"
    messages.info(request, f"{words}.")
    return None


def _ids(rows: QuerySet[Contact]) -> list[int]:
    """This will give the chosen contacts by key. Raises TooManyError."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    if len(ids) > MOST:
        raise TooManyError
    return ids
