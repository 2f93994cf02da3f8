"""How long a full build takes, beside a build of the same pages with our hooks off, in alternation."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def plain_config(folder: Path) -> Path:
    """mkdocs.yml without hooks, not strict (citations and markers are then only text)."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    text = text.replace("hooks:\n  - scripts/hooks.py\n", "").replace("strict: true", "strict: false")
    for name in ("docs_dir: docs", "custom_dir: overrides"):
        key, value = name.split(": ")
        text = text.replace(name, f"{key}: {ROOT / value}")
    path = folder / "mkdocs.yml"
    path.write_text(text, encoding="utf-8")
    return path


def seconds(config: Path, out: Path) -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(config), "-d", str(out)],
        cwd=ROOT,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each kind (3)")
    parser.add_argument(
        "--sheets",
        action="store_true",
        help="the sheets instead: all of them cold and warm, and one list beside Chromium and WeasyPrint",
    )
    parser.add_argument(
        "--nginx",
        action="store_true",
        help="the published site on Debian's nginx instead: pages beside bare files, load, publishes (needs nginx and wrk)",
    )
    options = parser.parse_args()
    os.chdir(ROOT)
    if options.nginx:
        import bench_nginx

        return bench_nginx.main(max(options.runs, 30))
    if options.sheets:
        import bench_sheets

        return bench_sheets.main(options.runs)
    with tempfile.TemporaryDirectory() as folder:
        plain = plain_config(Path(folder))
        times: dict[str, list[float]] = {"with hooks": [], "hooks off": []}
        for run in range(options.runs):
            for name, config in (("with hooks", ROOT / "mkdocs.yml"), ("hooks off", plain)):
                times[name].append(seconds(config, Path(folder) / "out"))
                print(f"run {run + 1} of {options.runs}, {name}: {times[name][-1]:.2f} s", file=sys.stderr)
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "handbook", "--errors"],
            env={**os.environ, "PYTHONPATH": "scripts"},
            stdout=subprocess.DEVNULL,
        )
        check = time.perf_counter() - started
    middle = {name: statistics.median(values) for name, values in times.items()}
    print(
        f"full build, both languages: {middle['with hooks']:.2f} s with hooks, {middle['hooks off']:.2f} s with hooks off, ratio {middle['with hooks'] / middle['hooks off']:.2f}"
    )
    print(f"checks without a browser: {check:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
