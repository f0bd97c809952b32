"""Answers for the machines that watch the product."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from core.access import public


@public
def live(_request: HttpRequest) -> JsonResponse:
    """This will say that the process answers."""
    return JsonResponse({"live": True})


@public
def ready(_request: HttpRequest) -> JsonResponse:
    """This will say whether the database answers; without it there is nothing to serve."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503)
    return JsonResponse({"ready": True, "database": True, "embedded": settings.EMBEDDED})
