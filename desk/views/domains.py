"""The board of mail domains: what DNS says of each, who is there, and what can be done."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core import keyset
from core.access import staff
from core.http import StaffRequest, safe_next, say_and_go
from core.models import Configuration
from desk.actions import note_export
from desk.filters import Chip, values_of
from desk.forms import DomainListForm
from desk.querysets import domains as board
from desk.querysets.domains import DOMAIN_SORTS
from desk.resources import domain_lines
from desk.rules import domains as reading
from desk.rules.domains import DomainQuery
from validation.actions.asking import ask_again
from validation.actions.running import start_check
from validation.actions.storing import note_domains
from validation.actions.trusting import list_domain
from validation.models import MailDomain
from validation.rules.dns_words import STATE_LABELS, DomainState
from validation.rules.domains import look_at

VIEW = ("contacts.view_contact", "contacts.view_all_contacts")
REVIEW = "review.review_findings"
CONFIGURE = "core.change_configuration"


@staff(*VIEW)
def domains(request: StaffRequest) -> HttpResponse:
    """This will show the domains that match, those with most contacts first."""
    figures = board.figures(request.user)
    first = DomainState.ATTENTION if figures.views[DomainState.ATTENTION] else DomainState.ALL
    query = reading.read(values_of(request.GET), first)
    sort = request.GET.get("sort", "")
    sort = sort if sort.lstrip("-") in DOMAIN_SORTS else "-contacts"
    plain = query == DomainQuery(query.state)
    page = keyset.page(
        board.domains(query),
        sort=sort,
        sorts=DOMAIN_SORTS,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        counted=figures.views[query.state] if plain else None,
    )
    context = {
        "page": page,
        "rows": board.rows_of(page.rows, Configuration.load()),
        "query": query,
        "sort": sort,
        "figures": figures,
        "attention": figures.views[DomainState.ATTENTION],
        "everything": figures.views[DomainState.ALL],
        "count_limit": keyset.COUNT_LIMIT,
        "views": _tabs(query, figures.views),
        "chips": _chips(query),
        "providers": board.providers(),
        "fewest": reading.FEWEST,
        "trouble": board.server_trouble(),
        "may_rename": request.user.has_perms((REVIEW, "contacts.change_contact")),
    }
    return render(request, "desk/domains.html", context)


@staff(*VIEW)
def domain(request: StaffRequest, pk: int) -> HttpResponse:
    """This will show what is known of one domain, who is there, and what can be said of it."""
    found = get_object_or_404(MailDomain, pk=pk)
    configuration = Configuration.load()
    ours, allowed = configuration.own_domain_set(), configuration.allowed_domain_set()
    context = {
        "row": board.row_of(found, ours, allowed),
        "domain": found,
        "is_ours": found.name in ours,
        "is_allowed": found.name in allowed,
        "now": timezone.now(),
        "trouble": board.server_trouble(),
        "may_rename": request.user.has_perms((REVIEW, "contacts.change_contact")),
        **board.people_at(found),
    }
    return render(request, "desk/domain.html", context)


@require_POST
@staff(*VIEW, REVIEW)
def look_up(request: StaffRequest) -> HttpResponse:
    """This will have DNS asked now: about one domain, by its row or name, or about a view."""
    rows = MailDomain.objects.all()
    name = request.POST.get("name", "")
    if request.POST.get("id", "").isdecimal():
        rows = rows.filter(pk=int(request.POST["id"]))
    elif name:
        note_domains(names={name} if look_at(name).can_exist else set())
        rows = rows.filter(name=name)
    else:
        query = reading.read(values_of(request.POST), DomainState.ATTENTION)
        rows = MailDomain.objects.filter(pk__in=board.domains(query).values("pk"))
    count = ask_again(domains=rows)
    sentence = "Looked up less than a minute ago"
    if count:
        sentence = "The domain is looked up again" if count == 1 else f"{count:,} are looked up"
    messages.info(request, sentence)
    return redirect(safe_next(request, reverse("desk:domains")))


@require_POST
@staff(*VIEW, "contacts.export_contacts")
def domains_export(request: StaffRequest) -> HttpResponseBase:
    """This will send the domains of a view as a CSV file."""
    query = reading.read(values_of(request.POST), DomainState.ALL)
    rows = board.domains(query)
    note_export(actor=request.user, count=rows.count(), entity="mail domain")
    name = f"domains-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        domain_lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@staff("contacts.view_contact", REVIEW)
def check_all(request: StaffRequest) -> HttpResponse:
    """This will check every address again, unless that is being done already."""
    job, started = start_check(actor=request.user)
    if not started:
        return say_and_go(request, "A check is under way already", "jobs:progress", job.pk)
    return redirect("jobs:progress", job.pk)


@require_POST
@staff(*VIEW, REVIEW)
def domain_allow(request: StaffRequest, pk: int) -> HttpResponse:
    """This will say that a domain is right, or take that back."""
    return _list(request, pk, "allowed_domains")


@require_POST
@staff(*VIEW, CONFIGURE)
def domain_own(request: StaffRequest, pk: int) -> HttpResponse:
    """This will say that a domain is the company's own, or take that back."""
    return _list(request, pk, "own_domains")


def _list(request: StaffRequest, pk: int, field: str) -> HttpResponse:
    found = get_object_or_404(MailDomain, pk=pk)
    form = DomainListForm(request.POST)
    on = form.is_valid() and form.cleaned_data["on"]
    changed = list_domain(name=found.name, field=field, on=on, actor=request.user)
    sentence = "Noted, its contacts are checked again" if changed else "Nothing to change"
    return say_and_go(request, sentence, "desk:domain", pk)


def _tabs(query: DomainQuery, counts: dict[DomainState, int]) -> list[dict[str, Any]]:
    """This will give the views; an empty one only while one stands on it."""
    return [
        {
            "url": f"?{DomainQuery(state)}",
            "label": STATE_LABELS[state],
            "count": min(count, keyset.COUNT_LIMIT),
            "more": count > keyset.COUNT_LIMIT,
            "current": state == query.state,
        }
        for state, count in counts.items()
        if count or state in (query.state, DomainState.ALL)
    ]


def _chips(query: DomainQuery) -> list[Chip]:
    found = []
    if query.least:
        without = DomainQuery(query.state, query.words, 0, query.provider)
        found.append(Chip(f"{query.least} or more contacts", str(without)))
    if query.provider:
        without = DomainQuery(query.state, query.words, query.least)
        found.append(Chip(query.provider, str(without)))
    return found
