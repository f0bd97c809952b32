"""How long a page of the contact list takes: `python -m benchmarks.lists [FEW] [MANY]`.

Fills a database of its own with FEW contacts (10,000), measures, fills it up to MANY (200,000)
and measures again. Prints the 95th percentile of the database work of each kind of page at both
sizes, and the ratio of the two. SQLite; with `python -m tests.services` in front, PostgreSQL.
"""

import atexit
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

FOLDER = tempfile.mkdtemp(prefix="lists-")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["DATA_DIR"] = FOLDER
os.environ["DJANGO_SETTINGS_MODULE"] = "onboarding.settings"
PER_CUSTOMER = 2.5
CHUNK = 10_000
RUNS = 40
SLOW_MS, SEARCH_MS, RATIO = 20.0, 50.0, 1.5
GIVEN = (
    "ann bob carla dana emil fay gus hanna ivo jane kurt lea max nora otto paula".split()  # noqa: SIM905 - reads better
)
STATES = ["TX", "NC", "ME", "CA", "NY", "OH", "PA", "VT"]
STATUSES = ("ok",) * 80 + ("review",) * 10 + ("fixable",) * 5 + ("missing",) * 4 + ("bounced",)
STAGES = ("not_invited",) * 60 + ("invited",) * 25 + ("registered",) * 15


def main() -> int:
    """This will fill, measure and compare."""
    few, many = [int(text) for text in sys.argv[1:3]] or (10_000, 200_000)
    _prepare()
    _fill(few)
    at_few = _measure()
    _fill(many)
    at_many = _measure()
    print(f"{'95th percentile, ms':<34}{few:>12,}{many:>12,}{'ratio':>8}")
    slow = 0
    for name, before in at_few.items():
        after = at_many[name]
        goal = SEARCH_MS if name.startswith("search") else max(RATIO * before, SLOW_MS)
        slow += after > goal
        mark = "" if after <= goal else f"  over the goal of {goal:.0f}"
        print(f"{name:<34}{before:>12.2f}{after:>12.2f}{after / before:>8.2f}{mark}")
    return 1 if slow else 0


def _prepare() -> None:
    import django  # noqa: PLC0415 - the environment is set above

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - Django is up only now

    call_command("migrate", verbosity=0)


def _fill(size: int) -> None:
    """This will add customers and contacts until there are `size` contacts."""
    from django.db import connection, transaction  # noqa: PLC0415 - as above

    from contacts.actions.bulk import insert_rows, refresh_statistics  # noqa: PLC0415 - likewise
    from contacts.models import Contact, Customer  # noqa: PLC0415 - likewise

    dice = random.Random(size)
    while (count := Contact.objects.count()) < size:
        with transaction.atomic():
            made = min(CHUNK, size - count)
            customers = list(_customers(count, int(made / PER_CUSTOMER), dice))
            insert_rows(Customer, customers)
            insert_rows(Contact, list(_contacts(count, made, customers, dice)))
    refresh_statistics(Contact, Customer)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _customers(start: int, count: int, dice: random.Random) -> Iterator[Any]:
    from contacts.actions.changes import derive_customer  # noqa: PLC0415 - as above
    from contacts.models import Customer  # noqa: PLC0415 - likewise

    for number in range(start, start + count):
        name = f"{_word(dice).title()} {dice.choice(('Supply', 'Heating', 'Electric'))} {number}"
        yield derive_customer(
            Customer(
                account_number=f"{number:07}",
                name=name,
                state=dice.choice(STATES),
                sales_rep_name=f"Rep {dice.randrange(40)}",
                sales_rep_email=f"rep{dice.randrange(40)}@supply.example",
            )
        )


def _contacts(start: int, count: int, customers: list[Any], dice: random.Random) -> Iterator[Any]:
    from contacts.actions.changes import derive_contact  # noqa: PLC0415 - as above
    from contacts.models import Contact  # noqa: PLC0415 - likewise

    for number in range(start, start + count):
        first, last = dice.choice(GIVEN).title(), _word(dice).title()
        yield derive_contact(
            Contact(
                customer=dice.choice(customers),
                first_name=first,
                last_name=last,
                email=f"{first}.{last}{number}@{_word(dice)}.example".lower(),
                phone=f"(555) {dice.randrange(1000):03}-{dice.randrange(10_000):04}",
                email_status=dice.choice(STATUSES),
                portal_stage=dice.choice(STAGES),
            )
        )


def _word(dice: random.Random) -> str:
    """This will make a word that could be a name; there are some hundred thousand."""
    parts = [dice.choice("bdfghklmnprstvw") + dice.choice("aeiou") for _ in range(4)]
    return "".join(parts)


def _measure() -> dict[str, float]:
    """This will give the 95th percentile of each kind of page in milliseconds."""
    from contacts.models import Contact  # noqa: PLC0415 - as above

    # Somewhere in the middle: a deep page, a rare name, a number that one contact has.
    row = Contact.objects.order_by("pk")[Contact.objects.count() // 2]
    middle = _deep_cursor(row)
    digits = row.search_text.rpartition(row.email)[2].split()[0]
    pages = {
        "list, by last name": lambda: _page(""),
        "list, a page in the middle": lambda: _page("", after=middle),
        "list, backwards by first name": lambda: _page("", sort="-first"),
        "list, ready to invite": lambda: _page("view=ready"),
        "list, bounced": lambda: _page("view=bounced"),
        "list, two filters": lambda: _page("status=ok&state=TX"),
        "list of one sales rep": lambda: _page("mine=yes"),
        "tabs with their counts": _tabs,
        "search, a rare name": lambda: _page(f"q={row.last_name}"),
        "search, a phone number": lambda: _page(f"q={digits}"),
        "search, a given name": lambda: _page("q=hanna"),
        "search, what everybody has": lambda: _page("q=example"),
        "search, two words": lambda: _page(f"q=paula {row.last_name[:4]}"),
        "search, two letters": lambda: _page("q=ba"),
        "search, what nobody has": lambda: _page("q=zzyzx"),
    }
    return {name: _percentile(work) for name, work in pages.items()}


def _user() -> Any:  # noqa: ANN401 - the model is known only after setup
    from accounts.models import User  # noqa: PLC0415 - as above

    user, _ = User.objects.get_or_create(
        username="bench", defaults={"email": "rep7@supply.example", "is_superuser": True}
    )
    return user


def _page(query: str, sort: str = "last", after: str = "") -> None:
    from contacts.rules.segments import parse  # noqa: PLC0415 - as above
    from core import keyset  # noqa: PLC0415 - likewise
    from desk.querysets import lists  # noqa: PLC0415 - likewise

    wanted, user = parse(query), _user()
    counted = keyset.bounded_count(lists.contacts(wanted, user, counting=True))
    rows = lists.contacts(wanted, user).select_related("customer")
    keyset.page(rows, sort=sort, sorts=lists.CONTACT_SORTS, after=after, counted=counted)


def _tabs() -> None:
    from contacts.rules.segments import ContactQuery  # noqa: PLC0415 - as above
    from desk.querysets import lists  # noqa: PLC0415 - likewise

    user = _user()
    lists.count_views(ContactQuery(), lists.views_for(user), user)


def _deep_cursor(row: Any) -> str:  # noqa: ANN401 - as above
    from core import keyset  # noqa: PLC0415 - as above

    return keyset._cursor(row, ("last_name", "first_name", "pk"))  # noqa: SLF001 - a position


def _percentile(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(RUNS):
        start = perf_counter()
        work()
        times.append((perf_counter() - start) * 1000)
    return sorted(times)[int(RUNS * 0.95) - 1]


if __name__ == "__main__":
    sys.exit(main())
