"""Texts of mail are kept for as long as the configuration says; that it was sent stays known."""

from datetime import datetime, timedelta

from core.models import Configuration
from delivery.models import Message, ReportBody
from delivery.rules.states import WAITING

CHUNK = 5000


def forget_bodies(*, now: datetime) -> int:
    """This will drop posts of a provider that nobody could read, when they are old."""
    before = now - timedelta(days=Configuration.load().keep_files_days)
    return ReportBody.objects.filter(received_at__lt=before).delete()[0]


def forget_texts(*, now: datetime) -> int:
    """This will empty the texts of old messages that wait for nothing, some thousands at a time."""
    before = now - timedelta(days=Configuration.load().keep_bodies_days)
    old = Message.objects.filter(created_at__lt=before).exclude(state__in=WAITING)
    keys = list(old.exclude(html="", text="").values_list("pk", flat=True)[:CHUNK])
    return Message.objects.filter(pk__in=keys).update(html="", text="")
