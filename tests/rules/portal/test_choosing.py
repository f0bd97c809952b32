from portal.rules.choosing import Person, choose

ANNA = Person(1, "Anna Bell", "anna@acme.com")
BOB = Person(2, "Bob Cole", "bob@acme.com", confirmed=True)
CARA = Person(3, "Cara Dunn", "cara@acme.com", good=True)
ALL = [CARA, BOB, ANNA]


def test_the_same_address_wins_over_the_same_name():
    assert choose(ALL, name="Bob Cole", address_key="cara@acme.com") == 3


def test_the_same_name_wins_over_the_best_address_whatever_its_case_and_marks():
    assert choose(ALL, name="ANNA  béll", address_key="x@y.com") == 1


def test_else_a_confirmed_address_then_a_good_one_then_the_oldest():
    assert choose(ALL, name="Somebody", address_key="x@y.com") == 2
    assert choose([ANNA, CARA], name="", address_key="") == 3
    assert choose([Person(9, "", "z@z"), ANNA], name="", address_key="") == 1


def test_nobody_on_file_is_nobody():
    assert choose([], name="Anna Bell", address_key="anna@acme.com") is None
