"""What column heads are called in files from many programs and languages.

Words are written as `header_key` gives them: without blanks, signs and marks. A head that could be
two things stands in the table of the entity whose files usually have it.
"""

_ACCOUNT = (
    "account accountno accountnumber accountnr accountid acct acctno acctnumber custid custno"
    " custnmbr custnum custnumber customer customerid customerno customernumber customeraccount"
    " customeraccountnumber customercode cardcode clientid clientno clientnumber accountcode"
    " kundennr kundennummer kundenno kunde debitor debitornr debitorennummer konto kontonummer"
    " numeroclient noclient codeclient client compteclient numerodecliente codigocliente cliente"
    " numcliente codicecliente numerocliente klantnr klantnummer klantcode debiteur"
    " debiteurnummer reference billto billtono parentkey"
)
_STREET = "address addressline1 address1 street street1 addr1 strasse strassenr anschrift adresse"
_STREET += " adresse1 rue direccion calle indirizzo via adres straat"
_STREET2 = "address2 addressline2 street2 addr2 adresse2 adresszusatz complement direccion2"
_CITY = "city town ort stadt ville ciudad poblacion citta plaats woonplaats"
_STATE = "state stateprovince region bundesland etat estado county"
_PROVINCE = "province provincia provincie"
_ZIP = "zip zipcode postalcode postcode zippostal zippostalcode plz postleitzahl codepostal"
_ZIP += " codigopostal cp cap postc"
_COUNTRY = "country countrycode land pays pais paese"
_PHONE = "phone phone1 phoneno phonenumber telephone telephoneno telephoneno1 telephonenumber tel"
_PHONE += " telefon telefonnr telefonnummer telefono telefoon officephone businessphone workphone"
_FAX = "fax faxno faxnumber faxnum telefax faxnr"
_EMAIL = "email emailaddress emailaddr mail emailadresse mailadresse correo correoelectronico"
_EMAIL += " courriel adressemail adressecourriel emailadres epost indirizzoemail posta mailaddress"
_EMAIL += " emaill"
_ACTIVE = "active isactive enabled aktiv actif activo attivo actief valid validfor"
_INACTIVE = "inactive isinactive disabled hidden inaktiv inactif inactivo archived"
_NOTES = "notes note comments comment remarks remark notepad memo freetext bemerkung bemerkungen"
_NOTES += " notiz notizen commentaire commentaires remarques observaciones notas opmerkingen"
_NOTES += " remarks1 notes1"

CUSTOMER = {
    "account": _ACCOUNT + " id",
    "own_id": "internalid externalid recordid systemid guid interneid",
    "name": "name name1 companyname company customername custname cardname firm firma firmenname"
    " clientname accountname nom raisonsociale societe nomclient nombre razonsocial empresa"
    " ragionesociale nome azienda bedrijf bedrijfsnaam naam legalname businessname",
    "parent": "parent parentaccount parentcustomer fathercard headoffice billtocustomer"
    " billtocustomerno konzern muttergesellschaft maisonmere",
    "active": _ACTIVE,
    "inactive": _INACTIVE,
    "email": _EMAIL + " generalemail companyemail",
    "phone": _PHONE + " mainphone companyphone",
    "fax": _FAX,
    "website": "website web webaddress url urladdress homepage internet sitioweb siteweb sitoweb"
    " websitelink intrntsite webseite",
    "address1": _STREET + " billingaddress billingaddress1 billingaddressline1 billaddress1"
    " billtoaddress1 billingstreet billaddr1 rechnungsadresse poaddressline1",
    "address2": _STREET2 + " billingaddress2 billingaddressline2 billaddress2 billtoaddress2",
    "city": _CITY + " billingcity billcity billtocity pocity",
    "state": _STATE + " billingstate billingstateprovince billstate billtostate poregion",
    "province": _PROVINCE + " billingprovince",
    "postal_code": _ZIP + " billingzip billingzipcode billingpostalcode billzip billtozip"
    " popostalcode",
    "country": _COUNTRY + " billingcountry billcountry billtocountry pocountry",
    "customer_type": "customertype custtype ctype type category customercategory customerclass"
    " custclass industry kundengruppe kundentyp typeclient tipocliente",
    "customer_since": "customersince datecreated createdon created createdate dateestablished"
    " opened startdate kundeseit clientdepuis clientedesde clientsince",
    "product_lines": "productlines productline products produktlinien sortiment lignesproduits",
    "currency": "currency currencycode curr waehrung wahrung devise moneda valuta",
    "terms": "terms termscode paymentterms zahlungsbedingungen zahlungsziel conditionspaiement"
    " condicionespago",
    "sales_rep_name": "salesrep salesperson salesrepresentative salesrepname rep repcode slprsnid"
    " salesmanager accountmanager vertreter verkaufer verkaeufer vertrieb commercial"
    " representant vendedor agente",
    "sales_rep_email": "salesrepemail repemail salespersonemail vertreteremail",
    "notes": _NOTES,
}

CONTACT = {
    "account": _ACCOUNT,
    "own_id": "contactid contactno contactnumber contactcode contactkey personid internalid"
    " externalid recordid internalcode cntctcode kontaktid kontaktnr ansprechpartnernr idcontact"
    " idcontacto",
    "full_name": "contact contactname contactperson fullname cntcprsn attention attn attentionto"
    " poattentionto ansprechpartner ansprechperson kontakt kontaktperson interlocuteur"
    " nomducontact nomcontact contacto personadecontacto contatto contactpersoon person cont1",
    "salutation": "salutation title prefix anrede civilite tratamiento titolo aanhef",
    "first_name": "firstname first fname givenname vorname prenom nombredepila voornaam",
    "middle_name": "middlename middle midinit middleinitial mi",
    "last_name": "lastname last lname surname familyname nachname nomdefamille apellido"
    " apellidos cognome achternaam",
    "organization": "organization organisation employer company companyname relatedcompany",
    "job_title": "jobtitle jobposition position role function contacttitle funktion fonction poste"
    " cargo puesto ruolo functie",
    "email": _EMAIL + " contactemail",
    "phone": _PHONE + " directphone contactphone phone2tel tel1 durchwahl",
    "alternate_phone": "phone2 alternatephone altphone otherphone tel2 telephone2 telefon2",
    "sms_number": "mobile mobilephone mobileno mobilenumber cell cellphone cellular cellolar"
    " handy mobiltelefon mobil portable movil cellulare mobiel sms smsnumber gsm",
    "fax": _FAX,
    "address1": _STREET,
    "address2": _STREET2,
    "city": _CITY,
    "state": _STATE,
    "province": _PROVINCE,
    "postal_code": _ZIP,
    "country": _COUNTRY,
    "birth_date": "birthdate birthday dateofbirth dob geburtsdatum geburtstag datedenaissance"
    " fechadenacimiento geboortedatum",
    "alt_customer_id": "altcustomerid alternatecustomerid oldcustomerid altid",
    "username": "username webusername login loginname userid websiteuser benutzername"
    " nomutilisateur usuario gebruikersnaam",
    "active": _ACTIVE,
    "inactive": _INACTIVE,
    "notes": _NOTES,
}

INVOICE = {
    "account": _ACCOUNT,
    "number": "invoice invoiceno invoicenumber invoiceid documentnumber documentno docnum docno"
    " document tranid invno rechnungsnummer rechnungsnr belegnummer belegnr numerofacture facture"
    " nofacture numerodefactura factura numerofattura fattura factuurnummer factuur",
    "issued_on": "date invoicedate documentdate docdate trandate issued issuedon rechnungsdatum"
    " belegdatum datefacture fechafactura fecha datafattura factuurdatum datum",
    "due_on": "duedate due dueon docduedate faelligkeit falligkeit falligam faelligam echeance"
    " dateecheance vencimiento fechavencimiento scadenza vervaldatum",
    "amount": "amount total invoiceamount totalamount doctotal betrag rechnungsbetrag"
    " bruttobetrag montant importe importo bedrag summe",
    "open_amount": "amountremaining openamount amountdue balance balancedue open remaining"
    " openbalance restbetrag offenerbetrag soldedu saldo openstaand",
    "status": "status state paymentstatus zahlungsstatus statut estado stato",
}

# Fields that show that a list is of people.
PEOPLE = frozenset({"full_name", "first_name", "last_name", "job_title", "sms_number"})
# Heads that are a person's name in a list of people, and a customer's in a list of customers.
PLAIN_NAME = frozenset({"name", "nom", "nombre", "naam", "nome"})
