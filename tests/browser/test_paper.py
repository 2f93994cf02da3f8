"""The built sheets, every one: words, order, structure, type, fonts, codes, sizes."""

import re
from pathlib import Path

import pikepdf
import pytest
from conftest import ROOT, until
from handbook.book import Book
from handbook.model.page import plain
from handbook.paper import press
from paper import Read, squeeze

BASE = "http://127.0.0.1:8000/"
EDITIONS = {"zh": ("zh",), "en": ("en",), "bilingual": ("zh", "en")}


@pytest.fixture(scope="module")
def papers(site):
    return [(p, site / p.address) for p in Book(ROOT, site_url=BASE).papers()]


def test_every_page_with_items_has_its_three_sheets_in_two_sizes(site, book):
    for path, page in book.pages["zh"].items():
        for edition in EDITIONS:
            for size in ("", "-large"):
                assert (site / f"print/{edition}/{path.replace('/', '-')}{size}.pdf").exists() == bool(page.items), path


def expected(book, path, langs):
    return [
        [squeeze(plain(book.pages[lang][path].items[n].text)) for lang in langs]
        for n in range(len(book.pages["zh"][path].items))
    ]


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_words_of_a_sheet_are_the_items_of_its_pages_in_order(site, book, edition):
    """By the structure tree, so that an entry is a whole entry. In two languages a row is a row of one page of paper."""
    langs = EDITIONS[edition]
    files = {row.name: row.files(edition) for row in book.rows.values()}
    for sheet in book.sheets["zh"]:
        by_id = {
            lang: {p.page.path: {i.id: i for i in book.pages[lang][p.page.path].items} for p in sheet.parts}
            for lang in langs
        }
        want = [
            [squeeze(plain(by_id[lang][part.page.path][i.id].text)) for lang in langs]
            for part in sheet.parts
            for i in part.items
        ]
        for size in ("", "-large"):
            assert [
                row
                for name in files[sheet.name]
                for row in rows(site / f"print/{edition}/{name}{size}.pdf", len(langs))
            ] == want, sheet.name


def rows(file: Path, languages: int) -> list[list[str]]:
    with Read(file) as read:
        if languages == 1:
            return [[text] for _, _, text in read.elements({"LBody"})]
        found = []
        for _, kind, text in read.elements({"TR", "TH", "TD"}):
            if kind == "TR":
                found.append([])
            elif kind == "TD" and (text or found[-1]):  # the box is a cell without words
                found[-1].append(text)
        return [row for row in found if row and not row[0].isdigit()]  # whom to call is no list


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_book_holds_every_item_once_in_the_order_of_the_road(site, book, edition):
    found = rows(site / f"print/{edition}/everything.pdf", len(EDITIONS[edition]))
    found = [r for r in found if len(r) == len(EDITIONS[edition])]
    want = [
        row
        for path in [p for p in book.order if "/" in p] + [p for p in book.order if "/" not in p]
        for row in expected(book, path, EDITIONS[edition])
    ]
    assert [r for r in found if r in want] == want


def test_a_list_takes_two_pages_at_most(papers):
    too_many = []
    for paper, file in papers:
        if paper.row.kind in ("list", "pack") and not paper.large:
            with Read(file) as read:
                if len(read.pdf) > 2:
                    too_many.append((paper.address, len(read.pdf)))
    assert too_many == []


def test_no_pdf_but_the_book_is_over_80_000_bytes_and_the_print_centre_says_so(site):
    big = {f.relative_to(site).as_posix() for f in (site / "print").rglob("*.pdf") if f.stat().st_size > 80_000}
    assert big and {name.split("/")[-1] for name in big} <= {"everything.pdf", "everything-large.pdf"}
    for lang, words in (("zh", "是唯一超过 80 KB 的 PDF"), ("en", "is the only PDF over 80 KB")):
        text = (site / ("en" if lang == "en" else "") / "reference/print/index.html").read_text(encoding="utf-8")
        size = -(-(site / f"print/{lang}/everything.pdf").stat().st_size // 1000)
        assert re.search(rf"{size} KB[^<]*{words}", text), lang


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_group_that_takes_several_files_says_which_part_each_is(site, papers, edition):
    groups: dict[str, list] = {}
    for paper, file in papers:
        if paper.row.kind == "group" and paper.edition == edition:
            groups.setdefault(paper.row.name, []).append((paper, file))
    assert groups
    for name, members in groups.items():
        files = sorted(f.stem.removesuffix("-large") for _, f in members)
        of = len(members) // 2
        assert files == sorted(2 * ([name] if of == 1 else [f"{name}-{n}" for n in range(1, of + 1)]))
        assert (site / f"print/{edition}/{name}.pdf").exists() == (of == 1)
        index = (site / "reference/print/index.html").read_text(encoding="utf-8")
        for paper, file in members:
            assert f'print/{edition}/{file.name}"' in index
            if of > 1:
                number = file.stem.removesuffix("-large").rsplit("-", 1)[1]
                told = {"zh": f"（第 {number} 份，共 {of} 份）", "en": f" (part {number} of {of})"}
                assert paper.data["title"] == [paper.row.title[lang] + told[lang] for lang in EDITIONS[edition]]
        if edition == "en":
            assert of == 1, "letters need few shapes"


def test_tagged_named_in_its_language_and_only_embedded_fonts(papers):
    for paper, file in papers:
        with pikepdf.open(file) as pdf:
            root = pdf.Root
            assert root.MarkInfo.Marked and root.ViewerPreferences.DisplayDocTitle, file
            assert str(root.Lang).startswith(paper.data["langs"][0]), file
            assert str(pdf.docinfo["/Title"]) == " · ".join(paper.data["title"]), file
            assert b"<pdfuaid:part>1</pdfuaid:part>" in root.Metadata.read_bytes(), file
            assert all(page.Tabs == "/S" for page in pdf.pages), "the tabulator follows the order of reading"
            parts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
            fonts = [o for o in parts if o.get("/Type") == "/FontDescriptor"]
            assert fonts and all("/FontFile3" in font for font in fonts), file
            assert {str(font.FontName)[8:] for font in fonts} == {"NotoSansCJKsc-Regular"}, file
            heads = [o for o in parts if o.get("/S") == "/TH"]
            assert len(heads) >= tables(paper.data), file
            assert all(any(a.get("/Scope") == "/Column" for a in head.A) for head in heads), file


def test_headings_tables_and_the_code_are_told_to_a_screen_reader(papers):
    for paper, file in papers:
        with Read(file) as read:
            kinds = [kind for _, kind, _ in read.elements({"H1", "H2", "H3", "H4", "Table", "TH"})]
            levels = [int(kind[1]) for kind in kinds if kind[0] == "H"]
            assert levels[0] == 1 and all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False)), (file, levels)
            assert set(read.alternatives()) == {paper.data["address"]} - {""}, file
            # what goes on overleaf has no second head
            headed = sum(kinds[n : n + 2] == ["Table", "TH"] for n in range(len(kinds)))
            assert headed == tables(paper.data), file
            assert read.unmarked() == 0, file


def tables(data) -> int:
    """How many tables the template makes: lists in two languages, and those of forms."""
    if data["kind"] == "card" and not data["large"]:
        return 0
    both = len(data["langs"]) > 1
    lists = (
        len(data["parts"])
        + sum(len(group["parts"]) for group in data["groups"])
        + sum(b["type"] == "items" for b in data["blocks"])
    )
    if data.get("dense"):
        lists = 0
    return both * lists + sum(b["type"] in ("table", "numbers") for b in data["blocks"])


def test_every_sheet_says_what_it_is(papers):
    for paper, file in papers:
        with Read(file) as read:
            for number, page in enumerate(read.pdf, 1):
                text = squeeze(page.get_textpage().get_text_range())
                for words in [*paper.data["title"], paper.data["address"], *paper.data["version"]]:
                    assert squeeze(words) in text or words in paper.data["title"] and paper.row.kind == "card", (
                        file,
                        number,
                        words,
                    )
                if number == 1:
                    assert paper.data["checked"] in text, file
                for pattern in paper.data["page-of"]:
                    assert squeeze(pattern.format(n=number, of=len(read.pdf))) in text, (file, number)


def test_type_and_boxes_are_large_enough(papers):
    for paper, file in papers:
        with Read(file) as read:
            assert min(read.sizes()) >= (18 if paper.large else 11), (file, read.sizes())
            if paper.row.kind in ("list", "pack"):
                boxes = read.boxes()
                assert len(boxes) == sum(len(part["items"]) for part in paper.data["parts"]) and min(boxes) >= 5, (
                    file,
                    boxes,
                )


def test_no_words_run_off_the_page_or_into_its_foot(papers):
    for paper, file in papers:
        with Read(file) as read:
            for number, page in enumerate(read.pdf, 1):
                rule, lowest = (0, 21) if paper.row.kind == "card" and not paper.large else read.foot(page)
                assert lowest > 20, (file, number, lowest)  # points, 7 mm: nearer to the edge no cheap printer prints
                for left, bottom, right, top in read.placed(page):
                    assert left > 0 and right < page.get_width() and top < page.get_height() and bottom > rule, (
                        file,
                        number,
                        bottom,
                    )


def test_nothing_is_in_colour(papers):
    for _, file in papers[::25]:
        with Read(file) as read:
            red, green, blue = read.pdf[0].render(scale=0.5).to_pil().convert("RGB").split()
            assert red.tobytes() == green.tobytes() == blue.tobytes(), file


def test_every_code_leads_to_a_page_of_the_site(site, tmp_path):
    """Of each address one sheet, set for a public address, since others carry no code.

    At the resolution of a screen, which is the harder one; that of a printer for some of them.
    """
    base = "https://handbook.example/"
    book = Book(ROOT, site_url=base)
    chosen = {(paper.data["address"], paper.edition): paper for paper in book.papers() if not paper.large}.values()
    made = press.make(list(chosen), tmp_path, quiet=True)
    wrong = []
    for number, paper in enumerate(chosen):
        with Read(made.store.path(made.files[paper.address])) as read:
            found = [read.scan(dpi) for dpi in ((96, 300) if number % 12 == 0 else (96,))]
        path = paper.data["address"].removeprefix(base)
        page = site / path / "index.html"
        if {*map(frozenset, found)} != {frozenset([paper.data["address"]])} or not page.exists():
            wrong.append((paper.address, found))
    assert wrong == [] and len(chosen) > 150


def test_every_file_that_a_page_names_is_there_with_its_size(site):
    for page in site.resolve().rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<!-- size" not in text, page
        for href, size in re.findall(r'href="([^"]+/print/[^"]+\.(?:pdf|zip))"[^>]*>[^<]*</a>(?: ([^<]*))?', text):
            file = page.parent / href
            assert file.exists() and re.search(r"\d+ KB|\d\.\d MB", size), (page, href, size)
    for lang in ("", "en/"):
        text = (site / lang / "reference/print/index.html").read_text(encoding="utf-8")
        pictures = re.findall(r'class="thumb" src="([^"]+)"', text)
        assert len(pictures) > 70 and all((site / lang / "reference/print" / p).exists() for p in pictures)
        assert sum((site / lang / "reference/print" / p).stat().st_size for p in set(pictures)) < 250_000


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_the_reader_chooses_language_and_size_without_a_script(chromium, address, scripts):
    context = chromium.new_context(viewport={"width": 320, "height": 700}, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(address + "en/reference/print/")
    page.locator("#they-call-me + p + details summary").click()
    section = page.locator("#they-call-me + p + details .files").first

    def shown():
        return [
            link.get_attribute("href").split("/print/")[1] for link in section.locator("a").all() if link.is_visible()
        ]

    assert shown() == ["en/wallet-card.pdf"]
    page.locator("#edition-bilingual").focus()
    page.keyboard.press("Space")
    page.check("#size-large")
    assert shown() == ["bilingual/wallet-card-large.pdf"]
    page.check("#edition-any")
    page.check("#size-any")
    assert len(shown()) == 6
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_first_look_at_the_print_centre_is_light_and_unfolding_shows_the_pictures(chromium, address, site, lang):
    context = chromium.new_context(
        viewport={"width": 390, "height": 6000}, service_workers="block"
    )  # so tall that nothing is far away
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
    page.goto(address + ("en/" if lang == "en" else "") + "reference/print/")
    until(page, "document.documentElement.dataset.modules === 'ready' && document.readyState === 'complete'")
    page.evaluate("new Promise(done => requestIdleCallback(() => done()))")
    files = [site / (name + "index.html" if name.endswith("/") else name) for name in asked]
    weights = [
        (twin if (twin := file.with_name(file.name + ".gz")).exists() else file).stat().st_size for file in files
    ]
    assert len(files) <= 10 and sum(weights) + 400 * len(files) < 80_000, list(
        zip(asked, weights, strict=True)
    )  # 400: what a server says first
    assert f"print/{lang}/wallet-card.png" not in asked
    page.locator("#they-call-me + p + details summary").click()
    until(
        page,
        "[...document.querySelectorAll('#they-call-me + p + details img')].every((i) => i.complete && i.naturalWidth === 120)",
    )
    assert f"print/{lang}/wallet-card.png" in asked
    context.close()
