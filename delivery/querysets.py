"""Selections of messages and suppressions."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.dateparse import parse_datetime

from contacts.rules.normalise import search_text
from delivery.rules.states import (
    ON_REQUEST,
    SENT,
    SPARES_ACCOUNT,
    WAITING,
    MailingState,
    MessageState,
    domain_stop,
)
from delivery.rules.texting import number_of

TWO_LETTERS = 2


def offers_texts(sms_text: str) -> bool:
    """This will say whether a mailing with this text reaches people by text message."""
    return bool(settings.SMS_BACKEND and sms_text.strip())


def number_for(written: str, own_country: str, usual_country: str) -> str:
    """This will give a phone number as it is sent to; a country's name counts for nothing."""
    country = own_country.strip() if len(own_country.strip()) == TWO_LETTERS else usual_country
    return number_of(written, country) if written.strip() else ""


if TYPE_CHECKING:
    from delivery.models import Message, Suppression  # noqa: F401 - for the type only


class MessageQuerySet(models.QuerySet["Message"]):
    """Named lists of messages."""

    def due(self, now: datetime) -> Self:
        """This will keep what may be sent now: queued, its time come, its mailing running."""
        return self.filter(state=MessageState.QUEUED, not_before__lte=now).filter(
            Q(mailing=None) | Q(mailing__state=MailingState.RUNNING)
        )

    def waiting(self) -> Self:
        """This will keep messages that have not reached a final state."""
        return self.filter(state__in=WAITING)

    def not_started(self) -> Self:
        """This will keep messages that no sender has begun to send."""
        return self.filter(state__in=[MessageState.QUEUED, MessageState.LEASED])

    def search(self, words: str) -> Self:
        """This will keep messages whose address, recipient, subject or text holds the words."""
        return self.filter(
            Q(address_key__contains=words.lower())
            | Q(subject__icontains=words)
            | Q(text__icontains=words)
            | Q(contact__search_text__contains=search_text(words))
        )

    def older_than(self, moment: str) -> Self:
        """This will keep messages made before a moment as a page names it; else all."""
        at = parse_datetime(moment.replace(" ", "+")) if moment else None
        return self.filter(created_at__lt=at) if at is not None else self.all()

    def sent(self) -> Self:
        """This will keep messages that a mail server took."""
        return self.filter(state__in=SENT)


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    """Named lists of suppressions."""

    def standing(self) -> Self:
        """This will leave out what was lifted."""
        return self.filter(lifted_at=None)

    def stopping(self, purpose: str) -> Self:
        """This will keep what stops messages of a purpose."""
        found = self.standing().filter(Q(purpose="") | Q(purpose=purpose))
        return found.exclude(reason__in=SPARES_ACCOUNT) if purpose in ON_REQUEST else found

    def reasons_for(self, address_keys: Iterable[str], purpose: str) -> dict[str, set[str]]:
        """This will give why addresses must not be mailed; those that may be are left out."""
        keys = set(address_keys)
        domains = {domain_stop(key) for key in keys}
        rows = self.stopping(purpose).filter(address_key__in=keys | domains)
        by_key: dict[str, set[str]] = defaultdict(set)
        for key, reason in rows.values_list("address_key", "reason"):
            by_key[key].add(reason)
        found = {key: by_key.get(key, set()) | by_key.get(domain_stop(key), set()) for key in keys}
        return {key: reasons for key, reasons in found.items() if reasons}
