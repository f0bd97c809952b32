"""What is open for whom and since when; ask about a contact, take back, send, end a link."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from contacts.models import Contact
from core import keyset
from core.access import staff
from core.http import StaffRequest, safe_next, say_and_go
from review.actions import asking, digests
from review.actions.asking import CannotAskError, Doubt
from review.forms import AskForm, read_question_filter
from review.models import Question, Respondent
from review.querysets.open_questions import QuestionFilter, asked_of, counts_by_state, wanted
from review.querysets.queue import QueueFilter
from review.views.queue import RIGHT, problems
from validation.models import Finding

SORTS = {"since": "id"}


@staff(RIGHT)
def questions_page(request: StaffRequest) -> HttpResponse:
    """This will list open questions by whom they are asked of and how old they are."""
    chosen = read_question_filter(request.GET)
    rows = wanted(chosen, request.user).select_related(
        "contact__customer", "respondent", "opened_by", "proposal"
    )
    page = keyset.page(
        rows,
        sort="since",
        sorts=SORTS,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "page": page,
        "chosen": chosen,
        "views": _views(chosen, request),
        "people": asked_of(request.user),
        **problems(QueueFilter(problem="asked"), request),
    }
    return render(request, "review/questions.html", context)


@require_POST
@staff(RIGHT)
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """This will take a question back that nobody has answered."""
    question = get_object_or_404(Question.objects.open().visible_to(request.user), pk=pk)
    if asking.withdraw_questions(questions=[question], actor=request.user):
        messages.info(request, f"Withdrawn: the question about {question.contact}")
    else:
        messages.warning(request, "It was answered meanwhile: the answer waits for you.")
    return redirect(safe_next(request, reverse("review:questions")))


@require_POST
@staff(RIGHT)
def send_questions(request: StaffRequest, pk: int) -> HttpResponse:
    """This will mail a colleague at once what is open for him."""
    respondent = _respondent(request, pk)
    if digests.send_now(respondent=respondent, actor=request.user):
        return say_and_go(request, f"Mail to {respondent} is on its way", "review:questions")
    messages.warning(request, f"Nothing is open for {respondent}.")
    return redirect("review:questions")


@require_POST
@staff(RIGHT)
def revoke_link(request: StaffRequest, pk: int) -> HttpResponse:
    """This will end a colleague's link; the next mail to him brings a new one."""
    respondent = _respondent(request, pk)
    digests.revoke(respondent=respondent, actor=request.user)
    return say_and_go(request, f"The link of {respondent} no longer works", "review:questions")


@require_POST
@staff(RIGHT)
def ask_contact(request: StaffRequest, pk: int) -> HttpResponse:
    """This will ask about a contact from its page, whether or not anything was found."""
    contact = get_object_or_404(
        Contact.objects.visible_to(request.user).select_related("customer"), pk=pk
    )
    form = AskForm(request.POST)
    back = safe_next(request, reverse("review:questions"))
    if not form.is_valid():
        messages.warning(request, "Choose whom to ask.")
        return redirect(back)
    try:
        done = asking.ask_about(
            doubts=[_doubt(contact)],
            whom=form.cleaned_data["whom"],
            note=form.cleaned_data["note"],
            actor=request.user,
        )
    except CannotAskError as refusal:
        messages.warning(request, str(refusal))
    else:
        undo_url = reverse("review:undo", args=[done.change_set.pk])
        messages.info(request, done.change_set.label, extra_tags=undo_url)
    return redirect(back)


def _doubt(contact: Contact) -> Doubt:
    """This will ask with what was found about the address, if anything was."""
    found = Finding.objects.open().filter(contact=contact, field="email")
    row = found.order_by("-confidence", "pk").first()
    if row is None:
        return Doubt(contact, value=contact.email)
    reason = row.evidence.partition("\n")[0]
    return Doubt(contact, row.code, "email", contact.email, row.suggestion, reason)


def _respondent(request: StaffRequest, pk: int) -> Respondent:
    seen = Question.objects.visible_to(request.user).values("respondent")
    return get_object_or_404(Respondent.objects.filter(pk__in=seen), pk=pk)


def _views(chosen: QuestionFilter, request: StaffRequest) -> list[dict[str, Any]]:
    counts = counts_by_state(request.user)
    labels = (
        ("", "All open"),
        ("unsent", "Not sent yet"),
        ("asked", "Asked"),
        ("answered", "Answered"),
        ("passed", "Passed on"),
        ("nobody", "Nobody asked"),
    )
    return [
        {
            "url": f"?state={state}" if state else "?",
            "label": label,
            "count": counts[state or "all"],
            "current": chosen.state == state,
        }
        for state, label in labels
    ]
