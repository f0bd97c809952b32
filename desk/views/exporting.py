"""Lists as files: contacts that were chosen, and the customers that a filter finds."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns.actions.rights import EMAIL, INVITE, NotAllowedError
from campaigns.rules.audience import WORDS, label
from contacts.rules.words import Entity
from core.access import staff
from core.http import StaffRequest, safe_next
from core.models import Configuration
from desk import actions
from desk.filters import read_customers
from desk.forms import SelectionForm
from desk.querysets import lists
from desk.resources import MOST_OF_A_WORKBOOK, lines_of, workbook_of
from erp.resources import CONTENT_TYPES, CSV, XLSX
from erp.resources import lines_of as csv_lines
from erp.rules.writing import harmless

RIGHT = "contacts.export_contacts"
NOBODY = "Nobody was selected. Tick contacts in the list first."
LISTS = {Entity.CONTACT: "desk:contacts", Entity.CUSTOMER: "desk:customers"}


@require_POST
@staff("contacts.view_contact", RIGHT)
def customers(request: StaffRequest) -> HttpResponseBase:
    """This will send the customers that the list's filters find as a file."""
    query = read_customers(request.GET)
    return answer(request, lists.customers(query, request.user), Entity.CUSTOMER)


@require_POST
@staff("contacts.view_contact", EMAIL, INVITE)
def mail_merge(request: StaffRequest) -> HttpResponseBase:
    """This will say who gets a personal link for another mail service, and then send the file."""
    form = SelectionForm(request.POST)
    back = safe_next(request, reverse("desk:contacts"))
    audience = form.audience() if form.is_valid() else {"ids": []}
    if not audience.get("ids", True):
        messages.error(request, NOBODY)
        return redirect(back)
    try:
        found = actions.left_out_of_merge(audience=audience, actor=request.user)
    except NotAllowedError as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    if "confirm" not in request.POST:
        days = Configuration.load().pause_days
        context = {
            "found": found,
            "reasons": [(label(why, days), WORDS[why], n) for why, n in found.counts().items()],
            "audience": audience,
            "back": back,
        }
        return render(request, "desk/mail_merge.html", context)
    rows = actions.mail_merge(contact_ids=found.to_send, actor=request.user)
    cells = (map(harmless, row) for row in rows)
    name = f"mail-merge-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        csv_lines([actions.MERGE_HEADS], cells),
        content_type=CONTENT_TYPES[CSV],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def answer(request: StaffRequest, rows: QuerySet[Any], entity: Entity) -> HttpResponseBase:
    """This will send rows as CSV, or as a workbook where that was asked for and they fit."""
    kind = XLSX if request.POST.get("format") == XLSX else CSV
    count = rows.count()
    if kind == XLSX and count > MOST_OF_A_WORKBOOK:
        sentence = f"More than {MOST_OF_A_WORKBOOK:,} rows do not fit into a workbook. Take CSV."
        messages.error(request, sentence)
        return redirect(safe_next(request, reverse(LISTS[entity])))
    actions.note_export(actor=request.user, count=count, entity=entity.value)
    name = f"{entity.value}s-{timezone.localdate():%Y-%m-%d}.{kind}"
    told = {"Content-Disposition": f'attachment; filename="{name}"'}
    if kind == XLSX:
        return HttpResponse(workbook_of(rows, entity), CONTENT_TYPES[XLSX], headers=told)
    return StreamingHttpResponse(
        lines_of(rows, entity), content_type=CONTENT_TYPES[CSV], headers=told
    )
