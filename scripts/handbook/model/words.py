"""The program's own words in both languages, from ``docs/data/words.yml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from . import yamlfile

FILE = Path(__file__).parents[3] / "docs/data/words.yml"


@cache
def _all() -> dict[str, dict[str, dict]]:
    """Raises SystemExit with every problem, one a line: without its words the program cannot speak."""
    data, _, problems = yamlfile.read(FILE, "docs/data/words.yml")
    if problems:
        raise SystemExit("\n".join(map(str, problems)))
    return data


def by_language(part: str) -> dict[str, dict]:
    """The words of one part: ``{language: {key: words}}``."""
    return {lang: {key: both[lang] for key, both in _all()[part].items()} for lang in ("zh", "en")}


def pairs(part: str) -> dict[str, tuple[str, str]]:
    """The words of one part: ``{key: (Chinese, English)}``."""
    return {key: (both["zh"], both["en"]) for key, both in _all()[part].items()}
