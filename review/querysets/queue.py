"""Findings as a queue, and how many there are of each kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from contacts.models import Contact, Invoice
from contacts.rules.words import PortalStage
from core.keyset import bounded_count
from review.models import Assignment, Question
from review.rules.problems import PROBLEMS, problem_named
from validation.models import Finding
from validation.querysets import FindingQuerySet

SURE = 0.95
QUEUE_CODES = tuple(code for problem in PROBLEMS for code in problem.codes)


@dataclass(frozen=True)
class QueueFilter:
    """What a reviewer looks at: a problem and the ticked facets."""

    problem: str = ""
    certainty: tuple[str, ...] = ()
    reps: tuple[str, ...] = ()
    matters: tuple[str, ...] = ()
    words: str = ""
    mine: bool = False


def queue(wanted: QueueFilter, user: User) -> FindingQuerySet:
    """This will give the findings that wait for a decision, the surest first.

    What somebody was asked about waits for his answer instead.
    """
    rows = undecided(user).filter(~_is_asked())
    if wanted.mine:
        rows = rows.filter(_is_assigned_to(user))
    problem = problem_named(wanted.problem)
    if problem:
        rows = rows.filter(code__in=problem.codes)
    if wanted.certainty:
        rows = rows.filter(_any(_CERTAINTY[name] for name in wanted.certainty))
    if wanted.reps:
        rows = rows.filter(contact__customer__sales_rep_name__in=wanted.reps)
    if "invoices" in wanted.matters:
        rows = rows.filter(_has_open_invoices())
    if "only" in wanted.matters:
        rows = rows.exclude(_has_colleagues())
    if "invite" in wanted.matters:
        rows = rows.filter(_TO_BE_INVITED)
    if wanted.words:
        rows = rows.filter(contact__in=Contact.objects.search(wanted.words))
    return rows


@dataclass(frozen=True)
class Place:
    """Where a finding stands in a queue: its number, of how many, and who is beside it."""

    number: int
    count: int
    before: int | None
    after: int | None


def neighbours(rows: FindingQuerySet, row: Finding) -> Place:
    """This will find a finding's place among `rows`, the surest first as the page shows them."""
    same, pk = Q(confidence=row.confidence), row.pk
    earlier = rows.filter(Q(confidence__gt=row.confidence) | same & Q(pk__gt=pk))
    later = rows.filter(Q(confidence__lt=row.confidence) | same & Q(pk__lt=pk))
    before = earlier.order_by("confidence", "pk").values_list("pk", flat=True).first()
    after = later.order_by("-confidence", "-pk").values_list("pk", flat=True).first()
    number = bounded_count(earlier) + 1
    return Place(number, number + bounded_count(later), before, after)


def undecided(user: User) -> FindingQuerySet:
    """This will give every finding that a person may decide about, also while others are asked."""
    return Finding.objects.open().filter(
        code__in=QUEUE_CODES,
        contact__in=Contact.objects.visible_to(user).people().active(),
    )


def reviewers() -> QuerySet[User]:
    """This will give the staff who may review, by name."""
    found: QuerySet[User] = User.objects.with_perm(
        "review.review_findings", backend="django.contrib.auth.backends.ModelBackend"
    )
    return found.filter(kind=User.Kind.STAFF).order_by("first_name", "last_name", "pk")


def counts_by_code(user: User) -> dict[str, int]:
    """This will count what waits, by code."""
    rows = queue(QueueFilter(), user).order_by().values_list("code").annotate(n=Count("pk"))
    return {str(code): int(n) for code, n in rows}


def facet_counts(wanted: QueueFilter, user: User) -> dict[str, Any]:
    """This will count the facets of one problem, each without its own ticks."""
    base = queue(QueueFilter(problem=wanted.problem), user).order_by()
    counts: dict[str, Any] = base.aggregate(
        sure=Count("pk", filter=_CERTAINTY["sure"]),
        unsure=Count("pk", filter=_CERTAINTY["unsure"]),
        none=Count("pk", filter=_CERTAINTY["none"]),
        invoices=Count("pk", filter=Q(_has_open_invoices())),
        only=Count("pk", filter=~Q(_has_colleagues())),
        invite=Count("pk", filter=_TO_BE_INVITED),
        mine=Count("pk", filter=Q(_is_assigned_to(user))),
    )
    counts["reps"] = [
        (str(name), int(n))
        for name, n in base.exclude(contact__customer__sales_rep_name="")
        .exclude(contact__customer=None)
        .values_list("contact__customer__sales_rep_name")
        .annotate(n=Count("pk"))
        .order_by("-n")[:8]
    ]
    return counts


# Who goes out with the next invitations as soon as the address is right.
_TO_BE_INVITED = Q(
    contact__invite=True,
    contact__customer__invite=True,
    contact__portal_stage=PortalStage.NOT_INVITED,
)
_CERTAINTY = {
    "sure": Q(confidence__gte=SURE) & ~Q(suggestion=""),
    "unsure": Q(confidence__lt=SURE) & ~Q(suggestion=""),
    "none": Q(suggestion=""),
}


def _any(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def _is_asked() -> Exists:
    return Exists(
        Question.objects.sent_to_somebody().filter(
            contact=OuterRef("contact"), field=OuterRef("field")
        )
    )


def _is_assigned_to(user: User) -> Exists:
    return Exists(Assignment.objects.filter(contact=OuterRef("contact"), to=user))


def _has_open_invoices() -> Exists:
    return Exists(Invoice.objects.filter(customer=OuterRef("contact__customer"), open_amount__gt=0))


def _has_colleagues() -> Exists:
    return Exists(
        Contact.objects.filter(
            customer=OuterRef("contact__customer"), active=True, is_house_user=False
        ).exclude(pk=OuterRef("contact"))
    )
