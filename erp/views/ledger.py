"""The figures of corrections on their way to the ERP, which several pages show."""

from typing import Any

from django.db.models import Count, Min, Q

from contacts.models import Source
from core.http import StaffRequest
from erp.actions.write_back import counts_of
from erp.models import WriteBackLine
from erp.rules.states import OPEN_LINES, LineState


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
        not_applied=Min("exported_at", filter=Q(state=LineState.NOT_APPLIED)),
    )
    return {
        "counts": counts,
        "oldest": waiting,
        "open_count": sum(counts[state.value] for state in OPEN_LINES),
        "not_in_erp": counts["to_export"] + counts["not_applied"],
        "all_count": sum(n for state, n in counts.items() if state != LineState.WITHDRAWN),
        "need_person": counts["not_applied"] + counts["conflict"],
    }
