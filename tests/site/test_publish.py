"""Publishing into a folder: verified, switched at once, rolled back; and nginx serving it."""

import os
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request

from handbook.ship import versions as publish
import pytest
from nginx import nginx as started


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
    assert (target / "current/assets/javascripts/joined.aaaaaaaaaa.js").read_text() == "one", "an open page may still ask for it"
    assert publish.back(target) == first < second
    assert (target / "current/index.html").read_text().endswith("one</html>")
    with pytest.raises(publish.PublishError, match="no version before"):
        publish.back(target)


def test_only_so_many_versions_stay(tmp_path):
    for number in range(6):
        publish.publish(made(tmp_path / "a", str(number)), tmp_path / "www", keep=3)
    assert len(publish._versions(tmp_path / "www/versions")) == 3


@pytest.mark.parametrize(("break_it", "says"), [
    (lambda s: (s / "en/index.html").unlink(), "en/index.html is missing"),
    (lambda s: (s / "assets/javascripts/joined.aaaaaaaaaa.js").unlink(), "which is not there"),
    (lambda s: (s / "index.html.br").write_bytes(__import__("brotli").compress(b"other")), "is not what its plain file says"),
])
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
    assert len(publish._versions(tmp_path / "www/versions")) == 4 and not list((tmp_path / "www/versions").glob("*.part"))


@pytest.fixture
def nginx(site, tmp_path):
    """Debian's nginx with the shipped configuration, on the published site."""
    assert os.path.exists(shutil.which("nginx") or "/usr/sbin/nginx"), "no nginx: run scripts/setup --browser"
    target = tmp_path / "www"
    publish.publish(site, target)
    tmp_path.chmod(0o755)
    with started(tmp_path, target) as port:
        yield f"http://127.0.0.1:{port}/", target


def get(url, **headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers))
    except urllib.error.HTTPError as error:
        return error


def test_nginx_serves_it_as_it_should(nginx, site):
    base, target = nginx
    page = get(base + "start/prison/", **{"Accept-Encoding": "gzip"})
    assert page.status == 200 and page.headers["Content-Encoding"] == "gzip" and page.headers["Cache-Control"] == "no-cache"
    assert page.headers["Content-Type"] == "text/html; charset=utf-8" and page.headers["Referrer-Policy"] == "no-referrer"
    assert get(base + "start/prison/", **{"Accept-Encoding": "gzip", "If-None-Match": page.headers["ETag"]}).status == 304
    script = next((site / "assets/javascripts").glob("joined.*.js")).name
    assert "immutable" in get(base + f"assets/javascripts/{script}").headers["Cache-Control"]
    assert get(base + "sw.js").headers["Cache-Control"] == "no-cache"
    assert get(base + "site.zh.webmanifest").headers["Content-Type"].startswith("application/manifest+json")
    missing = get(base + "no/such/page/")
    assert missing.status == 404 and "这个地址没有页面" in missing.read().decode() and missing.headers["Content-Security-Policy"]
    assert get(base + "_headers").status == 404
    moved = get(base + "start/prison")
    assert moved.url.endswith("/start/prison/")


def test_nothing_is_lost_while_versions_are_switched(nginx, site):
    base, target = nginx
    wrong, stop, count = [], threading.Event(), [0]

    def read():
        while not stop.is_set():
            answer = get(base + "start/prison/")
            body = answer.read()
            count[0] += 1
            if answer.status != 200 or b"</html>" not in body:
                wrong.append(answer.status)

    readers = [threading.Thread(target=read) for _ in range(4)]
    [r.start() for r in readers]
    for number in range(6):
        publish.back(target) if number % 2 else publish.publish(site, target)
    stop.set()
    [r.join() for r in readers]
    assert wrong == [] and count[0] > 50


def test_the_command_says_what_it_did(tmp_path):
    run = [sys.executable, "-m", "handbook.ship.versions", str(tmp_path / "www"), "--site", str(made(tmp_path / "a"))]
    assert "is now 000001-" in subprocess.run(run, capture_output=True, text=True).stdout
    again = subprocess.run([*run, "--list"], capture_output=True, text=True).stdout
    assert again.startswith("000001-") and "is served" in again
