"""The customer's side: who was invited, who asked to join, who belongs to which account."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from contacts.models import Contact, Customer
from core.choices import choices_of
from portal.querysets.lists import (
    InvitationQuerySet,
    MembershipQuerySet,
    OneUseLinkQuerySet,
    RegistrationQuerySet,
)
from portal.rules.states import LIVE, InvitationState, LinkPurpose, RegistrationState

DEFAULT_SUBJECT = "[CompanyName]: your customer portal is ready"
DEFAULT_BODY = """Hello [ContactName],

here is a link to our customer portal for **[CustomerName]**. Sign up by following it.

[CustomerPortalLink]

You choose your own username and password. The link is only for you."""


class PortalConfiguration(models.Model):
    """The *Customer Portal* tab of the configuration: one row."""

    ONLY = 1

    class Reminder(models.TextChoices):
        """Which usernames a reminder names when several share one address."""

        ONE = "one", "The one used last"
        ALL = "all", "All of them"

    enabled = models.BooleanField("customer portal enabled", default=False)
    name = models.CharField("portal name", max_length=80, default="Customer portal")
    company_portal_url = models.URLField(
        blank=True, help_text="Where registered customers go on to; empty stays here."
    )
    invitation_subject = models.CharField(max_length=250, default=DEFAULT_SUBJECT)
    invitation_body = models.TextField(default=DEFAULT_BODY)
    invitation_days = models.PositiveIntegerField(
        default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    reset_minutes = models.PositiveIntegerField(
        default=120, validators=[MinValueValidator(5), MaxValueValidator(24 * 60)]
    )
    registration_minutes = models.PositiveIntegerField(
        default=120, validators=[MinValueValidator(5), MaxValueValidator(24 * 60)]
    )
    username_reminder = models.CharField(max_length=4, choices=Reminder, default=Reminder.ONE)

    class Meta:
        verbose_name = "customer portal"
        verbose_name_plural = "customer portal"
        constraints: ClassVar = [
            models.CheckConstraint(name="portal_one_configuration", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def load(cls) -> "PortalConfiguration":
        """This will give the one configuration; defaults when it was never saved."""
        return cls._default_manager.filter(pk=cls.ONLY).first() or cls(pk=cls.ONLY)


class Invitation(models.Model):
    """The key a contact got. Its link is derived from the row and its version, never stored."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="invitations")
    state = models.CharField(
        max_length=10, choices=choices_of(InvitationState), default=InvitationState.PENDING.value
    )
    version = models.PositiveIntegerField(default=1)
    sent_to = models.CharField(max_length=320, blank=True, help_text="Key of the address.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar = InvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact"],
                name="portal_one_live_invitation",
                condition=models.Q(state__in=[state.value for state in LIVE]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "expires_at"], name="portal_invitation_state"),
        ]
        permissions: ClassVar = [
            ("send_portal_invitation", "Can send customer portal invitations"),
            ("approve_registrations", "Can approve registrations"),
        ]

    def __str__(self) -> str:
        return f"{self.contact}: {self.state}"


class Registration(models.Model):
    """Somebody without an invitation who asked to join an account, and what he typed."""

    account_number = models.CharField(max_length=64, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    invoice_number = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=320)
    phone = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=14, choices=choices_of(RegistrationState))
    customer = models.ForeignKey(
        Customer, models.SET_NULL, null=True, help_text="The account that the facts matched."
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, help_text="The contact whose address is on file."
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=250, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = RegistrationQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "created_at"], name="portal_registration_state"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"


class Membership(models.Model):
    """Which user belongs to which account. Its key stands in addresses: ids would be guessable."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="memberships")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="memberships")
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True)

    objects: ClassVar = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "customer"], name="portal_member_once"),
            models.UniqueConstraint(fields=["contact"], name="portal_contact_is_one_member"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.customer}"


class OneUseLink(models.Model):
    """A link that works once and not for long; only the hash of its token is kept."""

    purpose = models.CharField(max_length=16, choices=choices_of(LinkPurpose))
    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True)
    contact = models.ForeignKey(Contact, models.CASCADE, null=True)
    registration = models.ForeignKey(Registration, models.CASCADE, null=True)
    sent_to = models.CharField(max_length=320, help_text="Key of the address.")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects: ClassVar = OneUseLinkQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="portal_link_of_somebody",
                condition=models.Q(user__isnull=False) | models.Q(contact__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="portal_link_expires")]

    def __str__(self) -> str:
        return self.purpose
