"""What others say of contacts."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from contacts.models.changes import ChangeSet
from contacts.models.records import Contact, Customer
from contacts.querysets import ProposalQuerySet
from contacts.rules import words
from core.choices import choices_of


class Proposal(models.Model):
    """What a rep, a customer, a portal user or a touchpoint says; staff accept or refuse it.

    Without a contact it names somebody who is not known yet, at a customer or at none.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="proposals")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="proposals")
    kind = models.CharField(max_length=10, choices=choices_of(words.ProposalKind))
    values = models.JSONField(default=dict, help_text="Field of the contact to its new value.")
    seen = models.JSONField(default=dict, help_text="Field to the value that stood there.")
    person = models.JSONField(default=dict, help_text="Fields of somebody to write to.")
    note = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=10, choices=choices_of(words.ProposalSource))
    given_by = models.CharField(max_length=120, blank=True, help_text="Who said it, by name.")
    given_key = models.CharField(max_length=320, blank=True, help_text="Tells who said it apart.")
    via = models.CharField(max_length=120, blank=True, help_text="By which page or form.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="proposals"
    )
    state = models.CharField(
        max_length=10,
        choices=choices_of(words.ProposalState),
        default=words.ProposalState.OPEN.value,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    change_set = models.ForeignKey(
        ChangeSet, models.SET_NULL, null=True, related_name="proposals", help_text="What it became."
    )

    objects: ClassVar = ProposalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="contacts_proposal_decided",
                condition=models.Q(state="open", decided_at=None)
                | (~models.Q(state="open") & models.Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="contacts_proposal_about_somebody",
                condition=models.Q(contact__isnull=False) | models.Q(kind="person"),
            ),
            models.UniqueConstraint(
                fields=["contact", "source", "given_key"],
                name="contacts_proposal_one_open",
                condition=models.Q(state="open", contact__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], name="contacts_proposal_open", condition=models.Q(state="open")
            ),
            models.Index(fields=["contact", "-id"], name="contacts_proposal_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.given_by or self.source}: {self.kind}"
