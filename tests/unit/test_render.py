"""What the handbook makes of a page: boxes, notes, labels, lists, sheets, pictures. Without MkDocs."""

import html
import re

import markdown
from conftest import CHECKED, ROOT, SOURCE
from handbook.book import Book
from handbook.model import registers
from handbook.model.place import Place
from handbook.model.text import escape_inline
from handbook.web import checklists, pictures

ZH = "docs/zh/index.md"


def test_boxes_have_the_same_name_in_both_languages(small):
    book = small.book()
    names = [re.findall(r'data-tick="([^"]+)"', book.whole(lang, "index")) for lang in ("zh", "en")]
    assert names[0] == names[1] == ["index#copy-number", "index#write-amount"]


def test_a_source_cited_twice_is_one_note(small):
    small.change(ZH, "先打官方电话，再谈条件。", "先打官方电话，再谈条件。[@card-rule]")
    text = small.book().whole("zh", "index")
    assert text.count('<li id="fn:card-rule">') == 1 and text.count('href="#fn:card-rule"') == 2


def test_a_note_says_kind_title_article_evidence_day_and_quote(small):
    note = html.unescape(small.book().whole("en", "index").split('<li id="fn:card-rule">')[1])
    for part in (
        "regulation",
        "Measures",
        "art. 70",
        "we read the text itself",
        "checked on 2026-11-22",
        "text: “可以”",
        "in force since 2011",
    ):
        assert part in note, part


def test_a_source_whose_text_was_not_read_carries_a_mark_and_says_so_in_its_note(small):
    text = small.book().whole("zh", "index")
    assert ">1</a></sup>" in text and "依据 1 条 · 1 条读的是全文" in text and "没有看到原文" not in text
    small.change(ZH, "[@card-rule]", "[@reprint]")
    text = small.book().whole("zh", "index")
    body, notes = text.split('<details class="evidence">')
    assert ">1°</a></sup>" in body and "转载" not in body, "the sentence says what holds, the note how we know"
    assert "依据 1 条 · 0 条读的是全文" in notes and "只读到转载" in notes and "没有看到原文" in notes


def test_an_ended_rule_says_so_from_the_day_after_its_last(small):
    from datetime import date

    small.change(ZH, "[@card-rule]", "[@old-policy]")
    assert "已于" not in small.book(date(2026, 3, 31)).whole("zh", "index")
    assert "已于 2026-03-31 结束" in small.book(date(2026, 4, 1)).whole("zh", "index")


def test_one_word_changed_in_a_page_changes_every_view_of_it(small):
    small.register(
        "packs",
        [
            {
                "id": "evening",
                "title": {"zh": "今晚", "en": "Tonight"},
                "note": {"zh": "做。", "en": "Do."},
                "items": ["index#copy-number"],
            }
        ],
    )
    small.change(ZH, "## 下一步", "<!-- checklist: all -->\n\n## 下一步")
    small.change(ZH, "抄下官方电话", "抄下银行电话")
    book = small.book()
    files = {name: html.decode() for name, html in checklists.files(book).items()}
    page = book.whole("zh", "index")
    assert page.count("抄下银行电话") == 1, "once on the page"
    assert "抄下银行电话" in files["print/zh/evening.html"] and "抄下银行电话" in files["print/zh/index.html"]
    assert "官方电话" not in files["print/zh/evening.html"]


def test_group_lists_hold_every_item_of_their_pages(book):
    for lang in ("zh", "en"):
        sheets = {s.name: s for s in book.sheets[lang]}
        for group in ("start", "prepare", "channels", "strategies", "legal", "recovery"):
            items = [
                i
                for p in book.order
                if p.startswith(group + "/") and p in book.pages[lang]
                for i in book.pages[lang][p].items
            ]
            assert [i for part in sheets[group].parts for i in part.items] == items


def test_hostile_text_in_a_register_never_becomes_markup(small):
    bad = "<img src=x onerror=alert(1)> [a](javascript:x) *b* `c` {#d} </span>"
    small.register(
        "sources",
        [
            {
                **SOURCE,
                "title": {"zh": bad, "en": bad},
                "quote": bad,
                "caveat": {"zh": bad, "en": bad},
                "evidence": "excerpt",
            }
        ],
    )
    book = small.book()
    made = markdown.markdown(book.render("zh", "index"), extensions=["attr_list", "admonition", "tables"])
    page = book.fill("zh", "index", made)
    assert "<img" not in page and 'href="javascript' not in page and "<em>b</em>" not in page
    assert page.count("&lt;img") == 3, "title, quote and caveat are shown as the text they are"


def test_escaped_text_shows_the_text_itself():
    text = "a*b*_c_ [x](y) `z` <b> {#i} # h | 1. ~~s~~ ![p](q)"
    shown = re.sub(r"<[^>]+>", "", markdown.markdown("x " + escape_inline(text), extensions=["attr_list"]))
    assert html.unescape(shown) == "x " + text


def test_pictures_have_the_same_words_as_text(book):
    loaded, problems = registers.load(ROOT / "docs" / "data", ROOT)
    assert not [p for p in problems if p.level == "error"]
    for picture in loaded.pictures.values():
        for lang in ("zh", "en"):
            place = Place(book, book.pages[lang]["index"])
            drawn = pictures.marker(place, "picture", picture["id"])
            svg, words = drawn.split("</svg>")
            for step in picture["steps"]:
                label = step["label"][lang].replace("’", "&#x27;").replace("'", "&#x27;")
                assert label in words
                assert "".join(label.split()) in "".join("".join(re.findall(r">([^<]*)</text>", svg)).split())
            assert "<title" in svg and 'role="img"' in svg


def test_the_strip_marks_exactly_one_step(book):
    for step in ("before", "overdue", "chased", "talk", "sign", "pay", "settle", "recover"):
        assert pictures.strip(book.registers, step, "zh", "x").count('class="now"') == 1
    assert 'class="now"' not in pictures.strip(book.registers, "court", "zh", "x")


def test_a_sheet_stands_alone(small):
    book = small.book()
    html = checklists.files(book)["print/en/index.html"].decode()
    for part in (
        "<h1>Call the bank first</h1>",
        "checked on 2026-11-22",
        "https://example.org/en/",
        "2 items",
        'lang="en"',
    ):
        assert part in html
    assert checklists.MOST_ITEMS == 12


def test_the_index_is_in_pinyin_order(book):
    from handbook.web.registers_pages import sort_key

    text = book.whole("zh", "reference/a-to-z")
    letters = re.findall(r'<h2 id="letter-(\w+)">', text)
    named = [letter for letter in letters if letter != "other"]
    assert named == sorted(named) and len(named) > 15
    assert sort_key("“法务”").startswith("fawu")


def test_two_days_give_the_same_text_when_nothing_ended(book):
    again = Book(ROOT, site_url="https://example.org/")
    for lang in ("zh", "en"):
        for path in list(book.pages[lang])[:10]:
            assert again.whole(lang, path) == book.whole(lang, path)


def test_blanks_to_fill_stay_blanks(small):
    small.change(ZH, "## 法律怎么说", "> 一共 ____ 元，每月 ____ 元。\n\n## 法律怎么说")
    made = markdown.markdown(small.book().render("zh", "index"))
    assert "一共 ____ 元，每月 ____ 元" in html.unescape(made) and "<strong>" not in made.split("一共")[1]


def test_a_list_leads_search_engines_to_its_page_with_the_words_of_that_page(small):
    html = checklists.files(small.book())["print/zh/index.html"].decode()
    assert (
        '<link rel="canonical" href="https://example.org/">' in html
        and 'content="还不上的时候先联系银行' in html
        and "noindex" not in html
    )
    lines = (small.root / ZH).read_text(encoding="utf-8").split("\n")
    small.write(ZH, "\n".join(line for line in lines if not line.startswith("description:")))
    assert (
        '<meta name="description" content="先联系银行 · '
        in checklists.files(small.book())["print/zh/index.html"].decode()
    )


def test_claims_stand_by_verdict_with_what_they_rest_on(small):
    rows = [{**CHECKED, "id": "odd", "verdict": "unproven", "sources": []}, CHECKED]
    small.register("checked", rows)
    small.change("docs/en/index.md", "## Next", "<!-- register: checked -->\n\n## Next")
    page = small.book().whole("en", "index")
    assert re.findall('id="verdict-([a-z]+)">([^<]+)<', page) == [
        ("false", "false"),
        ("unproven", "not enough evidence"),
    ]
    said, odd = page.split('<section class="row claim"')[1:]
    assert "Sources: <a" in said and "Personal plan</a> · See: <a" in said and ">Call the bank first</a>" in said
    assert "Sources: we found no source" in odd and "“Debt means prison”" in odd and "1 claims" in page


def test_a_plain_twin_tells_tables_as_labels_and_values_and_tools_as_their_paper_form(book):
    from handbook.web import plain_text

    call = plain_text.twin(book, book.pages["zh"]["strategies/first-call"])
    assert "· 谁说了算：银行或平台。" in call and "· 要花多少钱：申请不用交钱" in call
    assert "网页上这里有一份列表" not in call and "这通电话有录音吗？" in call and "号码尾号或金额 ________" in call
    fees = plain_text.twin(book, book.pages["en"]["legal/court-fees"])
    assert "- This part of the sum: Up to ¥10,000; Fee: ¥50 in all" in fees and "5. The part from" in fees
    letter = plain_text.twin(book, book.pages["zh"]["channels/complain-to-lender"])
    assert "________消费者投诉部门" in letter and "困难说明和分期申请" not in letter, "only the letter of the page"


def test_who_reads_english_finds_the_chinese_of_a_card_also_without_a_script(book):
    whole = book.whole("en", "strategies/first-call")
    for item in book.registers.tools["call-cards"]["items"]:
        assert f'<span class="chinese" lang="zh-Hans">{item["text"]["zh"]}</span>' in whole
    assert "今天做不到" in whole and whole.count("今天做不到") == 1
