"""Every rule: the smallest input that breaks it, and the line that its writer then reads. One table, nothing else to keep."""

import ast
import dataclasses
import re
from datetime import date

import pytest
from conftest import CHECKED, CLAIM, CONTACT, DAY, ROOT, SOURCE, TERM, UNTOLD
from conftest import EN as EN_TEXT
from handbook.__main__ import main
from handbook.model.registers import STEPS
from handbook.paper import press
from handbook.ship import assets, finish

ZH, EN, NEXT = "docs/zh/index.md", "docs/en/index.md", "## 下一步"
BOTH = {"zh": "字", "en": "a"}
DESCRIPTION = re.search("description: (.*)", EN_TEXT)[1]
FORM = {"id": "log", "kind": "form", "page": "index", "title": BOTH, "note": BOTH, "blocks": [{"space": 1}]}
NOW = {"id": "now", "kind": "situation", "title": BOTH, "note": BOTH, "sheets": ["index"]}
CRISIS = {
    "id": "crisis",
    "kind": "crisis",
    "page": "index",
    "tels": ["12378"],
    "says": BOTH,
    "words": {"zh": ["想死"], "en": []},
    "near": {"zh": ["想死机"], "en": []},
}
TOOL = {"id": "sum", "title": BOTH, "lead": BOTH}
PACK = {"id": "evening", "title": BOTH, "note": BOTH, "items": ["index#gone"]}
ROAD = {"id": "road", "title": BOTH, "steps": [{"id": "a", "label": BOTH, "page": "gone"}, {"id": "b", "label": BOTH}]}
DRAWN = {"id": "road", "title": BOTH, "steps": [{"id": s, "label": BOTH} for s in ("a", "b")]}
STEPPED = {
    **ROAD,
    "steps": [{"id": s, "label": BOTH, **({"page": "index"} if s == "talk" else {})} for s in STEPS if s != "any"],
}
DATE = {"id": "day", "kind": "date", "label": BOTH}
WORDS = {"words": {"zh": ["早还"], "en": ["pay early"]}}
RATE = {
    "id": "rate",
    "name": BOTH,
    "value": {"zh": "3%", "en": "3%"},
    "as_of": {"zh": "2026 年 11 月", "en": "November 2026"},
    "source": "card-rule",
    "where": ["index"],
}
WRITTEN = 57  # characters on the Chinese page
FIGURE = {"id": "gone", "page": "index", "zh": "约 20%", "en": "about 20%", "reason": "ours"}


def rows(register, *rows):
    return lambda small: small.register(register, list(rows))


def blocks(**block):
    return rows("sheets", {**FORM, "blocks": [block]})


def item(**more):
    return rows("tools", {**TOOL, "fields": more.pop("fields", []), "items": [{"id": "a", "title": BOTH, **more}]})


def also(text, file=ZH):
    return (file, NEXT if file == ZH else "## Next", f"{text}\n\n{NEXT if file == ZH else '## Next'}")


def says(text):
    return (ZH, "先打官方电话，再谈条件。", text)


def file(name, content=""):
    return lambda small: small.write(name, content) and None


def link(name, to):
    def run(small):
        (small.root / name).unlink(missing_ok=True)
        (small.root / name).symlink_to(to)

    return run


def gone(name):
    return lambda small: (small.root / name).unlink()


def on(day):
    return lambda small: [str(p) for p in small.book(day).problems()]


def printed(change, limit=None, least=0, **more):
    """What the typesetter says of the sheet of the page, or of the form where there is one."""

    def run(small):
        broken(small, change)
        papers = {paper.row.name: paper for paper in reversed(small.book().papers())}
        with pytest.MonkeyPatch.context() as patch, pytest.raises(press.SheetError) as error:
            patch.setattr(press, "MOST_BYTES", limit or press.MOST_BYTES)
            patch.setattr(press, "LEAST_LINES", least or press.LEAST_LINES)
            press.Press(press.font()).pdf(dataclasses.replace(papers.get("log", papers["index"]), **more))
        return str(error.value).split("\n")

    return run


def finished(small):
    small.write("site/index.html", '<p style="color:red">x</p>')
    with pytest.raises(finish.FinishError) as error:
        finish.finish(small.root, small.root / "site", "https://example.org/", DAY, quiet=True)
    return str(error.value).split("\n")


def joined(small):
    page = '<html><head><script type="module" src="a.js"></script></head><body></body></html>'
    asked = {"index.html": assets.asked("index.html", page)}
    *_, problems = assets.join(asked, {"a.js": 'import "./b.js"\n'})
    return [str(p) for p in problems]


# the line that a writer reads, up to where it says enough: the change to the small handbook that brings it about
ROWS = {
    # files and YAML
    "docs/data/topics.yml:1: FILE-1 the file is missing: restore it": gone("docs/data/topics.yml"),
    "docs/en/index.md:4: FILE-2 not UTF-8 (byte 22): save the file as UTF-8": file(
        EN, b"---\ntitle: x\n---\n# caf\xe9"
    ),
    "docs/zh/index.md:6: YAML-1 cannot read the YAML": (ZH, "[triage]", "[triage"),
    "docs/zh/index.md:5: YAML-2 the key 'step' stands twice": (ZH, "step: talk", "step: talk\nstep: pay"),
    "docs/zh/index.md:5: YAML-3 anchors and aliases (& and *) are not used here": [
        (ZH, "[triage]", "&a [triage]"),
        (ZH, "[还不上怎么办]", "*a"),
    ],
    "docs/zh/index.md:2: YAML-1 cannot read the YAML: found character that cannot start any token": (
        ZH,
        "title: ",
        "\ttitle: ",
    ),
    "mkdocs.yml:3: YAML-1 cannot read the YAML": file("mkdocs.yml", "site_name: x\nnav: [\n"),
    "overrides/assets/a.css:2: FILE-2 not UTF-8 (byte 10)": file("overrides/assets/a.css", b"p{}\n/* caf\xe9 */"),
    "docs/data/topics.yml:1: FILE-3 cannot be read (Too many levels of symbolic links)": link(
        "docs/data/topics.yml", "topics.yml"
    ),
    "docs/zh/loop:1: PATH-4 a link to another file or folder": link("docs/zh/loop", ".."),
    "docs/zh/self.md:1: PATH-4 a link to another file or folder": link("docs/zh/self.md", "self.md"),
    "docs/js:1: PATH-1 a folder with a name like a language code": file("docs/js/x.md"),
    "docs/zh/notes.io.md:1: PATH-1 a dot in a page's name": file("docs/zh/notes.io.md"),
    "docs/zh/tool.js:1: PATH-2 only Markdown pages": file("docs/zh/tool.js"),
    "docs/fr-x/a.md:1: PATH-2 only Markdown pages": file("docs/fr-x/a.md"),
    "docs/zh/Start.md:1: PATH-3 paths are ASCII": file("docs/zh/Start.md"),
    "docs/zh/Start/a.md:1: PATH-3 paths are ASCII": file("docs/zh/Start/a.md"),
    "docs/zh/index.md:1: NAV-1 the page is not in the nav of mkdocs.yml: add the line - index.md": (
        "mkdocs.yml",
        "index.md",
        "other.md",
    ),
    "tests/data/urls.txt:1: URL-1 (warning) the new address en/ is not in the list": file("tests/data/urls.txt", "./"),
    # registers
    'docs/data/sources.yml:2: REG-1 kind: "gossip" is not one of': rows("sources", {**SOURCE, "kind": "gossip"}),
    "docs/data/topics.yml:1: REG-1 the row: Additional properties are not allowed ('colour'": rows(
        "topics", {"id": "triage", "name": BOTH, "colour": "red"}
    ),
    "docs/data/topics.yml:2: REG-1 name: Additional properties are not allowed ('fr'": rows(
        "topics", {"id": "triage", "name": {**BOTH, "fr": "a"}}
    ),
    'docs/data/topics.yml:3: REG-1 name.zh: "" is shorter than 1 character': rows(
        "topics", {"id": "triage", "name": {"zh": "", "en": "a"}}
    ),
    "docs/data/search.yml:3: REG-1 words: Additional properties are not allowed ('fr'": rows(
        "search", {"id": "a", "kind": "ignore", "words": {"zh": ["早"], "en": [], "fr": []}}
    ),
    "docs/data/contacts.yml:15: REG-2 the id '12378' stands twice in contacts.yml": rows("contacts", CONTACT, CONTACT),
    "docs/data/contacts.yml:1: REG-3 contact 12378 names the source 'gone'": rows(
        "contacts", {**CONTACT, "source": "gone"}
    ),
    "docs/data/claims.yml:1: REG-3 claim C001 names the document '9'": rows(
        "claims", {**CLAIM, "documents": [{"document": "9", "where": "L1"}]}
    ),
    "docs/data/checked.yml:1: REG-3 the checked claim prison names the source 'gone'": rows(
        "checked", {**CHECKED, "sources": ["gone"]}
    ),
    "docs/data/checked.yml:1: REG-3 the checked claim prison names the topic 'gone'": rows(
        "checked", {**CHECKED, "topic": "gone"}
    ),
    'docs/data/sources.yml:20: REG-1 checked_on: "2026-13-22" is not a "date"': rows(
        "sources", {**SOURCE, "checked_on": "2026-13-22"}
    ),
    'docs/data/sources.yml:18: REG-1 ends_on: "2026-02-30" is not a "date"': rows(
        "sources", {**SOURCE, "ends_on": "2026-02-30"}
    ),
    'docs/data/contacts.yml:13: REG-1 checked_on: "2026-02-30" is not a "date"': rows(
        "contacts", {**CONTACT, "checked_on": "2026-02-30"}
    ),
    "docs/data/sources.yml:1: REG-5 a row that rests on a reprint or report needs a caveat": rows(
        "sources", {**SOURCE, "evidence": "press"}
    ),
    "docs/data/checked.yml:1: REG-6 the verdict on prison has no source": rows("checked", {**CHECKED, "sources": []}),
    "docs/data/sources.yml:1: DUE-1 (warning) card-rule rests on 《办法》 and is due … 2027-11-22, in 60 days": on(
        date(2027, 9, 23)
    ),
    "docs/data/sources.yml:1: FACT-1 card-rule needs told_in": rows(
        "sources", {k: v for k, v in UNTOLD.items() if k != "reference_only"}
    ),
    "docs/data/sources.yml:1: FACT-2 card-rule is told in 'index#gone'": rows(
        "sources", {**SOURCE, "told_in": "index#gone"}
    ),
    "docs/data/sources.yml:1: FACT-3 the section 'index#do-now' of the zh page does not cite card-rule": rows(
        "sources", {**SOURCE, "told_in": "index#do-now"}
    ),
    "docs/data/sources.yml:28: FACT-4 the alias 'card-rule' of other": rows(
        "sources", SOURCE, {**UNTOLD, "id": "other", "aliases": ["card-rule"]}
    ),
    "docs/data/sources.yml:1: FACT-5 card-rule was checked on 2026-11-22, a day that has not come": on(
        date(2026, 11, 21)
    ),
    "docs/data/sources.yml:1: FACT-6 card-rule names an article, but its title names no law": rows(
        "sources", {**SOURCE, "kind": "law", "title": BOTH}
    ),
    "docs/data/sources.yml:1: FACT-7 card-rule is marked as read in full": rows("sources", {**SOURCE, "read_in": None}),
    "docs/data/sources.yml:1: FACT-8 the quote of card-rule leaves words out": rows(
        "sources", {**SOURCE, "quote": "可……以"}
    ),
    "docs/data/values.yml:1: VALUE-1 the value 'rate' rests on 'gone'": rows("values", {**RATE, "source": "gone"}),
    "docs/data/values.yml:1: VALUE-1 no block of the zh page 'index' shows '3%'": rows("values", RATE),
    "docs/zh/index.md:13: VALUE-2 shows '3%' without its day": [rows("values", RATE), says("3%。[@card-rule]")],
    "docs/zh/index.md:13: VALUE-2 shows '3%': add 'index' to where of 'rate'": [
        rows("values", {**RATE, "where": ["gone"], "beside": {"zh": "约", "en": "about"}}),
        says("约 3%。[@card-rule]"),
    ],
    "docs/en/index.md:21: SAY-1 2 lines to say under 'the-law', 1 in Chinese": [
        also("> 请登记。"),
        also("> Please log it.\n>\n> Thank you.", EN),
    ],
    "docs/data/checked.yml:1: CHECK-2 the checked claim prison names 'gone', which is no page": rows(
        "checked", {**CHECKED, "pages": ["index", "gone"]}
    ),
    "docs/data/claims.yml:1: CLAIM-3 no page covers claim C001 (sound)": (ZH, "[C001]", "[]"),
    "docs/data/glossary.yml:18: TERM-2 'personal plan' is also the name of plan": rows(
        "glossary", TERM, {**TERM, "id": "other", "zh": "别的"}
    ),
    "docs/data/allowed.yml:1: LAW-3 the words '约 20%' stand on no such page any more": rows("allowed", FIGURE),
    "docs/data/packs.yml:1: PACK-1 the pack 'evening' names 'index#gone'": rows("packs", PACK),
    "docs/data/pictures.yml:1: PIC-1 the picture 'road' leads to 'gone', which is no page": rows("pictures", ROAD),
    "docs/data/pictures.yml:1: PIC-2 the step 'b' of 'road' needs spans between": rows(
        "pictures",
        {
            **ROAD,
            "axis": {"unit": BOTH, "marks": [0, 15]},
            "steps": [{"id": "a", "label": BOTH, "spans": [[0, 15]]}, {"id": "b", "label": BOTH, "spans": [[0, 16]]}],
        },
    ),
    "docs/data/pictures.yml:1: PIC-3 the picture 'road' says a number": rows(
        "pictures",
        {**DRAWN, "steps": [{"id": "a", "label": {"zh": "1 等 15 天", "en": "1 Wait 15 days"}}, DRAWN["steps"][1]]},
    ),
    "docs/zh/index.md:24: PIC-4 the picture 'road' rests on old-policy": [
        rows("pictures", {**DRAWN, "sources": ["card-rule", "old-policy"]}),
        also("<!-- picture: road -->"),
        also("<!-- picture: road -->", EN),
    ],
    "docs/data/redirects.yml:1: MOVE-1 index is a page again": rows("redirects", {"id": "index", "to": "index"}),
    "docs/data/redirects.yml:1: MOVE-2 old leads to 'gone', which is no page": rows(
        "redirects", {"id": "old", "to": "gone"}
    ),
    "docs/data/redirects.yml:1: MOVE-3 old needs either to:": rows("redirects", {"id": "old"}),
    "docs/data/redirects.yml:5: MOVE-3 both needs either to:": rows(
        "redirects", {"id": "old", "why": BOTH}, {"id": "both", "to": "index", "why": BOTH}
    ),
    # tools
    "docs/data/tools.yml:1: TOOL-1 the tool 'sum' names the source 'gone'": rows(
        "tools", {**TOOL, "sources": ["gone"]}
    ),
    "docs/data/tools.yml:1: TOOL-1 the tool 'sum' locks a sentence of 'card-rule', a row without a quote or not read in full": [
        rows("sources", {**SOURCE, "quote": None}),
        item(parts=[{"law": "card-rule"}]),
    ],
    "docs/data/tools.yml:1: TOOL-2 the tool 'sum' leads to 'gone', which is no page": rows(
        "tools", {**TOOL, "page": "gone", "words": {"court": BOTH, "stop": BOTH}}
    ),
    "docs/data/tools.yml:1: TOOL-2 the tool 'sum' sends to a page first": rows("tools", {**TOOL, "page": "index"}),
    "docs/data/tools.yml:1: TOOL-2 the tool 'sum' leads to 'far/gone', which is no page": item(
        pages=["index#x", "far/gone"]
    ),
    "docs/data/tools.yml:1: TOOL-2 the tool 'sum' has the entry 'a' without a title": rows(
        "tools", {**TOOL, "items": [{"id": "a", "item": "index#gone"}]}
    ),
    "docs/data/tools.yml:1: TOOL-3 the tool 'sum' has the blank {day}, which is none of its fields": item(
        parts=[{"text": {"zh": "{day}", "en": "{day}"}}]
    ),
    "docs/data/tools.yml:1: TOOL-3 the tool 'sum' has the blank {day} in one language only (a)": item(
        fields=[DATE], parts=[{"text": {"zh": "{day}", "en": "on"}}]
    ),
    "docs/data/tools.yml:1: TOOL-4 the tool 'sum' has no module: add overrides/assets/javascripts/tools/sum.js": rows(
        "tools", TOOL
    ),
    "docs/data/tools.yml:1: TOOL-5 the tool 'sum' uses the id 'a' twice": item(
        fields=[{"id": "a", "kind": "date", "label": BOTH}]
    ),
    "docs/data/tools.yml:1: TOOL-6 the tool 'sum' counts 15 days for 'a', a figure that no row it names states": item(
        days=15, sources=["card-rule"]
    ),
    "docs/data/tools.yml:1: TOOL-6 the tool 'sum' counts ¥10,000 and ¥50 for 'a', which no row it names states": rows(
        "tools", {**TOOL, "sources": ["card-rule"], "items": [{"id": "a", "title": BOTH, "to": 10000, "fee": 50}]}
    ),
    # search
    "docs/data/search.yml:1: SEARCH-1 a row of the kind same needs the field means": rows(
        "search", {**CRISIS, "kind": "same"}
    ),
    "docs/data/search.yml:1: SEARCH-2 'nothing' is not in topics.yml": rows(
        "search", {**CRISIS, "kind": "topic", "topic": "nothing"}
    ),
    "docs/data/search.yml:8: SEARCH-2 the topic 'triage' has words already, in the row 'one'": rows(
        "search",
        *({"id": i, "kind": "topic", "topic": "triage", "words": {"zh": ["早"], "en": []}} for i in ("one", "two")),
    ),
    "docs/data/search.yml:1: SEARCH-3 there is no page 'gone' in both languages": rows(
        "search", {**CRISIS, "page": "gone"}
    ),
    "docs/data/search.yml:1: SEARCH-3 the number 999 is not in contacts.yml": rows(
        "search", {**CRISIS, "tels": ["999"]}
    ),
    "docs/data/search.yml:1: SEARCH-4 '想死' stands twice in words.zh": rows(
        "search", {**CRISIS, "words": {"zh": ["想死", "想死"], "en": []}}
    ),
    "docs/data/search.yml:1: SEARCH-5 '开会' holds none of the words of its row": rows(
        "search", {**CRISIS, "near": {"zh": ["开会"], "en": []}}
    ),
    "docs/data/search.yml:1: SEARCH-6 '想死' hides the word '想死'": rows(
        "search", {**CRISIS, "near": {"zh": ["想死"], "en": []}}
    ),
    # the page: front matter, headings, links, markers
    "docs/zh/bare.md:1: PAGE-1 no front matter": file("docs/zh/bare.md", "# x"),
    "docs/zh/bare.md:1: PAGE-1 front matter is not closed": file("docs/zh/bare.md", "---\ntitle: x"),
    "docs/zh/bare.md:2: PAGE-1 front matter must be keys and values": file("docs/zh/bare.md", "---\n- x\n---\n# x"),
    "docs/zh/index.md:1: PAGE-2 front matter has no 'step': add it": (ZH, "step: talk\n", ""),
    "docs/en/index.md:1: PAGE-2 front matter has no 'translated_from': run scripts/check --accept index": (
        EN,
        "translated_from:",
        "aliased:",
    ),
    "docs/zh/index.md:4: PAGE-3 front matter has the unknown key 'stop': drop it": (ZH, "step:", "stop:"),
    "docs/en/index.md:4: PAGE-3 front matter has the unknown key 'step'; language-neutral keys stand in the zh page": (
        EN,
        "aliases:",
        "step: talk\naliases:",
    ),
    "docs/zh/index.md:6: PAGE-4 aliases is a list of readers' own words": (ZH, "[还不上怎么办]", "还不上怎么办"),
    "docs/zh/index.md:4: PAGE-5 step 'dance' is not on the road": (ZH, "step: talk", "step: dance"),
    "docs/zh/index.md:5: PAGE-6 topics is a list of one to five": (ZH, "[triage]", "[]"),
    "docs/zh/index.md:5: PAGE-7 no topic is called 'dance'": (ZH, "[triage]", "[dance]"),
    "docs/zh/index.md:8: PAGE-8 checked is the day somebody held the page": (ZH, "2026-11-22", "soon"),
    "docs/zh/index.md:8: PAGE-8 checked is the day somebody": (ZH, "2026-11-22", "2026-02-30"),
    "docs/zh/index.md:13: HTML-1 HTML (<script>): a page is Markdown": says("先打<script>alert(1)</script>。"),
    "docs/zh/index.md:24: HTML-1 HTML (<img)": also("<img src=x onerror=alert(1)>"),
    "docs/zh/index.md:25: HTML-1 HTML (<script>)": also("```\n<script>alert(1)</script>\n```"),
    "docs/zh/index.md:26: HTML-1 HTML ({: onclick=)": (ZH, "(#do-now)", '(#do-now){: onclick="alert(1)"}'),
    "docs/zh/index.md:10: PAGE-9 the page must begin with # and its title": (ZH, "# 先联系银行\n", ""),
    "docs/zh/index.md:11: PAGE-9 the first heading is not the title": (ZH, "# 先联系银行", "# 联系"),
    "docs/zh/index.md:24: PAGE-10 a second first-level heading: use ##": (ZH, NEXT, "# 下一步"),
    "docs/zh/index.md:20: PAGE-11 the heading “法律怎么说” has no id": (ZH, " {#the-law}", ""),
    "docs/zh/index.md:20: PAGE-12 the id 'The-Law' is not words in lower case": (ZH, "{#the-law}", "{#The-Law}"),
    "docs/zh/index.md:20: PAGE-12 the id 'do-now' stands already on line 15": (ZH, "{#the-law}", "{#do-now}"),
    "docs/zh/index.md:15: PAGE-13 a heading of level 3 under level 1": (ZH, "## 现在", "### 现在"),
    "docs/zh/index.md:26: LINK-1 no page 'start/none'": (ZH, "(#do-now)", "(start/none.md)"),
    "docs/zh/index.md:26: LINK-1 link to the Markdown file (index.md), not to 'index'": (ZH, "(#do-now)", "(index)"),
    "docs/zh/index.md:26: LINK-2 an address outside the handbook (https://example.com/)": (
        ZH,
        "(#do-now)",
        "(https://example.com/)",
    ),
    "docs/zh/index.md:26: LINK-3 the page 'index' has no anchor 'gone'": (ZH, "(#do-now)", "(#gone)"),
    "docs/zh/index.md:24: MARK-1 cannot read the marker '<!-- picture road -->'": also("<!-- picture road -->"),
    "docs/zh/index.md:24: MARK-2 no marker is called 'chart'": also("<!-- chart: road -->"),
    "docs/zh/index.md:24: MARK-3 the marker 'picture' knows no 'gone'": also("<!-- picture: gone -->"),
    "docs/zh/index.md:7: CLAIM-1 no claim has the id 'C999'": (ZH, "[C001]", "[C001, C999]"),
    "docs/zh/index.md:7: CLAIM-1 claims is a list of claim ids": (ZH, "[C001]", "C001"),
    "docs/zh/index.md:7: CLAIM-2 C001 is unsafe and may stand only as a warning": rows(
        "claims", {**CLAIM, "verdict": "unsafe"}
    ),
    "docs/zh/index.md:13: TEL-1 no contact is called '12399'": says("先打 [tel:12399]。"),
    "docs/zh/index.md:13: TEL-2 12399 looks like a telephone number": says("先打 12399。"),
    "docs/zh/index.md:2: TEL-2 12399 looks like a telephone number": (ZH, "title: 先联系", "title: 12399 先联系"),
    # items, citations, statements of law, checked claims, terms
    "docs/zh/index.md:17: ITEM-1 the checklist item “抄下官方电话” has no id": (ZH, " {#copy-number}", ""),
    "docs/zh/index.md:17: ITEM-2 the id 'Copy' is not words in lower case": (ZH, "{#copy-number}", "{#Copy}"),
    "docs/zh/index.md:18: ITEM-3 the id 'copy-number' stands already on line 17": (
        ZH,
        "{#write-amount}",
        "{#copy-number}",
    ),
    "docs/zh/index.md:34: ITEM-4 13 items; a list that fits one sheet has at most 12": also(
        "\n".join(f"- [ ] 事 {{#a{n}}}" for n in range(11))
    ),
    "docs/zh/index.md:22: CITE-1 no source has the id 'gone'": (ZH, "[@card-rule]", "[@gone]"),
    "docs/zh/index.md:22: END-1 (warning) the source 'old-policy' ended on 2026-03-31": (
        ZH,
        "[@card-rule]",
        "[@old-policy]",
    ),
    "docs/zh/index.md:13: LAW-2 “《民法典》” stands without a source": says("《民法典》说了。"),
    "docs/zh/index.md:13: LAW-2 “15 天内” stands without a source": says("15 天内回复。"),
    "docs/en/index.md:10: LAW-2 “24%” stands without a source": (EN, "talk about terms", "pay 24% at most"),
    "docs/zh/index.md:13: CHECK-1 repeats “欠钱就要坐牢”, judged false in checked.yml (prison)": says("欠钱就要坐牢。"),
    "docs/en/index.md:10: CHECK-1 repeats “go to prison for debt”": (EN, "talk about terms", "go to Prison for debt"),
    "docs/en/index.md:10: TERM-1 the glossary refuses “Amortization hack” for personal plan": (
        EN,
        "talk about terms",
        "use the Amortization hack",
    ),
    # both languages
    "docs/zh/index.md:1: PAR-1 the English page is missing: write docs/en/index.md": gone(EN),
    "docs/en/index.md:1: PAR-1 the Chinese page is missing: write docs/zh/index.md": gone(ZH),
    "docs/en/index.md:17: PAR-2 heading number 2 is ## {#law} here and ## {#the-law} in docs/zh/index.md": (
        EN,
        "{#the-law}",
        "{#law}",
    ),
    "docs/en/index.md:14: PAR-3 checklist item number 2 is missing here": (
        EN,
        "- [ ] Write down that you can pay ¥1,400 a month {#write-amount}\n",
        "",
    ),
    "docs/zh/index.md:22: PAR-4 the citation 'card-rule' stands only in the Chinese page": (EN, "[@card-rule]", ""),
    "docs/en/index.md:21: PAR-4 the marker 'picture: road' stands only in the English page": also(
        "<!-- picture: road -->", EN
    ),
    "docs/zh/index.md:26: PAR-5 the link 'index#do-now' stands only in the Chinese page": (EN, "(#do-now)", "(#next)"),
    "docs/zh/index.md:13: PAR-6 the telephone number '12378' stands only in the Chinese page": says("打 [tel:12378]。"),
    "docs/en/index.md:15: PAR-7 the number or date 1500 stands only in the English page": (EN, "¥1,400", "¥1,500"),
    "docs/zh/index.md:22: PAR-7 the number or date 5 stands only in the Chinese page": (EN, "five years", "six years"),
    "docs/en/index.md:5: STALE-1 (warning) docs/zh/index.md changed since": says("再打。"),
    # plain language
    "docs/zh/index.md:2: PROSE-1 the title has 25 characters; at most 24": (
        ZH,
        "title: 先联系银行",
        "title: " + "字" * 25,
    ),
    "docs/en/index.md:2: PROSE-1 the title has 66 characters; at most 65": (EN, "title: Call", "title: " + "a" * 51),
    "docs/en/index.md:3: PROSE-2 the description has 49 characters; write 50 to 150": (EN, DESCRIPTION, "a" * 49),
    "docs/en/index.md:3: PROSE-2 the description has 151 characters; write 50 to 150": (EN, DESCRIPTION, "a" * 151),
    "docs/zh/index.md:22: PROSE-3 a list of 8 entries; at most 7": also("- 项\n" * 7),
    "docs/zh/index.md:30: PROSE-4 3 call-outs; at most 2": also('!!! warning "停"\n    停。\n\n' * 3),
    "docs/zh/index.md:10: PROSE-5 the page has 1301 汉字; at most 1300": also("还" * (1301 - WRITTEN)),
    "docs/zh/index.md:13: PROSE-6 a sentence of 41 汉字": says("还" * 41 + "。"),
    "docs/en/index.md:10: PROSE-6 a sentence of 26 words": (EN, "Call the official number,", "Call" + " on" * 21 + ","),
    "docs/zh/index.md:24: PROSE-7 4 sentences in a paragraph; at most 3": also("一。二。三。四。"),
    "docs/zh/index.md:24: PROSE-7 a paragraph of 91 汉字; at most 90": also("还" * 91),
    "docs/zh/index.md:13: PROSE-8 the one line has 41; at most 40": says("还" * 41),
    "docs/zh/index.md:26: PROSE-9 a bad line must begin with 不要说": also("## 别说 {#do-not-say}\n\n> 明天全还。"),
    "docs/zh/index.md:26: PROSE-10 (warning) too long to say: 39; at most 34": also(
        "## 说 {#you-can-say}\n\n> " + "还" * 39
    ),
    "docs/en/index.md:23: PROSE-10 (warning) too long to say: 30; at most 25": also(
        "## Say {#you-can-say}\n\n>" + " on" * 30, EN
    ),
    "docs/zh/index.md:13: PROSE-11 the word “老赖”": says("先打老赖。"),
    "docs/en/index.md:10: PROSE-11 the word “simply”": (EN, "then talk", "Simply talk"),
    "docs/zh/index.md:13: PROSE-12 (warning) a promise: say who decides instead": says("我们保证成功。"),
    "docs/zh/index.md:13: PROSE-13 (warning) weak or official wording “进行”": says("进行还款。"),
    "docs/en/index.md:10: PROSE-14 italics are not used": (EN, "then talk", "then *talk*"),
    "docs/zh/index.md:13: PROSE-14 no emoji and no exclamation marks": says("先打！"),
    "docs/en/index.md:10: PROSE-14 no emoji and no exclamation marks": (EN, "about terms.", "about terms!"),
    "docs/zh/index.md:17: PROSE-15 asks the reader for an ID, card or account number": (
        ZH,
        "抄下官方电话",
        "填写你的银行卡号",
    ),
    "docs/zh/index.md:13: PROSE-16 half-width “,” beside Chinese text": says("先打,再谈。"),
    "docs/zh/index.md:18: PROSE-16 spacing or punctuation: “写下每月能还1,400 元” should read “写下每月能还 1,400": (
        ZH,
        "能还 1,400",
        "能还1,400",
    ),
    # the voice
    "docs/zh/index.md:13: VOICE-1 English in a Chinese sentence, “（payment order）”": says(
        "先看支付令（payment order）。"
    ),
    "docs/data/checked.yml:1: VOICE-1 English in a Chinese sentence, “（plan）”": rows(
        "checked", {**CHECKED, "why": {"zh": "分期（plan）不是。", "en": "No."}}
    ),
    "docs/zh/index.md:13: VOICE-2 “据转载” tells how we know it": says("据转载，可以谈。"),
    "docs/en/index.md:10: VOICE-2 “as reported” tells how we know it": (EN, "then talk", "as reported. Then talk"),
    "docs/data/checked.yml:1: VOICE-2 “没有查到” tells how we know it": rows(
        "checked", {**CHECKED, "why": {"zh": "没有查到。", "en": "No."}}
    ),
    "docs/zh/index.md:13: VOICE-3 hedges 一般, 可能 in one sentence": says("一般可能谈成。"),
    "docs/en/index.md:10: VOICE-3 hedges often, usually in one sentence": (EN, "then talk", "then usually often talk"),
    "docs/zh/index.md:26: VOICE-4 对方 2 times; at most 1 on a page": also("对方会问。\n\n对方会记。"),
    "docs/zh/index.md:28: VOICE-5 “没有担保的，” is one of 3 on the page; at most 2": also(
        "签过字的，要还。\n\n逾期了的，先谈。\n\n没有担保的，不用还。"
    ),
    "docs/zh/index.md:24: VOICE-6 “看这里” is no name of index": also("[看这里](#do-now)"),
    "docs/zh/index.md:24: VOICE-7 “每天 18 小时” is not what contacts.yml says of 12378": also(
        "[tel:12378] 每天 18 小时。[@card-rule]"
    ),
    "docs/data/pictures.yml:1: VOICE-8 the step 'talk' leads to index, a page of the step 'pay'": [
        (ZH, "step: talk", "step: pay"),
        rows("pictures", STEPPED),
    ],
    "docs/zh/index.md:26: VOICE-8 the road calls this step “字”: say the same": [
        rows("pictures", STEPPED),
        also("<!-- picture: road -->\n\n## 谈条件 {#talk}"),
    ],
    "docs/zh/index.md:13: VOICE-9 another order than 安全|危险 → 法院": says("先看法院材料，再看安全。"),
    "docs/zh/index.md:22: VOICE-10 (warning) “应当” stands in none of the rows cited": (
        ZH,
        "银行可以同意",
        "银行应当同意",
    ),
    "docs/zh/index.md:13: VOICE-11 drop the label": says("**一句话：先打电话。**"),
    "docs/zh/index.md:17: VOICE-12 (warning) a box of 21 汉字; at most 20": (ZH, "抄下官方电话", "还" * 21),
    "docs/en/index.md:14: VOICE-12 (warning) a box of 13 words; at most 12": (
        EN,
        "Copy the official number",
        "a " * 12 + "b",
    ),
    "docs/zh/index.md:13: VOICE-13 “侧门” is a word of those who build the handbook": says("走侧门。"),
    "docs/zh/index.md:26: VOICE-14 nobody says “发书面” to a clerk": also("## 说 {#you-can-say}\n\n> 请发书面给我。"),
    # sheets of paper
    "docs/zh/index.md:17: SHEET-1 the item 'copy-number' is 78 ems wide; a sheet in two languages takes 76": (
        ZH,
        "抄下官方电话",
        "还" * 78,
    ),
    "docs/data/sheets.yml:1: SHEET-2 'log' names the page 'gone', which is not there": rows(
        "sheets", {**FORM, "page": "gone"}
    ),
    "docs/data/sheets.yml:1: SHEET-2 'log': the item 'index#gone' is not there": blocks(items=["index#gone"]),
    "docs/data/sheets.yml:1: SHEET-2 'log': the number '12399' is not there": blocks(numbers=["12399"]),
    "docs/data/sheets.yml:1: SHEET-2 'log': the section 'index#do-now' with lines to say": blocks(
        quotes="index#do-now"
    ),
    "docs/data/sheets.yml:1: SHEET-2 the situation 'now' names the sheet 'gone'": rows(
        "sheets", {**NOW, "sheets": ["gone"]}
    ),
    "docs/data/sheets.yml:1: SHEET-3 'log' needs the keys page and blocks, and no sheets": rows(
        "sheets", {**FORM, "sheets": ["index"]}
    ),
    "docs/data/sheets.yml:1: SHEET-3 the situation 'now' needs the key sheets, and neither blocks nor page": rows(
        "sheets", {**NOW, "page": "index"}
    ),
    "docs/data/sheets.yml:1: SHEET-3 'log': a block has one of": blocks(space=1, text=BOTH),
    "docs/data/sheets.yml:1: SHEET-3 'log': a table has either rows": blocks(table=[{"label": BOTH, "width": 1}]),
    "docs/data/sheets.yml:1: SHEET-4 'log': “身份证号” asks for a number": blocks(
        lines=[{"zh": "身份证号", "en": "a"}]
    ),
    "docs/data/sheets.yml:1: SHEET-4 'log': “Card number” asks for a number": blocks(
        table=[{"label": {"zh": "字", "en": "Card number"}, "width": 1}], rows=1
    ),
    "docs/data/sheets.yml:1: SHEET-5 two sheets are called 'index'": rows("sheets", {**FORM, "id": "index"}),
    "docs/data/sheets.yml:1: SHEET-5 'index-2' is also what a part of the sheet 'index' would be called": rows(
        "sheets", {**FORM, "id": "index-2"}
    ),
    "docs/data/packs.yml:1: SHEET-5 two sheets are called 'index': rename the pack or the page": rows(
        "packs", {**PACK, "id": "index", "items": ["index#copy-number"]}
    ),
    "docs/zh/index/2.md:1: SHEET-5 the list 'index-2' is also what a part of the sheet 'index'": file(
        "docs/zh/index/2.md", "---\ntitle: x\n---\n- [ ] 做 {#do}"
    ),
    "docs/zh/index.md:17 item 'copy-number': SHEET-6 the font Noto Sans CJK SC has no sign for “ཀ”": printed(
        (ZH, "抄下官方电话", "抄下 ཀ")
    ),
    "docs/data/sheets.yml:1 'log' (“很长的 … SHEET-7 the sheet print/zh/log.pdf has": printed(
        blocks(text={"zh": "很长的一段。" * 900, "en": "a"})
    ),
    "print/zh/index.pdf: SHEET-8 the template failed": printed([], data={"address": "x"}),
    "docs/zh/index.md:18 item 'write-amount' (“写下每月能还 1,400 元”): SHEET-9 the sheet print/zh/index.pdf has": printed(
        [], limit=5000
    ),
    "docs/data/sheets.yml:1 'log' (“很长的 … SHEET-10 the last page of the sheet print/zh/log.pdf has": printed(
        blocks(text={"zh": "很长的一段。" * 500, "en": "a"}), least=99
    ),
    # what only the build can see
    'index.html:1: POLICY-1 style=" is written into the page': finished,
    "overrides/a.js:1: ASSET-1 cannot join this line": joined,
}


def pair(zh, en):
    return [(ZH, "期限最长 5 年", zh), (EN, "for five years at most", en)]


def quoted(text, section="you-can-say"):
    return also(f"## 说 {{#{section}}}\n\n{text}")


# what looks much like a mistake and is none: up to the limit, or where the words may stand
FINE = [
    ("PATH", file("docs/zh/start/a-2.md")),
    ("REG", item(days=1)),
    ("REG-5", rows("sources", {**SOURCE, "evidence": "press", "caveat": BOTH})),
    ("REG-6", rows("checked", {**CHECKED, "sources": [], "verdict": "unproven"})),
    ("DUE-1", on(date(2027, 9, 22))),
    ("FACT-4", rows("sources", {**SOURCE, "aliases": ["before"]})),
    ("FACT-5", on(DAY)),
    (
        "VALUE",
        [
            rows("values", RATE),
            says("2026 年 11 月是 3%。[@card-rule]"),
            (EN, "talk", "in November 2026 3%.[@card-rule] Talk"),
        ],
    ),
    (
        "PIC",
        rows("pictures", {**DRAWN, "steps": [{"id": "a", "label": {"zh": "1 等", "en": "1 Wait"}}, DRAWN["steps"][1]]}),
    ),
    ("END-1", [(ZH, "[@card-rule]", "[@old-policy]"), on(date(2026, 3, 31))]),
    ("CLAIM-3", [(ZH, "[C001]", "[]"), rows("claims", {**CLAIM, "verdict": "empty"})]),
    ("CLAIM-2", [rows("claims", {**CLAIM, "verdict": "unsafe"}), also('!!! warning "停"\n    停。')]),
    ("CLAIM-2", [rows("claims", {**CLAIM, "verdict": "unsafe"}), also("## 别说 {#do-not-say}")]),
    ("CLAIM-1", (ZH, "[C001]", "[]")),
    ("LAW-3", [rows("allowed", FIGURE), says("约 20%。"), (EN, "talk about terms", "pay about 20%")]),
    ("LAW-3", [rows("allowed", {**FIGURE, "page": "*"}), says("约 20%。"), (EN, "talk about terms", "pay about 20%")]),
    ("MOVE", rows("redirects", {"id": "old", "to": "index"}, {"id": "older", "why": BOTH})),
    ("TOOL-2", rows("tools", {**TOOL, "items": [{"id": "a", "item": "index#copy-number", "pages": ["index#x"]}]})),
    ("TOOL-3", item(fields=[DATE], parts=[{"text": {"zh": "{day}", "en": "{day}"}}])),
    ("TOOL-4", [rows("tools", TOOL), file("overrides/assets/javascripts/tools/sum.js")]),
    ("TOOL-4", rows("tools", {**TOOL, "id": "form"})),
    (
        "TOOL-6",
        [rows("sources", {**SOURCE, "says": {"zh": "15 日内", "en": "a"}}), item(days=15, sources=["card-rule"])],
    ),
    (
        "TOOL-6",
        [rows("sources", {**SOURCE, "says": {"zh": "三十日", "en": "a"}}), item(days=30, sources=["card-rule"])],
    ),
    (
        "TOOL-6",
        [
            rows("sources", {**SOURCE, "says": {"zh": "十日加五日，5 天", "en": "a"}}),
            item(days=15, sources=["card-rule"]),
        ],
    ),
    ("SEARCH", rows("search", CRISIS, {**WORDS, "id": "a", "kind": "topic", "topic": "triage"})),
    (
        "SEARCH",
        rows(
            "search",
            {**WORDS, "id": "a", "kind": "same", "means": WORDS["words"]},
            {**WORDS, "id": "b", "kind": "ignore"},
        ),
    ),
    ("PAGE-6", (ZH, "[triage]", "[triage, triage, triage, triage, triage]")),
    ("PAGE-5", (ZH, "step: talk", "step: any")),
    ("PAGE", also("### 一 {#a}\n\n### 二 {#b}\n\n#### 三 {#c}")),
    ("LINK", (ZH, "(#do-now)", "(index.md#do-now)")),
    ("TEL", says("打 [tel:12378]，还 12399 元，共 1,240,000。")),
    ("ITEM-4", also("\n".join(f"- [ ] 事 {{#a{n}}}" for n in range(10)))),
    ("LAW-2", says("《民法典》说了。[@card-rule]")),
    ("LAW-2", also("例：每月 400 元。")),
    ("LAW-2", also("例：老王欠 900 元。\n\n每月 400 元。")),
    ("LAW-2", also("看规定。[@card-rule]\n\n- 15 天内")),
    ("LAW-2", also("15 天内回复。[@card-rule]\n\n15 天内。")),
    ("LAW-2", also("| 谁 | 看 |\n| --- | --- |\n| 15 天内 | 见[@card-rule] |")),
    ("LAW-2", also("## 说 {#say}\n\n> 15 天内答复我。")),
    ("LAW-2", also("11 月 22 日打电话。")),
    ("LAW-2", [rows("allowed", {**FIGURE, "page": "*"}), also("约 20%。")]),
    ("CHECK-1", quoted("> 欠钱就要坐牢")),
    ("CHECK-1", quoted("欠钱就要坐牢", "do-not-say")),
    ("CHECK-1", quoted("欠钱就要坐牢", "they-may-say")),
    ("CHECK-1", also('!!! warning "欠钱就要坐牢"\n    欠钱就要坐牢。')),
    ("CHECK-1", [rows("checked", {**CHECKED, "verdict": "partly"}), says("欠钱就要坐牢。")]),
    ("TERM-1", quoted("> 分期神器")),
    ("TERM-1", quoted("分期神器", "do-not-say")),
    ("STALE-1", (EN, "then talk", "and talk")),
    ("PAR-7", pair("到 2026 年 11 月 22 日", "until 22 November 2026")),
    ("PAR-7", pair("到 2026 年 5 月", "until May 2026")),
    ("PAR-7", pair("每年 5 月 6 日", "each 6 May")),
    ("PAR-7", pair("到 2026-11-22", "until 2026-11-22")),
    ("PAR-7", pair("3 万元", "¥30,000")),
    ("PAR-7", pair("2 亿元", "¥200 million")),
    ("PAR-7", pair("12 个月，1.5 倍", "twelve months, 1.50 times")),
    ("PAR-7", pair("十二个月", "12 months")),
    ("PAR-7", pair("1 次", "once")),
    ("PAR-7", pair("2 次", "twice")),
    ("PAR-7", pair("3 次", "a third time")),
    ("PAR-7", pair("两次", "2 times")),
    ("PROSE-1", (ZH, "title: 先联系银行", "title: " + "字" * 24)),
    ("PROSE-1", (EN, "title: Call", "title: " + "a" * 50)),
    ("PROSE-2", (EN, DESCRIPTION, "a" * 50)),
    ("PROSE-2", (EN, DESCRIPTION, "a" * 150)),
    ("PROSE-3", also("- 项\n" * 6)),
    ("PROSE-4", also('!!! warning "停"\n    停。\n\n' * 2)),
    ("PROSE-5", also("还" * (1300 - WRITTEN))),
    ("PROSE-6", says("还" * 40 + "。")),
    ("PROSE-6", (EN, "Call the official number,", "Call" + " on" * 20 + ",")),
    ("PROSE-7", also("一。二。三。")),
    ("PROSE-7", says("一。二。三。")),
    ("PROSE-7", also("还" * 90)),
    ("PROSE-8", says("还" * 40)),
    ("PROSE-8", also("还" * 41 + "。")),
    ("PROSE-9", quoted("> 不要说：我明天全还。", "do-not-say")),
    ("PROSE-9", quoted("> 我明天全还。")),
    ("PROSE-10", quoted("> " + "还" * 38)),
    ("PROSE-11", quoted("> 老赖", "they-may-say")),
    ("PROSE-11", says("不要说老赖。")),
    ("PROSE-12", says("我们不保证成功，不写保证书。")),
    ("PROSE-13", says("别当被告。")),
    ("PROSE-14", (EN, "then talk", "then **talk** about 2 * 3 * 4")),
    ("PROSE-16", says("先打“电话”。 再谈。")),
    ("VOICE-1", says("用 WeChat（App）和 PDF（PDF）。")),
    ("VOICE-2", says("写着“没有查到依据”的，先不照着做。")),
    ("VOICE-2", says("没核实之前不付钱，留好凭据。")),
    ("VOICE-3", says("可能真，也可能假。不可能一般。")),
    ("VOICE-3", says("一般保证可能先找他。")),
    ("VOICE-4", also("对方会问“对方是谁”。\n\n> 对方是谁？\n\n### 对方来了 {#came}")),
    ("VOICE-5", also("他是当面签的，是真的，这是他自己的，别的，还有人家的，都一样。")),
    ("VOICE-5", also("签过字的，要还。\n\n逾期了的，先谈。")),
    ("VOICE-6", also("[银行](index.md)、[现在就做](#do-now)、[还不上怎么办](index.md)、[抄下官方电话](#copy-number)")),
    (
        "VOICE-7",
        [
            rows("contacts", {**CONTACT, "hours": {"zh": "每天 18 小时", "en": "a"}}),
            also("打 [tel:12378]，每天 18 小时。"),
        ],
    ),
    ("VOICE-7", also("每天先等 24 小时。")),
    ("VOICE-9", says("先看安全，再看法院，最后看逾期。")),
    ("VOICE-9", says("先付生活的钱，再付房贷，再管法院。")),
    ("VOICE-12", (ZH, "抄下官方电话", "还" * 20)),
    ("VOICE-14", also("## 别说 {#do-not-say}\n\n> 不要说：“请发书面给我。”")),
    ("SHEET-1", (ZH, "抄下官方电话", "还" * 76)),
    ("SHEET", rows("sheets", FORM, {**NOW, "sheets": ["index", "log", "everything"]})),
    ("SHEET", rows("sheets", FORM, {**FORM, "id": "log-book"}, {**FORM, "id": "gone-2"})),
    ("SHEET", blocks(lines=[BOTH])),
    ("SHEET", blocks(table=[{"label": BOTH, "width": 1}], rows=2)),
    ("SHEET", blocks(table=[{"label": BOTH, "width": 1}], fixed=[BOTH])),
    ("SHEET", blocks(items=["index#copy-number"])),
    ("SHEET", blocks(numbers=["12378"])),
]
RULE = re.compile(r"(?:^|: |\s)([A-Z]{3,}-\d+)(?![\w-])")


def broken(small, change):
    """What is said of the small handbook after the change."""
    said = None
    for one in change if isinstance(change, list) else [change]:
        said = small.change(*one) if isinstance(one, tuple) else one(small)
    return said or small.lines()


@pytest.mark.parametrize("line, change", ROWS.items(), ids=[RULE.search(line)[1] for line in ROWS])
def test_each_mistake_is_named_with_its_place_and_rule(small, line, change):
    begin, _, then = line.partition(" … ")
    lines = broken(small, change)
    assert any(found.startswith(begin) and then in found for found in lines), lines


@pytest.mark.parametrize("rule, change", FINE, ids=[rule for rule, _ in FINE])
def test_what_is_no_mistake_is_not_called_one(small, rule, change):
    assert [line for line in broken(small, change) if f": {rule}" in line] == []


def test_the_small_handbook_is_clean(small):
    assert small.lines() == []


def test_every_rule_of_the_source_has_a_row_and_every_row_a_rule():
    used = set()
    for path in (ROOT / "scripts/handbook").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                used |= set(RULE.findall(node.value))
    assert used - {"UTF-8"} == {RULE.search(line)[1] for line in ROWS}


def test_all_problems_are_reported_together(small):
    small.change(ZH, "[@card-rule]", "[@gone]")
    small.change(EN, "¥1,400", "¥1,500")
    small.change(ZH, "step: talk", "step: dance")
    assert {"CITE-1", "PAR-7", "PAGE-5"} <= small.rules()


@pytest.mark.parametrize(
    "name, content, cause",
    [
        ("docs/data/sources.yml", b"- id: a\n\tkind: law\n", "docs/data/sources.yml:2: YAML-1 cannot read the YAML"),
        (
            "docs/data/topics.yml",
            b"- id: b\n  name: {zh: a, en: b}\n  id: a\n",
            "docs/data/topics.yml:3: YAML-2 the key",
        ),
        ("docs/data/contacts.yml", b"\xff\xfe-\0", "docs/data/contacts.yml:1: FILE-2 not UTF-8"),
        ("mkdocs.yml", b"nav:\n\t- index.md\n", "mkdocs.yml:2: YAML-1"),
        (ZH, b"", "docs/zh/index.md:1: PAGE-1 no front matter"),
        (ZH, b"---\ntitle: [x\n---\n# x\n", "docs/zh/index.md:3: YAML-1"),
    ],
)
def test_what_cannot_be_read_is_said_and_its_consequences_are_not(small, capsys, name, content, cause):
    small.write(name, content)
    lines = small.lines()
    assert lines[0].startswith(cause) and {line.split(":")[0] for line in lines} == {name}, lines
    assert main(["--root", str(small.root), "--errors", "--only", "start/other"]) == 1, (
        "no page is fine before it is read"
    )
    assert capsys.readouterr().out.startswith(cause)


@pytest.mark.parametrize("name", [ZH, EN, "docs/data/sources.yml", "mkdocs.yml"])
def test_a_mark_of_byte_order_and_windows_line_ends_change_nothing(small, name):
    before = small.book().render("zh", "index")
    text = (small.root / name).read_bytes()
    small.write(name, b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    assert small.lines() == [] and small.book().render("zh", "index") == before


def test_files_of_an_editor_or_a_system_are_passed_by(small):
    (small.root / "docs/zh/.#index.md").symlink_to("me@here.1")
    small.write("docs/zh/.DS_Store", b"\xff")
    assert small.lines() == []


def test_a_page_of_two_megabytes_is_judged(small):
    small.change(ZH, NEXT, "还清一笔再说下一笔，先打电话。\n" * 50_000 + "\n" + NEXT)
    assert any(": PROSE-5 " in line for line in small.lines())


def test_rows_are_due_after_twelve_months_or_three_where_the_rule_is_unsettled(small):
    for unsettled, last, day in (
        (False, date(2027, 9, 22), date(2027, 9, 23)),
        (True, date(2026, 12, 23), date(2026, 12, 24)),
    ):
        small.register("sources", [{**SOURCE, "unsettled": unsettled}])
        assert not any("DUE-1" in line for line in on(last)(small)) and any("DUE-1" in line for line in on(day)(small))


def test_a_new_page_is_a_warning_until_its_address_is_recorded(small):
    small.write("tests/data/urls.txt", "./\n")
    assert small.book().record_urls() == 1
    assert small.lines() == []


def test_the_command_prints_every_line_and_fails_only_for_errors(small, capsys):
    small.change(ZH, "先打官方电话", "先进行官方电话")
    assert main(["--root", str(small.root)]) == 0
    assert capsys.readouterr().out.endswith("0 errors, 2 warnings\n")
    small.change(ZH, "[@card-rule]", "[@gone]")
    assert main(["--root", str(small.root), "--errors"]) == 1
    said = capsys.readouterr().out
    assert "docs/zh/index.md:22: CITE-1" in said and "PROSE-13" not in said
    assert main(["--root", str(small.root), "--errors", "--only", "start/other"]) == 0
