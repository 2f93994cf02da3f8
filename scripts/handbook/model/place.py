"""Where a feature writes: one page in one language, and the way from there to everything else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .page import Page, url


@dataclass
class Place:
    """What a marker, or a page's text, is made for.

    `dress` of the features may put generated HTML above (`top`) and below (`end`) the text; see `part` for what stands in it.
    """

    book: Any  # the whole: pages, registers and what was made of them
    page: Page
    top: list[str] = field(default_factory=list)
    end: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def lang(self) -> str:
        return self.page.lang

    @property
    def today(self) -> date:
        return self.book.today

    @property
    def pages(self) -> dict[str, Page]:
        """The pages of this language by path."""
        return self.book.pages[self.page.lang]

    @property
    def root(self) -> str:
        """The address of the site's root as seen from here."""
        return "../" * self.page.url.count("/")

    def href(self, path: str, anchor: str = "") -> str:
        """The address of a page, and of an anchor on it, as seen from here."""
        return (self.root + url(path, self.lang) or "./") + (f"#{anchor}" if anchor else "")

    def part(self, html: str) -> str:
        """HTML to put into Markdown: a mark that the finished page has the HTML in place of; it needs no Markdown parser."""
        if not html:
            return ""
        self.parts.append(html)
        return f"\n\n<!--part {len(self.parts) - 1}-->\n\n"
