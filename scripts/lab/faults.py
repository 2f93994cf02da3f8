"""Builds and publishes that are killed, doubled, starved of space, refused or far off in time: what happened, as a table."""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import common
from common import ROOT
from handbook.ship import versions as publish

GOOD = "the last good site"


def copy(folder: Path) -> Path:
    """The project in another folder, with what was built before and a site that must survive."""
    common.copy(folder)
    for cache in ("compressed", "sheets"):
        if (ROOT / ".build" / cache).is_dir():
            shutil.copytree(ROOT / ".build" / cache, folder / ".build" / cache)
    restore(folder)
    return folder


def restore(folder: Path) -> None:
    good = folder / ".build/site-1"
    good.mkdir(parents=True, exist_ok=True)
    (good / "index.html").write_text(GOOD)
    (folder / "site").unlink(missing_ok=True)
    (folder / "site").symlink_to(".build/site-1")


def start(folder: Path, preexec_fn=None, **environment) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "handbook.ship.versions", "--build"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=preexec_fn,
        env={**os.environ, "PYTHONPATH": str(folder / "scripts"), **environment},
    )


def intact(folder: Path) -> bool:
    page = folder / "site/index.html"
    return page.is_file() and page.read_text() == GOOD


def whole(folder: Path) -> bool:
    try:
        publish.verify((folder / "site").resolve())
    except publish.PublishError:
        return False
    return not list((folder / ".build").glob("new-*"))


def kills(folder: Path, times: int, rng: random.Random) -> tuple[int, str]:
    """Kill the whole build at random moments of its run, then build again."""
    restore(folder)
    began = time.monotonic()
    start(folder).communicate()
    length, fine, moments = time.monotonic() - began, 0, []
    for _ in range(times):
        restore(folder)
        build = start(folder)
        moment = rng.uniform(0, length)
        time.sleep(moment)
        finished = build.poll() is not None
        if not finished:
            os.killpg(build.pid, signal.SIGKILL)
        build.communicate()
        kept = whole(folder) if not intact(folder) else True  # killed after the switch: the new one is whole
        fine += kept
        moments.append(moment)
    again = start(folder)
    said = again.communicate()[1]
    clean = again.returncode == 0 and whole(folder) and "Traceback" not in said
    return (
        fine,
        f"{fine}/{times} kept a whole site (moments {min(moments):.1f} to {max(moments):.1f} s of {length:.1f}); the build after them {'clean' if clean else 'FAILED'}",
    )


def two(folder: Path) -> str:
    restore(folder)
    builds = [start(folder), start(folder)]
    said = [b.communicate()[1] for b in builds]
    waited = sum("waiting for it" in s for s in said)
    return f"exit {[b.returncode for b in builds]}, {waited} waited and said so, site {'whole' if whole(folder) else 'BROKEN'}"


def small_files(folder: Path) -> str:
    """No file may grow past 300 kB: as a full disk, half way."""
    restore(folder)
    build = start(
        folder,
        preexec_fn=lambda: (
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
            resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)),
        ),
    )
    return outcome(folder, build)


def outcome(folder: Path, build: subprocess.Popen) -> str:
    said = build.communicate()[1]
    last = (said.strip().splitlines() or [""])[-1]
    return f"exit {build.returncode}, site {'untouched' if intact(folder) else 'CHANGED'}, traceback {'YES' if 'Traceback' in said else 'no'}: {last[:110]}"


@contextlib.contextmanager
def mounted(place: Path, fill: Callable[[], None], *options: str) -> Iterator[bool]:
    """A file system of 8 MB at ``place``, filled and then mounted again with the options. Yields whether that is allowed here."""
    aside = place.with_name(f"{place.name}-aside")
    if place.exists():
        place.rename(aside)
    place.mkdir()
    allowed = not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)], capture_output=True
    ).returncode
    try:
        if allowed:
            fill()
            if options:
                subprocess.run(["mount", "-o", ",".join(("remount", *options)), str(place)], check=True)
        yield allowed
    finally:
        if allowed:
            subprocess.run(["umount", str(place)], check=True)
        shutil.rmtree(place)
        if aside.exists():
            aside.rename(place)


def build_on(folder: Path, *options: str) -> str:
    """``.build`` on a file system of its own with 8 MB, or that may only be read."""
    with mounted(folder / ".build", lambda: restore(folder), *options) as allowed:
        return outcome(folder, start(folder)) if allowed else "not tried: mounting needs root"


def no_folder(folder: Path) -> str:
    """A ``.build`` nobody may write into: one that is a file."""
    aside = folder / ".build-aside"
    (folder / ".build").rename(aside)
    (folder / ".build").write_text("not a folder")
    (folder / "site").unlink()
    (folder / "site").symlink_to(".build-aside/site-1")
    (aside / "site-1").mkdir(exist_ok=True)
    (aside / "site-1/index.html").write_text(GOOD)
    try:
        return outcome(folder, start(folder))
    finally:
        (folder / ".build").unlink()
        aside.rename(folder / ".build")


def clock(folder: Path, seconds: str) -> str:
    """A build by a clock that is far off."""
    restore(folder)
    build = start(folder, SOURCE_DATE_EPOCH=seconds)
    said = build.communicate()[1]
    site = "whole" if not intact(folder) and whole(folder) else "untouched" if intact(folder) else "BROKEN"
    return f"exit {build.returncode}, site {site}, traceback {'YES' if 'Traceback' in said else 'no'}: {(said.strip().splitlines() or [''])[-1][:110]}"


# -- publishing ------------------------------------------------------------------------------------


def publishing(site: Path, target: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "handbook.ship.versions", str(target), "--site", str(site)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def served(target: Path) -> bool:
    """What is served is a whole version."""
    try:
        publish.verify((target / "current").resolve(strict=True))
    except (publish.PublishError, OSError):
        return False
    return True


def publish_kills(site: Path, target: Path, times: int, rng: random.Random) -> str:
    began = time.monotonic()
    publishing(site, target).communicate()
    length, fine = time.monotonic() - began, 0
    for _ in range(times):
        run = publishing(site, target)
        time.sleep(rng.uniform(0, length))
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        fine += served(target)
    again = publishing(site, target)
    again.communicate()
    clean = again.returncode == 0 and served(target) and not list((target / "versions").glob("*.part"))
    return f"{fine}/{times} went on serving a whole version (killed within {length:.1f} s); the publish after them {'clean' if clean else 'FAILED'}"


def publish_on(site: Path, target: Path, *options: str) -> str:
    """Publish to a file system of 8 MB, or that may only be read, where a small version is served."""

    def fill() -> None:
        (target / "versions/000001-0000000000").mkdir(parents=True)
        (target / "versions/000001-0000000000/index.html").write_text(GOOD)
        (target / "current").symlink_to("versions/000001-0000000000")

    with mounted(target, fill, *options) as allowed:
        if not allowed:
            return "not tried: mounting needs root"
        run = publishing(site, target)
        said = run.communicate()[1]
        kept = (target / "current/index.html").read_text() == GOOD
        return f"exit {run.returncode}, what is served {'untouched' if kept else 'CHANGED'}, traceback {'YES' if 'Traceback' in said else 'no'}: {(said.strip().splitlines() or [''])[-1][:110]}"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/lab/faults", description="Try to break the build; print what happened."
    )
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = copy(Path(name))
        rng = random.Random(options.seed)
        site = folder / "whole-site"

        def row(name: str, said: str) -> None:
            print(f"{name:32} {said}", flush=True)

        row("build killed at random", kills(folder, options.kills, rng)[1])
        shutil.copytree((folder / "site").resolve(), site)
        row("two builds at once", two(folder))
        row("build, files cut at 300 kB", small_files(folder))
        row("build on a disk of 8 MB", build_on(folder))
        row("build on a disk only to read", build_on(folder, "ro"))
        row("build, .build is a file", no_folder(folder))
        for year in (1970, 1980, 2099, 2200):
            row(
                f"build by a clock of {year}",
                clock(folder, str(int(datetime(year, 1, 1, 0, 0, 1, tzinfo=UTC).timestamp()))),
            )
        row("build by a clock of no number", clock(folder, "soon"))
        row("publish killed at random", publish_kills(site, folder / "www", options.kills, rng))
        row("publish to a disk of 8 MB", publish_on(site, folder / "small"))
        row("publish to a disk only to read", publish_on(site, folder / "read", "ro"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
