"""Questions that review could not answer by itself, who is asked, and who looks at what."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from contacts.models import ChangeSet, Contact, Proposal
from review.querysets.questions import QuestionQuerySet, RespondentQuerySet


class Respondent(models.Model):
    """A colleague who is asked by mail, and the page on which he answers without signing in."""

    address = models.EmailField(max_length=320)
    address_key = models.CharField(max_length=320, unique=True)
    name = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="One more revokes his link.")
    open_until = models.DateTimeField(null=True, help_text="Until when his link works.")
    mails = models.PositiveIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True, help_text="What else he wrote.")
    done_at = models.DateTimeField(null=True, help_text="When he said that he was done.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = RespondentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name or self.address


class Question(models.Model):
    """A value is missing or doubtful and the right one not known: somebody has to be asked."""

    class Asked(models.TextChoices):
        """Whom to ask."""

        NOBODY = "", "Nobody yet"
        SALES_REP = "rep", "Sales rep"
        SUCCESS = "success", "Customer success"
        CUSTOMER = "customer", "Customer"

    class Outcome(models.TextChoices):
        """How a question ended."""

        OPEN = "", "Open"
        SETTLED = "settled", "Settled"
        WITHDRAWN = "withdrawn", "Withdrawn"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="questions")
    code = models.CharField(max_length=32)
    field = models.CharField(max_length=20, default="email")
    value = models.CharField(max_length=1000, blank=True)
    suggestion = models.CharField(max_length=1000, blank=True)
    reason = models.CharField(max_length=250, blank=True, help_text="Why it is doubted.")
    asked = models.CharField(max_length=10, choices=Asked, default=Asked.NOBODY, blank=True)
    respondent = models.ForeignKey(
        Respondent, models.PROTECT, null=True, related_name="questions", help_text="A colleague."
    )
    note = models.CharField(max_length=250, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    asked_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True, help_text="When it went out first.")
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    escalated_from = models.CharField(max_length=120, blank=True)
    proposal = models.ForeignKey(
        Proposal, models.SET_NULL, null=True, related_name="questions", help_text="The answer."
    )
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN, blank=True)
    change_set = models.ForeignKey(
        ChangeSet, models.SET_NULL, null=True, help_text="The act that opened it."
    )

    objects: ClassVar = QuestionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact", "field"],
                name="review_one_open_question",
                condition=models.Q(closed_at=None),
            ),
            models.CheckConstraint(
                name="review_question_closed",
                condition=models.Q(closed_at=None, outcome="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(outcome="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["opened_at", "id"],
                name="review_question_open",
                condition=models.Q(closed_at=None),
            ),
            models.Index(fields=["respondent", "closed_at"], name="review_question_whom"),
            models.Index(fields=["contact", "-id"], name="review_question_contact"),
        ]
        permissions: ClassVar = [("review_findings", "Can decide about findings")]

    def __str__(self) -> str:
        return f"{self.contact}: {self.code}"


class Assignment(models.Model):
    """A contact that one reviewer looks at; the others see whose it is."""

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="assignment")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="assigned_contacts"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.contact} for {self.to}"
