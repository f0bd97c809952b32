"""What the checks found, what people decided about it, and what DNS says of each domain."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from contacts.models import ChangeSet, Contact
from validation.querysets import DecisionQuerySet, FindingQuerySet, MailDomainQuerySet


class MailDomain(models.Model):
    """What DNS says of one domain; shared by every contact whose address is there."""

    class Verdict(models.TextChoices):
        """Whether mail can be delivered to the domain at all."""

        NEVER_ASKED = "", "Never asked"
        DELIVERABLE = "deliverable", "Takes mail"
        RISKY = "risky", "Takes mail, perhaps"
        UNDELIVERABLE = "undeliverable", "Takes no mail"
        UNKNOWN = "unknown", "Not known"

    name = models.CharField(max_length=255, unique=True, help_text="A-label, lower case.")
    verdict = models.CharField(max_length=14, choices=Verdict, default="", blank=True)
    code = models.CharField(max_length=24, blank=True, help_text="The outcome behind the verdict.")
    mx = models.JSONField(default=list, help_text="Mail hosts by preference.")
    provider = models.CharField(max_length=60, blank=True)
    checked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, help_text="When to ask next; empty asks at once.")
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=24, blank=True)
    lease_until = models.DateTimeField(null=True)
    first_ok_at = models.DateTimeField(null=True)
    contacts = models.PositiveIntegerField(default=0, help_text="Whose address is there.")
    customers = models.PositiveIntegerField(default=0, help_text="At how many customers they are.")
    bounces = models.PositiveIntegerField(default=0, help_text="Of the contacts: bounced.")
    suggestion = models.CharField(
        max_length=255, blank=True, help_text="The domain that the checks take for the right one."
    )

    objects: ClassVar = MailDomainQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], name="validation_domain_due"),
            models.Index(fields=["verdict"], name="validation_domain_verdict"),
            models.Index(fields=["contacts", "id"], name="validation_domain_contacts"),
            models.Index(fields=["customers", "id"], name="validation_domain_customers"),
            models.Index(fields=["bounces", "id"], name="validation_domain_bounces"),
            models.Index(
                fields=["suggestion"],
                name="validation_domain_meant",
                condition=~models.Q(suggestion=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class NameServer(models.Model):
    """How the name server does that is asked: one row, so that every process can tell."""

    ONLY = 1

    name = models.CharField(max_length=255, help_text="As it is named in the settings.")
    trouble = models.TextField(blank=True, help_text="Why it is of no use now, in a sentence.")
    since = models.DateTimeField(null=True, help_text="Since when there is trouble.")
    answered_at = models.DateTimeField(null=True, help_text="When it was last of use.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="validation_one_name_server", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def load(cls) -> "NameServer":
        """This will give the one name server; a nameless one when none was ever asked."""
        return cls._default_manager.filter(pk=cls.ONLY).first() or cls(pk=cls.ONLY)


class Finding(models.Model):
    """One thing that looks wrong with one contact, why, and what would be right."""

    computed: ClassVar = True  # by the program, whenever it likes: no trace of use

    class Severity(models.TextChoices):
        """How much it matters."""

        ERROR = "error", "Must be fixed"
        WARNING = "warning", "Should be looked at"
        INFO = "info", "Good to know"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="findings")
    code = models.CharField(max_length=32)
    rule = models.CharField(max_length=40, blank=True, help_text="The rule behind the code.")
    severity = models.CharField(max_length=8, choices=Severity)
    confidence = models.FloatField()
    field = models.CharField(max_length=20, default="email")
    value = models.CharField(max_length=1000, blank=True, help_text="What was looked at.")
    evidence = models.TextField(blank=True)
    suggestion = models.CharField(max_length=1000, blank=True)
    auto = models.BooleanField(default=False, help_text="May be applied without a person.")
    ruleset = models.PositiveIntegerField(default=0)
    decided = models.BooleanField(
        default=False, help_text="A person has decided about this value: out of the queue."
    )
    found_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = FindingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contact", "code"], name="validation_finding_once"),
            models.CheckConstraint(
                name="validation_finding_confidence",
                condition=models.Q(confidence__gte=0, confidence__lte=1),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["code", "decided", "-confidence", "id"], name="validation_finding_queue"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.value}"


class Decision(models.Model):
    """What a person decided about one value; survives re-import, re-check and new rules."""

    class Kind(models.TextChoices):
        """What was decided."""

        ACCEPTED = "accepted", "Suggestion accepted"
        CORRECTED = "corrected", "Corrected by hand"
        KEPT = "kept", "Kept as it is"
        CLEARED = "cleared", "Field cleared"
        UNKNOWN = "unknown", "Wrong, right one not known"
        LEFT = "left", "Left the company"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="decisions")
    code = models.CharField(max_length=32)
    value = models.CharField(max_length=1000, blank=True, help_text="Repaired form of the value.")
    kind = models.CharField(max_length=10, choices=Kind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    change_set = models.ForeignKey(ChangeSet, models.SET_NULL, null=True)
    decided_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = DecisionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact", "code", "value"], name="validation_decision_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"
