import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules.segments import (
    ContactQuery,
    SystemView,
    UnknownSegmentError,
    parse,
    system_view,
)
from contacts.rules.words import EmailStatus, PortalStage

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
    ],
)
def test_what_means_nothing_is_left_out(text, expected):
    assert parse(text) == expected


@given(st.text(max_size=80))
def test_any_text_is_read_and_reads_the_same_again(text):
    query = parse(text)
    assert parse(str(query)) == query


def test_views_that_always_exist_have_names():
    assert system_view("ready") == ContactQuery(view=SystemView.READY)
    with pytest.raises(UnknownSegmentError):
        system_view("nobody")
