"""A site beside the last one, swapped in by one rename: in ``site`` after a build, in DIR after a publish.

    .build/site-N       what a build made; ``site`` is a link to the newest that went well
    DIR/current        a link to the version that is served
    DIR/versions/NAME  one folder per version, named by number and a hash of its content

A file that pages of the version before may still ask for (its name holds a hash) is carried over, so that a
page that is open during the switch goes on working. A file that did not change keeps its time, of which a server
makes its validators. Everything may be read by everybody, whatever the umask of who builds and publishes.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import brotli

from . import assets

ROOT = Path(__file__).resolve().parents[3]
HASHED = re.compile(
    r"^(?:assets/(?:stylesheets|javascripts)/joined[\w-]*\.[0-9a-f]{10}\.|offline/[0-9a-f]{10}\.|assets/search/(?:zh|en)\.[0-9a-f]+\.)"
)
NEEDED = ("index.html", "en/index.html", "404.html", "sitemap.xml", "robots.txt", "sw.js")


class PublishError(Exception):
    """What is wrong with the site or the folder, one line."""


def build(root: Path = ROOT) -> int:
    """``mkdocs build`` into ``.build/``, then point ``site`` at the result. Returns an exit code; 0 is success.

    ``site`` is a link, so that the change is one rename and nobody ever sees half a site.
    """
    site, work, started = root / "site", root / ".build", time.monotonic()
    with _only_one(work, "build"):
        for left in work.glob("new-*"):  # of builds that were stopped half way
            shutil.rmtree(left, ignore_errors=True)
        new = Path(tempfile.mkdtemp(prefix="new-", dir=work))
        new.chmod(0o755)
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--dirty", "-q", "-d", str(new)]
        with subprocess.Popen(command, cwd=root, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
            for line in run.stderr:
                if not line.startswith(("Traceback", "  File", "    ")):  # nothing that a writer can use
                    print(line, end="", file=sys.stderr, flush=True)
        if run.returncode or not (new / "index.html").exists():
            print("build: failed; the last good site/ is untouched", file=sys.stderr)
            shutil.rmtree(new, ignore_errors=True)
            return 1
        done = work / f"site-{time.time_ns()}"
        new.rename(done)
        if site.is_dir() and not site.is_symlink():  # a folder from another tool: keep it aside
            site.rename(work / f"kept-{time.time_ns()}")
        _switch(site, done.relative_to(root))
        for old in sorted(work.glob("site-*"))[:-2]:  # keep the one before: somebody may be reading from it
            shutil.rmtree(old, ignore_errors=True)
    pages = sum(1 for _ in done.rglob("*.html"))
    text = f"build: {pages} HTML files in {time.monotonic() - started:.1f} s; see site/index.html or scripts/serve"
    print(text, file=sys.stderr)
    return 0


def files(site: Path) -> dict[str, str]:
    """``{path: SHA-256}`` of every file."""
    return {
        f.relative_to(site).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in sorted(site.rglob("*"))
        if f.is_file()
    }


def verify(site: Path) -> None:
    """The site is whole: what each page loads is there, and compressed twins say the same. Raises PublishError."""
    for name in NEEDED:
        if not (site / name).is_file():
            raise PublishError(f"{name} is missing from {site}: run scripts/build")
    for page in site.rglob("*.html"):
        html, name = page.read_text(encoding="utf-8"), page.relative_to(site).as_posix()
        for href in assets.loads(html):
            if not href.startswith("/") and not (site / assets.resolve(name, href)).is_file():
                raise PublishError(f"{name} loads {href}, which is not there: run scripts/build")
    for twin in site.rglob("*.br"):
        if brotli.decompress(twin.read_bytes()) != twin.with_suffix("").read_bytes():
            raise PublishError(f"{twin.relative_to(site)} is not what its plain file says: run scripts/build")


def publish(site: Path, target: Path, keep: int = 5) -> str:
    """Copy, verify and switch. Returns the version's name. Raises PublishError, then nothing has changed."""
    site = site.resolve()
    verify(site)
    with _only_one(target):
        versions = target / "versions"
        versions.mkdir(exist_ok=True)
        for left in versions.glob("*.part"):  # of a publish that was stopped
            shutil.rmtree(left, ignore_errors=True)
        before, wanted = _current(target), files(site)
        name = f"{_number(versions) + 1:06d}-{hashlib.sha256(repr(sorted(wanted.items())).encode()).hexdigest()[:10]}"
        part = versions / f"{name}.part"
        try:
            shutil.copytree(site, part, copy_function=shutil.copyfile)
        except shutil.Error as error:  # its text is a list of every file
            shutil.rmtree(part, ignore_errors=True)
            raise PublishError(f"{len(error.args[0])} files could not be copied: {error.args[0][0][2]}") from None
        if files(part) != wanted:
            shutil.rmtree(part, ignore_errors=True)
            raise PublishError("the copy is not what was built: is the disk full or failing, or did a build run?")
        for path, content in files(versions / before).items() if before else ():
            old, new, hashed = versions / before / path, part / path, HASHED.match(path)
            time_of = old.stat().st_mtime  # of a name with a hash: when it was last part of what was built
            if hashed and path not in wanted and time.time() - time_of < 30 * 86400:
                new.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(old, new)
                os.utime(new, (time_of, time_of))
            elif not hashed and path in wanted:  # servers count in whole seconds
                time_now = time_of if content == wanted[path] else max(time.time(), time_of + 1)
                os.utime(new, (time_now, time_now))
        for folder in (target, versions, *(Path(folder) for folder, *_ in os.walk(part))):
            folder.chmod(folder.stat().st_mode | 0o055)  # those of a build or publish by other means, too
        part.rename(versions / name)
        _switch(target / "current", Path("versions") / name)
        current = _current(target)
        older = [v for v in _versions(versions) if v != current]
        for old in older[: max(0, len(older) - keep + 1)]:
            shutil.rmtree(versions / old, ignore_errors=True)
    return name


def back(target: Path) -> str:
    """Switch to the version before the one that is served. Returns its name."""
    with _only_one(target):
        known, now = _versions(target / "versions"), _current(target)
        earlier = [v for v in known if now and v < now]
        if not earlier:
            raise PublishError(f"there is no version before {now or 'the first'} in {target}")
        _switch(target / "current", Path("versions") / earlier[-1])
        return earlier[-1]


def _versions(versions: Path) -> list[str]:
    return (
        sorted(v.name for v in versions.iterdir() if re.fullmatch(r"\d{6}-[0-9a-f]{10}", v.name))
        if versions.is_dir()
        else []
    )


def _number(versions: Path) -> int:
    return max((int(v[:6]) for v in _versions(versions)), default=0)


def _current(target: Path) -> str | None:
    link = target / "current"
    return Path(os.readlink(link)).name if link.is_symlink() else None


def _switch(link: Path, to: Path) -> None:
    """One rename: a reader sees the old version or the new one, never none. to: relative to the link's folder."""
    part = link.with_name(f"{link.name}.part")
    part.unlink(missing_ok=True)
    part.symlink_to(to)
    os.replace(part, link)


@contextlib.contextmanager
def _only_one(folder: Path, what: str = "publish"):
    """A lock on the folder, so that two builds or publishes do not mix; one that waits says so."""
    os.umask(0o022)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"{what}: another {what} is running here; waiting for it", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/publish",
        description="Publish site/ into a folder: a verified copy, switched by one rename. Serve DIR/current.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--back", action="store_true", help="serve the version before again")
    parser.add_argument("--list", action="store_true", help="name the versions, oldest first")
    parser.add_argument("--keep", type=int, default=5, help="how many versions stay (5)")
    parser.add_argument("--site", type=Path, default=ROOT / "site", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    started = time.monotonic()
    try:
        if options.list:
            now = _current(options.folder)
            print(
                "\n".join(f"{v}{'  is served' if v == now else ''}" for v in _versions(options.folder / "versions"))
                or "nothing published yet"
            )
            return 0
        name = back(options.folder) if options.back else publish(options.site, options.folder, max(2, options.keep))
    except (PublishError, OSError) as error:
        print(f"publish: {error}; what was served is untouched", file=sys.stderr)
        return 1
    print(f"publish: {options.folder / 'current'} is now {name} ({time.monotonic() - started:.2f} s)")
    for folder in options.folder.resolve().parents:
        if not folder.stat().st_mode & 0o001:
            text = f"publish: {folder} lets nobody else in: chmod o+x it, or run the web server as yourself"
            print(text, file=sys.stderr)
    return 0


def _run() -> int:
    if sys.argv[1:] != ["--build"]:
        return main()
    try:
        return build()
    except KeyboardInterrupt:
        print("\nbuild: stopped; the last good site/ is untouched", file=sys.stderr)
        return 130
    except OSError as error:
        text = f"build: {error.strerror or error} ({error.filename or ''}); the last good site/ is untouched"
        print(text, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(_run())
