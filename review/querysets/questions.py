"""Selections of questions and of those who are asked."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Max, Min, Q

from accounts.models import User
from contacts.models import Contact

if TYPE_CHECKING:
    from review.models import Question, Respondent  # noqa: F401 - for the types only


class QuestionQuerySet(models.QuerySet["Question"]):
    """Named lists of questions."""

    def open(self) -> Self:
        """This will keep questions about which nobody has decided."""
        return self.filter(closed_at=None)

    def sent_to_somebody(self) -> Self:
        """This will keep open questions that somebody was named for."""
        return self.open().exclude(asked="")

    def unanswered(self) -> Self:
        """This will keep open questions for which somebody was named and has not answered."""
        return self.sent_to_somebody().filter(answered_at=None)

    def answered(self) -> Self:
        """This will keep open questions whose answer waits for a decision."""
        return self.open().filter(answered_at__isnull=False)

    def visible_to(self, user: User) -> Self:
        """This will keep questions about contacts that a member of staff may see."""
        return self.filter(contact__in=Contact.objects.visible_to(user))

    def on_page_of(self, respondent: "Respondent", since: datetime) -> Self:
        """This will give what a colleague's page shows: what is open, and what he answered lately.

        A rep whom the account has been taken from no longer sees it.
        """
        shown = Q(closed_at=None) | Q(closed_at__gte=since, answered_at__isnull=False)
        rep = Q(contact__customer__sales_rep__email__iexact=respondent.address) | Q(
            Q(contact__customer__sales_rep=None) | Q(contact__customer__sales_rep__email=""),
            contact__customer__sales_rep_email__iexact=respondent.address,
        )
        return self.filter(shown, ~Q(asked="rep") | rep, respondent=respondent)


class RespondentQuerySet(models.QuerySet["Respondent"]):
    """Named lists of those who are asked."""

    def with_open_questions(self) -> Self:
        """This will keep those of whom something is open, with how much of it and since when."""
        waits = Q(questions__closed_at=None, questions__answered_at=None)
        return self.annotate(
            waiting=Count("questions", filter=waits),
            unsent=Count("questions", filter=waits & Q(questions__mailed_at=None)),
            oldest_unsent=Min("questions__asked_at", filter=waits & Q(questions__mailed_at=None)),
            newest_unsent=Max("questions__asked_at", filter=waits & Q(questions__mailed_at=None)),
            oldest=Min("questions__asked_at", filter=waits),
        ).filter(waiting__gt=0)
