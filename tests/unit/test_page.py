"""The Markdown reader, without MkDocs."""

from conftest import ZH
from handbook.model.page import parse, plain, target


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


def test_targets_are_resolved_from_the_page():
    page, _ = read(ZH, "prepare/list")
    assert target(page, "../legal/scams.md#next") == ("legal/scams", "next")
    assert target(page, "other.md") == ("prepare/other", "")
    assert target(page, "#do-now") == ("prepare/list", "do-now")
    assert target(page, "https://example.org/") is None
    assert target(page, "../../outside.md")[0].startswith("..")


def test_urls():
    assert read(ZH, "index")[0].url == ""
    assert read(ZH, "start/index")[0].url == "start/"
    assert parse(ZH, "start/prison", "en", "x")[0].url == "en/start/prison/"


def test_front_matter_not_closed_is_one_problem():
    page, problems = read("---\ntitle: x\n\n# x\n")
    assert [p.rule for p in problems] == ["PAGE-1"]
    assert problems[0].message.startswith("front matter is not closed")
