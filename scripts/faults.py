"""Builds and publishes that are killed, doubled, starved of space or refused: what happened, as a table."""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import publish

ROOT = Path(__file__).resolve().parents[1]
GOOD = "the last good site"


def copy(folder: Path) -> Path:
    """The project in another folder, with what was built before and a site that must survive."""
    for name in ("docs", "overrides", "scripts", "mkdocs.yml", "tests/data/urls.txt"):
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__")) if source.is_dir() else shutil.copy(source, target)
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


def start(folder: Path, **more) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "scripts/build.py"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True, **more)


def intact(folder: Path) -> bool:
    return (folder / "site/index.html").read_text() == GOOD


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
    return fine, f"{fine}/{times} kept a whole site (moments {min(moments):.1f} to {max(moments):.1f} s of {length:.1f}); the build after them {'clean' if clean else 'FAILED'}"


def two(folder: Path) -> str:
    restore(folder)
    builds = [start(folder), start(folder)]
    said = [b.communicate()[1] for b in builds]
    waited = sum("waiting for it" in s for s in said)
    return f"exit {[b.returncode for b in builds]}, {waited} waited and said so, site {'whole' if whole(folder) else 'BROKEN'}"


def small_files(folder: Path) -> str:
    """No file may grow past 300 kB: as a full disk, half way."""
    restore(folder)
    build = start(folder, preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))))
    return outcome(folder, build)


def outcome(folder: Path, build: subprocess.Popen) -> str:
    said = build.communicate()[1]
    last = (said.strip().splitlines() or [""])[-1]
    return f"exit {build.returncode}, site {'untouched' if intact(folder) else 'CHANGED'}, traceback {'YES' if 'Traceback' in said else 'no'}: {last[:110]}"


def full_disk(folder: Path) -> str:
    """``.build`` on a file system of its own with 8 MB. Needs root."""
    if os.geteuid():
        return "not tried: mounting needs root"
    aside = folder / ".build-aside"
    (folder / ".build").rename(aside)
    (folder / ".build").mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder / ".build")], capture_output=True).returncode:
        shutil.rmtree(folder / ".build")
        aside.rename(folder / ".build")
        return "not tried: mounting is not allowed here"
    try:
        restore(folder)
        return outcome(folder, start(folder))
    finally:
        subprocess.run(["umount", str(folder / ".build")], check=True)
        shutil.rmtree(folder / ".build")
        aside.rename(folder / ".build")


def read_only(folder: Path) -> str:
    """A ``.build`` nobody may write into; as root, one that is a file."""
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


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/faults", description="Try to break the build; print what happened.")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = copy(Path(name))
        print(f"killed at random    {kills(folder, options.kills, random.Random(options.seed))[1]}", flush=True)
        print(f"two at once         {two(folder)}", flush=True)
        print(f"files cut at 300 kB {small_files(folder)}", flush=True)
        print(f"disk of 8 MB        {full_disk(folder)}", flush=True)
        print(f".build not writable {read_only(folder)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
