"""Asking DNS in the background: one slice after the other, as long as more is due and it works."""

import logging

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from jobs.queue import nudge
from validation.actions.domains import resolve_due
from validation.actions.hearing import note_server
from validation.models import MailDomain
from validation.resolver import OFF, SYSTEM, Server, UnknownServerError, server_of

logger = logging.getLogger(__name__)

TASK = "validation.resolve_due"
SWITCHED_OFF = "DNS is switched off (DNS_SERVER=off), so mail domains are not looked up."
# One row of slices is enough, since the pace is shared. When its nudge is lost, this runs out.
_UNDER_WAY = "validation.resolving"
_UNDER_WAY_SECONDS = 60
_TOLD = "validation.dns.told"


def resolve_slice(*, chain: int = 0) -> None:
    """This will ask for one slice and call the next by name; `chain` numbers the slices of a row.

    A beat or a nudge that finds a row of slices under way leaves it alone. Without a server that
    works nothing is asked, and the log says so once.
    """
    if chain:
        cache.set(_UNDER_WAY, 1, timeout=_UNDER_WAY_SECONDS)
    elif not cache.add(_UNDER_WAY, 1, timeout=_UNDER_WAY_SECONDS):
        return
    if _asked_something() and MailDomain.objects.due(timezone.now()).exists():
        nudge(TASK, chain + 1)
    else:
        cache.delete(_UNDER_WAY)


def server_in_settings() -> Server | None:
    """This will give the server that the settings name; raises UnknownServerError."""
    named = settings.DNS_SERVER
    if named is None:
        return server_of(SYSTEM)
    host, port = named
    if host in (OFF, SYSTEM):
        return server_of(host)
    return server_of(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")


def _asked_something() -> bool:
    """This will ask for one slice, and say whether it makes sense to go on."""
    try:
        server = server_in_settings()
    except UnknownServerError as error:
        note_server(name="DNS_SERVER", trouble=str(error))
        return _tell_once(str(error))
    if server is None:
        note_server(name=OFF, trouble=SWITCHED_OFF)
        return _tell_once(SWITCHED_OFF)
    done = resolve_due(server=server, seconds=settings.SLICE_SECONDS)
    if done.trouble:
        return _tell_once(done.trouble)
    cache.delete(_TOLD)
    return bool(done.due)


def _tell_once(sentence: str) -> bool:
    """This will write into the log why nothing is asked, once until DNS works again."""
    if cache.get(_TOLD) != sentence:
        cache.set(_TOLD, sentence, timeout=None)
        logger.warning(sentence)
    return False
