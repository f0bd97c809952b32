"""The texts to start from."""

from collections import Counter
from typing import Any

from csp.decorators import csp
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from campaigns.actions import templates as actions
from campaigns.actions.drafting import TextProblemError, fields_offered
from campaigns.forms import TemplateForm
from campaigns.models import Template
from campaigns.querysets.overview import example_contact
from campaigns.rules.states import CampaignKind
from campaigns.rules.words import KINDS
from campaigns.views.composer import MESSAGE_POLICY
from core.access import staff
from core.http import StaffRequest, say_and_go
from delivery.actions.rendering import render_draft

RIGHT = "campaigns.change_template"


@staff(RIGHT)
def templates(request: StaffRequest) -> HttpResponse:
    """This will list templates by kind."""
    rows = list(Template.objects.by_name().select_related("updated_by"))
    numbers = Counter(row.kind for row in rows)
    kind = request.GET.get("kind", "")
    tabs = [{"url": "?", "label": "All", "count": len(rows), "current": kind not in numbers}]
    tabs += [
        {
            "url": f"?kind={item}",
            "label": KINDS[item],
            "count": numbers[item],
            "current": item == kind,
        }
        for item in CampaignKind
        if numbers[item]
    ]
    shown = [row for row in rows if row.kind == kind] if kind in numbers else rows
    return render(request, "campaigns/templates.html", {"views": tabs, "rows": shown})


@staff(RIGHT)
def template_new(request: StaffRequest) -> HttpResponse:
    """This will make a new template."""
    return _edit(request, Template(kind=CampaignKind.ANNOUNCEMENT))


@staff(RIGHT)
def template(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show and store a template."""
    return _edit(request, get_object_or_404(Template, pk=pk))


@require_POST
@staff(RIGHT)
def template_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """This will remove a template; messages made from it stay."""
    row = get_object_or_404(Template, pk=pk)
    actions.remove_template(template=row, actor=request.user)
    return say_and_go(request, f"{row.name} removed", "campaigns:templates")


@csp(MESSAGE_POLICY)  # type: ignore[arg-type]  # its type knows plain requests only
@require_POST
@staff(RIGHT)
def template_preview(request: StaffRequest) -> HttpResponse:
    """This will give the HTML of a text as it stands in the form, for the frame beside it."""
    form = TemplateForm(request.POST)
    form.is_valid()
    contact = example_contact(request.user)
    if contact is None:
        return render(request, "campaigns/no_example.html")
    rendered = render_draft(
        subject=form.cleaned_data.get("subject", ""),
        body=form.cleaned_data.get("body", ""),
        preheader=form.cleaned_data.get("preheader", ""),
        contact=contact,
        purpose=form.cleaned_data.get("kind", CampaignKind.BULK),
    )
    return HttpResponse(rendered.html, headers={"Cache-Control": "no-store"})


def _edit(request: StaffRequest, row: Template) -> HttpResponse:
    form = TemplateForm(request.POST or None, initial=_values(row))
    if form.is_valid() and _store(request, row, form):
        return say_and_go(request, f"{row.name} saved", "campaigns:templates")
    kind = form["kind"].value() or row.kind
    context = {
        "form": form,
        "template": row,
        "fields": fields_offered(kind),
        "example": example_contact(request.user),
    }
    status = 422 if form.errors else 200
    return render(request, "campaigns/template.html", context, status=status)


def _store(request: StaffRequest, row: Template, form: TemplateForm) -> bool:
    for name in ("name", "kind", "subject", "preheader", "body", "is_default"):
        setattr(row, name, form.cleaned_data[name])
    try:
        actions.save_template(template=row, actor=request.user)
    except actions.TemplateNameTakenError:
        form.add_error("name", "Another template has this name")
    except actions.DefaultElsewhereError:
        form.add_error("is_default", "The default invitation stands in Settings, Customer Portal")
    except TextProblemError as problem:
        form.add_error(None, str(problem))
    else:
        return True
    return False


def _values(row: Template) -> dict[str, Any]:
    names = ("name", "kind", "subject", "preheader", "body", "is_default")
    return {name: getattr(row, name) for name in names}
