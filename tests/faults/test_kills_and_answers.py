"""The faults that every run of the tests goes through: nobody lost, nobody twice, all known."""

import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor

from django.db.models import Q

from campaigns.models import LeftOut
from delivery.models import Mailing, Message
from jobs.models import Job
from tests.faults.processes import wait_until
from tests.faults.world import (
    FREE_AGAIN,
    N,
    campaign_to,
    mailing_of,
    people,
    record,
    settled,
)

FLIPS = int(os.environ.get("FAULT_FLIPS", "10"))
SENDERS = 2


def test_f1_a_sender_that_is_killed_leaves_one_open_message_at_most(world):
    world.begin("--delay", 0.005)
    resend, hold = world.mail(N // 2, "resend"), world.mail(N // 2, "hold")
    world.when_taken(random.randint(N // 5, N // 2))  # noqa: S311 - a moment
    os.kill(world.child(), signal.SIGKILL)
    before = time.monotonic()
    killed_at = world.taken()
    world.when_taken(killed_at + 5)
    resumed = time.monotonic() - before
    world.until_still(FREE_AGAIN + 30)
    again, held = settled(world, resend), settled(world, hold)
    assert (again.too_many() <= 1, held.too_many()) == (True, 0)
    assert len(held.unknown) <= 1
    record("F1", "A sender is killed", settled(world), f"went on after {resumed:.1f} s")


def test_f10_f12_what_comes_later_goes_out_and_of_what_is_lost_the_policy_decides(world):
    world.begin("--fault", "later:20:later.example", "--fault", "after:50:lost.example")
    later = world.mail(N, domain="later.example")
    resend = world.mail(N // 2, "resend", domain="lost.example")
    hold = world.mail(N // 2, "hold", domain="lost.example")
    world.until_still()

    all_later = settled(world, later)
    assert (all_later.states, all_later.taken, all_later.too_many()) == ({"accepted": N}, N, 0)
    assert world.sink.count("later") >= N // 20
    record("F10", "The mail server says “later” to 5 %", all_later)

    again, held = settled(world, resend), settled(world, hold)
    lost = [line[2].replace("-", "") for line in world.sink.lines() if line[0] == "after"]
    of_held = {key for key in lost if key in held.copies}
    assert len(lost) >= N // 50
    assert again.too_many() == len([key for key in lost if key in again.copies])
    assert (held.too_many(), held.unknown) == (0, of_held)
    both = settled(world, resend, hold)
    record("F12", "The answer to 2 % is lost", both, f"{len(lost)} answers were lost")


FORM = {"name": "Faults", "subject": "News", "body": "Hello [ContactName]"}


def test_f6_without_redis_pages_work_and_mail_goes_out_later(world, office):
    visitor, actor = office
    world.begin()
    campaign = campaign_to(people(N), actor)
    world.redis.kill()
    started = time.monotonic()
    sent = visitor.post(f"/messages/{campaign.pk}/send/", FORM)
    page = visitor.get(f"/messages/{campaign.pk}/")
    seconds = time.monotonic() - started
    assert (sent.status, page.status) == (302, 200), (sent, page)
    assert seconds < 15
    world.redis.start()
    back = time.monotonic()
    world.when_taken(1)
    resumed = time.monotonic() - back
    mailing_of(world, campaign)
    world.redis.kill()  # and once more, in the middle, empty again
    world.redis.start()
    world.until_still()
    ended = settled(world)
    assert (ended.states, ended.taken, ended.too_many()) == ({"accepted": N}, N, 0)
    assert resumed < 60
    record("F6", "Redis is killed and comes back empty", ended, f"went on after {resumed:.1f} s")


def test_f16_twenty_clicks_on_send_start_one_campaign(world, office):
    visitor, actor = office
    world.begin()
    campaign = campaign_to(people(N), actor)
    with ThreadPoolExecutor(20) as clicks:
        answers = list(
            clicks.map(lambda _: visitor.post(f"/messages/{campaign.pk}/send/", FORM), range(20))
        )
    assert {answer.status for answer in answers} == {302}, answers
    mailing_of(world, campaign)
    world.until_still()
    ended = settled(world)
    assert (ended.states, ended.taken, ended.too_many()) == ({"accepted": N}, N, 0)
    jobs = Job.objects.filter(name="campaigns.prepare", payload__campaign=campaign.pk)
    mailings = Mailing.objects.filter(created_by=actor, messages__in=ended.copies).distinct()
    assert (jobs.count(), mailings.count()) == (1, 1)
    record("F16", "Twenty clicks on Send at once", ended)


def test_f17_preparing_that_is_killed_goes_on_where_it_stopped(world, office):
    visitor, actor = office
    world.begin()
    left_out = people(9 * N, active=False)
    campaign = campaign_to([*left_out, *people(N)], actor)
    visitor.post(f"/messages/{campaign.pk}/send/", FORM)
    wait_until(lambda: LeftOut.objects.filter(campaign=campaign).count() >= 3 * N, "a third")
    world.kill_workers()
    reached = LeftOut.objects.filter(campaign=campaign).count()
    world.restart_workers(SENDERS)
    campaign = mailing_of(world, campaign)
    world.until_still()
    ended = settled(world)
    assert reached < 9 * N
    assert (ended.states, ended.taken, ended.too_many()) == ({"accepted": N}, N, 0)
    assert (campaign.selected, campaign.left_out) == (10 * N, {"inactive": 9 * N})
    record("F17", "Preparing is killed at a third", ended, f"of {10 * N:,} selected")


def test_f18_pausing_stops_at_once_and_cancelling_for_good(world, office):
    visitor, actor = office
    world.begin("--delay", 0.02)
    campaign = campaign_to(people(N), actor)
    visitor.post(f"/messages/{campaign.pk}/send/", FORM)
    mailing_of(world, campaign)
    flips, after_pause = 0, []
    while world.taken() < N * 0.7 and flips < FLIPS:
        assert visitor.post(f"/messages/{campaign.pk}/pause/", {}).status == 302
        at_pause = world.taken()
        time.sleep(0.1)
        after_pause.append(world.taken() - at_pause)
        assert visitor.post(f"/messages/{campaign.pk}/resume/", {}).status == 302
        wait_until(lambda at=at_pause: world.taken() > at + 3, "going on")
        flips += 1
    visitor.post(f"/messages/{campaign.pk}/cancel/", {})
    at_cancel = world.taken()
    time.sleep(0.5)
    ended = settled(world)
    assert max(after_pause) <= SENDERS, after_pause
    assert world.taken() - at_cancel <= SENDERS
    assert ended.too_many() == 0
    assert ended.states == {"accepted": ended.taken, "cancelled": N - ended.taken}
    assert not Message.objects.filter(~Q(token=None), mailing__in=world.mailings).exists()
    record("F18", f"Paused and resumed {flips} times, then cancelled", ended)
