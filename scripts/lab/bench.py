"""How long a build takes: cold, again, after one changed sentence, and with our hooks off, in alternation."""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import common


def seconds(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds by the clock, and of a processor in user mode."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, cwd=folder, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/lab/bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each kind (3)")
    parser.add_argument(
        "--sheets", action="store_true", help="the sheets instead, cold and warm, beside Chromium and WeasyPrint"
    )
    parser.add_argument(
        "--nginx", action="store_true", help="the published site on nginx instead: pages, load, publishes (needs wrk)"
    )
    options = parser.parse_args()
    if options.nginx:
        import bench_nginx

        return bench_nginx.main(max(options.runs, 30))
    if options.sheets:
        import bench_sheets

        return bench_sheets.main(options.runs)
    times: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder, plain = common.copy(Path(name) / "project"), Path(name)
        ours, off = folder / "mkdocs.yml", common.without_hooks(plain)
        page = folder / "docs/zh/start/prison.md"
        checks = [sys.executable, "-m", "handbook", "--errors"]
        for run in range(options.runs):
            shutil.rmtree(folder / ".build", ignore_errors=True)
            for kind, command in (
                ("cold", common.mkdocs(ours, folder / "out")),
                ("nothing changed", common.mkdocs(ours, folder / "out")),
                ("one sentence changed", common.mkdocs(ours, folder / "out")),
                ("hooks off", common.mkdocs(off, plain / "out")),
                ("checks alone", checks),
            ):
                if kind == "one sentence changed":
                    with page.open("a", encoding="utf-8") as file:
                        file.write(f"\n再打一次官方电话，问第 {run + 1} 遍。\n")
                times.setdefault(kind, []).append(seconds(command, folder))
                print(f"run {run + 1} of {options.runs}, {kind}: {times[kind][-1][0]:.2f} s", file=sys.stderr)
    base = statistics.median(used for _, used in times["hooks off"])
    for kind, values in times.items():
        clock, used = (statistics.median(column) for column in zip(*values, strict=True))
        print(f"{kind:22} {clock:7.2f} s, {used:7.2f} s of a processor, {used / base:5.2f} x hooks off")
    return 0


if __name__ == "__main__":
    sys.exit(main())
