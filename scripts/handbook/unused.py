"""Leaves out of a style sheet what no page can use: rules for classes, ids and elements' attributes that occur nowhere.

Careful to one side: a rule goes only if each of its selectors names a class that stands in no page and no
script of the site. Everything else stays as it was, in its order.
"""

from __future__ import annotations

import re

import tinycss2

WORD = re.compile(r"[A-Za-z_][\w-]*")


def words(texts) -> set[str]:
    """Every word of pages and scripts that could be a class."""
    return {word for text in texts for word in WORD.findall(text)}


def trim(css: str, known: set[str]) -> str:
    """The sheet without rules for classes that are not known."""
    return _rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), known)


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
    """Whether an element could match: each class outside of :not(), :is() and the like is known."""
    return all(not (dot.type == "literal" and dot.value == "." and name.type == "ident") or name.value in known for dot, name in zip(selector, selector[1:], strict=False))
