import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Contact
from core.keyset import Page, UnknownSortError, bounded_count, page, read_cursor

SORTS = {"last": "last_name,first_name", "sure": "version"}


@pytest.fixture
def people(db: None) -> None:
    Contact.objects.bulk_create(
        Contact(last_name=f"Name {number // 3:03}", first_name=f"N{number % 2}")
        for number in range(25)
    )


def keys(found: Page[Contact]) -> list[tuple[str, str, int]]:
    return [(row.last_name, row.first_name, row.pk) for row in found.rows]


def in_order() -> list[tuple[str, str, int]]:
    rows = Contact.objects.order_by("last_name", "first_name", "pk")
    return [(row.last_name, row.first_name, row.pk) for row in rows]


@pytest.mark.usefixtures("people")
def test_walking_forwards_shows_every_row_once_in_order() -> None:
    seen, after = [], ""
    while True:
        found = page(Contact.objects.all(), sort="last", sorts=SORTS, after=after, size=7)
        seen += keys(found)
        after = found.after
        if not after:
            break
    assert seen == in_order()


@pytest.mark.usefixtures("people")
def test_walking_back_from_the_end_shows_the_same_rows() -> None:
    rows = Contact.objects.all()
    first = page(rows, sort="last", sorts=SORTS, size=10)
    second = page(rows, sort="last", sorts=SORTS, size=10, after=first.after)
    back = page(rows, sort="last", sorts=SORTS, size=10, before=second.before)
    assert (keys(back), back.before) == (keys(first), "")


@pytest.mark.usefixtures("people")
def test_a_leading_minus_turns_the_order_around() -> None:
    found = page(Contact.objects.all(), sort="-last", sorts=SORTS, size=25)
    assert keys(found) == list(reversed(in_order()))


@pytest.mark.usefixtures("people")
def test_counting_stops_at_the_limit_and_says_so() -> None:
    found = page(Contact.objects.all(), sort="last", sorts=SORTS, count_limit=20)
    assert (found.count, found.more_than_counted, found.count_text) == (20, True, "20+")
    assert bounded_count(Contact.objects.all(), 100) == 25


@pytest.mark.django_db
def test_a_sort_that_is_not_on_the_list_is_refused() -> None:
    with pytest.raises(UnknownSortError):
        page(Contact.objects.all(), sort="password", sorts=SORTS)


@given(st.text(max_size=60))
def test_a_position_that_somebody_made_up_counts_as_the_start(text: str) -> None:
    found = read_cursor(text, 3)
    assert found is None or len(found) == 3
