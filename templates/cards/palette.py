"""The tones of a look: mixed from its two colours so that white stays legible on every one of them.

Knows colours only; what is drawn in which tone is decided where it is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from templates.cards.looks import Look

Rgb = tuple[int, int, int]
WHITE: Rgb = (255, 255, 255)
BLACK: Rgb = (0, 0, 0)
# WCAG 2.2 §1.4.3: 4.5 for running text, 3 for large text; a little more, since LED walls wash out.
TEXT_CONTRAST, LARGE_CONTRAST = 4.6, 3.2


@dataclass(frozen=True, slots=True)
class Palette:
    """Tones as "#rrggbb".

    Attributes:
        top, low: the sky, from the upper edge to the horizon.
        far, mid, near, deep: scenery, from the horizon to the viewer; deep is darkest.
        glow: the one bright shape of a motif; only large text may cross it.
        gleam: thin lines of light in the scenery.
        accent, soft, white: text.
    """

    top: str
    low: str
    far: str
    mid: str
    near: str
    deep: str
    glow: str
    gleam: str
    accent: str
    soft: str
    white: str


def palette_of(look: Look) -> Palette:
    """The tones of a look; a ground too light for white text is deepened first."""
    accent = parse_colour(look.accent)
    ground = _until(parse_colour(look.colour), BLACK, lambda tone: contrast(tone, WHITE) >= 2 * LARGE_CONTRAST)
    scenery = {
        "top": mix(ground, BLACK, 20),
        "low": _lit(ground, accent, 22, TEXT_CONTRAST),
        "far": _lit(ground, accent, 11, TEXT_CONTRAST),
        "mid": mix(ground, BLACK, 12),
        "near": mix(ground, BLACK, 30),
        "deep": mix(ground, BLACK, 48),
    }
    tones = scenery | {
        "glow": _lit(ground, accent, 62, LARGE_CONTRAST),
        "gleam": _lit(ground, accent, 48, LARGE_CONTRAST),
        "accent": _until(accent, WHITE, lambda tone: _stands_out(tone, scenery.values())),
        "soft": _until(mix(WHITE, ground, 16), WHITE, lambda tone: _stands_out(tone, scenery.values())),
        "white": WHITE,
    }
    return Palette(**{name: dump_colour(tone) for name, tone in tones.items()})


def parse_colour(code: str) -> Rgb:
    """Three bytes from "#rrggbb".

    Raises:
        ValueError: of another form.
    """
    red, green, blue = bytes.fromhex(code.removeprefix("#"))
    return red, green, blue


def dump_colour(tone: Rgb) -> str:
    """Three bytes as "#rrggbb"; the inverse of parse_colour."""
    return f"#{bytes(tone).hex()}"


def mix(first: Rgb, second: Rgb, percent: int) -> Rgb:
    """`percent` of the second colour in the first."""
    red, green, blue = ((a * (100 - percent) + b * percent + 50) // 100 for a, b in zip(first, second, strict=True))
    return red, green, blue


def contrast(first: Rgb, second: Rgb) -> float:
    """Contrast ratio by WCAG 2.2, 1 to 21."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def luminance(tone: Rgb) -> float:
    """Relative luminance by WCAG 2.2, 0 to 1."""
    knee = 0.04045
    linear = [part / 12.92 if part <= knee else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in tone)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _stands_out(tone: Rgb, scenery: Iterable[Rgb]) -> bool:
    return all(contrast(tone, ground) >= TEXT_CONTRAST for ground in scenery)


def _lit(ground: Rgb, accent: Rgb, percent: int, floor: float) -> Rgb:
    """At most `percent` of accent in the ground, less where white would drown in it."""
    shares = (mix(ground, accent, share) for share in range(percent, 0, -1))
    return next((tone for tone in shares if contrast(tone, WHITE) >= floor), ground)


def _until(tone: Rgb, towards: Rgb, good: Callable[[Rgb], bool]) -> Rgb:
    """The first mixture on the way to another colour that is good; that colour when none is."""
    return next((mixed for mixed in _way(tone, towards) if good(mixed)), towards)


def _way(start: Rgb, end: Rgb) -> Iterator[Rgb]:
    return (mix(start, end, percent) for percent in range(101))
