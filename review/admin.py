"""Questions in the admin."""

from django.contrib import admin
from django.http import HttpRequest

from review.models import Question


@admin.register(Question)
class QuestionAdmin(admin.ModelAdmin[Question]):
    """Read only: what is asked, of whom, since when."""

    list_display = ("contact", "code", "value", "asked", "opened_by", "opened_at", "closed_at")
    list_filter = ("asked", "code", ("closed_at", admin.EmptyFieldListFilter))
    list_select_related = ("contact", "opened_by")
    search_fields = ("value", "contact__search_text")
    raw_id_fields = ("contact",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """This will refuse questions made by hand: deciding opens them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """This will refuse changes."""
        return False
