"""The voice: what can be counted of how the handbook speaks. One rule, one pattern; `LIMITS` say how often it may be."""

from __future__ import annotations

import re

from ..model.page import CITE, LANGS, LINK, TEL, Page, plain, target
from ..model.problem import WARNING, Problem
from ..model.registers import STEPS
from ..model.text import length, sentences

GLOSS = re.compile(r"（(?!(?:WeChat|App|PDF|Word|CSV|LPR|IRR|Excel|English)）)[A-Za-z][A-Za-z '\-]+）")
EVIDENCE = {
    "zh": re.compile(
        r"据(?:转载|转述|报道|新闻|摘要|第三方|读到|我们|几篇|一篇|律所)|我们(?:只|没有?|还没有?)?(?:读|查)到?|没有?(?:读到|查到|查证)|按我们|[只读]到(?:的是)?(?:转载|报道)"
    ),
    "en": re.compile(
        r"(?i)\bas re(?:ported|printed)\b|\breportedly\b|\breprint|\bpress reports\b|\bas we read\b|\bwe (?:have |could )?(?:not |only )?(?:read\b|found\b|verify)|\bnot (?:been )?verified\b"
    ),
}
ABOUT_EVIDENCE = ("reference/about", "reference/sources", "reference/what-changed", "reference/from-the-documents")
HEDGE = {
    "zh": re.compile(r"一般(?!保证|程序|的)|通常|(?<!不)可能|往往|常常|多半|未必|不一定"),
    "en": re.compile(
        r"(?i)\b(?:usually|often|generally|probably|perhaps|possibly|typically|likely|might|as a rule|sometimes)\b"
    ),
}
# "他不同意的，": a clause that begins a condition. "是……的，", "真的，", "自己的，" and a list of things end so and mean none.
ELLIPSIS = re.compile(r"(?:^|[。；：，])([^，。；：、“”]{2,18})的，(?!都是)")
NO_ELLIPSIS = re.compile(r"是|[目真有别好你我他们己家人新旧似样应同院行谁种类]$")
BUILDERS = {
    "zh": re.compile(r"脚本|\bissue\b|竖线|侧门|整条路|余地|分满|每一元|不引人注意|C\d{3}"),
    "en": re.compile(
        r"(?i)\brests on\b|\bside door|\bliving money\b|\breach(?:es|ed) you\b|\bwhom\b|\bpoor planning\b|\bsurety\b|default damages|closing papers|personalised"
    ),
}
UNSPOKEN = re.compile(r"发书面|调整还款|登记我的申请|今晚安全吗")
LABEL = re.compile(r"^\**(?:一句话|In one line)[：:]")
HOURS = {
    "zh": re.compile(r"周[一二三四五六日]至周.|工作日(?=\s*\d|上午|早)|(?:每天|全天).{0,4}\d+\s*小时"),
    "en": re.compile(
        r"(?i)\b(?:mon|tues|wednes|thurs|fri|satur|sun)day to\b|\b24 hours\b|\b\d+ hours a day\b|round the clock"
    ),
}
FIGURE = re.compile(r"\d+|周.|\w+day")
MODAL = {"应当": "应当|应该|必须|要", "不得": "不得|不能|禁止|严禁|不可", "可以": "可以|有权|能|可|许"}
ORDER = {
    "urgent": ("安全|危险", "法院", "上门|骚扰", "逾期"),
    "pay": ("生活|吃", "丢房|房贷", "法院", "没有抵押|其他欠款|信用卡"),
}
BOX = {"zh": 20, "en": 12}
NAMED, ELLIPSES = 1, 2  # 对方 and "……的，" on a page


def problems(book) -> list[Problem]:
    """VOICE-1 to VOICE-14 for every page; VOICE-1, 2 and 13 for what the registers say in the pages."""
    found = [p for lang in LANGS for page in book.pages[lang].values() for p in page_problems(page, book)]
    for register in ("checked", "tools", "glossary", "pictures", "sheets", "packs"):
        for key, row in getattr(book.registers, register).items():
            found += [book.registers.problem(register, key, rule, text) for rule, text in _row(row)]
    return found + _steps(book)


def page_problems(page: Page, book) -> list[Problem]:
    """All findings for one page."""
    found: list[Problem] = []

    def say(line: int, rule: str, message: str, level: str = "error") -> None:
        found.append(page.problem(line, rule, message, level))

    named: list[int] = []
    ellipses: list[tuple[int, str]] = []
    for block in page.blocks:
        text = plain(block.text)
        _sentences(page, block, text, say)
        _hours(page, block, book.registers.contacts, say)
        if page.lang == "zh" and block.kind not in ("quote", "heading"):
            own = re.sub("“[^”]*”", "", plain(LINK.sub("", block.text)))  # nor where a link says a title
            named += [block.line] * own.count("对方")
            ellipses += [(block.line, hit) for hit in ELLIPSIS.findall(own) if not NO_ELLIPSIS.search(hit)]
        if block.kind == "task" and length(text, page.lang) > BOX[page.lang]:
            many = f"{length(text, page.lang)} {'汉字' if page.lang == 'zh' else 'words'}"
            say(block.line, "VOICE-12", f"a box of {many}; at most {BOX[page.lang]}: one act, the verb first", WARNING)
        if page.lang == "zh":
            _order(page, text, block.line, say)
            _modal(page, block, book.registers.sources, say)
    for line in named[NAMED:]:
        say(line, "VOICE-4", f"对方 {len(named)} times; at most {NAMED} on a page: say 银行或平台, 催收 or 原告")
    for line, hit in ellipses[ELLIPSES:]:
        say(
            line,
            "VOICE-5",
            f"“{hit}的，” is one of {len(ellipses)} on the page; at most {ELLIPSES}: write 如果……，就……",
        )
    for link in page.links:
        _link(page, link, book, say)
    return found


def _sentences(page: Page, block, text: str, say) -> None:
    lang = page.lang
    if LABEL.match(block.text):
        say(block.line, "VOICE-11", "drop the label: the first line of a page needs none")
    if lang == "zh" and (hit := GLOSS.search(text)):
        say(
            block.line,
            "VOICE-1",
            f"English in a Chinese sentence, “{hit[0]}”: drop it, the English page has the Chinese",
        )
    if (
        page.path not in ABOUT_EVIDENCE
        and block.kind != "heading"
        and (hit := EVIDENCE[lang].search(re.sub("“[^”]*”", "", text)))
    ):
        say(block.line, "VOICE-2", f"“{hit[0]}” tells how we know it: say the thing, its note tells the rest")
    if hit := BUILDERS[lang].search(text):
        say(block.line, "VOICE-13", f"“{hit[0]}” is a word of those who build the handbook: say it as a reader would")
    if block.kind == "quote" and lang == "zh" and (hit := UNSPOKEN.search(text)) and not text.startswith("不要说"):
        say(block.line, "VOICE-14", f"nobody says “{hit[0]}” to a clerk: read the line aloud and write that")
    for sentence in sentences(text, lang):
        hedges = sorted({hit.lower() for hit in HEDGE[lang].findall(sentence)})
        if len(hedges) > 1:
            say(block.line, "VOICE-3", f"hedges {', '.join(hedges)} in one sentence: keep one")


def _row(row):
    """VOICE-1, 2 and 13 for every text of a row, at whatever depth."""
    if isinstance(row, list):
        return [one for value in row for one in _row(value)]
    if not isinstance(row, dict):
        return []
    if set(row) != set(LANGS) or not isinstance(row["zh"], str):
        return [one for value in row.values() for one in _row(value)]
    found = [("VOICE-1", f"English in a Chinese sentence, “{hit[0]}”: drop it") for hit in GLOSS.finditer(row["zh"])]
    for lang in LANGS:
        if hit := EVIDENCE[lang].search(row[lang]):
            found.append(("VOICE-2", f"“{hit[0]}” tells how we know it: say the thing, its source tells the rest"))
        if hit := BUILDERS[lang].search(row[lang]):
            found.append(
                ("VOICE-13", f"“{hit[0]}” is a word of those who build the handbook: say it as a reader would")
            )
    return found


def _link(page: Page, link, book, say) -> None:
    """A link says the title of its page, the heading it leads to, a part of one of them, or an alias in front matter."""
    path, anchor = target(page, link.value) or ("", "")
    other = book.pages[page.lang].get(path)
    if other is None:
        return
    names = [other.title, *map(str, other.meta.get("aliases") or [])]
    if anchor:
        names += [h.text for h in other.headings if h.id == anchor]
        names += [plain(i.text) for i in other.items if i.id == anchor]
    said = _bare(link.text)
    if not any(said in _bare(one) or _bare(one) in said for one in names):
        text = (
            f"“{link.text}” is no name of {path} (“{other.title}”): use the title, a part of it, or add an alias there"
        )
        say(link.line, "VOICE-6", text)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", plain(text)).lower()


def _hours(page: Page, block, contacts: dict, say) -> None:
    """When a line is answered is told as its contact has it."""
    hit = HOURS[page.lang].search(plain(block.text))
    if not hit:
        return
    tels, cites = TEL.findall(block.text), CITE.findall(block.text)
    meant = [c for c in contacts.values() if c.get("number") in tels or c["source"] in cites]
    told = [(row["hours"] or {}).get(page.lang, "") for row in meant]
    if meant and not any(set(FIGURE.findall(hit[0])) <= set(FIGURE.findall(one)) for one in told):
        text = f"“{hit[0]}” is not what contacts.yml says of {meant[0]['id']} ({told[0] or 'nothing'}): say that, or nothing"
        say(block.line, "VOICE-7", text)


def _modal(page: Page, block, sources: dict, say) -> None:
    """A cited sentence has no modal verb that its rows do not have. A warning: a line may also tell what to do."""
    for sentence, cited in re.findall(
        r"([^。；！？]*[。；！？]?)((?:\[@[^\]\s]+\])+)", re.sub("“[^”]*”", "", block.text)
    ):
        rows = [sources[c] for c in CITE.findall(cited) if c in sources]
        said = "".join(row["says"]["zh"] + (row["quote"] or "") for row in rows)
        for verb, same in MODAL.items():
            if rows and verb in sentence and not re.search(same, said):
                say(
                    block.line,
                    "VOICE-10",
                    f"“{verb}” stands in none of the rows cited: use the row's own verb",
                    WARNING,
                )


def _order(page: Page, text: str, line: int, say) -> None:
    """First this, then that: in the order of one list."""
    for sentence in sentences(text, "zh"):
        if not re.search(r"先(?:看|留|付|保|管).*(?:再|最后)", sentence):
            continue
        order = ORDER["pay" if re.search(ORDER["pay"][0], sentence) else "urgent"]
        places = [hit.start() for one in order if (hit := re.search(one, sentence))]
        if places != sorted(places):
            say(line, "VOICE-9", f"another order than {' → '.join(order)}: “{sentence[:30]}”")


def _steps(book) -> list[Problem]:
    """The road has the steps that pages may name, each leads to a page of that step, and its map calls them the same."""
    road = book.registers.pictures.get("road")
    if not road or [s["id"] for s in road["steps"]] != [s for s in STEPS if s != "any"]:
        return []
    found = []
    for step in road["steps"]:
        page = book.pages["zh"].get(step.get("page", ""))
        if page and page.meta.get("step") not in (step["id"], "any"):
            text = f"the step {step['id']!r} leads to {page.path}, a page of the step {page.meta.get('step')!r}"
            found.append(book.registers.problem("pictures", "road", "VOICE-8", text))
    for lang in LANGS:
        for page in book.pages[lang].values():
            if any((m.text, m.value) == ("picture", "road") for m in page.markers):
                for head in page.headings:
                    label = next((s["label"][lang] for s in road["steps"] if s["id"] == head.id), head.text)
                    if label.lower() not in head.text.lower():
                        found.append(
                            page.problem(head.line, "VOICE-8", f"the road calls this step “{label}”: say the same")
                        )
    return found
