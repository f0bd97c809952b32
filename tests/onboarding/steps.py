"""What an administrator does first, over HTTP, on a server that really runs."""

import csv
import html
import re
import time

SECONDS_TO_WAIT = 120
PASSWORD = "three quiet words"
KNOWN = {"username": "jane.miller", "email": "jane.miller@acme-fabrication.com"}
HEADERS = (
    "Internal ID",
    "First Name",
    "Last Name",
    "Customer ID",
    "Email",
    "Web User Name",
)


def write_contacts(path, count):
    """A file of the ERP with `count` contacts at a tenth as many accounts, Jane first."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow(HEADERS)
        rows.writerow((1, "Jane", "Miller", 10000, KNOWN["email"], KNOWN["username"]))
        for n in range(2, count + 1):
            account = 10000 + n // 10
            address = f"first{n}.last{n}@customer-{account}.com"
            rows.writerow((n, f"First{n}", f"Last{n}", account, address, ""))
    return path


def become_administrator(visitor, printed):
    """Follow the link that a command printed and choose a password."""
    link = re.search(r"(/account/first/\S+/)", printed)[1]
    answer = visitor.fill_in(
        link, {"username": "ada", "email": "ada@acme.com", "password": PASSWORD}
    )
    assert (answer.status, answer.location) == (302, "/"), answer


def enable_portal(visitor):
    """Switch the portal on in the settings, leaving the other fields as they are."""
    page = "/settings/portal/portalconfiguration/1/change/"
    shown = visitor.get(page)
    assert shown.status == 200, shown
    texts = re.findall(r'<textarea name="(\w+)"[^>]*>\s*(.*?)</textarea>', shown.text, re.DOTALL)
    given = re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', shown.text)
    fields = {name: html.unescape(value) for name, value in [*given, *texts]}
    saved = visitor.post(page, fields | {"enabled": "on", "username_reminder": "one"})
    assert saved.status == 302, saved.text


def start_import(visitor, path, source="ERP"):
    """Upload a file, wait for its preview, apply it; gives the page of the import."""
    sent = visitor.fill_in("/imports/new/", {"source": source}, {"files": [path]})
    assert sent.status == 302, sent
    page = re.match(r"/imports/\d+/", sent.location)[0]
    if sent.location.endswith("/match/"):
        matched = visitor.get(sent.location)
        raise AssertionError(matched.text)
    wait_for(lambda: f"{page}apply/" in visitor.get(f"{page}preview/").text, "the preview")
    applied = visitor.post(f"{page}apply/", {"create_customers": "on", "holds": "auto"})
    assert applied.status == 302, applied
    return page


def ask_for_a_password(visitor):
    """A customer asks for a link to choose a password."""
    answer = visitor.fill_in("/forgot-password/", KNOWN)
    assert answer.status == 302, answer


def wait_for(happened, what):
    """Look again until it has happened; gives how many seconds that took."""
    started = time.monotonic()
    while not happened():
        if time.monotonic() - started > SECONDS_TO_WAIT:
            message = f"{what} did not come within {SECONDS_TO_WAIT} seconds"
            raise AssertionError(message)
        time.sleep(0.1)
    return time.monotonic() - started
