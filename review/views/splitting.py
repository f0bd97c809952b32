"""Split a field with several addresses: a preview that can be changed, then one change set."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from core.access import staff
from core.http import StaffRequest
from review.actions.deciding import OvertakenError
from review.actions.splitting import split
from review.forms import SplitForm
from review.rules.splitting import own_part, parts_of
from review.views.queue import RIGHT, open_finding


@staff(RIGHT)
def split_page(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show who each address would belong to, and make them contacts on a POST."""
    row = open_finding(request, pk)
    contact = row.contact
    parts = parts_of(contact.email)
    own = own_part(parts, contact.first_name, contact.last_name)
    form = SplitForm(parts, own, request.POST or None)
    overtaken = ""
    if request.method == "POST" and form.is_valid():
        try:
            done = split(
                contact=contact,
                seen=form.cleaned_data["seen"],
                own=form.own(),
                others=form.others(),
                actor=request.user,
            )
        except OvertakenError as error:
            overtaken = f"A colleague changed it meanwhile: now it is {error.now or 'empty'}."
        else:
            undo_url = reverse("review:undo", args=[done.change_set.pk])
            messages.info(request, done.change_set.label, extra_tags=undo_url)
            return redirect(f"{reverse('review:queue')}?problem=malformed")
    context = {
        "row": row,
        "form": form,
        "parts": form.rows(),
        "overtaken": overtaken,
    }
    status = 422 if form.is_bound else 200
    return render(request, "review/split.html", context, status=status)
