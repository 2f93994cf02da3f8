"""The build as a writer meets it: it fails without loss, waits for another one, and the server finds a port."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest
from conftest import ROOT


@pytest.fixture
def copy(site, tmp_path):
    """The project in another folder, with a site that must survive; made after the real one, whose caches it takes."""
    for name in ("docs", "overrides", "scripts", "mkdocs.yml"):
        source = ROOT / name
        shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy(source, tmp_path)
    for cache in ("sheets", "compressed"):  # what is typeset or compressed already need not be so again
        if (ROOT / ".build" / cache).is_dir():
            shutil.copytree(ROOT / ".build" / cache, tmp_path / ".build" / cache, copy_function=os.link)
    good = tmp_path / ".build" / "site-1"
    good.mkdir(parents=True)
    (good / "index.html").write_text("the last good site")
    (tmp_path / "site").symlink_to(".build/site-1")
    return tmp_path


def run(copy, **more):
    return subprocess.Popen([sys.executable, "-m", "handbook.ship.versions", "--build"], env={**os.environ, "PYTHONPATH": "scripts"}, cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def test_a_failed_build_reports_everything_and_keeps_the_site(copy):
    page = copy / "docs/en/start/prison.md"
    page.write_text(page.read_text().replace("title:", "titel:", 1))
    other = copy / "docs/zh/start/prison.md"
    other.write_text(other.read_text().replace("[@", "[@no-such-", 1))
    build = run(copy)
    _, said = build.communicate(timeout=300)
    assert build.returncode == 1
    assert "docs/en/start/prison.md:1: PAGE-2 front matter has no 'title'" in said
    assert "CITE-1 no source has the id 'no-such-" in said
    assert "the last good site/ is untouched" in said and "Traceback" not in said
    assert (copy / "site/index.html").read_text() == "the last good site"
    assert not list((copy / ".build").glob("new-*"))


def test_a_build_that_is_killed_keeps_the_site_and_the_next_one_is_clean(copy):
    build = run(copy, start_new_session=True)
    deadline = time.monotonic() + 60
    while not list((copy / ".build").glob("new-*/*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list((copy / ".build").glob("new-*/*")), "the build never began to write"
    os.killpg(build.pid, signal.SIGKILL)
    build.wait(timeout=10)
    assert (copy / "site/index.html").read_text() == "the last good site"
    again = run(copy)
    _, said = again.communicate(timeout=400)
    assert again.returncode == 0, said
    assert "<html" in (copy / "site/index.html").read_text()
    assert not list((copy / ".build").glob("new-*"))


def test_the_server_says_that_a_port_is_taken_and_takes_the_next():
    sys.path.insert(0, str(ROOT / "scripts"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = subprocess.Popen([sys.executable, str(ROOT / "scripts/serve.py"), "--no-build", "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = server.stdout.readline()
        server.terminate()
        _, said = server.communicate(timeout=10)
    assert f"port {port} is taken" in said
    assert line.startswith("serve: http://127.0.0.1:") and f":{port}/" not in line
