"""Column heads of programs from many countries, and what cells tell where heads do not."""

import pytest

from contacts.rules.words import Entity
from erp.rules import mapping
from erp.rules.forms import AS_ABOVE, LINES
from erp.rules.matching import match
from erp.rules.values import COMMA, NAMED


def fields_of(matched):
    prefix = f"{matched.entity.value}."
    told = [
        (column.field.removeprefix(prefix) or "-") + (f"#{column.slot}" if column.slot else "")
        for column in matched.columns
    ]
    return f"{matched.entity.value}: {' '.join(told)}"


HEADS = [
    # German: DATEV, Lexware, SAP, and what people write themselves
    (
        "Kunden-Nr.;Firma;Straße und Hausnummer;PLZ;Ort;E-Mail;Telefon;Zahlungsziel",
        "customer: account name address1 postal_code city email phone terms",
    ),
    (
        "GP-Code;GP-Name;Rechn.-Straße;PLZ/Ort;Webseite;Konsolidierender GP;Inaktiv",
        "customer: account name address1 place website parent inactive",
    ),
    (
        "Debitor;Ansprechpartner-Nr.;Anrede;Vorname;Nachname;Position;Mobiltelefon;E-Mail",
        "contact: account own_id salutation first_name last_name job_title sms_number email",
    ),
    (
        "Kundennummer;Ansprechpartner Vorname;Ansprechpartner Nachname;Ansprechpartner E-Mail",
        "contact: account first_name last_name email",
    ),
    ("Belegnr.;Kundennr.;Belegdatum;Bruttobetrag", "invoice: number account issued_on amount"),
    # French: Sage, EBP
    (
        "N° tiers;Intitulé;Adresse;Complément;C.P.;Ville;Site Internet;Code représentant",
        "customer: account name address1 address2 postal_code city website sales_rep_name",
    ),
    (
        "Code tiers;Civilité;Nom;Prénom;Fonction;Tél. fixe;Tél. portable;Courriel",
        "contact: account salutation last_name first_name job_title phone sms_number email",
    ),
    ("N° facture;Code client;Date facture;Montant TTC", "invoice: number account issued_on amount"),
    # Spanish: Spain and Latin America
    (
        "Clave;Razón social;Calle y número;Código postal;Ciudad;Agente de ventas",
        "customer: account name address1 postal_code city sales_rep_name",
    ),
    (
        "Código cliente;Nombre(s);Apellido paterno;Puesto;Correo electrónico;Celular",
        "contact: account first_name last_name job_title email sms_number",
    ),
    # Italian, Dutch, Portuguese, Polish
    (
        "Codice cliente;Ragione sociale;Indirizzo;CAP;Città;Provincia;Telefono",
        "customer: account name address1 postal_code city province phone",
    ),
    (
        "Debiteurnr.;Voornaam;Achternaam;Functie;Telefoon;Mobiel;E-mail",
        "contact: account first_name last_name job_title phone sms_number email",
    ),
    (
        "Código do cliente;Razão Social;Endereço;CEP;Cidade;Vendedor",
        "customer: account name address1 postal_code city sales_rep_name",
    ),
    (
        "Kod klienta;Imię;Nazwisko;Stanowisko;Telefon komórkowy;Adres e-mail",
        "contact: account first_name last_name job_title sms_number email",
    ),
    # Swedish, Danish, Norwegian, Finnish
    (
        "Kundnr;Förnamn;Efternamn;Befattning;Telefonnr;Mobilnr;E-post;Spärrad",
        "contact: account first_name last_name job_title phone sms_number email inactive",
    ),
    ("Kundenr.;Kundenavn;Adresse;Postnr.;By", "customer: account name address1 postal_code city"),
    (
        "Kundenr.;Fornavn;Etternavn;Stilling;Mobil;E-postadresse",
        "contact: account first_name last_name job_title sms_number email",
    ),
    (
        "Asiakasnumero;Etunimi;Sukunimi;Puhelin;Sähköposti",
        "contact: account first_name last_name phone email",
    ),
    # English: Sage 50, Salesforce, Dynamics, Epicor
    (
        "A/C;Name;Address Line 1;Town;Postcode;WWW",
        "customer: account name address1 city postal_code website",
    ),
    (
        "Account ID;Account Name;Account Number;Parent Account ID;Billing Zip/Postal Code",
        "customer: own_id name account parent postal_code",
    ),
    (
        "Account Number (Company Name) (Account);Full Name;Business Phone;Mobile Phone;Email",
        "contact: account full_name phone sms_number email",
    ),
    (
        "Cust. ID;Customer Name;Bill To Addr 1;State/Prov;Parent Cust. ID;Territory Rep",
        "customer: account name address1 state parent sales_rep_name",
    ),
]


@pytest.mark.parametrize(("heads", "expected"), HEADS)
def test_heads_of_many_countries_find_their_fields(heads, expected):
    rows = [["7", "Ann", "Lee", "x"] for _ in range(2)] if "Account ID" in heads else []
    assert fields_of(match(heads.split(";"), rows)) == expected


WIDE = [
    (
        "Code;Company;Contact 1;E-mail 1;Contact 2;E-mail 2;Contact 3;E-mail 3",
        "contact: account customer.name full_name email full_name#1 email#1 full_name#2 email#2",
    ),
    (
        "Customer No;First Name;Last Name;Email;Contact2 First Name;Contact2 Last Name;Email 2",
        "contact: account first_name last_name email first_name#1 last_name#1 email#1",
    ),
    (
        "Account;Contact;Email;Phone;Contact;Email;Phone",
        "contact: account full_name email phone full_name#1 email#1 phone#1",
    ),
    # One person with two addresses or numbers is one person.
    ("Account;Contact;Email;Email", "contact: account full_name email -"),
    (
        "Account;Contact;Phone 1;Phone 2;Email",
        "contact: account full_name phone alternate_phone email",
    ),
]


@pytest.mark.parametrize(("heads", "expected"), WIDE)
def test_people_of_a_wide_row_are_told_by_numbers_or_equal_heads(heads, expected):
    rows = [["1", "a", "b", "c", "d", "e", "f", "g"], ["2", "h", "i", "j", "k", "l", "m", "n"]]
    width = len(heads.split(";"))
    assert fields_of(match(heads.split(";"), [row[:width] for row in rows])) == expected


def columns(heads, *rows, **options):
    matched = match(heads.split("|"), [row.split("|") for row in rows], **options)
    return {column.header: column for column in matched.columns}


def test_a_customer_head_over_names_is_the_name_and_not_the_number():
    found = columns(
        "Account|Customer|Contact|Email", "10|Ann Arbor Inc|Jo|a@b.com", "11|Two Inc|Al|"
    )

    assert found["Account"].field == "contact.account"
    assert found["Customer"].field == "customer.name"


def test_the_same_company_in_every_row_is_not_the_customer():
    rows = [f"OURS|C{n}|Firm {n} Ltd|a{n}@b.com" for n in range(12)]
    found = columns("Company|Cust. ID|Customer Name|EMail Address", *rows)

    assert (found["Company"].field, found["Customer Name"].field) == ("", "customer.name")


def test_a_title_of_doctors_leaves_the_job_to_the_column_that_has_it():
    rows = [["7", "Frau", "Dr.", "Ida", "Lang", "Einkauf"], ["8", "", "", "Bo", "Ray", "Lager"]]
    heads = ["Ansprechpartner-Nr.", "Anrede", "Titel", "Vorname", "Nachname", "Position"]
    matched = match(heads, rows)
    assert fields_of(matched) == "contact: own_id salutation - first_name last_name job_title"


def test_a_title_is_what_its_cells_say():
    mrs = columns("Customer ID|Title|Last Name|Email", "7|Mrs|Lee|a@b.com", "7|Dr|Day|b@b.com")
    buyer = columns(
        "Customer ID|Title|Last Name|Email", "7|Buyer|Lee|a@b.com", "7|Owner|Day|b@b.com"
    )

    both = columns("Customer ID|Salutation|Title|Last Name|Email", "7|Mr|Buyer|Lee|a@b.com")

    assert (mrs["Title"].field, buyer["Title"].field) == ("contact.salutation", "contact.job_title")
    assert both["Title"].field == "contact.job_title"


def test_a_name_beside_a_first_name_is_the_last_name():
    last = columns("Kundennr.|Vorname|Name|E-Mail", "7|Ida|Roth|a@b.de", "7|Jan|Falk|b@b.de")
    full = columns(
        "Customer ID|First Name|Contact|Email", "7|Ida|Ida Roth|a@b.de", "7|Jan|Jan Falk|"
    )

    assert last["Name"].field == "contact.last_name"
    assert full["Contact"].field == "contact.full_name"


def test_a_bare_number_beside_the_account_is_the_persons_own():
    found = columns("Nr|Namn|Kundnr|E-post", "K1|Ida Ek|7|a@b.se", "K2|Jan Alm|7|b@b.se")

    assert (found["Nr"].field, found["Nr"].reason) == ("contact.own_id", "Every row has its own")


def test_a_number_that_others_have_too_counts_at_its_customer_only():
    found = columns(
        "Customer ID|Contact ID|Contact|Email", "7|1|Ann Lee|", "7|2|Bo Day|", "8|1|Cy Orr|"
    )

    assert found["Contact ID"].field == "contact.code"


def test_a_systems_keys_are_ids_whatever_the_head_says():
    guids = [f"{n:08x}-1111-2222-3333-444455556666" for n in range(3)]
    rows = [f"{guid}|{n}|Ann {n}|a{n}@b.com" for n, guid in enumerate(guids)]
    found = columns("(Do Not Modify) Contact|Account Number|Full Name|Email", *rows)

    assert found["(Do Not Modify) Contact"].field == "contact.own_id"
    assert found["Full Name"].field == "contact.full_name"


def test_firms_and_persons_in_one_list_are_told_by_a_column_of_kinds():
    found = columns(
        "Name|Type|Company Name|Reference|Email",
        "Firm Ltd|Company||F1|a@b.com",
        "Ann Lee|Person|Firm Ltd||ann@b.com",
    )

    assert found["Type"].field == "contact.is_company"
    assert found["Company Name"].field == "contact.organization"


def test_a_status_of_active_and_inactive_says_who_is_active():
    found = columns("Customer ID|Name|Status", "7|Firm|Active", "8|Two|Inactive")
    other = columns("Customer ID|Name|Status", "7|Firm|Gold", "8|Two|Silver")

    assert (found["Status"].field, other["Status"].field) == ("customer.active", "")


def test_an_address_that_all_people_share_is_the_customers():
    heads = "Account|Company|Contact|Email|City"
    shared = columns(heads, "7|Firm|Ann Lee|a@b.com|Bath", "7|Firm|Bo Day|b@b.com|Bath")
    own = columns(heads, "7|Firm|Ann Lee|a@b.com|Bath", "7|Firm|Bo Day|b@b.com|York")

    assert (shared["City"].field, own["City"].field) == ("customer.city", "contact.city")


ABOVE = "Account|Company|Contact|Email|City"


def test_a_blank_account_is_that_of_the_row_above_where_the_rest_agrees():
    found = columns(ABOVE, "7|Firm|Ann Lee|ann@firm.com|Bath", "||Bo Day|bo@firm.com|Bath")

    assert found["Account"].form == AS_ABOVE


@pytest.mark.parametrize(
    "second",
    ["|Other Ltd|Bo Day|bo@other.com|York", "||Bo Day|bo@other.com|York"],
)
def test_a_blank_account_of_somebody_else_stays_blank(second):
    found = columns(ABOVE, "7|Firm|Ann Lee|ann@firm.com|Bath", second)

    assert found["Account"].form == ""


def test_a_parent_that_is_named_is_found_by_its_name():
    found = columns("Account No|Name|Parent Account", "7|Firm North|Firm Group", "8|Two|")

    assert found["Parent Account"].form == NAMED


def test_the_order_of_dates_is_told_by_any_column_else_by_the_language():
    tell = columns("Invoice No|Customer No|Invoice Date|Due Date", "1|7|03/04/2025|30/04/2025")
    german = columns("Rechnungsnr.|Kundennr.|Rechnungsdatum", "1|7|03/04/2025")
    american = columns("Invoice No|Customer No|Invoice Date", "1|7|03/04/2025")

    assert tell["Invoice Date"].form == "dmy"
    assert german["Rechnungsdatum"].form == "dmy"
    assert american["Invoice Date"].form == "mdy"


def test_amounts_tell_which_sign_stands_before_the_cents():
    found = columns("Rechnungsnr.|Kundennr.|Betrag", "1|7|1.234,50", "2|7|1.000")

    assert found["Betrag"].form == COMMA


def test_an_invoice_in_several_rows_with_amounts_of_their_own_has_lines():
    found = columns("Invoice No|Customer No|Amount", "1|7|10.00", "1|7|20.00", "2|7|5.00")
    repeated = columns("Invoice No|Customer No|Amount", "1|7|30.00", "1|7|30.00")

    assert found["Amount"].form == LINES
    assert repeated["Amount"].form != LINES


def test_a_customer_list_is_not_guessed_to_have_a_number_by_likeness():
    matched = match(["Acount Numbr", "Customer Name", "City"], [], entity=Entity.CUSTOMER)

    assert mapping.missing_fields(matched) == ["customer account number"]
