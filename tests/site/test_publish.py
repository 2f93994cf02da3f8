"""Publishing into a folder: verified, switched at once, rolled back; and nginx serving it."""

import contextlib
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import brotli
import nginx as web_server
import pytest
from conftest import ENVIRONMENT, ROOT, wait
from handbook.ship import versions as publish


def made(folder, word="one", script="a" * 10):
    """A small site that passes the check."""
    page = f'<html><script type="module" src="assets/javascripts/joined.{script}.js"></script>{word}</html>'
    for name in publish.NEEDED:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page if name == "index.html" else word)
    path = folder / f"assets/javascripts/joined.{script}.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(word)
    return folder


def test_publish_switches_and_goes_back(tmp_path):
    target = tmp_path / "www"
    first = publish.publish(made(tmp_path / "a"), target)
    second = publish.publish(made(tmp_path / "b", "two", "b" * 10), target)
    assert (target / "current/index.html").read_text().endswith("two</html>")
    assert (target / "current/assets/javascripts/joined.aaaaaaaaaa.js").read_text() == "one", (
        "an open page may still ask for it"
    )
    assert publish.back(target) == first < second
    assert (target / "current/index.html").read_text().endswith("one</html>")
    with pytest.raises(publish.PublishError, match="no version before"):
        publish.back(target)


def test_only_so_many_versions_stay(tmp_path):
    for number in range(6):
        publish.publish(made(tmp_path / "a", str(number)), tmp_path / "www", keep=3)
    assert len(publish._versions(tmp_path / "www/versions")) == 3


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda s: (s / "en/index.html").unlink(), "en/index.html is missing"),
        (lambda s: (s / "assets/javascripts/joined.aaaaaaaaaa.js").unlink(), "which is not there"),
        (lambda s: (s / "index.html.br").write_bytes(brotli.compress(b"other")), "is not what its plain file says"),
    ],
)
def test_a_broken_site_is_not_published(tmp_path, capsys, break_it, says):
    site, target = made(tmp_path / "a"), tmp_path / "www"
    publish.publish(site, target)
    before = os.readlink(target / "current")
    break_it(site)
    assert publish.main([str(target), "--site", str(site)]) == 1
    assert says in capsys.readouterr().err and os.readlink(target / "current") == before


def test_two_publishes_at_once_wait_for_each_other(tmp_path):
    site = made(tmp_path / "a")
    threads = [threading.Thread(target=publish.publish, args=(site, tmp_path / "www")) for _ in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert len(publish._versions(tmp_path / "www/versions")) == 4 and not list(
        (tmp_path / "www/versions").glob("*.part")
    )


def get(url, **headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers))
    except urllib.error.HTTPError as error:
        return error


@pytest.fixture
def nginx(tmp_path):
    """``nginx(site)``: the address of nginx with the configuration that we ship, and the folder it was published to."""
    assert web_server.PROGRAM, "no nginx: run scripts/setup --browser"
    tmp_path.chmod(0o755)
    with contextlib.ExitStack() as stack:

        def start(site):
            publish.publish(site, tmp_path / "www")
            return stack.enter_context(web_server.serving(tmp_path / "www", tmp_path)), tmp_path / "www"

        yield start


def test_nginx_serves_it_as_it_should(nginx, site):
    base, _ = nginx(site)
    page = get(base + "start/prison/", **{"Accept-Encoding": "gzip"})
    assert (
        page.status == 200
        and page.headers["Content-Encoding"] == "gzip"
        and page.headers["Cache-Control"] == "no-cache"
    )
    assert (
        page.headers["Content-Type"] == "text/html; charset=utf-8" and page.headers["Referrer-Policy"] == "no-referrer"
    )
    assert (
        get(base + "start/prison/", **{"Accept-Encoding": "gzip", "If-None-Match": page.headers["ETag"]}).status == 304
    )
    script = next((site / "assets/javascripts").glob("joined.*.js")).name
    assert "immutable" in get(base + f"assets/javascripts/{script}").headers["Cache-Control"]
    assert get(base + "sw.js").headers["Cache-Control"] == "no-cache"
    assert get(base + "site.zh.webmanifest").headers["Content-Type"].startswith("application/manifest+json")
    missing = get(base + "no/such/page/")
    assert (
        missing.status == 404
        and "这个地址没有页面" in missing.read().decode()
        and missing.headers["Content-Security-Policy"]
    )
    assert get(base + "_headers").status == 404
    moved = get(base + "start/prison")
    assert moved.url.endswith("/start/prison/")


def test_nothing_is_lost_while_versions_are_switched(nginx, tmp_path):
    one, two = made(tmp_path / "a"), made(tmp_path / "b", "two", "b" * 10)
    base, target = nginx(one)
    seen, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            answer = get(base)
            seen.append((answer.status, answer.read().endswith(b"</html>")))

    readers = [threading.Thread(target=read) for _ in range(4)]
    [r.start() for r in readers]
    for number in range(30):
        publish.back(target) if number % 3 == 2 else publish.publish((one, two)[number % 2], target)
    wait(lambda: len(seen) > 200, "two hundred answers")
    stop.set()
    [r.join() for r in readers]
    assert set(seen) == {(200, True)}


def test_the_command_says_what_it_did(tmp_path):
    run = [sys.executable, "-m", "handbook.ship.versions", str(tmp_path / "www"), "--site", str(made(tmp_path / "a"))]
    options = {"cwd": ROOT, "env": ENVIRONMENT, "capture_output": True, "text": True}
    assert "is now 000001-" in subprocess.run(run, **options).stdout
    again = subprocess.run([*run, "--list"], **options).stdout
    assert again.startswith("000001-") and "is served" in again
