import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation.rules.domains import look_at, meant_names, near_tlds


@pytest.mark.parametrize(
    ("typed", "name", "fault"),
    [
        ("Acme.COM", "acme.com", ""),
        ("mail.acme.co.uk", "mail.acme.co.uk", ""),
        ("müller-bau.de", "xn--mller-bau-q9a.de", ""),
        ("xn--mller-bau-q9a.de", "xn--mller-bau-q9a.de", ""),
        ("acme.plumbing", "acme.plumbing", ""),
        ("acme", "acme", "no_ending"),
        ("acme..com", "acme..com", "syntax"),
        ("-acme.com", "-acme.com", "syntax"),
        ("ac_me.com", "ac_me.com", "syntax"),
        ("1.2.3.4", "1.2.3.4", "syntax"),
        ("acme.con", "acme.con", "unknown_tld"),
        ("messina.it", "messina.it", ""),
        ("acme.local", "acme.local", "reserved"),
        ("example.com", "example.com", "reserved"),
        ("a" * 64 + ".com", "a" * 64 + ".com", "syntax"),
    ],
)
def test_a_domain_is_judged_by_its_name(typed, name, fault):
    domain = look_at(typed)

    assert (domain.name, domain.fault) == (name, fault)


@pytest.mark.parametrize(
    ("typed", "meant", "by"),
    [
        ("gmial.com", "gmail.com", "listed"),
        ("gmaik.com", "gmail.com", "coined"),
        ("gmailc.om", "gmail.com", "coined"),
        ("gmila.com", "gmail.com", "coined"),
        ("yahoo.con", "yahoo.com", "ending"),
        ("wanado.fr", "wanadoo.fr", "coined"),
        ("t-onlin.de", "t-online.de", "coined"),
        ("hotmail.co.ul", "hotmail.co.uk", "coined"),
        ("outlook.net", "outlook.com", "generic"),
        ("gmail.hu", "gmail.com", "country"),
        ("gnail.con", "gmail.com", "far"),
        ("ornge.fr", "orange.fr", "word"),
        ("sbcgloble.net", "sbcglobal.net", "listed"),
    ],
)
def test_a_mistyped_provider_is_recognised(typed, meant, by):
    domain = look_at(typed)

    assert (domain.meant, domain.meant_by) == (meant, by)


@pytest.mark.parametrize(
    "typed",
    [
        "gmail.com", "yahoo.co.uk", "hotmail.fr", "gmx.net", "ymail.com", "mailo.com", "cloud.com",
        "acme.com", "pacific.co", "mailw.com", "carter.net", "webb.de", "maco.com", "tax.gov.in",
    ],
)  # fmt: skip
def test_a_right_domain_is_left_alone(typed):
    assert look_at(typed).meant == ""


def test_lists_are_looked_up_by_the_registered_part_too():
    flags = [
        (look_at(name).free, look_at(name).disposable)
        for name in ("gmail.com", "mailinator.com", "x.mailinator.com", "acme.com")
    ]

    assert flags == [(True, False), (False, True), (False, True), (False, False)]


def test_stem_and_suffix_follow_the_public_suffix_list():
    domain = look_at("mail.acme.co.uk")

    assert (domain.stem, domain.suffix, domain.registrable) == ("acme", "co.uk", "acme.co.uk")


def test_an_ending_that_does_not_exist_has_its_neighbours():
    assert near_tlds("con")[0] == "com"
    assert near_tlds("nett")[0] == "net"
    assert meant_names("acme.vom") >= {"acme.com"}


@given(st.text(max_size=80))
def test_no_text_stops_the_look_at_a_domain(typed):
    assert look_at(typed).name == look_at(typed).name.lower()
