"""The figures and views of corrections on their way to the ERP, which several pages show."""

from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse

from contacts.models import Source
from core.http import StaffRequest
from erp.actions.write_back import counts_of
from erp.models import WriteBackLine
from erp.rules.states import OPEN_LINES, LineState

OPEN = "open"
VIEWS = {
    OPEN: "Open",
    LineState.TO_EXPORT.value: "To export",
    LineState.EXPORTED.value: "Exported",
    LineState.NOT_APPLIED.value: "Not applied",
    LineState.CONFLICT.value: "Conflict",
    LineState.CONFIRMED.value: "Confirmed",
    LineState.WITHDRAWN.value: "Withdrawn",
}


def source_of(request: StaffRequest) -> Source | None:
    """This will give the source asked for, else the one with most corrections open."""
    sources = Source.objects.annotate(
        waiting=Count("lines", filter=Q(lines__state__in=OPEN_LINES))
    ).order_by("-waiting", "-pk")
    wanted = request.GET.get("source", "") or request.POST.get("source", "")
    found = sources.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    return found or sources.first()


def counts_with_ages(source: Source) -> dict[str, Any]:
    """This will count a source's corrections by state, with since when the oldest waits."""
    counts = counts_of(source)
    waiting = WriteBackLine.objects.filter(source=source).aggregate(
        to_export=Min("created_at", filter=Q(state=LineState.TO_EXPORT)),
        exported=Min("exported_at", filter=Q(state=LineState.EXPORTED)),
        not_applied=Min("exported_at", filter=Q(state=LineState.NOT_APPLIED)),
        conflict=Min("settled_at", filter=Q(state=LineState.CONFLICT)),
    )
    return {
        "counts": counts,
        "oldest": waiting,
        "open_count": sum(counts[state.value] for state in OPEN_LINES),
        "not_in_erp": counts["to_export"] + counts["not_applied"],
        "all_count": sum(n for state, n in counts.items() if state != LineState.WITHDRAWN),
        "need_person": counts["not_applied"] + counts["conflict"],
    }


def ledger_views(source: Source, wanted: str, counts: dict[str, Any]) -> list[dict[str, Any]]:
    """This will give the tabs of the ledger with their numbers."""
    numbers = {OPEN: counts["open_count"], **counts["counts"]}
    ledger = reverse("erp:write_back")
    return [
        {
            "url": f"{ledger}?source={source.pk}&state={state}",
            "label": words,
            "count": numbers[state],
            "current": state == wanted,
        }
        for state, words in VIEWS.items()
    ]


def ledger_of(source: Source) -> str:
    """This will give the address of a source's ledger."""
    return f"{reverse('erp:write_back')}?source={source.pk}"
