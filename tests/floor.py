"""The oldest browsers of .browserslistrc, and what in a style sheet or script they do not have.

What came when is told by MDN's browser-compat-data, syntax by esbuild; both are packages of Debian.
"""

from __future__ import annotations

import configparser
import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import tinycss2

ROOT = Path(__file__).resolve().parents[1]
DATA = Path("/usr/share/nodejs/@mdn/browser-compat-data/data.json")
NAMES = {"ios_saf": "safari_ios"}
# What may be missing, and what a reader then has; the rest of the rule or page is as it should be.
HARMLESS = {
    "read": "of a stream, which Safari has had since 10.3; the data does not say so",
    "selectors.focus-visible": "the browser's own ring",
    "selectors.has": "a dot beside a box to tick",
    "selectors.marker": "a mark of the theme's",
    "at-rules.page": "the browser's own margins on paper",
    "at-rules.media.forced-colors": "lines without colour",
    "at-rules.media.prefers-reduced-motion": "what moves, moves",
    "at-rules.media.scripting": "a list moves a little when its buttons come",
    "properties.accent-color": "boxes in the browser's colour",
    "properties.backface-visibility": "the theme's, for speed",
    "properties.box-decoration-break": "the theme's, for ends of lines",
    "properties.color-adjust": "the theme's, a former name",
    "properties.color-scheme": "bars in the browser's colour",
    "properties.display.flow-root": "the theme's: only floats would matter, and there are none",
    "properties.fill": "of SVG, not in the data",
    "properties.gap.flex_context": "the theme's menu: no space before an icon that is not there",
    "properties.mask-position": "the theme's, beside its prefixed form",
    "properties.mask-repeat": "the theme's, beside its prefixed form",
    "properties.overflow-wrap.anywhere": "a long address scrolls the page sideways",
    "properties.overflow-x.clip": "the same",
    "properties.position.sticky": "a header that scrolls away, on iOS 12",
    "properties.scroll-behavior": "jumps instead of gliding",
    "properties.scroll-margin-top": "a heading at the very edge",
    "properties.scroll-padding-bottom": "the same",
    "properties.scroll-snap-align": "the theme's menu",
    "properties.scroll-snap-type": "the theme's menu",
    "properties.scrollbar-color": "bars in the browser's colour",
    "properties.scrollbar-gutter": "the theme's",
    "properties.scrollbar-width": "the theme's",
    "properties.stroke": "of SVG, not in the data",
    "properties.stroke-dasharray": "of SVG, not in the data",
    "properties.stroke-width": "of SVG, not in the data",
    "properties.text-decoration-color": "a line in the colour of its text",
    "properties.text-decoration-thickness": "a line as thick as usual",
    "properties.text-size-adjust": "beside its prefixed form",
    "properties.text-underline-offset": "a line where it usually is",
}


@cache
def floor(group: str) -> dict[str, str]:
    """``{browser: oldest version}`` of a section of .browserslistrc."""
    rows = configparser.ConfigParser(allow_no_value=True, delimiters=("=",))
    rows.read(ROOT / ".browserslistrc")
    return dict(row.split() for row in rows[group])


@cache
def compat() -> dict:
    return json.loads(DATA.read_text("utf-8"))


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(n) for n in version.lstrip("≤").split("."))


def has(entry: dict, group: str, prefixed: bool = False) -> bool:
    """Whether every browser of that floor has what an entry of the data is about. prefixed: under a prefix will do."""
    for browser, oldest in floor(group).items():
        rows = entry["__compat"]["support"].get(NAMES.get(browser, browser), [])
        rows = rows if isinstance(rows, list) else [rows]
        other = {"alternative_name", "flags"} if prefixed else {"prefix", "alternative_name", "flags"}
        added = [r["version_added"] for r in rows if not other & set(r)]
        if rows and not any(
            v is True or v is None or v and v != "preview" and _number(v) <= _number(oldest) for v in added
        ):
            return False
    return True


def styles(css: str, group: str = "reading") -> list[str]:
    """What a style sheet asks for that the floor does not have, as paths of the data; what stands in @supports asks itself."""
    return sorted(set(_rules(tinycss2.parse_stylesheet(css, skip_comments=True), group)) - set(HARMLESS))


def _rules(rules: list, group: str) -> Iterator[str]:
    data = compat()["css"]
    for rule in rules:
        if rule.type == "at-rule":
            name = rule.lower_at_keyword
            yield from _lacks(data["at-rules"], (name,), group, "at-rules")
            if name == "media":
                for block in rule.prelude:
                    if block.type == "() block":
                        words = [t.value for t in block.content if t.type == "ident"]
                        yield from _lacks(
                            data["at-rules"],
                            ("media", words[0].removeprefix("min-").removeprefix("max-")),
                            group,
                            "at-rules",
                        )
            if rule.content and name == "media":
                yield from _rules(
                    tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), group
                )
        elif rule.type == "qualified-rule":
            yield from _selector(rule.prelude, group)
            found = tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True)
            every = [d for d in found if d.type == "declaration"]
            declared = [d for d in every if d.lower_name[0] != "-"]
            shown = {t.value for d in declared if d.lower_name == "display" for t in d.value if t.type == "ident"}
            for one in declared:
                # a newer value after one that every browser has
                if one is next(d for d in every if d.lower_name.endswith(one.lower_name)):
                    yield from _declaration(one, shown, group)
                elif one.lower_name in data["properties"] and not has(data["properties"][one.lower_name], group, True):
                    yield f"properties.{one.lower_name}"


def _lacks(data: dict, path: tuple[str, ...], group: str, *before: str) -> Iterator[str]:
    """The path if the floor lacks it, or if nobody has heard of it."""
    for step in path:
        if step not in data:
            return
        data = data[step]
    if "__compat" in data and not has(data, group):
        yield ".".join((*before, *path))


def _selector(tokens: list, group: str) -> Iterator[str]:
    colons = 0
    for token in tokens:
        if token.type == "literal" and token.value == ":":
            colons += 1
            continue
        name = token.value if token.type == "ident" else token.lower_name if token.type == "function" else ""
        if colons and name and name[0] != "-":
            yield from _lacks(compat()["css"]["selectors"], (name,), group, "selectors")
        if token.type == "function":
            if name == "not" and any(t.type == "literal" and t.value == "," for t in token.arguments):
                yield from _lacks(compat()["css"]["selectors"], ("not", "selector_list"), group, "selectors")
            yield from _selector(token.arguments, group)
        colons = 0


def _declaration(one, shown: set[str], group: str) -> Iterator[str]:
    name, data = one.lower_name, compat()["css"]
    if name not in data["properties"]:
        yield f"properties.{name}"
        return
    if name in ("gap", "row-gap", "column-gap"):
        kind = "grid_context" if shown & {"grid", "inline-grid"} else "flex_context"
        yield from _lacks(data["properties"], (name, kind), group, "properties")
    else:
        yield from _lacks(data["properties"], (name,), group, "properties")
    for token in _flat(one.value):
        word = token.value if token.type == "ident" else token.lower_name
        if word[0] != "-":
            yield from _lacks(data["properties"], (name, word), group, "properties")
            if token.type == "function":
                yield from _lacks(data["types"], (word,), group, "types")


def _flat(tokens: list) -> Iterator:
    for token in tokens:
        if token.type in ("ident", "function"):
            yield token
        if token.type == "function":
            yield from _flat(token.arguments)


def syntax(code: str, group: str = "everything") -> str:
    """What esbuild has to write otherwise, or cannot, for the floor; empty if nothing."""
    names = {"ios_saf": "ios"}
    target = ",".join(names.get(browser, browser) + version for browser, version in floor(group).items())
    # esbuild avoids ?. below Chrome 91 for a fault that only private fields meet
    kept = ["--supported:optional-chain=true"] if group == "everything" else []
    ways = [["--target=esnext"], [f"--target={target}", *kept]]
    made = [
        subprocess.run(
            ["esbuild", "--format=esm", "--log-level=error", *way], input=code, capture_output=True, text=True
        )
        for way in ways
    ]
    if made[1].returncode:
        return made[1].stderr
    plain, lowered = (one.stdout.splitlines() for one in made)
    return "\n".join(line for line in lowered if line not in plain)


NAME = re.compile(r"(?<!\?)\.([a-zA-Z]\w*)\b(?!\?[.?])|(?<![.\w$])([A-Za-z]\w+)\(")
LITERAL = (
    r"""(?<=[(,=:])/(?:\\.|\[[^\]]*\]|[^/\\\n])+/[a-z]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"""
)
OWN = re.compile(r"(?:function\*? |const |let |class )(\w+)|(\w+)\([^()]*\)\s*\{|(?<=[{,\s])(\w+):|\.(\w+)\s*=[^=]")


def words(code: str, group: str = "everything") -> list[str]:
    """Members and functions that a script asks for and of whose bearers in the data every one is newer than the floor.

    A member may be of any object: one that some object of the floor has is taken for that. `x?.y` and `y?.()` mend it themselves.
    """
    code = re.sub(r'"(\w+)"(?=:)', r"\1", code)
    own = {name for names in OWN.findall(code) for name in names}
    own |= set(re.findall(r"globalThis\.(\w+)", code))  # asked for before it is used
    code = re.sub(LITERAL, '""', code)
    members, globals_ = _bearers()
    found = set()
    for member, call in NAME.findall(code):
        rows = members.get(member) if member else globals_.get(call)
        if rows and (member or call) not in own and not any(has(row, group) for row in rows):
            found.add(member or call)
    return sorted(found - set(HARMLESS))


@cache
def _bearers() -> tuple[dict[str, list], dict[str, list]]:
    members: dict[str, list] = {}
    data = compat()
    objects = {**data["api"], **data["javascript"]["builtins"]}
    for bearer in objects.values():
        for name, row in bearer.items():
            if name != "__compat" and "__compat" in row:
                members.setdefault(name, []).append(row)
    return members, {name: [row] for name, row in objects.items() if "__compat" in row}
