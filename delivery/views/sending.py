"""Who sends, what waits, and what a person must settle before anything goes out again."""

from datetime import timedelta

from django.db.models import Min
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.access import staff
from core.http import StaffRequest, say_and_go
from delivery.actions.guarding import let_send
from delivery.models import DeliveryEvent, Message, ReportBody, Sender, SendingState
from delivery.rules.states import MessageState

VIEW = "delivery.view_suppression"
CHANGE = "delivery.change_suppression"
# A sender gives a sign of life with every sweep; after a few it is missed.
MISSED = timedelta(minutes=2)
SHOWN = 20


@staff(VIEW)
def sending(request: StaffRequest) -> HttpResponse:
    """This will show the senders, the queue and whether anything is held."""
    now = timezone.now()
    due = Message.objects.due(now)
    context = {
        "state": SendingState.objects.filter(pk=SendingState.ONLY).first(),
        "senders": [
            (sender, now - sender.seen_at < MISSED)
            for sender in Sender.objects.order_by("-seen_at")[:SHOWN]
        ],
        "due": due.count(),
        "oldest": due.aggregate(at=Min("not_before"))["at"],
        "unknown": Message.objects.filter(state=MessageState.UNKNOWN).count(),
        "parked": DeliveryEvent.objects.filter(applied_at=None).count()
        + ReportBody.objects.filter(trouble="").count(),
        "versions": set(
            Sender.objects.filter(seen_at__gt=now - MISSED).values_list("version", flat=True)
        ),
        "may_change": request.user.has_perm(CHANGE),
    }
    return render(request, "delivery/sending.html", context)


@require_POST
@staff(VIEW, CHANGE)
def go_on(request: StaffRequest) -> HttpResponse:
    """This will let mail go out again after a restore."""
    if not let_send(actor=request.user):
        return redirect("delivery:sending")
    return say_and_go(request, "Mail goes out again", "delivery:sending")
