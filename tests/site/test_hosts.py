"""The site as hosts serve it: what is negotiated, where redirects lead, what outlives a publish, who may read the files."""

import contextlib
import http.client
import os
import re
import subprocess
import sys
from pathlib import Path

import brotli
import deflate
import nginx as web_server
import pytest
from conftest import ROOT, wait
from handbook.ship import versions

PAGE = f"<!doctype html><title>one</title>{'<p>text</p>' * 100}"
SHEET = "assets/stylesheets/joined.aaaaaaaaaa.css"


def made(folder, word="one"):
    """A small site that may be published, with compressed twins."""
    texts = dict.fromkeys(versions.NEEDED, PAGE) | {"start/index.html": PAGE + word, SHEET: "p{}" * 400}
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        Path(f"{file}.gz").write_bytes(deflate.gzip_compress(text.encode(), 6))
        Path(f"{file}.br").write_bytes(brotli.compress(text.encode()))
    (folder / "a.pdf").write_bytes(b"%PDF-" + bytes(100))
    return folder


def ask(port, path, host="handbook.example.org", **headers):
    """(status, headers, body) of one address, asked as it stands; no redirect is followed."""
    one = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    one.request("GET", path, headers={"Host": host, **{k.replace("_", "-"): v for k, v in headers.items()}})
    answer = one.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


PROXY = """
proxy_cache_path {1}/kept keys_zone=kept:1m;
server {{
    listen 8080;
    location / {{ proxy_pass {0}; proxy_cache kept; proxy_cache_valid 200 1h; }}
    location /kb/ {{ proxy_pass {0}/; }}
}}"""  # a plain nginx in front of ours: it keeps what it is given, and serves us below /kb/ as well


@pytest.fixture
def hosted(tmp_path):
    """``hosted()``: the ports of our nginx, on a small published site, and of a caching proxy in front of it."""
    tmp_path.chmod(0o755)
    with contextlib.ExitStack() as stack:

        def start(site=None):
            versions.publish(site or made(tmp_path / "site"), tmp_path / "www")
            for name in ("ours", "front"):
                (tmp_path / name).mkdir()
            ours = stack.enter_context(web_server.serving(tmp_path / "www", tmp_path / "ours"))
            proxy = PROXY.format(ours.rstrip("/"), tmp_path / "front")
            front = stack.enter_context(web_server.running(proxy, tmp_path / "front"))
            return [int(address.rsplit(":", 1)[1].strip("/")) for address in (ours, front)]

        yield start


def test_what_is_negotiated_says_so_and_a_cache_on_the_way_mixes_nothing(hosted):
    port, cache = hosted()
    for path in ("/start/", f"/{SHEET}", "/no/such/"):
        for accept in ("gzip", "identity"):
            _, headers, _ = ask(port, path, Accept_Encoding=accept)
            assert headers["Vary"] == "Accept-Encoding", (path, accept)
    assert "Vary" not in ask(port, "/a.pdf", Accept_Encoding="gzip")[1], "what has no twin is the same for everybody"
    assert ask(cache, f"/{SHEET}", Accept_Encoding="gzip")[1]["Content-Encoding"] == "gzip"
    _, headers, body = ask(cache, f"/{SHEET}")
    assert "Content-Encoding" not in headers and body.startswith(b"p{}")


def test_redirects_name_no_host_no_port_and_no_folder(hosted):
    port, front = hosted()
    for where, path in ((port, "/start"), (front, "/kb/start"), (front, "/start?q=1")):
        status, headers, _ = ask(where, path, X_Forwarded_Proto="https")
        assert (status, headers["Location"]) == (301, "start/" + path.partition("start")[2])
    assert ask(front, "/kb/start/")[0] == 200
    assert ask(port, "/none")[0] == 404


def test_an_unchanged_file_answers_304_after_a_publish(hosted, tmp_path):
    port, _ = hosted()
    paths = ("/start/", "/", "/a.pdf", "/sw.js")
    before = {path: ask(port, path, Accept_Encoding="gzip")[1] for path in paths}
    for file in (tmp_path / "site").rglob("*.*"):  # a build writes every file anew
        os.utime(file, (1, 1)) if file.is_file() else None
    versions.publish(made(tmp_path / "site", "two"), tmp_path / "www")
    for path in paths:
        etag, since = before[path]["ETag"], before[path]["Last-Modified"]
        for known in ({"If_None_Match": etag}, {"If_Modified_Since": since}):
            if path == "/start/":  # each worker's cache of open files looks again each second
                wait(lambda k=known, p=path: ask(port, p, Accept_Encoding="gzip", **k)[0] == 200, "the new page")
            else:
                status, headers, _ = ask(port, path, Accept_Encoding="gzip", **known)
                assert status == 304, (path, known)
    assert headers["Cache-Control"] == "no-cache"


def test_a_part_of_a_file_can_be_asked_for(hosted):
    port, _ = hosted()
    status, headers, body = ask(port, "/a.pdf", Range="bytes=0-4")
    assert (status, body, headers["Content-Range"]) == (206, b"%PDF-", "bytes 0-4/105")


@pytest.mark.parametrize("mask", ["077", "027", "022"])
def test_whoever_publishes_everybody_can_read(tmp_path, mask):
    site = made(tmp_path / "site")
    for folder in (site / "start", site / "assets"):
        folder.chmod(0o700)  # as a build under that mask left them
    command = f"umask {mask}; exec '{sys.executable}' -m handbook.ship.versions '{tmp_path}/www' --site '{site}'"
    run = subprocess.run(["sh", "-c", command], env={**os.environ, "PYTHONPATH": ROOT / "scripts"}, capture_output=True)
    assert run.returncode == 0, run.stderr
    for path in [tmp_path / "www", *(tmp_path / "www").rglob("*")]:
        assert path.stat().st_mode & 0o055 == (0o055 if path.is_dir() else 0o044), path
    assert f"{tmp_path} lets nobody else in" in run.stderr.decode(), "what is not ours to change is named"


def test_the_headers_of_a_static_host_keep_only_names_with_a_hash_for_ever(site):
    text = (site / "_headers").read_text()
    kept = re.findall(r"^/(\S+)\*\n  ! Cache-Control\n  Cache-Control: [^\n]*immutable", text, re.M)
    names = [name for name in versions.files(site.resolve()) if name.startswith(tuple(kept))]
    assert names and all(versions.HASHED.match(name) for name in names)
    assert re.search(r"^/\*\n(?:  .*\n)*  Cache-Control: no-cache$", text, re.M)
    assert "http" not in (site / "_redirects").read_text(), "no host stands in a redirect"


def test_where_nothing_else_opens_the_numbers_of_the_register_stand(site, book):
    named = [book.registers.contacts[key]["number"] for key in ("police", "ambulance", "mental-health")]
    worker = (site / "sw.js").read_text(encoding="utf-8").replace('\\"', '"')
    for text in ((site / "404.html").read_text(encoding="utf-8"), worker):
        assert re.findall('href="tel:([^"]+)"', text) == named and len(named) == 3
