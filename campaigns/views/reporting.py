"""What was sent and what became of it: the list of messages, one campaign, who was left out."""

import csv
from datetime import datetime
from io import StringIO
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from campaigns.actions.rights import EMAIL, INVITE, why_not_send
from campaigns.models import Campaign
from campaigns.querysets import held, report
from campaigns.querysets.mended import mended
from campaigns.querysets.overview import audience_words, lines
from campaigns.querysets.report import View
from campaigns.querysets.waves import waves_to_come
from campaigns.rules.audience import Reason
from campaigns.rules.states import (
    CAN_FOLLOW,
    ENDED,
    INVITING,
    STARTED,
    CampaignKind,
    CampaignState,
)
from campaigns.rules.words import KINDS
from core import keyset
from core.access import staff
from core.http import StaffRequest
from core.models import Configuration
from delivery.rules.safety import MOST_BOUNCED, MOST_COMPLAINED
from erp.rules.writing import is_risky
from jobs.models import Job

RIGHT = "campaigns.view_campaign"
EXPORT = "contacts.export_contacts"
MOVING = (CampaignState.PREPARING, CampaignState.SENDING)
STOP_POLLING = 286
PAGE = 25


@staff(RIGHT)
def campaigns(request: StaffRequest) -> HttpResponse:
    """This will list messages, the newest first, with what became of each."""
    rows = Campaign.objects.select_related("mailing", "created_by")
    kind = request.GET.get("kind", "")
    if kind in set(CampaignKind):
        rows = rows.filter(kind=kind)
    page = keyset.page(
        rows,
        sort="-newest",
        sorts={"newest": "pk"},
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=PAGE,
    )
    context = {
        "page": page,
        "tallies": report.tallies(page.rows),
        "kind": kind,
        "kinds": [(item.value, KINDS[item]) for item in CampaignKind],
        "may_send": request.user.has_perm(EMAIL),
    }
    return render(request, "campaigns/campaigns.html", context)


@staff(RIGHT)
def campaign(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show how far a campaign is; a draft opens in the composer for who may send it."""
    row = _campaign(pk)
    if row.state == CampaignState.DRAFT and _may_compose(request, row):
        return redirect("campaigns:compose", pk)
    context = _progress(request, row) | {
        "may_cancel": _may_cancel(request, row),
        "notes_answers": row.kind in INVITING and not why_not_send(request.user, row.kind),
        "waves": waves_to_come(row.mailing, timezone.now()) if row.mailing else [],
        "reminders": row.reminders.order_by("pk") if row.remind_after_days else [],
        "most_bounced": f"{MOST_BOUNCED * 100:g}",
        "most_complained": f"{MOST_COMPLAINED * 100:g}",
    }
    if row.mailing and row.started_at:
        view = _view(request)
        unit, pace = report.pace_of(row.mailing)
        context |= {
            "pace": pace,
            "pace_title": f"Sent per {unit}",
            "view": view,
            "views": _views(context["figures"], view),
            "page": keyset.page(
                report.recipients(row.mailing, view, row.started_at, request.user),
                sort="newest",
                sorts={"newest": "contact_id"},
                after=request.GET.get("after", ""),
                before=request.GET.get("before", ""),
                size=PAGE,
            ),
        }
    return render(request, "campaigns/campaign.html", context)


@staff(RIGHT)
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show the moving part of a campaign's page; 286 tells htmx that it has ended."""
    row = _campaign(pk)
    if not request.htmx:
        return redirect("campaigns:campaign", pk)
    status = STOP_POLLING if row.state in ENDED else 200
    response = render(request, "campaigns/_progress.html", _progress(request, row), status=status)
    if request.GET.get("was", row.state) != row.state:
        response["HX-Refresh"] = "true"  # the rest of the page tells of the state, too
    return response


@staff(RIGHT)
def left_out(request: StaffRequest, pk: int) -> HttpResponse:
    """This will list contacts that a campaign leaves out, with the reason of each."""
    row = _campaign(pk)
    reason = request.GET.get("reason", "")
    wanted = Reason(reason) if reason in set(Reason) else None
    pairs = list(held.pairs(row, request.user, timezone.now()))
    context = {
        "campaign": row,
        "reasons": lines(held.counts(pairs)),
        "reason": wanted,
        "total": len(pairs),
        "rows": held.first_rows(pairs, wanted),
        "shown": held.SHOWN,
        "days": Configuration.load().pause_days,
    }
    return render(request, "campaigns/left_out.html", context)


@staff(RIGHT, EXPORT)
def left_out_file(request: StaffRequest, pk: int) -> StreamingHttpResponse:
    """This will give everybody who is left out as a CSV file, one reason each."""
    row = _campaign(pk)
    cells = held.as_cells(held.pairs(row, request.user, timezone.now()))
    return StreamingHttpResponse(
        (_csv_line(line) for line in cells),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="left-out-{row.pk}.csv"'},
    )


def _campaign(pk: int) -> Campaign:
    rows = Campaign.objects.select_related(
        "mailing", "started_by", "created_by", "template", "reminder_of"
    )
    return get_object_or_404(rows, pk=pk)


def _may_compose(request: StaffRequest, row: Campaign) -> bool:
    user = request.user
    return user.has_perm(EMAIL) and (row.kind not in INVITING or user.has_perm(INVITE))


def _may_cancel(request: StaffRequest, row: Campaign) -> bool:
    can_follow = CAN_FOLLOW[CampaignState(row.state)]
    is_draft = row.state == CampaignState.DRAFT
    return CampaignState.CANCELLED in can_follow and not is_draft and _may_compose(request, row)


def _progress(request: StaffRequest, row: Campaign) -> dict[str, Any]:
    """This will give what the moving part of the page shows."""
    now = timezone.now()
    context: dict[str, Any] = {
        "campaign": row,
        "reasons": lines({Reason(name): n for name, n in row.left_out.items()}),
        "audience_words": audience_words(row.audience),
        "configuration": Configuration.load(),
        "why_not": why_not_send(request.user, row.kind),
        "may_compose": _may_compose(request, row),
        "may_try_again": row.state in STARTED and not why_not_send(request.user, row.kind),
        "is_moving": row.state in MOVING,
        "job": Job.objects.filter(singleton=row.job_key).newest_first().first(),
    }
    if row.mailing and row.started_at:
        figures = report.figures(row.mailing, row.started_at)
        context |= {
            "figures": figures,
            "mended": _mended(row, now) if figures.bounced else 0,
            "minutes_left": report.minutes_left(row.mailing, figures.waiting, row.started_at, now),
        }
    return context


def _mended(row: Campaign, now: datetime) -> int:
    """This will count those who can get the message at a new address."""
    if row.state not in STARTED:
        return 0
    return sum(len(keys) for keys in mended(row, now).values())


def _view(request: StaffRequest) -> View:
    wanted = request.GET.get("view", "")
    return View(wanted) if wanted in set(View) else View.ALL


def _views(figures: report.Figures, current: View) -> list[dict[str, Any]]:
    return [
        {
            "url": f"?view={view.value}",
            "label": report.VIEW_LABELS[view],
            "count": count,
            "current": view is current,
        }
        for view, count in report.view_counts(figures).items()
    ]


def _csv_line(cells: tuple[str, ...]) -> str:
    """This will write one line of CSV; nothing in it is run as a formula by a spreadsheet."""
    line = StringIO()
    csv.writer(line).writerow(f"'{cell}" if is_risky(cell) else cell for cell in cells)
    return line.getvalue()
