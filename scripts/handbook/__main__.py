"""``python -m handbook check|coverage``: what scripts/check calls."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from .book import Book, report
from .model.problem import ERROR, errors

ROOT = Path(__file__).resolve().parents[2]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/check",
        description="Check all pages and registers; print every problem as file:line: RULE message.",
    )
    parser.add_argument("--only", nargs="+", metavar="PATH", help="pages to report on, such as prepare/credit-report")
    parser.add_argument("--errors", action="store_true", help="leave warnings out")
    parser.add_argument(
        "--due", action="store_true", help="count sources due for a new check as errors (the weekly job)"
    )
    parser.add_argument(
        "--coverage",
        action="store_true",
        help="print how many claims of the source documents are covered, by document and verdict",
    )
    parser.add_argument("--record", action="store_true", help="add the addresses of new pages to tests/data/urls.txt")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    book = Book(options.root)
    if options.coverage:
        return _coverage(book)
    if options.record:
        print(f"recorded {book.record_urls()} new addresses")
        return 0
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


if __name__ == "__main__":
    sys.exit(main())
