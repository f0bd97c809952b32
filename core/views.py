"""The company's colour as a stylesheet: pages hold no inline style."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.access import public
from core.models import Configuration
from core.rules.colour import is_readable, shades_of


@require_safe
@cache_control(public=True, max_age=86_400)
@public
def brand(request: HttpRequest) -> HttpResponse:
    """This will set the accent of the customer's pages; an unreadable colour is left out."""
    accent = Configuration.load().accent
    if not accent or not is_readable(accent):
        return HttpResponse("/* no brand colour */", content_type="text/css")
    lines = "\n".join(
        f"  --{name.replace('_', '-')}: light-dark({light}, {dark});"
        for name, (light, dark) in vars(shades_of(accent)).items()
    )
    sheet = f"@layer tokens {{\n:root {{\n{lines}\n}}\n}}\n"
    return HttpResponse(sheet, content_type="text/css")
