"""What column heads are called in files from many programs and languages.

Words are written as `header_key` gives them: without blanks, signs and marks. A head that could be
two things stands in the table of the entity whose files usually have it. Order: English, German,
French, Spanish, Italian, Dutch, Portuguese, Polish, Swedish, Danish, Norwegian, Finnish.
"""

_ACCOUNT = (
    "account ac acref accountref accountreference accountno accountnumber accountnr accountid"
    " acct acctno acctnumber acctnum custid"
    " custno custnmbr custnum custnumber custacct custcode customer customerid customerno"
    " customernumber customernum customeraccount customeraccountno customeraccountnumber"
    " customeracct customercode customerkey cardcode clientid clientno clientnumber clientcode"
    " accountcode debtor debtorno debtorcode debtornumber soldto soldtono soldtoparty billto"
    " billtono billtocustomerno parentkey bpcode businesspartner"
    " kundennr kundennummer kundenno kundenid kundnr kundenkonto kundenkurzzeichen kunde debitor"
    " debitornr debitorennr debitorennummer debitorenkonto konto kontonr kontonummer adressnr"
    " adressnummer geschaftspartner geschaftspartnernr"
    " numeroclient numclient noclient nclient codeclient idclient refclient referenceclient client"
    " compte compteclient numerocompte ncompte comptetiers codetiers numerodecompte"
    " numerodecliente numerocliente nocliente ncliente codigocliente codcliente codigodecliente"
    " idcliente cliente numcliente cuentacliente"
    " codicecliente codcliente numerodicliente codicecontabile codiceanagrafica"
    " klantnr klantnummer klantcode klantid klant relatienr relatienummer relatiecode debiteur"
    " debiteurnr debiteurnummer debiteurennummer debiteurcode"
    " codigodocliente numerodocliente contacliente nif"
    " numerklienta nrklienta kodklienta idklienta klient kodkontrahenta nrkontrahenta kontrahent"
    " numerkontrahenta"
    " kundnummer kundid kundkod kund"
    " kundenummer kundenr kundekonto debitornummer"
    " cislozakaznika cisloodberatele kodzakaznika odberatel zakaznik asiakasnumero asiakasnro"
    " asiakastunnus asiakas"
    " reference odnosnik referenz referencia riferimento referentie referens referanse"
)
_OWN_ID = (
    "internalid externalid recordid systemid guid uuid interneid internalkey recordkey recno"
    " externeid identifiantexterne idexterno idexterna idesterno zewnetrzneid externtid ekstern"
    " eksternid externid ulkoinentunnus"
)
_STREET = (
    "address addressline1 address1 addressln1 street streetaddress street1 streetname addr1 addr"
    " addressline strasse strassenr strassehausnr strasseundhausnummer strassehausnummer anschrift"
    " adresse adresse1 adresselivraison rue voie direccion direccion1 calle domicilio indirizzo"
    " indirizzo1 via adres adres1 straat straatnaam straathuisnummer endereco endereco1 morada rua"
    " logradouro ulica adresulica ulice ulicecislo gatuadress adress adress1 utdelningsadress"
    " vej gade vejnavn"
    " gateadresse katuosoite osoite lahiosoite"
)
_STREET2 = (
    "address2 addressline2 addressln2 street2 addr2 suite unit adresse2 adresszusatz zusatz"
    " complement complementadresse complementoadresse direccion2 indirizzo2 adres2 endereco2"
    " complemento adress2 coadress"
)
_CITY = (
    "city town citytown posttown locality suburb ort stadt wohnort ville commune localite ciudad"
    " poblacion localidad municipio citta comune localita plaats woonplaats vestigingsplaats cidade"
    " localidade municipio obec mesto miasto miejscowosc stad postort by poststed kaupunki"
    " postitoimipaikka"
)
_STATE = (
    "state stateprovince stateprovinceregion statecounty stateregion region bundesland land2 etat"
    " departement estado uf county comarca wojewodztwo lan"
)
_PROVINCE = "province provincia provincie prov"
_ZIP = (
    "zip zipcode zippostal zippostalcode postalcode postcode postcodezip postalzip postc plz"
    " postleitzahl codepostal cp codigopostal cap codiceavviamentopostale cep codpostal"
    " kodpocztowy psc postnr postnummer postinumero"
)
_PLACE = (
    "zipcity cityzip citystatezip citystzip citystatezipcode citystatepostalcode plzort"
    " plzundort postleitzahlort postleitzahlundort cpville codepostalville cppoblacion"
    " caplocalita capcitta postcodeplaats postcodeenplaats postcodewoonplaats cepcidade"
    " codigopostallocalidade kodpocztowymiasto postnrort postnummerort postnrby postnrogby"
    " postnrpoststed"
)
_COUNTRY = (
    "country countrycode countryregion countryregioncode countryname land landescode"
    " landercode landcode landsregionkod landregionkode laenderkennzeichen landkennzeichen lkz"
    " pays codepays pais codigopais paese nazione stato2 kraj stat zeme maa"
)
_PHONE = (
    "phone phone1 phoneno phonenumber phonenumbers telephone telephoneno telephoneno1 telephone1"
    " telephonenumber tel tel1 telno telnr teleph phonework workphone businessphone officephone"
    " mainphone primaryphone direct directdial ddi ddinumber telefon telefonnr telefonnummer"
    " telefon1 rufnummer festnetz telefonozentrale telefonogeschaftlich telefongeschaftlich"
    " telephonefixe fixe numerodetelephone telephonebureau telefono telefono1 telefonofijo"
    " telefoon telefoonnummer telefoonnr telefone telefone1 fone fone1 telefonefixo numertelefonu"
    " telefonstacjonarny puhelin puhelinnumero telefonarbete tlf tlfnr"
)
_FAX = "fax faxno faxnumber faxnum facsimile telefax faxnr telefaxnr telecopie telecopieur faks"
_EMAIL = (
    "email email1 emailaddress emailaddress1 emailaddr emailid mail mail1 emailprimary"
    " primaryemail workemail businessemail emailwork mainemail emailadresse mailadresse"
    " emailgeschaftlich adressemail adressemel adresseemail adresseelectronique courriel mel"
    " adressecourriel correo correoelectronico direcciondecorreo emailcorreo correoe mailcorreo"
    " indirizzoemail indirizzomail posta postaelettronica pec emailadres mailadres emailadresa"
    " enderecodeemail enderecoemail correioeletronico correioelectronico adresemail"
    " adrespocztyelektronicznej pocztaelektroniczna epost epostadress epostadresse"
    " mailadress sahkoposti sahkopostiosoite smtpaddress emaill mailaddress"
)
_ACTIVE = (
    "active isactive enabled isenabled aktiv actif activo attivo actief ativo aktywny aktywne"
    " aktywna valid validfor aktiivinen"
)
_INACTIVE = (
    "nolongerthere nolongerwithcompany leftcompany hasleft ausgeschieden inactive isinactive"
    " disabled isdisabled hidden blocked isblocked inaktiv gesperrt"
    " sperrkennzeichen misensommeil sommeil gesperrtkz inactif bloque enVeille inactivo"
    " bloqueado inattivo bloccato geblokkeerd inactief inativo neaktivni nieaktywny zablokowany"
    " sparrad"
    " spaerret sperret archived isarchived onhold"
).lower()
_NOTES = (
    "notes description notes1 note comments comment remarks remarks1 remark notepad memo"
    " freetext text"
    " bemerkung bemerkungen notiz notizen anmerkung anmerkungen kommentar commentaire commentaires"
    " remarques remarque observaciones observacion notas comentarios osservazioni annotazioni"
    " opmerking opmerkingen notities observacoes observacao poznamka poznamky uwagi notatki"
    " anteckning anteckningar"
    " anmarkning bemaerkning bemaerkninger merknad huomautus"
)
_DIVISION = "division divisionno ardivisionno divno"

CUSTOMER = {
    "account": _ACCOUNT + " id no number nr code nummer numero codigo codice kode numer",
    "division": _DIVISION,
    "own_id": _OWN_ID,
    "name": "name name1 companyname companyname1 company customername custname cardname firm"
    " firmname clientname accountname tradingname displayname bpname debtorname organizationname"
    " organisationname businessname legalname"
    " firma firma1 firmenname firmenname1 kundenname unternehmen nom raisonsociale societe"
    " nomsociete nomclient intitule entreprise denomination nombre nombrecliente razonsocial"
    " nombrefiscal nombrecomercial empresa ragionesociale ragsoc denominazione nome nomecliente"
    " azienda ditta bedrijf bedrijfsnaam naam klantnaam firmanaam organisatie nomedocliente"
    " razaosocial nomefantasia empresa nazwa nazwafirmy nazwaklienta nazwakontrahenta firmanavn"
    " nazevfirmy nazev foretag foretagsnamn kundnamn namn navn virksomhed virksomhedsnavn"
    " kundenavn bedrift"
    " yritys yrityksennimi asiakkaannimi nimi",
    "parent": "parent parentaccount parentcustomer parentaccountno parentcompany fathercard"
    " headoffice headquarters groupaccount billtocustomer billtocustomerno konzern"
    " muttergesellschaft zentrale hauptkunde maisonmere siege sociedadmatriz capogruppo"
    " headofficeac nadrizenafirma hovedkunde hoofdklant koncernkundnr koncernkund"
    " konsolidierendergp"
    " ubergeordneterdebitor centraledachat centrale"
    " tierspayeur codecentrale"
    " moederbedrijf hoofdkantoor matriz",
    "active": _ACTIVE,
    "inactive": _INACTIVE,
    "email": _EMAIL + " generalemail companyemail emailcompany invoiceemail billingemail",
    "phone": _PHONE + " companyphone",
    "fax": _FAX,
    "website": "website websiteurl web webaddress webpage url urladdress homepage internet"
    " internetadresse webseite siteinternet siteweb paginaweb sitioweb sitoweb sitointernet"
    " websitelink intrntsite hemsida webbplats webbsida hjemmeside stronawww stronainternetowa"
    " kotisivu www",
    "address1": _STREET + " billingaddress billingaddress1 billingaddressline1 billaddress1"
    " billaddress billtoaddress billtoaddress1 billtoaddressline1 billingstreet billaddr1 badd1"
    " rechnungsadresse rechnungsstrasse adressefacturation poaddressline1 invoiceaddress"
    " invoiceaddress1 factuuradres direccionfacturacion indirizzofatturazione",
    "address2": _STREET2 + " billingaddress2 billingaddressline2 billaddress2 billtoaddress2"
    " billtoaddressline2 billingstreet2 invoiceaddress2 poaddressline2",
    "city": _CITY + " billingcity billcity billtocity pocity rechnungsort villefacturation"
    " invoicecity",
    "state": _STATE + " billingstate billingstateprovince billstate billtostate poregion",
    "province": _PROVINCE + " billingprovince",
    "postal_code": _ZIP + " billingzip billingzipcode billingpostalcode billingpostcode billzip"
    " billtozip billtozipcode billtopostcode popostalcode rechnungsplz invoicepostcode",
    "place": _PLACE,
    "country": _COUNTRY + " billingcountry billcountry billtocountry pocountry invoicecountry",
    "customer_type": "customertype group custtype ctype type category customercategory"
    " customerclass"
    " custclass customergroup custgroup classification industry sector kundengruppe kundentyp"
    " branche typeclient categorieclient famille tipocliente categoria settore klantgroep"
    " branchekode grupaklienta kundgrupp kundegruppe",
    "customer_since": "customersince datecreated createdon created createdat createddate"
    " creationdate createdate dateestablished estdate dateopened opened startdate kundeseit"
    " angelegtam"
    " anlagedatum erstelltam clientdepuis datecreation clientedesde fechaalta fechacreacion"
    " datacreazione clientedal klantsinds aanmaakdatum clientesince datacadastro datautworzenia"
    " skapad oprettet opprettet clientsince",
    "product_lines": "productlines productline products produktlinien produktgruppen sortiment"
    " lignesproduits gammes lineasdeproductos lineeprodotti",
    "currency": "currency currencycode curr curncycode waehrung wahrung wahrungscode wkz devise"
    " monnaie codedevise moneda divisa valuta valutacode moeda waluta",
    "terms": "terms termscode paymentterms paymenttermscode paymentterm zahlungsbedingung"
    " zahlungsbedingungen zahlungsziel conditionspaiement conditionsdepaiement modereglement"
    " condicionespago formadepago condizionidipagamento pagamento betalingsconditie"
    " betalingstermijn condicoesdepagamento terminplatnosci betalningsvillkor betalningsvillkorskod"
    " betalingsbetingelser",
    "sales_rep_name": "salesrep salesperson salespersoncode salespersonname"
    " salesrepresentative salesrepname repname rep repcode slprsnid salesmanager salesman"
    " salesemployee slpname accountmanager accountowner owner assignedto vertreter verkaufer"
    " verkaeufer vertrieb vertriebsmitarbeiter aussendienst kundenbetreuer betreuer"
    " sachbearbeiter commercial representant vendeur vendedor comercial agente venditore"
    " vertegenwoordiger verkoper handlowiec opiekun saljare saljarkod saljarenamn saelger"
    " selger",
    "sales_rep_email": "salesrepemail repemail salespersonemail vertreteremail owneremail"
    " accountmanageremail emailcommercial",
    "notes": _NOTES,
}

CONTACT = {
    "account": _ACCOUNT,
    "division": _DIVISION,
    "own_id": "contactid contactno contactnumber contactcode contactkey personid personno"
    " cntctcode internalcode kontaktid kontaktnr kontaktnummer ansprechpartnernr"
    " ansprechpartnerid idcontact codecontact idcontacto codigocontacto idcontatto contactpersoonid"
    " idkontaktu kontaktpersonnr peronid " + _OWN_ID,
    "is_company": "isacompany isteinunternehmen estunesociete esunacompania iscompany"
    " companytype istfirma istunternehmen estsociete"
    " esunaempresa eunazienda eazienda iseenbedrijf isbedrijf eempresa eumaempresa jestfirma"
    " arforetag ervirksomhed",
    "full_name": "contact contactname contactperson contactfullname fullname cntcprsn attention"
    " attn attentionto poattentionto nameofcontact maincontact primarycontact primarycontactname"
    " buyer personname attname ansprechpartner ansprechpartnername ansprechperson kontakt"
    " kontaktperson kontaktname zuhanden zhd interlocuteur nomducontact nomcontact nomcomplet"
    " contacto contactonombre personadecontacto nombrecontacto nombrecompleto contatto referente"
    " nomereferente nomecompleto personadiriferimento contactpersoon naamcontactpersoon tav"
    " contato pessoadecontato pessoadecontacto nomedocontato kontaktniosoba osobakontaktowa"
    " imieinazwisko kontaktnamn kontaktpersonnavn yhteyshenkilo person cont1",
    "salutation": "salutation title prefix namemrmrs courtesytitle anrede civilite titre"
    " tratamiento tratamento titolo aanhef zwrot tilltal tiltale",
    "first_name": "firstname first fname givenname forename contactfirstname vorname prenom"
    " nombredepila nombrepila primernombre nome1 voornaam primeironome jmeno krestni imie"
    " fornamn fornavn"
    " etunimi",
    "middle_name": "middlename middle mi middleinitial midinit mname zweitername deuxiemeprenom"
    " segundonombre secondonome tussenvoegsel nomedomeio drugieimie mellannamn mellemnavn",
    "last_name": "lastname last lname surname familyname contactlastname nachname familienname"
    " zuname nomdefamille nomcontact2 apellido apellidos apellidopaterno apellido1"
    " primerapellido cognome achternaam"
    " familienaam apelido sobrenome ultimonome prijmeni nazwisko efternamn efternavn etternavn"
    " sukunimi",
    "organization": "organization organisation employer company companyname relatedcompany"
    " powiazanafirma zugehorigesunternehmen zugehorigefirma societeassociee societeliee"
    " empresarelacionada aziendacollegata gerelateerdbedrijf empresaassociada relateratforetag"
    " relaterertvirksomhed",
    "job_title": "jobtitle jobposition position positiontitle role function"
    " contacttitle contactrole contactposition funktion stellung fonction"
    " poste cargo puesto ruolo mansione qualifica functie funcao"
    " funkce pozice stanowisko befattning titel stilling asema tehtava",
    "email": _EMAIL + " contactemail contactemailaddress emailcontact emailansprechpartner"
    " emailkontakt ansprechpartneremail emailcontacto emailreferente emailcontactpersoon"
    " personalemail userid2",
    "phone": _PHONE + " directphone contactphone contactphoneno phone2tel durchwahl"
    " telefondurchwahl lignedirecte telefonodirecto interno doorkiesnummer telefonedireto",
    "alternate_phone": "phone2 alternatephone alternatephoneno altphone otherphone tel2 telephone2"
    " telephoneno2 telefon2 secondphone secondaryphone homephone telefono2 telefoon2 telefone2",
    "sms_number": "mobile mobile1 mobilephone mobilephoneno mobileno mobilenumber mobilenum"
    " cell cellno cellphone cellphoneno cellular cellolar handy handynr handynummer"
    " mobiltelefon mobiltelefonnr mobiltelefonnummer mobilfunk mobilnummer mobilnr mobil"
    " portable telephoneportable telmobile telephonemobile numeroportable gsm movil"
    " telefonomovil celular cellulare mobiel mobielnummer telemovel telefonkomorkowy komorka"
    " mobilnum matkapuhelin sms smsnumber",
    "fax": _FAX,
    "address1": _STREET,
    "address2": _STREET2,
    "city": _CITY,
    "state": _STATE,
    "province": _PROVINCE,
    "postal_code": _ZIP,
    "place": _PLACE,
    "country": _COUNTRY,
    "birth_date": "birthdate birthday dateofbirth dob geburtsdatum geburtstag gebdatum"
    " datedenaissance datenaissance fechadenacimiento fechanacimiento datadinascita"
    " geboortedatum datadenascimento nascimento dataurodzenia fodelsedatum fodselsdato"
    " syntymaaika",
    "alt_customer_id": "altcustomerid alternatecustomerid oldcustomerid altid oldaccount"
    " oldaccountno formeraccount legacyid altekundennummer alteKundennr ancienclient".lower(),
    "username": "username webusername websiteusername login loginname loginid userid webuser"
    " webuserid websiteuser portaluser benutzername nomutilisateur identifiant nomdutilisateur"
    " usuario nombredeusuario nomeutente gebruikersnaam nomedeusuario nazwauzytkownika"
    " anvandarnamn brugernavn brukernavn",
    "active": _ACTIVE,
    "inactive": _INACTIVE,
    "notes": _NOTES,
}

INVOICE = {
    "account": _ACCOUNT,
    "division": _DIVISION,
    "number": "invoice invoiceno invoicenumber invoicenum invoiceid invoicenr documentnumber"
    " documentno docnum docno document tranid invno invnum referenceno transactionnumber number no"
    " rechnung rechnungsnummer rechnungsnr rechnr renr belegnummer belegnr beleg belegfeld1 numero"
    " numerofacture numfacture nfacture facture nofacture reffacture npiece numerodefactura"
    " numerofactura nfactura factura numerofattura nfattura fattura numdocumento factuurnummer"
    " factuurnr factuur numerodafatura numerofatura nfatura fatura notafiscal numerodanota"
    " numerfaktury nrfaktury faktura fakturanummer fakturanr fakturanumber laskunumero",
    "issued_on": "date invoicedate documentdate docdate trandate transactiondate billdate issued"
    " issuedate issuedon postingdate datum rechnungsdatum rechdatum redatum belegdatum"
    " buchungsdatum datefacture datedefacture datepiece fechafactura fecha fechaemision"
    " fechadefactura datafattura datadocumento data factuurdatum datafatura datadafatura"
    " dataemissao dataemissaofatura emissao datawystawienia datafaktury fakturadatum fakturadato"
    " dato laskupaiva",
    "due_on": "duedate due dueon docduedate paymentdue faelligkeit falligkeit falligam faelligam"
    " falligkeitsdatum faelligkeitsdatum echeance dateecheance datedecheance vencimiento"
    " fechavencimiento scadenza datascadenza vervaldatum vencimento datavencimento"
    " terminplatnosci2 forfallodatum forfaldsdato forfallsdato erapaiva",
    "amount": "amount total invoiceamount invoicetotal totalamount grandtotal amounttotal"
    " doctotal totalinclvat totalincvat gross grossamount betrag rechnungsbetrag bruttobetrag"
    " belegsumme brutto gesamtbetrag summe umsatz umsatzbrutto montant montantttc totalttc"
    " montanttotal importe importetotal totalfactura importo totale totaledocumento"
    " importototale bedrag totaalbedrag bedragincl bedraginclbtw totaal valor valortotal"
    " valordafatura kwota kwotabrutto wartoscbrutto belopp totalbelopp belob beloeb belop"
    " summa",
    "open_amount": "amountremaining openamount amountdue outstanding outstandingamount balance"
    " balancedue open remaining remainingamount openbalance restbetrag offen offenerbetrag"
    " offenerposten solde soldedu resteapayer saldo saldopendiente pendiente importependiente"
    " residuo saldoaperto openstaand openstaandbedrag saldoemaberto emaberto dozaplaty"
    " restbelopp restbelob",
    "status": "status state paymentstatus invoicestatus zahlungsstatus statut etat estado stato"
    " situacao stan",
}

# Fields that show that a list is of people.
PEOPLE = frozenset({"full_name", "first_name", "last_name"})
# Heads that are a person's name in a list of people, and a customer's in a list of customers.
PLAIN_NAME_WORDS = "name nom nombre naam nome nazwa namn navn nimi displayname"
PLAIN_NAME = frozenset(PLAIN_NAME_WORDS.split())

# Heads that say whether a record is active where the cells are such words.
STATUS_WORDS = (
    "estatus status state statuscode statecode statut etat estado stato situacao stan tila"
)
STATUS = frozenset(STATUS_WORDS.split())

# Heads that are a form of address in one file and a position in another.
TITLE = frozenset({"title", "titel", "titre", "titolo", "titulo", "contacttitle"})
