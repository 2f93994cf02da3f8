"""The build as a writer meets it: it fails without loss, and starts clean after one that was killed; the server finds a port."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from conftest import BUILD, ENVIRONMENT, ROOT, Small, wait


@pytest.fixture
def copy(small) -> Small:
    """A handbook of one page pair that can be built, with a site that must survive."""
    for name in ("overrides", "scripts/handbook"):
        shutil.copytree(ROOT / name, small.root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("words", "schemas"):
        shutil.copy(ROOT / f"docs/data/{name}.yml", small.root / "docs/data")
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    small.write("mkdocs.yml", re.sub(r"\nnav:\n.*", "\nnav:\n  - index.md\n", settings, flags=re.S))
    small.write(".build/site-1/index.html", "the last good site")
    (small.root / "site").symlink_to(".build/site-1")
    return small


def build(copy):
    return subprocess.Popen(
        BUILD, env=ENVIRONMENT, cwd=copy.root, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def test_a_failed_build_reports_everything_and_keeps_the_site(copy):
    copy.change("docs/en/index.md", "title:", "titel:")
    copy.change("docs/zh/index.md", "[@", "[@no-such-")
    run = build(copy)
    _, said = run.communicate(timeout=100)
    assert run.returncode == 1
    assert "docs/en/index.md:1: PAGE-2 front matter has no 'title'" in said
    assert "CITE-1 no source has the id 'no-such-" in said
    assert "the last good site/ is untouched" in said and "Traceback" not in said
    assert (copy.root / "site/index.html").read_text() == "the last good site"
    assert not list((copy.root / ".build").glob("new-*"))


def test_a_build_that_is_killed_keeps_the_site_and_the_next_one_is_clean(copy):
    run = build(copy)
    wait(lambda: list((copy.root / ".build").glob("new-*/*")), "the build begins to write", 60)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate(timeout=10)
    assert (copy.root / "site/index.html").read_text() == "the last good site"
    again = build(copy)
    _, said = again.communicate(timeout=200)
    assert again.returncode == 0, said
    assert "<html" in (copy.root / "site/index.html").read_text()
    assert not list((copy.root / ".build").glob("new-*"))


def test_a_plain_build_refuses_a_fault_before_it_empties_the_last_site(copy):
    site = copy.root / "out"
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(site)]
    subprocess.run(command, cwd=copy.root, env=ENVIRONMENT, check=True, timeout=200)
    before = {f.relative_to(site) for f in site.rglob("*")}
    copy.change("docs/data/topics.yml", "id: triage", "id: [triage")
    run = subprocess.run(command, cwd=copy.root, env=ENVIRONMENT, capture_output=True, text=True, timeout=200)
    assert run.returncode and re.search(r"docs/data/topics.yml:\d+: YAML-1 ", run.stderr), run.stderr
    assert {f.relative_to(site) for f in site.rglob("*")} == before


def test_the_server_takes_a_free_port_and_shows_an_edit_in_both_languages(copy):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "handbook.serve", "--port", str(port)],
            env={**ENVIRONMENT, "PYTHONPATH": "scripts"},
            cwd=copy.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            address = re.search(r"serve: (http://127.0.0.1:\d+/)", server.stdout.readline())[1]

            def says(path: str, words: str) -> bool:
                try:
                    with urllib.request.urlopen(address + path, timeout=60) as answer:
                        return words in answer.read().decode()
                except urllib.error.URLError:  # the address is told before it is open
                    return False

            wait(lambda: says("", "先打官方电话"), "the first page is there")
            assert f":{port}/" not in address and says("en/", "Call the official number")
            assert says("print/zh/index.html", "抄下官方电话") and says("assets/search/manifest.js", "export default")
            copy.change("docs/zh/index.md", "先打官方电话", "先打客服电话")
            wait(lambda: says("", "先打客服电话"), "the edit is on the page", 100)
            assert says("en/", "Call the official number") and says("print/zh/index.html", "抄下官方电话")
        finally:
            server.terminate()
            _, said = server.communicate(timeout=30)
    assert f"port {port} is taken" in said
