"""What staff do to chosen contacts: export them, switch a flag; and undo."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from contacts.actions.merging import MergedSinceError
from contacts.actions.undoing import AlreadyUndoneError
from contacts.models import ChangeSet
from contacts.rules.words import ChangeKind, Entity
from core.access import staff
from core.http import StaffRequest, safe_next
from desk import actions
from desk.forms import FlagForm, SelectionForm
from desk.querysets.lists import selected
from desk.views import exporting

NOBODY = "Nobody was selected. Tick contacts in the list first."


@require_POST
@staff("contacts.view_contact", "contacts.export_contacts")
def export(request: StaffRequest) -> HttpResponseBase:
    """This will send the chosen contacts as a file, CSV or Excel."""
    form = SelectionForm(request.POST)
    if not form.is_valid():
        return _back(request, NOBODY)
    audience = form.audience()
    if not audience.get("ids", True):
        return _back(request, NOBODY)
    rows = selected(audience, request.user)
    return exporting.answer(request, rows, Entity.CONTACT)


@require_POST
@staff("contacts.change_contact")
def flag(request: StaffRequest) -> HttpResponse:
    """This will switch announcements or invitations on or off for the chosen contacts."""
    form = FlagForm(request.POST)
    if not form.is_valid():
        return _back(request, NOBODY)
    audience = form.audience()
    if not audience.get("ids", True):
        return _back(request, NOBODY)
    field, on = form.flag()
    done = actions.flag_selection(audience=audience, field=field, on=on, actor=request.user)
    if done.job:
        return redirect("jobs:progress", done.job.pk)
    if not done.change_set:
        messages.info(request, "Nothing to change")
    else:
        undo_url = reverse("desk:undo", args=[done.change_set.pk])
        messages.info(request, done.change_set.label, extra_tags=undo_url)
    return redirect(safe_next(request, reverse("desk:contacts")))


@require_POST
@staff("contacts.change_contact")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """This will take a change set back; what was edited since is kept and counted."""
    change_set = get_object_or_404(ChangeSet.objects.exclude(kind=ChangeKind.IMPORT), pk=pk)
    try:
        undone = actions.take_back(change_set=change_set, actor=request.user)
    except AlreadyUndoneError:
        messages.warning(request, "That was undone already.")
    except MergedSinceError as since:
        messages.error(request, str(since))
    except actions.NotYoursError:
        messages.error(request, "Some of these contacts are not yours. Ask who made the change.")
    else:
        kept = f". {undone.skipped} kept, edited since" if undone.skipped else ""
        messages.info(request, f"Undone: {change_set.label}{kept}")
    return redirect(safe_next(request, reverse("desk:contacts")))


def _back(request: StaffRequest, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect(safe_next(request, reverse("desk:contacts")))
