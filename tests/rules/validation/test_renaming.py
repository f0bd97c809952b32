"""What an address becomes when its domain is renamed, and which renames are refused."""

import pytest

from validation.rules.renaming import NO_NEW, NO_OLD, SAME, refusal, renamed, typed_domain

OF_MANY = (
    "gmail.com is a mail provider: people of many companies are there."
    " Correct their addresses one by one in review."
)


@pytest.mark.parametrize(
    ("address", "subdomains", "new"),
    [
        ("jane@old.com", False, "jane@new.com"),
        ("Jane.Doe@OLD.com", False, "Jane.Doe@new.com"),
        ("jane@mail.old.com", True, "jane@mail.new.com"),
        ("jane@mail.old.com", False, ""),
        ("jane@not-old.com", True, ""),
        ("jane@old.com.au", True, ""),
        ("jane@other@old.com", False, ""),
        ("jane doe@old.com", False, ""),
        ("@old.com", False, ""),
        ("old.com", False, ""),
        ("", False, ""),
    ],
)
def test_only_a_plain_address_at_the_old_domain_moves(address, subdomains, new):
    assert renamed(address, "old.com", "new.com", subdomains=subdomains) == new


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" Old.COM ", "old.com"),
        ("@old.com", "old.com"),
        ("jane@old.com", "old.com"),
        ("old.com.", "old.com"),
        ("müller.de", "xn--mller-kva.de"),
        ("old", None),
        ("", None),
    ],
)
def test_a_domain_is_read_however_it_was_typed(typed, name):
    domain = typed_domain(typed)
    assert (domain.name if domain else None) == name


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("old.com", "new.com", ""),
        ("gmial.com", "gmail.com", ""),
        ("", "new.com", NO_OLD),
        ("old.com", "new", NO_NEW),
        ("old.com", "OLD.com", SAME),
        ("old.com", "new.invalid", "Nobody can have an address at new.invalid."),
        ("old.com", "new.comm", "Nobody can have an address at new.comm."),
        (
            "gmail.com",
            "new.com",
            OF_MANY,
        ),
    ],
)
def test_a_rename_that_makes_no_sense_is_refused(old, new, sentence):
    assert refusal(typed_domain(old), typed_domain(new)) == sentence
