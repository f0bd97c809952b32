"""The outbox: what is sent, to whom, and what came back. The database is the queue."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from contacts.models import Contact
from core.choices import choices_of
from delivery.querysets import MessageQuerySet, SuppressionQuerySet
from delivery.rules.states import (
    Channel,
    MailingState,
    MessageState,
    Purpose,
    SuppressionReason,
)


class Mailing(models.Model):
    """The frozen text and rules that senders read; a campaign keeps its own drafts elsewhere."""

    class Policy(models.TextChoices):
        """What happens to a message whose outcome was lost."""

        RESEND = "resend", "Send again"
        HOLD = "hold", "Hold until it is known"

    purpose = models.CharField(max_length=14, choices=choices_of(Purpose))
    name = models.CharField(max_length=120)
    subject = models.CharField(max_length=250)
    body = models.TextField(help_text="Staff text with merge fields.")
    preheader = models.CharField(max_length=200, blank=True)
    sms_text = models.TextField(
        blank=True, help_text="For those who are reached by text message; empty: nobody is."
    )
    sender_name = models.CharField(max_length=75)
    sender_email = models.EmailField()
    reply_to = models.EmailField(blank=True)
    policy = models.CharField(max_length=8, choices=Policy, default=Policy.RESEND)
    state = models.CharField(
        max_length=10, choices=choices_of(MailingState), default=MailingState.RUNNING.value
    )
    paused_because = models.CharField(max_length=250, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state"], name="delivery_mailing_state")]
        permissions: ClassVar = [("view_local_outbox", "Can read the local outbox")]

    def __str__(self) -> str:
        return self.name


class Message(models.Model):
    """One message to one recipient."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=14, choices=choices_of(Purpose))
    kind = models.CharField(max_length=40, help_text="invitation, password_reset, ...")
    mailing = models.ForeignKey(
        Mailing, models.PROTECT, null=True, blank=True, related_name="messages"
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="messages"
    )
    channel = models.CharField(
        max_length=5, choices=choices_of(Channel), default=Channel.EMAIL.value
    )
    address = models.CharField(max_length=320, help_text="An email address or a phone number.")
    address_key = models.CharField(max_length=320)
    round = models.PositiveSmallIntegerField(default=1)
    dedupe_key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - many have none
    state = models.CharField(
        max_length=10, choices=choices_of(MessageState), default=MessageState.QUEUED.value
    )
    subject = models.CharField(max_length=400, blank=True)
    html = models.TextField(blank=True)
    text = models.TextField(blank=True)
    not_before = models.DateTimeField()
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error_code = models.CharField(max_length=20, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    clicked_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)

    objects: ClassVar = MessageQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mailing", "contact", "round"],
                name="delivery_once_a_contact",
                condition=models.Q(mailing__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["mailing", "address_key", "round"],
                name="delivery_once_an_address",
                condition=models.Q(mailing__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["not_before", "id"],
                name="delivery_message_due",
                condition=models.Q(state="queued"),
            ),
            models.Index(
                fields=["lease_until"],
                name="delivery_message_leased",
                condition=models.Q(state__in=["leased", "sending"]),
            ),
            models.Index(fields=["mailing", "state"], name="delivery_message_counts"),
            models.Index(fields=["contact", "-created_at"], name="delivery_message_contact"),
            models.Index(fields=["address_key"], name="delivery_message_address"),
            models.Index(fields=["provider_id"], name="delivery_message_provider"),
            models.Index(fields=["-created_at", "id"], name="delivery_message_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}"


class ReportBody(models.Model):
    """What a provider has posted, as it came: answered at once, read by a worker, then dropped.

    One that nobody can read stays with the reason, for as long as files are kept.
    """

    provider = models.CharField(max_length=40)
    content_type = models.CharField(max_length=200)
    post_id = models.CharField(max_length=200, blank=True, help_text="Of some providers.")
    body = models.BinaryField()
    received_at = models.DateTimeField(auto_now_add=True)
    trouble = models.CharField(max_length=250, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["id"], name="delivery_body_waiting", condition=models.Q(trouble="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.received_at:%Y-%m-%d %H:%M}"


class DeliveryEvent(models.Model):
    """What was reported of a message: kept whole, applied once, in any order."""

    event_id = models.CharField(max_length=200, unique=True)
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="events")
    kind = models.CharField(max_length=20)
    address_key = models.CharField(max_length=320, blank=True)
    reference = models.CharField(max_length=200, blank=True, help_text="Message-ID or provider id.")
    reason = models.CharField(max_length=500, blank=True)
    facts = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                name="delivery_event_waiting",
                condition=models.Q(applied_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Sender(models.Model):
    """A process that sends, and when it last gave a sign of life."""

    name = models.CharField(max_length=120, unique=True, help_text="Machine and process.")
    version = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    accepted = models.PositiveBigIntegerField(default=0)
    trouble = models.CharField(max_length=250, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-seen_at"], name="delivery_sender_seen")]

    def __str__(self) -> str:
        return self.name


class SendingState(models.Model):
    """Which database this is, and how often it has sent: one row, made by the first sender.

    `turn` only grows, so that a database out of a backup is known by being behind.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    instance = models.UUIDField(default=uuid.uuid4)
    turn = models.PositiveBigIntegerField(default=0)
    held_because = models.CharField(max_length=250, blank=True)
    held_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="delivery_one_state", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return self.held_because or "Mail goes out"


class Suppression(models.Model):
    """An address that must not be mailed, for one purpose or for all (an empty purpose)."""

    address_key = models.CharField(max_length=320)
    purpose = models.CharField(max_length=14, choices=choices_of(Purpose), blank=True)
    reason = models.CharField(max_length=14, choices=choices_of(SuppressionReason))
    note = models.CharField(max_length=250, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True)

    objects: ClassVar = SuppressionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["address_key", "purpose", "reason"],
                name="delivery_suppressed_once",
                condition=models.Q(lifted_at=None),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["address_key"], name="delivery_suppressed_address")
        ]

    def __str__(self) -> str:
        return f"{self.address_key} ({self.reason})"
