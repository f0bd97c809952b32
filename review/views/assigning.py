"""Share the queue: give ticked rows, or all of a filter, to a colleague."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.access import staff
from core.http import StaffRequest
from review.actions.assigning import assign as give
from review.forms import AssignForm
from review.querysets.queue import queue, reviewers
from review.views.queue import RIGHT, back, filter_of, open_findings

AT_MOST = 2_000


@require_POST
@staff(RIGHT)
def assign(request: StaffRequest) -> HttpResponse:
    """This will give contacts of the queue to a colleague, the surest first."""
    form = AssignForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Choose a colleague, and tick the contacts that he gets.")
        return redirect(back(request))
    to = reviewers().filter(pk=form.cleaned_data["to"]).first()
    if form.cleaned_data["to"] and to is None:
        messages.warning(request, "That colleague does not review. Choose somebody else.")
        return redirect(back(request))
    if form.cleaned_data["all"]:
        rows = queue(filter_of(request, request.POST), request.user).order_by("-confidence", "pk")
        keys = list(rows.values_list("contact_id", flat=True)[:AT_MOST])
    else:
        ticked = open_findings(request).filter(pk__in=form.cleaned_data["finding"])
        keys = list(ticked.values_list("contact_id", flat=True))
    count = give(contact_ids=keys, to=to, actor=request.user)
    messages.info(request, f"{count:,} contacts are for {to or 'nobody in particular'} now")
    return redirect(back(request))
