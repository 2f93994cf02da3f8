"""Time and peak memory of a build with several times the pages, and the exponent by which they grow.

Each page is copied under new names, with its registers and checklists as they are, in a folder of its own. The
copies of a group stand in sections of about the size of today's below it, so that a menu names the pages of its own
section and, besides, the other sections: nobody could read a menu of all 380 pages of a group of 20 times today's, and
it would have to be drawn on each of these pages. A group has 20 sections then, still in one row. The sheets as PDF are
left out: they are kept from build to build and typeset by another program.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def enlarge(folder: Path, times: int) -> int:
    """Copies of every page but the index pages, with titles, addresses and links of their own. Returns the number of pages."""
    config = (folder / "mkdocs.yml").read_text(encoding="utf-8")
    pages = 0
    for lang in ("zh", "en"):
        for file in sorted((folder / "docs" / lang).rglob("*.md")):
            pages += 1
            if file.stem == "index" or file.parent.name == "reference":
                continue
            text = file.read_text(encoding="utf-8")
            for number in range(2, times + 1):
                copy = re.sub(
                    r"^title: (.*)$",
                    lambda m, n=number: "title: " + json.dumps(f"{m[1].strip(chr(34))} {n}", ensure_ascii=False),
                    text,
                    count=1,
                    flags=re.M,
                )
                copy = re.sub(r"^# (.*)$", lambda m, n=number: f"# {m[1]} {n}", copy, count=1, flags=re.M)
                copy = re.sub(r"^aliases:.*$", f"aliases: [{file.stem} {number}]", copy, count=1, flags=re.M)
                copy = re.sub(r"<!-- tool: .*? -->", "", copy)
                file.with_name(f"{file.stem}-{number}.md").write_text(copy, encoding="utf-8")
                pages += 1

    def sections(match: re.Match) -> str:
        """A group of the nav and its copies below it, each a section."""
        lines = re.findall(r"( +- .*/(?!index)[^/]+)\.md\n", match[0])
        return match[0] + "".join(
            f"      - {match[1]} {n}:\n" + "".join(f"    {line}-{n}.md\n" for line in lines)
            for n in range(2, times + 1)
        )

    config = re.sub(r"^  - (?!reference)([a-z]+):\n(?: {6}- .*\n)+", sections, config, flags=re.M)
    (folder / "mkdocs.yml").write_text(config.replace("strict: true", "strict: false"), encoding="utf-8")
    hooks = folder / "scripts/hooks.py"  # copies break rules on titles and translations, which is not what is measured
    hooks.write_text(hooks.read_text(encoding="utf-8").replace("raise PluginError", "len"), encoding="utf-8")
    return pages


def measure(times: int) -> tuple[int, float, float, float]:
    """(pages, seconds, seconds of a processor, peak MB) of one build of pages and of what finishes them, from nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("docs", "overrides", "scripts"):
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "mkdocs.yml", folder)
        pages = enlarge(folder, times)
        steps = [
            [sys.executable, "-m", "mkdocs", "build", "-q", "-f", "mkdocs.yml", "-d", "out"],
            [sys.executable, "scripts/finish.py", ".", "out", "http://127.0.0.1:8000/"],
        ]
        peak, used, started = 0.0, 0.0, time.perf_counter()
        for step in steps:
            code = "import resource, subprocess, sys; r = subprocess.run(sys.argv[1:], capture_output=True, text=True); u = resource.getrusage(resource.RUSAGE_CHILDREN); print(u.ru_maxrss, u.ru_utime + u.ru_stime); sys.stderr.write(r.stderr[-2000:]); sys.exit(r.returncode)"
            done = subprocess.run(
                [sys.executable, "-c", code, *step],
                cwd=folder,
                capture_output=True,
                text=True,
                env={**os.environ, "PYTHONPATH": "scripts"},
            )
            if done.returncode:
                raise SystemExit(f"scale: {step[2]} failed at {times} times:\n{done.stderr}")
            memory, seconds = done.stdout.split()
            used += float(seconds)
            peak = max(peak, int(memory) / (1024 if sys.platform != "darwin" else 1024**2))
        return pages, time.perf_counter() - started, used, peak


def exponent(xs: list[float], ys: list[float]) -> float:
    """The slope through the logarithms: 1 is linear."""
    lx, ly = [math.log(x) for x in xs], [math.log(y) for y in ys]
    mx, my = sum(lx) / len(lx), sum(ly) / len(ly)
    return sum((a - mx) * (b - my) for a, b in zip(lx, ly, strict=True)) / sum((a - mx) ** 2 for a in lx)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/scale", description="Time and memory of a build with several times the pages."
    )
    parser.add_argument("--times", type=int, nargs="+", default=[1, 5, 20])
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    rows = []
    for times in options.times:
        rows.append(measure(times))
        print(
            f"{times:3} x: {rows[-1][0]:6} pages  {rows[-1][1]:7.1f} s  {rows[-1][2]:7.1f} s of a processor  {rows[-1][3]:6.0f} MB",
            flush=True,
        )
    if len(rows) > 1:
        pages = [r[0] for r in rows]
        print(
            f"grows with pages to the power of {exponent(pages, [r[1] for r in rows]):.2f} (time), {exponent(pages, [r[2] for r in rows]):.2f} (time of a processor), {exponent(pages, [r[3] for r in rows]):.2f} (memory); without the sheets"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
