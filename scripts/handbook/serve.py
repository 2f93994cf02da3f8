"""``mkdocs serve`` on the first free port: what scripts/serve calls."""

from __future__ import annotations

import argparse
import os
import socket
import sys

HOST, TRIES = "127.0.0.1", 20


def free(port: int) -> int:
    """The port, or the next free one, saying so. Raises SystemExit if none of `TRIES` is free."""
    for candidate in range(port, port + TRIES):
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind((HOST, candidate))
            except OSError:
                print(f"serve: port {candidate} is taken; trying {candidate + 1}", file=sys.stderr, flush=True)
                continue
            return candidate
    raise SystemExit(f"serve: ports {port} to {port + TRIES - 1} are all taken: name another with --port")


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/serve", description="Serve the site; an edit shows by itself.")
    parser.add_argument("--port", type=int, default=8000, help="first port to try (8000)")
    options, more = parser.parse_known_args()
    address = f"{HOST}:{free(options.port)}"
    # --dirty: only what changed is made again; see hooks.py
    command = [sys.executable, "-m", "mkdocs", "serve", "--dirty", "-q", "-a", address, *more]
    os.execv(sys.executable, command)


if __name__ == "__main__":
    main()
