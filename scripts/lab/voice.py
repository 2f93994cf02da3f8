"""How the Chinese pages speak, in figures: scripts/lab/voice [COMMIT …]; without one, the pages as they are.

Each commit's pages are read from git with today's patterns (scripts/handbook/rules/voice.py), so that columns compare.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from pathlib import Path

from handbook.model.page import parse, plain
from handbook.model.text import length, sentences
from handbook.rules import voice

ROOT = Path(__file__).resolve().parents[2]
ROWS = {
    "how we know it, in a sentence": lambda p: sum(len(voice.EVIDENCE["zh"].findall(t)) for t in p.said),
    "English in brackets": lambda p: sum(len(voice.GLOSS.findall(t)) for t in p.said),
    "对方, outside lines to say": lambda p: sum(t.count("对方") for t in p.own),
    "“……的，” as a condition": lambda p: sum(
        not voice.NO_ELLIPSIS.search(hit) for t in p.own for hit in voice.ELLIPSIS.findall(t)
    ),
    "sentences with two hedges": lambda p: sum(
        len(set(voice.HEDGE["zh"].findall(s))) > 1 for t in p.said for s in sentences(t, "zh")
    ),
    "sentences over 32": lambda p: sum(length(s, "zh") > 32 for t in p.said for s in sentences(t, "zh")),
    "boxes over 20": lambda p: sum(length(plain(i.text), "zh") > 20 for i in p.items),
    "words of those who build": lambda p: sum(len(voice.BUILDERS["zh"].findall(t)) for t in p.said),
    "note marks": lambda p: len(p.cites),
    "pages with “一句话：”": lambda p: any(voice.LABEL.match(b.text) for b in p.blocks),
}


def git(*arguments: str) -> str:
    """What git answers."""
    command = ["git", "-c", "core.quotepath=off", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def pages(commit: str | None) -> list:
    """The Chinese pages, but for the group of references, of a commit or of the folder."""
    if commit:
        names = git("ls-tree", "-r", "--name-only", commit, "docs/zh").split()
        texts = {name: git("show", f"{commit}:{name}") for name in names}
    else:
        texts = {str(f.relative_to(ROOT)): f.read_text(encoding="utf-8") for f in sorted(ROOT.glob("docs/zh/**/*.md"))}
    out = []
    for file, text in texts.items():
        if file.endswith(".md") and not file.startswith("docs/zh/reference/"):
            page = parse(text, file.removeprefix("docs/zh/").removesuffix(".md"), "zh", file)[0]
            page.said = [re.sub("“[^”]*”", "", plain(b.text)) for b in page.blocks]
            page.own = [t for t, b in zip(page.said, page.blocks, strict=True) if b.kind not in ("quote", "heading")]
            out.append(page)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/lab/voice", description=__doc__)
    parser.add_argument("commits", nargs="*", metavar="COMMIT", help="a commit to stand beside the pages as they are")
    commits = parser.parse_args().commits
    try:
        columns = [pages(commit) for commit in (*commits, None)]
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"voice: {error.stderr.strip()}") from None
    print(f"{'':34}", *(f"{name[:12]:>20}" for name in (*commits, "now")))
    for name, count in {"pages": lambda p: 1, **ROWS}.items():
        cells = []
        for read in columns:
            each = [count(page) for page in read]
            cells.append(f"{sum(each)} on {sum(map(bool, each))}, most {max(each, default=0)}")
        print(f"{name:34}", *(f"{cell:>20}" for cell in cells))


if __name__ == "__main__":
    main()
