"""The only place that talks to mail servers and providers.

A sender keeps one connection open. Each try ends in an `Outcome`; no exception of a server or of
a provider leaves this module.
"""

import smtplib
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.core.mail.message import EmailMessage
from django.utils import timezone

from delivery.rules.letters import Letter, as_bytes, mailbox
from delivery.rules.outcomes import Outcome, Result, Stage, http_outcome, smtp_outcome

OK = range(200, 300)
SEND_TEXT = 354
NO_UTF8 = "The mail server does not take addresses with letters beyond ASCII (RFC 6531)."


class LocalOutboxBackend(BaseEmailBackend):
    """Takes every mail and lets none leave: staff read it in the outbox, where its row is."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """This will accept all."""
        return len(email_messages)


class Mailer(Protocol):
    """One open way to send."""

    def open(self) -> Outcome | None:
        """This will connect; an outcome says why it cannot."""

    def send(self, letter: Letter) -> Outcome:
        """This will try to send one letter."""

    def close(self) -> None:
        """This will hang up; safe at any time."""


def new_mailer() -> Mailer:
    """This will give the way to send that the settings name, not yet open."""
    connection = get_connection(fail_silently=False)
    if isinstance(connection, SmtpBackend):
        return SmtpMailer(connection)
    return BackendMailer(connection)


class SmtpMailer:
    """Speaks SMTP step by step, because only the step tells what a lost connection means."""

    def __init__(self, backend: SmtpBackend) -> None:
        self._backend = backend

    def open(self) -> Outcome | None:
        """This will connect, unless a connection is open."""
        try:
            self._backend.open()
        except smtplib.SMTPAuthenticationError as error:
            return smtp_outcome(Stage.SENDER, error.smtp_code, _words(error.smtp_error))
        except smtplib.SMTPResponseException as error:
            return smtp_outcome(Stage.CONNECT, error.smtp_code, _words(error.smtp_error))
        except (OSError, smtplib.SMTPException, ssl.SSLError) as error:
            return _unreachable(error)
        return None

    def send(self, letter: Letter) -> Outcome:
        """This will hand over one letter; a connection that was closed meanwhile is opened anew."""
        failed = self.open()
        if failed:
            return failed
        outcome = self._hand_over(letter)
        if outcome.result is Result.UNREACHABLE:
            self.close()
            outcome = self.open() or self._hand_over(letter)
        if outcome.result in (Result.UNREACHABLE, Result.LOST):
            self.close()
        return outcome

    def close(self) -> None:
        """This will hang up."""
        connection, self._backend.connection = self._backend.connection, None
        if connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()

    def _hand_over(self, letter: Letter) -> Outcome:
        smtp: smtplib.SMTP = self._backend.connection  # type: ignore[assignment]  # open, see send
        try:
            refusal = self._envelope(smtp, letter)
            if refusal:
                return refusal
        except (OSError, smtplib.SMTPException) as error:
            return _unreachable(error)
        try:
            code, answer = smtp_data(smtp, as_bytes(letter, timezone.localtime()))
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Result.LOST, "lost", _said(error))
        if code in OK:
            return Outcome(Result.ACCEPTED, str(code), _words(answer))
        return smtp_outcome(Stage.TEXT, code, _words(answer))

    def _envelope(self, smtp: smtplib.SMTP, letter: Letter) -> Outcome | None:
        smtp.ehlo_or_helo_if_needed()
        needs_utf8 = not (letter.to.isascii() and letter.sender.isascii())
        if needs_utf8 and not smtp.has_extn("smtputf8"):
            return Outcome(Result.REFUSED, "smtputf8", NO_UTF8)
        options = ("SMTPUTF8",) if needs_utf8 else ()
        steps: tuple[tuple[Stage, Callable[[], tuple[int, bytes]]], ...] = (
            (Stage.SENDER, lambda: smtp.mail(letter.sender, options)),
            (Stage.RECIPIENT, lambda: smtp.rcpt(letter.to)),
            (Stage.TEXT, lambda: smtp.docmd("DATA")),
        )
        for stage, step in steps:
            code, answer = step()
            if code not in OK and code != SEND_TEXT:
                self._start_over(smtp, code)
                return smtp_outcome(stage, code, _words(answer))
        return None

    def _start_over(self, smtp: smtplib.SMTP, code: int) -> None:
        """This will make the connection ready for the next letter; 421 has closed it."""
        if smtp_outcome(Stage.TEXT, code, "").result is Result.UNREACHABLE:
            self.close()
        else:
            with suppress(OSError, smtplib.SMTPException):
                smtp.rset()


class BackendMailer:
    """Sends through any other backend of Django: Anymail's providers, the local outbox."""

    def __init__(self, backend: BaseEmailBackend) -> None:
        self._backend = backend

    def open(self) -> Outcome | None:
        """This will open a session that is kept for many letters."""
        try:
            self._backend.open()
        except Exception as error:  # noqa: BLE001 - backends raise what they like
            return _unreachable(error)
        return None

    def send(self, letter: Letter) -> Outcome:
        """This will hand over one letter."""
        message = _as_django(letter)
        try:
            self._backend.send_messages([message])
        except Exception as error:  # noqa: BLE001 - backends raise what they like
            return judge_error(error)
        return _provider_outcome(message)

    def close(self) -> None:
        """This will end the session."""
        with suppress(Exception):
            self._backend.close()


def smtp_data(smtp: smtplib.SMTP, data: bytes) -> tuple[int, bytes]:
    """This will send the text after the server asked for it, and give its answer."""
    quoted = b"\r\n".join(
        b"." + line if line.startswith(b".") else line for line in data.split(b"\r\n")
    )
    smtp.send(quoted + (b".\r\n" if quoted.endswith(b"\r\n") else b"\r\n.\r\n"))
    return smtp.getreply()


def judge_error(error: Exception) -> Outcome:
    """This will tell what an exception of a backend means for the message.

    A provider that was never reached has sent nothing; one that did not answer may have.
    """
    names = {kind.__name__ for kind in type(error).__mro__}
    if "AnymailRecipientsRefused" in names:  # its answer was a good one: status 200
        return Outcome(Result.REFUSED, "rejected", _said(error))
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        headers = getattr(getattr(error, "response", None), "headers", None) or {}
        return http_outcome(status, _said(error), str(headers.get("Retry-After", "")))
    if names & {"AnymailInvalidAddress", "AnymailUnsupportedFeature", "AnymailSerializationError"}:
        return Outcome(Result.REFUSED, "content", _said(error))
    if names & {"AnymailConfigurationError", "ImproperlyConfigured"}:
        return Outcome(Result.SENDER, "setup", _said(error))
    causes = {kind.__name__ for cause in _causes(error) for kind in type(cause).__mro__}
    if causes & {"ConnectTimeout", "NewConnectionError", "ConnectionRefusedError", "gaierror"}:
        return _unreachable(error)
    return Outcome(Result.LOST, "lost", _said(error))


def django_message(letter: Letter) -> EmailMultiAlternatives:
    """This will give the letter as Django's own message, with the same headers."""
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=mailbox(letter.sender_name, letter.sender),
        to=[mailbox(letter.to_name, letter.to)],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={"Message-ID": f"<{letter.message_id}>", **letter.headers},
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message


def _as_django(letter: Letter) -> EmailMultiAlternatives:
    message = django_message(letter)
    if settings.ANYMAIL_PROVIDER:
        # Comes back with every event, so that the message is known even before our commit.
        message.metadata = dict(letter.metadata)  # type: ignore[attr-defined]  # Anymail's own
        message.track_clicks = False  # type: ignore[attr-defined]  # would show links to a third party
    return message


def _provider_outcome(message: EmailMultiAlternatives) -> Outcome:
    status = getattr(message, "anymail_status", None)
    if status is None or not status.recipients:
        return Outcome(Result.ACCEPTED, "250")
    (recipient,) = status.recipients.values()
    provider_id = str(recipient.message_id or "")
    if recipient.status in ("rejected", "invalid", "failed"):
        return Outcome(Result.REFUSED, recipient.status, "The provider refused it.", provider_id)
    if recipient.status == "unknown" and not provider_id:
        return Outcome(Result.LOST, "lost", "The provider did not say what became of it.")
    return Outcome(Result.ACCEPTED, "200", str(recipient.status or ""), provider_id)


def _causes(error: BaseException) -> list[BaseException]:
    """This will give an exception and all that led to it, also those that it only carries."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        item = waiting.pop()
        if isinstance(item, BaseException) and item not in found:
            found.append(item)
            waiting += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]
    return found


def _unreachable(error: BaseException) -> Outcome:
    return Outcome(Result.UNREACHABLE, "connect", _said(error))


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _words(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:500]
