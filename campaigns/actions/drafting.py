"""Start a campaign as a draft and change its text."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from campaigns.actions.rights import refuse_unless_allowed
from campaigns.models import Campaign, Template
from campaigns.querysets.audience import contacts_of
from campaigns.rules.plan import Plan
from campaigns.rules.states import EDITABLE, CampaignKind, CampaignState
from campaigns.rules.text import SMS_TEXT, Problem, fields_for, problems_in, unfilled
from campaigns.rules.words import campaign_name
from core.audit import record
from delivery.merge import is_filled
from delivery.rules.fields import Field
from portal.models import PortalConfiguration


class NotEditableError(Exception):
    """The campaign has started or was cancelled: its text stays as it was sent."""


class TextProblemError(ValueError):
    """The text cannot be kept or sent as it is; `problems` say what to change."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


@transaction.atomic
def draft_campaign(
    *,
    kind: str,
    audience: Mapping[str, Any],
    actor: User | None,
    template: Template | None = None,
) -> Campaign:
    """This will start a draft with the template's text, or the default text of its kind.

    Raises NotAllowedError, and UnknownSegmentError when the audience names no view.
    """
    refuse_unless_allowed(actor, kind)
    contacts_of(audience, actor)
    kind = CampaignKind(kind)
    subject, body, preheader = _text(kind, template)
    campaign = Campaign.objects.create(
        kind=kind,
        name=campaign_name(kind, Campaign.objects.filter(kind=kind).count() + 1),
        template=template,
        subject=subject,
        body=body,
        preheader=preheader,
        audience=dict(audience),
        created_by=actor,
    )
    record(
        actor=actor,
        verb="drafted",
        entity="campaign",
        entity_id=campaign.pk,
        label=campaign.name,
        facts={"kind": str(kind)},
    )
    return campaign


@transaction.atomic
def save_draft(  # noqa: PLR0913 - a draft is one flat row
    *,
    campaign: Campaign,
    name: str,
    subject: str,
    body: str,
    preheader: str = "",
    sms_text: str = "",
    plan: Plan | None = None,
) -> Campaign:
    """This will keep the text of a draft, and in which steps it goes out.

    Nothing is kept of a text with an unknown or forbidden merge field. Raises TextProblemError,
    NotEditableError.
    """
    problems = problems_in(campaign.kind, subject, body, sms_text)
    unsavable = [problem for problem in problems if problem.blocks_saving]
    if unsavable:
        raise TextProblemError(unsavable)
    steps = asdict(plan) if plan else {}
    _store(
        campaign,
        name=name,
        subject=subject,
        body=body,
        preheader=preheader,
        sms_text=sms_text,
        **steps,
    )
    return campaign


@transaction.atomic
def use_template(*, campaign: Campaign, template: Template | None) -> Campaign:
    """This will replace the text by a template's, or by the default text of the kind."""
    subject, body, preheader = _text(CampaignKind(campaign.kind), template)
    _store(campaign, template=template, subject=subject, body=body, preheader=preheader)
    return campaign


@transaction.atomic
def discard(*, campaign: Campaign, actor: User | None) -> None:
    """This will throw away a draft that was never started. Raises NotEditableError."""
    label = campaign.name
    drafts = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.DRAFT, mailing=None)
    if not drafts.delete()[0]:
        raise NotEditableError
    record(actor=actor, verb="discarded", entity="campaign", entity_id=campaign.pk, label=label)


def refuse_unsendable(campaign: Campaign) -> None:
    """This will raise TextProblemError when the text cannot be sent as it is."""
    problems = problems_of(campaign)
    if problems:
        raise TextProblemError(problems)


def problems_of(campaign: Campaign) -> list[Problem]:
    """This will name what keeps a campaign's text from being sent."""
    offered = fields_for(campaign.kind)
    used = unfilled(offered, campaign.subject, campaign.body, is_filled)
    texted = unfilled(offered, "", campaign.sms_text, is_filled, body_field=SMS_TEXT)
    found = problems_in(campaign.kind, campaign.subject, campaign.body, campaign.sms_text)
    return [*found, *used, *texted]


def fields_offered(kind: str) -> list[Field]:
    """This will give the merge fields of a kind that somebody fills."""
    return [field for field in fields_for(kind) if is_filled(field.name)]


def _text(kind: CampaignKind, template: Template | None) -> tuple[str, str, str]:
    """This will give subject, body and preheader to start from."""
    if template is None and kind is CampaignKind.INVITATION:
        portal = PortalConfiguration.load()
        return portal.invitation_subject, portal.invitation_body, ""
    chosen = template or Template.objects.of_kind(kind).filter(is_default=True).first()
    return (chosen.subject, chosen.body, chosen.preheader) if chosen else ("", "", "")


def _store(campaign: Campaign, **fields: Any) -> None:  # noqa: ANN401 - columns of a campaign
    fields["updated_at"] = timezone.now()
    kept = Campaign.objects.filter(pk=campaign.pk, state__in=EDITABLE).update(**fields)
    if not kept:
        raise NotEditableError
    for name, value in fields.items():
        setattr(campaign, name, value)
