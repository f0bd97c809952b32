"""What Ctrl K finds by a few letters: contacts, customers, and problems in review."""

from dataclasses import dataclass

from accounts.models import User
from contacts.models import Contact, Customer
from contacts.querysets import TRIGRAM
from review.querysets.queue import counts_by_code
from review.rules.problems import Problem, counts_by_problem

MOST = 5


@dataclass(frozen=True)
class Found:
    """What was found, each kind in its own order."""

    contacts: list[Contact]
    customers: list[Customer]
    problems: list[tuple[Problem, int]]


def find_anywhere(words: str, user: User) -> Found:
    """This will look for what a person may see and open."""
    return Found(*_people(words, user), _problems(words, user))


def _people(words: str, user: User) -> tuple[list[Contact], list[Customer]]:
    """This will find people and firms, from as many letters on as the index needs."""
    if len(words.strip()) < TRIGRAM or not user.has_perm("contacts.view_contact"):
        return [], []
    people = Contact.objects.visible_to(user).people().search(words).select_related("customer")
    firms = Customer.objects.visible_to(user).real().search(words)
    return (
        list(people.order_by("last_name", "first_name", "pk")[:MOST]),
        list(firms.order_by("name", "pk")[:MOST]),
    )


def _problems(words: str, user: User) -> list[tuple[Problem, int]]:
    wanted = words.lower().split()
    if not wanted or not user.has_perm("review.review_findings"):
        return []
    counts = counts_by_problem(counts_by_code(user))
    return [
        (problem, count)
        for problem, count in counts
        if count and all(word in f"review {problem.label}".lower() for word in wanted)
    ]
