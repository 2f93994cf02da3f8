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
from conftest import BUILD, EN, ENVIRONMENT, ROOT, ZH, Small, wait
from handbook.model.page import parse
from handbook.rules.translations import digest
from handbook.ship import versions


@pytest.fixture
def copy(small) -> Small:
    """A handbook of one page pair that can be built, with a site that must survive."""
    for name in ("overrides", "scripts/handbook"):
        shutil.copytree(ROOT / name, small.root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("words.yml", "schemas.yml", "crisis.json"):
        shutil.copy(ROOT / f"docs/data/{name}", small.root / "docs/data")
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


def scorecard(copy) -> None:
    """A second page pair, whose text changes with that of the first: it counts the translations that are behind."""
    zh = ZH.replace("先联系银行", "成绩单").replace("claims: [C001]", "claims: []").replace("[@card-rule]", "")
    zh += "\n<!-- register: scorecard -->\n"
    copy.write("docs/zh/scores.md", zh)
    en = EN.replace("Call the bank first", "Scores").replace("[@card-rule]", "") + "\n<!-- register: scorecard -->\n"
    source = digest(parse(zh, "scores", "zh", "x")[0])
    copy.write("docs/en/scores.md", en.replace("\n---\n\n#", f"\ntranslated_from: {source}\n---\n\n#", 1))
    copy.change("mkdocs.yml", "  - index.md\n", "  - index.md\n  - scores.md\n")


def test_the_server_takes_a_free_port_and_shows_an_edit_in_both_languages(copy):
    scorecard(copy)
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
            assert says("en/scores/", '<th scope="row">English pages older than their Chinese source</th><td>1</td>')
        finally:
            server.terminate()
            _, said = server.communicate(timeout=30)
    assert f"port {port} is taken" in said


def test_a_build_is_the_same_anywhere(copy, tmp_path_factory):
    """A folder with blanks and Chinese in its name, another language, clock and umask, files of Windows: the same site."""
    other = tmp_path_factory.mktemp("a") / "我的 手册 (1)"
    shutil.copytree(copy.root, other, symlinks=True)
    for name in ("docs/zh/index.md", "docs/en/index.md", "docs/data/sources.yml", "mkdocs.yml"):
        file = other / name
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    places = ((copy.root, {}), (other, {"LC_ALL": "C", "LANG": "C", "TZ": "America/Los_Angeles"}))
    sites = []
    for root, more in places:
        command = ["sh", "-c", f'umask {"077" if more else "022"}; exec "$@"', "sh", *BUILD]
        run = subprocess.run(command, env={**ENVIRONMENT, **more}, cwd=root, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        sites.append(versions.files((root / "site").resolve()))
    assert len(sites[0]) > 50 and sites[0] == sites[1]
    for path in (other / "site").resolve().rglob("*"):
        assert path.stat().st_mode & 0o055 == (0o055 if path.is_dir() else 0o044), path


@pytest.mark.parametrize(
    "name, content, says",
    [
        ("docs/data/sources.yml", b"- id: a\n\tkind: law\n", "docs/data/sources.yml:2: YAML-1 "),
        ("docs/data/words.yml", b"checked:\n\ta: b\n", "docs/data/words.yml:2: YAML-1 "),
        ("docs/data/schemas.yml", b"search:\n\ta: b\n", "docs/data/schemas.yml:2: YAML-1 "),
        (
            "overrides/assets/stylesheets/site.css",
            b"p{}\n/* caf\xe9 */",
            "overrides/assets/stylesheets/site.css:2: FILE-2 ",
        ),
        ("mkdocs.yml", b"site_name: x\nnav: [\n", "mkdocs.yml"),
    ],
)
def test_a_build_says_the_cause_in_one_line(copy, name, content, says):
    copy.write(name, content)
    run = build(copy)
    _, said = run.communicate(timeout=100)
    lines = [line for line in said.splitlines() if re.match(r"\S+:\d+: [A-Z]+-\d+ |.*mkdocs\.yml", line)]
    assert run.returncode == 1 and len(lines) == 1 and says in lines[0], said
    assert "Traceback" not in said and "the last good site/ is untouched" in said


def test_a_script_of_a_template_runs_and_no_other(copy):
    """What the rules let through, because they do not know it, the build refuses; the policy has no place for it."""
    html = copy.root / "overrides/partials/offline.html"
    html.write_text(html.read_text(encoding="utf-8") + "<script>held()</script>{{ '<script>strange()</scr' }}ipt>")
    run = build(copy)
    _, said = run.communicate(timeout=100)
    assert run.returncode == 1 and "POLICY-1 <script>strange() is written into the page" in said, said
    assert "held()" not in said
