"""List, show and accept English pages whose Chinese source changed. Reads git; the build never does."""

from __future__ import annotations

import argparse
import difflib
import re
import subprocess
import sys
from pathlib import Path

from .book import Book
from .model.page import parse
from .rules.translations import digest

ROOT = Path(__file__).resolve().parents[2]


def source_of(path: str, wanted: str, root: Path = ROOT) -> str | None:
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


def accept(path: str, book: Book) -> None:
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


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/translations", description="English pages whose Chinese source changed since they were written."
    )
    parser.add_argument(
        "--show", metavar="PATH", help="what changed in the Chinese page since the English one was written"
    )
    parser.add_argument(
        "--accept",
        metavar="PATH",
        nargs="+",
        help="the English page says the same again: record it (all for every page)",
    )
    options = parser.parse_args(argv)
    book = Book(ROOT)
    if options.accept:
        paths = list(book.pages["en"]) if options.accept == ["all"] else options.accept
        for path in paths:
            if path not in book.pages["en"] or path not in book.pages["zh"]:
                print(f"translations: no page pair {path!r}", file=sys.stderr)
                return 1
            accept(path, book)
        print(f"translations: recorded for {len(paths)} pages")
        return 0
    if options.show:
        page = book.pages["en"].get(options.show)
        if page is None:
            print(f"translations: no page {options.show!r}", file=sys.stderr)
            return 1
        old = source_of(options.show, str(page.meta.get("translated_from")))
        if old is None:
            print(
                "translations: git has no commit with the text that the English page was written from", file=sys.stderr
            )
            return 1
        now = (ROOT / book.pages["zh"][options.show].file).read_text(encoding="utf-8")
        print("".join(difflib.unified_diff(old.splitlines(True), now.splitlines(True), "then", "now", n=1)))
        return 0
    stale = [p for p in book.problems() if p.rule == "STALE-1"]
    for problem in stale:
        print(problem)
    print(f"{len(stale)} of {len(book.pages['en'])} English pages are older than their Chinese source")
    return 0


if __name__ == "__main__":
    sys.exit(main())
