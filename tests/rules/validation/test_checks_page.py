from contacts.rules.words import EmailStatus
from docs.checks import PAGE, STATUSES, page


def test_the_page_of_the_checks_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "Run: make docs"


def test_the_page_tells_of_every_status():
    assert {name for name, *_rest in STATUSES} == set(EmailStatus) - {""}
