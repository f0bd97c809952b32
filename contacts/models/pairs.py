"""Who may be the same: what they share, and the pairs that a person decides about."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from contacts.models.records import Contact, Customer
from contacts.querysets import DuplicateQuerySet
from contacts.rules.words import Entity, PairState
from core.choices import choices_of


class MatchKey(models.Model):
    """A number that rows share who may be the same: of a phone, a name at a place, a domain."""

    computed: ClassVar = True  # by the program, whenever it likes: no trace of use

    key = models.BigIntegerField()
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="match_keys")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="match_keys")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="contacts_match_of_one_thing",
                condition=models.Q(customer__isnull=False, contact=None)
                | models.Q(customer=None, contact__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["key", "contact", "customer"], name="contacts_match_key"),
        ]

    def __str__(self) -> str:
        return str(self.key)


class Duplicate(models.Model):
    """Two customers or two contacts that may be one, how sure that is, and why."""

    computed: ClassVar = True  # by the program, whenever it likes: no trace of use

    entity = models.CharField(max_length=10, choices=choices_of(Entity))
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="+")
    other_customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="+")
    other_contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="+")
    score = models.PositiveSmallIntegerField(help_text="0 to 100.")
    certain = models.BooleanField(default=False, help_text="May be merged with others at once.")
    reasons = models.JSONField(default=list, help_text="What speaks for it and against it.")
    state = models.CharField(
        max_length=8, choices=choices_of(PairState), default=PairState.OPEN.value
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    decided_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = DuplicateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact", "other_contact"], name="contacts_duplicate_contacts"
            ),
            models.UniqueConstraint(
                fields=["customer", "other_customer"], name="contacts_duplicate_customers"
            ),
            models.CheckConstraint(
                name="contacts_duplicate_of_one_kind",
                condition=models.Q(
                    entity="customer",
                    customer__lt=models.F("other_customer"),
                    contact=None,
                    other_contact=None,
                )
                | models.Q(
                    entity="contact",
                    contact__lt=models.F("other_contact"),
                    customer=None,
                    other_customer=None,
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["entity", "state", "score", "id"], name="contacts_duplicate_score"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity} pair, {self.score} %"

    @property
    def ids(self) -> tuple[int, int]:
        """The keys of the two rows, the older one first."""
        if self.entity == Entity.CONTACT.value:
            return self.contact_id or 0, self.other_contact_id or 0
        return self.customer_id or 0, self.other_customer_id or 0
