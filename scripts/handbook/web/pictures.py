"""Pictures as inline SVG, drawn from ``pictures.yml``, each with the same words as text.

They use one colour of ink and line weight, so they read the same on a black-and-white sheet.
"""

from __future__ import annotations

from ..model.place import Place
from ..model.problem import Problem
from ..model.registers import Registers
from ..model.text import escape

WIDTH = 400  # close to a phone's width, so that the words keep their size there
SAY = {
    "zh": {
        "text": "用文字看这张图",
        "here": "你在这一步",
        "road": "你在路上的哪一步",
        "any": "整条路",
        "of": "第 {} 步，共 {} 步：{}",
        "door": "侧门：{}",
    },
    "en": {
        "text": "This picture in words",
        "here": "you are here",
        "road": "Where you are on the road",
        "any": "The whole road",
        "of": "Step {} of {}: {}",
        "door": "Side door: {}",
    },
}


def problems(book) -> list[Problem]:
    """PIC-1: a step of a picture names a page that does not exist."""
    registers, pages = book.registers, book.pages["zh"]
    return [
        registers.problem("pictures", key, "PIC-1", f"the picture {key!r} leads to {step['page']!r}, which is no page")
        for key, picture in registers.pictures.items()
        for step in picture.get("steps", [])
        if step.get("page") and step["page"] not in pages
    ]


MARKERS = {"picture": lambda book: book.registers.pictures}


def marker(place: Place, name: str, value: str) -> str:
    """One picture as ``<figure>``."""
    picture, lang, href = place.book.registers.pictures[value], place.lang, place.href
    steps = picture["steps"]
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
        lines = _wrap(step["text"][lang], lang, 25) if step.get("text") else []
        height = 36 + len(lines) * 21
        out.append(f'<rect x="2" y="{y}" width="{WIDTH - 4}" height="{height}" rx="8" class="box"/>')
        out.append(_texts([step["label"][lang]], 14, y + 24, 15, "600"))
        out.append(_texts(lines, 14, y + 46, 14))
        y += height
        if n < len(steps) - 1:
            out.append(f'<path d="M{WIDTH / 2:g} {y + 2}v13m-5 -5l5 6l5 -6" class="line"/>')
            y += 19
    return "".join(out), y + 2


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
