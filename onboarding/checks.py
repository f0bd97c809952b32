"""System checks that refuse an unsafe production start."""

import re
import sqlite3
import sys
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's name
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection

from onboarding import env

# What gunicorn takes for "the application cannot be loaded"; after other codes it tries for ever.
NO_USE_TRYING_AGAIN = 4
OLDEST_SQLITE = (3, 39, 0)


@register("onboarding")
def production_is_safe(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - the signature of a check
    **_kwargs: Any,  # noqa: ANN401
) -> list[CheckMessage]:
    """This will name what must not be so when the product runs in production."""
    if settings.EMBEDDED:
        return []
    found: list[CheckMessage] = []
    for number, name in enumerate(("SECRET_KEY", "LINK_KEY"), start=1):
        if not env.text(name):
            found.append(
                Error(
                    f"{name} is not set.",
                    hint=f"Set {name} (or {name}_FILE) to 50 random characters.",
                    id=f"onboarding.E00{number}",
                )
            )
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        found.append(
            Error(
                "Production needs PostgreSQL.",
                hint="Set DATABASE_URL to postgres://user:password@host/name.",
                id="onboarding.E003",
            )
        )
    if not settings.HTTPS:
        found.append(
            Error(
                "BASE_URL does not start with https://.",
                hint="Set BASE_URL to the public address; links in emails are made of it.",
                id="onboarding.E004",
            )
        )
    if settings.ANYMAIL_PROVIDER and "WEBHOOK_SECRET" not in settings.ANYMAIL:
        found.append(
            Error(
                "ANYMAIL_WEBHOOK_SECRET is not set, so anybody could report a bounce.",
                hint="Set ANYMAIL_WEBHOOK_SECRET to user:password and give it to the provider.",
                id="onboarding.E005",
            )
        )
    if missing := missing_for_provider():
        found.append(
            Error(
                f"{missing} is not set, so {settings.ANYMAIL_PROVIDER} takes no mail.",
                hint=f"Set {missing} (or {missing}_FILE) to what the provider gave you.",
                id="onboarding.E007",
            )
        )
    found += _gateway_is_named()
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        found.append(
            Warning(
                "TRUSTED_PROXIES is not set, so a proxy that ends https is not believed.",
                hint="Set TRUSTED_PROXIES to the proxy's address, or every page leads to itself.",
                id="onboarding.W002",
            )
        )
    if settings.USES_LOCAL_OUTBOX:
        found.append(
            Warning(
                "No mail leaves: neither EMAIL_URL nor ANYMAIL_PROVIDER is set.",
                hint="Until then mail waits in the local outbox.",
                id="onboarding.W001",
            )
        )
    return found


def _gateway_is_named() -> list[CheckMessage]:
    """This will name what a gateway of text messages lacks."""
    named = settings.SMS_URL.startswith(("https://", "http://"))
    if settings.SMS_BACKEND != "http" or named:
        return []
    return [
        Error(
            "SMS_BACKEND is http, and SMS_URL names no gateway.",
            hint="Set SMS_URL to the address that takes a message, or SMS_BACKEND to nothing.",
            id="onboarding.E008",
        )
    ]


def missing_for_provider() -> str:
    """This will name the variable that the mail provider needs and does not have."""
    if not settings.ANYMAIL_PROVIDER:
        return ""
    try:
        get_connection()
    except ImproperlyConfigured as error:
        named = re.search(rf"'{settings.ANYMAIL_PROVIDER.upper()}_([A-Z_]+)'", str(error))
        return f"ANYMAIL_{named[1]}" if named else "What Anymail asks for"
    return ""


def refuse_unsafe_start() -> None:
    """This will end the process with the reasons when a check of this file finds an error.

    Called by everything that serves or works in production: gunicorn, worker and beat run no
    system checks of their own.
    """
    found = [*production_is_safe(None), *sqlite_is_new_enough(None)]
    errors = [message for message in found if message.is_serious()]
    if errors:
        reasons = "\n".join(f"  {message.msg} {message.hint}" for message in errors)
        sys.stderr.write(f"Onboarding does not start:\n{reasons}\n")
        sys.exit(NO_USE_TRYING_AGAIN)


@register("onboarding")
def sqlite_is_new_enough(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - the signature of a check
    **_kwargs: Any,  # noqa: ANN401
) -> list[CheckMessage]:
    """This will name the version when SQLite is too old for full-text search by trigrams."""
    is_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    if not is_sqlite or sqlite3.sqlite_version_info >= OLDEST_SQLITE:
        return []
    return [
        Error(
            f"SQLite {sqlite3.sqlite_version} is too old.",
            hint="Use SQLite 3.39 or newer, or PostgreSQL through DATABASE_URL.",
            id="onboarding.E006",
        )
    ]
