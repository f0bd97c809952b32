"""The rest of the table of faults: `make faults` runs it and writes what came out."""

import atexit
import random
import time
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from delivery.actions import outbox
from delivery.models import Message, Sender, SendingState, Suppression
from tests.faults.fakes import Postgres, Provider
from tests.faults.processes import wait_until
from tests.faults.world import (
    FREE_AGAIN,
    SWEEP,
    TIMEOUT,
    N,
    campaign_to,
    freeze,
    mailing_of,
    people,
    record,
    settled,
    thaw,
)

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.timeout(600)]
FORM = {"name": "Faults", "subject": "News", "body": "Hello [ContactName]"}
SENDERS = 2
HALF = N // 2


def both_policies(world):
    return world.mail(HALF, "resend"), world.mail(HALF, "hold")


def judged(world, resend, hold, most):
    """After any kill: at most so many twice where it may be, none where it may not."""
    again, held = settled(world, resend), settled(world, hold)
    assert again.too_many() <= most, again
    assert (held.too_many(), len(held.unknown) <= most) == (0, True), held
    return settled(world)


def went_on(world, since):
    taken = world.taken()
    world.when_taken(taken + 3)
    return time.monotonic() - since


def test_f2_the_whole_worker_is_killed(world):
    world.begin("--delay", 0.005)
    mailings = both_policies(world)
    world.when_taken(N // 4)
    world.kill_workers()
    killed = time.monotonic()
    world.restart_workers(SENDERS)
    seconds = went_on(world, killed)
    world.until_still(90)
    ended = judged(world, *mailings, most=SENDERS)
    record("F2", "The whole worker is killed", ended, f"went on after {seconds:.1f} s")


def test_f3_eight_kills_in_a_row(world):
    world.begin("--delay", 0.005)
    mailings = both_policies(world)
    for kill in range(8):
        at = min(world.taken() + random.randint(5, 30), N - 5)  # noqa: S311 - a moment
        wait_until(lambda at=at: world.taken() >= at or world.waiting() < SENDERS, "more", 60)
        world.kill_workers()
        world.restart_workers(SENDERS)
        assert kill < 8
    world.until_still(120)
    record("F3", "Killed eight times", judged(world, *mailings, most=8 * SENDERS))


def test_f4_a_deployment_loses_and_doubles_nothing(world):
    world.begin("--delay", 0.01)
    world.mail(N)
    world.when_taken(N // 4)
    seconds = world.workers[-1].end()
    at_stop = world.taken()
    time.sleep(1)
    assert (world.taken(), seconds < 35) == (at_stop, True)
    world.restart_workers(SENDERS)
    world.until_still()
    ended = settled(world)
    assert (ended.states, ended.too_many()) == ({"accepted": N}, 0)
    record("F4", "A worker is asked to stop (SIGTERM)", ended, f"it stopped within {seconds:.1f} s")


def test_f5_frozen_senders_that_wake_up_change_nothing(world):
    world.begin("--delay", 0.005)
    world.restart_workers(4)
    mailings = both_policies(world)
    world.when_taken(N // 4)
    frozen = random.sample(world.workers[-1].children(), 2)
    freeze(frozen)
    time.sleep(2 * FREE_AGAIN)
    thaw(frozen)
    world.until_still(90)
    time.sleep(1)
    ended = judged(world, *mailings, most=2)
    world.restart_workers(SENDERS)
    record("F5", "Two of four senders freeze for long", ended)


def test_f7_postgresql_stops_at_once_and_comes_back(world, office):
    visitor, _ = office
    world.begin("--delay", 0.005)
    mailings = both_policies(world)
    world.when_taken(N // 4)
    server = Postgres(world.database.server)
    connection.close()
    server.crash()
    page = visitor.get("/health/ready/")
    assert (page.status, "Traceback" in page.text) == (503, False)
    time.sleep(2)
    atexit.register(server.start().kill)
    back = time.monotonic()
    seconds = went_on(world, back)
    world.until_still(90)
    ended = judged(world, *mailings, most=SENDERS)
    record(
        "F7",
        "PostgreSQL is stopped at once, back after 2 s",
        ended,
        f"went on after {seconds:.1f} s",
    )


@pytest.mark.parametrize("trouble", ["cut off", "read only", "too many connections"])
def test_f7_connections_are_cut_refused_or_read_only(world, trouble):
    world.begin("--delay", 0.005)
    mailings = both_policies(world)
    world.when_taken(N // 4)
    name = world.database.name
    setting = f'ALTER DATABASE "{name}" {{}}'
    if trouble == "cut off":
        world.database.cut_off()
    elif trouble == "read only":
        world.database.maintain(setting.format("SET default_transaction_read_only = on"))
        world.database.cut_off()
        time.sleep(3)
        world.database.maintain(setting.format("RESET default_transaction_read_only"))
        world.database.cut_off()
    else:
        world.database.maintain(setting.format("CONNECTION LIMIT 1"))
        world.database.cut_off()
        time.sleep(3)
        world.database.maintain(setting.format("CONNECTION LIMIT -1"))
    connection.close()
    world.until_still(120)
    record("F7", f"PostgreSQL: {trouble}", judged(world, *mailings, most=SENDERS))


def test_f8_the_mail_server_is_away(world):
    world.begin("--delay", 0.005)
    world.mail(N)
    world.when_taken(N // 4)
    world.sink.kill()
    time.sleep(12)
    assert not Message.objects.filter(mailing__in=world.mailings, state="refused").exists()
    world.sink.start("--delay", 0.005)
    back = time.monotonic()
    seconds = went_on(world, back)
    world.until_still(90)
    ended = settled(world)
    assert ended.states == {"accepted": N}
    assert (ended.too_many() <= SENDERS, seconds < 60) == (True, True)  # killed with mail in hand
    record("F8", "The mail server is away for 12 s", ended, f"went on after {seconds:.1f} s")


def test_f9_a_server_that_closes_each_session_early(world):
    world.begin("--fault", "close:20")
    world.mail(N)
    world.until_still()
    ended = settled(world)
    assert (ended.states, ended.too_many()) == ({"accepted": N}, 0)
    record("F9", "The server closes after 20 messages a connection (421)", ended)


def test_f11_who_is_refused_is_not_tried_again(world):
    world.begin("--fault", "refuse:50")
    world.mail(N)
    world.until_still()
    ended = settled(world)
    refused = [line[1] for line in world.sink.lines() if line[0] == "refuse"]
    rows = Message.objects.filter(mailing__in=world.mailings, state="refused")
    assert (sorted(rows.values_list("address", flat=True)), ended.taken) == (
        sorted(refused),
        N - len(refused),
    )
    assert set(rows.values_list("attempts", flat=True)) == {1}
    stopped = Suppression.objects.filter(address_key__in=refused, reason="bounced")
    assert stopped.count() == len(refused) == N // 50
    record(
        "F11",
        "2 % of the recipients are refused (550)",
        ended,
        f"{len(refused)} refused, each tried once",
    )


def test_f13_a_connection_that_ends_before_the_final_dot(world):
    world.begin("--fault", "before:100")
    resend, hold = both_policies(world)
    world.until_still(90)
    again, held = settled(world, resend), settled(world, hold)
    assert (again.states, again.too_many(), held.too_many()) == ({"accepted": HALF}, 0, 0)
    broken = world.sink.count("before")
    assert len(held.unknown) <= broken
    record("F13", "1 % of connections end before the final dot", settled(world), f"{broken} ended")


def test_f14_a_server_that_never_answers_holds_nobody_up(world):
    world.begin("--fault", "hang:100")
    resend, hold = both_policies(world)
    started = time.monotonic()
    world.until_still(120)
    hung = world.sink.count("hang")
    again, held = settled(world, resend), settled(world, hold)
    assert (again.states, held.too_many()) == ({"accepted": HALF}, 0)
    assert len(held.unknown) <= hung
    seconds = time.monotonic() - started
    note = f"{hung} hung, all done after {seconds:.0f} s with a limit of {TIMEOUT} s"
    record("F14", "1 % of messages get no answer", settled(world), note)


@pytest.mark.parametrize("does", ["429", "503", "broken", "refused"])
def test_f15_a_provider_that_fails(world, does):
    world.kill_workers()
    world.sink.book.unlink(missing_ok=True)
    provider = Provider(world.sink.book, does, 25)
    usual = dict(world.environment)
    del world.environment["EMAIL_URL"]
    world.environment |= {
        "ANYMAIL_PROVIDER": "postmark",
        "ANYMAIL_SERVER_TOKEN": "token",
        "ANYMAIL_API_URL": f"http://127.0.0.1:{provider.port}/",
        "ANYMAIL_WEBHOOK_SECRET": "user:secret",
    }
    count = min(N, 100)
    try:
        world.mailings, world.workers = [], []
        resend, hold = world.mail(count // 2, "resend"), world.mail(count // 2, "hold")
        world.add_worker(SENDERS)
        world.until_still(150)
        again, held = settled(world, resend), settled(world, hold)
    finally:
        world.kill_workers()
        world.environment.clear()
        world.environment.update(usual)
        world.workers = []
        provider.stop()
    lines = world.sink.lines()
    struck = sum(line[0] in ("later", "refuse") for line in lines)
    assert held.too_many() == 0
    if does in ("429", "503"):
        assert (again.states, held.states) == ({"accepted": count // 2}, {"accepted": count // 2})
        assert (struck > 0, again.too_many()) == (True, 0)
    elif does == "refused":
        refused = again.states.get("refused", 0) + held.states.get("refused", 0)
        assert (refused, again.too_many()) == (struck, 0)
    else:
        assert again.too_many() + len(held.unknown) == provider.requests // 25
    words = {"broken": "200 with an answer that cannot be read", "refused": "a refused recipient"}
    record(
        "F15",
        f"The provider's API: {words.get(does, does)}",
        settled(world),
        f"{provider.requests} requests",
    )


def test_f19_two_schedules_double_nothing_and_none_stops_nothing(world, office):
    visitor, actor = office
    world.begin()
    second = world.add_beat()
    world.mail(HALF)
    world.until_still()
    two = settled(world)
    assert (two.states, two.too_many()) == ({"accepted": HALF}, 0)
    record("F19", "Two schedules run", two)
    for beat in [*world.beats]:
        beat.kill()
    world.beats.remove(second)
    try:
        campaign = campaign_to(people(HALF), actor)
        visitor.post(f"/messages/{campaign.pk}/send/", FORM)
        mailing_of(world, campaign)
        world.until_still()
    finally:
        world.beats[0].start()
    none = settled(world)
    assert (none.states, none.too_many()) == ({"accepted": HALF}, 0)
    record("F19", "No schedule runs; the page nudges", none)


def test_f20_a_sender_whose_clock_is_wrong_takes_nobodys_messages(world):
    world.begin("--delay", 0.01)
    mailings = both_policies(world)
    world.when_taken(N // 10)
    for hours in ("1", "-1"):
        world.environment["CLOCK_HOURS"] = hours
        world.add_worker(1)
    del world.environment["CLOCK_HOURS"]
    world.until_still(60)
    ended = judged(world, *mailings, most=0)
    assert ended.states == {"accepted": 2 * HALF}
    world.restart_workers(SENDERS)
    record("F20", "Two senders' clocks are an hour ahead and behind", ended)


def test_f25_a_database_out_of_a_backup_waits_for_a_person(world):
    world.begin()
    mailing = world.mail(HALF)
    world.until_still()
    world.kill_workers()
    for process in [*world.beats, world.web]:
        if process is not None:
            process.kill()
    # Yesterday's backup: the same rows, still waiting, and not as many turns of sending.
    Message.objects.filter(mailing=mailing).update(state="queued", accepted_at=None)
    SendingState.objects.update(turn=0)
    world.beats[0].start()
    world.restart_workers(SENDERS)
    time.sleep(8 + 3 * SWEEP)
    assert (world.taken(), world.waiting()) == (HALF, HALF)
    assert SendingState.objects.get().held_because
    ended = world.ended()
    outbox.cancel(mailing=mailing)
    SendingState.objects.update(held_because="", turn=10**6)
    note = "all held until somebody lets mail go out"
    record("F25", "A restored backup believes that all still wait", ended, note, lost=0)


def test_f26_a_column_that_old_senders_do_not_know(world):
    world.begin("--delay", 0.005)
    world.mail(N)
    world.when_taken(N // 4)
    table = "ALTER TABLE delivery_message {} COLUMN later_version"
    url = {"dbname": world.database.name, **world.database.server}
    with psycopg.connect(autocommit=True, **url) as server:
        server.execute(table.format("ADD") + " integer")
        world.until_still()
        server.execute(table.format("DROP"))
    ended = settled(world)
    assert (ended.states, ended.too_many()) == ({"accepted": N}, 0)
    record("F26", "A migration adds a column while mail goes out", ended)


def test_f27_senders_of_two_versions_share_the_queue_and_are_told_apart(world):
    world.begin("--delay", 0.01)
    world.environment["VERSION"] = "0.0.9"
    world.add_worker(1)
    del world.environment["VERSION"]
    mailings = both_policies(world)
    wait_until(lambda: versions() >= {"0.0.9", "0.1.0"}, "both versions", 40)
    world.until_still()
    ended = judged(world, *mailings, most=0)
    world.restart_workers(SENDERS)
    record("F27", "An older version sends beside the new one", ended, "both are shown on “Sending”")


def versions():
    return set(
        Sender.objects.filter(seen_at__gt=timezone.now() - timedelta(minutes=1)).values_list(
            "version", flat=True
        )
    )
