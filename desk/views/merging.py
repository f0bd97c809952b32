"""The merge screen: two records side by side, value by value, and one of them afterwards."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from contacts.actions.matching import pair_of
from contacts.actions.merging import CannotMergeError, merge_contacts, merge_customers
from contacts.actions.parties import sides_of, survivor_of
from contacts.models import ChangeSet, Duplicate
from contacts.rules.choosing import Prefer, Side
from contacts.rules.words import Entity, PairState
from core.access import staff
from core.http import StaffRequest, safe_next
from desk.forms import MergeForm
from desk.querysets import duplicates as shown
from desk.rules.duplicates import ASK, KIND_OF, ORDER, TWO
from desk.views.duplicates import EDIT, VIEW, next_url, pair_or_404

PREFERENCES = {prefer.value for prefer in Prefer}


@staff(VIEW, *EDIT)
def duplicate(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show two records side by side; nothing is saved."""
    return _page(request, pair_or_404(request, pk))


@require_POST
@staff(VIEW, *EDIT)
def duplicate_merge(request: StaffRequest, pk: int) -> HttpResponse:
    """This will merge a pair with the values that were chosen."""
    pair = pair_or_404(request, pk)
    entity = Entity(pair.entity)
    form = MergeForm(pair.ids, ORDER[entity], request.POST)
    if not form.is_valid():
        return _page(request, pair, "Choose which record stays, then merge again.")
    _place, _count, following = shown.place_of(pair, request.user)
    keep, gone = form.kept()
    try:
        change_set = _merge(entity, keep, gone, form.sides(), request)
    except CannotMergeError as refusal:
        return _page(request, pair, str(refusal))
    undo_url = reverse("desk:undo", args=[change_set.pk])
    messages.info(request, change_set.label, extra_tags=undo_url)
    return redirect(safe_next(request, next_url(pair, following)))


@staff(VIEW, *EDIT)
def contact_merge(request: StaffRequest, pk: int) -> HttpResponse:
    """This will let a person choose whom a contact is to be merged with."""
    return _choose(request, Entity.CONTACT, pk)


@staff(VIEW, *EDIT)
def customer_merge(request: StaffRequest, pk: int) -> HttpResponse:
    """This will let a person choose whom a customer is to be merged with."""
    return _choose(request, Entity.CUSTOMER, pk)


def _merge(
    entity: Entity, keep: int, gone: int, sides: Mapping[str, Side], request: StaffRequest
) -> ChangeSet:
    if entity is Entity.CONTACT:
        return merge_contacts(keep=keep, gone=gone, sides=sides, actor=request.user)
    return merge_customers(keep=keep, gone=gone, sides=sides, actor=request.user)


def _page(request: StaffRequest, pair: Duplicate, problem: str = "") -> HttpResponse:
    entity = Entity(pair.entity)
    one, other = shown.halves_of(pair)
    keep, gone = survivor_of(entity, *pair.ids)
    if request.GET.get("keep") == str(gone):
        keep, gone = gone, keep
    asked = request.GET.get("prefer", "")
    prefer = Prefer(asked) if asked in PREFERENCES else Prefer.SOURCES
    sides = sides_of(entity, keep, gone, prefer)
    place, count, following = shown.place_of(pair, request.user)
    rows = {half.row.pk: half.row for half in (one, other)}
    context: dict[str, Any] = {
        "pair": pair,
        "one": one,
        "other": other,
        "halves": (one, other),
        "keep": keep,
        "choices": shown.choices_of(entity, one.row, other.row, keep, sides),
        "moving": shown.moving_with(entity, rows[keep], rows[gone], sides),
        "reasons": shown.reasons_of(pair),
        "question": ASK[entity],
        "two": TWO[entity],
        "kind": KIND_OF[entity],
        "is_contact": entity is Entity.CONTACT,
        "is_apart": pair.state == PairState.APART,
        "place": place,
        "count": count,
        "skip_url": next_url(pair, following),
        "prefer": prefer.value,
        "problem": problem,
        "next": safe_next(request, ""),
    }
    return render(request, "desk/merge.html", context, status=422 if problem else 200)


def _choose(request: StaffRequest, entity: Entity, pk: int) -> HttpResponse:
    visible = shown.model_of(entity).objects.visible_to(request.user)
    row = get_object_or_404(visible, pk=pk)
    came_from = safe_next(request, "")
    if request.method == "POST":
        other = request.POST.get("other", "")
        found = visible.filter(pk=int(other)).first() if other.isdecimal() else None
        if found is None or found.pk == row.pk:
            raise Http404
        pair = pair_of(entity=entity, one=row.pk, other=found.pk)
        query = f"?{urlencode({'next': came_from})}" if came_from else ""
        return redirect(f"{reverse('desk:duplicate', args=[pair.pk])}{query}")
    words = request.GET.get("q", "").strip()[:100]
    context = {
        "row": row,
        "words": words,
        "halves": shown.candidates(entity, row, words, request.user),
        "kind": KIND_OF[entity],
        "is_contact": entity is Entity.CONTACT,
        "back": came_from or reverse(f"desk:{entity.value}", args=[row.pk]),
        "next": came_from,
        "list_url": reverse(f"desk:{KIND_OF[entity]}"),
    }
    return render(request, "desk/merge_with.html", context)
