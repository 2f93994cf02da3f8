"""Debian's nginx with the shipped nginx.conf on the published site: pages beside bare files, load, publishes, going back.

A bare file has the same bytes and the same compressed twin as a page and comes from the same nginx: once through the same
configuration (what the addresses of pages cost), once through a server block with nothing but ``gzip_static`` (what the
headers cost as well). Everything stays on 127.0.0.1.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from common import ROOT
from handbook.ship import versions as publish

BARE = """server {{
    listen 127.0.0.1:{port};
    root {folder};
    gzip_static on;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000;
    access_log off;
}}
"""
SCRIPT = """local ready, turn = {}, 0
function init() for path in io.lines("PATHS") do ready[#ready + 1] = wrk.format("GET", path) end end
function request() turn = turn % #ready + 1; return ready[turn] end
function done(s) local e = s.errors
  print(string.format('{"requests": %d, "seconds": %f, "errors": %d}', s.requests, s.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout)) end
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def nginx(folder: Path, target: Path, more: str = "") -> Iterator[tuple[subprocess.Popen, int]]:
    """nginx with the shipped configuration, serving ``target/current``; its process and port. Raises OSError if it does not start."""
    port = free_port()
    server = (
        (ROOT / "scripts/handbook/ship/nginx.conf")
        .read_text(encoding="utf-8")
        .replace("listen 8080", f"listen 127.0.0.1:{port}")
        .replace("/srv/handbook/current", str(target / "current"))
    )
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = f"user {getpass.getuser()};\n" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}worker_processes 2;\nerror_log {folder}/error.log;\npid {folder}/pid;\nevents {{ worker_connections 1024; }}\nhttp {{\ninclude /etc/nginx/mime.types;\n{paths}{server}\n{more}}}\n",
        encoding="utf-8",
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen(
        [program, "-c", str(folder / "nginx.conf"), "-g", "daemon off;"], stderr=subprocess.PIPE, text=True
    )
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 0.1).close()
                break
            if process.poll() is not None:
                raise OSError(process.stderr.read())
            time.sleep(0.05)
        yield process, port
    finally:
        process.terminate()
        process.wait(timeout=10)


def cpu(process: subprocess.Popen) -> float:
    """Seconds of processor time that the workers of this nginx have used."""
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in workers]
    return sum(int(s[11]) + int(s[12]) for s in stats) / os.sysconf("SC_CLK_TCK")


def load(port: int, paths: Path, connections: int, seconds: int) -> dict:
    """wrk on these paths, in turn: ``{"requests", "seconds", "errors"}``; any status but 2xx and 3xx is an error."""
    script = paths.with_suffix(".lua")
    script.write_text(SCRIPT.replace("PATHS", str(paths)))
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "10s",
        "-H",
        "Accept-Encoding: gzip",
        "-s",
        str(script),
        f"http://127.0.0.1:{port}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def bare_files(site: Path) -> tuple[list[str], list[str]]:
    """A bare file with its twin for each page, in ``site/bare``. Returns the addresses of the pages, and of the files in the same order."""
    pages, files = sorted(p for p in site.rglob("index.html") if p.with_name("index.html.gz").exists()), []
    (site / "bare").mkdir()
    for number, page in enumerate(pages):
        for ending in ("", ".gz"):
            shutil.copy(page.with_name(page.name + ending), site / f"bare/{number}.html{ending}")
        files.append(f"/{number}.html")
    return [f"/{p.relative_to(site).as_posix().removesuffix('index.html')}" for p in pages], files


def compare(process: subprocess.Popen, kinds: dict[str, tuple[int, Path]], rounds: int, seconds: int) -> None:
    """Many short rounds, each kind first in turn; prints medians, and the median of the ratios within a round."""
    rates: dict[str, list[float]] = {kind: [] for kind in kinds}
    costs: dict[str, list[float]] = {kind: [] for kind in kinds}
    names = list(kinds)
    for number in range(rounds + 1):
        for kind in names[number % len(names) :] + names[: number % len(names)]:
            before = cpu(process)
            got = load(*kinds[kind], 50, seconds)
            if got["errors"]:
                raise SystemExit(f"bench: {got['errors']} errors on {kind}")
            if number:  # the first round warms up
                rates[kind].append(got["requests"] / got["seconds"])
                costs[kind].append((cpu(process) - before) / got["requests"] * 1e6)
    print(f"{rounds} rounds of {seconds} s for each, 50 connections; medians")
    for kind in names:
        ratios = sorted(a / b for a, b in zip(rates[names[0]], rates[kind], strict=True))
        beside = (
            f"; pages beside it {statistics.median(ratios):.3f} (middle half {ratios[len(ratios) // 4]:.3f} to {ratios[-1 - len(ratios) // 4]:.3f})"
            if kind != names[0]
            else ""
        )
        print(
            f"  {kind:42} {statistics.median(rates[kind]):6.0f} a second, {statistics.median(costs[kind]):5.2f} µs of a processor each{beside}",
            flush=True,
        )


def crowd(port: int, paths: Path, least: int, busy: threading.Thread | None = None) -> tuple[int, int]:
    """200 connections until ``least`` requests are through and the thread has ended. Returns (requests, errors)."""
    requests = errors = 0
    if busy:
        busy.start()
    while requests < least or (busy and busy.is_alive()):
        got = load(port, paths, 200, 3)
        requests, errors = requests + got["requests"], errors + got["errors"]
    return requests, errors


def back(target: Path, port: int) -> tuple[float, float]:
    """Seconds until the command of going back has ended, and until nginx serves the version before."""

    def served() -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/robots.txt") as answer:
            return answer.read()

    now, started = served(), time.monotonic()
    run = subprocess.Popen(
        [sys.executable, "-m", "handbook.ship.versions", str(target), "--back"], stdout=subprocess.DEVNULL
    )
    ended = seen = 0.0
    while not (ended and seen):
        if not ended and run.poll() is not None:
            ended = time.monotonic() - started
        if not seen and served() != now:
            seen = time.monotonic() - started
        if time.monotonic() - started > 30:
            raise SystemExit("bench: going back changed nothing")
        time.sleep(0.002)
    return ended, seen


def main(rounds: int, seconds: int = 1, least: int = 100_000, publishes: int = 20) -> int:
    if not shutil.which("wrk") or not (shutil.which("nginx") or os.path.exists("/usr/sbin/nginx")):
        print("bench: needs nginx and wrk: apt-get install nginx wrk", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        target, site = folder / "www", folder / "site"
        shutil.copytree((ROOT / "site").resolve(), site)
        publish.publish(site, target)
        pages, files = bare_files((target / "current").resolve())
        paths = {}
        for kind, addresses in (("page", pages), ("bare", files), ("inside", [f"/bare{f}" for f in files])):
            paths[kind] = folder / f"{kind}.txt"
            paths[kind].write_text("\n".join(addresses) + "\n")
        bare = free_port()
        with nginx(folder, target, BARE.format(port=bare, folder=(target / "current").resolve() / "bare")) as (
            process,
            port,
        ):
            compare(
                process,
                {
                    f"{len(pages)} pages": (port, paths["page"]),
                    "bare files, same configuration": (port, paths["inside"]),
                    "bare files, bare configuration": (bare, paths["bare"]),
                },
                rounds,
                seconds,
            )
            requests, errors = crowd(port, paths["page"], least)
            print(f"load: {requests} requests over 200 connections, {errors} errors", flush=True)
            times = []

            def publishing() -> None:
                for number in range(publishes):
                    (site / "robots.txt").write_text(f"# version {number}\n")
                    started = time.monotonic()
                    subprocess.run(
                        [sys.executable, "-m", "handbook.ship.versions", str(target), "--site", str(site)],
                        check=True,
                        stdout=subprocess.DEVNULL,
                    )
                    times.append(time.monotonic() - started)

            requests, more = crowd(port, paths["page"], least, threading.Thread(target=publishing))
            print(
                f"during {len(times)} publishes ({statistics.median(times):.1f} s each): {requests} requests over 200 connections, {more} errors",
                flush=True,
            )
            backs = [back(target, port) for _ in range(4)]
            print(
                f"back to the version before, {len(backs)} times: the command {max(b[0] for b in backs):.2f} s at most, served after {max(b[1] for b in backs):.2f} s at most"
            )
            return 1 if len(times) < publishes or errors or more else 0
