"""What happened at the sample company in the last weeks, done by the same actions as pages use.

1. Six weeks ago: people, company, the ERP's three files, every address checked.
2. The reviewer accepts what is certain and decides some by hand; corrections go to the ERP.
3. The next export comes: most corrections have arrived.
4. The portal is announced, then three waves of invitations follow.
5. Customers open, register, come back; some addresses bounce, somebody asks to be let in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.utils import timezone

from adoption.actions import count_day
from campaigns.actions import drafting, preflight, reminding
from campaigns.models import Campaign
from campaigns.rules.plan import Plan
from campaigns.rules.states import CampaignKind
from contacts.actions.people import save_segment
from contacts.models import Contact
from contacts.rules.words import PortalStage
from onboarding.demo import company, customers, data, doubles, mail, questions
from onboarding.demo.clock import Calendar
from onboarding.demo.company import Staff
from portal.actions import access, registration
from portal.actions.registration import Applicant
from portal.models import Membership
from portal.rules.proof import Facts

START, CORRECTED, NEXT_EXPORT, ANNOUNCED = 40, 39, 37, 33
WAVES = (25, 15, 5)
# A wave invites one in so many of those who are ready, so that some are left to invite.
WAVE = 8
REMIND_AFTER = 7  # days: the last wave's reminder is still to come
STRANGERS = (
    ("Iris Falk", "iris.falk@falk-marine.example", "We moved last year, new zip is 04106."),
    ("Pete Moreno", "pmoreno@moreno-and-sons.example", "I took over purchasing in May."),
    ("Gwen Ashby", "gashby@ashbyhvac.example", ""),
)


@dataclass
class Weeks:
    """The plan, and what its parts hand to each other."""

    sample: Path
    say: Callable[[str], None]
    calendar: Calendar
    staff: Staff | None = None

    @property
    def people(self) -> Staff:
        """The staff; they are there from the first day on."""
        if self.staff is None:
            message = "nobody works here yet"
            raise LookupError(message)
        return self.staff

    def import_and_check(self) -> None:
        """This will set the company up and bring the ERP's files in."""
        self.say("Importing the sample company's customers, contacts and invoices")
        self.staff = company.set_up()
        preflight.look_again(selector="onb1", actor=self.staff.boss)
        preflight.check_sender()
        data.bring_in(data.files_of(self.sample), self.staff.boss)
        self.say("Checking every address")
        data.check(seconds=3)

    def correct(self) -> None:
        """This will accept and decide, and give the corrections to the ERP."""
        self.say("Correcting what is certain, giving it back to the ERP")
        data.correct(self.people)

    def import_again(self) -> None:
        """This will bring the ERP's next export in, which confirms most of the corrections."""
        content = data.next_export(self.sample / "contacts.csv")
        data.bring_in([("contacts.csv", content)], self.people.boss)
        data.check(seconds=1)

    def announce(self) -> None:
        """This will tell everybody who is to be invited later that the portal is coming."""
        self.say("Announcing the portal, inviting in waves, letting customers register")
        chosen = [pk for wave in range(len(WAVES)) for pk in ready()[wave::WAVE]]
        mail.send(CampaignKind.ANNOUNCEMENT, chosen, self.people.sender)

    def invite(self, days: int) -> None:
        """This will invite a wave and plan its customers' visits on the days that follow."""
        chosen = ready()[:: WAVE - WAVES.index(days)]
        is_last = days == WAVES[-1]
        plan = Plan(remind_after_days=REMIND_AFTER) if is_last else None
        campaign = mail.send(CampaignKind.INVITATION, chosen, self.people.sender, plan)
        for visit in customers.visits_of(campaign, days):
            self.calendar.plan(visit.days, visit.hour, visit.happens)

    def ask(self, number: int) -> None:
        """This will let somebody ask to be let in whom no account number proves."""
        name, email, note = STRANGERS[number]
        registration.ask_to_be_invited(
            applicant=Applicant(name=name, email=email, note=note),
            facts=Facts("10012", "04106", "INV410099"),
            network=f"demo-{number}",
        )

    def forget(self) -> None:
        """This will let a customer ask for a new password."""
        user = Membership.objects.select_related("user").order_by("pk")[0].user
        access.send_reset_link(username=user.username, email=user.email)

    def note_a_call(self) -> None:
        """This will note that somebody called after the last invitation, and needs no reminder."""
        invited = Contact.objects.filter(portal_stage=PortalStage.INVITED).order_by("-pk")
        reminding.note_reply(contact=invited[0], actor=self.people.sender)

    def ask_around(self) -> None:
        """This will ask a sales rep and a customer about addresses, and share the queue."""
        questions.ask(self.people.reviewer)

    def sort_out_doubles(self) -> None:
        """This will merge two contacts that are one, and call two others two."""
        doubles.decide(self.people.reviewer)

    def save_a_view(self) -> None:
        """This will save a view of the contact list for everybody."""
        save_segment(
            name="Ready in Pennsylvania",
            query="view=ready&state=PA",
            owner=self.people.sender,
            shared=True,
        )

    def leave_a_draft(self) -> Campaign:
        """This will leave a reminder that somebody has begun to write."""
        return drafting.draft_campaign(
            kind=CampaignKind.REMINDER, audience={"segment": "invited"}, actor=self.people.sender
        )


def play(*, sample: Path, say: Callable[[str], None]) -> None:
    """This will play all the weeks and say what is going on."""
    calendar = Calendar()
    weeks = Weeks(sample, say, calendar)
    calendar.plan(START, 8, weeks.import_and_check)
    calendar.plan(CORRECTED, 14, weeks.correct)
    calendar.plan(NEXT_EXPORT, 8, weeks.import_again)
    calendar.plan(ANNOUNCED, 10, weeks.announce)
    for days in WAVES:
        calendar.plan(days, 10, partial(weeks.invite, days))
    for number in range(len(STRANGERS)):
        calendar.plan(number + 1, 11, partial(weeks.ask, number))
    calendar.plan(2, 9, weeks.save_a_view)
    calendar.plan(2, 14, weeks.ask_around)
    calendar.plan(2, 16, weeks.sort_out_doubles)
    calendar.plan(1, 10, questions.hear)
    calendar.plan(1, 13, weeks.note_a_call)
    calendar.plan(1, 14, weeks.forget)
    calendar.plan(1, 15, weeks.leave_a_draft)
    for days in range(START, 0, -1):
        calendar.plan(days, 23, count)
    calendar.play()
    count()


def count() -> None:
    """This will write the day's figures down, as the schedule does."""
    count_day(now=timezone.now())


def ready() -> list[int]:
    """This will give who can be invited now, in an order that stays."""
    rows = Contact.objects.ready_to_invite().order_by("pk")
    return list(rows.values_list("pk", flat=True))
