"""Which English pages were written from an older Chinese text: each records the hash of its source."""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path

from ..model.page import Page, parse
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
            text = f"{zh[path].file} changed since: see scripts/check --changed {path}, then --accept {path}"
            found.append(page.problem(page.meta_line("translated_from"), "STALE-1", text, WARNING))
    return found


def source_of(path: str, wanted: str, root: Path) -> str | None:
    """The Chinese text with the hash `wanted`, from git's history; None if no commit has it."""
    name = f"docs/zh/{path}.md"
    commits = subprocess.run(
        ["git", "log", "--format=%H", "--", name], cwd=root, capture_output=True, text=True
    ).stdout.split()
    for commit in commits:
        text = subprocess.run(["git", "show", f"{commit}:{name}"], cwd=root, capture_output=True, text=True).stdout
        if digest(parse(text, path, "zh", name)[0]) == wanted:
            return text
    return None


def accept(path: str, book) -> None:
    """Write the hash of the present Chinese page into the English one."""
    page = book.pages["en"][path]
    file = book.root / page.file
    text = file.read_text(encoding="utf-8")
    line = f"translated_from: {digest(book.pages['zh'][path])}"
    if re.search(r"^translated_from:.*$", text, re.M):
        text = re.sub(r"^translated_from:.*$", line, text, count=1, flags=re.M)
    else:
        text = re.sub(r"^(---\n.*?)(\n---\n)", rf"\1\n{line}\2", text, count=1, flags=re.S)
    file.write_text(text, encoding="utf-8")
