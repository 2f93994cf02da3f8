"""Ask every outside address of the registers whether it still answers, politely, and write down the result.

The result has a register of its own (docs/data/links.yml). ``checked_on`` of a source is a person's
word and is never touched: an address that answers says nothing about its text.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlparse

import httpx

from ..book import Book

ROOT = Path(__file__).resolve().parents[3]
HEAD = "# Written by scripts/links: when each address last answered. Never edited by hand, never changes checked_on.\n"
AT_ONCE = 4  # requests under way
PAUSE = 1.0  # seconds between two requests to one host
TRIES = 3
TIMEOUT = 20.0  # seconds for one request
AGENT = "repayment-handbook-links/1.0"


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


def judge(response: httpx.Response, address: str) -> Answer:
    """Put a response into words."""
    code, final = response.status_code, str(response.url)
    if code < 400:
        moved = final.rstrip("/") != address.rstrip("/")
        return Answer(address, "moved" if moved else "ok", str(code), final if moved else "")
    return Answer(
        address, "gone" if code in (404, 410) else "refused" if code in (401, 403, 429) else "broken", str(code)
    )


async def ask(client: httpx.AsyncClient, address: str, tries: int = TRIES, pause: float = PAUSE) -> Answer:
    """HEAD, then GET where HEAD is not answered well; again after a pause on a fault that may pass."""
    answer = Answer(address, "unreachable", "not asked")
    for attempt in range(tries):
        if attempt:
            await asyncio.sleep(pause * 2**attempt)
        for method in ("HEAD", "GET"):
            try:
                async with client.stream(method, address) as response:
                    answer = judge(response, address)
            except httpx.TimeoutException:
                answer = Answer(address, "unreachable", "no answer in time")
            except httpx.HTTPError as error:
                why = str(error) or type(error).__name__
                answer = Answer(address, "unreachable", "bad certificate" if "certificate" in why.lower() else why[:80])
            if answer.answered:
                return answer
        if answer.status in ("gone", "refused") or answer.detail == "bad certificate":
            break
    return answer


async def ask_all(
    addresses: list[str],
    client: httpx.AsyncClient,
    tries: int = TRIES,
    pause: float = PAUSE,
    at_once: int = AT_ONCE,
    say=lambda text: None,
) -> list[Answer]:
    """Every address once, at most `at_once` under way and `pause` seconds apart for one host. Same order out as in."""
    gate, hosts, done = asyncio.Semaphore(at_once), {}, 0

    async def one(address: str) -> Answer:
        nonlocal done
        async with hosts.setdefault(urlparse(address).netloc, asyncio.Lock()), gate:
            answer = await ask(client, address, tries, pause)
            await asyncio.sleep(pause)
        done += 1
        say(f"links: {done} of {len(addresses)}: {answer.status} {answer.detail} {address}")
        return answer

    return await asyncio.gather(*(one(a) for a in addresses))


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
    wanted = addresses(book)

    async def run() -> list[Answer]:
        async with httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=True, headers={"User-Agent": AGENT}) as client:
            return await ask_all(wanted, client, say=lambda text: print(text, file=sys.stderr))

    answers = asyncio.run(run())
    write(ROOT / "docs/data/links.yml", answers, book.registers.links, book.today)
    bad = [a for a in answers if not a.answered]
    for answer in bad:
        print(f"{answer.status}: {answer.address} ({answer.detail})")
    print(f"{len(answers) - len(bad)} of {len(answers)} addresses answered")
    return 1 if options.fail and any(a.status in ("gone", "broken") for a in bad) else 0


if __name__ == "__main__":
    sys.exit(main())
