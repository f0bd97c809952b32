"""What a column head may mean, when it says more than one word for it: "GP-Code", "N° tiers".

A head is read as it stands, then without what stands in brackets, then without words that
change nothing ("billing", "main", "Address 1:"), then as what numbers whom: a code of a customer
is an account number whatever the two words are.
"""

import re
from functools import lru_cache

from erp.rules.mapping import header_key

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WORD = re.compile(r"[^\W\d_]+|\d+|[#№]|n°", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NEUTRAL_WORDS = (
    "the of y e i et und de des du del della der das die el la le les van het do da di og och"
    " en au aan"
    " billing bill invoice invoicing billto to rechn rechnungs rechnung facturation facturacion"
    " facturering fatturazione primary main principal principale default standard haupt work"
    " business office company firma geschaftlich dienstlich professionnel pro entreprise value"
    " text current our your customers"
)
_NEUTRAL = frozenset(_NEUTRAL_WORDS.split())
_PREFIX = re.compile(r"(address|adresse|anschrift|direccion|email|phone|telephone) ?1? ?[:/-]")
_NUMBERS_WORDS = (
    "no n clave nr num number nbr nummer numero numer n° # № code kod kode codigo codice id ident"
    " cislo key ref kennung kurzel tunnus nro"
)
_NUMBERS = frozenset(_NUMBERS_WORDS.split())
_CUSTOMERS_WORDS = (
    "customer cust client clients klient kunde kunden kund klant klanten cliente clienti"
    " clientes debitor debitoren debtor debiteur debiteuren account acct konto kto tiers gp bp"
    " partner geschaftspartner geschaeftspartner businesspartner relatie relation kontrahent"
    " kontrahenta klienta asiakas asiakkaan abnehmer soldto billto"
)
_CUSTOMERS = frozenset(_CUSTOMERS_WORDS.split())
_CONTACTS_WORDS = (
    "con osoba osoby contact contacts kontakt kontakter kontakte ansprechpartner ansprechperson"
    " contacto contatto contato contactpersoon kontaktperson person persona personne referente"
    " interlocuteur yhteyshenkilo"
)
_CONTACTS = frozenset(_CONTACTS_WORDS.split())
_INVOICES_WORDS = (
    "invoice rechnung rechn beleg facture factura fattura factuur fatura faktura faktury"
    " document bill lasku piece"
)
_INVOICES = frozenset(_INVOICES_WORDS.split())
_REPS_WORDS = (
    "salesrep salesperson rep vertreter verkaufer vertrieb vertriebsmitarbeiter aussendienst"
    " representant commercial vendedor agente venditore vertegenwoordiger verkoper handlowiec"
    " saljare salj saelger selger myyja"
)
_REPS = frozenset(_REPS_WORDS.split())
_PARENTS_WORDS = "parent head group konzern mutter maison siege matriz capogruppo koncern moeder"
_PARENTS = frozenset(_PARENTS_WORDS.split())
_NAMES_WORDS = "name namn navn naam nom nombre nome nazwa nimi bezeichnung intitule"
_NAMES = frozenset(_NAMES_WORDS.split())
_PHONES_WORDS = "phone telephone tel telefon telefono telefoon telefone fone puhelin telnr"
_PHONES = frozenset(_PHONES_WORDS.split())
_MOBILES_WORDS = (
    "mobile mobil cell cellular portable gsm handy movil cellulare celular mobiel telemovel komorka"
    " komorkowy matkapuhelin"
)
_MOBILES = frozenset(_MOBILES_WORDS.split())
_LINES_WORDS = "fixe fijo fisso fixo vast fast landline stacjonarny bureau direct festnetz"
_LINES = _PHONES | _MOBILES | _NUMBERS | frozenset(_LINES_WORDS.split())
_KINDS = ("customerno", _CUSTOMERS), ("contactno", _CONTACTS), ("invoiceno", _INVOICES)
_NAMED = ("customername", _CUSTOMERS), ("contactname", _CONTACTS), ("salesrepname", _REPS)


@lru_cache(maxsize=5_000)
def meanings(header: str) -> tuple[str, ...]:
    """This will give the words that a head may stand for, the most literal first."""
    bare = _BRACKETS.sub(" ", header).strip()
    found = [header_key(header), header_key(bare)]
    without = _PREFIX.sub("", bare.casefold(), count=1) if _PREFIX.match(bare.casefold()) else bare
    words = [header_key(word) or word for word in _WORD.findall(_CAMEL.sub(" ", without))]
    rest = [word for word in words if word not in _NEUTRAL]
    found += [header_key(without), "".join(rest)]
    if rest and rest[-1] == "1":
        found.append("".join(rest[:-1]))
    composed = _composed(frozenset(words))
    found.append(composed or "".join(word for word in rest if word not in _NUMBERS))
    if len(rest) > 1 and rest[0] in _CONTACTS:
        found += ["".join(rest[1:]), _of_telephone(frozenset(rest[1:]))]
    found.append(_of_telephone(frozenset(rest)))
    found += [header_key(part) for part in bare.split("/") if "/" in bare]
    return tuple(dict.fromkeys(word for word in found if word))


def _of_telephone(words: frozenset[str]) -> str:
    """This will tell which telephone a head of two words means: "Tél. portable", "Work phone"."""
    if len(words) < 2 or not words & (_PHONES | _MOBILES) or not words <= _LINES:  # noqa: PLR2004 - one word is no pair
        return ""
    return "mobile" if words & _MOBILES else "phone"


def is_bare_number(header: str) -> bool:
    """This will say whether a head is nothing but "No." or "Code": of what, the list must tell."""
    words = [header_key(word) or word for word in _WORD.findall(_CAMEL.sub(" ", header))]
    return bool(words) and all(word in _NUMBERS for word in words)


def _composed(words: frozenset[str]) -> str:
    """This will tell whose number or name it is, from words of any of the languages."""
    if len(words) > 4:  # noqa: PLR2004 - a sentence, not a name
        return ""
    if words & _PARENTS and words & (_CUSTOMERS | {"company"}):
        return "parent"
    if words & _REPS and words - _REPS <= _NUMBERS | _NAMES | _NEUTRAL | {
        "territory",
        "sales",
        "ventas",
        "vendas",
        "ventes",
    }:
        return "salesrep"
    if words & _NUMBERS:
        rest = words - _NUMBERS - _NEUTRAL
        return next((word for word, those in _KINDS if rest and rest <= those), "")
    if words & _NAMES:
        rest = words - _NAMES - _NEUTRAL
        return next((word for word, those in _NAMED if rest and rest <= those), "")
    return ""
