"""Look at the sender's domain as a mailbox provider does, and keep what was found."""

from dataclasses import asdict
from time import monotonic

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from campaigns.models import SenderCheck
from campaigns.rules.preflight import Check, examine, worst
from core.audit import record
from core.models import Configuration
from jobs.queue import nudge
from validation.actions.resolving import SWITCHED_OFF, server_in_settings
from validation.resolver import Conversation, Server, UnknownServerError
from validation.rules.dns import Question, Reply

# Seconds for all questions together; included SPF records are asked for one after the other.
PATIENCE = 12.0
TASK = "campaigns.check_sender"


@transaction.atomic
def look_again(*, selector: str, actor: User | None) -> None:
    """This will keep the DKIM selector and have the domain looked at in the background."""
    _row, _is_new = SenderCheck.objects.update_or_create(
        pk=SenderCheck.ONLY, defaults={"selector": selector, "asked_at": timezone.now()}
    )
    record(actor=actor, verb="asked for a look", entity="sender", facts={"selector": selector})
    nudge(TASK)


def check_sender() -> SenderCheck:
    """This will ask DNS about the sender's domain and store the grades; a second or so."""
    domain = Configuration.load().sender_email.rpartition("@")[2].lower()
    selector = SenderCheck.load().selector
    trouble = ""
    replies: dict[Question, Reply] = {}
    try:
        server = server_in_settings()
    except UnknownServerError as error:
        server, trouble = None, str(error)
    if server is None:
        trouble = trouble or SWITCHED_OFF
    else:
        replies = _ask(server, domain, selector)
    checks, _missing = examine(domain, selector, replies)
    row, _is_new = SenderCheck.objects.update_or_create(
        pk=SenderCheck.ONLY,
        defaults={
            "domain": domain,
            "grade": worst(checks),
            "checks": [asdict(check) for check in checks],
            "trouble": trouble,
            "checked_at": timezone.now(),
        },
    )
    return row


def _ask(server: Server, domain: str, selector: str) -> dict[Question, Reply]:
    """This will ask until nothing is missing or the time is up; what is open stays unknown."""
    replies: dict[Question, Reply] = {}
    until = monotonic() + PATIENCE
    with Conversation(server) as talk:
        while (missing := examine(domain, selector, replies)[1]) and monotonic() < until:
            talk.ask_plainly(missing)
            while talk.is_busy and monotonic() < until:
                talk.give_places(talk.wanted, after=0, apart=0)
                talk.work(0.05)
            replies |= {question: talk.reply_to(question) for question in missing}
    return replies


def checks_of(row: SenderCheck) -> list[Check]:
    """This will give the stored grades."""
    return [Check(**check) for check in row.checks]
