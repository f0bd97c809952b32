"""manage.py invite: make and start an invitation campaign."""

import json
import time
from typing import Any, NoReturn

from django.core.management import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from campaigns.actions import launching, steering
from campaigns.actions.drafting import TextProblemError, draft_campaign
from campaigns.actions.rights import NotAllowedError, refuse_unless_allowed
from campaigns.models import Campaign, Template
from campaigns.querysets.audience import split
from campaigns.rules.audience import Reason, label, needs_a_person
from campaigns.rules.states import CampaignKind, CampaignState
from contacts.rules.segments import UnknownSegmentError
from core.models import Configuration
from delivery.models import Message
from jobs.models import Job
from jobs.queue import run_now

NEEDS_PERSON, NOTHING_APPLIED = 1, 2
KIND = CampaignKind.INVITATION


class Command(BaseCommand):
    """Invites the contacts of a segment; the messages are prepared to the end before it returns."""

    help = "Invites the contacts of a segment to the customer portal."

    def add_arguments(self, parser: CommandParser) -> None:
        """This will name the options."""
        parser.add_argument("--segment", required=True, help="A view by name; ready and all exist.")
        parser.add_argument("--template", default="", help="An invitation template by name.")
        parser.add_argument("--dry-run", action="store_true", help="Count only, change nothing.")
        parser.add_argument("--json", action="store_true", help="Answer with one JSON object.")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """This will count or invite, and say who was left out for which reason."""
        self.as_json = options["json"]
        self.dry_run = options["dry_run"]
        segment = options["segment"]
        try:
            refuse_unless_allowed(None, KIND)
            template = self.template(options["template"])
            facts = self.count(segment) if self.dry_run else self.invite(segment, template)
        except UnknownSegmentError:
            self.refuse(f"There is no view called “{segment}”. Use ready, all, or a saved view.")
        except (NotAllowedError, TextProblemError) as refusal:
            self.refuse(str(refusal))
        self.answer(facts)
        if needs_a_person(facts["held"]):
            raise SystemExit(NEEDS_PERSON)

    def template(self, name: str) -> Template | None:
        """This will give the invitation template of that name, or refuse."""
        if not name:
            return None
        known = Template.objects.of_kind(KIND).by_name()
        found = known.filter(name__iexact=name).first()
        if found is None:
            names = ", ".join(known.values_list("name", flat=True))
            self.refuse(
                f"There is no invitation template called “{name}”. There are: {names or 'none'}."
            )
        return found

    def count(self, segment: str) -> dict[str, Any]:
        """This will say who would get an invitation."""
        found = split({"segment": segment}, KIND, user=None, now=timezone.now())
        return _facts(None, len(found.to_send), found.counts())

    def invite(self, segment: str, template: Template | None) -> dict[str, Any]:
        """This will make the campaign, start it, and prepare all of its messages here."""
        with transaction.atomic():
            campaign = draft_campaign(
                kind=KIND, audience={"segment": segment}, actor=None, template=template
            )
            job = launching.launch(campaign=campaign, actor=None)
        job = _to_the_end(job)
        campaign = Campaign.objects.get(pk=campaign.pk)
        if campaign.state == CampaignState.PREPARING:
            steering.cancel(campaign=campaign, actor=None)
            self.refuse(job.error or "The messages could not be prepared. See the server's log.")
        queued = Message.objects.filter(mailing=campaign.mailing).count()
        held = {Reason(name): n for name, n in campaign.left_out.items()}
        return _facts(campaign.pk, queued, held)

    def answer(self, facts: dict[str, Any]) -> None:
        """This will print the facts as JSON, or as lines for people."""
        if self.as_json:
            self.stdout.write(json.dumps(facts))
            return
        said = (
            "would be invited. Nothing was changed."
            if self.dry_run
            else "invited. Their messages wait in the outbox."
        )
        self.stdout.write(f"{facts['queued']:,} of {facts['selected']:,} contacts {said}")
        days = Configuration.load().pause_days
        for reason, n in facts["held"].items():
            words = label(Reason(reason), days)
            self.stdout.write(f"  {n:,} left out: {words[0].lower()}{words[1:]}")

    def refuse(self, sentence: str) -> NoReturn:
        """This will say why nobody was invited, and end with 2."""
        if self.as_json:
            self.stdout.write(json.dumps({"error": sentence}))
        else:
            self.stderr.write(sentence)
        raise SystemExit(NOTHING_APPLIED)


def _to_the_end(job: Job) -> Job:
    """This will do the job here; where a worker was faster, wait for the worker."""
    done = run_now(job)
    while done.is_open:
        time.sleep(0.2)
        done = run_now(job)
    return done


def _facts(campaign: int | None, queued: int, held: dict[Reason, int]) -> dict[str, Any]:
    return {
        "campaign": campaign,
        "selected": queued + sum(held.values()),
        "queued": queued,
        "held": {reason.value: n for reason, n in held.items()},
    }
