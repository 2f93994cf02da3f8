"""Serve site/ on this machine, and build again when a page, register, template or script changes."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from handbook.ship.versions import ROOT, build
from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer

HOST = "127.0.0.1"
WATCHED = ("docs", "overrides", "scripts")


class Handler(SimpleHTTPRequestHandler):
    """Static files with the site's own 404 page and no caching, so that a reload shows the last build."""

    def end_headers(self):
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def send_error(self, code, message=None, explain=None):
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.exists():
            return super().send_error(code, message, explain)
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    # reusing an address would let two servers share one port and hide the clash
    allow_reuse_address = os.name == "posix" and sys.platform != "darwin"

    def handle_error(self, request, client_address):
        """A browser that leaves in the middle of an answer is no error of ours; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def listen(port: int, directory: Path, tries: int = 20) -> Server:
    """A server on the port, or on the next free one, saying so. Raises SystemExit if none of `tries` is free."""
    for candidate in range(port, port + tries):
        try:
            server = Server(
                (HOST, candidate), lambda *args, **kwargs: Handler(*args, directory=str(directory), **kwargs)
            )
        except OSError:
            print(f"serve: port {candidate} is taken; trying {candidate + 1}", file=sys.stderr)
            continue
        return server
    raise SystemExit(f"serve: ports {port} to {port + tries - 1} are all taken: name another with --port")


class Rebuild(FileSystemEventHandler):
    """Asks for a build on a change; changes that come together are one build."""

    def __init__(self):
        self.wanted = threading.Event()

    def on_any_event(self, event):
        if (
            event.event_type in ("created", "modified", "deleted", "moved")
            and not event.is_directory
            and "__pycache__" not in event.src_path
        ):
            self.wanted.set()

    def run(self):
        while True:
            self.wanted.wait()
            threading.Event().wait(0.3)
            self.wanted.clear()
            # a process of its own, so that a change to our own scripts counts too
            subprocess.run([sys.executable, str(Path(__file__).with_name("build.py"))], stdin=subprocess.DEVNULL)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/serve", description="Build the site and serve it on 127.0.0.1; build again on every change."
    )
    parser.add_argument("--port", type=int, default=8000, help="first port to try (8000)")
    parser.add_argument("--no-build", action="store_true", help="serve the last good site/ as it is")
    options = parser.parse_args()
    if not options.no_build and build() and not (ROOT / "site").exists():
        return 1
    server = listen(options.port, ROOT / "site")
    rebuild, observer = Rebuild(), Observer()
    if not options.no_build:
        for folder in WATCHED:
            observer.schedule(rebuild, str(ROOT / folder), recursive=True)
        observer.start()
        threading.Thread(target=rebuild.run, daemon=True).start()
    print(f"serve: http://{HOST}:{server.server_port}/  (English: /en/; stop with Ctrl-C)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("\nserve: stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
