"""For every address with a number or token in it: one that exists in the small company."""

from collections.abc import Callable

from django.contrib import admin
from django.db.models import Model

from campaigns.models import Campaign, Template
from contacts.models import ChangeSet, Contact, Customer, Duplicate, Proposal, Segment, Source
from contacts.rules.words import Entity
from delivery.models import Message, Suppression
from delivery.tokens import unsubscribe_url
from delivery.tokens import wrong_person_url as wrong_url
from erp.models import Import, WriteBackBatch, WriteBackLine
from jobs.models import Job
from portal.models import Invitation, Membership, Registration
from portal.rules.states import LIVE
from portal.tokens import invitation_token
from review.models import Question, Respondent
from review.tokens import confirm_url, questions_token
from validation.models import Finding, MailDomain

UNKNOWN_TOKEN = "unknown-token"


def first(rows) -> Model:
    row = rows.order_by("pk").first()
    assert row is not None, rows.model
    return row


def pk_of(rows) -> Callable[[], dict[str, object]]:
    return lambda: {"pk": first(rows).pk}


def token_of(url: str) -> str:
    return url.rstrip("/").rsplit("/", 1)[-1]


def any_message() -> Message:
    """The newest one to a contact: links in older ones may have run out."""
    newest = Message.objects.exclude(mailing=None).exclude(contact=None).order_by("created_at")
    return newest.last()


def any_job() -> dict[str, object]:
    return {"job_id": Job.objects.earliest("created_at").pk}


def any_change_set() -> dict[str, object]:
    return {"change_set": first(ChangeSet.objects.all()).pk}


def live_invitation() -> dict[str, object]:
    return {"token": invitation_token(first(Invitation.objects.filter(state__in=LIVE)))}


def colleague() -> dict[str, object]:
    return {"token": questions_token(Respondent.objects.earliest("pk"))}


def asked():
    return Question.objects.filter(respondent=Respondent.objects.earliest("pk"))


def customer_key() -> dict[str, object]:
    return {"key": first(Membership.objects.all()).key}


# By namespace; what is listed by its full name wins.
PK = {
    "campaigns": pk_of(Campaign.objects.exclude(mailing=None)),
    "erp": pk_of(Import.objects.all()),
    "review": pk_of(Finding.objects.open()),
    "delivery": lambda: {"pk": any_message().pk},
}
EXAMPLES: dict[str, Callable[[], dict[str, object]]] = {
    "accounts:first_administrator": lambda: {"token": UNKNOWN_TOKEN},
    "campaigns:answered": pk_of(Contact.objects.all()),
    "campaigns:template": pk_of(Template.objects.all()),
    "campaigns:template_remove": pk_of(Template.objects.all()),
    "campaigns:compose": pk_of(Campaign.objects.filter(state="draft")),
    "campaigns:preview": pk_of(Campaign.objects.filter(state="draft")),
    "campaigns:preview_message": pk_of(Campaign.objects.filter(state="draft")),
    "campaigns:confirm": pk_of(Campaign.objects.filter(state="draft")),
    "delivery:lift": pk_of(Suppression.objects.all()),
    "delivery:lift_ask": pk_of(Suppression.objects.all()),
    "delivery:unsubscribe": lambda: {"token": token_of(unsubscribe_url(any_message().pk))},
    "delivery:wrong_person": lambda: {"token": token_of(wrong_url(any_message().pk))},
    "desk:contact": pk_of(Contact.objects.all()),
    "desk:contact_edit": pk_of(Contact.objects.all()),
    "desk:customer": pk_of(Customer.objects.all()),
    "desk:customer_edit": pk_of(Customer.objects.all()),
    "desk:domain": pk_of(MailDomain.objects.all()),
    "desk:domain_allow": pk_of(MailDomain.objects.all()),
    "desk:domain_own": pk_of(MailDomain.objects.all()),
    "desk:contact_merge": pk_of(Contact.objects.people()),
    "desk:customer_merge": pk_of(Customer.objects.all()),
    "desk:duplicate": pk_of(Duplicate.objects.open(Entity.CONTACT)),
    "desk:duplicate_merge": pk_of(Duplicate.objects.open(Entity.CONTACT)),
    "desk:duplicate_apart": pk_of(Duplicate.objects.open(Entity.CONTACT)),
    "desk:duplicate_reopen": pk_of(Duplicate.objects.apart(Entity.CONTACT)),
    "desk:segment": pk_of(Segment.objects.all()),
    "desk:segment_remove": pk_of(Segment.objects.all()),
    "desk:undo": pk_of(ChangeSet.objects.all()),
    "desk:view_remove": pk_of(Segment.objects.all()),
    "erp:batch": pk_of(WriteBackBatch.objects.all()),
    "erp:download": lambda: {"pk": first(WriteBackBatch.objects.all()).pk, "part": "contacts"},
    "erp:export": pk_of(Source.objects.all()),
    "erp:rematch": lambda: {"pk": first(Import.objects.all()).pk, "file": 0},
    "erp:reopen": lambda: {"pk": first(Import.objects.all()).pk, "file": 0},
    "erp:conflicts_undo": lambda: {"pk": first(Import.objects.all()).pk} | any_change_set(),
    "erp:kind_rows": lambda: {"pk": first(Import.objects.all()).pk, "kind": "new"},
    "erp:not_typed_in": lambda: {"pk": first(Source.objects.all()).pk, "moment": 0},
    "erp:write_back_undo": any_change_set,
    "erp:rows": lambda: {"pk": first(Import.objects.all()).pk, "file": 0},
    "erp:sample": lambda: {"entity": "contact", "kind": "csv"},
    "erp:typed_in": pk_of(WriteBackLine.objects.all()),
    "erp:withdraw": pk_of(WriteBackLine.objects.all()),
    "jobs:progress": any_job,
    "jobs:cancel": any_job,
    "portal:account": customer_key,
    "portal:invoices": customer_key,
    "portal:people": customer_key,
    "portal:invitation": live_invitation,
    "portal:invitation_opened": live_invitation,
    "portal:invitation_add": live_invitation,
    "portal:invitation_not_me": live_invitation,
    "portal:invitation_new_link": live_invitation,
    "portal:register": lambda: {"token": UNKNOWN_TOKEN},
    "portal:register_add": lambda: {"token": UNKNOWN_TOKEN},
    "portal:register_again": lambda: {"token": UNKNOWN_TOKEN},
    "portal:reset": lambda: {"token": UNKNOWN_TOKEN},
    "portal:registration": pk_of(Registration.objects.all()),
    "portal:approve_registration": pk_of(Registration.objects.all()),
    "portal:refuse_registration": pk_of(Registration.objects.all()),
    "portal:send_invitation": lambda: {"contact": first(Contact.objects.people()).pk},
    "portal:invitation_link": lambda: {"contact": first(Contact.objects.people()).pk},
    "portal:revoke_invitation": lambda: {"contact": first(Contact.objects.people()).pk},
    "review:answer": pk_of(Proposal.objects.open()),
    "review:answer_take": pk_of(Proposal.objects.open()),
    "review:answer_refuse": pk_of(Proposal.objects.open()),
    "review:ask_contact": pk_of(Contact.objects.people()),
    "review:confirm": lambda: {"token": token_of(confirm_url(any_message().pk))},
    "review:reply": colleague,
    "review:reply_answer": lambda: {**colleague(), "pk": first(asked()).pk},
    "review:reply_done": colleague,
    "review:reply_try": lambda: {**colleague(), "pk": first(asked()).pk},
    "review:revoke_link": pk_of(Respondent.objects.all()),
    "review:send_questions": pk_of(Respondent.objects.all()),
    "review:withdraw": pk_of(Question.objects.open()),
    "review:undo": pk_of(ChangeSet.objects.filter(kind="review")),
}


def example_of(name: str) -> dict[str, object]:
    """The values that fill an address; an address that is not listed is an error."""
    found = EXAMPLES.get(name) or PK.get(name.partition(":")[0])
    assert found is not None, f"tests/house/examples.py has no example for {name}"
    return found()


def admin_pages() -> list[tuple[str, str]]:
    """Name and address of every list, new row and first row in the admin."""
    pages = [("admin:index", "/settings/")]
    for model in admin.site._registry:
        base = f"/settings/{model._meta.app_label}/{model._meta.model_name}/"
        label = model._meta.label
        pages += [(f"admin {label}: list", base), (f"admin {label}: add", f"{base}add/")]
        row = model._base_manager.order_by("pk").first()
        if row is not None:
            pages.append((f"admin {label}: one", f"{base}{row.pk}/change/"))
            pages.append((f"admin {label}: history", f"{base}{row.pk}/history/"))
    return pages
