"""The demo's duplicates: two contacts become one, two others are called two."""

from accounts.models import User
from contacts.actions.matching import keep_apart
from contacts.actions.searching import SEARCH, merge_pair, search_later
from contacts.models import Duplicate
from contacts.rules.words import Entity
from jobs.models import Job
from jobs.queue import run_now


def look() -> None:
    """This will look for duplicates in this process, as a worker would."""
    search_later(actor=None)
    for job in Job.objects.open().filter(name=SEARCH):
        run_now(job)


def decide(reviewer: User) -> None:
    """This will merge the surest two contacts, and call the least sure ones two people."""
    look()
    pairs = Duplicate.objects.open(Entity.CONTACT).order_by("-certain", "-score", "pk")
    for pair in pairs[:1]:
        merge_pair(pair=pair, actor=reviewer)
    for pair in pairs.reverse()[:1]:
        keep_apart(pair=pair, actor=reviewer)
