"""Every pair of text and ground in the palette is readable (WCAG AA), light and dark."""

import re
from pathlib import Path

import pytest

from keito_books import web

TOKENS = (Path(web.__file__).parent / "static/keito/css/tokens.css").read_text(encoding="utf-8")
PAIR = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")
COLOURS = {name: (light, dark) for name, light, dark in PAIR.findall(TOKENS)}

TEXT = [
    (text, ground)
    for text in ("text", "text-quiet", "text-faint", "accent-text")
    for ground in ("ground", "surface", "surface-quiet", "accent-soft")
    if (text, ground) != ("text-faint", "accent-soft")
] + [
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-accent", "bad-fill"),
    ("good-text", "good-soft"),
    ("warn-text", "warn-soft"),
    ("bad-text", "bad-soft"),
    ("bad-text", "surface"),
]
SHAPES = [("control-border", "surface"), ("control-border", "ground"), ("focus", "surface"), ("focus", "ground")]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out_from_its_ground(text: str, ground: str, theme: int) -> None:
    assert contrast(COLOURS[text][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_the_edge_of_a_control_stands_out_from_its_ground(shape: str, ground: str, theme: int) -> None:
    assert contrast(COLOURS[shape][theme], COLOURS[ground][theme]) >= 3


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
