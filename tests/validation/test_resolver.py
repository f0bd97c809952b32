"""The resolver against a real name server on loopback, with every fault that one can have."""

from time import monotonic

import pytest

from validation.resolver import Conversation, Server, UnknownServerError, examine, server_of
from validation.rules.dns_server import Character

GLOBAL = "93.184.215.14"
# domain → what the server holds, and the outcome: one row for each row of the verdict table.
TABLE = {
    "good.com": ({"MX": "10 mx.good.com."}, "mx"),
    "mx.good.com": ({"A": GLOBAL}, "implicit_mx"),
    "mx6.com": ({"MX": "10 six.mx6.com."}, "mx"),
    "six.mx6.com": ({"AAAA": "2606:4700::1111"}, "implicit_mx_ipv6"),
    "alias.com": ({"CNAME": "good.com."}, "mx"),
    "cnamed-host.com": ({"MX": "10 cname.good.com."}, "mx"),
    "cname.good.com": ({"CNAME": "mx.good.com."}, "implicit_mx"),
    "long.com": ("truncated", "mx"),
    "tcp.long.com": ({"MX": "10 mx.good.com."}, "mx"),
    "web-only.com": ({"A": GLOBAL}, "implicit_mx"),
    "parked.com": ({"A": GLOBAL, "TXT": '"v=spf1 -all"'}, "no_mx_spf_reject"),
    "null.com": ({"MX": "0 .", "A": GLOBAL}, "null_mx"),
    "mixed.com": ({"MX": ["0 .", "10 mx.good.com."]}, "null_mx_mixed"),
    "to-localhost.com": ({"MX": "10 localhost."}, "mx_unusable"),
    "to-private.com": ({"MX": "10 inside.good.com."}, "mx_unusable"),
    "inside.good.com": ({"A": "10.0.0.5"}, "no_mail_host"),
    "to-address.com": ({"MX": "10 192.168.1.1."}, "mx_unusable"),
    "to-nobody.com": ({"MX": "10 gone.good.com.", "A": GLOBAL}, "mx_unusable"),
    "second-works.com": ({"MX": ["5 gone.good.com.", "20 mx.good.com."]}, "mx"),
    "text-only.com": ({"TXT": '"hello"'}, "no_mail_host"),
    "nowhere.com": (None, "no_domain"),
    "alias-to-nowhere.com": ({"CNAME": "nowhere.com."}, "no_domain"),
    "failing.com": ("servfail", "dns_servfail"),
    "refusing.com": ("refused", "dns_refused"),
    "silent.com": ("silent", "dns_timeout"),
    "garbage.com": ("garbage", "dns_timeout"),
    "forged.com": ("wrong id", "dns_timeout"),
    "circle.com": ({"CNAME": "elcric.com."}, "dns_loop"),
    "elcric.com": ({"CNAME": "circle.com."}, "dns_loop"),
    "half-failing.com": ({"MX": [], "A": "servfail"}, "dns_servfail"),
    "mx-failing.com": ({"MX": "servfail", "A": GLOBAL}, "dns_servfail"),
    "host-failing.com": ({"MX": "10 failing.com.", "A": GLOBAL}, "dns_servfail"),
    "company.internal": ({"MX": "10 mx.good.com."}, "reserved_domain"),
    "acme.comm": ({"MX": "10 mx.good.com."}, "unknown_tld"),
    "nodots": ({"MX": "10 mx.good.com."}, "syntax_domain"),
}


def outcomes(server, names, **options):
    """The code of each name, asked at full pace."""
    found = {}
    with Conversation(server, **options) as talk:
        talk.ask(names)
        while talk.active:
            talk.give_places(talk.wanted, after=0, apart=0)
            talk.work(0.02)
            found |= talk.take_finished()
    return {name: found[name].code.value for name in names}


def test_every_outcome_of_dns_gets_its_verdict(name_server):
    server = name_server({name: said for name, (said, _code) in TABLE.items() if said is not None})
    expected = {name: code for name, (_said, code) in TABLE.items()}
    assert outcomes(server.server, list(TABLE)) == expected
    assert server.over_tcp == 1


def test_what_needs_no_question_is_not_asked(name_server):
    server = name_server()
    assert outcomes(server.server, ["company.internal", "acme.comm"]) == {
        "company.internal": "reserved_domain",
        "acme.comm": "unknown_tld",
    }
    assert server.asked == []


def test_a_mail_host_that_many_domains_share_is_asked_about_once(name_server):
    names = [f"firm{number}.com" for number in range(50)]
    server = name_server(
        {"mx.good.com": {"A": GLOBAL}} | {name: {"MX": "10 mx.good.com."} for name in names}
    )
    outcomes(server.server, names)
    assert sorted(server.questions()) == sorted(
        [("mx.good.com", "A"), *[(name, "MX") for name in names]]
    )


def test_the_next_server_is_asked_when_the_first_refuses(name_server):
    refusing = name_server({"good.com": "refused"})
    good = name_server({"good.com": {"MX": "0 ."}})
    both = Server("both", (refusing.server.addresses[0], good.server.addresses[0]))
    assert outcomes(both, ["good.com"]) == {"good.com": "null_mx"}


def test_an_answer_that_comes_after_the_second_try_still_counts(name_server):
    server = name_server({"slow.com": {"MX": "0 ."}}, delay=1.3)
    assert outcomes(server.server, ["slow.com"]) == {"slow.com": "null_mx"}


def test_nothing_is_sent_before_a_place_is_given(name_server):
    server = name_server({"good.com": {"MX": "0 ."}})
    with Conversation(server.server) as talk:
        talk.ask(["good.com", "null.com"])
        talk.work(0.05)
        assert (talk.wanted, server.asked) == (2, [])
        talk.give_places(1, after=0.1, apart=1)
        assert talk.wanted == 1
        talk.work(0.05)
        assert server.asked == []
        talk.work(0.2)
        assert server.questions() == [("good.com", "MX")]


def test_what_is_cut_short_is_slow_and_no_failure(name_server):
    server = name_server({"silent.com": "silent"})
    with Conversation(server.server) as talk:
        talk.ask(["silent.com", "unasked.com"])
        talk.work(0)
        talk.give_places(1, after=0, apart=0)
        talk.work(0.3)
        slow = {name: said.code.value for name, said in talk.cut_short(0.2).items()}
        assert slow == {"silent.com": "dns_slow"}
        assert talk.cut_short(5) == {}


def test_a_server_that_knows_the_internet_is_real(name_server):
    assert examine(name_server().server, own_domains=[], seconds=4) == Character.REAL


def test_a_server_that_answers_everything_is_found_out(name_server):
    lying = name_server(everything={"A": GLOBAL, "MX": "10 mx.gmail.com."})
    rewriting = name_server(everything={"A": "198.51.100.7"})
    found = [examine(one.server, own_domains=[], seconds=4) for one in (lying, rewriting)]
    assert found == [Character.LYING, Character.LYING]


def test_a_loopback_server_with_names_of_its_own_is_a_rehearsal(name_server):
    server = name_server({"gmail.com": {"MX": "1 mx.here."}, "mx.here": {"A": "127.0.0.2"}})
    assert examine(server.server, own_domains=[], seconds=4) == Character.REHEARSAL
    assert outcomes(server.server, ["gmail.com"]) == {"gmail.com": "mx_unusable"}
    assert outcomes(server.server, ["gmail.com"], private_counts=True) == {"gmail.com": "mx"}


def test_the_machine_s_own_server_is_never_a_rehearsal(name_server):
    server = name_server({"gmail.com": {}})
    own = Server("system", server.server.addresses, named=False)
    assert examine(own, own_domains=[], seconds=4) == Character.IGNORANT


def test_a_silent_server_costs_no_more_than_it_is_given(name_server):
    server = name_server({"gmail.com": "silent", "outlook.com": "silent"}, everything="silent")
    begun = monotonic()
    assert examine(server.server, own_domains=[], seconds=0.4) == Character.SILENT
    assert monotonic() - begun < 0.8


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("127.0.0.1:5399", (("127.0.0.1", 5399),)),
        ("9.9.9.9", (("9.9.9.9", 53),)),
        ("[::1]:5353", (("::1", 5353),)),
    ],
)
def test_a_server_is_written_as_host_and_port(text, addresses):
    assert server_of(text) == Server(text, addresses)


def test_off_is_no_server():
    assert server_of("off") is None


@pytest.mark.parametrize("text", ["127.0.0.1:abc", "127.0.0.1:99999", ":53", "a b:53", "x@1.1.1.1"])
def test_what_is_no_server_is_refused_with_a_sentence(text):
    with pytest.raises(UnknownServerError) as refusal:
        server_of(text)
    assert str(refusal.value) == f"{text!r} is no name server. Write HOST:PORT, off or system."


def test_a_host_that_nobody_knows_is_named():
    with pytest.raises(UnknownServerError) as refusal:
        server_of("dns.invalid:53")
    assert str(refusal.value) == "There is no name server dns.invalid:53: the host is not known."
