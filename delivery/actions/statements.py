"""The two statements that each message costs, written by hand.

Building them takes longer than running them, and a mailing runs each a hundred thousand times.
They say what `SuppressionQuerySet.stopping` and the states say; the tests of sending hold both to
the same answers. Nothing but this module of delivery speaks SQL.
"""

import uuid
from datetime import datetime

from django.db import connection

from delivery.models import Message
from delivery.rules.states import ON_REQUEST, domain_stop

Value = bool | str | datetime | uuid.UUID | None
# Ours, not stopped, its mailing running: judged in the one statement that starts it.
START = """
UPDATE delivery_message SET state = 'sending', lease_until = %s, attempts = attempts + 1
WHERE id = %s AND token = %s AND state = 'leased'
AND (mailing_id IS NULL OR EXISTS (
    SELECT 1 FROM delivery_mailing
    WHERE delivery_mailing.id = delivery_message.mailing_id
    AND delivery_mailing.state = 'running'))
AND NOT EXISTS (
    SELECT 1 FROM delivery_suppression
    WHERE address_key IN (%s, %s) AND lifted_at IS NULL
    AND (delivery_suppression.purpose = '' OR delivery_suppression.purpose = %s)
    AND NOT (%s AND reason IN ('unsubscribed', 'complained')))
"""
ACCEPT = """
UPDATE delivery_message SET state = 'accepted', token = NULL, lease_until = NULL,
last_error_code = '', last_error = '', accepted_at = %s, provider_id = %s,
subject = %s, html = %s, text = %s
WHERE id = %s AND token = %s AND state = 'sending'
"""


def start(message: Message, token: uuid.UUID, lease_until: datetime) -> bool:
    """This will mark a message as on the wire; false when it is no longer ours or not wanted."""
    values: list[Value] = [
        _moment(lease_until),
        _key(message.pk),
        _key(token),
        message.address_key,
        domain_stop(message.address_key),
        message.purpose,
        message.purpose in ON_REQUEST,
    ]
    with connection.cursor() as cursor:
        cursor.execute(START, values)
        return bool(cursor.rowcount)


def accept(
    message: Message, token: uuid.UUID, at: datetime, provider_id: str, texts: dict[str, str]
) -> None:
    """This will mark a message on the wire as taken by the mail server, and keep its text."""
    values: list[Value] = [
        _moment(at),
        provider_id[:200],
        texts["subject"],
        texts["html"],
        texts["text"],
        _key(message.pk),
        _key(token),
    ]
    with connection.cursor() as cursor:
        cursor.execute(ACCEPT, values)


def _key(value: uuid.UUID) -> uuid.UUID | str:
    return value if connection.features.has_native_uuid_field else value.hex


def _moment(value: datetime) -> datetime | str | None:
    """This will give a moment as the database stores it."""
    adapted: datetime | str | None = connection.ops.adapt_datetimefield_value(value)
    return adapted
