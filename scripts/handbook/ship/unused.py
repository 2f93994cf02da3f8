"""Leaves out of a style sheet what no page can use: rules for elements, classes and directions that occur nowhere,
and then the custom properties and animations that no rule asks for any more.

Careful to one side: a rule goes only if each of its selectors names something that stands in no page and in no
script of the site. Everything else stays as it was, in its order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import tinycss2

WORD = re.compile(r"[A-Za-z_][\w-]*")
TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\s+[^\s=>]+(?:=\"[^\"]*\")?)*)")
ATTRIBUTE = re.compile(r"\s([a-z][\w-]*)=\"([^\"]*)\"")
USED = re.compile(r"var\(\s*(--[\w-]+)")
PROPERTY = re.compile(r"(?<=[{;])\s*(--[\w-]+)\s*:(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[^;{}\"'])*(?:;|(?=\}))")


def words(pages: Iterable[str], scripts: Iterable[str]) -> set[str]:
    """Everything a selector may name: elements and values of attributes in pages, any word of the scripts."""
    found: set[str] = set()
    for page in pages:
        for tag, attributes in TAG.findall(page):
            found.add(tag)
            for name, value in ATTRIBUTE.findall(attributes):
                if name in ("class", "id", "dir") or name.startswith("data-"):
                    found.update(value.split())
    return found | {word for text in scripts for word in WORD.findall(text)}


def trim(css: str, known: set[str]) -> str:
    """The sheet without rules for what is not known. known: see `words`."""
    return _rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), known)


def unasked(css: str, scripts: Iterable[str]) -> str:
    """The sheet without custom properties and animations that neither it nor a script names."""
    spoken = {word for text in scripts for word in re.findall(r"--[\w-]+", text)}
    while True:  # a property may be asked for only by one that is not
        asked = set(USED.findall(css)) | spoken
        less = PROPERTY.sub(lambda m, asked=asked: m[0] if m[1] in asked else "", css)
        if less == css:
            break
        css = less
    names = set(re.findall(r"@keyframes\s+([\w-]+)", css))
    running = set(WORD.findall(" ".join(re.findall(r"animation(?:-name)?:([^;}]*)", css))))
    rules = tinycss2.parse_stylesheet(css, skip_whitespace=True)
    return "\n".join(
        r.serialize()
        for r in rules
        if not (
            r.type == "at-rule"
            and r.lower_at_keyword == "keyframes"
            and tinycss2.serialize(r.prelude).strip() in names - running
        )
    )


def _rules(rules, known: set[str]) -> str:
    out = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in _split(rule.prelude) if _possible(s, known)]
            if selectors:
                body = tinycss2.serialize(rule.content)
                out.append(f"{','.join(tinycss2.serialize(s).strip() for s in selectors)}{{{body.strip()}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports") and rule.content is not None:
            inner = _rules(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), known)
            if inner:
                out.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}")
        else:
            out.append(rule.serialize())
    return "\n".join(out)


def _split(prelude) -> list[list]:
    """The selectors of a list, as tokens."""
    out: list[list] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            out.append([])
        else:
            out[-1].append(token)
    return out


def _possible(selector: list, known: set[str]) -> bool:
    """Whether an element could match: each element, class, id and value outside of :not(), :is() and the like is known."""
    before = None
    for token in selector:
        literal = before.value if before is not None and before.type == "literal" else ""
        if token.type == "ident" and literal != ":" and token.value not in known:
            return False  # an element's name, or a class behind its dot
        if token.type == "hash" and token.value not in known:
            return False
        if token.type == "[] block":
            inside = [t for t in token.content if t.type in ("ident", "string", "literal")]
            named = (
                len(inside) == 3
                and inside[1].value == "="
                and (inside[0].value == "dir" or inside[0].value.startswith("data-"))
            )
            if named and inside[2].value not in known:
                return False
        before = token
    return True
