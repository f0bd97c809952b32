"""Letters of other alphabets that pass for Latin ones."""

_TWINS = str.maketrans(
    "аеорсухіјѕԁһӏкмтвнАВЕКМНОРСТХІЈЅαορνικτυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhlkmtbhABEKMHOPCTXIJSaopviktuABEZHIKMNOPTYX",
)


def latin_twin(address: str) -> str:
    """This will give an address in Latin letters if others among them only look so, or nothing.

    An address wholly in another alphabet is left alone: it may be meant.
    """
    if address.isascii() or not any(sign.isascii() and sign.isalpha() for sign in address):
        return ""
    twin = address.translate(_TWINS)
    changed = any(_is_mixed(part) for part in address.replace("@", ".").split("."))
    return twin if changed and twin != address and twin.isascii() else ""


def _is_mixed(part: str) -> bool:
    has_twin = any(sign.translate(_TWINS) != sign for sign in part)
    plain = [sign for sign in part if sign.isascii() and sign.isalpha()]
    return has_twin and (bool(plain) or all(sign.translate(_TWINS).isascii() for sign in part))
