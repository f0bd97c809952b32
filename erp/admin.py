"""Imports and corrections in the admin: to look at. What changes them are the pages."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.admin import ReadOnly
from erp.actions.exporting import field_label
from erp.models import Import, ImportRow, WriteBackBatch, WriteBackLine


@admin.register(Import)
class ImportAdmin(ReadOnly):
    """Who imported what, and what came of it."""

    right = "erp.add_import"
    list_display = (
        "__str__", "source", "state", "actor", "rows_read", "new_count", "changed_count",
        "errors", "created_at", "page",
    )  # fmt: skip
    list_filter = ("state", "source", "created_at")
    list_select_related = ("source", "actor")
    search_fields = ("source__name", "actor__username", "actor__email")
    date_hierarchy = "created_at"

    @admin.display(description="errors")
    def errors(self, run: Import) -> int:
        """This will give how many rows had something wrong."""
        return int(run.counts.get("errors", 0))

    @admin.display(description="page")
    def page(self, run: Import) -> SafeString:
        """This will lead to the import's own page, where it can be undone."""
        return format_html('<a href="{}">Open</a>', reverse("erp:import", args=[run.pk]))


@admin.register(ImportRow)
class ImportRowAdmin(ReadOnly):
    """Rows that an import changed, kept apart or could not use."""

    right = "erp.add_import"
    list_display = ("run", "row", "entity", "outcome", "column", "message", "skipped")
    list_filter = ("outcome", "entity", "skipped")
    list_select_related = ("run",)
    search_fields = ("message", "column")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRow]:
        """This will leave out what only undo needs."""
        rows: QuerySet[ImportRow] = super().get_queryset(request)
        return rows.exclude(outcome="unchanged")


@admin.register(WriteBackBatch)
class WriteBackBatchAdmin(ReadOnly):
    """Files of corrections that left for the ERP."""

    list_display = (
        "__str__", "source", "format", "corrections", "confirmed", "actor", "exported_at", "page",
    )  # fmt: skip
    list_filter = ("source", "format")
    list_select_related = ("source", "actor")
    search_fields = ("source__name", "actor__username")
    date_hierarchy = "exported_at"
    right = "erp.write_back"

    def get_queryset(self, request: HttpRequest) -> QuerySet[WriteBackBatch]:
        """This will count each batch's corrections in the same query."""
        found: QuerySet[WriteBackBatch] = WriteBackBatch.objects.with_outcomes()
        return found

    @admin.display(description="corrections", ordering="total")
    def corrections(self, batch: Any) -> int:  # noqa: ANN401 - with its annotations
        """This will give how many corrections left."""
        return int(batch.total)

    @admin.display(description="confirmed", ordering="confirmed")
    def confirmed(self, batch: Any) -> int:  # noqa: ANN401 - as above
        """This will give how many an import has seen since."""
        return int(batch.confirmed)

    @admin.display(description="page")
    def page(self, batch: WriteBackBatch) -> SafeString:
        """This will lead to the batch's own page, with its files."""
        return format_html('<a href="{}">Open</a>', reverse("erp:batch", args=[batch.pk]))


@admin.register(WriteBackLine)
class WriteBackLineAdmin(ReadOnly):
    """Corrections by how far they are on their way."""

    list_display = (
        "who", "what", "old", "new", "theirs", "state", "source", "batch", "created_at",
        "exported_at", "settled_at",
    )  # fmt: skip
    list_filter = ("state", "source", ("batch", admin.EmptyFieldListFilter), "field")
    list_select_related = ("contact", "customer", "source", "batch")
    search_fields = ("old", "new", "contact__last_name", "contact__email", "customer__name")
    date_hierarchy = "created_at"
    right = "erp.write_back"

    @admin.display(description="contact or customer")
    def who(self, line: WriteBackLine) -> models.Model | None:
        """This will name whom the correction is about."""
        return line.contact or line.customer

    @admin.display(description="field")
    def what(self, line: WriteBackLine) -> str:
        """This will name the field as people call it."""
        return field_label(line)
