"""Files in from the ERP, what they would change, and corrections on their way back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from contacts.models import Change, ChangeSet, Contact, Customer, Source, SourceRecord
from contacts.rules.words import Entity
from core.choices import choices_of
from erp.querysets import BatchQuerySet, ImportQuerySet, LineQuerySet, StagedRowQuerySet
from erp.rules.states import OPEN_LINES, ImportState, LineState, RowOutcome
from jobs.models import Job


class Import(models.Model):
    """One call of the importer: files of one source, read together and applied together."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="imports")
    state = models.CharField(
        max_length=24, choices=choices_of(ImportState), default=ImportState.UPLOADED.value
    )
    complete = models.BooleanField(
        null=True, help_text="Whether it holds every record; empty: it does from 90 % on."
    )
    create_customers = models.BooleanField(
        default=True, help_text="Add the customers that rows name and nobody knows."
    )
    files = models.JSONField(
        default=list, help_text="By file: name, format, how it is read, mapping, counts."
    )
    counts = models.JSONField(default=dict, help_text="By entity: rows by outcome.")
    change_set = models.ForeignKey(ChangeSet, models.SET_NULL, null=True, related_name="imports")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects: ClassVar = ImportQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-created_at"], name="erp_import_created"),
            models.Index(fields=["source", "-created_at"], name="erp_import_source"),
            models.Index(fields=["state"], name="erp_import_state"),
        ]
        permissions: ClassVar = [("undo_import", "Can undo imports")]

    def __str__(self) -> str:
        names = [str(file["name"]) for file in self.files]
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        return f"{names[0]}{more}" if names else f"Import {self.pk}"

    @property
    def rows_read(self) -> int:
        """Rows of all files."""
        return sum(int(file.get("rows", 0)) for file in self.files)

    @property
    def new_count(self) -> int:
        """Records that are, or would be, new."""
        return self._sum("new")

    @property
    def changed_count(self) -> int:
        """Records that are, or would be, changed."""
        return self._sum("changed")

    def _sum(self, name: str) -> int:
        entities = self.counts.get("entities", {})
        return sum(counts.get(name, 0) for counts in entities.values())


class StagedRow(models.Model):
    """A record as a file says it, before anything is decided; the preview is made of these."""

    # The indexes below begin with the import: one of its own would only be kept up to date.
    run = models.ForeignKey(Import, models.CASCADE, related_name="staged", db_index=False)
    file = models.PositiveSmallIntegerField()
    row = models.PositiveIntegerField(help_text="Record number in the file, the first line is 1.")
    entity = models.CharField(max_length=10, choices=choices_of(Entity))
    key = models.CharField(max_length=200)
    own_id = models.CharField(max_length=120, blank=True)
    account = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=320, blank=True, help_text="Key of its email address.")
    origin = models.CharField(max_length=300, blank=True)
    derived = models.BooleanField(default=False, help_text="A customer told by a contact's row.")
    values = models.JSONField()
    fingerprint = models.CharField(max_length=32)
    same = models.BooleanField(default=False, help_text="Its record says exactly this already.")
    outcome = models.CharField(max_length=10, choices=choices_of(RowOutcome), blank=True)
    details = models.JSONField(default=list, help_text="By field: base, ours, theirs, result.")

    objects: ClassVar = StagedRowQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["run", "entity", "key", "id"], name="erp_staged_key"),
            models.Index(fields=["run", "entity", "account"], name="erp_staged_account"),
            models.Index(fields=["run", "outcome", "id"], name="erp_staged_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.key}"


class ImportRow(models.Model):
    """A row that an import changed, kept apart, could not decide or could not use.

    An unchanged one is kept only when the source wrote the same with other blanks or case.
    """

    run = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    file = models.PositiveSmallIntegerField()
    row = models.PositiveIntegerField()
    entity = models.CharField(max_length=10, choices=choices_of(Entity), blank=True)
    outcome = models.CharField(max_length=10, choices=choices_of(RowOutcome))
    record = models.ForeignKey(SourceRecord, models.SET_NULL, null=True, related_name="+")
    before = models.JSONField(
        null=True, help_text="What undo restores of the record; {} for one that was not here."
    )
    details = models.JSONField(default=list, help_text="By field: base, ours, theirs, result.")
    column = models.CharField(max_length=200, blank=True)
    message = models.CharField(max_length=300, blank=True)
    skipped = models.BooleanField(default=False, help_text="The row was left out as a whole.")
    cells = models.JSONField(default=list, help_text="An error row as it stood in the file.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["run", "outcome", "id"], name="erp_row_outcome"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="erp_row_is_worth_keeping",
                condition=Q(outcome__in=["changed", "kept", "conflict", "error"])
                | Q(outcome="unchanged", before__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.row}: {self.outcome}"


class WriteBackBatch(models.Model):
    """Corrections that left for the ERP together; its files are known again by their hash."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="batches")
    format = models.CharField(max_length=4, default="csv")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    contacts_path = models.CharField(max_length=200, blank=True)
    contacts_hash = models.CharField(max_length=64, blank=True)
    customers_path = models.CharField(max_length=200, blank=True)
    customers_hash = models.CharField(max_length=64, blank=True)
    exported_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = BatchQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["contacts_hash"], name="erp_batch_contacts_hash"),
            models.Index(fields=["customers_hash"], name="erp_batch_customers_hash"),
        ]

    def __str__(self) -> str:
        return f"Batch {self.pk}"


class WriteBackLine(models.Model):
    """One corrected value, or one contact born here, on its way to the ERP."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="lines")
    record = models.ForeignKey(
        SourceRecord, models.CASCADE, null=True, related_name="lines", help_text="Empty: to create."
    )
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="lines")
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="lines")
    field = models.CharField(max_length=40, blank=True)
    old = models.TextField(blank=True, help_text="The ERP's last value, as its file has it.")
    new = models.TextField(blank=True)
    theirs = models.TextField(blank=True, help_text="In a conflict: what the ERP says now.")
    state = models.CharField(
        max_length=12, choices=choices_of(LineState), default=LineState.TO_EXPORT.value
    )
    state_before = models.CharField(max_length=12, blank=True)
    change = models.ForeignKey(Change, models.SET_NULL, null=True, related_name="+")
    batch = models.ForeignKey(WriteBackBatch, models.SET_NULL, null=True, related_name="lines")
    settled_by = models.ForeignKey(Import, models.SET_NULL, null=True, related_name="lines")
    created_at = models.DateTimeField(auto_now_add=True)
    exported_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar = LineQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "field"],
                name="erp_line_one_open",
                condition=Q(state__in=[state.value for state in OPEN_LINES]),
            ),
            models.UniqueConstraint(
                fields=["source", "contact"],
                name="erp_line_one_creation",
                condition=Q(record=None, field="", state__in=[state.value for state in OPEN_LINES]),
            ),
            models.CheckConstraint(
                name="erp_line_of_one_thing",
                condition=Q(contact__isnull=False, customer=None)
                | Q(contact=None, customer__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "state", "id"], name="erp_line_state"),
            models.Index(fields=["state", "created_at"], name="erp_line_age"),
        ]
        permissions: ClassVar = [("write_back", "Can send corrections to the ERP")]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} -> {self.new}"
