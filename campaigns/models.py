"""What is said, to whom, when."""

from dataclasses import fields
from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models

from campaigns.querysets.campaigns import CampaignQuerySet, LeftOutQuerySet, TemplateQuerySet
from campaigns.rules.audience import Reason
from campaigns.rules.plan import Plan
from campaigns.rules.preflight import Grade
from campaigns.rules.states import EDITABLE, CampaignKind, CampaignState
from core.choices import choices_of
from delivery.models import Mailing


class Template(models.Model):
    """A text to start from; a campaign keeps its own copy."""

    kind = models.CharField(max_length=14, choices=choices_of(CampaignKind))
    name = models.CharField(max_length=120)
    subject = models.CharField(max_length=250)
    body = models.TextField()
    preheader = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, default="en")
    is_default = models.BooleanField(default=False)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = TemplateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "language"], name="campaigns_template_name"),
            models.UniqueConstraint(
                fields=["kind", "language"],
                name="campaigns_one_default",
                condition=models.Q(is_default=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Campaign(models.Model):
    """One sending: its text, its audience, and where it stands."""

    kind = models.CharField(max_length=14, choices=choices_of(CampaignKind))
    name = models.CharField(max_length=120)
    template = models.ForeignKey(Template, models.SET_NULL, null=True, blank=True)
    subject = models.CharField(max_length=250)
    body = models.TextField()
    preheader = models.CharField(max_length=200, blank=True)
    sms_text = models.TextField(
        "text message",
        blank=True,
        help_text="For those who are reached by text message; empty: nobody is.",
    )
    audience = models.JSONField(
        default=dict,
        help_text='{"ids": [...]}, {"query": "the list\'s query string"} or {"segment": "name"}.',
    )
    expected = models.PositiveIntegerField(
        default=0, help_text="How many the page named when somebody pressed send."
    )
    selected = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=dict, help_text="How many for each reason, at the start.")
    state = models.CharField(
        max_length=10, choices=choices_of(CampaignState), default=CampaignState.DRAFT.value
    )
    start_at = models.DateTimeField(null=True, blank=True)
    pilot = models.PositiveIntegerField(
        default=0, help_text="Messages that go out first, picked from all; 0: no pilot."
    )
    pilot_ended_at = models.DateTimeField(null=True, blank=True)
    wave_size = models.PositiveIntegerField(
        default=0, help_text="Messages in each step; 0: all at once."
    )
    wave_hours = models.PositiveSmallIntegerField(default=24, help_text="Between two steps.")
    remind_after_days = models.PositiveSmallIntegerField(
        default=0, help_text="After the last message went out; 0: nobody is reminded."
    )
    remind_at_most = models.PositiveSmallIntegerField(default=1)
    reminder_of = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    reminder_number = models.PositiveSmallIntegerField(default=0)
    mailing = models.OneToOneField(
        Mailing, models.PROTECT, null=True, blank=True, related_name="campaign"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="drafted_campaigns"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="started_campaigns",
        help_text="Who pressed send or set the time; empty when a command did.",
    )
    by_command = models.BooleanField(
        default=False, help_text="Started on the server: sees the contacts of all customers."
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    tested_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = CampaignQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "start_at"], name="campaigns_campaign_due"),
            models.Index(fields=["-created_at", "id"], name="campaigns_campaign_newest"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reminder_of", "reminder_number"],
                name="campaigns_one_reminder",
                condition=models.Q(reminder_of__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_editable(self) -> bool:
        """Whether its text may still change."""
        return self.state in EDITABLE

    @property
    def plan(self) -> Plan:
        """In which steps it goes out, and whom it reminds."""
        return Plan(**{field.name: getattr(self, field.name) for field in fields(Plan)})

    @property
    def job_key(self) -> str:
        """The name under which only one job at a time prepares it."""
        return f"campaign {self.pk}"


class LeftOut(models.Model):
    """A selected contact that a campaign did not write to, with exactly one reason."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="left_out_contacts")
    contact = models.ForeignKey("contacts.Contact", models.CASCADE)
    reason = models.CharField(max_length=24, choices=choices_of(Reason))

    objects: ClassVar = LeftOutQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "contact"], name="campaigns_left_out_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "reason", "contact"], name="campaigns_left_out_why"),
        ]

    def __str__(self) -> str:
        return self.reason


class Reply(models.Model):
    """Somebody answered, by whatever way: no more reminders go to that contact."""

    contact = models.OneToOneField("contacts.Contact", models.CASCADE, related_name="reply")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    noted_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.contact} answered"


class SenderCheck(models.Model):
    """How the sender's domain looks to a mailbox provider: one row, written by a look at DNS."""

    ONLY = 1

    domain = models.CharField(max_length=255, blank=True)
    selector = models.CharField(
        "DKIM selector",
        max_length=63,
        blank=True,
        help_text="The part before ._domainkey in the record that your mail provider shows",
        validators=[RegexValidator(r"^[A-Za-z0-9_.-]+$", "Letters, digits, dots and dashes only")],
    )
    grade = models.CharField(max_length=8, choices=choices_of(Grade), default=Grade.UNKNOWN.value)
    checks = models.JSONField(default=list, help_text="Name, grade, sentence, record, wanted.")
    trouble = models.TextField(blank=True, help_text="Why DNS was not asked, in a sentence.")
    asked_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="campaigns_one_sender", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return self.domain

    @classmethod
    def load(cls) -> "SenderCheck":
        """This will give what was found last; nothing before the first look."""
        return cls._default_manager.filter(pk=cls.ONLY).first() or cls(pk=cls.ONLY)

    @property
    def is_looking(self) -> bool:
        """Whether somebody has asked for a look that has not come back."""
        return self.asked_at is not None and (
            self.checked_at is None or self.checked_at < self.asked_at
        )
