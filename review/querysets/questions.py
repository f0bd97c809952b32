"""Selections of questions."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from review.models import Question  # noqa: F401 - for the type only


class QuestionQuerySet(models.QuerySet["Question"]):
    """Named lists of questions."""

    def open(self) -> Self:
        """This will keep questions that nobody has answered."""
        return self.filter(closed_at=None)
