"""What comes from outside: providers' reports, and what this machine remembers of its sending."""

import json
import os
import tempfile
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

from anymail.signals import AnymailTrackingEvent
from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest

from delivery.rules.holding import Note

NAME = "sending.json"


def read_note() -> Note | None:
    """This will give what was remembered; None when nothing was, or it cannot be read."""
    try:
        told = json.loads(_path().read_text(encoding="utf-8"))
        return Note(instance=str(told["instance"]), turn=int(told["turn"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_note(note: Note) -> None:
    """This will remember a note, whole or not at all."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=NAME)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"instance": note.instance, "turn": note.turn}, file)
    Path(name).replace(path)


def _path() -> Path:
    return Path(settings.DATA_DIR) / NAME


def webhook_of(provider: str) -> type[AnymailBaseWebhookView]:
    """This will give Anymail's own view for what a provider reports of messages."""
    module = import_module(f"anymail.webhooks.{provider}")
    # Classes of a package without types.
    views: list[Any] = [
        item
        for name, item in vars(module).items()
        if name.endswith(("TrackingWebhookView", "CombinedWebhookView"))
        and item.__module__ == module.__name__
    ]
    found: type[AnymailBaseWebhookView] = views[0]
    return found


def read_reports(
    provider: str, content_type: str, body: bytes, post_id: str = ""
) -> list[AnymailTrackingEvent]:
    """This will read what a provider has posted; it was found genuine when it came.

    Raises whatever a body raises that is none of this provider's.
    """
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)),
            **({"HTTP_SVIX_ID": post_id} if post_id else {}),
            "wsgi.input": BytesIO(body),
        }
    )
    events = webhook_of(provider)().parse_events(request)
    return [event for event in events if isinstance(event, AnymailTrackingEvent)]
