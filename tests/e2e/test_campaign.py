"""One campaign in a real browser: written, tried, sent, stopped, gone on with, mended, counted."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person
from tests.e2e.test_main_job import become_administrator, button, link, set_the_company_up
from tests.embedded_server import ROOT
from tests.onboarding.steps import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
DESK = {"viewport": {"width": 1440, "height": 900}}
SAMPLE = [ROOT / "sample" / f"{name}.csv" for name in ("customers", "contacts")]
A_MINUTE = 10


def manage(server, *words):
    command = [sys.executable, ROOT / "manage.py", *map(str, words)]
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=server.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr


def test_a_campaign_is_sent_stopped_mended_and_adds_up(chromium, server):
    ada = Person(chromium, server, **DESK)
    become_administrator(ada, server)
    set_the_company_up(ada)
    manage(server, "import_erp", *SAMPLE, "--source", "ERP")
    manage(server, "check_emails")
    limit_the_speed(ada, A_MINUTE)
    compose(ada)
    see_the_preview(ada)
    try_it(ada, server)
    send(ada)
    pause_and_go_on(ada, server)
    message = let_one_bounce(ada, server)
    find_it_in_review(ada, message)
    mend(ada, server, message)
    send_it_again(ada, server)
    see_that_it_adds_up(ada, server)


def limit_the_speed(ada, number):
    ada.page.goto("/settings/core/configuration/1/change/")
    ada.page.get_by_label("Messages per minute").fill(str(number))
    button(ada, "Save").first.click()


def compose(ada):
    ada.page.goto("/contacts/?q=plumbing")
    ada.page.get_by_label("Select all on this page").check()
    button(ada, "Bulk email").click()
    button(ada, "Save draft").wait_for()
    for label, text in (
        ("Subject", "News for [CustomerName]"),
        ("Text message", "News for [CustomerName]"),
        ("Message", "Hello [ContactName],\n\nwe have **news**."),
    ):
        # Saved by itself a moment later, then shown anew.
        with ada.page.expect_response(re.compile("/preview/")):
            field = "#id_body" if label == "Message" else None
            (ada.page.locator(field) if field else ada.page.get_by_label(label)).fill(text)
    ada.page.wait_for_load_state("networkidle")


def see_the_preview(ada):
    expect(ada.page.frame_locator("iframe").get_by_text("we have")).to_be_visible()
    link(ada, "Plain text").click()
    ada.page.wait_for_load_state("networkidle")
    expect(ada.page.locator("pre")).to_contain_text("we have news.")
    link(ada, "SMS").click()
    expect(ada.page.locator("pre")).to_contain_text("Stop: http")
    ada.looks("composer")


def try_it(ada, server):
    button(ada, "Send test").click()
    expect(ada.page.get_by_text("Test sent to")).to_be_visible()
    tried = "SELECT count(*) FROM delivery_message WHERE kind = 'test' AND state = 'accepted'"
    wait_for(lambda: server.asked(tried) == 1, "the test")


def send(ada):
    link(ada, re.compile("^Review and send to")).click()
    ada.page.get_by_role("dialog").get_by_role("button", name=re.compile("^Send to")).click()
    ada.page.wait_for_url(re.compile(r"/messages/\d+/$"))


def went(server):
    sent = "SELECT count(*) FROM delivery_message WHERE mailing_id IS NOT NULL AND state = ?"
    return server.asked(sent, "accepted")


def pause_and_go_on(ada, server):
    wait_for(lambda: went(server) > 0, "the first message")
    button(ada, "Pause sending").click()
    expect(ada.page.get_by_text("Sending is paused.")).to_be_visible()
    at_pause = went(server)
    campaign = ada.page.url
    limit_the_speed(ada, 0)
    assert went(server) == at_pause
    ada.page.goto(campaign)
    ada.looks("a paused campaign")
    button(ada, "Go on sending").click()
    ended = "SELECT count(*) FROM campaigns_campaign WHERE state = 'sent'"
    wait_for(lambda: server.asked(ended) == 1, "the end of the campaign")


def let_one_bounce(ada, server):
    """Plays a bounce of the newest mail in the local outbox; gives its address."""
    campaign = ada.page.url
    address = server.asked(
        "SELECT address FROM delivery_message WHERE mailing_id IS NOT NULL AND channel = 'email'"
        " ORDER BY created_at LIMIT 1"
    )
    ada.page.goto(f"/outbox/?q={address}")
    ada.page.get_by_role("listitem").get_by_role("link").first.click()
    button(ada, "Hard bounce").click()
    expect(ada.page.get_by_text("Bounced (played)")).to_be_visible()
    ada.page.goto(campaign)
    return address


def find_it_in_review(ada, address):
    campaign = ada.page.url
    ada.page.goto(f"/review/?q={address}")
    expect(ada.page.get_by_text(address).first).to_be_visible()
    ada.page.goto(campaign)


def mend(ada, server, address):
    """Types the right address where the campaign's page says that one is needed."""
    campaign = ada.page.url
    contact = server.asked("SELECT contact_id FROM delivery_message WHERE state = 'bounced'")
    ada.page.goto(f"/contacts/{contact}/edit/")
    local, _, domain = address.partition("@")
    ada.page.get_by_label("Email", exact=False).first.fill(f"{local}.new@{domain}")
    button(ada, re.compile("^Save")).first.click()
    known = "SELECT email_status FROM contacts_contact WHERE id = ?"
    wait_for(lambda: server.asked(known, contact) not in ("bounced", "invalid"), "the checks")
    ada.page.goto(campaign)


def send_it_again(ada, server):
    expect(ada.page.get_by_text("1 contact has a new address")).to_be_visible()
    button(ada, "Send to 1").click()
    again = "SELECT count(*) FROM delivery_message WHERE round = 2 AND state = 'accepted'"
    wait_for(lambda: server.asked(again) == 1, "the second try")


def see_that_it_adds_up(ada, server):
    ada.page.reload()
    expect(ada.page.get_by_text("1 again, to a new address")).to_be_visible()
    ada.looks("campaign")
    selected = server.asked("SELECT selected FROM campaigns_campaign")
    first = "SELECT count(*) FROM delivery_message WHERE mailing_id IS NOT NULL AND round = 1"
    left_out = server.asked("SELECT count(*) FROM campaigns_leftout")
    assert selected == server.asked(first) + left_out
    states = "SELECT count(*) FROM delivery_message WHERE mailing_id IS NOT NULL AND state = ?"
    assert server.asked(states, "accepted") == server.asked(first)
    assert server.asked(states, "bounced") == 1
