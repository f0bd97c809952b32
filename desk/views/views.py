"""Saved views of the contact list."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from contacts.actions.people import NameTakenError, remove_segment, save_segment
from contacts.models import Segment
from contacts.rules.segments import parse
from core.access import staff
from core.http import StaffRequest
from desk.filters import contact_chips, read_contacts
from desk.forms import ViewForm

RIGHT = "contacts.view_contact"


@staff(RIGHT)
def view_new(request: StaffRequest) -> HttpResponse:
    """This will keep the filters of the list under a name."""
    if request.method != "POST":
        query = read_contacts(request.GET)
        form = ViewForm(initial={"query": str(query)})
        return _show(request, form, str(query))
    form = ViewForm(request.POST)
    if form.is_valid():
        query = parse(form.cleaned_data["query"])
        try:
            save_segment(
                name=form.cleaned_data["name"],
                query=str(query),
                owner=request.user,
                shared=form.cleaned_data["shared"],
            )
        except NameTakenError:
            form.add_error("name", "You have a view of this name. Choose another one")
        else:
            messages.info(request, "View saved")
            return redirect(f"{reverse('desk:contacts')}?{query}")
    return _show(request, form, request.POST.get("query", ""), 422)


@require_POST
@staff(RIGHT)
def view_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """This will remove a saved view: one's own; a manager of the team also a shared one."""
    mine = Q(owner=request.user)
    if request.user.has_perm("accounts.manage_team"):
        mine |= Q(shared=True)
    segment = get_object_or_404(Segment.objects.filter(mine), pk=pk)
    remove_segment(segment=segment, actor=request.user)
    messages.info(request, "View removed")
    return redirect("desk:contacts")


def _show(request: StaffRequest, form: ViewForm, query: str, status: int = 200) -> HttpResponse:
    chips = contact_chips(parse(query))
    context = {"form": form, "chips": chips, "query": parse(query)}
    return render(request, "desk/view_form.html", context, status=status)
