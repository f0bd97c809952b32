import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation.rules.matching import Relation, compare
from validation.rules.names import name_of
from validation.rules.spelling import Right, is_family, which_is_right


@pytest.mark.parametrize(
    ("local", "first", "last"),
    [
        ("john.smith", "John", "Smith"),
        ("jsmith", "John", "Smith"),
        ("smithj", "John", "Smith"),
        ("john", "John", "Smith"),
        ("johns", "John", "Smith"),
        ("j", "John", "Smith"),
        ("js", "John", "Smith"),
        ("j.smith2", "John", "Smith"),
        ("john+shop", "John", "Smith"),
        ("mike", "Michael", "Burton"),
        ("bsmith", "William", "Smith"),
        ("t.o'brien", "Tracy", "O'Brien"),
        ("vgarcia-lopez", "Vincent", "Garcia-Lopez"),
        ("mcastaneda", "Michelle", "Castaneda-Ford"),
        ("jmueller", "Jürgen", "Müller"),
        ("jmuller", "Jürgen", "Müller"),
        ("soren.hansen", "Søren", "Hansen"),
        ("juergen.foster", "Jürgen", "Foster"),
        ("lukasz.haddad", "Łukasz", "Haddad"),
        ("lucia.green", "Lucía", "Green"),
        ("matthew", "", "Bates, Matthew"),
        ("brubio", "Rubio,", "Brittany"),
        ("nguyen.minh", "Nguyen", "Minh"),
        ("marissa.castillo", "Marissa", "Shepherd"),
        ("christoph", "Christopher", "Woods"),
        ("lo", "Lisa", "O"),
        ("pennys", "P.", "Sims"),
        ("5262", "Kathleen", "Patel"),
        ("sean", "Sean", ""),
        ("anything", "", ""),
        ("nanda", "Fernanda", "Brito"),
        ("diasfilho", "Patrícia Dias", "Filho"),
        ("asia.walczak", "Joanna", "Walczak"),
        ("a.hageman", "Anton van de", "Hageman"),
    ],
)
def test_a_name_explains_its_address(local, first, last):
    assert compare(local, name_of(first, "", last)).relation is Relation.EXPLAINED


@pytest.mark.parametrize(
    ("local", "first", "last", "word", "typed"),
    [
        ("victoria.patterson", "Victoira", "Patterson", "victoira", "victoria"),
        ("jessica.robinson", "Jessica", "Robinsno", "robinsno", "robinson"),
        ("jstin", "Justin", "Maxwell", "justin", "jstin"),
        ("cflores", "Caroline", "Flres", "flres", "flores"),
        ("j.thokpson", "Jennifer", "Thompson", "thompson", "thokpson"),
        ("ccrney", "Christina", "Carney", "carney", "crney"),
        ("bruanna", "Brianna", "French", "brianna", "bruanna"),
        ("bradley.vaughan", "Bradley", "Vaugha", "vaugha", "vaughan"),
        ("dorothymurphy16", "Dorothy", "Murhy", "murhy", "murphy"),
        ("anna.schmitd", "Anna", "Schmidt", "schmidt", "schmitd"),
        ("andrea.leal", "Andrrea Leal", "Vieira", "andrrea", "andrea"),
        ("mafalda.guimaraes", "Mafalad Guimarães", "Filho", "mafalad", "mafalda"),
        ("wilelmina.van.de.horst", "Wilhelmina", "van de Horst", "wilhelmina", "wilelmina"),
        ("t.mueller", "Tomasz", "Mlüler", "mluler", "muller"),
        ("jygerin", "Jean-Yves", "Guérin", "guerin", "gerin"),
    ],
)
def test_one_slip_between_name_and_address_is_found(local, first, last, word, typed):
    match = compare(local, name_of(first, "", last))

    assert (match.relation, match.word, match.typed) == (Relation.NEAR, word, typed)


@pytest.mark.parametrize(
    ("local", "first", "last", "relation"),
    [
        ("jsimmons", "Alexandra", "Simmons", Relation.INITIAL),
        ("daniel", "Brandi", "Williams", Relation.NONE),
        ("thomas.rowland", "Emily", "Huang", Relation.NONE),
        ("mark.parker", "Lisa", "Parker", Relation.INITIAL),
        ("workshop", "Anna", "Berg", Relation.NONE),
        ("ejung", "Seo-jun", "Jang", Relation.NONE),
    ],
)
def test_an_address_that_the_name_does_not_explain(local, first, last, relation):
    assert compare(local, name_of(first, "", last)).relation is relation


@pytest.mark.parametrize(
    ("one", "two", "first_name", "right"),
    [
        ("victoira", "victoria", True, Right.SECOND),
        ("justin", "jstin", True, Right.FIRST),
        ("schmidt", "schmitd", False, Right.FIRST),
        ("rebecca", "rebeca", True, Right.UNCLEAR),
        ("benedr", "bender", False, Right.SECOND),
        ("qzrtwbx", "qzrtwxb", False, Right.UNCLEAR),
    ],
)
def test_the_spelling_that_is_a_name_is_right(one, two, first_name, right):
    assert which_is_right(one, two, is_first_name=first_name, seen=frozenset()) is right


def test_a_colleagues_name_is_a_known_name():
    seen = frozenset({"qzrtwbx"})

    right = which_is_right("qzrtwbx", "qzrtwxb", is_first_name=False, seen=seen)

    assert right is Right.FIRST


def test_of_two_unknown_spellings_the_one_that_others_in_the_base_have_is_right():
    base = frozenset({"qzrtwbx"})

    right = which_is_right("qzrtwxb", "qzrtwbx", is_first_name=False, seen=frozenset(), base=base)

    assert right is Right.SECOND


@pytest.mark.parametrize(
    ("word", "family"),
    [("vandenbeek", True), ("delarocca", True), ("szymanska", True), ("nowakowska", True),
     ("garciamorales", True), ("vantage", False), ("terminal", False), ("deliver", False)],
)  # fmt: skip
def test_a_family_name_may_begin_with_small_words_or_be_a_womans_form(word, family):
    assert is_family(word) is family


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_no_name_stops_the_comparison(local, first, last):
    assert compare(local, name_of(first, "", last)).relation in Relation


def test_a_family_name_in_the_middle_is_one():
    name = name_of("Andrrea", "Leal", "Vieira")
    match = compare("andrea.leal", name)
    assert (name.first, name.last) == (("andrrea",), ("leal", "vieira"))
    assert (match.relation, match.word, match.typed) == (Relation.NEAR, "andrrea", "andrea")


def test_a_second_given_name_in_the_middle_stays_one():
    assert name_of("Mary", "Jane", "Watson").first == ("mary", "jane")
