"""Where the provider reports, and the gateway of text messages passes answers on.

Reports are stored in one go before the answer; the rest waits.
There is such an address only when a provider is set, and Anymail checks the shared secret.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.access import public
from delivery.actions.feedback import keep_body, stored_together
from delivery.actions.suppressing import stop_texts
from delivery.readers import webhook_of

MOST_BYTES = 1024 * 1024


@csrf_exempt  # a provider has no cookie; it proves itself by the secret
@public
def webhook(request: HttpRequest) -> HttpResponseBase:
    """This will take in reports; a failed write answers 500, so that they come again."""
    provider = settings.ANYMAIL_PROVIDER
    if not provider:
        raise Http404
    if len(request.body) > MOST_BYTES:
        return HttpResponse(status=413)
    view = webhook_of(provider)
    if view.post is AnymailBaseWebhookView.post:
        view = type("Kept", (view,), {"post": _keep})
    # Amazon's has to confirm subscriptions, so it is read at once.
    with stored_together():
        answer: HttpResponseBase = view.as_view()(request)
    return answer


def _keep(view: AnymailBaseWebhookView, request: HttpRequest) -> HttpResponse:
    """This will see that a post is genuine and keep it as it is; reading can wait."""
    view.run_validators(request)
    keep_body(
        provider=settings.ANYMAIL_PROVIDER,
        content_type=request.META.get("CONTENT_TYPE", ""),
        body=request.body,
        post_id=request.headers.get("Svix-Id", ""),
    )
    return HttpResponse()


@csrf_exempt  # as above
@require_POST
@public
def answers(request: HttpRequest) -> HttpResponse:
    """This will take in an answer to a text message; STOP and its like stop all messages there."""
    secret = settings.SMS_ANSWERS_SECRET
    if not secret:
        raise Http404
    given = request.headers.get("Authorization", "")
    wanted = f"Basic {b64encode(secret.encode()).decode()}"
    if not constant_time_compare(given, wanted):
        return HttpResponse(status=401)
    said = _said(request)
    sender, text = (str(said.get(name, "")) for name in settings.SMS_ANSWERS_FIELDS[:2])
    stopped = stop_texts(number=sender, answer=text)
    return HttpResponse("stopped" if stopped else "noted", content_type="text/plain")


def _said(request: HttpRequest) -> Mapping[str, Any]:
    if request.content_type != "application/json":
        return request.POST
    try:
        found = json.loads(request.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
