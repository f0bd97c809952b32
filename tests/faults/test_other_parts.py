"""Faults of the other parts: name servers, disks, memory, and a storm of reports."""

import json
import random
import resource
import subprocess
import sys
import time
import uuid

import pytest

from contacts.actions.changes import derive_contact
from contacts.models import Contact
from delivery.models import DeliveryEvent, Message
from delivery.rules.states import MessageState
from erp.models import Import
from tests.faults.processes import ROOT, Process, wait_until
from tests.faults.world import Ended, people, record
from tests.services import free_port
from tests.validation.conftest import (
    GARBAGE,
    INTERNET,
    REFUSED,
    SERVFAIL,
    SILENT,
    WRONG_ID,
    NameServer,
)

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.timeout(900)]
MB = 1024 * 1024
EVENTS, TOGETHER = 50_000, 1_000


def of(count):
    return Ended(messages=count, taken=count, lost=[], said_sent_only=[])


def run(world, *arguments, limit=None):
    """A command of the product in a process of its own, perhaps with less of something."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, ROOT / "manage.py", *map(str, arguments)],
        env=world.environment,
        cwd=world.folder,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=(lambda: resource.setrlimit(*limit)) if limit else None,
    )
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    return done


def test_f21_a_name_server_that_fails_makes_nobody_invalid(world):
    failures = {
        "servfail-pumps.com": SERVFAIL,
        "refused-pumps.com": REFUSED,
        "silent-pumps.com": SILENT,
        "garbage-pumps.com": GARBAGE,
        "wrong-id-pumps.com": WRONG_ID,
    }
    contacts = []
    for name in failures:
        contacts += people(20, domain=name)
    for contact in contacts:
        derive_contact(contact)
        contact.save()
    server = NameServer({**INTERNET, **failures})
    try:
        done = run(world, "check_emails", "--dns", server.address, "--json")
    finally:
        server.stop()
    told = json.loads(done.stdout)
    rows = Contact.objects.filter(pk__in=[contact.pk for contact in contacts])
    states = set(rows.values_list("email_status", flat=True))
    assert not states & {"invalid", "bounced", "fixable"}, states
    questions = len(server.questions(*failures))
    assert len(failures) <= questions <= 6 * len(failures)
    note = f"{len(failures)} ways to fail, {questions} questions, {told['seconds']:.0f} s"
    record("F21", "Name servers fail, are silent, or answer rubbish", of(len(contacts)), note)


def test_f22_a_full_disk_refuses_an_upload_in_words(world, office):
    visitor, _ = office
    port = free_port()
    command = [*world.web.command]
    command[command.index("--bind") + 1] = f"127.0.0.1:{port}"
    small = Process(command, world.folder / "small.log", world.environment)
    small.start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2 * MB, 2 * MB)))
    visitor.port, usual = port, visitor.port
    try:
        wait_until(lambda: answers(visitor), "the web server")
        path = world.folder / "large.csv"
        path.write_text("Internal ID,Email\n" + "1,a@acme.example\n" * (6 * MB // 17))
        before = Import.objects.count()
        sent = visitor.fill_in("/imports/new/", {"source": "Full"}, {"files": [path]})
        assert visitor.get("/imports/").status == 200
    finally:
        small.kill()
        visitor.port = usual
    assert "Traceback" not in sent.text
    assert Import.objects.count() == before
    assert "Something went wrong" in sent.text
    note = "a page in words, nothing is kept of the file"
    record("F22", "The disk is full while a file is sent", of(0), note)


def answers(visitor):
    try:
        return visitor.get("/health/ready/").status == 200
    except OSError:
        return False


def test_f23_a_file_that_needs_more_memory_than_there_is_is_refused(world):
    bomb = ROOT / "tests" / "data" / "malformed" / "zip_bomb.xlsx"
    world.environment["MAX_IMPORT_UNPACKED_MB"] = "100000"  # so that only memory stops it
    limit = (resource.RLIMIT_AS, (1500 * MB, 1500 * MB))
    try:
        started = time.monotonic()
        done = run(world, "import_erp", bomb, "--source", "Bomb", "--json", limit=limit)
    finally:
        del world.environment["MAX_IMPORT_UNPACKED_MB"]
    told = json.loads(done.stdout)
    assert (done.returncode, told["files"][0]["status"]) == (2, "refused"), told
    assert Contact.objects.count() >= 0
    note = f"refused after {time.monotonic() - started:.0f} s"
    record("F23", "A file needs more memory than there is", of(0), note)


def test_f24_a_storm_of_reports_is_stored_at_once_and_applied_once(world):
    """50,000 reports: doubled, shuffled, early; the worker that applies them is killed."""
    count = EVENTS // 10
    mailing = world.mail(count)
    Message.objects.filter(mailing=mailing).update(state=MessageState.ACCEPTED)
    keys = list(Message.objects.filter(mailing=mailing).values_list("pk", flat=True))
    dice = random.Random(7)  # noqa: S311 - an order
    reports = [report(key, kind) for key in keys for kind in ("Delivery", "Open", "Open", "Click")]
    reports += [report(key, "Bounce") for key in keys[::50]]
    reports += dice.choices(reports, k=EVENTS - len(reports))
    dice.shuffle(reports)
    world.environment |= {
        "ANYMAIL_PROVIDER": "sendgrid",
        "ANYMAIL_API_KEY": "key",
        "ANYMAIL_WEBHOOK_SECRET": "user:secret",
    }
    mail_url = world.environment.pop("EMAIL_URL")
    if world.web is not None:
        world.web.kill()
    world.restart_workers()
    try:
        port = world.serve()
        seconds = storm(world, port, reports)
        wait_until(lambda: not DeliveryEvent.objects.filter(applied_at=None).exists(), "all", 300)
    finally:
        world.environment["EMAIL_URL"] = mail_url
        for name in ("ANYMAIL_PROVIDER", "ANYMAIL_API_KEY", "ANYMAIL_WEBHOOK_SECRET"):
            del world.environment[name]
        world.web.kill()
        world.kill_workers()
        world.workers = []
    rows = Message.objects.filter(mailing=mailing)
    bounced = set(rows.filter(state="bounced").values_list("pk", flat=True))
    assert bounced == set(keys[::50])
    assert rows.filter(state="delivered").count() == count - len(bounced)
    assert DeliveryEvent.objects.filter(message__mailing=mailing).count() == 4 * count + len(
        bounced
    )
    p95 = sorted(seconds)[int(0.95 * len(seconds))] * 1000
    note = f"answered within {p95:.0f} ms (95 % of posts of {TOGETHER:,}), the worker killed twice"
    record("F24", f"{EVENTS:,} reports, doubled and shuffled", of(count), note)


def report(key, kind):
    """One report as SendGrid sends it."""
    events = {"Delivery": "delivered", "Open": "open", "Click": "click", "Bounce": "bounce"}
    return {
        "sg_event_id": uuid.uuid4().hex,
        "anymail_id": str(key),
        "message": str(key),
        "email": "p@acme.example",
        "event": events[kind],
        "timestamp": 1_800_000_000,
        "type": "bounce",
        "reason": "550 5.1.1 no such mailbox",
        "status": "5.1.1",
    }


def storm(world, port, reports):
    """Posts all, and kills the worker twice meanwhile; gives the seconds of each post."""
    import base64  # noqa: PLC0415 - beside its only use
    import http.client  # noqa: PLC0415 - likewise

    secret = base64.b64encode(b"user:secret").decode()
    headers = {
        "Authorization": f"Basic {secret}",
        "Content-Type": "application/json",
        "Host": "portal.acme.example",
        "X-Forwarded-Proto": "https",
    }
    seconds = []
    for number, start in enumerate(range(0, len(reports), TOGETHER)):
        body = json.dumps(reports[start : start + TOGETHER])
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", "/reports/", body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        seconds.append(time.perf_counter() - began)
        assert answer.status == 200, answer.status
        if number in (15, 30):
            world.restart_workers()
    return seconds
