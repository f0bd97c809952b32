"""The pages behind the links at the foot of a message. Looking changes nothing; a POST does.

Programs that check links open every one of them, so a link alone must not unsubscribe anybody.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.access import public
from delivery import tokens
from delivery.actions import suppressing
from delivery.models import Message
from delivery.rules.states import TO_MANY, Purpose
from delivery.rules.words import TOLD

# Without any referrer a browser would hide the origin of our own forms, and they would be refused.
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
BOTH = ["GET", "HEAD", "POST"]


@csrf_exempt  # mail programs post here without a cookie (RFC 8058); the signed link is the proof
@require_http_methods(BOTH)
@public
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """This will ask before it stops messages of a kind; a mail program's one click does not ask."""
    message = _message(tokens.UNSUBSCRIBE, token)
    if message is None:
        return _page(request, "link_broken", status=404)
    context = {"message": message, "told": TOLD[Purpose(message.purpose)]}
    if request.method != "POST":
        return _page(request, "unsubscribe", context)
    if request.POST.get("undo"):
        suppressing.resubscribe(message=message)
        return _page(request, "subscribed_again", context)
    one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    note = "One click in the mail program" if one_click else "Link in the message"
    suppressing.unsubscribe(message=message, note=note)
    return _page(request, "unsubscribed", context)


@require_http_methods(BOTH)
@public
def wrong_person(request: HttpRequest, token: str) -> HttpResponse:
    """This will ask before it notes that a message reached the wrong person."""
    message = _message(tokens.WRONG_PERSON, token)
    if message is None:
        return _page(request, "link_broken", status=404)
    if request.method != "POST":
        return _page(request, "wrong_person", {"message": message})
    suppressing.note_wrong_person(message=message)
    return _page(request, "wrong_person_noted", {"message": message})


@csrf_exempt  # as above; it stands in the headers of tests
@require_http_methods(BOTH)
@public
def example_link(request: HttpRequest) -> HttpResponse:
    """This will say that the link of a preview or a test does nothing."""
    return _page(request, "example_link")


def _message(purpose: str, token: str) -> Message | None:
    message_id = tokens.read(purpose, token)
    if message_id is None:
        return None
    rows = Message.objects.filter(pk=message_id, purpose__in=TO_MANY)
    return rows.select_related("contact").first()


def _page(
    request: HttpRequest, name: str, context: dict[str, object] | None = None, status: int = 200
) -> HttpResponse:
    response = render(request, f"delivery/{name}.html", context or {}, status=status)
    for header, value in PRIVATE.items():
        response[header] = value
    return response
