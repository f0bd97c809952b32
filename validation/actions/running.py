"""A check of the whole base as one job: count the domains, ask DNS about them, check everybody."""

from time import time
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contacts.models import Contact
from jobs.models import Job
from jobs.queue import AlreadyRunningError, enqueue, save_progress
from jobs.registry import Work
from jobs.rules.state import took
from validation.actions.checking import check_slice
from validation.actions.counting import CHUNK, count_slice
from validation.actions.domains import resolve_due
from validation.actions.resolving import SWITCHED_OFF, server_in_settings
from validation.models import MailDomain
from validation.resolver import UnknownServerError

CHECK_ALL = "validation.check_all"
LABEL = "Check all addresses"
# Contacts and domains between two looks at the clock: few enough for a slice of half a second.
CONTACTS, DOMAINS = 250, 500


@transaction.atomic
def start_check(*, actor: User | None) -> tuple[Job, bool]:
    """This will start a check of everything, unless one is under way; says whether it did."""
    running = Job.objects.open().filter(singleton=CHECK_ALL).first()
    if running:
        return running, False
    try:
        with transaction.atomic():
            return enqueue(
                CHECK_ALL, payload={}, actor=actor, label=LABEL, singleton=CHECK_ALL
            ), True
    except AlreadyRunningError:
        return Job.objects.open().get(singleton=CHECK_ALL), False


def check_all_slice(work: Work) -> bool:
    """This will go on with a check of everything, for one slice.

    1. Count who is at each domain, and note new domains.
    2. Ask DNS about each one that is due, once. Without a server that works this is left out.
    3. Check every contact.
    4. Count again: the checks have found out what is meant by mistyped domains.
    """
    steps = {"": _count, "ask": _ask, "check": check_step, "count": count_step}
    follows = {"": "ask", "ask": "check", "check": "count"}
    while work.time_left() > 0:
        step = str(work.cursor.get("step", ""))
        if not steps[step](work):
            return False
        if step not in follows:
            work.message = _summary(work)
            return True
        _begin(work, follows[step])
    return False


def check_step(work: Work) -> bool:
    """This will check contacts by primary key; says whether all are done."""
    while True:
        after = int(work.cursor.get("after", work.payload.get("after", 0)))
        last = check_slice(after=after, limit=CONTACTS)
        if last is None:
            return True
        work.cursor["after"] = last
        work.done = min(work.done + CONTACTS, work.total or work.done + CONTACTS)
        _tell(work, "Checking contacts")
        if work.time_left() <= 0:
            return False


def count_step(work: Work) -> bool:
    """This will count who is at each domain; says whether all are done."""
    while True:
        size = DOMAINS if work.is_brief else CHUNK
        last, _new = count_slice(after=str(work.cursor.get("counted", "")), limit=size)
        if last is None:
            return True
        work.cursor["counted"] = last
        _tell(work, "Counting domains")
        if work.time_left() <= 0:
            return False


def _count(work: Work) -> bool:
    work.total = work.total or Contact.objects.values("email_domain").distinct().count()
    return count_step(work)


def _ask(work: Work) -> bool:
    """This will ask DNS about domains that are due, for one slice."""
    try:
        server = server_in_settings()
    except UnknownServerError as error:
        return _without_dns(work, str(error))
    if server is None:
        return _without_dns(work, SWITCHED_OFF)
    done = resolve_due(server=server, seconds=max(work.time_left(), 0.1), recheck=False)
    if done.trouble:
        return _without_dns(work, done.trouble)
    facts = work.result
    facts["asked"] = facts.get("asked", 0) + done.asked
    facts["temporary"] = facts.get("temporary", 0) + done.temporary
    left = MailDomain.objects.due(timezone.now()).count()
    work.done, work.total = work.done + done.asked, work.done + done.asked + left
    _tell(work, "Asking DNS about domains")
    return not left


def _without_dns(work: Work, sentence: str) -> bool:
    work.result["trouble"] = sentence
    return True


def _begin(work: Work, step: str) -> None:
    """This will go on to the next step, from its start."""
    work.cursor = {"step": step, "begun": time()}
    totals = {"ask": MailDomain.objects.due(timezone.now()).count, "check": Contact.objects.count}
    work.done, work.total = 0, totals[step]() if step in totals else 0
    if step == "check":
        work.result["contacts"] = work.total
    save_progress(work)


def _tell(work: Work, doing: str) -> None:
    """This will store how far it got, with the time that is left when that can be told."""
    begun: Any = work.cursor.get("begun")
    left = ""
    if begun and 0 < work.done < work.total:
        seconds = (time() - begun) * (work.total - work.done) / work.done
        left = f", about {took(seconds)} left"
    work.message = f"{doing}{left}"
    save_progress(work)
    work.give_way()


def _summary(work: Work) -> str:
    facts = work.result
    told = f"{facts.get('contacts', 0):,} contacts checked."
    if facts.get("trouble"):
        return f"{told} {facts['trouble']}"
    if not facts.get("asked"):
        return f"{told} No domain was due to be looked up."
    told += f" DNS was asked about {facts['asked']:,} domains"
    if facts.get("temporary"):
        return f"{told}; {facts['temporary']:,} gave no answer and are asked again."
    return f"{told}."
