"""The composer: who gets it, the text, and how it looks to a real recipient."""

from csp.decorators import csp
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaigns.actions import drafting
from campaigns.actions.rights import EMAIL
from campaigns.forms import ComposeForm
from campaigns.models import Template
from campaigns.views.composer import (
    MESSAGE_POLICY,
    campaign_to_send,
    compose_page,
    keep,
    preview_context,
    recipient,
    text_notes,
)
from contacts.rules.segments import UnknownSegmentError
from core.access import staff
from core.http import StaffRequest
from delivery.actions.rendering import render_draft


@staff(EMAIL)
def compose(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show a draft with its audience and preview; one that has started has a page."""
    campaign = campaign_to_send(request, pk)
    if not campaign.is_editable:
        return redirect("campaigns:campaign", pk)
    try:
        asked = "schedule" if request.GET.get("dialog") == "schedule" else ""
        return compose_page(request, campaign, dialog=asked)
    except UnknownSegmentError as unknown:
        messages.error(
            request, f"{campaign.name} was made for the view “{unknown}”, which is gone."
        )
        return redirect("campaigns:campaigns")


@require_POST
@staff(EMAIL)
def save(request: StaffRequest, pk: int) -> HttpResponse:
    """This will keep what was typed, or name what cannot be kept; typing on is no failure."""
    campaign = campaign_to_send(request, pk)
    form = ComposeForm(campaign.kind, request.POST)
    kept = keep(campaign, form)
    if request.htmx:
        context = {"campaign": campaign, "form": form, "kept": kept, **text_notes(campaign)}
        response = render(request, "campaigns/_saved.html", context)
        if kept:
            response["HX-Trigger"] = "draft-saved"
        return response
    if not kept:
        return compose_page(request, campaign, form)
    messages.info(request, "Draft saved")
    return redirect("campaigns:compose", pk)


@require_POST
@staff(EMAIL)
def use_template(request: StaffRequest, pk: int) -> HttpResponse:
    """This will replace the text by the chosen template's."""
    campaign = campaign_to_send(request, pk)
    wanted = request.POST.get("template", "")
    chosen = Template.objects.of_kind(campaign.kind)
    template = get_object_or_404(chosen, pk=wanted) if wanted.isdecimal() else None
    try:
        drafting.use_template(campaign=campaign, template=template)
    except drafting.NotEditableError:
        return redirect("campaigns:campaign", pk)
    return redirect("campaigns:compose", pk)


@staff(EMAIL)
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show the message as one recipient gets it; the composer's right side."""
    campaign = campaign_to_send(request, pk)
    if not request.htmx:
        return redirect("campaigns:compose", pk)
    context = {"campaign": campaign, **preview_context(request, campaign)}
    return render(request, "campaigns/_preview.html", context)


@csp(MESSAGE_POLICY)  # type: ignore[arg-type]  # its type knows plain requests only
@staff(EMAIL)
def preview_message(request: StaffRequest, pk: int) -> HttpResponse:
    """This will give the HTML of the message itself, for the frame of the preview."""
    campaign = campaign_to_send(request, pk)
    contact = recipient(request, campaign).contact
    if contact is None:
        raise Http404
    rendered = render_draft(
        subject=campaign.subject,
        body=campaign.body,
        preheader=campaign.preheader,
        contact=contact,
        purpose=campaign.kind,
    )
    return HttpResponse(rendered.html, headers={"Cache-Control": "no-store"})
