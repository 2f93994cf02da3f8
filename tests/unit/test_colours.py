"""Colours stand far enough apart in both schemes: by the tokens, which are the only colours of our styles."""

import re

import pytest
from axe import contrast
from conftest import ROOT

STYLES = ROOT / "overrides/assets/stylesheets"
WORDS = ("ink", "quiet", "accent", "accent-dark", "danger")
GROUNDS = ("paper", "tint", "amber")
EDGES = ("edge", "amber-edge", "accent", "danger")  # of what one presses, fills in or must not miss


def tokens(scheme: str) -> dict[str, tuple]:
    """``{name: (red, green, blue)}``; dark takes over what it does not say."""
    text = (STYLES / "tokens.css").read_text(encoding="utf-8")
    light, dark = (re.search(rf"{start}\s*{{(.*?)}}", text, re.S)[1] for start in (":root", r'\[[^]]*"slate"\]'))
    found = re.findall(r"--([\w-]+): #([0-9a-f]{6});", light + (dark if scheme == "dark" else ""))
    return {name: tuple(bytes.fromhex(colour)) for name, colour in found}


def test_the_measure_is_that_of_wcag():
    assert contrast((0, 0, 0), (255, 255, 255)) == 21 and contrast((7, 7, 7), (7, 7, 7)) == 1
    assert contrast((0x77,) * 3, (255,) * 3) < 4.5 < contrast((0x76,) * 3, (255,) * 3), "the pair that everybody quotes"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_are_read_and_edges_seen_on_every_ground(scheme):
    colour = tokens(scheme)
    pairs = [(word, ground, 4.5) for word in WORDS for ground in GROUNDS] + [("paper", "accent", 4.5)]
    pairs += [(edge, ground, 3) for edge in EDGES for ground in GROUNDS]
    assert [(a, b) for a, b, least in pairs if contrast(colour[a], colour[b]) < least] == []


def own_colours(text: str) -> list[str]:
    """Declarations for the screen that name a colour themselves."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"@media print \{.*?\n\}", "", text, flags=re.S)
    return re.findall(r"[^{};]*:[^{};]*(?:#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\()[^{};]*", text)


def test_styles_for_the_screen_take_every_colour_from_the_tokens():
    assert own_colours("a{color:#777;b:c}@media print {\n a {color: #000}\n}") == ["color:#777"]
    for file in STYLES.glob("*.css"):
        own = [one for one in own_colours(file.read_text(encoding="utf-8")) if one.strip() != "background: #fff"]
        assert file.name == "tokens.css" or own == [], file  # white is the ground of pictures of paper
