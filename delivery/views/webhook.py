"""Where the provider reports. The reports are stored in one go before the answer; the rest waits.

There is such an address only when a provider is set, and Anymail checks the shared secret.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from core.access import public
from delivery.actions.feedback import stored_together

MOST_BYTES = 1024 * 1024


@csrf_exempt  # a provider has no cookie; it proves itself by the secret
@public
def webhook(request: HttpRequest) -> HttpResponseBase:
    """This will take in reports; a failed write answers 500, so that they come again."""
    view = _provider_view()
    if view is None:
        raise Http404
    if len(request.body) > MOST_BYTES:
        return HttpResponse(status=413)
    with stored_together():
        return view(request)


def _provider_view() -> Callable[[HttpRequest], HttpResponseBase] | None:
    """This will give Anymail's own view of the provider that the settings name."""
    provider = settings.ANYMAIL_PROVIDER
    if not provider:
        return None
    module = import_module(f"anymail.webhooks.{provider}")
    # Classes of a package without types.
    views: list[Any] = [
        item
        for name, item in vars(module).items()
        if name.endswith(("TrackingWebhookView", "CombinedWebhookView"))
        and item.__module__ == module.__name__
    ]
    view: Callable[[HttpRequest], HttpResponseBase] = views[0].as_view()
    return view
