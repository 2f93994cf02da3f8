"""Have lychee ask every outside address of the registers whether it still answers, and write down the result.

The result has a register of its own (docs/data/links.yml). ``checked_on`` of a source is a person's
word and is never touched: an address that answers says nothing about its text.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .book import Book

ROOT = Path(__file__).resolve().parents[2]
HEAD = "# Written by scripts/links: when each address last answered. Never edited by hand, never changes checked_on.\n"
LYCHEE = [
    str(Path(sys.executable).with_name("lychee")),
    *("--format", "json", "--verbose", "--no-progress", "--user-agent", "repayment-handbook-links/1.0"),
]
CAREFUL = [  # one request a second to a host, and patience
    *("--host-concurrency", "1", "--host-request-interval", "1s", "--max-concurrency", "4"),
    *("--timeout", "20", "--max-retries", "2", "--retry-wait-time", "2"),
]


@dataclass(frozen=True)
class Answer:
    """What an address said. status: ok, moved, refused (401, 403, 429), gone (404, 410), broken (other), unreachable."""

    address: str
    status: str
    detail: str
    leads_to: str = ""

    @property
    def answered(self) -> bool:
        return self.status in ("ok", "moved")


def ask(addresses: list[str], options: list[str] = CAREFUL) -> list[Answer]:
    """Every address once. Raises RuntimeError if lychee does not run."""
    with tempfile.TemporaryDirectory() as folder:
        asked, told = Path(folder, "addresses.txt"), Path(folder, "told.json")
        asked.write_text("\n".join(addresses) + "\n", encoding="utf-8")
        command = [*LYCHEE, *options, "--output", str(told), str(asked)]
        run = subprocess.run(command, stdin=subprocess.DEVNULL)
        if not told.exists():
            raise RuntimeError(f"lychee ended with {run.returncode} and no result")
        found = judged(json.loads(told.read_text(encoding="utf-8")))
    return [found.get(a.rstrip("/"), Answer(a, "unreachable", "not asked")) for a in addresses]


def judged(told: dict) -> dict[str, Answer]:
    """lychee's JSON put into words: ``{address without a last slash: answer}``."""
    answers = {}
    for kind in ("success_map", "error_map", "timeout_map"):
        for row in (row for rows in told[kind].values() for row in rows):
            status, moves = row["status"], row.get("redirects", {}).get("redirects")
            code, address = status.get("code"), row["url"]
            detail = str(code or status.get("details") or status["text"])[:80]
            if kind == "success_map":
                answer = Answer(address, "moved" if moves else "ok", detail, moves[-1]["url"] if moves else "")
            elif code:
                kinds = {401: "refused", 403: "refused", 429: "refused", 404: "gone", 410: "gone"}
                answer = Answer(address, kinds.get(code, "broken"), detail)
            else:
                answer = Answer(address, "unreachable", detail)
            answers[address.rstrip("/")] = answer
    return answers


def addresses(book: Book) -> list[str]:
    """Every outside address of the registers, once, sorted."""
    found = {row["url"] for row in book.registers.sources.values() if row["url"]}
    found |= {f"https://{row['address']}/" for row in book.registers.contacts.values() if row.get("address")}
    return sorted(found)


def write(path: Path, answers: list[Answer], before: dict[str, dict], day: date) -> None:
    """The register of answers. The day of the last good answer stays when an address is silent today."""
    rows = []
    for answer in answers:
        answered = str(day) if answer.answered else before.get(answer.address, {}).get("answered_on")
        row = [
            f"- id: {json.dumps(answer.address)}",
            f"  answered_on: {answered or 'null'}",
            f"  tried_on: {day}",
            f"  status: {json.dumps(f'{answer.status} ({answer.detail})')}",
        ]
        rows.append("\n".join(row + ([f"  leads_to: {json.dumps(answer.leads_to)}"] if answer.leads_to else [])))
    path.write_text(HEAD + "\n".join(rows or ["[]"]) + "\n", encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/links",
        description="Ask every outside address of the registers whether it still answers; writes docs/data/links.yml.",
    )
    parser.add_argument(
        "--fail", action="store_true", help="exit 1 if an address is gone or broken (for the weekly job)"
    )
    options = parser.parse_args(argv)
    book = Book(ROOT)
    answers = ask(addresses(book))
    write(ROOT / "docs/data/links.yml", answers, book.registers.links, book.today)
    bad = [a for a in answers if not a.answered]
    for answer in bad:
        print(f"{answer.status}: {answer.address} ({answer.detail})")
    print(f"{len(answers) - len(bad)} of {len(answers)} addresses answered")
    return 1 if options.fail and any(a.status in ("gone", "broken") for a in bad) else 0


if __name__ == "__main__":
    sys.exit(main())
