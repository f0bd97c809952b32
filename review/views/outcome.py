"""What a decision answers: the row goes, or it comes back with the reason."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from core import keyset
from core.http import StaffRequest
from core.rules import display
from review.actions.deciding import Decided
from review.querysets.acts import last_act_on
from review.querysets.queue import queue
from review.rules.seen import mark_of, read_seen
from review.views.queue import back, facets, filter_of, open_findings, query_of
from validation.models import Finding

CHECKED_AGAIN = "Nothing changed: it was checked again meanwhile and is no longer in doubt."


def as_seen(request: StaffRequest, pk: int) -> Finding | HttpResponse:
    """This will give the finding if it still is what the person saw, else the answer that says so.

    Raises Http404 where there is nothing to tell, such as for somebody else's customer.
    """
    row = open_findings(request).filter(pk=pk).first()
    seen = read_seen(request.POST.get("seen_row", ""))
    if row is not None and not seen.differs(mark_of(row.value, row.suggestion)):
        return row
    if row is not None:
        return refused(request, row, _who_was_faster(row.contact))
    if not seen.contact:
        raise Http404
    visible = Contact.objects.visible_to(request.user).select_related("customer")
    contact = get_object_or_404(visible, pk=seen.contact)
    sentence = _who_was_faster(contact)
    if not request.htmx:
        messages.warning(request, f"{contact}: {sentence}")
        return redirect(back(request))
    return render(request, "review/_row_over.html", {"contact": contact, "sentence": sentence})


def acted(request: StaffRequest, rows: list[Finding], done: Decided) -> HttpResponse:
    """This will answer a decision: the rows go, counts and toast follow, the next row opens."""
    if not request.htmx:
        undo_url = reverse("review:undo", args=[done.change_set.pk])
        messages.info(request, done.change_set.label, extra_tags=undo_url)
        return redirect(back(request))
    wanted = filter_of(request, QueryDict(query_of(request)))
    context: dict[str, Any] = {"rows": rows, "done": done, **facets(wanted, request)}
    context["next_url"] = back(request)
    context["total"] = keyset.bounded_count(queue(wanted, request.user))
    return render(request, "review/_acted.html", context)


def refused(request: StaffRequest, row: Finding, sentence: str) -> HttpResponse:
    """This will say in the row itself why nothing changed."""
    if not request.htmx:
        messages.warning(request, f"{row.contact}: {sentence}")
        return redirect(back(request))
    fresh = Finding.objects.filter(pk=row.pk).select_related("contact__customer").first()
    context = {"row": fresh or row, "refusal": sentence, "query": query_of(request)}
    return render(request, "review/_row.html", context)


def _who_was_faster(contact: Contact) -> str:
    """This will say who did what to a contact last, and what stands there now."""
    act = last_act_on(contact)
    if act is None:
        return CHECKED_AGAIN
    when = display.moment(timezone.localtime(act.created_at), timezone.localtime())
    who, now = act.actor or "an import", contact.email or "empty"
    return f"Nothing changed: {who} was faster ({when}). {act.label}. The address is now {now}."
