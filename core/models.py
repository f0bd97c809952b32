"""Configuration that more than one app reads, the audit trail, and the counters of rate limits."""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from core.rules.colour import is_readable
from core.rules.needed import Needed, read_needed


class Configuration(models.Model):
    """The company, its sender and its limits: one row, made by the first migration."""

    ONLY = 1

    company_name = models.CharField(max_length=120, default="Your company")
    postal_address = models.CharField(
        max_length=250, blank=True, help_text="Stands at the foot of every bulk email."
    )
    own_domains = models.TextField(
        blank=True, help_text="Email domains of your own staff, one a line."
    )
    allowed_domains = models.TextField(
        blank=True, help_text="Domains that no check may complain about, one a line."
    )
    sender_name = models.CharField(max_length=75, blank=True)
    sender_email = models.EmailField(default="portal@localhost.localdomain")
    reply_to = models.EmailField(blank=True)
    support_email = models.EmailField(blank=True)
    support_phone = models.CharField(max_length=40, blank=True)
    accent = models.CharField(
        "brand colour",
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write a colour as #RRGGBB.")],
    )
    country = models.CharField(
        max_length=2, default="US", help_text="Where most customers are; two letters."
    )
    messages_per_minute = models.PositiveIntegerField(
        default=0, help_text="0 sends as fast as the provider takes it."
    )
    pause_days = models.PositiveIntegerField(
        default=7, help_text="Days between two bulk messages to the same contact."
    )
    needed_fields = models.JSONField(
        "needed before bulk mail",
        default=list,
        blank=True,
        help_text="Contacts that lack one of these are held back. None ticked: nobody is.",
    )
    keep_bodies_days = models.PositiveIntegerField(default=90)
    keep_files_days = models.PositiveIntegerField(default=30)
    success_email = models.EmailField(
        "customer success", blank=True, help_text="Who is asked beside sales reps and customers."
    )
    escalation_email = models.EmailField(
        "manager",
        blank=True,
        help_text="Gets what nobody answered; without it, customer success does.",
    )
    question_days = models.PositiveSmallIntegerField(
        "days between reminders", default=4, validators=[MinValueValidator(1)]
    )
    question_reminders = models.PositiveSmallIntegerField(
        "most reminders", default=2, help_text="Then the question goes to somebody else."
    )
    goal_percent = models.PositiveIntegerField(
        default=60, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    goal_on = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "configuration"
        verbose_name_plural = "configuration"
        constraints: ClassVar = [
            models.CheckConstraint(name="core_one_configuration", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return self.company_name

    def clean(self) -> None:
        """This will refuse a brand colour that white text cannot be read on."""
        if self.accent and not is_readable(self.accent):
            message = "This colour is too pale for white text (4.5:1). Choose a darker one."
            raise ValidationError({"accent": message})

    @classmethod
    def load(cls) -> "Configuration":
        """This will give the one configuration; defaults when it was never saved."""
        return cls._default_manager.filter(pk=cls.ONLY).first() or cls(pk=cls.ONLY)

    def own_domain_set(self) -> frozenset[str]:
        """This will give the company's own email domains, lower case, with `OWN_DOMAINS`."""
        return frozenset(
            item.strip().lower().lstrip("@")
            for item in [*self.own_domains.split(), *settings.OWN_DOMAINS]
            if item.strip()
        )

    def allowed_domain_set(self) -> frozenset[str]:
        """This will give the domains that checks leave alone, lower case."""
        return frozenset(item.lower().lstrip("@") for item in self.allowed_domains.split())

    @property
    def needed(self) -> tuple[Needed, ...]:
        """The facts that a record must hold before it gets bulk mail."""
        return read_needed(self.needed_fields)

    @property
    def sender(self) -> str:
        """The name that mail comes from."""
        return self.sender_name or self.company_name


class AuditEntry(models.Model):
    """Who did what to which row. No foreign keys and no contact data: it outlives what it names."""

    at = models.DateTimeField(auto_now_add=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    verb = models.CharField(max_length=60)
    entity = models.CharField(max_length=60)
    entity_id = models.CharField(max_length=60, blank=True)
    label = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        verbose_name_plural = "audit trail"
        indexes: ClassVar = [
            models.Index(fields=["-at"], name="core_audit_at"),
            models.Index(fields=["entity", "entity_id"], name="core_audit_entity"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.verb} {self.label}"


class RateCount(models.Model):
    """How often something happened in one window of time; kept here so that Redis may be lost."""

    key = models.CharField(max_length=120)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "window_start"], name="core_rate_key_window"),
        ]
        indexes: ClassVar = [models.Index(fields=["window_start"], name="core_rate_window")]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
