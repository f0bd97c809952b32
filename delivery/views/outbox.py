"""The local outbox: every mail that did not leave this machine, as its recipient would see it."""

from dataclasses import dataclass
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from core.access import staff
from core.http import StaffRequest
from core.keyset import COUNT_LIMIT, bounded_count
from core.models import Configuration
from delivery.actions.feedback import play as play_report
from delivery.actions.rendering import Rendered
from delivery.actions.sending import letter_of
from delivery.models import Message
from delivery.querysets import MessageQuerySet
from delivery.rules.events import PLAYS
from delivery.rules.letters import as_bytes
from delivery.rules.states import SENT
from delivery.rules.values import first_link

RIGHT = "delivery.view_local_outbox"
PAGE = 15
SHAPES = {
    "html": ("desk", "HTML"),
    "phone": ("phone", "Phone"),
    "text": ("text", "Plain text"),
    "headers": ("list", "Headers"),
    "source": ("link", "Source"),
}
# A message carries its own styles; nothing in it may run, load, or act in its frame.
MESSAGE_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF, "data:", "https:"],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-same-origin", "allow-popups", "allow-popups-to-escape-sandbox"],
}


@dataclass(frozen=True)
class Older:
    """One page of the outbox, and where the next one starts."""

    rows: list[Message]
    after: str
    count: int
    count_text: str


@staff(RIGHT)
def outbox(request: StaffRequest) -> HttpResponse:
    """This will list the mail in the local outbox and show the newest."""
    page = _page(request)
    return _show(request, page, page.rows[0] if page.rows else None)


@staff(RIGHT)
def message(request: StaffRequest, pk: str) -> HttpResponse:
    """This will show one mail beside the list."""
    return _show(request, _page(request), _message(pk))


@csp(MESSAGE_POLICY)  # type: ignore[arg-type]  # its type knows plain requests only
@staff(RIGHT)
def message_html(request: StaffRequest, pk: str) -> HttpResponse:
    """This will give the HTML of a mail, for its frame; links open a page of their own."""
    html = _message(pk).html.replace("<head>", '<head><base target="_blank">', 1)
    return HttpResponse(html, headers={"Cache-Control": "no-store"})


@staff(RIGHT)
def message_file(request: StaffRequest, pk: str) -> HttpResponse:
    """This will give a mail as a file that mail programs open."""
    return HttpResponse(
        _source(_message(pk)),
        content_type="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="{pk}.eml"'},
    )


@require_POST
@staff(RIGHT)
def play(request: StaffRequest, pk: str) -> HttpResponse:
    """This will act as if the provider had reported an outcome."""
    row = _message(pk)
    outcome = request.POST.get("outcome", "")
    if outcome not in PLAYS:
        raise Http404
    if row.state not in SENT:
        messages.error(request, "This message was not sent, so nothing can come back.")
        return redirect("delivery:message", pk)
    label, kind, facts = PLAYS[outcome]
    play_report(message=row, kind=kind, facts=facts)
    messages.info(request, f"Played: {label.lower()}")
    return redirect("delivery:message", pk)


def _show(request: StaffRequest, page: Older, shown: Message | None) -> HttpResponse:
    shape = request.GET.get("as", "")
    shape = shape if shape in SHAPES else "html"
    context: dict[str, Any] = {
        "page": page,
        "shown": shown,
        "shape": shape,
        "is_reading": "pk" in (request.resolver_match.kwargs if request.resolver_match else {}),
        "shapes": [(name, *look) for name, look in SHAPES.items()],
        "q": request.GET.get("q", ""),
        "plays": [(name, words) for name, (words, _, _) in PLAYS.items()],
    }
    if shown is not None:
        source = _source(shown).decode() if shape in ("headers", "source") else ""
        context |= {
            "is_played": shown.events.filter(facts__played="yes").exists(),
            "was_sent": shown.state in SENT,
            "headers": source.partition("\r\n\r\n")[0],
            "source": source,
            "link": first_link(shown.text, settings.BASE_URL),
        }
    return render(request, "delivery/outbox.html", context)


def _page(request: StaffRequest) -> Older:
    rows = _messages()
    words = request.GET.get("q", "").strip()
    if words:
        rows = rows.search(words)
    count = bounded_count(rows)
    older = request.GET.get("older", "")
    found = list(rows.older_than(older).order_by("-created_at", "pk")[: PAGE + 1])
    more = "+" if count > COUNT_LIMIT else ""
    return Older(
        rows=found[:PAGE],
        after=f"{found[PAGE - 1].created_at.isoformat()}" if len(found) > PAGE else "",
        count=count,
        count_text=f"{min(count, COUNT_LIMIT):,}{more}",
    )


def _message(pk: str) -> Message:
    return get_object_or_404(_messages(), pk=pk)


def _messages() -> MessageQuerySet:
    if not settings.USES_LOCAL_OUTBOX:
        raise Http404
    rows: MessageQuerySet = Message.objects.select_related("contact__customer", "mailing")
    return rows


def _source(row: Message) -> bytes:
    """This will give a mail as it went out."""
    stored = Rendered(row.subject, row.html, row.text)
    letter = letter_of(row, stored, Configuration.load())
    return as_bytes(letter, row.accepted_at or row.created_at)
