"""Old encodings are told by the letters of the language that a text is in."""

import pytest

from erp.rules.letters import guess

TEXTS = [
    ("cp1252", "Müller Straße, Größe, Köln, Übung, Jäger, Böhm, Weiß, Schön, Fuß"),
    ("cp1252", "Société Générale, façade, élève, où, hôtel, Noël, forêt, à côté, été"),
    ("cp1252", "Compañía Española, Peña, dirección, teléfono, García, Núñez, año, café"),
    ("cp1252", "Endereço, Cidade de São Paulo, Razão, João, Fundação, às, avô, você, ações"),
    ("cp1252", "Jørgensen, Åse, Bjørn, Østergård, Sørensen, Kjær, Ærø, Håkon, Grønt"),
    ("cp1250", "Číslo odběratele, Nadřízená firma, Příjmení, Neaktivní, Jiří, Růžena, žluť"),
    ("cp1250", "Spółka Łódź, Świątek, Żółć, imię, następny, Dąbrowski, ślad, źdźbło"),
    ("cp1250", "Győr, műszaki, Kőbánya, útközben, üveggyűjtő, őszi, árvíztűrő tükörfúrógép"),
    ("cp1251", "Наименование, Контактное лицо, Адрес, Телефон, Москва"),
    ("cp1253", "Επωνυμία, Διεύθυνση, Τηλέφωνο, Αθήνα, Θεσσαλονίκη"),
    ("cp850", "Müller, Größe, Köln, Übung, Jäger, Böhm, Weiß, Schön, Straße"),
    ("mac_roman", "Müller, Größe, Köln, Übung, Jäger, Böhm, Weiß, Schön, Straße"),
]


@pytest.mark.parametrize(("encoding", "text"), TEXTS)
def test_a_text_tells_its_encoding(encoding, text):
    assert guess(text.encode(encoding)) == encoding


def test_a_few_letters_prove_nothing():
    assert guess("Dvořák;Praha".encode("cp1250")) == "cp1252"


def test_customers_of_several_western_countries_stay_western():
    text = "Müller, García, Société, João, Jørgensen, Åkesson, Peña, Weiß, Noël, Größe, Çelik"
    assert guess(text.encode("cp1252")) == "cp1252"
