"""The one reader of Markdown pages. Everything that looks at a page uses it.

A page is front matter (YAML between two ``---`` lines) and Markdown. The reader knows what this
handbook writes: headings with ids, task-list items with ids, quotes, tables, call-outs, links,
citations ``[@source-id]``, telephone numbers ``[tel:12378]`` and markers ``<!-- name: argument -->``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from . import yamlfile
from .problem import ERROR, Problem

LANGS = ("zh", "en")
NEUTRAL = ("step", "topics", "claims", "checked")  # front matter that says the same in every language: it stands in zh

HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*(?:\{#([^}\s]+)\})?\s*$")
TASK = re.compile(r"^(\s*)- \[([ xX])\] (.*?)\s*(?:\{#([^}\s]+)\})?\s*$")
LIST = re.compile(r"^(\s*)(?:[-*]|\d+\.)\s+(.*)$")
CALLOUT = re.compile(r'^(?:!!!|\?\?\?\+?)\s+(\w+)(?:\s+"(.*)")?\s*$')
MARKER = re.compile(r"^<!--\s*([a-z][a-z-]*):\s*([a-z0-9][a-z0-9./#-]*)\s*-->$")
COMMENT = re.compile(r"<!--.*?-->")
LINK = re.compile(r"(?<!!)\[([^\]\[]+)\]\(([^)\s]*)\)")
CITE = re.compile(r"\[@([^\]\s]+)\]")
LINKED = re.compile(r"(?<!!)\[(?:[^\[\]]|\[tel:[^\]]+\])*\]\(")  # the words of a link
TEL = re.compile(r"\[tel:([^\]\s]+)\]")
ID = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")


@dataclass(frozen=True)
class Heading:
    level: int
    id: str | None
    text: str
    line: int


@dataclass(frozen=True)
class Item:
    """A checklist item: id unique on its page, Markdown text, section id it stands in."""

    id: str | None
    text: str
    line: int
    section: str
    source: str  # the whole source line, for the renderer


@dataclass(frozen=True)
class Ref:
    """A link target, citation id, telephone number or marker, with its line and section."""

    value: str
    line: int
    section: str
    text: str = ""


@dataclass(frozen=True)
class Block:
    """A run of prose. kind: paragraph, item, task, quote, cell, callout."""

    kind: str
    text: str
    line: int
    section: str
    callout: str = ""  # the kind of the call-out it stands in, if any


@dataclass
class Page:
    """One page in one language. path: slug without locale or ending, e.g. ``prepare/credit-report``."""

    path: str
    lang: str
    file: str
    meta: dict
    meta_lines: dict
    body: str
    body_line: int
    headings: list[Heading] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    links: list[Ref] = field(default_factory=list)
    cites: list[Ref] = field(default_factory=list)
    tels: list[Ref] = field(default_factory=list)
    markers: list[Ref] = field(default_factory=list)
    callouts: list[Ref] = field(default_factory=list)
    lists: list[tuple[int, int]] = field(default_factory=list)  # (line, entries)
    blocks: list[Block] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(self.meta.get("title", ""))

    @property
    def group(self) -> str:
        """First folder of the path, ``""`` for the home page."""
        return self.path.split("/")[0] if "/" in self.path else ""

    @property
    def url(self) -> str:
        """Address below the site's root: no leading slash, a trailing one unless it is the root."""
        return url(self.path, self.lang)

    def own(self) -> set[str]:
        """Keys of the front matter that stand in this file, not in that of its twin."""
        return {key[0] for key in self.meta_lines if len(key) == 1}

    def meta_line(self, key: str) -> int:
        return self.meta_lines.get((key,), 1)

    def problem(self, line: int, rule: str, message: str, level: str = ERROR) -> Problem:
        """A finding on a line of this page."""
        return Problem(self.file, line, rule, message, level)

    def ids(self) -> set[str]:
        """All anchors of the page."""
        return {h.id for h in self.headings if h.id} | {i.id for i in self.items if i.id}


def url(path: str, lang: str) -> str:
    """The address of a page below the site's root, by its path and language."""
    path = re.sub(r"(^|/)index$", "", path)
    return ("" if lang == "zh" else "en/") + (path + "/" if path else "")


@lru_cache(maxsize=100_000)  # every check asks for the same lines
def plain(text: str) -> str:
    """Markdown of one line to the words a reader sees: no citations, links, marks or ids."""
    text = COMMENT.sub("", CITE.sub("", text))
    text = TEL.sub(r"\1", LINK.sub(r"\1", text))
    text = re.sub(r"\{[#.:][^}]*\}", "", text)
    return re.sub(r"\*\*|`", "", text).strip()


def target(page: Page, href: str) -> tuple[str, str] | None:
    """Resolve a relative link to (path, anchor); None for an address outside the handbook."""
    if re.match(r"^[a-z][a-z0-9+.-]*:|^//", href):
        return None
    rel, _, anchor = href.partition("#")
    if not rel:
        return page.path, anchor
    parts = page.path.split("/")[:-1]
    for step in rel.removesuffix(".md").split("/"):
        if step == "..":
            if not parts:
                return "../" + rel, anchor
            parts.pop()
        elif step not in ("", "."):
            parts.append(step)
    return "/".join(parts), anchor


def dialled(text: str, numbers: dict[str, str], bare: bool = True) -> str:
    """``[tel:contact-id]`` as the contact's number; bare: without the brackets that make it a
    link, as in the words of another link. Unknown ids stay."""

    def said(text: str, form: str) -> str:
        return TEL.sub(lambda m: form.format(numbers[m[1]]) if m[1] in numbers else m[0], text)

    if bare:
        return said(text, "{}")
    return said(LINKED.sub(lambda m: said(m[0], "{}"), text), "[tel:{}]")


def parse(
    text: str, path: str, lang: str, file: str, numbers: dict | None = None, aliases: dict | None = None
) -> tuple[Page, list[Problem]]:
    """Read one page from its text. Always returns a page; what could not be read is in the problems.

    numbers: telephone numbers by contact id; a page names a contact, and says its number. aliases: earlier ids of
    sources, and those they have now.
    """
    problems: list[Problem] = []
    if aliases:
        text = CITE.sub(lambda m: f"[@{aliases.get(m[1], m[1])}]", text)
    lines = text.split("\n")
    if numbers:
        head = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), 0)
        lines = [
            dialled(line, numbers, n <= head or line.lstrip().startswith(("!!!", "???", "#")))
            for n, line in enumerate(lines)
        ]
    meta: dict = {}
    meta_lines: dict = {}
    start = 0
    if lines and lines[0].strip() == "---":
        end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
        if end is None:
            problems.append(Problem(file, 1, "PAGE-1", "front matter is not closed: add a line with --- after it"))
            end = 0
        else:
            data, meta_lines, found = yamlfile.parse("\n".join(lines[1:end]), file, first_line=2)
            problems += found
            if isinstance(data, dict):
                meta = data
            elif not found:
                problems.append(
                    Problem(file, 2, "PAGE-1", "front matter must be keys and values, one a line: key: value")
                )
        start = end + 1
    else:
        problems.append(Problem(file, 1, "PAGE-1", "no front matter: begin the file with --- , keys, and --- again"))
    page = Page(path, lang, file, meta, meta_lines, "\n".join(lines[start:]), start + 1)
    _read_body(page, lines, start, problems)
    return page, problems


def _read_body(page: Page, lines: list[str], start: int, problems: list[Problem]) -> None:
    section, callout = "", ""
    paragraph: list[str] = []
    paragraph_line = 0
    run: list[int] | None = None  # [first line, entries, indent] of the current list
    fence = False

    def flush() -> None:
        nonlocal paragraph
        if paragraph:
            _block(page, "paragraph", " ".join(paragraph), paragraph_line, section, callout)
            paragraph = []

    def end_list() -> None:
        nonlocal run
        if run:
            page.lists.append((run[0], run[1]))
        run = None

    for number, raw in enumerate(lines[start:], start + 1):
        line = raw.rstrip()
        if line.lstrip().startswith("```"):
            flush()
            fence = not fence
            continue
        if fence or not line.strip():
            flush()
            continue
        if callout and not line.startswith("    "):
            flush()
            callout = ""
        text = line[4:] if callout else line
        if marker := MARKER.match(text.strip()):
            flush(), end_list()
            page.markers.append(Ref(marker[2], number, section, marker[1]))
            continue
        if text.strip().startswith("<!--"):
            flush()
            message = f"cannot read the marker {text.strip()[:60]!r}: write <!-- name: argument --> alone on a line"
            problems.append(Problem(page.file, number, "MARK-1", message))
            continue
        if head := HEADING.match(text):
            flush(), end_list()
            level, title, anchor = len(head[1]), head[2], head[3]
            page.headings.append(Heading(level, anchor, title, number))
            if level == 2:
                section = anchor or ""
            _block(page, "heading", title, number, section, callout)
            continue
        if call := CALLOUT.match(text):
            flush(), end_list()
            callout = call[1]
            page.callouts.append(Ref(call[1], number, section, call[2] or ""))
            _block(page, "callout", call[2] or "", number, section, callout)
            continue
        if task := TASK.match(text):
            flush()
            run = _count(run, number, len(task[1]), page)
            page.items.append(Item(task[4], task[3], number, section, line))
            _block(page, "task", task[3], number, section, callout)
            continue
        if item := LIST.match(text):
            flush()
            run = _count(run, number, len(item[1]), page)
            _block(page, "item", item[2], number, section, callout)
            continue
        if text.startswith(">"):
            flush(), end_list()
            said = text.lstrip("> ").strip()
            if said:
                _block(page, "quote", said, number, section, callout)
            continue
        if text.startswith("|"):
            flush(), end_list()
            if not re.fullmatch(r"[|:\-\s]+", text):
                for cell in text.strip("|").split("|"):
                    if cell.strip():
                        _block(page, "cell", cell.strip(), number, section, callout)
            continue
        if run and text.startswith("  "):  # continuation of a list entry
            _block(page, "item", text.strip(), number, section, callout)
            continue
        end_list()
        if not paragraph:
            paragraph_line = number
        paragraph.append(text.strip())
    flush(), end_list()


def _count(run, number, indent, page):
    if run is None:
        return [number, 1, indent]
    if indent == run[2]:
        run[1] += 1
    elif indent < run[2]:
        page.lists.append((run[0], run[1]))
        return [number, 1, indent]
    return run


def _block(page: Page, kind: str, text: str, line: int, section: str, callout: str) -> None:
    page.blocks.append(Block(kind, text, line, section, callout))
    for label, href in LINK.findall(text):
        page.links.append(Ref(href, line, section, label))
    page.cites += [Ref(c, line, section) for c in CITE.findall(text)]
    page.tels += [Ref(t, line, section) for t in TEL.findall(text)]


def read(
    file: Path, root: Path, docs: Path, numbers: dict[str, str], aliases: dict[str, str]
) -> tuple[Page | None, list[Problem]]:
    """Read ``docs/<lang>/<path>.md``. None, with a problem, if the file is not UTF-8 text.

    root: project folder, for the path shown in problems; docs: the folder that holds zh/ and en/; numbers, aliases: see `parse`.
    """
    shown = file.relative_to(root).as_posix()
    lang, _, path = file.relative_to(docs).as_posix().removesuffix(".md").partition("/")

    def make() -> tuple[Page | None, list[Problem]]:
        text, problems = yamlfile.read_text(file, shown)
        if text is None:
            return None, problems
        page, found = parse(text, path, lang, shown, numbers, aliases)
        return page, problems + found

    return yamlfile.unchanged(file, (shown, *numbers.items(), *aliases.items()), make)


def read_all(
    root: Path, numbers: dict[str, str], aliases: dict[str, str]
) -> tuple[dict[str, dict[str, Page]], list[Problem]]:
    """All pages below ``docs/zh`` and ``docs/en``: ``{lang: {path: page}}`` in path order, and problems.

    Names that the language plug-in would drop in silence (a two-letter folder, a dotted file name)
    are problems here. numbers, aliases: see `parse`.
    """
    docs = root / "docs"
    pages: dict[str, dict[str, Page]] = {lang: {} for lang in LANGS}
    problems: list[Problem] = []
    for entry in sorted(docs.rglob("*")):
        rel = entry.relative_to(docs)
        shown = entry.relative_to(root).as_posix()
        if any(part.startswith(".") for part in rel.parts):  # of an editor or a system; MkDocs passes them by, too
            continue
        if entry.is_symlink() and not (rel.parts[0] == "data" and entry.is_file()):
            text = "a link to another file or folder: put the file itself here"  # a loop of them has no end
            problems.append(Problem(shown, 1, "PATH-4", text))
            continue
        if entry.is_dir():
            if re.fullmatch(r"[a-z]{2}(-[A-Za-z]{4})?(-[A-Z]{2})?", entry.name) and rel.as_posix() not in LANGS:
                text = "a folder with a name like a language code is dropped from the site in silence: rename it"
                problems.append(Problem(shown, 1, "PATH-1", text))
            continue
        if rel.parts[0] == "data":
            continue
        if rel.parts[0] not in LANGS or entry.suffix != ".md":
            text = "only Markdown pages under docs/zh and docs/en, and registers under docs/data: move it to overrides/assets or delete it"
            problems.append(Problem(shown, 1, "PATH-2", text))
            continue
        if "." in entry.stem:
            text = "a dot in a page's name makes the page vanish from the site in silence: use hyphens"
            problems.append(Problem(shown, 1, "PATH-1", text))
        elif not all(ID.match(part) for part in [*rel.parts[1:-1], entry.stem]):
            problems.append(
                Problem(shown, 1, "PATH-3", "paths are ASCII, lower case, words joined by hyphens: rename it")
            )
        page, found = read(entry, root, docs, numbers, aliases)
        problems += found
        if page is not None:
            pages[page.lang][page.path] = page
    for path, page in pages["en"].items():
        if twin := pages["zh"].get(path):
            neutral = {key: twin.meta[key] for key in NEUTRAL if key in twin.meta}
            pages["en"][path] = replace(page, meta=neutral | page.meta)
    return pages, problems
