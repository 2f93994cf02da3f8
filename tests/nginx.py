"""nginx with the configuration that the project ships, on a published folder."""

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

CONF = Path(__file__).resolve().parents[1] / "scripts/handbook/ship/nginx.conf"
PROGRAM = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def serving(target: Path, folder: Path):
    """nginx on ``target/current``; see `running`."""
    return running(CONF.read_text(encoding="utf-8").replace("/srv/handbook/current", str(target / "current")), folder)


@contextlib.contextmanager
def running(server: str, folder: Path) -> Iterator[str]:
    """The address of nginx with this server, which listens on 8080; its own files are in ``folder``. Raises OSError if it does not start."""
    port = free_port()
    server = server.replace("listen 8080", f"listen 127.0.0.1:{port}")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = f"user {getpass.getuser()};\n" if os.getuid() == 0 else ""
    conf = folder / "nginx.conf"
    conf.write_text(
        f"{user}worker_processes 2;\nerror_log {folder}/error.log;\npid {folder}/pid;\nevents {{}}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\n{paths}{server}\n}}\n",
        encoding="utf-8",
    )
    process = subprocess.Popen([PROGRAM, "-c", conf, "-g", "daemon off;"], stderr=subprocess.PIPE, text=True)
    try:
        while process.poll() is None:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 0.1).close()
                break
            time.sleep(0.01)
        else:
            raise OSError(process.stderr.read())
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(timeout=10)
