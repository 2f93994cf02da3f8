"""What several measurements share: copies of the project, the same pages without our hooks, a host, a browser."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import threading
import time
from functools import lru_cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml
from mkdocs.utils.yaml import yaml_load

ROOT = Path(__file__).resolve().parents[2]
PACKED = (".html", ".js", ".css", ".json", ".txt", ".xml", ".svg", ".webmanifest")


def copy(folder: Path, *more: str) -> Path:
    """What a build needs, in another folder. more: other files or folders of the project."""
    for name in ("docs", "overrides", "scripts/handbook", "mkdocs.yml", "tests/data/urls.txt", *more):
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            shutil.copy(source, target)
    return folder


def mkdocs(config: Path, out: Path) -> list[str]:
    """The command that builds a site."""
    return [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(config), "-d", str(out)]


def without_hooks(folder: Path) -> Path:
    """A configuration of the same pages without our hooks (citations and markers are then only text)."""
    return _inherit(folder, {"theme": {"custom_dir": str(ROOT / "overrides")}})


def plain(folder: Path, name: str, search: str | dict = "search") -> Path:
    """The same Markdown built with Material as it comes: no overrides, no hooks, its own search."""
    (folder / "empty").mkdir(exist_ok=True)
    plugins = yaml_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["plugins"]
    theme = {"custom_dir": str(folder / "empty"), "favicon": "assets/images/favicon.png"}
    config = _inherit(folder, {"theme": theme, "extra_css": [], "extra_javascript": [], "plugins": [search, *plugins]})
    subprocess.run(mkdocs(config, folder / name), check=True, stdin=subprocess.DEVNULL, capture_output=True)
    return folder / name


def _inherit(folder: Path, changes: dict) -> Path:
    base = {"INHERIT": str(ROOT / "mkdocs.yml"), "docs_dir": str(ROOT / "docs"), "strict": False, "hooks": []}
    path = folder / "mkdocs.yml"
    path.write_text(yaml.safe_dump(base | changes, allow_unicode=True), encoding="utf-8")
    return path


@lru_cache(maxsize=2000)
def _zipped(path: Path, stamp: int) -> bytes:
    return gzip.compress(path.read_bytes(), 9)


def serve(site: Path, mounts: dict[str, Path] | None = None, delay: float = 0) -> str:
    """The site on a free port of this machine, as a static host serves it: compressed, hashed files for ever, the rest
    asked for again. mounts: ``{first folder: directory}``; delay: milliseconds before each answer, as a network has.
    Returns the address."""

    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def translate_path(self, path):
            for name, folder in (mounts or {}).items():
                if path.startswith(f"/{name}/"):
                    return str(folder / path.removeprefix(f"/{name}/").split("?")[0])
            return super().translate_path(path)

        def do_GET(self):
            time.sleep(delay / 1000)
            path = Path(self.translate_path(self.path))
            path = path / "index.html" if path.is_dir() else path
            status = 200 if path.is_file() else 404
            path = path if status == 200 else Path(self.directory) / "404.html"
            packed = path.suffix in PACKED
            body = _zipped(path, path.stat().st_mtime_ns) if packed else path.read_bytes()
            ever = "joined" in path.name or ".min." in path.name
            self.send_response(status)
            self.send_header("Content-Type", self.guess_type(str(path)) + ("; charset=utf-8" if packed else ""))
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "public, max-age=31536000, immutable" if ever else "no-cache")
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *a, **k: Handler(*a, directory=str(site.resolve()), **k))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def chromium_path() -> str:
    names = ("chromium", "chromium-browser", "chromium-headless-shell")  # set-up brings the last
    found = next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise SystemExit("no Chromium: run scripts/setup --browser")
    return found


def chromium(play):
    """Debian's Chromium by Playwright."""
    flags = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
    return play.chromium.launch(executable_path=chromium_path(), args=flags)
