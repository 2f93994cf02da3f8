"""Small helpers for text: escaping, sentences, counting in Chinese and English."""

from __future__ import annotations

import html
import re
import unicodedata

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
WORD = re.compile(r"[A-Za-z0-9¥$%][A-Za-z0-9¥$%,.:'’\-–/]*")


def escape(text: str) -> str:
    """Text to HTML text or attribute value; nothing in it can act as markup."""
    return html.escape(str(text), quote=True)


def escape_inline(text: str) -> str:
    """Text to inline Markdown that shows exactly the text: HTML and Markdown signs lose their meaning."""
    return re.sub(r"[\\`*_{}\[\]]", lambda m: f"&#{ord(m[0])};", html.escape(str(text), quote=False).replace("\n", " "))


def length(text: str, lang: str) -> int:
    """Length as a reader feels it: Han characters in zh (a run of Latin or digits is one), words in en."""
    if lang == "zh":
        return len(HAN.findall(text)) + len(re.findall(r"[A-Za-z0-9][A-Za-z0-9,.%:/-]*", text))
    return len(WORD.findall(text))


def width(text: str) -> float:
    """Width on a line in ems: a Han character or full-width mark is 1, another sign about 0.55."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.55 for c in text)


def sentences(text: str, lang: str) -> list[str]:
    """Split prose into sentences; quotation marks and brackets stay with their sentence."""
    if lang == "zh":
        parts = re.split(r"(?<=[。？！])(?![”）])|(?<=[。？！][”）])", text)
    else:
        text = re.sub(r"\b(e\.g|i\.e|Dr|Mr|Ms|No|art|arts|approx)\.\s", lambda m: m[0].replace(". ", ".\u00a0"), text)
        parts = re.split(r"(?<=[.?!])[\"”’)]* +(?=[\"“(¥A-Z0-9])", text)
    return [part.strip() for part in parts if part.strip()]


def measured(figure: str) -> str:
    """Where a page shows a figure that only the finished site has: ``first-visit`` or ``archive``, set by `ship.finish`."""
    return f'<data class="measured" value="{figure}"></data>'
