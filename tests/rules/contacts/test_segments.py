from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules.normalise import tidy
from contacts.rules.segments import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    MOST_DAYS,
    MOST_VALUES,
    MULTIPLE,
    ContactQuery,
    SystemView,
    UnknownSegmentError,
    parse,
    read,
    system_view,
)
from contacts.rules.words import EmailStatus, PortalStage
from core.rules.needed import Needed

FULL = ContactQuery(
    view=SystemView.READY,
    words="ann & lee",
    statuses=(EmailStatus.OK, EmailStatus.BOUNCED),
    stages=(PortalStage.INVITED,),
    reps=("Julie Tran",),
    states=("NC", "TX"),
    types=("A+B",),
    active=False,
    customer=7,
    mine=True,
    house=True,
    lines=("Valves & pumps", "refrigeration"),
    cities=("St. Louis", "Washington, D.C."),
    postcodes=("787", "SW1A 1"),
    countries=("US",),
    since_from=1998,
    since_before=2015,
    invoices=2,
    promote=True,
    invite=False,
    mailed=True,
    mailed_within=90,
    unmailed_for=7,
    needs=(Needed.NAME, Needed.EMAIL, Needed.PRODUCT_LINES),
    lacks=(Needed.CITY,),
    nots=("rep", "country"),
)
FLOOR = (Needed.NAME, Needed.EMAIL, Needed.CITY)

words = st.text(max_size=30).map(lambda text: tidy(" ".join(text.splitlines())))
texts = st.sets(words.filter(bool), max_size=4).map(lambda found: tuple(sorted(found)))
years = st.none() | st.integers(EARLIEST_YEAR, LATEST_YEAR)
days = st.none() | st.integers(1, MOST_DAYS)
yes_or_no = st.sampled_from([None, True, False])


def some(members):
    return st.sets(st.sampled_from(members)).map(
        lambda found: tuple(member for member in members if member in found)
    )


@st.composite
def negated(draw, queries):
    """A query some of whose fields may hold none of their values."""
    query = draw(queries)
    filled = [name for name in MULTIPLE if query.values(name)]
    return replace(query, nots=draw(some(filled))) if filled else query


queries = negated(
    st.builds(
        ContactQuery,
        view=st.sampled_from(SystemView),
        words=words,
        statuses=some(list(EmailStatus)),
        stages=some(list(PortalStage)),
        reps=texts,
        states=texts,
        types=texts,
        active=yes_or_no,
        customer=st.none() | st.integers(1, 10**17),
        mine=st.booleans(),
        house=st.booleans(),
        lines=texts,
        cities=texts,
        postcodes=texts,
        countries=texts,
        since_from=years,
        since_before=years,
        invoices=st.none() | st.integers(1, 1000),
        promote=yes_or_no,
        invite=yes_or_no,
        mailed=yes_or_no,
        mailed_within=days,
        unmailed_for=days,
        needs=some(list(Needed)),
        lacks=some(list(Needed)),
        nots=st.just(()),
    )
)


def test_a_full_query_survives_the_address_line():
    assert parse(str(FULL)) == FULL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ContactQuery()),
        ("?view=all", ContactQuery()),
        ("view=secret&status=none&stage=x&active=perhaps&customer=-1&mine=1", ContactQuery()),
        ("status=bounced&status=ok", ContactQuery(statuses=(EmailStatus.OK, EmailStatus.BOUNCED))),
        ("q=+ann++lee+", ContactQuery(words="ann lee")),
        ("active=yes&active=no", ContactQuery(active=False)),
        ("customer=99999999999999999999", ContactQuery()),
        ("state=TX&state=TX&state=", ContactQuery(states=("TX",))),
        ("city=Austin%0D%0A+St.++Louis+%0A", ContactQuery(cities=("Austin", "St. Louis"))),
        ("needs=email,name,hat&needs=city", ContactQuery(needs=FLOOR)),
        ("since_before=15&since_from=3000&mailed_within=0&unmailed_for=-3", ContactQuery()),
        ("invoices=many&promote=1&invite=perhaps&lacks=", ContactQuery()),
        ("not=rep&not=hat&not=state&state=TX", ContactQuery(states=("TX",), nots=("state",))),
    ],
)
def test_what_means_nothing_is_left_out(text, expected):
    assert parse(text) == expected


@given(queries)
def test_every_query_survives_the_address_line(query):
    assert parse(str(query)) == query


def test_every_field_of_a_query_is_in_the_address():
    names = {name for name, value in FULL.pairs() if value}
    assert len(names) == len(fields(ContactQuery))


def test_no_more_values_than_an_address_holds_are_read():
    assert len(parse("&".join(f"city=Town {n}" for n in range(50))).cities) == MOST_VALUES
    assert len(read({"city": ["\n".join(f"Town {n}" for n in range(50))]}).cities) == MOST_VALUES


@given(st.text(max_size=80))
def test_any_text_is_read_and_reads_the_same_again(text):
    query = parse(text)
    assert parse(str(query)) == query


def test_views_that_always_exist_have_names():
    assert system_view("ready") == ContactQuery(view=SystemView.READY)
    with pytest.raises(UnknownSegmentError):
        system_view("nobody")
