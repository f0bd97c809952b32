"""Pages behind the links that review mails. Looking changes nothing; a POST does.

A colleague answers what he was asked; a customer says whether his address is right. Nobody signs
in: the link is the proof, so it opens his own questions or his own address and nothing else.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.access import public
from core.http import address_of
from core.ratelimit import Limit, take
from core.rules.networks import network_of
from delivery.models import Message
from delivery.rules.states import TO_MANY
from delivery.tokens import wrong_person_url
from review.actions.answers import ClosedError, answer, customer_answers, customer_confirms
from review.actions.digests import LIFE, finish
from review.forms import AnswerForm, ConfirmForm, NoteForm
from review.models import Question, Respondent
from review.querysets.replies import Row, row_of, rows_for
from review.tokens import read_confirm, read_questions
from validation.actions.trying import try_address

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

HOUR = timedelta(hours=1)
POSTS = Limit("review.post", 240, HOUR)
TYPED = Limit("review.typed", 900, HOUR)
CONFIRM_LIFE = timedelta(days=30)


def link_page(limit: Limit) -> Callable[[View[P]], View[P]]:
    """This will keep a page out of every cache, and count how often each network posts to it."""

    def decorate(view: View[P]) -> View[P]:
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            network = network_of(address_of(request, settings.TRUSTED_PROXIES))
            if request.method == "POST" and not take(limit, network):
                return render(request, "429.html", TOO_MANY, status=429)
            return view(request, *args, **kwargs)

        update_wrapper(guarded, view)
        page: View[P] = never_cache(require_http_methods(["GET", "HEAD", "POST"])(guarded))
        return page

    return decorate


TOO_MANY = {
    "message": "We pause for a while. What you answered is kept; try again in an hour.",
}


@link_page(POSTS)
@public
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """This will show a colleague what he is asked, and what he has answered."""
    respondent = _respondent(token)
    if respondent is None:
        return _broken(request)
    if _is_over(respondent):
        return render(request, "review/reply_closed.html", status=410)
    wanted = request.GET.get("change", "")
    rows = rows_for(respondent, since=timezone.now() - LIFE, change=wanted)
    context = {"respondent": respondent, "token": token, "rows": rows, **_progress(rows)}
    return render(request, "review/reply.html", context)


@require_POST
@link_page(POSTS)
@public
def reply_answer(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """This will keep one answer, or ask once more about an address that looks mistyped."""
    respondent, question = _asked(token, pk)
    if respondent is None or question is None:
        return _broken(request)
    form = AnswerForm(question, request.POST)
    hint = ""
    if form.is_valid():
        hint = _meant(question, form)
        if not hint:
            try:
                question.proposal = answer(question=question, said=form.said())
            except ClosedError:
                return _back_to(request, token, respondent, question)
            return _back_to(request, token, respondent, question)
    row = row_of(question, form=form, hint=hint)
    return _row(request, token, respondent, row, status=422 if form.errors else 200)


@require_POST
@link_page(TYPED)
@public
def reply_try(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """This will say whether another address was probably meant than the one being typed."""
    respondent, question = _asked(token, pk)
    if respondent is None or question is None:
        return _broken(request)
    form = AnswerForm(question, request.POST)
    hint = _meant(question, form) if form.is_valid() else ""
    return render(request, "review/_typed_hint.html", {"hint": hint, "typed": form.typed()})


@require_POST
@link_page(POSTS)
@public
def reply_done(request: HttpRequest, token: str) -> HttpResponse:
    """This will keep what a colleague wrote beside his answers."""
    respondent = _respondent(token)
    if respondent is None or _is_over(respondent):
        return _broken(request)
    form = NoteForm(request.POST)
    if form.is_valid():
        finish(respondent=respondent, note=form.cleaned_data["note"])
    return redirect(reverse("review:reply", args=[token]) + "#main")


@link_page(POSTS)
@public
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """This will ask a customer whether his address is right, and keep what he says."""
    message = _message(token)
    if message is None or message.contact is None:
        return _broken(request)
    contact = message.contact
    context: dict[str, Any] = {
        "message": message,
        "contact": contact,
        "until": message.created_at + CONFIRM_LIFE,
        "wrong_url": wrong_person_url(message.pk),
    }
    if timezone.now() > context["until"] or contact.address_key != message.address_key:
        return render(request, "review/confirm_closed.html", context, status=410)
    context["form"] = form = ConfirmForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "review/confirm.html", context, status=status)
    context["hint"] = _meant_by_customer(message, form)
    if context["hint"]:
        return render(request, "review/confirm.html", context)
    if form.cleaned_data["choice"] == ConfirmForm.YES:
        customer_confirms(message=message)
    else:
        customer_answers(message=message, said=form.said())
    return render(request, "review/confirmed.html", context)


def _respondent(token: str) -> Respondent | None:
    reference = read_questions(token)
    if reference is None:
        return None
    rows = Respondent.objects.filter(pk=reference.row_id, version=reference.version)
    return rows.first()


def _is_over(respondent: Respondent) -> bool:
    return respondent.open_until is None or respondent.open_until < timezone.now()


def _asked(token: str, pk: int) -> tuple[Respondent | None, Question | None]:
    """This will give who answers and the question, if it is one of his and the link still works."""
    respondent = _respondent(token)
    if respondent is None or _is_over(respondent):
        return None, None
    shown = Question.objects.on_page_of(respondent, timezone.now() - LIFE).filter(pk=pk)
    return respondent, shown.select_related("contact__customer", "respondent", "proposal").first()


def _meant(question: Question, form: AnswerForm) -> str:
    """This will give the address that was probably meant, unless that was asked already."""
    typed = form.typed()
    if not typed or form.is_sure():
        return ""
    name = form.cleaned_data["person_name"] if form.names_somebody() else None
    tried = try_address(typed=typed, contact=question.contact, name=name)
    return tried.meant if tried.meant != typed else ""


def _meant_by_customer(message: Message, form: ConfirmForm) -> str:
    """This will do the same for a customer; only the domain, so that no colleague is named."""
    typed = form.typed()
    if not typed or form.is_sure() or message.contact is None:
        return ""
    meant = try_address(typed=typed, contact=message.contact).meant
    same_person = meant.rpartition("@")[0].lower() == typed.rpartition("@")[0].lower()
    return meant if same_person and meant != typed else ""


def _message(token: str) -> Message | None:
    message_id = read_confirm(token)
    if message_id is None:
        return None
    rows = Message.objects.filter(pk=message_id, purpose__in=TO_MANY)
    return rows.select_related("contact__customer").first()


def _back_to(
    request: HttpRequest, token: str, respondent: Respondent, question: Question
) -> HttpResponse:
    """This will show the question as it is now: in its place, or on the page without script."""
    if not getattr(request, "htmx", False):
        return redirect(f"{reverse('review:reply', args=[token])}#q-{question.pk}")
    fresh = Question.objects.select_related("contact__customer", "proposal").get(pk=question.pk)
    return _row(request, token, respondent, row_of(fresh))


def _row(
    request: HttpRequest, token: str, respondent: Respondent, row: Row, status: int = 200
) -> HttpResponse:
    rows = rows_for(respondent, since=timezone.now() - LIFE)
    context = {"respondent": respondent, "token": token, "row": row, **_progress(rows)}
    if getattr(request, "htmx", False):
        return render(request, "review/_reply_row.html", context | {"alone": True}, status=status)
    rows = [row if one.question.pk == row.question.pk else one for one in rows]
    return render(request, "review/reply.html", context | {"rows": rows}, status=status)


def _progress(rows: list[Row]) -> dict[str, int]:
    return {"total": len(rows), "answered": sum(1 for row in rows if row.told is not None)}


def _broken(request: HttpRequest) -> HttpResponse:
    return render(request, "delivery/link_broken.html", status=404)
