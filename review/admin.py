"""Questions in the admin."""

from django.contrib import admin

from core.admin import ReadOnly
from review.models import Question


@admin.register(Question)
class QuestionAdmin(ReadOnly):
    """Read only: what is asked, of whom, since when."""

    list_display = ("contact", "code", "value", "asked", "opened_by", "opened_at", "closed_at")
    list_filter = ("asked", "code", ("closed_at", admin.EmptyFieldListFilter))
    list_select_related = ("contact", "opened_by")
    search_fields = ("value", "contact__search_text")
    raw_id_fields = ("contact",)
