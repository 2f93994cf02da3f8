"""What makes built pages a site to publish: joined and hashed files, policy, offline copy, zip, compressed twins.

Runs after MkDocs, on the folder that is not yet published. What is decided stands in ``handbook/``; here
files are read and written.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

import brotli
import deflate
import rjsmin

from ..model.lists import SITE, SITE_ZIP, size_words
from ..model.problem import Problem, errors
from ..model.store import Store
from ..model.text import measured
from . import assets, offline, policy, unused

WORKER = Path(__file__).with_name("worker.js")
TEXT = (".html", ".css", ".js", ".json", ".svg", ".txt", ".xml", ".webmanifest")
SMALLEST = 400  # bytes; below, compressing saves nothing
GZIP = 10  # of libdeflate: a third of the time of 12 for a third of a per cent


class FinishError(Exception):
    """One line per problem."""


class Facts(NamedTuple):
    """What has to be known of a page to finish the others: the styles and scripts it asks for, what stands in it."""

    styles: list[str]
    scripts: list[str]
    inline: list[str]
    words: set[str]
    breaks: list[str]


def finish(root: Path, site: Path, site_url: str, day: date, quiet: bool = False) -> None:
    """Finish the built pages in ``site``. root: the project; site_url: the public address; day: that of the build.

    Raises FinishError if own styles, scripts or pages are not of the kind that can be published safely.
    """
    started = time.monotonic()
    _tidy(site)
    store = Store(root / ".build" / "finished")
    holders = {f.relative_to(root).as_posix(): _read(f) for f in (root / "overrides").rglob("*.html")}
    known = policy.named({**holders, "assets.LOADER": f"<script>{assets.LOADER}</script>"})
    replaced, codes = _assets_and_policy(site, store, known)
    store.clear()
    _extras(site, site_url, codes)
    nothing = _read(site / "no-network.html")  # it stands in the worker
    (site / "no-network.html").unlink()
    pages = [name for name in _paths(site) if name.endswith(".html")]
    visit = f"{first_visit(site) / 1000:.1f} KB"
    _show(site, pages, "first-visit", dict.fromkeys(offline.LANGS, visit))
    size = _zip(site, replaced, day)
    _show(site, pages, "archive", {lang: size_words(lang, 0, size) for lang in offline.LANGS})
    _offline(site, replaced, str(day), nothing)
    _compress(site, Store(root / ".build" / "compressed"))
    if not quiet:
        print(f"build: files joined, zipped and compressed in {time.monotonic() - started:.1f} s", file=sys.stderr)


def first_visit(site: Path) -> int:
    """Bytes of the start page and what it loads, each as a server would send it, compressed with gzip."""
    html = _read(site / "index.html")
    files = ["index.html", *(assets.resolve("", href) for href in dict.fromkeys(assets.loads(html)))]
    return sum(len(deflate.gzip_compress((site / name).read_bytes(), GZIP)) for name in files)


def _show(site: Path, pages: list[str], figure: str, words: dict[str, str]) -> None:
    """Set a figure that only the finished site has where pages show it: see `model.text.measured`."""
    for name in pages:
        html = _read(site / name)
        if (mark := measured(figure)) in html:
            shown = mark.replace("></data>", f">{words[offline.language(name) or 'zh']}</data>")
            _write(site / name, html.replace(mark, shown))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _paths(site: Path) -> list[str]:
    out = []
    for folder, _, files in os.walk(site):
        where = Path(folder).relative_to(site).as_posix()
        out += [f if where == "." else f"{where}/{f}" for f in files]
    return sorted(out)


def _tidy(site: Path) -> None:
    """Leave out what no reader's browser asks for."""
    for name in _paths(site):
        unused = not (site / "search/search_index.json").exists() and re.match(
            r"assets/javascripts/(lunr/|workers/|bundle\.)", name
        )
        if unused or name.endswith(".map") or name == "sitemap.xml.gz":
            (site / name).unlink()
    for folder in ("lunr/min", "lunr", "workers"):
        path = site / "assets/javascripts" / folder
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _assets_and_policy(site: Path, store: Store, known: dict[str, str]) -> tuple[set[str], set[str]]:
    """Join styles and scripts, put the policy into each page. known: the scripts that may stand in one.

    Returns the plain names that no page asks for any more, and the code of all scripts that stand in pages. A page
    that has been finished before, with the same styles and scripts, is taken from the store.
    """
    names = _paths(site)
    texts = {n: _read(site / n) for n in names if n.endswith((".css", ".js"))}
    code = Store.key(*(f.read_bytes() for f in sorted(Path(__file__).parent.glob("*.py"))), *sorted(known))
    keys = {n: Store.key(code, n, (site / n).read_bytes()) for n in names if n.endswith(".html")}
    facts = {n: pickle.loads(store.get(f"{key}.facts", partial(_facts, site, n, known))) for n, key in keys.items()}
    inline = sorted({code for fact in facts.values() for code in fact.inline})
    scripts = [*(t for n, t in texts.items() if n.endswith(".js") and "/words/" not in n), *inline]
    words = set().union(*(fact.words for fact in facts.values()), unused.words([], scripts))
    about = Store.key(code, *sorted(words), *scripts)

    def once(what: Callable[[str], str], css: str) -> str:
        return store.get(Store.key(about, what.__name__, css), lambda: what(css).encode()).decode()

    def trim(css: str) -> str:
        return unused.trim(css, words)

    def unasked(css: str) -> str:
        return unused.unasked(css, scripts)

    slim = {n: once(trim, t) if n.endswith(".min.css") else t for n, t in texts.items()}
    loads = {n: (fact.styles, fact.scripts) for n, fact in facts.items()}
    bundles, change, made, problems = assets.join(loads, slim, partial(once, unasked))
    text = "{} is written into the page, where the content policy stops it: use a class, a module or a template"
    problems += [Problem(n, 1, "POLICY-1", text.format(found)) for n, fact in facts.items() for found in fact.breaks]
    if problems:
        raise FinishError("\n".join(map(str, errors(problems))))
    loaded: set[str] = set()
    codes: set[str] = set()
    for name, key in keys.items():
        html = store.get(
            f"{Store.key(key, repr(bundles[name]), assets.LOADER)}.html",
            lambda n=name: policy.stamp(assets.dense(change(n, _read(site / n))), known).encode(),
        )
        (site / name).write_bytes(html)
        # the page for a missing address names its files from the root
        loaded |= {assets.resolve("" if f[:1] == "/" else name, f.lstrip("/")) for f in assets.loads(html.decode())}
        codes.update(policy.inline_scripts(html.decode()))
    for name, text in made.items():
        _write(site / name, text)
    return set(texts) - loaded, codes


def _facts(site: Path, name: str, known: dict[str, str]) -> bytes:
    html = _read(site / name)
    styles, scripts = assets.asked(name, html)
    return pickle.dumps(
        Facts(styles, scripts, policy.inline_scripts(html), unused.words([html], []), policy.breaks(html, known))
    )


def _extras(site: Path, site_url: str, codes: set[str]) -> None:
    _write(site / "_headers", policy.header_file(sorted(codes), {"en/": "en", "print/en/": "en"}))
    _write(site / "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {site_url}sitemap.xml\n")
    for lang in offline.LANGS:
        home = _read(site / ("" if lang == "zh" else "en") / "index.html")
        description = re.search(r'<meta name="description" content="([^"]*)">', home)
        _write(
            site / f"site.{lang}.webmanifest", offline.manifest(lang, SITE[lang], description[1] if description else "")
        )


def _offline(site: Path, replaced: set[str], day: str, nothing: str) -> None:
    paths, copies = _paths(site), {}
    for lang, kept in offline.kept(paths, replaced).items():
        part, digest, pressed, weight = (
            site / "offline" / f"{lang}.part",
            hashlib.sha256(),
            zlib.compressobj(6, wbits=31),
            0,
        )
        part.parent.mkdir(exist_ok=True)
        with part.open("wb") as out:
            for piece in offline.pack((p, (site / p).read_bytes()) for p in kept):
                out.write(piece)
                digest.update(piece)
                weight += len(pressed.compress(piece))
        name = f"offline/{digest.hexdigest()[:10]}.json"
        part.rename(site / name)
        copies[lang] = {"file": name, "bytes": weight + len(pressed.flush()), "count": len(kept)}
        pdfs = [p for p in paths if p.endswith(".pdf") and offline.language(p) == lang]
        if pdfs:
            name, text = offline.papers({p: assets.short((site / p).read_bytes()) for p in pdfs})
            _write(site / name, text)
            copies[f"{lang}-pdf"] = {
                "file": name,
                "bytes": sum((site / p).stat().st_size for p in pdfs),
                "count": len(pdfs),
            }
    _write(site / "sw.js", rjsmin.jsmin(offline.worker(copies, day, nothing, _read(WORKER))))


def _zip(site: Path, replaced: set[str], day: date) -> int:
    """The whole site for a folder, and how many bytes that is.

    Opened by ``file:``, where a folder has no index page, a module is refused and only a script can be read.
    """
    at = (min(max(day.year, 1980), 2107), day.month, day.day, 0, 0, 0)  # the years that a zip knows
    left_out = re.compile(r"_|404|robots|sitemap|.*\.zip$")
    with zipfile.ZipFile(site / SITE_ZIP, "w") as out:
        for name in _paths(site):
            if name in replaced or left_out.match(name):
                continue
            data = (site / name).read_bytes()
            if name.endswith(".html"):
                data = assets.from_folder(data.decode()).encode()
            elif re.search(r"/joined[\w-]*\.\w+\.js$", name):
                data = assets.classic(data.decode()).encode()
            elif re.match(r"assets/search/[^/]+\.txt$", name):
                name, data = f"{name}.js", assets.as_script(Path(name).name, data).encode()
            entry = zipfile.ZipInfo(f"repayment-handbook/{name}", at)
            # PDFs and pictures are compressed inside
            entry.compress_type = zipfile.ZIP_DEFLATED if name.endswith(TEXT) else zipfile.ZIP_STORED
            out.writestr(entry, data)
    return (site / SITE_ZIP).stat().st_size


def _compress(site: Path, store: Store) -> None:
    """A ``.gz`` and a ``.br`` beside each text file."""

    def one(name: str) -> None:
        data = (site / name).read_bytes()
        if len(data) >= SMALLEST:
            key, quality = Store.key(data), 9 if len(data) < 1_000_000 else 7
            gz = store.get(f"{key}.gz", lambda: deflate.gzip_compress(data, GZIP))
            br = store.get(f"{key}.br", lambda: brotli.compress(data, quality=quality))
            (site / f"{name}.gz").write_bytes(gz)
            (site / f"{name}.br").write_bytes(br)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, [n for n in _paths(site) if n.endswith(TEXT) and not n.startswith("_")]))
    store.clear()
