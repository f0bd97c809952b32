"""Renaming a domain for everybody there: a preview that changes nothing, then a job."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from contacts.models import Contact, SourceRecord
from contacts.rules.words import EmailStatus
from core.access import staff
from core.http import StaffRequest, say_and_go
from desk.forms import RenameForm
from jobs.queue import AlreadyRunningError
from validation.actions.renaming import (
    CannotRenameError,
    Move,
    contacts_at,
    moves_of,
    start_rename,
)
from validation.models import MailDomain
from validation.rules.dns_words import Words, words_of
from validation.rules.renaming import refusal, typed_domain

RIGHTS = (
    "contacts.view_contact",
    "contacts.view_all_contacts",
    "contacts.change_contact",
    "review.review_findings",
)
SHOWN = 100
# Past so many contacts the preview counts what it looked at, and says so.
LOOKED_AT = 2_000
UNDER_WAY = "That domain is being renamed already"


@dataclass(frozen=True)
class Side:
    """One of the two domains: its name, and what DNS says of it."""

    name: str
    domain: MailDomain | None
    said: Words


@dataclass
class Preview:
    """What a rename would do."""

    old: Side
    new: Side
    total: int
    moves: list[Move] = field(default_factory=list)
    firms: int = 0
    from_erp: int = 0
    bounced: int = 0
    there: int = 0

    @property
    def changing(self) -> list[Move]:
        """The contacts whose address changes."""
        return [move for move in self.moves if move.new]

    @property
    def to_change(self) -> int:
        """How many addresses change, as far as was looked."""
        return len(self.changing) + self.total - len(self.moves)

    @property
    def left_out(self) -> int:
        """How many contacts are left out."""
        return len(self.moves) - len(self.changing)

    @property
    def doubled(self) -> int:
        """How many contacts would have the address that another one at the customer has."""
        return sum(bool(move.shared_with) for move in self.moves)

    @property
    def shown(self) -> list[Move]:
        """The contacts that the page shows."""
        return self.moves[:SHOWN]

    @property
    def not_from_erp(self) -> int:
        """How many of the changing contacts the ERP does not know."""
        return len(self.changing) - self.from_erp

    @property
    def is_whole(self) -> bool:
        """Whether every contact was looked at."""
        return self.total == len(self.moves)


@staff(*RIGHTS)
def rename(request: StaffRequest) -> HttpResponse:
    """This will show what renaming a domain would change; nothing is saved."""
    form = RenameForm(request.GET)
    return _page(request, form)


@require_POST
@staff(*RIGHTS)
def rename_start(request: StaffRequest) -> HttpResponse:
    """This will start the rename as a job; contacts that were unticked are left alone."""
    form = RenameForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        job = start_rename(
            old=form.cleaned_data["old"],
            new=form.cleaned_data["new"],
            subdomains=form.cleaned_data["subdomains"],
            skip=form.skipped(),
            actor=request.user,
        )
    except CannotRenameError:
        return _page(request, form)
    except AlreadyRunningError:
        return say_and_go(request, UNDER_WAY, "desk:domains")
    return redirect("jobs:progress", job.pk)


def _page(request: StaffRequest, form: RenameForm) -> HttpResponse:
    typed = form.cleaned_data if form.is_valid() else {}
    before, after = typed_domain(typed.get("old", "")), typed_domain(typed.get("new", ""))
    begun = bool(typed.get("new")) or request.method == "POST"
    problem = refusal(before, after) if begun else ""
    context: dict[str, Any] = {
        "form": form,
        "old": before.name if before else typed.get("old", ""),
        "new": after.name if after else typed.get("new", ""),
        "subdomains": typed.get("subdomains", False),
        "problem": problem,
        "back": reverse("desk:domains"),
        "preview": None,
    }
    if before and after and not problem:
        context["preview"] = _preview(before.name, after.name, typed["subdomains"])
    return render(request, "desk/domain_rename.html", context, status=422 if problem else 200)


def _preview(old: str, new: str, subdomains: bool) -> Preview:  # noqa: FBT001 - as the form gives it
    known = {row.name: row for row in MailDomain.objects.filter(name__in=[old, new])}
    rows = contacts_at(old, subdomains=subdomains)
    total = rows.count()
    moves = moves_of(list(rows[:LOOKED_AT]), old=old, new=new, subdomains=subdomains)
    preview = Preview(_side(old, known), _side(new, known), total, moves)
    changing = [move.contact.pk for move in preview.changing]
    preview.firms = len({move.contact.customer_id for move in moves} - {None})
    preview.from_erp = (
        SourceRecord.objects.filter(contact__in=changing).values("contact").distinct().count()
    )
    preview.bounced = sum(
        move.contact.email_status == EmailStatus.BOUNCED for move in preview.changing
    )
    preview.there = Contact.objects.filter(email_domain=new).count()
    return preview


def _side(name: str, known: dict[str, MailDomain]) -> Side:
    row = known.get(name)
    words = words_of(row.verdict, row.code, row.last_error) if row else words_of("", "")
    return Side(name, row, words)
