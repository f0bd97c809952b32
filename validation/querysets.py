"""Selections of findings, decisions and domains."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from validation.rules.dns import DnsCode
from validation.rules.dns_words import GONE, DomainState
from validation.rules.lists import FREE_MAIL

if TYPE_CHECKING:
    from validation.models import Decision, Finding, MailDomain  # noqa: F401 - for the type only


class FindingQuerySet(models.QuerySet["Finding"]):
    """Named lists of findings."""

    def open(self) -> Self:
        """This will keep findings that wait for a person; plain information does not."""
        return self.filter(decided=False).exclude(severity="info")

    def with_suggestion(self) -> Self:
        """This will keep findings that offer a value."""
        return self.exclude(suggestion="")

    def certain(self, confidence: float = 0.95) -> Self:
        """This will keep findings whose suggestion is at least that sure."""
        return self.with_suggestion().filter(confidence__gte=confidence)


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Named lists of decisions."""

    def standing(self) -> Self:
        """This will keep decisions that say the value is right as it is."""
        return self.filter(kind="kept")


class MailDomainQuerySet(models.QuerySet["MailDomain"]):
    """Named lists of domains."""

    def due(self, now: datetime) -> Self:
        """This will keep domains to ask about now that nobody else is asking about."""
        return self.filter(
            Q(due_at=None) | Q(due_at__lte=now),
            Q(lease_until=None) | Q(lease_until__lt=now),
        )

    def used(self) -> Self:
        """This will keep domains at which somebody has an address."""
        return self.filter(contacts__gt=0)

    def in_state(self, state: DomainState) -> Self:
        """This will keep the domains of one state of the board."""
        return self.used().filter(_STATES[state])

    def search(self, words: str) -> Self:
        """This will keep domains whose name holds what was typed, or part of an address there."""
        return self.filter(name__contains=words.strip().rpartition("@")[2].lower())


_GONE = Q(verdict="undeliverable", code__in=[code.value for code in GONE])
_NO_MAIL = Q(verdict="undeliverable") & ~Q(code__in=[code.value for code in GONE])
_NO_ANSWER = Q(verdict="unknown") | ~Q(last_error="")
_STATES = {
    DomainState.ATTENTION: Q(verdict="undeliverable") | Q(code=DnsCode.DEAD) | ~Q(suggestion=""),
    DomainState.GONE: _GONE,
    DomainState.NO_MAIL: _NO_MAIL,
    DomainState.TYPO: ~Q(suggestion=""),
    DomainState.NO_ANSWER: _NO_ANSWER,
    DomainState.NEVER_ASKED: Q(verdict="", last_error=""),
    DomainState.BOUNCING: Q(bounces__gt=0),
    DomainState.FREE: Q(name__in=sorted(FREE_MAIL)),
    DomainState.ALL: Q(),
}
