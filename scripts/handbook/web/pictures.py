"""Pictures as inline SVG, drawn from ``pictures.yml``, each with the same words as text.

They use one colour of ink and line weight, so they read the same on a black-and-white sheet.
"""

from __future__ import annotations

import re

from ..model import words
from ..model.page import LANGS
from ..model.place import Place
from ..model.problem import Problem
from ..model.registers import Registers
from ..model.text import escape

WIDTH = 400  # close to a phone's width, so that the words keep their size there
SAY = words.by_language("pictures")
ORDINAL = re.compile(r"^\d ")  # of a step


def problems(book) -> list[Problem]:
    """PIC-1: a step of a picture names a page that does not exist; PIC-2: a span off the axis of its picture;
    PIC-3: a number without a source; PIC-4: a page shows a picture and does not cite what it rests on."""
    registers, found = book.registers, []
    for key, picture in registers.pictures.items():
        said = [picture["axis"]["unit"]] if "axis" in picture else []
        said += [step[part] for step in picture.get("steps", []) for part in ("label", "text") if step.get(part)]
        sources = picture.get("sources", [])
        if not sources and any(re.search(r"\d", ORDINAL.sub("", text[lang])) for text in said for lang in LANGS):
            text = f"the picture {key!r} says a number: name the rows of sources.yml that it shows in sources"
            found.append(registers.problem("pictures", key, "PIC-3", text))
        for pages in book.pages.values():
            for page in pages.values():
                shown = [m for m in page.markers if (m.text, m.value) == ("picture", key)]
                lacking = [source for source in sources if source not in {c.value for c in page.cites}]
                if shown and lacking:
                    text = f"the picture {key!r} rests on {', '.join(lacking)}: cite it where the page says the same"
                    found.append(page.problem(shown[0].line, "PIC-4", text))
        marks = picture.get("axis", {}).get("marks", [0])
        for step in picture.get("steps", []):
            if step.get("page") and step["page"] not in book.pages["zh"]:
                text = f"the picture {key!r} leads to {step['page']!r}, which is no page"
                found.append(registers.problem("pictures", key, "PIC-1", text))
            if ("axis" in picture) != ("spans" in step) or any(
                not marks[0] <= start < end <= marks[-1] for start, end in step.get("spans", [])
            ):
                text = f"the step {step['id']!r} of {key!r} needs spans between the first and the last of axis.marks"
                found.append(registers.problem("pictures", key, "PIC-2", text))
    return found


MARKERS = {"picture": lambda book: book.registers.pictures}


def marker(place: Place, name: str, value: str) -> str:
    """One picture as ``<figure>``."""
    picture, lang, href = place.book.registers.pictures[value], place.lang, place.href
    steps = picture["steps"]
    if "axis" in picture:
        body = _bars(steps, picture["axis"], lang)
    elif picture.get("scenes"):
        body = _scenes(steps, lang)
    else:
        body = _road(steps, lang) if any(s.get("side") for s in steps) else _ladder(steps, lang)
    words = []
    for step in steps:
        label = escape(step["label"][lang])
        if step.get("page"):
            label = f'<a href="{escape(href(step["page"]))}">{label}</a>'
        text = f"{'：' if lang == 'zh' else ': '}{escape(step['text'][lang])}" if step.get("text") else ""
        words.append(f"<li>{label}{text}</li>")
    key = f"picture-{picture['id']}"
    title = escape(picture["title"][lang])
    return (
        f'<figure class="picture"><svg viewBox="0 0 {WIDTH} {body[1]}" role="img" aria-labelledby="{key}-title" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{key}-title">{title}</title>{body[0]}</svg>'
        f"<figcaption><details><summary>{SAY[lang]['text']}</summary><ol>{''.join(words)}</ol></details></figcaption></figure>"
    )


def _wrap(text: str, lang: str, units: float) -> list[str]:
    """Lines of at most `units` em; a Han character is 1 em, others about 0.55."""
    pieces = list(text) if lang == "zh" else [word + " " for word in text.split(" ")]
    lines, line, used = [], "", 0.0
    for piece in pieces:
        size = sum(1.0 if ord(c) > 0x2E7F else 0.55 for c in piece)
        if line and used + size > units and piece not in "，。、；：":
            lines.append(line.rstrip())
            line, used = "", 0.0
        line += piece
        used += size
    return [*lines, line.rstrip()]


def _texts(lines: list[str], x: float, y: float, size: int, weight: str = "", anchor: str = "") -> str:
    more = (f' font-weight="{weight}"' if weight else "") + (f' text-anchor="{anchor}"' if anchor else "")
    return "".join(
        f'<text x="{x:g}" y="{y + n * size * 1.45:g}" font-size="{size}"{more}>{escape(line)}</text>'
        for n, line in enumerate(lines)
    )


def _ladder(steps: list[dict], lang: str) -> tuple[str, int]:
    out, y = [], 2
    for n, step in enumerate(steps):
        label = _wrap(step["label"][lang], lang, 23)
        lines = _wrap(step["text"][lang], lang, 25) if step.get("text") else []
        height = 14 + len(label) * 22 + len(lines) * 21
        out.append(f'<rect x="2" y="{y}" width="{WIDTH - 4}" height="{height}" rx="8" class="box"/>')
        out.append(_texts(label, 14, y + 24, 15, "600"))
        out.append(_texts(lines, 14, y + 24 + len(label) * 22, 14))
        y += height
        if n < len(steps) - 1:
            out.append(f'<path d="M{WIDTH / 2:g} {y + 2}v13m-5 -5l5 6l5 -6" class="line"/>')
            y += 19
    return "".join(out), y + 2


def _scenes(steps: list[dict], lang: str) -> tuple[str, int]:
    """Numbered boxes, two in a row."""
    width, out, y = (WIDTH - 14) / 2, [], 2
    for first in range(0, len(steps), 2):
        row = [(_wrap(s["label"][lang], lang, 10), _wrap(s["text"][lang], lang, 12)) for s in steps[first : first + 2]]
        height = max(20 + 22 * len(label) + 20 * len(text) for label, text in row)
        for n, (label, text) in enumerate(row):
            x = 2 + n * (width + 10)
            out.append(f'<rect x="{x:g}" y="{y}" width="{width:g}" height="{height}" rx="8" class="box"/>')
            out.append(f'<circle cx="{x + 17:g}" cy="{y + 19}" r="10" class="box"/>')
            out.append(_texts([str(first + n + 1)], x + 17, y + 24, 13, "600", "middle"))
            out.append(_texts(label, x + 34, y + 24, 15, "600"))
            out.append(_texts(text, x + 12, y + 28 + 22 * len(label), 14))
        y += height + 10
    return "".join(out), y - 8


def _bars(steps: list[dict], axis: dict, lang: str) -> tuple[str, int]:
    """Spans of time on one axis, a line each under their words."""
    marks, out, y = axis["marks"], [], 4
    left, right = 14, WIDTH - 26

    def at(value: int) -> float:
        return left + (right - left) * (value - marks[0]) / (marks[-1] - marks[0])

    for step in steps:
        for line, weight in (
            *((line, "600") for line in _wrap(step["label"][lang], lang, 24)),
            *((line, "") for line in (_wrap(step["text"][lang], lang, 26) if step.get("text") else [])),
        ):
            out.append(_texts([line], left, y + 16, 15 if weight else 14, weight))
            y += 21
        out.append(f'<path d="M{left} {y + 10}H{right}" class="line door"/>')
        for start, end in step["spans"]:
            out.append(
                f'<rect x="{at(start):g}" y="{y + 4}" width="{at(end) - at(start):g}" height="12" class="span"/>'
            )
        y += 32
    for mark in marks:
        out.append(f'<path d="M{at(mark):g} {y - 6}v6" class="line"/>')
        out.append(_texts([str(mark)], at(mark), y + 16, 13, "", "middle"))
    unit = _wrap(axis["unit"][lang], lang, 28)
    out.append(_texts(unit, WIDTH / 2, y + 34, 13, "", "middle"))
    return "".join(out), y + 21 + 19 * len(unit)


def _road(steps: list[dict], lang: str) -> tuple[str, int]:
    main = [s for s in steps if not s.get("side")]
    doors = [s for s in steps if s.get("side")]
    columns = 4
    gap, top, row = WIDTH / columns, 22, 92
    out = []
    for n, step in enumerate(main):
        line, col = divmod(n, columns)
        x, y = gap * (col + 0.5), top + line * row
        if n < len(main) - 1 and col < columns - 1:
            out.append(f'<path d="M{x + 20:g} {y}H{x + gap - 20:g}" class="line"/>')
        elif n < len(main) - 1:  # from the end of a row to the start of the next
            out.append(f'<path d="M{x:g} {y + 56}V{y + 64}H{gap / 2:g}V{y + row - 18}" class="line"/>')
        out.append(
            f'<circle cx="{x:g}" cy="{y}" r="16" class="box"/>{_texts([str(n + 1)], x, y + 5, 15, "600", "middle")}'
        )
        out.append(_texts(_wrap(step["label"][lang], lang, 7), x, y + 34, 13, "", "middle"))
    y = top + ((len(main) - 1) // columns + 1) * row - 22
    width = (WIDTH - 4 - 12 * (len(doors) - 1)) / max(1, len(doors))
    for n, step in enumerate(doors):
        x = 2 + n * (width + 12)
        out.append(f'<rect x="{x:g}" y="{y}" width="{width:g}" height="38" rx="8" class="box door"/>')
        out.append(_texts([SAY[lang]["door"].format(step["label"][lang])], x + width / 2, y + 24, 13, "", "middle"))
    return "".join(out), y + 40


def dress(place: Place, text: str) -> str:
    """The road as a small strip for the top of a page, with its current step."""
    if place.page.group and place.page.group != "reference":
        step, href = str(place.page.meta.get("step")), place.href("start/road-map")
        place.top.append(strip(place.book.registers, step, place.lang, href))
    return text


def strip(registers: Registers, step: str, lang: str, href: str) -> str:
    """The road with one step marked. href: address of the road map."""
    main = [s for s in registers.pictures["road"]["steps"] if not s.get("side")]
    now = next((n for n, s in enumerate(main) if s["id"] == step), None)
    door = next((s for s in registers.pictures["road"]["steps"] if s["id"] == step and s.get("side")), None)
    if now is not None:
        words = SAY[lang]["of"].format(now + 1, len(main), main[now]["label"][lang])
    else:
        words = SAY[lang]["door"].format(door["label"][lang]) if door else SAY[lang]["any"]
    dots = "".join(
        (f'<path d="M{n * 18 + 1} 8h8" class="line"/>' if n else "")
        + f'<circle cx="{n * 18 + 14}" cy="8" r="{6 if n == now else 4}" class="{"now" if n == now else "dot"}"/>'
        for n in range(len(main))
    )
    return (
        f'<p class="road"><a href="{escape(href)}"><svg viewBox="0 0 {len(main) * 18 + 4} 16" width="{len(main) * 18 + 4}" height="16" aria-hidden="true" focusable="false">{dots}</svg>'
        f"<span>{escape(words)}</span></a></p>"
    )
