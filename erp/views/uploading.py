"""The first step of an import: files and where they come from."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from contacts.actions.importing import forget_source, source_named
from contacts.models import Source
from contacts.rules.words import Entity
from core.access import staff
from core.http import StaffRequest
from erp.actions import applying, receiving
from erp.actions.kept import REFUSED
from erp.actions.receiving import Upload
from erp.forms import UploadForm
from erp.models import Import
from erp.resources import CONTENT_TYPES, as_file
from erp.rules.samples import SAMPLES

RIGHT = "erp.add_import"
EARLIER = 5
FIRST_NAME = "ERP"


@staff(RIGHT)
def upload(request: StaffRequest) -> HttpResponse:
    """This will take files in, and lead to their columns, or past them where all are certain."""
    if request.method != "POST":
        return _page(request, UploadForm(initial={"source": _usual_source()}))
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    name = form.cleaned_data["source"]
    was_known = Source.objects.filter(name=name).exists()
    run = receiving.receive(
        source=source_named(name=name),
        uploads=[Upload(file.name or "", file.file) for file in form.cleaned_data["files"]],
        actor=request.user,
    )
    if not receiving.is_readable(run) and not receiving.asks(run):
        refused = [facts for facts in run.files if facts["status"] == REFUSED]
        source = run.source
        receiving.discard(run=run, actor=request.user)
        if not was_known:
            forget_source(source=source)
        return _page(request, form, refused=refused, status=422)
    return redirect(_next(run, request))


def _next(run: Import, request: StaffRequest) -> str:
    """This will skip the columns when nobody has to look at them."""
    if receiving.asks(run) or receiving.needs_a_look(run):
        return reverse("erp:match", args=[run.pk])
    applying.stage(run=run, actor=request.user)
    return reverse("erp:preview", args=[run.pk])


@staff(RIGHT)
def sample(request: StaffRequest, entity: str, kind: str) -> HttpResponse:
    """This will give a small file of one kind of record, to look at or to fill in."""
    if entity not in list(Entity) or kind not in CONTENT_TYPES:
        raise Http404
    heads, *rows = SAMPLES[Entity(entity)]
    content = as_file(heads, rows, kind, encoding="utf-8-sig")
    answer = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="sample-{entity}s.{kind}"'
    return answer


def _page(
    request: StaffRequest,
    form: UploadForm,
    refused: list[dict[str, object]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "refused": refused or [],
        "sources": Source.objects.order_by("name"),
        "most_mb": settings.MAX_IMPORT_BYTES // 1024 // 1024,
        "samples": [(entity.value, f"{entity.value.capitalize()}s") for entity in Entity],
        "earlier": Import.objects.shown()[:EARLIER],
    }
    return render(request, "erp/upload.html", context, status=status)


def _usual_source() -> str:
    last = Import.objects.newest_first().select_related("source").first()
    return last.source.name if last else FIRST_NAME
