"""How Chinese text sounds, a syllable a character, without tones."""

from __future__ import annotations

from functools import cache

from pypinyin import Style
from pypinyin.converter import DefaultConverter
from pypinyin.seg.simpleseg import seg

_CONVERTER = DefaultConverter()


@cache  # pages say few words, many times each
def _readings(word: str, every: bool = False) -> list[list[str]]:
    return _CONVERTER.convert(word, Style.NORMAL, heteronym=every, errors="default", strict=True)


def syllables(text: str) -> list[str]:
    """The syllables of a text; what stands between Han characters is one piece, as it is."""
    return [reading[0] for word in seg(text) for reading in _readings(word)]


def sounds(char: str) -> list[str]:
    """Every sound that a character may have."""
    return _readings(char, True)[0]
