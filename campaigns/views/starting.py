"""A selection of the contact list becomes a draft."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from campaigns.actions.drafting import draft_campaign
from campaigns.actions.rights import EMAIL, INVITE, NotAllowedError
from campaigns.forms import NewForm
from campaigns.rules.states import INVITING
from contacts.rules.segments import UnknownSegmentError
from core.access import staff
from core.http import StaffRequest, safe_next


@require_POST
@staff(EMAIL)
def new(request: StaffRequest) -> HttpResponse:
    """This will start a draft for the selected contacts and lead to the composer."""
    form = NewForm(request.POST)
    if not form.is_valid():
        return _back(
            request, " ".join(str(error) for found in form.errors.values() for error in found)
        )
    kind = form.cleaned_data["kind"]
    if kind in INVITING and not request.user.has_perm(INVITE):
        raise PermissionDenied(INVITE)
    try:
        campaign = draft_campaign(
            kind=kind,
            audience=form.cleaned_data["audience"],
            actor=request.user,
            template=form.cleaned_data["template"],
        )
    except NotAllowedError as refusal:
        return _back(request, str(refusal))
    except UnknownSegmentError as unknown:
        return _back(request, f"There is no view called “{unknown}”. Choose one of the list.")
    return redirect("campaigns:compose", campaign.pk)


def _back(request: StaffRequest, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect(safe_next(request, "/"))
