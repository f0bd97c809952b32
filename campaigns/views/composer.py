"""What the composer's page and its parts show."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from campaigns.actions.drafting import (
    NotEditableError,
    fields_offered,
    problems_of,
    save_draft,
)
from campaigns.actions.rights import INVITE, why_not_send
from campaigns.forms import ComposeForm, ScheduleForm
from campaigns.models import Campaign, SenderCheck, Template
from campaigns.querysets.audience import contacts_of
from campaigns.querysets.overview import (
    audience_words,
    first_recipients,
    lines,
    list_query,
    overview,
    recipient_beside,
)
from campaigns.rules.plan import reminds
from campaigns.rules.schedule import minutes_for
from campaigns.rules.states import INVITING
from campaigns.rules.text import names_somebody
from contacts.models import Contact
from core.http import StaffRequest
from core.models import Configuration
from delivery.actions.rendering import render_draft, render_draft_text
from delivery.rules.texting import parts

# A message carries its own styles; nothing in it may run, load, or leave its frame.
MESSAGE_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-same-origin"],
}
# What the preview can look like: its name in addresses, its icon, its word.
SHAPES = {
    "desktop": ("desk", "Desktop"),
    "phone": ("phone", "Phone"),
    "text": ("text", "Plain text"),
    "sms": ("phone", "SMS"),
}


@dataclass(frozen=True)
class Recipient:
    """Whose message the preview shows, and the how manyth of all recipients that is."""

    contact: Contact | None
    at: int


def campaign_to_send(request: StaffRequest, pk: int) -> Campaign:
    """This will look a campaign up for somebody who may send its kind."""
    campaign = get_object_or_404(Campaign, pk=pk)
    if campaign.kind in INVITING and not request.user.has_perm(INVITE):
        raise PermissionDenied(INVITE)
    return campaign


def keep(campaign: Campaign, form: ComposeForm) -> bool:
    """This will save a valid form; false when there is something to mend."""
    if not form.is_valid():
        return False
    try:
        save_draft(campaign=campaign, plan=form.plan(), **form.text())
    except NotEditableError:
        form.add_error(None, "This message has started. Its text stays as it was sent.")
        return False
    return True


def compose_page(
    request: StaffRequest,
    campaign: Campaign,
    form: ComposeForm | None = None,
    schedule_form: ScheduleForm | None = None,
    dialog: str = "",
) -> HttpResponse:
    """This will render the composer; with errors when a form has some."""
    found = overview(
        campaign.audience,
        campaign.kind,
        user=request.user,
        now=moment_of(campaign),
        sms_text=campaign.sms_text,
    )
    to_send = found.split.to_send
    form = form or ComposeForm(campaign.kind, initial=_text_of(campaign, len(to_send)))
    context = {
        "campaign": campaign,
        "form": form,
        "schedule_form": schedule_form or ScheduleForm(initial=_start_of(campaign)),
        "dialog": dialog,
        "overview": found,
        "to_send": len(to_send),
        "nameless": found.nameless if names_somebody(campaign.subject + campaign.body) else 0,
        "waves": campaign.plan.waves(len(to_send)),
        "reminds": reminds(campaign.kind),
        "sender": SenderCheck.load(),
        "minutes": minutes_for(len(to_send), Configuration.load().messages_per_minute),
        "reasons": lines(found.split.counts()),
        "audience_words": audience_words(campaign.audience),
        "audience_query": list_query(campaign.audience),
        "templates": Template.objects.of_kind(campaign.kind).by_name(),
        "why_not": why_not_send(request.user, campaign.kind),
        "time_zone": settings.TIME_ZONE,
        **text_notes(campaign),
        **preview_context(request, campaign),
        "of": len(to_send),
    }
    failed = form.errors or (schedule_form is not None and schedule_form.errors)
    return render(request, "campaigns/compose.html", context, status=422 if failed else 200)


def text_notes(campaign: Campaign) -> dict[str, Any]:
    """This will say what stops the text as it is kept from being sent, and which fields it has."""
    return {
        "problems": problems_of(campaign),
        "fields": fields_offered(campaign.kind),
    }


def preview_context(request: StaffRequest, campaign: Campaign) -> dict[str, Any]:
    """This will render the draft as one recipient gets it, in the shape that was asked for."""
    shown = recipient(request, campaign)
    shape = request.GET.get("as", "")
    rendered = None
    if shown.contact is not None:
        rendered = render_draft(
            subject=campaign.subject,
            body=campaign.body,
            preheader=campaign.preheader,
            contact=shown.contact,
            purpose=campaign.kind,
        )
    people = first_recipients(
        campaign.audience,
        campaign.kind,
        user=request.user,
        now=moment_of(campaign),
        sms_text=campaign.sms_text,
    )
    shapes = [(name, *look) for name, look in SHAPES.items() if name != "sms" or campaign.sms_text]
    if rendered is not None and shown.contact and shape == "sms" and campaign.sms_text:
        as_text = render_draft_text(
            sms_text=campaign.sms_text, contact=shown.contact, purpose=campaign.kind
        )
        rendered = replace(rendered, text=as_text.text)
    return {
        "shown": shown,
        "people": people,
        "is_listed": shown.contact in people,
        "rendered": rendered,
        "shapes": shapes,
        "shape": shape if shape in {name for name, *_ in shapes} else "desktop",
        "parts": parts(rendered.text) if rendered is not None and shape == "sms" else 0,
        "of": _number(request.GET.get("of", "")),
    }


def recipient(request: StaffRequest, campaign: Campaign) -> Recipient:
    """This will find the recipient to show: the one named, the one beside it, or the first.

    `who` holds the contact and its place, "812-3"; `go` is next or previous.
    """
    named, _, place = (request.GET.get("who") or request.POST.get("who") or "").partition("-")
    asked = {
        "audience": campaign.audience,
        "kind": campaign.kind,
        "user": request.user,
        "sms_text": campaign.sms_text,
    }
    key, at = _number(named), _number(place) or 1
    step = {"next": 1, "previous": -1}.get(request.GET.get("go", ""), 0)
    if key and step:
        beside = recipient_beside(**asked, now=moment_of(campaign), at=key, step=step)
        if beside is not None:
            return Recipient(beside, max(1, at + step))
    if key:
        contacts = contacts_of(campaign.audience, request.user)
        contact = contacts.select_related("customer").filter(pk=key).first()
        if contact is not None:
            return Recipient(contact, at)
    return Recipient(recipient_beside(**asked, now=moment_of(campaign), at=0, step=1), 1)


def moment_of(campaign: Campaign) -> datetime:
    """This will give when a campaign starts: who was mailed lately is free again by then."""
    return max(timezone.now(), campaign.start_at or timezone.now())


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0  # noqa: PLR2004 - bigint


def _text_of(campaign: Campaign, expected: int) -> dict[str, Any]:
    return {
        "name": campaign.name,
        "subject": campaign.subject,
        "preheader": campaign.preheader,
        "body": campaign.body,
        "sms_text": campaign.sms_text,
        "expected": expected,
        **{name: number or None for name, number in asdict(campaign.plan).items()},
    }


def _start_of(campaign: Campaign) -> dict[str, Any]:
    """This will offer the time that is set, else tomorrow at nine."""
    start = campaign.start_at and timezone.localtime(campaign.start_at)
    if start is None:
        start = timezone.localtime() + timedelta(days=1)
        start = start.replace(hour=9, minute=0)
    return {"day": start.date(), "time": start.time()}
