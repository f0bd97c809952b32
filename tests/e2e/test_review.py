"""A reviewer without a mouse clears a queue; the database then holds what was decided, no more."""

import contextlib
import csv
import re
import sqlite3
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person
from tests.embedded_server import ROOT
from tests.onboarding.steps import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

PASSWORD = "three quiet words"
SCREEN = {"viewport": {"width": 1440, "height": 900}}
REP = "rita.rep@harborlinesupply.com"
# First name, address, job title.
PEOPLE = (
    *((name, f"{name.lower()}@gmial.com", "") for name in ("Ann", "Bea", "Cal", "Dan")),
    *((name, f"{name.lower()}@hotmial.com", "") for name in ("Eve", "Fay", "Gus", "Hal")),
    ("Ida", "ida@yaho.com", ""),
    ("Jon", "jon@yahooo.com", ""),
    ("Kay", "kay@yahhoo.com", ""),
    ("Leo", "leo@yahoo.cmo", ""),
    ("Mia", "none@none.com", ""),
    ("Ned", "noemail@noemail.com", ""),
    ("Ola", "na@na.com", ""),
    ("Pam", "none@none.com", ""),
    ("Quin", "", ""),
    ("Ray", "", ""),
    ("Sue", "", ""),
    ("Tom", "", ""),
    ("Una", "una@gmail.com; vic@gmail.com", ""),
    ("Wes", "wes@gmail.com, xia@gmail.com", ""),
    ("Yan", "yan@gmail.com", "No longer with company"),
    ("Zoe", "zoe@gmail.com", "Left the company"),
    ("Abe", "abe@mailinator.com", ""),
    ("Bob", "bob@mailinator.com", ""),
    ("Cat", "cat@gmail.com", ""),
    ("Cathy", "cat@gmail.com", ""),
    ("Dee", "dee@gmial.com", ""),
    ("Eli", "eli@hotmial.com", ""),
)
LAST = "Abbott"
REVIEWERS = """
from accounts.actions import add_staff
from accounts.rules.roles import Role
for name in ("rosa", "carl"):
    email = f"{name}@harborlinesupply.com"
    add_staff(username=name, email=email, password="three quiet words", roles=[Role.REVIEWER])
"""


@pytest.fixture
def desk(server, tmp_path):
    """A list with thirty contacts in doubt, imported and checked, and two reviewers."""
    write(
        tmp_path / "customers.csv",
        ("ID", "Company Name", "Sales Rep", "Sales Rep Email"),
        [("7001", "Harbor Mechanical", "Rita Rep", REP)],
    )
    write(
        tmp_path / "contacts.csv",
        ("Internal ID", "First Name", "Last Name", "Customer ID", "Email", "Job Title"),
        [(number, first, LAST, "7001", *rest) for number, (first, *rest) in enumerate(PEOPLE, 1)],
    )
    files = [tmp_path / "customers.csv", tmp_path / "contacts.csv"]
    run(server, "import_erp", *files, "--source", "ERP")
    run(server, "check_emails", "--dns", server.environment["DNS_SERVER"])
    run(server, "shell", "-v", "0", "-c", REVIEWERS)
    return server


def write(path, heads, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([heads, *rows])


def run(server, *words):
    command = [sys.executable, ROOT / "manage.py", *words]
    done = subprocess.run(command, env=server.environment, capture_output=True, text=True)  # noqa: S603, PLW1510
    assert done.returncode in (0, 1), done.stderr[-2000:]


def rows(server, question, *values):
    path = server.folder / "data" / "onboarding.sqlite3"
    with contextlib.closing(sqlite3.connect(path, timeout=20)) as connection:
        return connection.execute(question, values).fetchall()


class Reviewer(Person):
    """Somebody whose only tool is the keyboard, apart from opening the first page."""

    def __init__(self, browser, server, username):
        super().__init__(browser, server, **SCREEN)
        self.server = server
        self.page.goto("/account/sign-in/")
        self.page.get_by_label("Email address or username").focus()
        self.type(username, "Tab", PASSWORD, "Enter")
        self.page.wait_for_url(f"{server.base_url}/")

    def type(self, *words):
        """Keys by their name, everything else letter by letter."""
        for word in words:
            if word in ("Tab", "Enter", "Escape"):
                self.page.keyboard.press(word)
            else:
                self.page.keyboard.type(word)

    def press(self, key):
        self.page.keyboard.press(key)

    def current(self):
        return self.page.locator(".fix.cur .who a").inner_text().removesuffix(f" {LAST}")

    def at(self, first):
        """Wait until that row is the current one and its evidence stands beside it."""
        expect(self.page.locator(".fix.cur .who a")).to_have_text(f"{first} {LAST}")
        expect(self.page.locator("#pane h2").first).to_have_text(f"{first} {LAST}")

    def go_to(self, first):
        """By J and K, as far as it takes."""
        names = [text.removesuffix(f" {LAST}") for text in self.names()]
        steps = names.index(first) - names.index(self.current())
        for _ in range(abs(steps)):
            self.press("j" if steps > 0 else "k")
        self.at(first)

    def names(self):
        return self.page.locator("[data-finding] .who a").all_inner_texts()

    def decide(self, first, key, then=""):
        """Press a key at a row and wait until the row has gone."""
        self.go_to(first)
        self.press(key)
        if then:
            self.type(then, "Enter")
        gone = self.page.locator("[data-finding] .who a").filter(has_text=f"{first} {LAST}")
        expect(gone).to_have_count(0)

    def tab_to(self, name):
        """Tab until the focus is on that button or link: what cannot be reached fails."""
        asked = "[document.activeElement?.innerText ?? '', document.activeElement?.tagName]"
        for _ in range(80):
            text, tag = self.page.evaluate(asked)
            if tag in ("BUTTON", "A") and re.search(name, text):
                return
            self.press("Tab")
        message = f"the keyboard does not reach {name}"
        raise AssertionError(message)

    def loads(self, key, url):
        with self.page.expect_navigation(url=re.compile(url)):
            self.press(key)

    def problem(self, name):
        """Choose a problem in the palette."""
        self.press("Control+k")
        self.type(f"review {name}")
        self.loads("Enter", r"/review/\?problem=")


def test_thirty_problems_are_cleared_by_keyboard_and_nothing_else_happens(chromium, desk):
    rosa = Reviewer(chromium, desk, "rosa")
    carl = Reviewer(chromium, desk, "carl")
    rosa.press("g")
    rosa.loads("r", "/review/")
    clear_the_typos(rosa, carl)
    clear_the_placeholders(rosa)
    find_what_is_missing(rosa)
    split_two(rosa)
    merge_one(rosa)
    say_who_left(rosa)
    send_the_questions(rosa)
    answer_as_the_rep(chromium, desk)
    take_the_answers_over(rosa)
    assert outcome(desk) == sorted(OUTCOME)
    assert rosa.said + carl.said == []


def clear_the_typos(rosa, carl):
    """Fourteen: accepted alone and together, typed, kept, asked; one settled by a colleague."""
    rosa.problem("Likely typo in domain")
    typos = {first for first, email, _ in PEOPLE if re.search("gmial|hotmial|ya", email)} - {"Yan"}
    assert set(rosa.names()) == {f"{first} {LAST}" for first in typos}
    rosa.decide("Ann", "a")
    rosa.decide("Bea", "e", "bea.new@gmail.com")
    rosa.decide("Cal", "d")
    rosa.decide("Dan", "r")
    # One taken back: the row stands where it stood, and is the current one again.
    rosa.decide("Eve", "a")
    rosa.loads("u", "current=")
    rosa.at("Eve")
    rosa.decide("Eve", "d")
    # A colleague is faster: his word stays, and she is told.
    rosa.go_to("Fay")
    carl.press("g")
    carl.loads("r", "/review/")
    carl.decide("Fay", "e", "fay@outlook.com")
    rosa.press("a")
    reason = rosa.page.get_by_role("alert").filter(has_text="Nothing changed: carl was faster")
    expect(reason).to_contain_text("The address is now fay@outlook.com.")
    # Ticked ones together, and back, and again.
    rosa.go_to("Ida")
    rosa.press("x")
    for name in ("Jon", "Kay"):
        rosa.go_to(name)
        rosa.press("x")
    rosa.loads("a", "/review/")
    expect(rosa.page.get_by_role("status").filter(has_text="Accepted: 3 contacts")).to_be_visible()
    rosa.loads("u", "/review/")
    assert {f"{name} {LAST}" for name in ("Ida", "Jon", "Kay")} <= set(rosa.names())
    # All that the search finds.
    rosa.press("/")
    rosa.type("yah")
    rosa.loads("Enter", "q=yah")
    rosa.press("Control+a")
    rosa.press("Control+a")
    rosa.loads("a", "/review/")
    expect(rosa.page.get_by_role("heading", name="Nothing here with")).to_be_visible()
    rosa.loads("Enter", "problem=typo")
    rosa.decide("Gus", "l")
    rosa.decide("Hal", "w")
    rosa.decide("Dee", "c")
    rosa.go_to("Eli")
    rosa.loads("a", "/review/")


def clear_the_placeholders(rosa):
    expect(rosa.page.get_by_role("heading", name="No likely typos left")).to_be_visible()
    rosa.problem("Placeholder address")
    rosa.decide("Mia", "e", "mia@gmail.com")
    rosa.press("Control+a")
    rosa.loads("c", "/review/")
    expect(rosa.page.get_by_role("heading", name="No placeholders left")).to_be_visible()


def find_what_is_missing(rosa):
    rosa.problem("No email address")
    rosa.decide("Quin", "e", "quin@gmail.com")
    rosa.decide("Ray", "r")
    rosa.decide("Sue", "d")
    rosa.decide("Tom", "w")


def split_two(rosa):
    rosa.problem("Badly formed address")
    for name in ("Una", "Wes"):
        rosa.go_to(name)
        rosa.loads("s", "/split/")
        rosa.tab_to("Split into 2 contacts")
        rosa.loads("Enter", "/review/")


def merge_one(rosa):
    rosa.problem("Duplicate in customer")
    rosa.go_to("Cathy")
    rosa.loads("m", "/merge/")
    rosa.loads("Enter", "/duplicates/")
    rosa.loads("a", "/review/")


def say_who_left(rosa):
    rosa.problem("Name problems")
    rosa.decide("Yan", "l")
    rosa.go_to("Zoe")
    rosa.loads("l", "/review/")
    rosa.problem("Disposable address")
    rosa.press("Control+a")
    rosa.loads("d", "/review/")


def send_the_questions(rosa):
    rosa.press("Control+k")
    rosa.type("open questions")
    rosa.loads("Enter", "/review/questions/")
    rosa.tab_to("Send 2 now")
    rosa.loads("Enter", "/review/questions/")


def answer_as_the_rep(chromium, server):
    """Rita has no account: her link alone opens her page."""
    rita = Person(chromium, server, viewport={"width": 390, "height": 844})
    rita.page.goto(link_of_the_rep(server))
    rita.looks("the rep's page")
    dan = rita.page.get_by_role("group", name=re.compile("^Dan"))
    dan.get_by_label("dan@gmail.com").click()  # the answer takes the place of the button
    expect(rita.page.get_by_role("status").filter(has_text="1 of ")).to_be_visible()
    ray = rita.page.get_by_role("group", name=re.compile("^Ray"))
    ray.locator("[value=other]").check()
    ray.get_by_label("Email address").first.fill("ray@outlook.com")
    ray.get_by_role("button", name=re.compile("Save the answer")).click()
    expect(rita.page.get_by_role("status").filter(has_text="2 of ")).to_be_visible()
    assert rita.said == []


def link_of_the_rep(server):
    asked = "SELECT text FROM delivery_message WHERE kind LIKE '%question%' AND address = ?"
    wait_for(lambda: rows(server, asked, REP), "the mail to the rep")
    return re.search(r"/questions/[\w-]+/", rows(server, asked, REP)[0][0]).group()


def take_the_answers_over(rosa):
    rosa.press("Control+k")
    rosa.type("answers")
    rosa.loads("Enter", "/review/answers/")
    rosa.decide("Dan", "a")
    rosa.go_to("Ray")
    rosa.loads("a", "/review/answers/")
    expect(rosa.page.get_by_role("heading", name="No answer waits")).to_be_visible()


def outcome(server):
    """Name, address, whether active, and the decision about everybody; questions that wait."""
    people = """
        SELECT person.first_name, person.email, person.active, coalesce(decision.kind, '')
        FROM contacts_contact person
        LEFT JOIN validation_decision decision ON decision.contact_id = person.id
        WHERE person.merged_into_id IS NULL
    """
    waiting = """
        SELECT person.first_name, 'a question', 1, question.outcome FROM review_question question
        JOIN contacts_contact person ON person.id = question.contact_id
        WHERE question.outcome = ''
    """
    return sorted(rows(server, people) + rows(server, waiting))


OUTCOME = [
    ("Ann", "ann@gmail.com", 1, "accepted"),
    ("Bea", "bea.new@gmail.com", 1, "corrected"),
    ("Cal", "cal@gmial.com", 1, "kept"),
    ("Dan", "dan@gmail.com", 1, "corrected"),  # as the rep said
    ("Eve", "eve@hotmial.com", 1, "kept"),  # accepted and taken back before
    ("Fay", "fay@outlook.com", 1, "corrected"),  # by the colleague
    ("Gus", "gus@hotmial.com", 0, "left"),
    ("Hal", "hal@hotmial.com", 1, "unknown"),
    ("Hal", "a question", 1, ""),
    ("Ida", "ida@yahoo.com", 1, "accepted"),
    ("Jon", "jon@yahoo.com", 1, "accepted"),
    ("Kay", "kay@yahoo.com", 1, "accepted"),
    ("Leo", "leo@yahoo.com", 1, "accepted"),
    ("Mia", "mia@gmail.com", 1, "corrected"),
    ("Ned", "", 1, "cleared"),
    ("Ola", "", 1, "cleared"),
    ("Pam", "", 1, "cleared"),
    ("Quin", "quin@gmail.com", 1, "corrected"),
    ("Ray", "ray@outlook.com", 1, "corrected"),  # as the rep said
    ("Sue", "", 1, "kept"),
    ("Tom", "", 1, "unknown"),
    ("Tom", "a question", 1, ""),
    ("Una", "una@gmail.com", 1, "corrected"),
    ("", "vic@gmail.com", 1, ""),  # split off
    ("Wes", "wes@gmail.com", 1, "corrected"),
    ("", "xia@gmail.com", 1, ""),  # split off
    ("Yan", "yan@gmail.com", 0, "left"),
    ("Zoe", "zoe@gmail.com", 0, "left"),
    ("Abe", "abe@mailinator.com", 1, "kept"),
    ("Bob", "bob@mailinator.com", 1, "kept"),
    ("Cat", "cat@gmail.com", 1, ""),  # Cathy was merged into her
    ("Dee", "", 1, "cleared"),
    ("Eli", "eli@hotmail.com", 1, "accepted"),
]
