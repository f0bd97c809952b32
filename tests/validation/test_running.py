"""A check of everything as one job: what it tells, and what it does without DNS."""

import pytest

from contacts.models import Contact
from jobs.models import Job
from jobs.queue import cancel, run_now, run_slice
from tests.validation.test_counting import contact, firm
from validation.actions.running import start_check
from validation.models import MailDomain, NameServer

pytestmark = pytest.mark.django_db
GOOD = {"MX": "0 mx.gmail.com."}


@pytest.fixture
def base(settings):
    settings.DNS_QUERIES_PER_SECOND = 5_000
    one = firm("1")
    contact(one, "ann.lee@acmetools.com")
    contact(one, "bob.fox@gone-tools.com", "Bob", "Fox")
    Job.objects.all().delete()


@pytest.fixture
def server(base, settings, name_server):
    made = name_server({"acmetools.com": GOOD})
    settings.DNS_SERVER = ("127.0.0.1", made.port)
    return made


def states():
    return dict(Contact.objects.order_by("email").values_list("email_domain", "email_status"))


def test_a_check_asks_dns_checks_everybody_and_says_what_it_did(server):
    job, started = start_check(actor=None)
    done = run_now(job)

    assert (started, done.state, done.error) == (True, "done", "")
    assert done.message == "2 contacts checked. DNS was asked about 2 domains."
    assert done.result == {"asked": 2, "temporary": 0, "contacts": 2}
    assert states() == {"acmetools.com": "ok", "gone-tools.com": "invalid"}


def test_a_second_click_leads_to_the_check_that_is_under_way(server):
    first, _ = start_check(actor=None)
    second, started = start_check(actor=None)
    run_now(first)
    third, again = start_check(actor=None)

    assert (second.pk, started) == (first.pk, False)
    assert (third.pk != first.pk, again) == (True, True)


def test_without_dns_everything_else_is_checked(base, settings):
    settings.DNS_SERVER = ("off", 0)
    done = run_now(start_check(actor=None)[0])

    assert done.state == "done"
    assert done.message == (
        "2 contacts checked."
        " DNS is switched off (DNS_SERVER=off), so mail domains are not looked up."
    )
    assert states() == {"acmetools.com": "unknown", "gone-tools.com": "unknown"}


def test_a_silent_server_makes_nobody_invalid_and_is_told(base, settings, name_server):
    silent = name_server({"gmail.com": "silent"}, everything="silent")
    settings.DNS_SERVER = ("127.0.0.1", silent.port)
    job, _ = start_check(actor=None)
    while run_slice(str(job.pk), seconds=0.6):
        pass
    job.refresh_from_db()

    assert (job.state, "does not answer" in job.message) == ("done", True)
    assert states() == {"acmetools.com": "unknown", "gone-tools.com": "unknown"}
    assert "does not answer" in NameServer.load().trouble


def test_slices_say_how_far_it_got_and_it_can_be_stopped(server):
    job, _ = start_check(actor=None)
    # No time at all is still enough for nothing to be lost: the step is kept.
    assert run_slice(str(job.pk), seconds=0.0) is True
    cancel(job)
    assert run_slice(str(job.pk), seconds=5.0) is False
    job.refresh_from_db()
    assert (job.state, MailDomain.objects.exclude(checked_at=None).count()) == ("cancelled", 0)
