"""Pages hold no inline script and no inline style, and never trust what somebody typed."""

import re

RULES = {
    "inline script": r"<script(?![^>]*\ssrc=)[^>]*>",
    "inline handler": r"<[^>]*\son[a-z]+\s*=",
    "inline style": r"<[^>]*\sstyle\s*=|<style[\s>]",
    "hx-on": r"\shx-on[:\-=]",
    "address of a script": r"javascript:",
    "unescaped value": r"\|\s*safe\b|\|\s*safeseq\b|\{%\s*autoescape\s+off",
    "other host": r"<(?:script|link|img)[^>]+(?:src|href)=\"(?:https?:)?//",
    "target without rel": r"target=\"_blank\"(?![^>]*rel=)",
}
# What Django fills in is no markup: `{% if one == two %}` sets no handler.
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", flags=re.DOTALL)
OF_MARKUP = {"inline handler", "inline style"}
# The link in the mail is the proof, and a mail program may post without cookies (RFC 8058).
TOKEN_IN_THE_LINK = {
    "templates/delivery/subscribed_again.html",
    "templates/delivery/unsubscribe.html",
    "templates/delivery/unsubscribed.html",
    "templates/delivery/wrong_person.html",
}
# Mail programs read no stylesheet: the mail's own page is written for them.
MAIL = ("templates/emails/", "templates/delivery/mail")


def test_pages_are_strict(templates):
    found = [
        f"{name}: {rule}"
        for name, text in templates.items()
        for rule, pattern in RULES.items()
        if not (name.startswith(MAIL) and rule == "inline style")
        and re.search(
            pattern, TAGS.sub("", text) if rule in OF_MARKUP else text, flags=re.IGNORECASE
        )
    ]
    assert found == []


def test_every_part_that_htmx_fetches_has_an_address_without_it(templates):
    found = [
        f"{name}: {tag}"
        for name, text in templates.items()
        for tag in re.findall(r"<a\s[^>]*hx-(?:get|boost)[^>]*>", text)
        if "href=" not in tag
    ]
    assert found == []


def test_every_form_that_writes_carries_its_token(templates):
    found = [
        name
        for name, text in templates.items()
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, flags=re.DOTALL)
        if "csrf_token" not in form and name not in TOKEN_IN_THE_LINK
    ]
    assert found == []
