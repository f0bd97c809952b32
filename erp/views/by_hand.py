"""What people do with corrections one by one or all at once: withdraw, type in, settings."""

from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from contacts.models import Source
from core.access import staff
from core.http import StaffRequest, safe_next
from erp.actions import exporting, write_back
from erp.actions.write_back import NotOpenError
from erp.forms import CLEAR, WITHHELD, SourceForm, TypedInForm
from erp.models import WriteBackLine
from erp.views.ledger import ledger_of

RIGHT = "erp.write_back"
GONE = "That correction has left for the ERP, or has come to its end. Nothing was changed."
START = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@require_POST
@staff(RIGHT)
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """This will keep a correction from leaving; the value here stays."""
    line = get_object_or_404(WriteBackLine.objects.select_related("source"), pk=pk)
    try:
        write_back.withdraw(line=line, actor=request.user)
    except NotOpenError:
        messages.warning(request, GONE)
    else:
        messages.info(request, "Withdrawn. The value here stays as it is.")
    return redirect(safe_next(request, ledger_of(line.source)))


@require_POST
@staff(RIGHT)
def typed_in(request: StaffRequest, pk: int) -> HttpResponse:
    """This will note that a person typed a correction into the ERP."""
    line = get_object_or_404(WriteBackLine.objects.select_related("source"), pk=pk)
    return _note(request, line.source, [line.pk])


@require_POST
@staff(RIGHT)
def all_typed_in(request: StaffRequest, pk: int) -> HttpResponse:
    """This will note that a person typed in a whole list: to clear, withheld, or all that waits."""
    source = get_object_or_404(Source, pk=pk)
    form = TypedInForm(request.POST)
    if not form.is_valid():
        return redirect(ledger_of(source))
    lines = WriteBackLine.objects.filter(source=source)
    if form.cleaned_data["which"] == CLEAR:
        lines = lines.to_clear()
    elif form.cleaned_data["which"] == WITHHELD:
        keys = [line.pk for line, _ in exporting.withheld(source=source)]
        lines = lines.filter(pk__in=keys)
    else:
        lines = lines.to_send()
    return _note(request, source, list(lines.values_list("pk", flat=True)))


@require_POST
@staff(RIGHT)
def not_typed_in(request: StaffRequest, pk: int, moment: int) -> HttpResponse:
    """This will take back that corrections were typed in at a moment."""
    source = get_object_or_404(Source, pk=pk)
    count = write_back.take_typed_in_back(
        source=source, moment=START + moment * TICK, actor=request.user
    )
    word = "correction waits" if count == 1 else "corrections wait"
    messages.info(request, f"{count:,} {word} again.")
    return redirect(safe_next(request, ledger_of(source)))


@require_POST
@staff(RIGHT)
def source_settings(request: StaffRequest, pk: int) -> HttpResponse:
    """This will set how addresses go back to a source."""
    source = get_object_or_404(Source, pk=pk)
    form = SourceForm(request.POST)
    if form.is_valid():
        on = form.cleaned_data["ascii_domains"]
        write_back.set_ascii_domains(source=source, on=on, actor=request.user)
        messages.info(request, "Setting saved")
    return redirect(ledger_of(source))


def _note(request: StaffRequest, source: Source, keys: list[int]) -> HttpResponse:
    lines = WriteBackLine.objects.filter(pk__in=keys)
    try:
        moment = write_back.note_typed_in(lines=lines, source=source, actor=request.user)
    except NotOpenError:
        messages.warning(request, GONE)
    else:
        undo = reverse("erp:not_typed_in", args=[source.pk, (moment - START) // TICK])
        sentence = "Noted. The next import shows whether the ERP has it."
        messages.info(request, sentence, extra_tags=undo)
    return redirect(safe_next(request, ledger_of(source)))
