"""The query string of the board of domains."""

import pytest

from desk.rules.domains import DomainQuery, read
from validation.rules.dns_words import DomainState


@pytest.mark.parametrize(
    ("given", "query"),
    [
        ({}, DomainQuery(DomainState.ATTENTION)),
        ({"state": ["typo"]}, DomainQuery(DomainState.TYPO)),
        ({"state": ["nonsense"], "least": ["3"]}, DomainQuery(DomainState.ATTENTION)),
        (
            {"state": ["all"], "q": [" acme "], "least": ["5"], "provider": ["Proofpoint"]},
            DomainQuery(DomainState.ALL, "acme", 5, "Proofpoint"),
        ),
    ],
)
def test_what_means_nothing_is_left_out(given, query):
    assert read(given, DomainState.ATTENTION) == query


def test_a_query_string_is_read_back_as_it_was_written():
    query = DomainQuery(DomainState.GONE, "a&b", 10, "GMX")
    assert str(query) == "state=gone&q=a%26b&least=10&provider=GMX"
