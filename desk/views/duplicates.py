"""Likely duplicates: the list of pairs, and what is done to one of them or to all certain ones."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from contacts.actions.matching import keep_apart, rejoin
from contacts.actions.searching import merge_certain_later, search_later
from contacts.models import Duplicate
from contacts.rules.words import Entity
from core import keyset
from core.access import staff
from core.http import StaffRequest, safe_next, say_and_go
from desk.filters import values_of
from desk.querysets import duplicates as shown
from desk.querysets.duplicates import PAIR_SORTS
from desk.rules import duplicates as reading
from desk.rules.duplicates import KIND_OF, TWO, VIEW_LABELS, PairQuery, PairView
from jobs.models import Job
from jobs.queue import AlreadyRunningError

VIEW = "contacts.view_contact"
CHANGE = {Entity.CONTACT: "contacts.change_contact", Entity.CUSTOMER: "contacts.change_customer"}
EDIT = tuple(CHANGE.values())
UNDER_WAY = "That is under way already"


@staff(VIEW)
def duplicates(request: StaffRequest) -> HttpResponse:
    """This will show the pairs that match, the surest first."""
    query = reading.read(values_of(request.GET))
    counts = {entity: shown.counts(entity, request.user) for entity in KIND_OF}
    plain = not query.words
    page = keyset.page(
        shown.pairs(query, request.user),
        sort="-score",
        sorts=PAIR_SORTS,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        counted=counts[query.entity][query.view] if plain else None,
    )
    context = {
        "page": page,
        "lines": shown.lines_of(page.rows, query.entity),
        "query": query,
        "kind": KIND_OF[query.entity],
        "two": TWO[query.entity],
        "tabs": _tabs(query, counts),
        "waiting": sum(one[PairView.OPEN] for one in counts.values()),
        "certain": counts[query.entity][PairView.CERTAIN],
        "is_apart": query.view is PairView.APART,
        "may_edit": request.user.has_perms(EDIT),
        "searching": Job.objects.open().filter(singleton="contacts.match").first(),
    }
    return render(request, "desk/duplicates.html", context)


@require_POST
@staff(VIEW, "contacts.view_all_contacts", *EDIT)
def duplicates_search(request: StaffRequest) -> HttpResponse:
    """This will have the whole base looked through, unless that is being done already."""
    job = search_later(actor=request.user, everything=True)
    if job is None:
        return say_and_go(request, UNDER_WAY, "desk:duplicates")
    return redirect("jobs:progress", job.pk)


@require_POST
@staff(VIEW, *EDIT)
def duplicates_merge_certain(request: StaffRequest) -> HttpResponse:
    """This will have all certain pairs of one kind merged that the person may see."""
    entity = reading.read(values_of(request.POST)).entity
    try:
        job = merge_certain_later(entity=entity, actor=request.user)
    except AlreadyRunningError:
        return say_and_go(request, UNDER_WAY, "desk:duplicates")
    return redirect("jobs:progress", job.pk)


@require_POST
@staff(VIEW, *EDIT)
def duplicate_apart(request: StaffRequest, pk: int) -> HttpResponse:
    """This will remember that two rows are two, and go on with the next pair."""
    pair = pair_or_404(request, pk)
    _place, _count, following = shown.place_of(pair, request.user)
    if keep_apart(pair=pair, actor=request.user):
        undo_url = reverse("desk:duplicate_reopen", args=[pair.pk])
        messages.info(request, "Noted: these are two", extra_tags=undo_url)
    else:
        messages.info(request, "That was said before")
    return redirect(safe_next(request, next_url(pair, following)))


@require_POST
@staff(VIEW, *EDIT)
def duplicate_reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """This will put a pair back among those to decide."""
    pair = pair_or_404(request, pk)
    sentence = "Back in the list" if rejoin(pair=pair, actor=request.user) else "Nothing to change"
    messages.info(request, sentence)
    return redirect(safe_next(request, reverse("desk:duplicate", args=[pair.pk])))


def pair_or_404(request: StaffRequest, pk: int) -> Duplicate:
    """This will give a pair whose both sides are there and may be seen by the person."""
    pair = get_object_or_404(Duplicate, pk=pk)
    entity = Entity(pair.entity)
    visible = shown.model_of(entity).objects.visible_to(request.user)
    if visible.filter(pk__in=pair.ids).count() < len(pair.ids):
        raise Http404
    return pair


def next_url(pair: Duplicate, following: Duplicate | None) -> str:
    """This will lead to the next pair, or back to the list when that was the last one."""
    if following is not None:
        return reverse("desk:duplicate", args=[following.pk])
    return f"{reverse('desk:duplicates')}?{PairQuery(Entity(pair.entity))}"


def _tabs(query: PairQuery, counts: dict[Entity, dict[PairView, int]]) -> list[dict[str, Any]]:
    """This will give the views of both kinds; an empty one only while one stands on it."""
    return [
        {
            "url": f"?{PairQuery(entity, view)}",
            "label": f"{KIND_OF[entity].capitalize()}: {VIEW_LABELS[view].lower()}",
            "count": min(count, keyset.COUNT_LIMIT),
            "more": count > keyset.COUNT_LIMIT,
            "current": (entity, view) == (query.entity, query.view),
        }
        for entity in KIND_OF
        for view, count in counts[entity].items()
        if count or view is PairView.OPEN or (entity, view) == (query.entity, query.view)
    ]
