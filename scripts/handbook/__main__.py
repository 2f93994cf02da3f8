"""``python -m handbook``: what scripts/check calls."""

from __future__ import annotations

import argparse
import difflib
import sys
from dataclasses import replace
from pathlib import Path

from .book import Book, report
from .model.problem import ERROR, errors
from .rules import translations

ROOT = Path(__file__).resolve().parents[2]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/check",
        description="Check all pages and registers; print every problem as file:line: RULE message.",
    )
    parser.add_argument("--only", nargs="+", metavar="PATH", help="pages to report on, such as prepare/credit-report")
    parser.add_argument("--errors", action="store_true", help="leave warnings out")
    parser.add_argument("--due", action="store_true", help="count sources due for a new check as errors (weekly)")
    parser.add_argument("--coverage", action="store_true", help="how many claims of the source documents are covered")
    parser.add_argument("--record", action="store_true", help="note the addresses of new pages in tests/data/urls.txt")
    parser.add_argument("--changed", metavar="PATH", help="what changed in the Chinese page since the English one")
    parser.add_argument("--accept", nargs="+", metavar="PATH", help="the English page says the same again: record it")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    book = Book(options.root)
    if options.coverage:
        return _coverage(book)
    if options.record:
        print(f"recorded {book.record_urls()} new addresses")
        return 0
    if options.changed or options.accept:
        return _translations(book, options.changed, options.accept)
    problems = book.problems(set(options.only) if options.only else None)
    if options.due:
        problems = [replace(p, level=ERROR) if p.rule == "DUE-1" else p for p in problems]
    if options.errors:
        problems = errors(problems)
    print(report(problems))
    return 1 if errors(problems) else 0


def _coverage(book: Book) -> int:
    print(f"{'document':10} {'verdict':10} {'rows':>5} {'covered':>8}")
    missing = 0
    for document, verdict, rows, covered in book.coverage_table():
        print(f"{document:10} {verdict:10} {rows:5} {covered:8}{'   not required' if verdict == 'empty' else ''}")
        missing += rows - covered if verdict != "empty" and document == "all" else 0
    print(f"{missing} claims that need a page have none")
    return 1 if missing else 0


def _translations(book: Book, changed: str | None, accepted: list[str] | None) -> int:
    paths = [changed] if changed else accepted
    if lost := [path for path in paths if path not in book.pages["en"] or path not in book.pages["zh"]]:
        print(f"check: no page pair {lost[0]!r}", file=sys.stderr)
        return 1
    if accepted:
        for path in accepted:
            translations.accept(path, book)
        print(f"recorded for {len(accepted)} pages")
        return 0
    old = translations.source_of(changed, str(book.pages["en"][changed].meta.get("translated_from")), book.root)
    if old is None:
        print("check: git has no commit with the text that the English page was written from", file=sys.stderr)
        return 1
    now = (book.root / book.pages["zh"][changed].file).read_text(encoding="utf-8")
    print("".join(difflib.unified_diff(old.splitlines(True), now.splitlines(True), "then", "now", n=1)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
