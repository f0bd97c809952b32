"""Text messages: numbers, length, stops."""

import pytest

from delivery.rules.texting import goes_by_text, is_stop, number_of, parts


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("(555) 014-2200", "US", "+15550142200"),
        ("1-555-014-2200", "CA", "+15550142200"),
        ("+49 (0) 151 2345678", "US", "+491512345678"),
        ("0049 151 2345678", "US", "+491512345678"),
        ("0151 2345678", "DE", "+491512345678"),
        ("07700 900123", "gb", "+447700900123"),
        ("06 1234 5678", "IT", "+390612345678"),
        ("0612345678", "FR", "+33612345678"),
        ("555-0100", "US", ""),  # no area
        ("+1", "US", ""),
        ("+0151234567", "DE", ""),
        ("call Ann", "US", ""),
        ("0151 2345678, 0171 1", "DE", ""),
        ("0151 2345678", "Germany", ""),
        ("", "US", ""),
        ("+12345678901234567", "US", ""),
    ],
)
def test_a_number_is_read_as_one_or_not_at_all(written, country, number):
    assert number_of(written, country) == number


@pytest.mark.parametrize(
    ("content_type", "has_email", "number", "is_offered", "by_text"),
    [
        ("short_text", True, "+15550142200", True, True),
        ("unknown", False, "+15550142200", True, True),
        ("unknown", True, "+15550142200", True, False),
        ("short_text", True, "", True, False),
        ("short_text", True, "+15550142200", False, False),
    ],
)
def test_who_wants_it_or_has_no_email_gets_a_text_message(
    content_type, has_email, number, is_offered, by_text
):
    found = goes_by_text(
        content_type=content_type, has_email=has_email, number=number, is_offered=is_offered
    )
    assert found is by_text


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_long_texts_and_rare_letters_cost_more_parts(text, count):
    assert parts(text) == count


@pytest.mark.parametrize("answer", ["STOP", " stop. ", "Stop please", "Abmelden", "ARRÊT", "ALTO!"])
def test_a_stop_is_known_in_many_words(answer):
    assert is_stop(answer)


@pytest.mark.parametrize("answer", ["", "Please do not stop", "Thanks", "?"])
def test_another_answer_is_no_stop(answer):
    assert not is_stop(answer)
