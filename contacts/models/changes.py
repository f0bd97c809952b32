"""Every change, in sets that can be taken back."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from contacts.models.records import Contact, Customer, Invoice, Source
from contacts.querysets import ChangeSetQuerySet
from contacts.rules.words import ChangeKind
from core.choices import choices_of


class ChangeSet(models.Model):
    """Changes that belong together and can be taken back together."""

    kind = models.CharField(max_length=10, choices=choices_of(ChangeKind))
    label = models.CharField(max_length=200)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    source = models.ForeignKey(Source, models.SET_NULL, null=True)
    undoes = models.ForeignKey("self", models.SET_NULL, null=True, related_name="undone_by")
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    objects: ClassVar = ChangeSetQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-created_at"], name="contacts_set_created")]

    def __str__(self) -> str:
        return self.label


class Change(models.Model):
    """One field's old and new value; a creation is one row without a field."""

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="changes")
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="changes")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="changes")
    invoice = models.ForeignKey(Invoice, models.CASCADE, null=True, related_name="changes")
    field = models.CharField(max_length=40, blank=True)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    why = models.CharField(max_length=200, blank=True)
    undone = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="contacts_change_of_one_thing",
                condition=models.Q(customer__isnull=False, contact=None, invoice=None)
                | models.Q(customer=None, contact__isnull=False, invoice=None)
                | models.Q(customer=None, contact=None, invoice__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} -> {self.new}" if self.field else "created"


class Moved(models.Model):
    """What a merge changed in a row that hung on the merged one, so that undo can put it back."""

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="moved")
    model = models.CharField(max_length=60, help_text="app.model, as rows of any app may move.")
    row = models.CharField(max_length=40)
    field = models.CharField(max_length=40)
    old = models.TextField(blank=True)
    new = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.model} {self.row}: {self.field}"
