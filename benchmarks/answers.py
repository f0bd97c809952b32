"""Does the time of an answer tell who is known? `python -m benchmarks.answers [ROUNDS]`.

Sends each public form of the portal in turn for somebody who is known and somebody who is not,
ROUNDS (40) times each, and compares the medians. They may be apart by 5 ms or 5 %, whichever is
more. SQLite; with `python -m tests.services` in front, PostgreSQL.
"""

import atexit
import os
import shutil
import sys
import tempfile
from statistics import median
from time import perf_counter

FOLDER = tempfile.mkdtemp(prefix="answers-")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["DATA_DIR"] = FOLDER
os.environ["DJANGO_SETTINGS_MODULE"] = "onboarding.settings"
MS, SHARE = 5.0, 0.05
EMAIL, STRANGER = "priya.raman@acme.example", "wanda.ramen@acme.example"
FACTS = {"account_number": "ACME1", "postal_code": "99999", "invoice_number": "INV1"}
FORMS = {
    "/sign-in/": (
        {"username": "priya", "password": "wrong words"},
        {"username": "wanda", "password": "wrong words"},
    ),
    "/forgot-username/": ({"email": EMAIL}, {"email": STRANGER}),
    "/forgot-password/": (
        {"username": "priya", "email": EMAIL},
        {"username": "wanda", "email": STRANGER},
    ),
    "/find/": (FACTS, FACTS | {"account_number": "ZZZZ1"}),
}


def main() -> int:
    """This will fill, ask in turn, and compare."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    _prepare()
    apart = 0
    print(f"{'median, ms':<22}{'known':>10}{'unknown':>10}{'apart':>10}")
    for path, pair in FORMS.items():
        known, unknown = _asked_in_turn(path, pair, rounds)
        difference, allowed = abs(known - unknown), max(MS, SHARE * max(known, unknown))
        apart += difference > allowed
        mark = "" if difference <= allowed else f"  over {allowed:.1f}"
        print(f"{path:<22}{known:>10.2f}{unknown:>10.2f}{difference:>10.2f}{mark}")
    return 1 if apart else 0


def _prepare() -> None:
    import django  # noqa: PLC0415 - the settings come from the environment set above

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs Django
    from django.test.utils import setup_test_environment  # noqa: PLC0415 - likewise

    setup_test_environment()
    call_command("migrate", verbosity=0)
    from contacts.actions.people import add_contact, add_customer  # noqa: PLC0415 - needs Django
    from portal.actions.configuring import save_portal_configuration  # noqa: PLC0415 - likewise
    from portal.actions.enrolling import enrol  # noqa: PLC0415 - likewise
    from portal.models import PortalConfiguration  # noqa: PLC0415 - likewise

    portal = PortalConfiguration.load()
    portal.enabled = True
    save_portal_configuration(configuration=portal, actor=None, changed=["enabled"])
    values = {"account_number": "ACME1", "name": "Acme", "postal_code": "78701"}
    customer = add_customer(numbering="", values=values, actor=None)
    values = {"first_name": "Priya", "last_name": "Raman", "email": EMAIL}
    contact = add_contact(customer=customer, values=values, actor=None)
    enrol(contact=contact, username="priya", password="three quiet rivers", sent_to=EMAIL)  # noqa: S106


def _asked_in_turn(path: str, pair: tuple[dict[str, str], ...], rounds: int) -> list[float]:
    """This will give the median of both; who goes first changes, limits are lifted each time."""
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 3):
        for which in (0, 1) if number % 2 else (1, 0):
            seconds = _seconds(path, pair[which])
            if number >= 3:  # noqa: PLR2004 - the first rounds fill caches
                took[which].append(seconds * 1000)
    return [median(times) for times in took]


def _seconds(path: str, data: dict[str, str]) -> float:
    from axes.models import AccessAttempt  # noqa: PLC0415 - needs Django
    from django.test import Client  # noqa: PLC0415 - likewise

    from core.models import RateCount  # noqa: PLC0415 - likewise

    RateCount.objects.all().delete()
    AccessAttempt.objects.all().delete()
    client = Client()
    start = perf_counter()
    client.post(path, data)
    return perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
