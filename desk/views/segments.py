"""Segments: saved filters of the contact list, whom they hold now, and which messages used them."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from contacts.actions.people import (
    NameTakenError,
    change_segment,
    remove_segment,
    save_segment,
)
from contacts.models import Segment
from contacts.rules.segments import ContactQuery, parse, read
from contacts.rules.words import EmailStatus, PortalStage
from core.access import staff
from core.http import StaffRequest, page_or_part, say_and_go
from core.models import Configuration
from core.templatetags.ui import STAGES, STATUSES
from desk.filters import contact_chips, read_contacts, read_rows, values_of
from desk.forms import ViewForm
from desk.querysets import segments as stored
from desk.rules import segments as editing
from desk.rules.segments import BY_NAME, Condition

RIGHT = "contacts.view_contact"
MESSAGES = "campaigns.view_campaign"
NAME_TAKEN = "You have a segment of this name. Choose another one"


@dataclass(frozen=True)
class Draft:
    """What the editor shows: the conditions, those still empty, and how the segment is called."""

    query: ContactQuery
    rows: list[str]
    name: str = ""
    shared: bool = False


@staff(RIGHT)
def segments(request: StaffRequest) -> HttpResponse:
    """This will list the segments that somebody may use, each with its count and its uses."""
    rows = list(
        Segment.objects.open_to(request.user).select_related("owner").order_by("name", "pk")
    )
    queries = [parse(row.query) for row in rows]
    counts = stored.counts(queries, request.user)
    uses = stored.uses(rows) if rows and request.user.has_perm(MESSAGES) else {}
    lines = [
        {
            "segment": row,
            "query": query,
            "count": count,
            "chips": contact_chips(query),
            "uses": uses.get(row.pk, []),
        }
        for row, query, count in zip(rows, queries, counts, strict=True)
    ]
    context = {"lines": lines, "may_see_messages": request.user.has_perm(MESSAGES)}
    return render(request, "desk/segments.html", context)


@staff(RIGHT)
def segment_new(request: StaffRequest) -> HttpResponse:
    """This will show the editor for a new segment, beginning with what the address asks for."""
    return _answer(request, None) if request.method == "POST" else _editor(request, None)


@staff(RIGHT)
def segment(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show a saved segment in the editor, with the changes that are not saved yet."""
    row = get_object_or_404(Segment.objects.open_to(request.user), pk=pk)
    return _answer(request, row) if request.method == "POST" else _editor(request, row)


@staff(RIGHT)
def segment_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """This will ask whether a segment is to go, and remove it on the answer."""
    mine = Q(owner=request.user)
    if request.user.has_perm("accounts.manage_team"):
        mine |= Q(shared=True)
    row = get_object_or_404(Segment.objects.filter(mine), pk=pk)
    if request.method == "POST":
        remove_segment(segment=row, actor=request.user)
        return say_and_go(request, "Segment deleted", "desk:segments")
    context = {"segment": row, "uses": _uses(request, row)}
    return render(request, "desk/segment_remove.html", context)


def _editor(request: StaffRequest, row: Segment | None) -> HttpResponse:
    """This will show the conditions with their counts; htmx asks for the counts alone."""
    if row is None or "edited" in request.GET:
        draft = Draft(
            read_contacts(request.GET),
            read_rows(request.GET),
            request.GET.get("name", ""),
            request.GET.get("shared") == "on",
        )
    else:
        draft = Draft(parse(row.query), [], row.name, row.shared)
    form = ViewForm(initial={"name": draft.name, "shared": draft.shared})
    return _show(request, row, draft, form)


def _answer(request: StaffRequest, row: Segment | None) -> HttpResponse:
    """This will save, or lead to the editor with a condition more or less."""
    do, _, name = request.POST.get("do", "").partition(":")
    draft = Draft(
        read_contacts(request.POST),
        read_rows(request.POST),
        request.POST.get("name", ""),
        request.POST.get("shared") == "on",
    )
    if do in ("save", "new"):
        return _save(request, row if do == "save" else None, row, draft)
    if do == "remove" and name in BY_NAME:
        draft = _without(request, draft, name)
    added = request.POST.get("field", "")
    if do == "add" and added in BY_NAME:
        draft = replace(draft, rows=[*draft.rows, added])
    return redirect(f"{request.path}?{_address(draft, added if do == 'add' else '')}")


def _save(
    request: StaffRequest, target: Segment | None, row: Segment | None, draft: Draft
) -> HttpResponse:
    """This will save the draft as a new segment, or over the one that is being edited."""
    if target is not None and not _may_change(request, target):
        return redirect("desk:segment", target.pk)
    data = {"name": draft.name, "query": str(draft.query), "shared": "on" if draft.shared else ""}
    form = ViewForm(data)
    if form.is_valid():
        values = form.cleaned_data
        try:
            if target is None:
                saved = save_segment(owner=request.user, **values)
            else:
                saved = change_segment(segment=target, actor=request.user, **values)
        except NameTakenError:
            form.add_error("name", NAME_TAKEN)
        else:
            return say_and_go(request, "Segment saved", "desk:segment", saved.pk)
    return _show(request, row, draft, form, 422)


def _show(
    request: StaffRequest, row: Segment | None, draft: Draft, form: ViewForm, status: int = 200
) -> HttpResponse:
    shown = editing.conditions(draft.query, draft.rows)
    floor = Configuration.load().needed
    saved = row and Draft(parse(row.query), [], row.name, row.shared)
    context: dict[str, Any] = {
        "form": form,
        "segment": row,
        "draft": draft,
        "query": draft.query,
        "changed": bool(saved) and replace(draft, rows=[]) != saved,
        "may_change": row is None or _may_change(request, row),
        "matches": stored.matches(draft.query, request.user, floor),
    }
    if not request.htmx:
        context |= {
            "lines": _lines(shown, request),
            "left": editing.left(shown),
            "kept": editing.kept(draft.query),
            "uses": _uses(request, row) if row else [],
            "focus": request.GET.get("focus", ""),
        }
    return page_or_part(request, "desk/segment.html", "desk/_segment_matches.html", context, status)


def _lines(shown: list[Condition], request: StaffRequest) -> list[dict[str, Any]]:
    """This will give each condition with what there is to choose from."""
    present = stored.choices(shown, request.user)
    options = {name: [(value, value) for value in values] for name, values in present.items()}
    options["status"] = [(status.value, STATUSES[status.value][2]) for status in EmailStatus]
    options["stage"] = [(stage.value, STAGES[stage.value][2]) for stage in PortalStage]
    return [
        {
            "condition": condition,
            "field": condition.field,
            "options": options.get(condition.field.name, condition.field.options),
        }
        for condition in shown
    ]


def _without(request: StaffRequest, draft: Draft, name: str) -> Draft:
    values = {key: given for key, given in values_of(request.POST).items() if key != name}
    rows = [row for row in draft.rows if row != name]
    return replace(draft, query=read(values), rows=rows)


def _address(draft: Draft, focus: str) -> str:
    """This will give the address of an editor that shows this draft, and where the focus goes."""
    filled = {condition.field.name for condition in editing.conditions(draft.query)}
    return editing.address(
        draft.query,
        row=[name for name in draft.rows if name not in filled],
        name=[draft.name] if draft.name else [],
        shared=["on"] if draft.shared else [],
        focus=[focus] if focus else [],
        edited=["yes"],
    )


def _uses(request: StaffRequest, row: Segment) -> list[stored.Use]:
    return stored.uses([row])[row.pk] if request.user.has_perm(MESSAGES) else []


def _may_change(request: StaffRequest, row: Segment) -> bool:
    """One's own; a manager of the team also those that everybody sees."""
    own = row.owner_id == request.user.pk
    return own or (row.shared and request.user.has_perm("accounts.manage_team"))
