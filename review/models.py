"""Questions that review could not answer by itself."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from contacts.models import Contact
from review.querysets.questions import QuestionQuerySet


class Question(models.Model):
    """A value is wrong and the right one is not known: somebody has to be asked."""

    class Asked(models.TextChoices):
        """Whom to ask."""

        NOBODY = "", "Nobody yet"
        SALES_REP = "rep", "Sales rep"
        SUCCESS = "success", "Customer success"
        CUSTOMER = "customer", "Customer"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="questions")
    code = models.CharField(max_length=32)
    value = models.CharField(max_length=1000, blank=True)
    asked = models.CharField(max_length=10, choices=Asked, default=Asked.NOBODY, blank=True)
    note = models.CharField(max_length=250, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar = QuestionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact", "code"],
                name="review_one_open_question",
                condition=models.Q(closed_at=None),
            ),
        ]
        permissions: ClassVar = [("review_findings", "Can decide about findings")]

    def __str__(self) -> str:
        return f"{self.contact}: {self.code}"
