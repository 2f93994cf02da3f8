"""Every kind of bad input: the rule, the place and the words a writer sees."""

import re

import pytest
from conftest import ENDED, REGISTERS, SOURCE

ZH, EN = "docs/zh/index.md", "docs/en/index.md"


def only(lines, rule):
    found = [line for line in lines if f" {rule} " in line]
    assert found, f"{rule} is not among {lines}"
    return found[0]


def test_the_small_handbook_is_clean(small):
    assert small.lines() == []


CASES = [
    (
        "broken YAML",
        ZH,
        "topics: [triage]",
        "topics: [triage",
        "YAML-1",
        r"docs/zh/index.md:\d+: YAML-1 cannot read the YAML",
    ),
    (
        "key twice",
        ZH,
        "step: talk",
        "step: talk\nstep: pay",
        "YAML-2",
        r"index.md:5: YAML-2 the key 'step' stands twice",
    ),
    (
        "unknown source",
        ZH,
        "[@card-rule]",
        "[@no-such-rule]",
        "CITE-1",
        r"index.md:22: CITE-1 no source has the id 'no-such-rule'",
    ),
    ("unknown topic", ZH, "[triage]", "[no-topic]", "PAGE-7", r"no topic is called 'no-topic'"),
    ("unknown claim", ZH, "[C001]", "[C001, C999]", "CLAIM-1", r"no claim has the id 'C999'"),
    ("unknown telephone", ZH, "先打官方电话", "先打 [tel:12399]", "TEL-1", r"no contact is called '12399'"),
    ("telephone by hand", ZH, "先打官方电话", "先打 12399", "TEL-2", r"12399 looks like a telephone number"),
    (
        "unknown marker",
        ZH,
        "## 下一步",
        "<!-- chart: road -->\n\n## 下一步",
        "MARK-2",
        r"index.md:24: MARK-2 no marker is called 'chart'",
    ),
    (
        "unknown marker argument",
        ZH,
        "## 下一步",
        "<!-- picture: no-such -->\n\n## 下一步",
        "MARK-3",
        r"the marker 'picture' knows no 'no-such'",
    ),
    ("unreadable marker", ZH, "## 下一步", "<!-- picture road -->\n\n## 下一步", "MARK-1", r"cannot read the marker"),
    (
        "item without id",
        ZH,
        " {#copy-number}",
        "",
        "ITEM-1",
        r"index.md:17: ITEM-1 the checklist item “抄下官方电话” has no id",
    ),
    (
        "item id twice",
        ZH,
        "{#write-amount}",
        "{#copy-number}",
        "ITEM-3",
        r"index.md:18: ITEM-3 the id 'copy-number' stands already on line 17",
    ),
    (
        "heading without id",
        ZH,
        " {#the-law}",
        "",
        "PAGE-11",
        r"index.md:20: PAGE-11 the heading “法律怎么说” has no id",
    ),
    (
        "heading id missing in en",
        EN,
        " {#the-law}",
        " {#law}",
        "PAR-2",
        r"docs/en/index.md:\d+: PAR-2 heading number 2",
    ),
    (
        "item missing in en",
        EN,
        "- [ ] Copy the official number {#copy-number}\n",
        "",
        "PAR-3",
        r"checklist item number 1",
    ),
    (
        "citation missing in en",
        EN,
        "[@card-rule]",
        "",
        "PAR-4",
        r"the citation 'card-rule' stands only in the Chinese page",
    ),
    (
        "number changed in en",
        EN,
        "¥1,400",
        "¥1,500",
        "PAR-7",
        r"the number or date 1500 stands only in the English page",
    ),
    (
        "number word changed in en",
        EN,
        "five years",
        "six years",
        "PAR-7",
        r"the number or date 5 stands only in the Chinese page",
    ),
    ("link to a page that is not there", ZH, "(#do-now)", "(start/none.md)", "LINK-1", r"no page 'start/none'"),
    ("link to a missing anchor", ZH, "(#do-now)", "(#gone)", "LINK-3", r"has no anchor 'gone'"),
    ("address outside", ZH, "(#do-now)", "(https://example.com/)", "LINK-2", r"an address outside the handbook"),
    (
        "key of zh in en",
        EN,
        "aliases:",
        "step: talk\naliases:",
        "PAGE-3",
        r"language-neutral keys stand in the zh page only",
    ),
    ("step not on the road", ZH, "step: talk", "step: dance", "PAGE-5", r"step 'dance' is not on the road"),
    ("title and heading differ", ZH, "# 先联系银行", "# 联系银行", "PAGE-9", r"the first heading is not the title"),
    (
        "short description",
        EN,
        "If you cannot pay, call the bank first, explain the hardship and ask for a written answer before you decide.",
        "Too short.",
        "PROSE-2",
        r"the description has 10 characters; write 50 to 150",
    ),
    (
        "long sentence",
        EN,
        "then talk about terms.",
        "and then " + "talk and " * 24 + "rest.",
        "PROSE-6",
        r"a sentence of \d+ words",
    ),
    ("banned word", ZH, "再谈条件", "再跟老赖谈条件", "PROSE-11", r"the word “老赖”"),
    ("italics", EN, "then talk", "then *talk*", "PROSE-14", r"italics are not used"),
    ("exclamation mark", ZH, "再谈条件。", "再谈条件！", "PROSE-14", r"no exclamation marks"),
    (
        "asks for a card number",
        ZH,
        "抄下官方电话",
        "填写你的银行卡号",
        "PROSE-15",
        r"asks the reader for an ID, card or account number",
    ),
    ("half-width comma", ZH, "先打官方电话，再", "先打官方电话,再", "PROSE-16", r"half-width “,” beside Chinese text"),
    ("no space before digits", ZH, "能还 1,400 元", "能还1,400元", "PROSE-16", r"should read"),
    (
        "rule without citation",
        ZH,
        "先打官方电话，再谈条件",
        "《民法典》说了",
        "LAW-2",
        r"“《民法典》” stands without a source",
    ),
    (
        "deadline without citation",
        ZH,
        "先打官方电话，再谈条件",
        "15 天内回复",
        "LAW-2",
        r"“15 天内” stands without a source",
    ),
    (
        "rate by hand in English",
        EN,
        "then talk about terms",
        "pay 24% at most",
        "LAW-2",
        r"“24%” stands without a source",
    ),
    (
        "false claim pasted into a page",
        ZH,
        "先打官方电话，再谈条件",
        "欠钱就要坐牢",
        "CHECK-1",
        r"repeats “欠钱就要坐牢”, judged false in checked.yml \(prison\)",
    ),
    (
        "false claim in English",
        EN,
        "then talk about terms",
        "or go to prison for debt",
        "CHECK-1",
        r"repeats “go to prison for debt”",
    ),
    (
        "a word the glossary refuses",
        EN,
        "then talk about terms",
        "use the amortization hack",
        "TERM-1",
        r"the glossary refuses “amortization hack” for personal plan",
    ),
    (
        "no hash of the source",
        EN,
        "translated_from:",
        "aliased:",
        "PAGE-2",
        r"front matter has no 'translated_from': run scripts/translations --accept index",
    ),
    (
        "Chinese changed after English",
        ZH,
        "先打官方电话",
        "再打官方电话",
        "STALE-1",
        r"docs/en/index.md:5: STALE-1 \(warning\) docs/zh/index.md changed since",
    ),
]


@pytest.mark.parametrize("file,old,new,rule,message", [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_each_mistake_is_named_with_its_place(small, file, old, new, rule, message):
    small.change(file, old, new)
    assert re.search(message, only(small.lines(), rule))


def test_the_english_page_is_missing(small):
    (small.root / EN).unlink()
    assert "docs/zh/index.md:1: PAR-1 the English page is missing: write docs/en/index.md" in small.lines()


def test_a_bad_line_begins_with_do_not_say(small):
    small.change(ZH, "## 下一步", "## 不要这样说 {#do-not-say}\n\n> 我明天全还。\n\n## 下一步")
    assert "a bad line must begin with 不要说" in only(small.lines(), "PROSE-9")


def test_page_over_length(small):
    small.change(ZH, "## 下一步", "这里写得太长了。\n\n" * 200 + "## 下一步")
    assert "cut it or make two pages" in only(small.lines(), "PROSE-5")


def test_lists_and_callouts_have_limits(small):
    small.change(ZH, "## 下一步", "段落。\n\n" + "\n".join(f"- 第 {n} 项" for n in range(8)) + "\n\n## 下一步")
    small.change(ZH, "## 下一步", "".join(f'!!! warning "停 {n}"\n    先停。\n\n' for n in range(3)) + "## 下一步")
    assert "a list of 8 entries; at most 7" in only(small.lines(), "PROSE-3")
    assert "3 call-outs; at most 2" in only(small.lines(), "PROSE-4")


def test_more_items_than_a_sheet_holds(small):
    small.change(ZH, "## 法律", "\n\n".join(f"- [ ] 事情 {{#thing-{n}}}" for n in range(12)) + "\n\n## 法律")
    assert "14 items; a list that fits one sheet has at most 12" in only(small.lines(), "ITEM-4")


def test_names_that_the_language_plugin_would_drop(small):
    small.write("docs/js/tool.js", "x")
    small.write("docs/zh/notes.io.md", "---\ntitle: x\n---\n# x\n")
    small.write("docs/zh/Start.md", "---\ntitle: x\n---\n# x\n")
    lines = small.lines()
    assert (
        "docs/js:1: PATH-1 a folder with a name like a language code is dropped from the site in silence: rename it"
        in lines
    )
    assert any(line.startswith("docs/zh/notes.io.md:1: PATH-1 a dot in a page's name") for line in lines)
    assert any(line.startswith("docs/zh/Start.md:1: PATH-3 paths are ASCII") for line in lines)
    assert any(line.startswith("docs/js/tool.js:1: PATH-2") for line in lines)


def test_not_utf8(small):
    small.write("docs/en/index.md", b"---\ntitle: x\n---\n# caf\xe9\n")
    assert "docs/en/index.md:4: FILE-2 not UTF-8 (byte 22): save the file as UTF-8" in small.lines()


def test_claim_without_a_page(small):
    small.change(ZH, "[C001]", "[]")
    assert re.match(r"docs/data/claims.yml:1: CLAIM-3 no page covers claim C001", only(small.lines(), "CLAIM-3"))


def test_unsafe_claim_needs_a_warning(small):
    small.change("docs/data/claims.yml", "verdict: sound", "verdict: unsafe")
    assert "C001 is unsafe and may stand only as a warning" in only(small.lines(), "CLAIM-2")


def test_register_row_past_its_last_day(small):
    for name in (ZH, EN):
        small.change(name, "[@card-rule]", "[@old-policy]")
    assert "the source 'old-policy' ended on 2026-03-31" in only(small.lines(), "END-1")
    assert "已于 2026-03-31 结束" in small.book().whole("zh", "index")


def test_schema_says_which_field_of_which_row(small):
    small.register("sources", [SOURCE, {**ENDED, "kind": "gossip"}])
    line = only(small.lines(), "REG-1")
    assert line.startswith("docs/data/sources.yml:") and 'kind: "gossip" is not one of' in line


def test_register_cross_references(small):
    small.change("docs/data/contacts.yml", "source: card-rule", "source: gone")
    assert "contact 12378 names the source 'gone'" in only(small.lines(), "REG-3")


def test_pack_with_an_unknown_item(small):
    small.register(
        "packs",
        [
            {
                "id": "evening",
                "title": {"zh": "今晚", "en": "Tonight"},
                "note": {"zh": "做。", "en": "Do."},
                "items": ["index#copy-number", "index#gone"],
            }
        ],
    )
    assert "the pack 'evening' names 'index#gone'" in only(small.lines(), "PACK-1")


def test_page_outside_the_nav(small):
    small.change("mkdocs.yml", "  - index.md", "  - other.md")
    assert (
        "docs/zh/index.md:1: NAV-1 the page is not in the nav of mkdocs.yml: add the line - index.md" in small.lines()
    )


def test_all_problems_are_reported_together(small):
    small.change(ZH, "[@card-rule]", "[@gone]")
    small.change(EN, "¥1,400", "¥1,500")
    small.change(ZH, "step: talk", "step: dance")
    assert {"CITE-1", "PAR-7", "PAGE-5"} <= small.rules()


def test_a_label_changed_to_an_unknown_kind(small):
    small.change("docs/data/sources.yml", "kind: regulation", "kind: hearsay")
    assert 'kind: "hearsay" is not one of' in only(small.lines(), "REG-1")


def test_a_date_that_is_no_day(small):
    small.change("docs/data/sources.yml", "checked_on: '2026-11-22'", "checked_on: '2026-13-22'")
    assert "checked_on 2026-13-22 is not a day of the calendar" in only(small.lines(), "REG-4")


def test_a_weak_source_needs_its_caveat(small):
    small.register("sources", [*REGISTERS["sources"][:2], {**SOURCE, "id": "reprint", "evidence": "press"}])
    assert "a row that rests on a reprint or report needs a caveat" in only(small.lines(), "REG-5")


def test_rows_due_for_a_new_check(small):
    from datetime import date

    rows = (
        {p.rule for p in small.book(date(2027, 11, 22)).problems()},
        {p.rule for p in small.book(date(2027, 11, 23)).problems()},
    )
    assert "DUE-1" not in rows[0] and "DUE-1" in rows[1]
    small.register("sources", [{**SOURCE, "unsettled": True}, *REGISTERS["sources"][1:]])
    assert "DUE-1" in {p.rule for p in small.book(date(2027, 2, 23)).problems()}


def test_a_reviewed_figure_that_no_page_has_any_more(small):
    small.register("allowed", [{"id": "gone", "page": "index", "zh": "约 20%", "en": "about 20%", "reason": "ours"}])
    assert "stand on no such page any more: delete the row" in only(small.lines(), "LAW-3")


def test_two_terms_with_one_name(small):
    small.register("glossary", [REGISTERS["glossary"][0], {**REGISTERS["glossary"][0], "id": "other", "zh": "别的"}])
    assert "one term, one translation" in only(small.lines(), "TERM-2")


def test_a_verdict_needs_a_source(small):
    small.register("checked", [{**REGISTERS["checked"][0], "sources": []}])
    assert "the verdict on prison has no source" in only(small.lines(), "REG-6")


def test_a_new_page_is_a_warning_until_its_address_is_recorded(small):
    small.write("tests/data/urls.txt", "./\n")
    assert "the new address en/ is not in the list" in only(small.lines(), "URL-1")
    assert small.book().record_urls() == 1
    assert small.lines() == []
