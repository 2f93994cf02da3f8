"""Debian's nginx with the configuration that is shipped, on a port of this machine."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from conftest import ROOT

CONFIG = ROOT / "scripts/handbook/ship/nginx.conf"


@contextlib.contextmanager
def nginx(folder: Path, target: Path) -> Iterator[int]:
    """nginx serving ``target/current``, its own files in ``folder``: its port. Raises OSError if it does not start."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    server = CONFIG.read_text(encoding="utf-8").replace("listen 8080", f"listen 127.0.0.1:{port}")
    server = server.replace("/srv/handbook/current", str(target / "current"))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = f"user {getpass.getuser()};\n" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}error_log {folder}/error.log;\npid {folder}/pid;\nevents {{}}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\n{paths}{server}\n}}\n",
        encoding="utf-8",
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    command = [program, "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 0.1).close()
                break
            if process.poll() is not None:
                raise OSError(process.stderr.read())
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)
