"""Try a message on oneself, send it, set its time; pause, resume and cancel it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns.actions import launching, reminding, steering
from campaigns.actions.drafting import NotEditableError, TextProblemError
from campaigns.actions.drafting import discard as discard_draft
from campaigns.actions.rights import EMAIL, NotAllowedError
from campaigns.actions.testing import NoAddressError, send_test
from campaigns.forms import ComposeForm, ScheduleForm
from campaigns.models import Campaign
from campaigns.rules.states import CampaignState
from campaigns.views.composer import campaign_to_send, compose_page, keep, recipient
from contacts.models import Contact
from core.access import staff
from core.http import StaffRequest, safe_next, say_and_go
from jobs.queue import AlreadyRunningError

STARTED = "Somebody else has started or cancelled this message."


@require_POST
@staff(EMAIL)
def test(request: StaffRequest, pk: int) -> HttpResponse:
    """This will send the message to oneself, with the data of the recipient in the preview."""
    campaign = campaign_to_send(request, pk)
    form = ComposeForm(campaign.kind, request.POST)
    if not keep(campaign, form):
        return compose_page(request, campaign, form)
    contact = recipient(request, campaign).contact
    try:
        send_test(campaign=campaign, contact=contact, actor=request.user)
    except (NoAddressError, NotAllowedError, TextProblemError) as refusal:
        form.add_error(None, str(refusal))
        return compose_page(request, campaign, form)
    return say_and_go(request, f"Test sent to {request.user.email}", "campaigns:compose", pk)


@staff(EMAIL)
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """This will ask once more before a message goes out; the page of the dialog."""
    campaign = campaign_to_send(request, pk)
    if not campaign.is_editable:
        return redirect("campaigns:campaign", pk)
    return compose_page(request, campaign, dialog="confirm")


@require_POST
@staff(EMAIL)
def send(request: StaffRequest, pk: int) -> HttpResponse:
    """This will keep the text and start the campaign; a second click finds it started."""
    campaign = campaign_to_send(request, pk)
    form = ComposeForm(campaign.kind, request.POST)
    if not campaign.is_editable:
        return redirect("campaigns:campaign", pk)
    if not keep(campaign, form):
        return _not_kept(request, campaign, form)
    expected = form.cleaned_data["expected"] or 0
    try:
        launching.launch(campaign=campaign, actor=request.user, expected=expected)
    except (NotAllowedError, TextProblemError) as refusal:
        form.add_error(None, str(refusal))
        return compose_page(request, campaign, form)
    except launching.AlreadyStartedError:
        messages.warning(request, STARTED)
    return redirect("campaigns:campaign", pk)


@require_POST
@staff(EMAIL)
def schedule(request: StaffRequest, pk: int) -> HttpResponse:
    """This will keep the text and set the time at which the campaign starts."""
    campaign = campaign_to_send(request, pk)
    form, times = ComposeForm(campaign.kind, request.POST), ScheduleForm(request.POST)
    if not (times.is_valid() and keep(campaign, form)):
        return compose_page(request, campaign, form, times, dialog="schedule")
    try:
        launching.schedule(
            campaign=campaign,
            start_at=times.start_at(),
            actor=request.user,
            now=timezone.now(),
            expected=form.cleaned_data["expected"] or 0,
        )
    except launching.TimePassedError:
        times.add_error("time", "This time has passed. Choose a later one.")
        return compose_page(request, campaign, form, times, dialog="schedule")
    except (NotAllowedError, TextProblemError) as refusal:
        form.add_error(None, str(refusal))
        return compose_page(request, campaign, form)
    except launching.AlreadyStartedError:
        messages.warning(request, STARTED)
    return redirect("campaigns:campaign", pk)


@require_POST
@staff(EMAIL)
def unschedule(request: StaffRequest, pk: int) -> HttpResponse:
    """This will make a draft of a campaign that waits for its time."""
    campaign = campaign_to_send(request, pk)
    try:
        launching.unschedule(campaign=campaign, actor=request.user)
    except launching.AlreadyStartedError:
        messages.warning(request, STARTED)
    return redirect("campaigns:campaign", pk)


@require_POST
@staff(EMAIL)
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    """This will throw a draft away."""
    campaign = campaign_to_send(request, pk)
    try:
        discard_draft(campaign=campaign, actor=request.user)
    except NotEditableError:
        messages.warning(request, STARTED)
        return redirect("campaigns:campaign", pk)
    return say_and_go(request, f"{campaign.name} discarded", "campaigns:campaigns")


@require_POST
@staff(EMAIL)
def prepare(request: StaffRequest, pk: int) -> HttpResponse:
    """This will go on preparing messages after the job has stopped."""
    campaign = get_object_or_404(Campaign, pk=pk, state=CampaignState.PREPARING)
    try:
        launching.prepare(campaign=campaign, actor=request.user)
    except AlreadyRunningError:
        messages.info(request, "It is going on already")
    return redirect("campaigns:campaign", pk)


@require_POST
@staff(EMAIL)
def pause(request: StaffRequest, pk: int) -> HttpResponse:
    """This will keep senders from starting another message."""
    return _steer(request, pk, steering.pause)


@require_POST
@staff(EMAIL)
def resume(request: StaffRequest, pk: int) -> HttpResponse:
    """This will let senders go on."""
    return _steer(request, pk, steering.resume)


@require_POST
@staff(EMAIL)
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """This will end a campaign; what waits is withdrawn."""
    return _steer(request, pk, steering.cancel)


@require_POST
@staff(EMAIL)
def send_again(request: StaffRequest, pk: int) -> HttpResponse:
    """This will send what failed or may have been lost once more."""
    return _steer(request, pk, steering.send_again, "{} sent again")


@require_POST
@staff(EMAIL)
def send_mended(request: StaffRequest, pk: int) -> HttpResponse:
    """This will send to those who have another address since the message came back."""
    return _steer(request, pk, steering.send_to_mended, "{} on the way to new addresses")


@require_POST
@staff(EMAIL)
def leave_unknown(request: StaffRequest, pk: int) -> HttpResponse:
    """This will leave what may have been lost unsent."""
    return _steer(request, pk, steering.leave_unknown, "{} left as they are")


@require_POST
@staff(EMAIL)
def answered(request: StaffRequest, pk: int) -> HttpResponse:
    """This will note that somebody has answered, or with `undo` that it was somebody else."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    if request.POST.get("undo"):
        reminding.forget_reply(contact=contact, actor=request.user)
        messages.info(request, f"{contact} can be reminded again")
    else:
        reminding.note_reply(contact=contact, actor=request.user)
        messages.success(request, f"{contact} answered: no more reminders")
    return redirect(safe_next(request, "/messages/"))


def _not_kept(request: StaffRequest, campaign: Campaign, form: ComposeForm) -> HttpResponse:
    """This will show what to mend; who was a moment too late sees that it has started."""
    campaign.refresh_from_db()
    if campaign.is_editable:
        return compose_page(request, campaign, form)
    messages.warning(request, STARTED)
    return redirect("campaigns:campaign", campaign.pk)


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count:,} messages"


def _steer(
    request: StaffRequest, pk: int, verb: Callable[..., int | None], done: str = ""
) -> HttpResponse:
    campaign = get_object_or_404(Campaign, pk=pk)
    try:
        count = verb(campaign=campaign, actor=request.user)
    except NotAllowedError as refusal:
        messages.error(request, str(refusal))
    except steering.WrongStateError:
        words = campaign.get_state_display().lower()
        messages.warning(request, f"Nothing changed: this message is {words} already.")
    else:
        if done:
            messages.success(request, done.format(_messages(count or 0)))
    return redirect("campaigns:campaign", pk)
