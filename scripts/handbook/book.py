"""The whole handbook: reads every page and register once, and asks each feature through its door.

A feature is a module that offers some of: ``problems(book)``, what is wrong; ``MARKERS``, for each marker it
answers the arguments a page may use, as a function of the book; ``marker(place, name, value)``, the HTML of one;
``text(place, name, value)``, the same in the page's plain twin;
``dress(place, text)``, what it does to every page's Markdown; ``files(book)``, contents by address below the
site's root. A new feature is one file and one word in `FEATURES`.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from urllib.parse import urlparse

from .model import lists, yamlfile
from .model import page as pages_
from .model import registers as registers_
from .model.page import LANGS, MARKER
from .model.place import Place
from .model.problem import WARNING, Problem, errors

# In the order in which they dress a page and their files are written.
FEATURES = [
    import_module(f"{__package__}.{name}")
    for name in (
        *(
            "rules.structure",
            "rules.parity",
            "rules.prose",
            "rules.voice",
            "rules.statements",
            "rules.translations",
            "rules.facts",
        ),
        *(
            "web.doors",
            "web.checklists",
            "web.glossary",
            "web.spoken",
            "web.registers_pages",
            "web.citations",
            "web.checked",
            "web.pictures",
        ),
        *("web.tools", "web.print_centre", "web.scorecard", "web.search_index", "web.plain_text", "web.redirects"),
        "paper.sheets",
    )
]


class Book:
    """All pages (``pages[lang][path]``), all registers, and what is made from them.

    root: the project folder; today: the day on which rules count as ended, `build_day` if not given;
    site_url: public address, ends with /.
    """

    def __init__(self, root: Path, today: date | None = None, site_url: str = ""):
        self.root, self.site_url = Path(root), site_url.rstrip("/") + "/" if site_url else "/"
        self.registers, register_problems = registers_.load(self.root / "docs" / "data", self.root)
        self.pages, page_problems = pages_.read_all(self.root, self.registers.numbers, self.registers.aliases)
        self.today = today or build_day(self.registers)
        self.sizes: dict[str, tuple[int, int]] = {}  # (pages, bytes) by address, once the sheets are set
        settings, _, problems = yamlfile.read(self.root / "mkdocs.yml", "mkdocs.yml")
        self._nav = settings.get("nav") or [] if isinstance(settings, dict) else []
        for file in sorted((self.root / "overrides").rglob("*")):
            if file.suffix in (".css", ".html", ".js", ".svg"):
                problems += yamlfile.read_text(file, file.relative_to(self.root).as_posix())[1]
        self._read_problems = problems + register_problems + page_problems
        self._parts: dict[tuple[str, str], list[str]] = {}

    # -- the navigation ----------------------------------------------------------------------------

    @cached_property
    def order(self) -> list[str]:
        """Paths in the order of the navigation in mkdocs.yml."""

        def walk(node) -> list[str]:
            if isinstance(node, str):
                return [node.removesuffix(".md")] if node.endswith(".md") else []
            return [path for child in (node.values() if isinstance(node, dict) else node or ()) for path in walk(child)]

        return walk(self._nav)

    @cached_property
    def sections(self) -> list[str]:
        """Folders of the navigation, in its order: each is a group of pages with an index page."""
        return [name for entry in self._nav if isinstance(entry, dict) for name in entry]

    # -- problems ----------------------------------------------------------------------------------

    @cached_property
    def markers(self) -> dict[str, set[str]]:
        """Every marker a page may use, with its allowed arguments."""
        out: dict[str, set[str]] = {}
        for feature in FEATURES:
            for name, allowed in getattr(feature, "MARKERS", {}).items():
                out.setdefault(name, set()).update(allowed(self))
        return out

    def problems(self, only: set[str] | None = None) -> list[Problem]:
        """Everything wrong, errors and warnings. only: paths to report on.

        Where something cannot be read, that alone: all else may be its consequence.
        """
        if any(p.rule in yamlfile.UNREAD for p in self._read_problems):
            return sorted({p for p in self._read_problems if p.rule.startswith(("PATH-", *yamlfile.UNREAD))})
        if not only:
            return self._all_problems
        files = {f"docs/{lang}/{path}.md" for lang in LANGS for path in only}
        return [p for p in self._all_problems if p.file in files]

    @cached_property
    def _all_problems(self) -> list[Problem]:
        found = list(self._read_problems)
        for feature in FEATURES:
            found += feature.problems(self) if hasattr(feature, "problems") else ()
        return sorted({*found, *self._nav_problems(), *self._url_problems()})

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
        text = "the new address {} is not in the list of addresses that never vanish: run scripts/check --record"
        return [Problem("tests/data/urls.txt", 1, "URL-1", text.format(new), WARNING) for new in self.new_urls()]

    def _nav_problems(self) -> list[Problem]:
        text = "the page is not in the nav of mkdocs.yml: add the line - {}.md"
        lost = [page for path, page in self.pages["zh"].items() if path not in self.order]
        return [Problem(page.file, 1, "NAV-1", text.format(page.path)) for page in lost]

    # -- pages -------------------------------------------------------------------------------------

    def render(self, lang: str, path: str) -> str:
        """A page's Markdown with references, boxes, numbers and explained terms filled in.

        Generated blocks stand in it as ``<!--part N-->``, which `fill` replaces in the HTML. Raises KeyError for an
        unknown page. Expects pages without errors.
        """
        place = Place(self, self.pages[lang][path])
        # a blank to fill is not Markdown's bold
        text = re.sub(r"_{2,}", lambda m: "&#95;" * len(m[0]), place.page.body)
        text = "\n".join(
            place.part(self.marker(place, line)) if _is_marker(line) else line for line in text.split("\n")
        )
        for feature in FEATURES:
            if hasattr(feature, "dress"):
                text = feature.dress(place, text)
        text = place.part("".join(place.top)) + text + place.part("".join(place.end))
        self._parts[lang, path] = place.parts
        return text

    def marker(self, place: Place, line: str) -> str:
        """The HTML of one marker, ``<!-- name: argument -->``, by the feature that answers it."""
        name, value = MARKER.match(line.strip()).groups()
        return self._answers(name, value).marker(place, name, value)

    def text(self, place: Place, name: str, value: str) -> list[tuple[str, str]] | None:
        """A marker in a page's plain twin, as (what stands before it, words), where the feature that answers it says."""
        feature = self._answers(name, value)
        return feature.text(place, name, value) if hasattr(feature, "text") else None

    def _answers(self, name: str, value: str):
        return next(f for f in FEATURES if name in getattr(f, "MARKERS", {}) and value in f.MARKERS[name](self))

    def parts(self, lang: str, path: str) -> list[str]:
        """The generated blocks of a rendered page."""
        return self._parts[lang, path]

    def fill(self, lang: str, path: str, html: str) -> str:
        """Put the generated blocks of `render` into a page's HTML. Raises KeyError without a `render` before."""
        parts = self._parts[lang, path]
        return re.sub(r"<!--part (\d+)-->", lambda m: parts[int(m[1])], html)

    def whole(self, lang: str, path: str) -> str:
        """`render` and `fill` in one: everything a page says, for tests and other readers of its text."""
        return self.fill(lang, path, self.render(lang, path))

    @cached_property
    def files(self) -> dict[str, bytes]:
        """What the features write besides the pages, by address below the site's root."""
        return {name: made for f in FEATURES if hasattr(f, "files") for name, made in f.files(self).items()}

    # -- what there is to print --------------------------------------------------------------------

    @cached_property
    def sheets(self) -> dict[str, list[lists.Sheet]]:
        """Every printable list by language, in a fixed order."""
        out = {}
        for lang in LANGS:
            ordered = {p: self.pages[lang][p] for p in [*self.order, *self.pages[lang]] if p in self.pages[lang]}
            out[lang] = lists.sheets(ordered, self.registers, self.sections, lang)
        return out

    @cached_property
    def rows(self) -> list[lists.Row]:
        """Everything there is to print."""
        return lists.rows(self.sheets, self.registers, self.sections)

    def papers(self) -> list:
        """Every PDF, as data for the press. Expects pages without errors (see `problems`)."""
        return [paper for f in FEATURES if hasattr(f, "papers") for paper in f.papers(self)]

    @property
    def public_url(self) -> str:
        """The public address for paper; empty where only this machine answers, since paper is read elsewhere."""
        return "" if urlparse(self.site_url).hostname in (None, "127.0.0.1", "localhost") else self.site_url

    def size(self, lang: str, address: str) -> str:
        """Pages and bytes of a printable file in words. Raises KeyError for one that was not made, once sheets are set."""
        if address in self.files:
            return lists.size_words(lang, 0, len(self.files[address]))
        return lists.size_words(lang, *self.sizes[address]) if self.sizes else ""

    # -- claims ------------------------------------------------------------------------------------

    def coverage_table(self) -> list[tuple[str, str, int, int]]:
        """(document, verdict, rows, covered) for every pair that has rows; document ``all`` comes last."""
        covered = {str(c) for p in self.pages["zh"].values() for c in (p.meta.get("claims") or [])}
        out = []
        for key in [*self.registers.documents, "all"]:
            named = [
                r for r in self.registers.claims.values() if key in ("all", *(d["document"] for d in r["documents"]))
            ]
            for verdict in registers_.VERDICTS:
                ids = {r["id"] for r in named if r["verdict"] == verdict}
                if ids:
                    out.append((key, verdict, len(ids), len(ids & covered)))
        return out


def _is_marker(line: str) -> bool:
    return bool(MARKER.match(line.strip()))


def build_day(registers: registers_.Registers) -> date:
    """The day the build counts as: ``SOURCE_DATE_EPOCH`` (seconds, UTC) or, unset, the newest check of a source.

    Raises SystemExit if it is set to what is no number of seconds of a calendar.
    """
    value = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not value:
        days = [row["checked_on"] for row in registers.sources.values() if registers_.is_day(row["checked_on"])]
        return date.fromisoformat(max(days, default="2026-01-01"))
    try:
        return datetime.fromtimestamp(int(value), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise SystemExit(f"SOURCE_DATE_EPOCH is {value!r}: set it to seconds since 1970, or unset it") from None


def report(problems: list[Problem]) -> str:
    """All problems, one a line, and a closing count."""
    bad = errors(problems)
    return "\n".join([*map(str, problems), f"{len(bad)} errors, {len(problems) - len(bad)} warnings"])
