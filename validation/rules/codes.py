"""Every code that a check can report: what it means, how it is found, what staff can do."""

from dataclasses import dataclass

from validation.rules.found import Severity

RULESET = 4


@dataclass(frozen=True)
class Code:
    """One code, in words for people."""

    code: str
    severity: Severity
    meaning: str
    how: str
    remedy: str


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

_ALL = (
    Code(
        "missing", _ERROR, "The contact has no address.",
        "The field is empty or holds only blanks. Notes and phone fields are searched for one.",
        "Accept the address found, type one, or ask the sales rep or the customer.",
    ),
    Code(
        "placeholder", _ERROR, "Something was typed only because the field could not stay blank.",
        "Words such as n/a or keine, made-up addresses such as none@none.com, or one address at "
        "many customers under names that do not fit it.",
        "Clear the field, type an address, or ask.",
    ),
    Code(
        "syntax", _ERROR, "The value is no email address.",
        "The rules of mail addresses (RFC 5321, IDNA); common slips are put right.",
        "Accept the repaired address, correct by hand, or ask.",
    ),
    Code(
        "multiple_addresses", _ERROR, "The field holds more than one address.",
        "Each address in the field is read; the contact's own one comes first.",
        "Accept the contact's own address and add the others as contacts.",
    ),
    Code(
        "wrapper_text", _ERROR, "A right address stands inside other text.",
        "Names, brackets, mailto: and remarks around the address are left out.",
        "Accept the address without the text.",
    ),
    Code(
        "whitespace", _WARNING, "Blanks or invisible characters stand around or in the address.",
        "Blanks, tabs, no-break spaces and zero-width characters.",
        "Accept the address without them.",
    ),
    Code(
        "domain_typo_wellknown", _ERROR, "A large mail provider was mistyped.",
        "One slip away from a mail provider, or from a domain that many customers here use; never "
        "when colleagues are at the typed domain. DNS says whether that takes mail.",
        "Accept the provider, or keep the address when it is right.",
    ),
    Code(
        "domain_typo_company", _ERROR, "The customer's own domain was mistyped.",
        "One slip away from the domain of colleagues, of the website, of the group or of the "
        "firm's name; DNS and the number of colleagues say which of the two is right.",
        "Accept the customer's domain, or keep the address when it is right.",
    ),
    Code(
        "wrong_tld", _ERROR, "Only the ending of the domain is wrong.",
        "An ending that does not exist, or another one than colleagues and website have.",
        "Accept the right ending, or keep the address when it is right.",
    ),
    Code(
        "dead_domain", _ERROR, "The domain takes no mail.",
        "DNS: the domain does not exist, has no server, or its mail server does not exist.",
        "Correct by hand, or ask for the new address.",
    ),
    Code(
        "null_mx", _ERROR, "The domain says that it takes no mail.",
        'DNS: the one mail server is "." (RFC 7505).',
        "Correct by hand, or ask for another address.",
    ),
    Code(
        "no_mx_but_a", _WARNING, "The domain has a server but none for mail.",
        "DNS: no MX record, only an address. Mail may arrive; parked domains look like this.",
        "Keep it when mail is known to arrive, else ask.",
    ),
    Code(
        "dns_dead", _WARNING, "The domain's name servers have not answered for a week.",
        "DNS: failures at five tries or more over seven days.",
        "Ask for another address, or wait.",
    ),
    Code(
        "disposable", _WARNING, "The address is made to be thrown away.",
        "The domain is on a public list of disposable mail.",
        "Ask for a lasting address, or keep it.",
    ),
    Code(
        "freemail", _INFO, "The address is at a provider anybody can use.",
        "The domain is on a list of mailbox and access providers.",
        "Nothing: it only informs.",
    ),
    Code(
        "role", _INFO, "The address is a desk's, not a person's.",
        "The local part is a job or department, in several languages.",
        "Nothing: it only informs.",
    ),
    Code(
        "duplicate_same_customer", _WARNING, "Another contact of the customer has the address.",
        "The second and later contacts of one customer with the same address.",
        "Merge the contacts, or correct one of them.",
    ),
    Code(
        "duplicate_other_customer", _WARNING, "A contact of an unrelated customer has the address.",
        "The same address at customers that do not belong to one group, are not one firm by name "
        "and place, and do not both have more people, their website or their name at its domain.",
        "Keep it when one person serves both, else correct.",
    ),
    Code(
        "name_misspelled", _WARNING, "Name and address are one person's, and one is misspelt.",
        "One slip between name and address; lists of names, colleagues, others in the base and the "
        "look of the letters say which is right.",
        "Accept the right spelling.",
    ),
    Code(
        "name_email_mismatch", _WARNING, "The address seems to be another person's.",
        "The address holds another person's name and nothing of this one's, be it as initials, "
        "short form or former name; how colleagues' addresses are made counts, and which words "
        "are names of others in the base.",
        "Correct by hand, keep it when it is right, or ask.",
    ),
    Code(
        "internal_address", _ERROR, "The address is one of our own.",
        "The domain is one of the company's, or the address is the sales rep's.",
        "Ask for the customer's address.",
    ),
    Code(
        "obsolete_person", _ERROR, "The person has left.",
        "The name, the job title or the notes say so, in some thirty languages; not when they "
        "speak of somebody else.",
        "Mark as left, or keep.",
    ),
    Code(
        "homoglyph", _ERROR, "The address mixes letters that only look alike.",
        "Letters of two alphabets in one word, such as a Cyrillic one among Latin ones.",
        "Accept the address in plain letters.",
    ),
    Code(
        "needs_smtputf8", _WARNING, "The part before the @ has letters many servers refuse.",
        "Letters beyond ASCII before the @ (RFC 6531).",
        "Ask for a plain address, or keep it.",
    ),
    Code(
        "bounced", _ERROR, "Mail to the address came back.",
        "The mail provider reported a permanent failure.",
        "Correct by hand, or ask for a new address.",
    ),
    Code(
        "complained", _ERROR, "The reader reported our mail as spam.",
        "The mail provider reported a complaint.",
        "Do not mail this address; ask by phone.",
    ),
)  # fmt: skip

CODES = {code.code: code for code in _ALL}
"""Every code, in the order in which the pages list them."""


def severity_of(code: str) -> Severity:
    """This will give how much a code matters unless its rule says otherwise."""
    return CODES[code].severity
