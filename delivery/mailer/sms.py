"""Ways to send a text message, behind the same small interface as mail.

`SMS_BACKEND` names one: `console` prints, `file` writes lines into the data folder, `outbox` lets
staff read it where its row is, `http` hands it to a gateway that takes a request for each message.
"""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from django.conf import settings

from delivery.mailer.email import Mailer, judge_error
from delivery.rules.letters import Letter
from delivery.rules.outcomes import Outcome, Result, http_outcome

TAKEN = Outcome(Result.ACCEPTED, "200")
FILE = "sms.jsonl"


def new_texter() -> Mailer:
    """This will give the way to send text messages that the settings name."""
    ways: dict[str, Callable[[], Mailer]] = {
        "console": ConsoleTexter,
        "file": FileTexter,
        "http": GatewayTexter,
    }
    return ways.get(settings.SMS_BACKEND, OutboxTexter)()


class OutboxTexter:
    """Takes every message and lets none leave."""

    def open(self) -> Outcome | None:
        """This will do nothing: there is nothing to reach."""
        return None

    def send(self, letter: Letter) -> Outcome:  # noqa: ARG002 - the row is all there is
        """This will accept it."""
        return TAKEN

    def close(self) -> None:
        """This will do nothing."""


class ConsoleTexter(OutboxTexter):
    """Prints each message."""

    def send(self, letter: Letter) -> Outcome:
        """This will print number and text."""
        sys.stdout.write(f"SMS to {letter.to}: {letter.text}\n")
        return TAKEN


class FileTexter(OutboxTexter):
    """Adds each message as a line of JSON to a file in the data folder."""

    def send(self, letter: Letter) -> Outcome:
        """This will write one line, whole."""
        line = {
            "at": datetime.now(tz=UTC).isoformat(),
            "id": letter.message_id,
            "to": letter.to,
            "text": letter.text,
        }
        try:
            with Path(settings.DATA_DIR, FILE).open("a", encoding="utf-8") as file:
                file.write(f"{json.dumps(line, ensure_ascii=False)}\n")
        except OSError as error:
            return Outcome(Result.UNREACHABLE, "file", str(error))
        return TAKEN


class GatewayTexter:
    """Asks an HTTP gateway to send, one request a message, over one session."""

    def __init__(self) -> None:
        self._session: requests.Session | None = None

    def open(self) -> Outcome | None:
        """This will start a session; the gateway is reached with the first message."""
        if self._session is None:
            self._session = requests.Session()
        return None

    def send(self, letter: Letter) -> Outcome:
        """This will hand over one message; a gateway's id is kept where it gives one."""
        self.open()
        values = {
            "to": letter.to,
            "text": letter.text,
            "id": letter.message_id,
            "sender": settings.SMS_SENDER or letter.sender_name,
        }
        body = filled(settings.SMS_FIELDS, values)
        form = {"json": body} if settings.SMS_FORMAT == "json" else {"data": body}
        try:
            answer = self._session.post(  # type: ignore[union-attr]  # open, see above
                settings.SMS_URL,
                headers=filled(settings.SMS_HEADERS, values),
                timeout=(10, settings.EMAIL_TIMEOUT),
                allow_redirects=False,
                **form,
            )
        except requests.RequestException as error:
            self.close()
            return judge_error(error)
        if answer.ok and not answer.is_redirect:
            return Outcome(Result.ACCEPTED, str(answer.status_code), "", _id_in(answer))
        return http_outcome(
            answer.status_code, answer.text[:500], answer.headers.get("Retry-After", "")
        )

    def close(self) -> None:
        """This will end the session."""
        session, self._session = self._session, None
        if session is not None:
            session.close()


def filled(told: Any, values: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """This will put a message into what the settings say of a request.

    Each piece is looked at once, so that a text that holds such a word stays as it is.
    """
    if isinstance(told, dict):
        return {name: filled(value, values) for name, value in told.items()}
    if isinstance(told, list):
        return [filled(value, values) for value in told]
    if not isinstance(told, str):
        return told
    pieces = told.split("{")
    out = [pieces[0]]
    for piece in pieces[1:]:
        name, brace, rest = piece.partition("}")
        known = brace and name in values
        out.append(values[name] + rest if known else f"{{{piece}")
    return "".join(out)


def _id_in(answer: requests.Response) -> str:
    """This will read the gateway's own id at the place that the settings name: messages.0.id."""
    if not settings.SMS_ID_FIELD:
        return ""
    try:
        found: Any = answer.json()
        for name in settings.SMS_ID_FIELD.split("."):
            found = found[int(name)] if isinstance(found, list) else found[name]
    except (ValueError, KeyError, IndexError, TypeError):
        return ""
    return str(found)[:200]
