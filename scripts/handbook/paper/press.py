"""The press: sets every sheet as PDF, with small pictures and archives, before the pages are made, which name their sizes.

What did not change is taken from the store, ``.build/sheets``.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import multiprocessing
import os
import re
import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pikepdf
import segno
import typst
from PIL import Image

from ..model.lists import EDITIONS, address, archive
from ..model.page import LANGS
from ..model.store import Store
from .sheets import MOST_BYTES, Paper

TEMPLATE = Path(__file__).with_name("sheet.typ")
FONT = "Noto Sans CJK SC"
FONT_FILE = "NotoSansCJK-Regular.ttc"
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/opt/homebrew/share/fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
    "~/.local/share/fonts",
    "~/.fonts",
)
PICTURE_WIDTH = 120  # pixels
GAPS = (1, 0.8, 0.6, 1.25, 1.5)  # how far apart things stand, in the order in which they are tried
LEAST_LINES = 6  # on the last page of several
pikepdf.settings.set_flate_compression_level(9)


class SheetError(Exception):
    """A sheet that cannot be made; the message is what a writer reads."""


def font() -> Path:
    """The font file. Raises SheetError if it is missing."""
    for folder in (*filter(None, os.environ.get("HANDBOOK_FONTS", "").split(os.pathsep)), *FONT_FOLDERS):
        place = Path(folder).expanduser()
        hit = next(iter(sorted(place.rglob(FONT_FILE))), None) if place.is_dir() else None
        if hit:
            return hit
    raise SheetError(
        f"the font {FONT} is missing ({FONT_FILE}): run scripts/setup, or install the package fonts-noto-cjk, or name its folder in HANDBOOK_FONTS"
    )


@cache
def code(url: str) -> tuple[str, int]:
    """The address as a picture to scan: SVG without margin, and its width in modules."""
    made = segno.make_qr(url, error="m", boost_error=False)
    out = io.BytesIO()
    made.save(out, kind="svg", border=0, xmldecl=False, svgns=True, nl=False)
    return out.getvalue().decode(), made.symbol_size(border=0)[0]


def smaller(pdf: bytes) -> bytes:
    """The same PDF with its small objects packed together: a third less to send through a chat app."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        streams = pikepdf.ObjectStreamMode.generate
        opened.save(out, object_stream_mode=streams, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


class Press:
    """The typesetter with its font."""

    def __init__(self, file: Path):
        self.compiler = typst.Compiler(
            str(TEMPLATE),
            font_paths=typst.Fonts(
                include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(file.parent)]
            ),
            ignore_system_fonts=True,
        )

    def _compile(self, paper: Paper, gap: float = 1, **options):
        svg, modules = code(paper.data["address"]) if paper.data["address"] else ("", 0)
        data = {**paper.data, "qr": svg, "modules": modules, "gap": gap}
        return self.compiler.compile(sys_inputs={"doc": json.dumps(data, ensure_ascii=False)}, **options)

    def pdf(self, paper: Paper) -> tuple[bytes, int]:
        """(PDF, pages). Raises SheetError for a sign that the font lacks, too many pages or bytes, or a last page
        with nearly nothing on it however far apart things stand; it names the text."""
        for gap in GAPS:
            try:
                pdf = self._set(paper, gap)
            except SheetError as error:
                wrong = error
                continue
            pages, lines = json.loads(self.compiler.query("<pages>", field="value", one=True))
            if paper.most_pages and pages > paper.most_pages:
                wrong = SheetError(
                    f"{paper.guilty()}: SHEET-7 the sheet {paper.address} has {pages} pages; at most {paper.most_pages}: shorten this, its longest text, or drop an item"
                )
            elif paper.row.kind != "book" and pages > 1 and lines < LEAST_LINES:
                wrong = SheetError(
                    f"{paper.guilty()}: SHEET-10 the last page of the sheet {paper.address} has {lines} lines: shorten this, or drop an item"
                )
            else:
                break
        else:
            raise wrong
        pdf = smaller(pdf)
        if paper.row.kind != "book" and len(pdf) > MOST_BYTES:
            mend = (
                "lower MOST_WEIGHT in scripts/handbook/model/lists.py"
                if paper.row.kind == "group"
                else "shorten this, its longest text, or drop an item"
            )
            raise SheetError(
                f"{paper.guilty()}: SHEET-9 the sheet {paper.address} has {len(pdf)} bytes; at most {MOST_BYTES}: {mend}"
            )
        return pdf, pages

    def _set(self, paper: Paper, gap: float) -> bytes:
        try:
            # PDF/UA-1 also makes a sign that the font lacks an error instead of an empty box
            return self._compile(paper, gap, format="pdf", pdf_standards=["ua-1"])
        except typst.TypstError as error:
            missing = re.search(r'the text `"(.*?)"` could not be displayed', str(error))
            if missing:
                raise SheetError(
                    f"{paper.guilty(missing[1])}: SHEET-6 the font {FONT} has no sign for “{missing[1]}”: write it another way (sheet {paper.address})"
                ) from None
            full = re.search(r"the (?:card is|rows of the last table) [^\n`\"]*", str(error))
            if full:
                raise SheetError(f"{paper.guilty()}: SHEET-7 {full[0]}: shorten this (sheet {paper.address})") from None
            raise SheetError(f"{paper.address}: SHEET-8 the template failed: {' '.join(str(error).split())}") from None

    def picture(self, paper: Paper) -> bytes:
        """The first page, small, in eight greys, as PNG."""
        made = self._compile(paper, format="png", ppi=PICTURE_WIDTH * 2 / 8.27)
        image = Image.open(io.BytesIO(made if isinstance(made, bytes) else made[0])).convert("L")
        image = image.resize(
            (PICTURE_WIDTH, round(PICTURE_WIDTH * image.height / image.width)), Image.Resampling.LANCZOS
        )
        out = io.BytesIO()
        image.quantize(8).save(out, "PNG", optimize=True)
        return out.getvalue()


def seed(file: Path) -> str:
    """What every sheet is made from besides its words: the template, this file, the libraries, the font."""
    versions = repr([typst.__version__, segno.__version__, Image.__version__, pikepdf.__version__])
    with open(file, "rb") as opened:
        font = hashlib.file_digest(opened, "sha256").hexdigest()
    return Store.key(TEMPLATE.read_bytes(), Path(__file__).read_bytes(), versions, font)


def give(kept: Path, target: Path) -> None:
    """Put a kept file at the target, as another name of the same bytes where the disk allows it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(kept, target)
    except OSError:
        shutil.copyfile(kept, target)


_press: Press | None = None


def _start(file: Path) -> None:
    global _press
    _press = Press(file)


def _job(paper: Paper) -> tuple[bytes, int, bytes | None] | str:
    """(PDF, pages, picture) in a process of its own, or the words of what went wrong."""
    try:
        pdf, pages = _press.pdf(paper)
        return pdf, pages, _press.picture(paper) if pictured(paper) else None
    except SheetError as error:
        return str(error)


def pictured(paper: Paper) -> bool:
    """The pages show one picture of a sheet per language."""
    return not paper.large and paper.edition in LANGS


def typeset(
    papers: list[Paper], keep: Callable[[Paper, bytes, int, bytes | None], None], file: Path, quiet: bool
) -> None:
    """Set these on all cores; keep: called with each paper, its PDF, pages and picture. Raises SheetError with every problem, one a line."""
    failures = []
    with contextlib.ExitStack() as stack:
        workers = min(os.cpu_count() or 1, len(papers) // 20)
        if workers > 1:  # processes of their own, not copies: a copy of a process with threads can hang
            pool = stack.enter_context(multiprocessing.get_context("spawn").Pool(workers, _start, (file,)))
            results = pool.imap(_job, papers, chunksize=4)
        else:
            _start(file)
            results = map(_job, papers)
        for number, (paper, made) in enumerate(zip(papers, results, strict=True), 1):
            if isinstance(made, str):
                failures.append(made)
                continue
            pdf, pages, picture = made
            keep(paper, pdf, pages, picture)
            if not quiet:
                _progress(number, len(papers), paper.address)
    if failures:
        raise SheetError("\n".join(dict.fromkeys(failures)))


class Printed:
    """All sheets as finished files in the store. files: their names there by address; sizes: (pages, bytes) by address."""

    def __init__(self, store: Store, files: dict[str, str]):
        self.store, self.files = store, files
        self.sizes = {}
        for where, name in files.items():
            pages = name.removesuffix(".pdf")[41:] if name.endswith(".pdf") else "0"
            self.sizes[where] = int(pages), store.path(name).stat().st_size

    def put(self, site: Path) -> None:
        """Put every file at its address below the site."""
        for where, name in self.files.items():
            give(self.store.path(name), site / where)


def make(papers: list[Paper], folder: Path, quiet: bool = False) -> Printed:
    """Set what the store in `folder` lacks. Raises SheetError with every problem, one a line."""
    file = font()
    store, base = Store(folder), seed(file)
    keys = {paper.address: store.key(base, paper.key()) for paper in papers}
    pdfs = {name[:40]: name for name in store.have if name.endswith(".pdf")}  # key-pages.pdf

    def missing(paper: Paper) -> bool:
        key = keys[paper.address]
        return key not in pdfs or (pictured(paper) and f"{key}.png" not in store)

    def keep(paper: Paper, pdf: bytes, pages: int, picture: bytes | None) -> None:
        key = keys[paper.address]
        pdfs[key] = f"{key}-{pages}.pdf"
        store.keep(pdfs[key], pdf)
        if picture:
            store.keep(f"{key}.png", picture)

    new = [paper for paper in papers if missing(paper)]
    if new:
        typeset(new, keep, file, quiet)
    files: dict[str, str] = {}
    archives: dict[str, dict[str, str]] = {address(e, "all", big, "zip"): {} for e in EDITIONS for big in (0, 1)}
    for paper in papers:
        files[paper.address] = pdfs[keys[paper.address]]
        archives[address(paper.edition, "all", paper.large, "zip")][paper.address] = files[paper.address]
        if pictured(paper):
            files[address(paper.edition, paper.file, ending="png")] = f"{keys[paper.address]}.png"
    for where, members in archives.items():
        files[where] = f"{store.key(repr(members))}.zip"
        store.get(files[where], lambda m=members: archive({name: store.path(n).read_bytes() for name, n in m.items()}))
    printed = Printed(store, files)
    store.clear()
    if not quiet:
        total = sum(size for _, size in printed.sizes.values()) / 1e6
        print(f"sheets: {len(papers)} PDFs, {len(new)} typeset; {total:.1f} MB with archives", file=sys.stderr)
    return printed


def _progress(number: int, of: int, name: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[Ksheets: {number} of {of} {name}", end="" if number < of else "\n", file=sys.stderr, flush=True)
    elif number % 50 == 0 or number == of:
        print(f"sheets: {number} of {of} {name}", file=sys.stderr, flush=True)


if __name__ == "__main__":  # scripts/setup asks whether the font is there
    try:
        print(font())
    except SheetError as error:
        sys.exit(str(error))
