"""Whose mail service a domain uses, told by the name of its mail host."""

from collections.abc import Sequence

# The longest ending that fits wins.
_ENDINGS = {
    "gmail-smtp-in.l.google.com": "Gmail",
    "google.com": "Google Workspace",
    "googlemail.com": "Google Workspace",
    "smtp.goog": "Google Workspace",
    "olc.protection.outlook.com": "Outlook.com",
    "mail.protection.outlook.com": "Microsoft 365",
    "mx.microsoft": "Microsoft 365",
    "yahoodns.net": "Yahoo",
    "mail.icloud.com": "iCloud",
    "pphosted.com": "Proofpoint",
    "ppe-hosted.com": "Proofpoint",
    "mimecast.com": "Mimecast",
    "mimecast-offshore.com": "Mimecast",
    "barracudanetworks.com": "Barracuda",
    "messagelabs.com": "Symantec Email Security",
    "iphmx.com": "Cisco Secure Email",
    "trendmicro.com": "Trend Micro",
    "trendmicro.eu": "Trend Micro",
    "hornetsecurity.com": "Hornetsecurity",
    "antispameurope.com": "Hornetsecurity",
    "zoho.com": "Zoho Mail",
    "zoho.eu": "Zoho Mail",
    "messagingengine.com": "Fastmail",
    "protonmail.ch": "Proton Mail",
    "secureserver.net": "GoDaddy",
    "kundenserver.de": "IONOS",
    "ionos.com": "IONOS",
    "1and1.com": "IONOS",
    "ovh.net": "OVHcloud",
    "gandi.net": "Gandi",
    "emailsrvr.com": "Rackspace",
    "amazonaws.com": "Amazon WorkMail",
    "mx.cloudflare.net": "Cloudflare Email Routing",
    "gmx.net": "GMX",
    "web.de": "WEB.DE",
    "yandex.net": "Yandex",
    "qq.com": "Tencent",
}


def provider_of(hosts: Sequence[str]) -> str:
    """This will name the provider behind the first mail host that is a known one's, or nothing."""
    for host in hosts:
        labels = host.split(".")
        for start in range(len(labels)):
            if name := _ENDINGS.get(".".join(labels[start:])):
                return name
    return ""
