"""A page as plain text, 38 full-width columns: to be read aloud, pasted into a message, or opened on a simple phone."""

from __future__ import annotations

import re

from ..model import words
from ..model.lists import SITE, address, archive
from ..model.page import LANGS, Page, plain
from ..model.place import Place
from ..model.registers import EVIDENCE, KINDS, Registers
from ..model.text import width

COLUMNS = 38
NOT_FIRST = "，。、；：？！）”’》…％%,.;:?!)]"
NOT_LAST = "（“‘《([¥"
PIECES = re.compile(r"[^\s\u2e80-\u9fff\uff00-\uffef\u3000-\u303f“”‘’…·—]+| |.")
SAY = words.by_language("plain-text")


def wrap(text: str, indent: str = "", first: str = "") -> list[str]:
    """Lines no wider than `COLUMNS`; no line begins with a closing mark or ends with an opening one.

    first: what the first line begins with, e.g. a box; indent: what the others begin with. Words and numbers
    stay whole unless one is wider than a line.
    """
    pieces: list[str] = []
    for piece in PIECES.findall(re.sub(r"(?<=[，。；：？！）”]) +", "", text)):
        if pieces and piece[0] != " " and (piece[0] in NOT_FIRST or pieces[-1][-1] in NOT_LAST):
            pieces[-1] += piece  # travels with its neighbour
        else:
            pieces.append(piece)
    lines, line, used = [], first, width(first)
    for piece in pieces:
        size = width(piece)
        if used + (size if piece != " " else 0) > COLUMNS and line.strip() and line != first:
            lines.append(line.rstrip())
            line, used, piece = indent, width(indent), piece.lstrip()
            size = width(piece)
        while used + size > COLUMNS:  # one word wider than a line
            cut = max(n for n in range(len(piece)) if used + width(piece[:n]) <= COLUMNS)
            lines.append(line + piece[:cut])
            line, used, piece = indent, width(indent), piece[cut:]
            size = width(piece)
        line, used = line + piece, used + size
    return [*lines, line.rstrip()] if line.strip() else lines


def files(book) -> dict[str, bytes]:
    """Every page as plain text, and those of a language as an archive."""
    out: dict[str, bytes] = {}
    for lang in LANGS:
        texts = {
            address(lang, path.replace("/", "-"), ending="txt"): twin(book, page).encode()
            for path, page in book.pages[lang].items()
        }
        out |= texts | {address(lang, "text", ending="zip"): archive(texts)}
    return out


def twin(book, page: Page) -> str:
    """The page's words in order."""
    say, body, registers, site_url = SAY[page.lang], page.body.split("\n"), book.registers, book.public_url
    out: list[str] = []
    last = ""
    rows: set[int] = set()  # lines of tables that have been told
    parts = sorted(
        [(b.line, n, b) for n, b in enumerate(page.blocks)] + [(m.line, 0, m) for m in page.markers],
        key=lambda p: p[:2],
    )
    for line, _, part in parts:
        kind = getattr(part, "kind", "marker")
        if kind == "cell":
            at = line - page.body_line
            if line in rows:
                continue
            rows.add(line)
            out += [] if last == "cell" else [""]
            last, top = "cell", at
            while body[top - 1].lstrip().startswith("|"):
                top -= 1
            if at > top:
                out += wrap(_row(_cells(body[top]), _cells(body[at]), say), "  ", say["dot"])
            continue
        if kind == "marker":
            said = book.text(Place(book, page), part.text, part.value)
            out += [""]
            for first, words in said or ():
                out += wrap(words, "   " if first else "", first)
            out += _marker(part, page, registers, site_url) if said is None else []
        elif kind == "heading":
            level = next((h.level for h in page.headings if h.line == line), 2)
            words = plain(part.text)
            if level == 2:
                words = f"【{words}】" if page.lang == "zh" else words.upper()
            out += ["", *wrap(words)]
        elif kind == "task":
            out += wrap(plain(part.text), "   ", say["box"])
        elif kind == "item":
            number = re.match(r"\s*(\d+\.)\s", body[line - page.body_line])
            out += wrap(plain(part.text), "  ", f"{number[1]} " if number else say["dot"])
        elif kind == "quote":
            out += wrap(plain(part.text), "  ", "  ")
        else:
            out += ["", *wrap(plain(part.text))]
        if kind in ("task", "item", "quote") and last != kind:
            out.insert(len(out) - _height(out, last, kind), "")
        last = kind
    used = [registers.sources[k] for k in dict.fromkeys(c.value for c in page.cites) if k in registers.sources]
    if used:
        n = 0 if page.lang == "zh" else 1
        out += ["", *wrap(say["sources"])]
        for row in used:
            out += wrap(
                f"{row['short'][page.lang]} ({KINDS[row['kind']][n]}, {EVIDENCE[row['evidence']][n]}, {row['checked_on']})",
                "  ",
                say["dot"],
            )
    out += [
        "",
        *wrap(say["end"].format(SITE[page.lang])),
        *wrap(say["checked"].format(page.meta.get("checked"))),
        *(wrap(site_url + page.url) if site_url else []),
    ]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(out))
    return text.strip("\n") + "\n"


def _cells(line: str) -> list[str]:
    return [plain(cell.strip()) for cell in line.strip().strip("|").split("|")]


def _row(head: list[str], cells: list[str], say: dict) -> str:
    """A row of a table as labels and values; under an empty head the first cell is the label of the row."""
    named = [f"{h}{say['cell']}{c}" if h else c for h, c in zip(head[1:], cells[1:], strict=False) if c]
    first = f"{head[0]}{say['cell']}{cells[0]}"
    return say["cells"].join([first, *named]) if head[0] else cells[0] + say["cell"] + say["cells"].join(named)


def _height(out: list[str], last: str, kind: str) -> int:
    """How many lines at the end of `out` belong to the entry just written: back to the line with its mark."""
    n = 1
    while n < len(out) and out[-n].startswith("  ") and kind != "quote":
        n += 1
    return n if kind != "quote" else next((k for k in range(1, len(out)) if not out[-k].startswith("  ")), 1) - 1


def _marker(marker, page: Page, registers: Registers, site_url: str) -> list[str]:
    say, lang = SAY[page.lang], page.lang
    if marker.text == "picture":
        out = wrap(registers.pictures[marker.value]["title"][lang])
        for n, step in enumerate(registers.pictures[marker.value]["steps"], 1):
            words = step["label"][lang] + (say["cell"] + step["text"][lang] if step.get("text") else "")
            out += wrap(words, "  ", f"{n}. ")
        return out
    if marker.text == "register" and marker.value == "contacts":
        out = []
        for key, row in registers.contacts.items():
            out += [
                "",
                *wrap(f"{registers.numbers[key]} {row['name'][lang]}"),
                *wrap(say["for"] + row["for"][lang], "  ", "  "),
                *wrap(say["not"] + row["not_for"][lang], "  ", "  "),
            ]
        return out
    return wrap(say["web"].format(site_url + page.url))
