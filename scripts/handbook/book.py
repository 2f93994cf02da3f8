"""The whole handbook put together: all pages and registers, all problems, every generated part.

This is the only module that knows every feature; it is what the build and the checks call.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import yaml

from .model import lists
from .model import page as pages_
from .model import registers as registers_
from .model.page import LANGS, MARKER, TEL, Page, target
from .model.pinyin import syllables
from .model.problem import WARNING, Problem, errors
from .paper import sheets
from .rules import checked, parity, prose, statements, structure, translations
from .web import (
    checklists,
    citations,
    glossary,
    pictures,
    plain_text,
    print_centre,
    redirects,
    registers_pages,
    scorecard,
    search_index,
    tools,
)

GROUPS = ("start", "prepare", "channels", "strategies", "legal", "recovery", "reference")
REGISTER_PAGES = {
    "contacts": registers_pages.contacts,
    "sources": registers_pages.sources,
    "documents": registers_pages.documents,
    "changes": registers_pages.changes,
}
OWN_PAGES = {"checked", "glossary", "scorecard"}
SHEET_PARTS = {
    "situations": print_centre.situations,
    "forms": print_centre.forms,
    "everything": print_centre.everything,
}


class _Config(yaml.SafeLoader):
    """Reads mkdocs.yml for its nav only; tags such as !ENV become None."""


_Config.add_multi_constructor("", lambda loader, suffix, node: None)


class Book:
    """All pages (``pages[lang][path]``), all registers, and what is made from them.

    root: the project folder; today: the day on which rules count as ended; site_url: public address.
    """

    def __init__(self, root: Path, today: date | None = None, site_url: str = ""):
        self.root, self.today, self.site_url = (
            Path(root),
            today or build_day(),
            site_url.rstrip("/") + "/" if site_url else "/",
        )
        self.registers, register_problems = registers_.load(self.root / "docs" / "data", self.root)
        self.pages, page_problems = pages_.read_all(self.root)
        self._read_problems = register_problems + page_problems
        self._parts: dict[tuple[str, str], list[str]] = {}

    @cached_property
    def order(self) -> list[str]:
        """Paths in the order of the navigation in mkdocs.yml."""
        config = yaml.load((self.root / "mkdocs.yml").read_text(encoding="utf-8"), _Config)
        out: list[str] = []

        def walk(node):
            if isinstance(node, str) and node.endswith(".md"):
                out.append(node.removesuffix(".md"))
            for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
                walk(child)

        walk(config.get("nav") or [])
        return out

    def markers(self) -> dict[str, set[str]]:
        """Every marker a page may use, with its allowed arguments."""
        return {
            "checklist": {*GROUPS, *self.registers.packs, "all"},
            "register": {*REGISTER_PAGES, *OWN_PAGES},
            "pages": set(GROUPS),
            "picture": set(self.registers.pictures),
            "tool": tools.names(self.registers),
            "index": {"a-to-z"},
            "sheets": {"choice", *SHEET_PARTS},
        }

    def problems(self, only: set[str] | None = None) -> list[Problem]:
        """Everything wrong, errors and warnings. only: paths to report on."""
        if not only:
            return self._all_problems
        files = {f"docs/{lang}/{path}.md" for lang in LANGS for path in only}
        return [p for p in self._all_problems if p.file in files]

    @cached_property
    def _all_problems(self) -> list[Problem]:
        found = list(self._read_problems)
        for lang in LANGS:
            for page in self.pages[lang].values():
                found += checklists.problems(page)
                found += structure.problems(page, self.pages[lang], self.registers, self.markers())
                found += citations.problems(page, self.registers, self.today)
                found += prose.problems(page)
                found += statements.problems(page, self.registers)
                found += glossary.problems(page, self.registers)
                found += checked.problems(page, self.registers)
        found += parity.problems(self.pages["zh"], self.pages["en"])
        found += structure.coverage(self.pages["zh"], self.registers)
        found += translations.problems(self.pages["zh"], self.pages["en"])
        found += statements.unused(self.registers, self.pages)
        found += glossary.register_problems(self.registers)
        found += checked.register_problems(self.registers, self.pages["zh"])
        found += registers_.due(self.registers, self.today)
        found += checklists.pack_problems(self.registers, self.pages["zh"])
        found += pictures.problems(self.registers, self.pages["zh"])
        found += redirects.problems(
            self.registers.redirects, lambda path: self.registers.where("redirects", path), self.pages["zh"]
        )
        found += tools.problems(
            self.registers, self.pages["zh"], {f.stem for f in (self.root / "overrides" / tools.MODULES).glob("*.js")}
        )
        found += sheets.problems(self.registers, self.pages, self._sheets)
        found += search_index.problems(self.registers, self.pages)
        found += self._nav_problems()
        found += self._url_problems()
        return sorted(set(found))

    @property
    def _urls_file(self) -> Path:
        return self.root / "tests" / "data" / "urls.txt"

    def new_urls(self) -> list[str]:
        """Addresses of pages that the list of published addresses does not hold yet."""
        known = set(self._urls_file.read_text(encoding="utf-8").split()) if self._urls_file.exists() else set()
        return sorted({p.url or "./" for lang in LANGS for p in self.pages[lang].values()} - known) if known else []

    def record_urls(self) -> int:
        """Add the new addresses to the list, so that a test keeps them for ever. Returns how many."""
        new = self.new_urls()
        known = self._urls_file.read_text(encoding="utf-8").split()
        self._urls_file.write_text("\n".join(sorted({*known, *new})) + "\n", encoding="utf-8")
        return len(new)

    def _url_problems(self) -> list[Problem]:
        return [
            Problem(
                "tests/data/urls.txt",
                1,
                "URL-1",
                f"the new address {url} is not in the list of addresses that never vanish: run scripts/check --record",
                WARNING,
            )
            for url in self.new_urls()
        ]

    def _nav_problems(self) -> list[Problem]:
        named = set(self.order)
        return [
            Problem(page.file, 1, "NAV-1", f"the page is not in the nav of mkdocs.yml: add the line - {path}.md")
            for path, page in self.pages["zh"].items()
            if path not in named
        ]

    # -- rendering ---------------------------------------------------------------------------------

    def href(self, page: Page):
        """A function from (path, anchor) to the address relative to the page."""
        root = "../" * page.url.count("/")

        def to(path: str, anchor: str = "") -> str:
            url = root + Page(path, page.lang, "", {}, {}, "", 0).url
            return (url or "./") + (f"#{anchor}" if anchor else "")

        return to

    @cached_property
    def _sheets(self) -> dict[str, list[lists.Sheet]]:
        out = {}
        for lang in LANGS:
            ordered = {p: self.pages[lang][p] for p in [*self.order, *self.pages[lang]] if p in self.pages[lang]}
            out[lang] = lists.sheets(ordered, self.registers, list(GROUPS), lang)
        return out

    def render(self, lang: str, path: str) -> str:
        """A page's Markdown with references, boxes, numbers and explained terms filled in.

        Generated blocks stand in it as ``<!--part N-->``, which `fill` replaces in the HTML: what we made
        needs no Markdown parser. Raises KeyError for an unknown page. Expects pages without errors.
        """
        page = self.pages[lang][path]
        zh = self.pages["zh"].get(path, page)
        href = self.href(page)
        root = "../" * page.url.count("/")
        parts: list[str] = []

        def part(html: str) -> str:
            parts.append(html)
            return f"\n\n<!--part {len(parts) - 1}-->\n\n" if html else ""

        blank = re.sub(r"_{2,}", lambda m: "&#95;" * len(m[0]), page.body)  # a blank to fill is not Markdown's bold
        text = checklists.render_items(blank, page)
        text = glossary.explain(text, page, self.registers)
        text = TEL.sub(lambda m: f'<a class="tel" href="tel:{m[1]}">{m[1]}</a>', text)
        text = "\n".join(
            part(self._marker(line, page, href, root)) if MARKER.match(line.strip()) else line
            for line in text.split("\n")
        )
        text, notes = citations.render(text, page, self.registers, self.today, href("reference/sources"))
        block = part(checklists.page_block(page, root))
        last = next((f"\n## {h.text} {{#{h.id}}}" for h in page.headings if h.id == "next"), None)
        text = text.replace(last, f"{block}{last}", 1) if last and last in text else text + block
        if page.group and page.group != "reference":
            text = part(pictures.strip(self.registers, str(zh.meta.get("step")), lang, href("start/road-map"))) + text
        text = part(citations.ended_note(page, self.registers, self.today)) + text
        other = self.pages["en" if lang == "zh" else "zh"].get(path)
        other_href = (root + other.url or "./") if other else href(path)
        text += part(
            registers_pages.foot(page, zh, href, other_href)
            + registers_pages.print_links(page, self._link_rows(page))
            + notes
        )
        self._parts[lang, path] = parts
        return text

    def fill(self, lang: str, path: str, html: str) -> str:
        """Put the generated blocks of `render` into a page's HTML, once: they are then forgotten. Raises KeyError without a `render` before."""
        parts = self._parts.pop((lang, path))
        return re.sub(r"<!--part (\d+)-->", lambda m: parts[int(m[1])], html)

    def whole(self, lang: str, path: str) -> str:
        """`render` and `fill` in one: everything a page says, for tests and other readers of its text."""
        return self.fill(lang, path, self.render(lang, path))

    def _link_rows(self, page: Page) -> list[tuple[str, str]]:
        rows = []
        for link in page.links:
            resolved = target(page, link.value)
            if resolved and resolved[0] in self.pages[page.lang] and resolved[0] != page.path:
                rows.append((link.text, self.site_url + self.pages[page.lang][resolved[0]].url))
        return rows

    def _marker(self, line: str, page: Page, href, root: str) -> str:
        match = MARKER.match(line.strip())
        name, value = match[1], match[2]
        pages, lang = self.pages[page.lang], page.lang
        if name == "picture":
            return pictures.draw(self.registers.pictures[value], lang, href)
        if name == "tool":
            return tools.section(value, lang, self.registers, pages, root, href)
        if name == "register":
            zh_meta = {
                p: Page(
                    **{**vars(pages[p]), "meta": {**pages[p].meta, "claims": self.pages["zh"][p].meta.get("claims")}}
                )
                for p in pages
                if p in self.pages["zh"]
            }
            if value == "glossary":
                return glossary.page(lang, self.registers, href)
            if value == "checked":
                return checked.page(lang, self.registers, pages, href)
            if value == "scorecard":
                return scorecard.table(self.scores, lang)
            return REGISTER_PAGES[value](lang, self.registers, zh_meta, href, self.today)
        if name == "pages":
            return registers_pages.page_list(lang, pages, value, self.order, href)
        if name == "sheets":
            return (
                print_centre.choice(lang)
                if value == "choice"
                else SHEET_PARTS[value](lang, root, self.registers, self.rows)
            )
        if name == "index":
            return registers_pages.a_to_z(lang, pages, sort_key, href)
        return self._checklist(value, lang, root)

    def _checklist(self, value: str, lang: str, root: str) -> str:
        every, volumes = self._sheets[lang], {row.name: row.volumes for row in self.rows}
        if value == "all":
            out = [checklists.list_block([s for s in every if s.name in self.registers.packs], lang, root, brief=True)]
            for group in GROUPS:
                whole = next((s for s in every if s.name == group), None)
                if whole:
                    own = [s for s in every if s.name.startswith(group + "-") and len(s.parts) == 1]
                    out.append(
                        f'<h2 id="group-{group}">{whole.title}</h2>'
                        + checklists.list_block(own, lang, root, whole, volumes[group], brief=True)
                    )
            return "".join(out)
        if value in self.registers.packs:
            return checklists.list_block([s for s in every if s.name == value], lang, root)
        whole = next((s for s in every if s.name == value), None)
        own = [
            s for s in every if s.name.startswith(value + "-") and len(s.parts) == 1 and s.parts[0].page.group == value
        ]
        return checklists.list_block(own, lang, root, whole, volumes.get(value))

    def sheet_files(self, assets: dict[str, str]) -> dict[str, str]:
        """Every printable list as ``{address below the site's root: HTML}``."""
        out = {}
        for lang in LANGS:
            for sheet in self._sheets[lang]:
                checked = max(str(self.pages["zh"][part.page.path].meta.get("checked")) for part in sheet.parts)
                out[f"print/{lang}/{sheet.name}.html"] = checklists.document(
                    sheet, lang, "../../", self.site_url, checked, assets
                )
        return out

    def tool_files(self) -> dict[str, str]:
        """What the tools need besides their pages, as ``{address below the site's root: text}``."""
        return tools.files(self.registers, self.pages)

    def search_files(self) -> dict[str, bytes]:
        """The search's files as ``{address below the site's root: content}``."""
        names = {
            lang: (checklists.SITE[lang], str(self.pages[lang]["index"].meta.get("description", ""))) for lang in LANGS
        }
        return search_index.build(self.pages, self.order, self.registers, names, self.site_url)

    @cached_property
    def rows(self) -> list[lists.Row]:
        """Everything there is to print."""
        return sheets.rows(self._sheets, self.registers, list(GROUPS))

    def papers(self) -> list[sheets.Paper]:
        """Every PDF, as data for the template. Expects pages without errors (see `problems`)."""
        return sheets.papers(self._sheets, self.registers, self.pages, list(GROUPS), self.site_url)

    def text_files(self) -> dict[str, str]:
        """Every page as plain text: ``{address below the site's root: text}``."""
        return {
            lists.address(lang, path.replace("/", "-"), ending="txt"): plain_text.twin(
                page, self.registers, self.site_url, str(self.pages["zh"].get(path, page).meta.get("checked"))
            )
            for lang in LANGS
            for path, page in self.pages[lang].items()
        }

    @cached_property
    def scores(self) -> dict[str, int | str]:
        """The figures of the scorecard, from the same checks that stop a build."""
        problems = self.problems()
        used = {c.value for lang in LANGS for p in self.pages[lang].values() for c in p.cites}
        return scorecard.scores(
            problems,
            self.pages,
            self.registers,
            used,
            self.coverage_table(),
            sum(len(s) for s in self._sheets.values()),
        )

    def coverage_table(self) -> list[tuple[str, str, int, int]]:
        """(document, verdict, rows, covered) for every pair that has rows; document ``all`` comes last."""
        covered = {str(c) for p in self.pages["zh"].values() for c in (p.meta.get("claims") or [])}
        out = []
        for key in [*self.registers.documents, "all"]:
            rows = [
                r
                for r in self.registers.claims.values()
                if key == "all" or any(d["document"] == key for d in r["documents"])
            ]
            for verdict in registers_.VERDICTS:
                ids = {r["id"] for r in rows if r["verdict"] == verdict}
                if ids:
                    out.append((key, verdict, len(ids), len(ids & covered)))
        return out


def sort_key(text: str) -> str:
    """Pinyin without tones for Han characters, lower case for the rest."""
    return re.sub(r"^[\W_]+", "", "".join(syllables(text)).lower())


def build_day() -> date:
    """The day the build counts as: ``SOURCE_DATE_EPOCH`` (seconds, UTC). Raises SystemExit if unset or not a number."""
    value = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not value.isdigit():
        raise SystemExit(
            "SOURCE_DATE_EPOCH is not set: run scripts/build, scripts/check or scripts/serve, which set it"
        )
    return datetime.fromtimestamp(int(value), UTC).date()


def report(problems: list[Problem]) -> str:
    """All problems, one a line, and a closing count."""
    bad = errors(problems)
    lines = [str(p) for p in problems]
    return "\n".join([*lines, f"{len(bad)} errors, {len(problems) - len(bad)} warnings"])
