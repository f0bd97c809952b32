"""Open questions by whom they are asked of, how old they are and where they stand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from contacts.models import Contact
from review.models import Question, Respondent
from review.querysets.questions import QuestionQuerySet

STATES = {
    "unsent": Q(mailed_at=None, answered_at=None) & ~Q(asked=""),
    "asked": Q(mailed_at__isnull=False, answered_at=None),
    "answered": Q(answered_at__isnull=False),
    "passed": Q(escalated_at__isnull=False),
    "nobody": Q(asked=""),
}


@dataclass(frozen=True)
class QuestionFilter:
    """Which open questions: their state, who is asked, and at least how many days old."""

    state: str = ""
    respondent: int = 0
    customers: bool = False
    days: int = 0


def wanted(chosen: QuestionFilter, user: User) -> QuestionQuerySet:
    """This will give the open questions that a filter asks for."""
    rows: QuestionQuerySet = Question.objects.open().visible_to(user)
    if chosen.state:
        rows = rows.filter(STATES[chosen.state])
    if chosen.respondent:
        rows = rows.filter(respondent=chosen.respondent)
    if chosen.customers:
        rows = rows.filter(asked=Question.Asked.CUSTOMER)
    if chosen.days:
        rows = rows.filter(opened_at__lte=timezone.now() - timedelta(days=chosen.days))
    return rows


def counts_by_state(user: User) -> dict[str, int]:
    """This will count the open questions of each state."""
    rows = Question.objects.open().visible_to(user)
    wanted_counts = {f"n_{name}": Count("pk", filter=state) for name, state in STATES.items()}
    found: dict[str, int] = rows.aggregate(n_all=Count("pk"), **wanted_counts)
    return {name.removeprefix("n_"): count for name, count in found.items()}


def asked_of(user: User) -> QuerySet[Respondent]:
    """This will give the colleagues of whom something is open, the longest waiting first."""
    visible = Question.objects.open().visible_to(user).values("respondent")
    rows: Any = Respondent.objects.with_open_questions().filter(pk__in=visible)
    found: QuerySet[Respondent] = rows.order_by("oldest", "pk")
    return found


def questions_of(contact: Contact) -> QuerySet[Question]:
    """This will give the open questions about a contact, the newest first."""
    rows: QuerySet[Question] = Question.objects.open().filter(contact=contact)
    return rows.select_related("respondent", "opened_by", "proposal").order_by("-pk")
