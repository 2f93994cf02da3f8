"""Time and peak memory of a build with several times the pages, and the exponent by which they grow.

Each page is copied under new names, with its registers and checklists as they are, in a folder of its own. The
copies of a group stand in sections of about the size of today's below it, so that a menu names the pages of its own
section and, besides, the other sections: nobody could read a menu of all 380 pages of a group of 20 times today's. The
sheets are left out: they are kept from build to build and typeset by another program.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import common
import yaml
from mkdocs.utils.yaml import yaml_load

# copies break rules on titles and translations, which is not what is measured
BUILD = """
from handbook.book import Book
from handbook.paper import sheets
from mkdocs.__main__ import cli
Book.problems = lambda self, only=None: []
Book.size = lambda self, lang, address: ""
sheets.papers = lambda book: []
cli(["build", "-q", "-d", "out"])
"""


def enlarge(folder: Path, times: int) -> int:
    """Copies of every page but the index pages, with titles and addresses of their own. Returns the number of pages."""
    nav = yaml_load((folder / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    (folder / "mkdocs.yml").rename(folder / "base.yml")
    for group in (entry for entry in nav if isinstance(entry, dict) and "reference" not in entry):
        for name, paths in group.items():
            once = [path for path in paths if not path.endswith("index.md")]
            for number in range(2, times + 1):
                copies = {path: f"{path.removesuffix('.md')}-{number}.md" for path in once}
                paths.append({f"{name} {number}": list(copies.values())})
                for lang in ("zh", "en"):
                    for path, copy in copies.items():
                        _, head, body = (folder / "docs" / lang / path).read_text(encoding="utf-8").split("---\n", 2)
                        meta = yaml.safe_load(head)
                        meta |= {"title": f"{meta['title']} {number}", "aliases": [f"{Path(path).stem} {number}"]}
                        head = yaml.safe_dump(meta, allow_unicode=True, sort_keys=False)
                        (folder / "docs" / lang / copy).write_text(f"---\n{head}---\n{body}", encoding="utf-8")
    config = {"INHERIT": "base.yml", "strict": False, "nav": nav}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return sum(1 for _ in (folder / "docs").rglob("*.md"))


def measure(times: int) -> tuple[int, float, float, float]:
    """(pages, seconds, seconds of a processor, peak MB) of one build from nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = common.copy(Path(name))
        pages, started = enlarge(folder, times), time.perf_counter()
        said = folder / "said.txt"
        with said.open("w") as out:
            run = subprocess.Popen(
                [sys.executable, "-c", BUILD],
                cwd=folder,
                stdout=out,
                stderr=out,
                env={**os.environ, "PYTHONPATH": str(folder / "scripts")},
            )
            _, status, used = os.wait4(run.pid, 0)
        if status:
            raise SystemExit(f"scale: the build failed at {times} times:\n{said.read_text()[-2000:]}")
        memory = used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
        return pages, time.perf_counter() - started, used.ru_utime + used.ru_stime, memory


def exponent(xs: list[float], ys: list[float]) -> float:
    """The slope through the logarithms: 1 is linear."""
    lx, ly = [math.log(x) for x in xs], [math.log(y) for y in ys]
    mx, my = sum(lx) / len(lx), sum(ly) / len(ly)
    return sum((a - mx) * (b - my) for a, b in zip(lx, ly, strict=True)) / sum((a - mx) ** 2 for a in lx)


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/lab/scale", description=__doc__.split("\n\n")[0])
    parser.add_argument("--times", type=int, nargs="+", default=[1, 5, 20])
    options = parser.parse_args()
    rows = []
    for times in options.times:
        rows.append(measure(times))
        pages, clock, used, memory = rows[-1]
        print(f"{times:3} x: {pages:6} pages {clock:8.1f} s {used:8.1f} s of a processor {memory:7.0f} MB", flush=True)
    if len(rows) > 1:
        pages, *columns = zip(*rows, strict=True)
        clock, used, memory = (exponent(pages, column) for column in columns)
        print(
            f"grows with pages to the power of {clock:.2f} (time), {used:.2f} (time of a processor), {memory:.2f} (memory)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
