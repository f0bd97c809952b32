"""The sender's domain, as mailbox providers see it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from campaigns.actions.preflight import checks_of, look_again
from campaigns.forms import SenderForm
from campaigns.models import SenderCheck
from core.access import staff
from core.http import StaffRequest
from delivery.models import DeliveryEvent

RIGHT = "campaigns.view_campaign"
CHANGE = "core.change_configuration"


@staff(RIGHT)
def sender(request: StaffRequest) -> HttpResponse:
    """This will show what is right, and what to put into DNS."""
    return _page(request, SenderForm(instance=SenderCheck.load()))


@require_POST
@staff(CHANGE)
def check(request: StaffRequest) -> HttpResponse:
    """This will keep the selector and have the domain looked at now."""
    form = SenderForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    look_again(selector=form.cleaned_data["selector"], actor=request.user)
    messages.info(request, "DNS is asked about your domain")
    return redirect("campaigns:sender")


def _page(request: StaffRequest, form: SenderForm) -> HttpResponse:
    row = SenderCheck.load()
    context = {
        "row": row,
        "checks": checks_of(row),
        "form": form,
        "may_change": request.user.has_perm(CHANGE),
        "last_report": DeliveryEvent.objects.order_by("-pk").first(),
    }
    status = 422 if form.errors else 200
    return render(request, "campaigns/sender.html", context, status=status)
