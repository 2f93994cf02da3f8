"""Lines to say: who reads the English page speaks to Chinese staff, so each English line has its Chinese one under it."""

from __future__ import annotations

from ..model.page import HEADING, Page, plain
from ..model.place import Place
from ..model.problem import Problem
from ..model.text import escape

OTHERS = ("do-not-say", "they-may-say")


def problems(book) -> list[Problem]:
    """SAY-1: a section has more lines to say in one language than in the other, so that they cannot be paired."""
    found = []
    for path, en in book.pages["en"].items():
        zh = book.pages["zh"].get(path)
        for section, lines in _lines(en).items():
            there = len(_lines(zh).get(section, [])) if zh else len(lines)
            if there != len(lines):
                text = f"{len(lines)} lines to say under {section!r}, {there} in Chinese: write each line in both languages"
                found.append(en.problem(lines[0][0], "SAY-1", text))
    return found


def _lines(page: Page) -> dict[str, list[tuple[int, str]]]:
    """(line, text) of the quotes of each section."""
    out: dict[str, list[tuple[int, str]]] = {}
    for block in page.blocks:
        if block.kind == "quote" and block.section not in OTHERS:
            out.setdefault(block.section, []).append((block.line, plain(block.text)))
    return out


def dress(place: Place, text: str) -> str:
    """The Chinese line, taken from the twin page, under each English line to say."""
    page, twin = place.page, place.book.pages["zh"].get(place.page.path)
    if page.lang == "zh" or twin is None:
        return text
    chinese = {section: [words for _, words in lines] for section, lines in _lines(twin).items()}
    out, section = [], ""
    for line in text.split("\n"):
        out.append(line)
        if (head := HEADING.match(line)) and len(head[1]) == 2:
            section = head[3] or ""
        elif line.lstrip().startswith(">") and line.strip("> ") and chinese.get(section):
            before = line[: line.index(">") + 1]
            words = escape(chinese[section].pop(0))
            out.append(f'{before} <span class="chinese" lang="zh-Hans">{words}</span>')
    return "\n".join(out)
