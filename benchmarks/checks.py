"""How many contacts a second the pure checks do on one core: `python -m benchmarks.checks [N]`.

Prints the rate of all checks of a contact, cold and warm, the rate of the search for mistyped
domains, and a plain email-validator loop over the same addresses beside them.
"""

import random
import sys
from collections.abc import Callable, Iterator
from time import process_time

from email_validator import EmailNotValidError, validate_email

from validation.rules.account import Account, Around, Heard, Person
from validation.rules.domains import look_at
from validation.rules.engine import check
from validation.rules.lists import family_names, given_names
from validation.rules.near import NearIndex

TRADES = "plumbing heating electric tools supply builders glass steel dental foods marine".split()  # noqa: SIM905 - reads better
ENDINGS = "com com com com net us org co.uk de fr biz".split()  # noqa: SIM905 - reads better
FREE = "gmail.com gmail.com yahoo.com hotmail.com outlook.com comcast.net gmx.de".split()  # noqa: SIM905 - reads better
ANCHORS = 20_000
COMPARED = 20_000
AT_PROVIDER, SPOILT, MISTYPED = 0.1, 0.05, 0.1


def accounts(count: int) -> Iterator[Account]:
    """This will make customers until they have `count` contacts, one in ten of them dirty."""
    dice = random.Random(7)
    given, family = sorted(given_names()), sorted(family_names())
    made = 0
    while made < count:
        lead, trade = dice.choice(family), dice.choice(TRADES)
        domain = f"{lead}{trade}{dice.randrange(9999)}.{dice.choice(ENDINGS)}"
        people = tuple(
            _person(made + at, dice.choice(given), dice.choice(family), domain, dice)
            for at in range(dice.choice((1, 2, 2, 3, 5)))
        )
        made += len(people)
        yield Account(people, name=f"{lead.title()} {trade.title()} Inc.")


def _person(key: int, first: str, last: str, domain: str, dice: random.Random) -> Person:
    where = dice.choice(FREE) if dice.random() < AT_PROVIDER else domain
    address = f"{dice.choice((f'{first}.{last}', first[0] + last, first))}@{where}"
    dirt = dice.random()
    if dirt < SPOILT:
        address = dice.choice(("", "n/a", f" {address}", f"{first} <{address}>", f"{address};"))
    elif dirt < MISTYPED:
        at = dice.randrange(1, len(address) - 1)
        address = address[:at] + address[at + 1 :]
    return Person(key, address, first.title(), "", last.title(), job_title="Buyer")


def rate(count: int, work: Callable[[], object]) -> float:
    """This will do some work and give how many a second of processor time that is."""
    start = process_time()
    work()
    return count / (process_time() - start)


def _check_all(firms: list[Account], around: Around) -> None:
    for firm in firms:
        check(firm, around)


def _plain(addresses: list[str]) -> None:
    for address in addresses:
        try:
            validate_email(address, check_deliverability=False)
        except EmailNotValidError:
            continue


def main(count: int) -> None:
    """This will print the rates."""
    firms = list(accounts(count))
    addresses = [person.email for firm in firms for person in firm.people]
    domains = [address.rpartition("@")[2].lower() for address in addresses if "@" in address]
    around = Around(heard=dict.fromkeys(domains, Heard("deliverable", "mx")))
    check(firms[0], around)
    look_at.cache_clear()
    cold = rate(len(addresses), lambda: _check_all(firms, around))
    warm = rate(len(addresses), lambda: _check_all(firms, around))
    anchors = NearIndex(dict.fromkeys(domains[: 3 * ANCHORS]))
    words = [domain[:3] + domain[4:] for domain in domains[:COMPARED]]
    typos = rate(len(words), lambda: [anchors.near(word) for word in words])
    plain = rate(COMPARED, lambda: _plain(addresses[:COMPARED]))
    print(f"contacts                     {len(addresses):>12,}")
    print(f"distinct domains             {len(set(domains)):>12,}")
    print(f"all checks, domains unknown  {cold:>12,.0f} contacts/s")
    print(f"all checks, domains known    {warm:>12,.0f} contacts/s")
    print(f"typo search, {len(anchors.words):>6,} anchors  {typos:>12,.0f} domains/s")
    print(f"plain email-validator loop   {plain:>12,.0f} addresses/s (syntax alone)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
