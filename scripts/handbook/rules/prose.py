"""Plain language: lengths, words, typography, in both languages. Figures from the style table below.

Rules with a clear limit are errors; rules where a human decides are warnings.
"""

from __future__ import annotations

import re

import autocorrect_py

from ..model.page import LANGS, Page, plain
from ..model.problem import ERROR, WARNING, Problem
from ..model.text import HAN, length, sentences

# What a stressed reader can take in on a phone.
SENTENCE = {"zh": 40, "en": 25}
PARAGRAPH = {"zh": 90, "en": 75}
PARAGRAPH_SENTENCES = 3
TITLE = {"zh": 24, "en": 65}  # zh in Han characters, en in characters
ONE_LINE = {"zh": 40, "en": 25}  # the first paragraph: what the page is for
DESCRIPTION = (50, 150)
LIST_ENTRIES = 7
CALLOUTS = 2
SPEECH = {"zh": 34, "en": 25}
PAGE = {"zh": 1300, "en": 900}

BANNED = {
    "zh": {
        "老赖": "说“对方欠款人”或法律名称“失信被执行人”",
        "加油": "删掉，说下一步做什么",
        "一定能": "说“可能”，并写明由谁决定",
        "轻松": "删掉",
        "百分之百": "删掉",
        "包过": "删掉",
        "稳赢": "删掉",
    },
    "en": {
        "deadbeat": "say “you”",
        "guaranteed": "say who decides",
        "easily": "drop it",
        "simply": "drop it",
        "100%": "drop it",
        "don't worry": "say what happens next",
    },
}
PROMISE = {
    "zh": re.compile(r"(?<!不)(?<!没有)保证(?!书|人|期间|责任|金|合同|方式|担保)"),
    "en": re.compile(r"(?i)\b(we|you will|will certainly) guarantee"),
}
WEAK = {
    "zh": re.compile(r"被(?!告|执行|动|迫|担保|申请|投诉)|予以|进行|相关|等等"),
    "en": re.compile(r"(?i)\b(utili[sz]e|in order to|prior to|aforementioned|hereby)\b"),
}
ITALICS = re.compile(r"(?<![*\w])[*_](?![*\s_])[^*_\n]+(?<![\s*_])[*_](?![*\w])")
EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
HALF = re.compile(r"(?<=[\u4e00-\u9fff])[,;:?!()]|[,;:?!()](?=[\u4e00-\u9fff])")
ASKS = re.compile(
    r"(?i)(填写?|写上?|输入|提供|发送|留下)(完整的?)?(你的)?(身份证号|身份证号码|银行卡号|卡号|账号|密码|验证码)[^，。；]*$|_{2,}[^，。]*(身份证|卡号|密码)|(身份证号码?|银行卡号|卡号|密码|验证码)[：:]\s*_+|(?:write|enter|fill in|give) your (?:full )?(?:ID|card|account) number|(?:ID|card|account) number: ?_+|password: ?_+"
)
BAD_SECTION = {"zh": "不要说", "en": "Do not say"}
MYTH_SECTIONS = ("do-not-say", "they-may-say")


def problems(book) -> list[Problem]:
    """PROSE-1 to PROSE-16 for every page."""
    return [p for lang in LANGS for page in book.pages[lang].values() for p in page_problems(page)]


def page_problems(page: Page) -> list[Problem]:
    """All findings for one page."""
    found: list[Problem] = []

    def say(line: int, rule: str, message: str, level: str = ERROR) -> None:
        found.append(page.problem(line, rule, message, level))

    _front(page, say)
    for first, entries in page.lists:
        if entries > LIST_ENTRIES:
            say(first, "PROSE-3", f"a list of {entries} entries; at most {LIST_ENTRIES}: split it under two headings")
    if len(page.callouts) > CALLOUTS:
        text = f"{len(page.callouts)} call-outs; at most {CALLOUTS} on a page: make the least urgent one plain text"
        say(page.callouts[CALLOUTS].line, "PROSE-4", text)
    size = sum(length(plain(b.text), page.lang) for b in page.blocks)
    if size > PAGE[page.lang]:
        text = f"the page has {size} {'汉字' if page.lang == 'zh' else 'words'}; at most {PAGE[page.lang]}: cut it or make two pages"
        say(page.body_line, "PROSE-5", text)
    for block in page.blocks:
        _block(page, block, say)
    return found


def _front(page: Page, say) -> None:
    title = page.title
    measure = length(title, "zh") if page.lang == "zh" else len(title)
    if measure > TITLE[page.lang]:
        text = f"the title has {measure} characters; at most {TITLE[page.lang]}: put the keyword first and cut the rest"
        say(page.meta_line("title"), "PROSE-1", text)
    description = str(page.meta.get("description", ""))
    low, high = DESCRIPTION
    if not low <= len(description) <= high:
        text = f"the description has {len(description)} characters; write {low} to {high}, it is what a search engine shows"
        say(page.meta_line("description"), "PROSE-2", text)
    if page.lang == "zh":
        for key in ("title", "description"):
            _typography(str(page.meta.get(key, "")), page.meta_line(key), say)


def _block(page: Page, block, say) -> None:
    lang, text = page.lang, plain(block.text)
    quoting = (
        bool(re.search(r"不要说|Do not say|谎|myth|骗", text))
        or block.section in MYTH_SECTIONS
        or block.callout
        or block.kind == "callout"
    )
    if block.kind in ("paragraph", "item", "task", "cell", "callout"):
        for sentence in sentences(text, lang):
            size = length(sentence, lang)
            if size > SENTENCE[lang]:
                say(
                    block.line,
                    "PROSE-6",
                    f"a sentence of {size} {'汉字' if lang == 'zh' else 'words'}: “{sentence[:24]}…”; at most {SENTENCE[lang]}: make two",
                )
    if block.kind == "paragraph":
        parts = sentences(text, lang)
        if len(parts) > PARAGRAPH_SENTENCES:
            say(
                block.line,
                "PROSE-7",
                f"{len(parts)} sentences in a paragraph; at most {PARAGRAPH_SENTENCES}: begin a new one",
            )
        if length(text, lang) > PARAGRAPH[lang]:
            say(
                block.line,
                "PROSE-7",
                f"a paragraph of {length(text, lang)} {'汉字' if lang == 'zh' else 'words'}; at most {PARAGRAPH[lang]}: begin a new one",
            )
    if block is next((b for b in page.blocks if b.kind != "heading"), None) and length(text, lang) > ONE_LINE[lang]:
        say(block.line, "PROSE-8", f"the one line has {length(text, lang)}; at most {ONE_LINE[lang]}")
    if block.kind == "quote":
        if block.section == "do-not-say" and not text.startswith(BAD_SECTION[lang]):
            say(
                block.line,
                "PROSE-9",
                f"a bad line must begin with {BAD_SECTION[lang]}, so that nobody who skims says it",
            )
        for line in sentences(text, lang):
            if block.section in ("you-can-say", "do-not-say") and length(line, lang) > SPEECH[lang] + 4:
                say(block.line, "PROSE-10", f"too long to say: {length(line, lang)}; at most {SPEECH[lang]}", WARNING)
    for word, instead in BANNED[lang].items():
        if word.lower() in text.lower() and not quoting:
            say(block.line, "PROSE-11", f"the word “{word}”: {instead}")
    if PROMISE[lang].search(text) and not quoting:
        say(block.line, "PROSE-12", "a promise: say who decides instead", WARNING)
    for weak in WEAK[lang].findall(text)[:1]:
        say(block.line, "PROSE-13", f"weak or official wording “{weak}”: say who does what", WARNING)
    if ITALICS.search(block.text):
        say(block.line, "PROSE-14", "italics are not used: use bold, sparingly, or nothing")
    if EMOJI.search(text) or (lang == "zh" and "！" in text) or (lang == "en" and re.search(r"!(?!\[)", text)):
        say(block.line, "PROSE-14", "no emoji and no exclamation marks: calm is part of the message")
    if ASKS.search(text):
        message = (
            "asks the reader for an ID, card or account number, password or code: a page and a sheet never do; drop it"
        )
        say(block.line, "PROSE-15", message)
    if lang == "zh":
        _typography(text, block.line, say)


def _typography(text: str, line: int, say) -> None:
    # a citation after a full stop leaves a space behind; quotation marks are set by hand
    text = re.sub(r"(?<=[。，：；？）]) +", "", re.sub(r"[“”]", "", text))
    if not HAN.search(text):
        return
    if half := HALF.search(text):
        say(line, "PROSE-16", f"half-width “{half[0]}” beside Chinese text: use the full-width mark")
        return
    better = autocorrect_py.format(text)
    if better != text:
        at = next(
            (n for n, (a, b) in enumerate(zip(text, better, strict=False)) if a != b), min(len(text), len(better)) - 1
        )
        message = (
            f"spacing or punctuation: “{text[max(0, at - 6) : at + 8]}” should read “{better[max(0, at - 6) : at + 9]}”"
        )
        say(line, "PROSE-16", message)
