"""Contrast of colours as WCAG 2.2 defines it, and the shades a brand colour brings with it.

Colours are text: "#rrggbb". Formulas: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
"""

from dataclasses import dataclass

READABLE = 4.5
WHITE = "#ffffff"
PAGE = "#f8f7f5"
INK = "#10122b"
DARK_CARD = "#242428"
STEPS = 20
LINEAR_BELOW = 0.04045


@dataclass(frozen=True)
class Shades:
    """The accent of both themes; each pair is (on light ground, on dark ground)."""

    accent: tuple[str, str]
    accent_hover: tuple[str, str]
    accent_weak: tuple[str, str]
    accent_soft: tuple[str, str]
    on_accent: tuple[str, str]


def luminance(colour: str) -> float:
    """This will give the relative luminance, 0 for black and 1 for white."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """This will give the contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """This will blend `share` (0 to 1) of `other` into `colour`."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def is_readable(colour: str) -> bool:
    """This will say whether a brand colour carries white text and can itself be text."""
    grounds = (WHITE, PAGE, _tint(colour))
    return min(contrast(colour, ground) for ground in grounds) >= READABLE


def shades_of(brand: str) -> Shades:
    """This will derive the tints of a readable brand colour, and its twin for dark pages."""
    light = brand.lower()
    dark = _lighten_until_readable(light)
    return Shades(
        accent=(light, dark),
        accent_hover=(mix(light, "#000000", 0.2), mix(dark, WHITE, 0.25)),
        accent_weak=(_tint(light), mix(light, DARK_CARD, 0.8)),
        accent_soft=(mix(light, WHITE, 0.72), mix(light, DARK_CARD, 0.45)),
        on_accent=(WHITE, INK),
    )


def _tint(colour: str) -> str:
    return mix(colour, WHITE, 0.92)


def _lighten_until_readable(colour: str) -> str:
    for step in range(STEPS + 1):
        lighter = mix(colour, WHITE, step / STEPS)
        if min(contrast(lighter, ground) for ground in (DARK_CARD, INK)) >= READABLE + 1:
            return lighter
    return WHITE


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(part: float) -> float:
    return part / 12.92 if part <= LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4
