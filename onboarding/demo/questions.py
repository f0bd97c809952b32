"""The demo's questions: a rep is asked about three contacts and answers one, a customer waits."""

from django.utils import timezone

from accounts.models import User
from contacts.actions.proposals import Said
from contacts.models import Contact
from contacts.rules.words import EmailStatus, ProposalKind
from review.actions import answers, asking, assigning, digests
from review.actions.asking import Asked, Doubt
from review.models import Question
from review.querysets.queue import QueueFilter, queue

ASKED_OF_REPS = 3


def ask(reviewer: User) -> None:
    """This will ask one rep about some of his contacts, and a customer about his address."""
    without = queue(QueueFilter(problem="missing"), reviewer).select_related("contact__customer")
    named = without.exclude(contact__customer__sales_rep=None).order_by("pk")
    reps = named.values_list("contact__customer__sales_rep", flat=True)[:1]
    same = named.filter(contact__customer__sales_rep__in=list(reps))
    asking.ask(findings=same[:ASKED_OF_REPS], whom=Asked.SALES_REP, actor=reviewer)
    for question in Question.objects.unanswered().filter(asked=Asked.SALES_REP)[:1]:
        if question.respondent:
            digests.send_now(respondent=question.respondent, actor=reviewer)
    fine = Contact.objects.people().active().filter(email_status=EmailStatus.OK).order_by("pk")
    for contact in fine[:1]:
        doubt = Doubt(contact, value=contact.email)
        asking.ask_about(doubts=[doubt], whom=Asked.CUSTOMER, actor=reviewer)
    mine = queue(QueueFilter(problem="typo"), reviewer).order_by("pk")
    keys = mine.values_list("contact_id", flat=True)[:5]
    assigning.assign(contact_ids=keys, to=reviewer, actor=reviewer)


def hear() -> None:
    """This will let the rep answer one of his questions."""
    rows = Question.objects.unanswered().filter(asked=Asked.SALES_REP, mailed_at__lt=timezone.now())
    question = rows.select_related("contact__customer", "respondent").order_by("-pk").first()
    if question is None:
        return
    contact = question.contact
    letter, name = contact.first_name[:1].lower(), contact.last_name.lower().replace(" ", "")
    website = contact.customer.website if contact.customer else ""
    domain = website.rpartition("//")[2].removeprefix("www.").partition("/")[0]
    said = Said(ProposalKind.NO_EMAIL)
    if letter and name and domain:
        said = Said(ProposalKind.CHANGE, {"email": f"{letter}{name}@{domain}"})
    answers.answer(question=question, said=said)
