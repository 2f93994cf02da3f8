"""Sheets of paper: what they say, how they are made, what stops them. The built ones are in test_paper.py."""

import io
import re
import shutil
import zipfile

import pytest
from conftest import DAY, ROOT
from handbook.book import Book
from handbook.model import lists
from handbook.model.lists import Part, Sheet
from handbook.model.page import Item, Page
from handbook.model.text import width
from handbook.paper import press as sheets
from handbook.paper import sheets as sheets_
from handbook.web import plain_text
from handbook.web.plain_text import COLUMNS, NOT_FIRST, wrap
from hypothesis import given, settings
from hypothesis import strategies as st

ZH, EN = "docs/zh/index.md", "docs/en/index.md"
FORM = {
    "id": "log",
    "kind": "form",
    "page": "index",
    "title": {"zh": "记录", "en": "Log"},
    "note": {"zh": "写。", "en": "Write."},
    "blocks": [
        {"lines": [{"zh": "日期", "en": "Date"}]},
        {"table": [{"label": {"zh": "时间", "en": "Time"}, "width": 1}], "rows": 2},
        {"items": ["index#copy-number"]},
        {"numbers": ["12378"]},
    ],
}
SITUATION = {
    "id": "now",
    "kind": "situation",
    "title": {"zh": "现在", "en": "Now"},
    "note": {"zh": "先看。", "en": "First."},
    "sheets": ["index", "log"],
}


@pytest.fixture
def press():
    return sheets.Press(sheets.font())


def paper(small, name, edition="zh", large=False):
    return next(p for p in small.book().papers() if (p.row.name, p.edition, p.large) == (name, edition, large))


def test_a_card_that_is_too_full_says_how_high_it_is(small, press):
    small.change(
        ZH,
        "## 下一步 {#next}",
        "## 可以这样说 {#you-can-say}\n\n"
        + "\n>\n".join(f"> 第{n}句话，这是很长很长很长很长的一句话。" for n in range(20))
        + "\n\n## 下一步 {#next}",
    )
    small.change(
        EN,
        "## Next {#next}",
        "## You can say {#you-can-say}\n\n" + "\n>\n".join("> Say." for _ in range(20)) + "\n\n## Next {#next}",
    )
    small.register("sheets", [{**FORM, "kind": "card", "blocks": [{"quotes": "index#you-can-say"}]}])
    with pytest.raises(sheets.SheetError, match=r"SHEET-7 the card is \d+ mm high; its place is 86 mm"):
        press.pdf(paper(small, "log"))


def test_only_the_book_may_be_large(small, press, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_BYTES", 5_000)
    assert press.pdf(paper(small, "everything"))[1] == 2


SAID = {
    **FORM,
    "landscape": True,
    "blocks": [
        {"heading": {"zh": "题", "en": "Head"}},
        {"text": {"zh": "话", "en": "Words"}},
        {"space": 3},
        {"lines": [{"zh": "日期", "en": "Date"}]},
        {"boxes": [{"zh": "带上", "en": "Bring"}]},
        {"quotes": "index#you-can-say", "most": 1},
        {"items": ["index#write-amount"]},
        {"numbers": ["12378"]},
        {"table": [{"label": {"zh": "时间", "en": "Time"}, "width": 1}], "rows": 2},
        {"table": [{"label": {"zh": "谁", "en": "Who"}, "width": 1}], "fixed": [{"zh": "我", "en": "Me"}]},
    ],
}
PAGE = "---\ntitle: {title}\nchecked: {day}\n---\n\n# {title}\n\n- [ ] {one} {{#one}}\n- [ ] {two} {{#two}}\n"


@pytest.fixture
def printed(small):
    """{(sheet, edition): paper} of a handbook with a group of two pages, a pack, a form and a card."""
    for file, say, said in ((ZH, "## 下一步", "我想谈。"), (EN, "## Next", "I want to talk.")):
        small.change(file, say, f"## {{#you-can-say}}\n\n> {said}\n>\n> {said}\n\n{say}".replace("## {", "## Say {"))
    for path, day in (("start/first", "2026-01-02"), ("start/second", "2026-03-04")):
        small.write(f"docs/zh/{path}.md", PAGE.format(title="页", day=day, one="一", two="二"))
        small.write(f"docs/en/{path}.md", PAGE.format(title="Page", day=day, one="One", two="Two"))
    nav = "  - start:\n      - start/first.md\n      - start/second.md\n"
    small.change("mkdocs.yml", "  - index.md\n", f"{nav}  - index.md\n")
    small.register("sheets", [SAID, {**FORM, "id": "card", "kind": "card", "blocks": SAID["blocks"][5:8]}])
    pack = ["index#copy-number", "start/second#two", "start/second#one"]
    small.register(
        "packs",
        [{"id": "bag", "title": {"zh": "包", "en": "Bag"}, "note": {"zh": "今晚。", "en": "Tonight."}, "items": pack}],
    )
    return {(p.row.name, p.edition): p for p in small.book().papers() if not p.large}


def test_a_form_says_its_blocks_in_the_languages_of_its_edition(printed):
    data = printed["log", "bilingual"].data
    assert (data["title"], data["note"], data["landscape"]) == (["记录", "Log"], ["写。", "Write."], True)
    assert (data["address"], data["checked"]) == ("https://example.org/", "2026-11-22")
    assert data["blocks"] == [
        {"type": "heading", "text": ["题", "Head"]},
        {"type": "text", "text": ["话", "Words"]},
        {"type": "space", "lines": 3},
        {"type": "lines", "labels": [["日期", "Date"]]},
        {"type": "items", "rows": [["带上", "Bring"]]},
        {"type": "quotes", "rows": [["我想谈。", "I want to talk."]]},
        {"type": "items", "rows": [["写下每月能还 1,400 元", "Write down that you can pay ¥1,400 a month"]]},
        {"type": "numbers", "rows": [{"number": "12378", "name": ["热线", "Line"]}]},
        {"type": "table", "columns": [{"label": ["时间", "Time"], "width": 1}], "rows": [[], []], "height": 10},
        {"type": "table", "columns": [{"label": ["谁", "Who"], "width": 1}], "rows": [[["我", "Me"]]], "height": None},
    ]
    assert printed["log", "en"].data["address"] == "https://example.org/en/"
    assert printed["log", "en"].data["number-words"] == [["Call"], ["Who answers"]]
    assert printed["log", "bilingual"].data["addresses"] == ["https://example.org/", "https://example.org/en/"]


def test_an_english_sheet_carries_the_chinese_of_what_is_said_and_of_who_answers(printed):
    of = {b["type"]: b.get("rows") for b in printed["log", "en"].data["blocks"]}
    assert of["quotes"] == [["I want to talk.", "我想谈。"]] and of["numbers"] == [
        {"number": "12378", "name": ["Line", "热线"]}
    ]
    assert of["items"] == [["Write down that you can pay ¥1,400 a month"]]


def test_a_large_form_has_higher_rows_down_to_its_last(small, printed):
    large = next(p for p in small.book().papers() if p.row.name == "log" and p.large)
    assert [b["height"] for b in large.data["blocks"] if b["type"] == "table"] == [15, 15]
    assert large.address == "print/zh/log-large.pdf"


def test_no_sheet_but_a_group_and_the_book_may_have_many_pages(small, printed):
    most = {(p.row.kind, p.large): p.most_pages for p in small.book().papers()}
    assert {kind: (most[kind, False], most[kind, True]) for kind, _ in most} == {
        "list": (2, 4),
        "pack": (2, 4),
        "form": (2, 4),
        "card": (1, 2),
        "group": (None, None),
        "book": (None, None),
    }


def test_a_card_says_its_lines_once_in_each_language(printed):
    (zh, en) = printed["card", "bilingual"].data["cards"]
    assert zh["quotes"] == ["我想谈。"] and en["quotes"] == ["I want to talk."]
    assert zh["items"] == ["写下每月能还 1,400 元"] and en["numbers"] == [["12378", "Line"]]
    assert zh["page-of"] == "第 1 页，共 1 页" and en["page-of"] == "page 1 of 1"
    assert (
        en["facts"].startswith("checked on 2026-11-22 · version ")
        and printed["card", "zh"].row.size["zh"] == "一张纸六份"
    )


def test_a_pack_is_one_list_in_the_order_of_its_row(printed):
    data = printed["bag", "en"].data
    assert data["parts"] == [{"title": None, "items": [["Copy the official number"], ["Two"], ["One"]]}]
    assert (data["note"], data["checked"]) == (["Tonight."], "2026-03-04")
    assert data["address"] == "https://example.org/en/reference/print/"
    assert printed["bag", "en"].row.size == {"zh": "3 项", "en": "3 items"}


def test_a_group_names_its_pages_and_shows_its_oldest_day(printed):
    data = printed["start", "zh"].data
    assert data["parts"] == [{"title": ["页"], "items": [["一"], ["二"]]}] * 2
    assert (data["checked"], data["address"]) == ("2026-01-02", "https://example.org/reference/print/")


def test_a_list_leads_to_its_page_and_has_no_heads(printed):
    data = printed["start-second", "en"].data
    assert data["parts"] == [{"title": None, "items": [["One"], ["Two"]]}]
    assert (data["address"], data["checked"]) == ("https://example.org/en/start/second/", "2026-03-04")
    assert data["facts"][0].startswith("checked on 2026-03-04 · version ") and data["note"] == []


def test_the_book_holds_every_item_once(printed):
    paper = printed["everything", "en"]
    assert [(g["title"], [p["title"] for p in g["parts"]]) for g in paper.data["groups"]] == [
        (["start"], [["Page"], ["Page"]]),
        (["Repayment Handbook"], [["Call the bank first"]]),
    ]
    assert paper.row.size["en"] == "6 items" and paper.data["checked"] == "2026-01-02"
    assert paper.guilty() == "docs/en/index.md:15 item 'write-amount' (“Write down that you can pay ¥1,400 a mon”)"


def test_the_print_centre_knows_its_sheets_by_kind_and_part(small, printed):
    assert [(r.name, r.kind, r.group) for r in small.book().rows.values()] == [
        ("bag", "pack", "packs"),
        ("start", "group", "start"),
        ("start-first", "list", "start"),
        ("start-second", "list", "start"),
        ("index", "list", ""),
        ("log", "form", "forms"),
        ("card", "card", "forms"),
        ("everything", "book", "everything"),
    ]


SIGNS = st.lists(
    st.lists(st.text(alphabet=[chr(0x4E00 + n) for n in range(600)], min_size=1, max_size=120), min_size=1, max_size=4),
    min_size=1,
    max_size=8,
)


@settings(max_examples=100, deadline=None)
@given(SIGNS)
def test_a_group_is_cut_between_pages_into_as_few_parts_as_its_weight_needs(pages):
    parts = tuple(
        Part(
            Page(f"g/{n}", "zh", "", {}, {}, "", 0),
            tuple(Item(str(k), text, 1, "", "") for k, text in enumerate(texts)),
        )
        for n, texts in enumerate(pages)
    )
    cuts = lists.cut({"zh": Sheet("g", "", "", "", parts)}, ("zh",))
    assert [a for a, _ in cuts] + [len(pages)] == [0] + [b for _, b in cuts] and all(a < b for a, b in cuts)

    def weight(a, b):
        text = "".join(text for texts in pages[a:b] for text in texts)
        return 14_000 + 178 * len(set(text)) + 6 * len(text)

    assert all(weight(a, b) <= lists.MOST_WEIGHT or b - a == 1 for a, b in cuts)
    fewest = [0]
    for stop in range(1, len(pages) + 1):
        fewest.append(
            min(
                fewest[start] + 1
                for start in range(stop)
                if weight(start, stop) <= lists.MOST_WEIGHT or stop - start == 1
            )
        )
    assert len(cuts) == fewest[-1]


def test_a_missing_font_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(sheets, "FONT_FOLDERS", (str(tmp_path),))
    monkeypatch.delenv("HANDBOOK_FONTS", raising=False)
    with pytest.raises(sheets.SheetError, match="Noto Sans CJK SC is missing .*run scripts/setup"):
        sheets.font()


def built(small, name, quiet=True):
    shutil.rmtree(small.root / name, ignore_errors=True)
    (small.root / name).mkdir()
    sheets.make(small.book().papers(), small.root / ".build/sheets", quiet).put(small.root / name)
    return {
        f.relative_to(small.root / name).as_posix(): f.read_bytes()
        for f in sorted((small.root / name).rglob("*"))
        if f.is_file()
    }


@pytest.fixture
def printing(small, monkeypatch):
    small.register("sheets", [FORM, SITUATION])
    small.write("mkdocs.yml", "site_name: x\nsite_url: !ENV [SITE_URL, 'https://example.org/']\nnav:\n  - index.md\n")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    monkeypatch.delenv("SITE_URL", raising=False)
    return small


def test_two_builds_are_the_same_bytes_whatever_the_day(printing, monkeypatch):
    first = built(printing, "one")
    shutil.rmtree(printing.root / ".build")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1826841600")
    assert built(printing, "two") == first
    assert {n for n in first if n.endswith(".zip")} == {
        f"print/{e}/all{s}.zip" for e in ("zh", "en", "bilingual") for s in ("", "-large")
    }
    with zipfile.ZipFile(io.BytesIO(first["print/en/all.zip"])) as archive:
        assert {n: archive.read(n) for n in archive.namelist()} == {
            n.split("/")[-1]: d for n, d in first.items() if re.fullmatch(r"print/en/[a-z-]+(?<!-large)\.pdf", n)
        }


def test_a_change_makes_only_its_own_sheets_anew(printing, capfd):
    built(printing, "one", quiet=False)
    assert "18 PDFs, 18 typeset" in capfd.readouterr().err
    built(printing, "one", quiet=False)
    assert "18 PDFs, 0 typeset" in capfd.readouterr().err
    printing.change(EN, "you can pay ¥1,400 a month {#", "you can pay ¥1,500 a month {#")
    built(printing, "one", quiet=False)
    assert "18 PDFs, 12 typeset" in capfd.readouterr().err, "the list and the book; the form does not show that item"


def test_progress_names_the_sheet_and_how_many(printing, capfd):
    built(printing, "one", quiet=False)
    assert "sheets: 18 of 18 print/bilingual/everything-large.pdf" in capfd.readouterr().err


def test_where_only_this_machine_answers_a_sheet_has_no_address_and_no_code(small, press):
    for url in ("http://127.0.0.1:8000/", "http://localhost/", ""):
        made = next(p for p in Book(small.root, DAY, url).papers() if p.row.name == "index")
        assert made.data["address"] == "" and made.data["read-at"] == []
        assert press.pdf(made)[1] == 1
    assert paper(small, "index").data["address"] == "https://example.org/"


def test_a_page_cannot_name_the_size_of_a_file_that_was_not_made(small):
    book = small.book()
    book.sizes = {"print/zh/other.pdf": (1, 20_000)}
    with pytest.raises(KeyError, match="print/zh/index.pdf"):
        book.render("zh", "index")


@pytest.mark.parametrize("remove", [True, False], ids=["deleted", "renamed"])
def test_deleting_or_renaming_an_item_changes_its_sheets_and_nothing_else(tmp_path, remove):
    for name in ("docs", "mkdocs.yml"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    path, key = "recovery/closing-papers", None
    for lang in ("zh", "en"):
        file = tmp_path / "docs" / lang / f"{path}.md"
        text = file.read_text(encoding="utf-8")
        line = next(n for n in text.split("\n") if n.startswith("- [ ] "))
        key = re.search(r"\{#(.*)\}", line)[1]
        file.write_text(
            text.replace(
                line + "\n", "" if remove else line.replace("{#", "now {#" if lang == "en" else "现在 {#") + "\n", 1
            ),
            encoding="utf-8",
        )
    before, after = (Book(root, site_url="https://example.org/") for root in (ROOT, tmp_path))
    keys = [{p.address: p.key() for p in book.papers()} for book in (before, after)]
    changed = {address for address in keys[0] if keys[0][address] != keys[1].get(address)}
    parts = {
        e: row.files(e) for row in before.rows.values() if row.name == "recovery" for e in ("zh", "en", "bilingual")
    }
    names = {path.replace("/", "-"), "everything"} | {
        k for k, p in before.registers.packs.items() if f"{path}#{key}" in p["items"]
    }
    assert changed == {
        f"print/{e}/{n}{s}.pdf"
        for e in ("zh", "en", "bilingual")
        for n in names | set(parts[e])
        for s in ("", "-large")
    }
    assert set(keys[0]) == set(keys[1])


WORDS = st.text(alphabet="还款协商手册，。；（）“”ab 12,.-/元", max_size=300)


@settings(max_examples=200, deadline=None)
@given(WORDS)
def test_wrapping_keeps_every_sign_and_every_line_narrow(text):
    lines = wrap(text, "  ", "□ ")
    assert all(round(width(line), 3) <= COLUMNS for line in lines)
    assert "".join("".join(lines).split()).removeprefix("□") == "".join(text.split())


def test_no_line_begins_with_a_closing_mark_or_cuts_a_word():
    lines = wrap("请把本金、利息、罚息和费用分开列给我，" * 6 + "看 https://example.org/handbook/legal/ 这一页。")
    assert all(line[0] not in NOT_FIRST for line in lines), lines
    assert any("https://example.org/handbook/legal/" in line for line in lines)


def test_every_page_has_a_plain_twin_with_all_its_items_and_words(book):
    texts = plain_text.files(book)
    texts = {name: text.decode() for name, text in texts.items() if name.endswith(".txt")}
    assert len(texts) == sum(len(p) for p in book.pages.values())
    for lang in ("zh", "en"):
        for path, page in book.pages[lang].items():
            text = texts[f"print/{lang}/{path.replace('/', '-')}.txt"]
            assert round(max(width(line) for line in text.split("\n")), 3) <= COLUMNS, path
            flat, at = "".join(text.split()).lower(), 0
            for block in page.blocks:
                if block.kind in ("heading", "paragraph", "task", "item", "quote"):
                    words = "".join(plain_text.plain(block.text).split()).lower()
                    assert words in flat[at:], (path, block.text)
            for item in page.items:  # in their order
                at = flat.index("".join(plain_text.plain(item.text).split()).lower(), at)
            assert not re.search(r"\[@|\{#|\[tel:|\]\(|\*\*|<!--", text), path


def test_blank_sheets_ask_for_no_number_and_speak_both_languages(book):
    assert {k for k, r in book.registers.sheets.items() if r["kind"] != "situation"} >= {
        "blank-debt-list",
        "blank-monthly-budget",
        "blank-lender-summary",
        "blank-call-log",
        "blank-visit-log",
        "blank-payment-log",
        "blank-document-cover",
        "blank-deadline-calendar",
        "blank-for-my-family",
        "wallet-card",
    }
    assert [str(p) for p in book.problems() if p.rule.startswith("SHEET")] == []


def of_sheet(book, name, edition="zh", large=False):
    return next(p for p in book.papers() if (p.row.name, p.edition, p.large) == (name, edition, large))


def test_the_sheet_of_every_page_with_words_to_say_prints_every_one(book):
    """The lines of the page, none written twice, with the Chinese under the English, and what decides."""
    papers = {p.row.name: p for p in book.papers() if p.edition == "en" and not p.large and p.row.kind == "list"}
    saying = 0
    for path, zh in book.pages["zh"].items():
        en, paper = book.pages["en"][path], papers.get(path.replace("/", "-"))
        said = [sheets_._own_quotes(page) for page in (zh, en)]
        if not paper or not said[0]:
            continue
        saying += 1
        assert len(said[0]) == len(said[1]) <= sheets_.MOST_SAID, path
        of = {b["type"]: b["rows"] for b in paper.data["blocks"] if "rows" in b}
        assert of["quotes"] == [[b, a] for a, b in zip(*said, strict=True)], path
        texts = [b["text"] for b in paper.data["blocks"] if b["type"] == "text"]
        assert len(texts) == zh.body.count("{.paper}") == en.body.count("{.paper}"), path
    assert saying > 40


def test_the_sheet_for_the_family_has_the_three_numbers_of_the_danger_on_its_page(book):
    for large in (False, True):
        of = {b["type"]: b.get("rows") for b in of_sheet(book, "start-for-family", "en", large).data["blocks"]}
        assert [r["name"][1] for r in of["numbers"]] == [
            book.registers.contacts[key]["name"]["zh"] for key in ("police", "ambulance", "mental-health")
        ]


def test_the_call_card_says_the_six_turns_of_its_page_on_one_page(book, press):
    turns = next(b for b in of_sheet(book, "call-card", "en").data["blocks"] if b["type"] == "turns")["rows"]
    assert [t["title"][0][:2] for t in turns] == ["1.", "2.", "3.", "4.", "5.", "6."]
    assert [t["said"] for t in turns] == [True] * 5 + [False]
    assert [line for t in turns[:5] for line in t["lines"]] == [
        list(pair)
        for pair in zip(
            *(sheets_._own_quotes(book.pages[x]["strategies/first-call"]) for x in ("en", "zh")), strict=True
        )
    ]
    assert any("录音" in line[1] for line in turns[0]["lines"])
    for edition in ("zh", "en", "bilingual"):
        assert press.pdf(of_sheet(book, "call-card", edition))[1] == 1


def test_the_days_of_the_court_sheet_are_those_of_the_deadline_tool(book):
    of = {item["id"]: item for item in book.registers.tools["reminders"]["items"]}
    rows = next(b for b in of_sheet(book, "court-sheet", "en").data["blocks"] if b["type"] == "table")["rows"]
    keys = next(b["deadlines"] for b in book.registers.sheets["court-sheet"]["blocks"] if "deadlines" in b)
    assert rows == [
        [[of[k]["title"]["en"], of[k]["title"]["zh"]], [f"{of[k]['days']} days", f"{of[k]['days']} 天"]] for k in keys
    ]


def test_a_last_page_with_a_line_or_two_is_mended_by_the_space_between_things_or_stopped(book, press, monkeypatch):
    """SHEET-10."""
    made = of_sheet(book, "legal-court-papers", "bilingual")
    assert press.pdf(made)[1] in (1, 2)
    monkeypatch.setattr(sheets, "GAPS", (1,))
    monkeypatch.setattr(sheets, "LEAST_LINES", 50)
    with pytest.raises(sheets.SheetError, match=r"SHEET-10 the last page of the sheet .* has \d+ lines"):
        press.pdf(made)


@pytest.mark.parametrize(
    "block,words",
    [
        ({"deadlines": ["tomorrow"]}, "the period 'tomorrow' is not there"),
        ({"decides": "index"}, "the page 'index' with lines that decide is not there"),
        ({"turns": "index#steps"}, "the section 'index#steps' with lines to say is not there"),
    ],
)
def test_a_form_that_names_what_is_not_there_is_stopped(small, block, words):
    small.register("sheets", [{**FORM, "blocks": [block]}])
    assert [words in p.message for p in small.book().problems() if p.rule == "SHEET-2"] == [True]
