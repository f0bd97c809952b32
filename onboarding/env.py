"""Typed readers of environment variables; every secret may also come from a file (`NAME_FILE`)."""

import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

read = environ.FileAwareEnv()


def text(name: str, default: str = "") -> str:
    """This will give the variable as text without surrounding blanks."""
    return str(read.str(name, default=default)).strip()


def whole_number(name: str, default: int) -> int:
    """This will give the variable as a whole number, or name it when it is none."""
    value = text(name, str(default))
    if not value.lstrip("-").isdigit():
        message = f"{name} must be a whole number, not {value!r}."
        raise ImproperlyConfigured(message)
    return int(value)


def words(name: str) -> list[str]:
    """This will give a comma-separated variable as a list without empty items."""
    return [item.strip() for item in text(name).split(",") if item.strip()]


def json_object(name: str, default: dict[str, Any]) -> dict[str, Any]:
    """This will give the variable as a JSON object, or name it when it is none."""
    value = text(name)
    if not value:
        return default
    try:
        found = json.loads(value)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        message = f'{name} must be a JSON object such as {{"to": "{{to}}"}}.'
        raise ImproperlyConfigured(message)
    return found


def host_and_port(name: str) -> tuple[str, int] | None:
    """This will give `HOST:PORT` as a pair, or nothing when the variable is not set."""
    value = text(name)
    if not value:
        return None
    parts = urlsplit(f"//{value}")
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        message = f"{name} must be HOST:PORT, not {value!r}."
        raise ImproperlyConfigured(message) from error
    if not host:
        message = f"{name} must be HOST:PORT, not {value!r}."
        raise ImproperlyConfigured(message)
    return host, port or 53


def anymail(provider: str) -> dict[str, str]:
    """This will give Anymail's settings from variables such as `ANYMAIL_API_KEY`.

    Anymail looks for most of them by the provider's name (`POSTMARK_SERVER_TOKEN`), so each stands
    under both names.
    """
    known = (name.removesuffix("_FILE") for name in os.environ if name.startswith("ANYMAIL_"))
    values = {
        name.removeprefix("ANYMAIL_"): text(name)
        for name in sorted({*known} - {"ANYMAIL_PROVIDER"})
        if text(name)
    }
    named = {f"{provider.upper()}_{name}": value for name, value in values.items()}
    return {**named, **values} if provider else values


def kept_secret(name: str, folder: Path) -> str:
    """This will give a secret from the environment, else one made once and kept in `folder`.

    Made secrets serve the embedded mode only; a system check refuses them in production.
    """
    value = text(name)
    if value:
        return value
    file = folder / f"{name.lower()}.txt"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return file.read_text(encoding="ascii").strip()
