"""Which English pages were written from an older Chinese text: each records the hash of its source."""

from __future__ import annotations

import hashlib

from ..model.page import Page
from ..model.problem import WARNING, Problem


def digest(zh: Page) -> str:
    """Hash of what a translator reads: title, description and body. 12 hex digits."""
    text = "\n".join([zh.title, str(zh.meta.get("description", "")), zh.body.strip()])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def problems(book) -> list[Problem]:
    """STALE-1 (warning): the Chinese page changed after the English one was written from it."""
    found, zh, en = [], book.pages["zh"], book.pages["en"]
    for path, page in en.items():
        if path in zh and page.meta.get("translated_from") not in (None, digest(zh[path])):
            found.append(
                page.problem(
                    page.meta_line("translated_from"),
                    "STALE-1",
                    f"{zh[path].file} changed since: see scripts/check --changed {path}, then --accept {path}",
                    WARNING,
                )
            )
    return found
