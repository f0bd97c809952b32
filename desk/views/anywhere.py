"""The search of the command palette."""

from django.http import HttpResponse
from django.shortcuts import render

from core.access import staff_any
from core.http import StaffRequest
from desk.querysets.anywhere import find_anywhere

LONGEST = 100


@staff_any
def anywhere(request: StaffRequest) -> HttpResponse:
    """This will give the palette's options for what somebody types."""
    words = request.GET.get("q", "")[:LONGEST]
    return render(request, "desk/_anywhere.html", {"found": find_anywhere(words, request.user)})
