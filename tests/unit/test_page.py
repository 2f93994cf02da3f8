"""The Markdown reader, without MkDocs."""

from hashlib import sha256

from conftest import ZH
from handbook.model.lists import address, size_words, volumes
from handbook.model.page import parse, plain, target
from handbook.model.text import escape, length, sentences, width
from handbook.rules.translations import digest


def read(text, path="prepare/list"):
    return parse(text, path, "zh", "docs/zh/x.md")


def test_reads_every_part():
    page, problems = read(ZH)
    assert problems == []
    assert page.title == "先联系银行"
    assert [(h.level, h.id) for h in page.headings] == [(1, None), (2, "do-now"), (2, "the-law"), (2, "next")]
    assert [(i.id, i.line, i.section) for i in page.items] == [
        ("copy-number", 17, "do-now"),
        ("write-amount", 18, "do-now"),
    ]
    assert [(c.value, c.section) for c in page.cites] == [("card-rule", "the-law")]
    assert page.links[0].value == "#do-now"
    assert page.meta["checked"] == "2026-11-22", "dates stay text"


def test_callouts_lists_quotes_tables_and_markers():
    page, problems = read("""---
title: t
---
# t

!!! warning "先停"
    里面第一句。[看](a.md)

    - [ ] 里面的事 {#inner}

> 可以这样说。

| | |
| --- | --- |
| 谁 | 银行 |

- 一
- 二
  续行 [tel:110]

1. 三

<!-- picture: road -->
""")
    assert problems == []
    kinds = [(b.kind, b.text, b.callout) for b in page.blocks]
    assert ("paragraph", "里面第一句。[看](a.md)", "warning") in kinds
    assert ("task", "里面的事", "warning") in kinds
    assert ("quote", "可以这样说。", "") in kinds
    assert ("cell", "银行", "") in kinds
    assert [c.value for c in page.callouts] == ["warning"]
    assert (page.markers[0].text, page.markers[0].value) == ("picture", "road")
    assert [t.value for t in page.tels] == ["110"]
    assert [entries for _, entries in page.lists] == [1, 3]


def test_plain_drops_marks():
    assert plain("**先**打 [tel:12378]，看[这里](a.md)。[@x] {#id}") == "先打 12378，看这里。"


def page(path, lang="zh"):
    return read("", path)[0] if lang == "zh" else parse("", path, lang, "docs/en/x.md")[0]


def test_an_address_follows_from_the_path_and_the_language():
    assert [page(p).url for p in ("index", "start/index", "start/prison")] == ["", "start/", "start/prison/"]
    assert [page(p, "en").url for p in ("index", "start/prison")] == ["en/", "en/start/prison/"]
    assert [page(p).group for p in ("index", "start/index", "start/prison")] == ["", "start", "start"]


def test_a_link_leads_from_the_folder_of_its_page():
    def to(href):
        return target(page("start/prison"), href)

    assert to("#why") == ("start/prison", "why")
    assert to("calm.md#now") == ("start/calm", "now")
    assert to("../legal/./court.md") == ("legal/court", "")
    assert to("../../x.md")[0].startswith("../")
    assert to("https://example.org/") is None


def test_front_matter_keeps_what_its_writer_wrote():
    text = "---\na: true\nb: 12\nc: 012\nd: ~\ne: 2026-11-22\nf: 'no'\ng: off\n---\n# x\n"
    page, problems = read(text)
    assert problems == []
    assert page.meta == {"a": True, "b": 12, "c": "012", "d": None, "e": "2026-11-22", "f": "no", "g": False}
    assert [page.meta_line(key) for key in ("a", "g", "no-such")] == [2, 8, 1]


def test_lists_are_counted_by_their_level():
    for text, lists in (
        ("- 一\n    - 甲\n    - 乙\n- 二\n\n段\n\n1. 三\n2. 四\n", [(1, 2), (8, 2)]),
        ("- 一\n- 二\n\n# 题\n\n    - 深\n- 浅\n- 浅\n", [(1, 2), (6, 1), (7, 2)]),
    ):
        assert read(text)[0].lists == lists


def test_a_call_out_ends_where_its_indent_ends():
    page, _ = read('!!! danger "停"\n    里面。\n外面。\n')
    assert [(b.kind, b.text, b.callout) for b in page.blocks] == [
        ("callout", "停", "danger"),
        ("paragraph", "里面。", "danger"),
        ("paragraph", "外面。", ""),
    ]
    assert [(c.value, c.text) for c in page.callouts] == [("danger", "停")]


def test_code_is_not_read():
    page, problems = read("```\n# no heading\n<!-- no marker\n```\n后面。\n")
    assert problems[1:] == [] and page.headings == [] and [b.text for b in page.blocks] == ["后面。"]


def test_text_is_measured_as_a_reader_feels_it():
    assert length("还 1,400 元，看 abc", "zh") == 5
    assert length("You can pay ¥1,400 a month", "en") == 6
    assert width("还a") == 1.55
    assert sentences("先谈。“再还。”好（真的。）行？", "zh") == ["先谈。", "“再还。”", "好（真的。）", "行？"]
    assert sentences("See art. 70 first. Then e.g. Call. 5 days?", "en") == [
        "See art.\xa070 first.",
        "Then e.g.\xa0Call.",
        "5 days?",
    ]


def test_hostile_signs_are_only_shown():
    assert escape('<a href="\'&">') == "&lt;a href=&quot;&#x27;&amp;&quot;&gt;"


def test_a_file_says_how_much_it_is():
    assert [size_words("zh", *of) for of in ((2, 24_001), (0, 999_999), (0, 1_000_000))] == [
        "2 页，25 KB",
        "1000 KB",
        "1.0 MB",
    ]
    assert [size_words("en", *of) for of in ((1, 1000), (2, 1001))] == ["1 page, 1 KB", "2 pages, 2 KB"]
    assert volumes("legal", 1) == ["legal"] and volumes("legal", 2) == ["legal-1", "legal-2"]
    assert (
        address("en", "legal", True) == "print/en/legal-large.pdf"
        and address("zh", "a", ending="txt") == "print/zh/a.txt"
    )


def test_the_hash_of_a_chinese_page_never_changes_for_the_same_words():
    """Every English page has recorded it."""
    first, again = (read(f"---\ntitle: t\ndescription: d\n{key}---\n\nx\n")[0] for key in ("", "step: pay\n"))
    assert digest(first) == digest(again) == sha256(b"t\nd\nx").hexdigest()[:12]
