"""Build the site beside the last one and swap it in only if all went well."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import finish
import sheets

ROOT = Path(__file__).resolve().parents[1]


@contextlib.contextmanager
def only_one(work: Path):
    """Wait for another build of the same folder to end; say so."""
    work.mkdir(exist_ok=True)
    with open(work / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("build: another build is running here; waiting for it", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(root: Path = ROOT, quiet: bool = False) -> int:
    """Build into ``.build/`` and point ``site`` at the result. Returns an exit code; 0 is success.

    ``site`` is a link, so that the change is one rename and nobody ever sees half a site.
    """
    work, started = root / ".build", time.monotonic()
    with only_one(work):
        for left in work.glob("new-*"):  # of builds that were stopped half way
            shutil.rmtree(left, ignore_errors=True)
        new = Path(tempfile.mkdtemp(prefix="new-", dir=work))
        new.chmod(0o755)
        print("build: pages, lists and registers, both languages …", file=sys.stderr)
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-f", str(root / "mkdocs.yml"), "-d", str(new)]
        result = subprocess.run(command, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if result.returncode or not (new / "index.html").exists():
            print(_readable(result.stdout + result.stderr), file=sys.stderr)
            print("build: failed; the last good site/ is untouched", file=sys.stderr)
            shutil.rmtree(new, ignore_errors=True)
            return 1
        try:
            sheets.make(root, new, quiet)
            finish.finish(root, new, os.environ.get("SITE_URL", "http://127.0.0.1:8000/"), quiet)
        except (sheets.SheetError, finish.FinishError, OSError) as error:
            print(f"{error}\nbuild: failed after the pages; the last good site/ is untouched", file=sys.stderr)
            shutil.rmtree(new, ignore_errors=True)
            return 1
        done = work / f"site-{time.time_ns()}"
        new.rename(done)
        _swap(root / "site", done)
        for old in sorted(work.glob("site-*"))[:-2]:  # keep the one before: somebody may be reading from it
            shutil.rmtree(old, ignore_errors=True)
    if not quiet:
        pages = sum(1 for _ in done.rglob("*.html"))
        print(f"build: {pages} HTML files in {time.monotonic() - started:.1f} s; open site/index.html or run scripts/serve", file=sys.stderr)
    return 0


def _swap(site: Path, done: Path) -> None:
    link = site.with_name(".build") / "site-link"
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(done, site.parent))
    if site.is_dir() and not site.is_symlink():  # a folder from another tool: keep it aside
        site.rename(site.with_name(".build") / f"kept-{time.time_ns()}")
    os.replace(link, site)


def _readable(output: str) -> str:
    """MkDocs' output without the traceback and colour that a writer cannot use."""
    lines = [line for line in output.splitlines() if line.strip() and not line.startswith(("Traceback", "  File", "    "))]
    return "\n".join(lines[-400:])


if __name__ == "__main__":
    try:
        sys.exit(build())
    except KeyboardInterrupt:
        print("\nbuild: stopped; the last good site/ is untouched", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        print(f"build: {error.strerror or error} ({error.filename or ''}); the last good site/ is untouched", file=sys.stderr)
        sys.exit(1)
