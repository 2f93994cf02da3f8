"""What the search answers, run by node alone: statements, claims, terms, numbers, names; and where a result opens."""

import json
import subprocess
from pathlib import Path

import playwright
import pytest
from conftest import ROOT
from handbook.model.page import LANGS
from handbook.web import search_index

NODE = Path(playwright.__file__).parent / "driver/node"
ASK = """import {begin, find} from "./assets/javascripts/search-engine.js"
import {readFileSync} from "node:fs"
const {names, asked} = JSON.parse(readFileSync(0, "utf8"))
globalThis.fetch = async file => new Response(readFileSync(file))
begin(names)
const out = []
for (const [query, language] of asked) out.push(await find(query, {language}))
console.log(JSON.stringify(out))
"""
HOSTILE = [
    "",
    " ",
    "逾期" * 50_000,
    "a b " * 25_000,
    "\U0001f62d\U0001f62d\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u202e\u200f期逾\u2066",
    "\x00\x01\x1b[31m还不上\x7f",
    "<img src=x onerror=alert(1)>还不上",
    '"><script>alert(1)</script>',
    "(.*)+[[\\^$|?",
    "\ud800还\udfff".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "__proto__ constructor",
    "%E0%A4%A",
    "95" + "5" * 400,
]


@pytest.fixture(scope="module")
def indexes(book):
    return search_index.indexes(book)


@pytest.fixture(scope="module")
def ask(indexes, tmp_path_factory):
    """``ask(query, ...)``: what the box shows for each, a pair of a query and a language."""
    folder = tmp_path_factory.mktemp("answers")
    (folder / "assets/javascripts").mkdir(parents=True)
    for name in ("search-engine.js", "search-text.js", "folder.js"):
        (folder / "assets/javascripts" / name).write_bytes((ROOT / "overrides/assets/javascripts" / name).read_bytes())
    for name, content in search_index.index_files(indexes).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    names = {lang: next((folder / "assets/search").glob(f"{lang}.*.txt")).name for lang in LANGS}
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "ask.js").write_text(ASK)

    def ask(*asked):
        given = json.dumps({"names": names, "asked": asked})
        done = subprocess.run([NODE, folder / "ask.js"], input=given, capture_output=True, text=True, check=True)
        return [{**row, "root": str(folder)} for row in json.loads(done.stdout)]

    return ask


def answer(found: dict) -> dict:
    """The one answer above the pages, its address from the site's root."""
    (row,) = found["answers"]
    return {**row, "url": row["url"].removeprefix(found["root"]), "text": "".join(text for text, _ in row["snippet"])}


@pytest.mark.parametrize(
    ("query", "lang", "source", "mark"),
    [
        ("先还利息还是先还本金", "zh", "contract-payment-order", "法律"),
        ("民间借贷利率上限是多少", "zh", "interest-four-times-lpr", "司法解释"),
        ("my debt was sold who do i pay now", "en", "contract-assignment-notice", "law"),
    ],
)
def test_a_statement_of_the_register_answers_in_its_own_words(ask, book, query, lang, source, mark):
    got = answer(ask((query, lang))[0])
    rows = [row for row in book.registers.sources.values() if row["says"][lang] == got["text"]]
    assert (
        [row["id"] for row in rows] == [source] and got["kind"] == "fact" and got["title"] == rows[0]["short"][lang]
    ), (source, got)
    assert got["mark"] == search_index.mark(rows[0], lang) and got["day"] == rows[0]["checked_on"], mark
    assert got["mark"] == mark and got["ended"] == ""


@pytest.mark.parametrize(
    ("query", "lang", "claim", "verdict"),
    [
        ("网贷3年不还就不用还了", "zh", "three-years-gone", "不对"),
        ("欠钱不还会坐牢吗", "zh", "borrow-prison", "不对"),
        ("欠钱会坐牢吗", "zh", "borrow-prison", "不对"),
        ("Can I go to prison for debt", "en", "borrow-prison", "false"),
        ("is it true that debt expires after three years", "en", "three-years-gone", "false"),
    ],
)
def test_what_people_say_is_answered_by_our_verdict_first(ask, book, query, lang, claim, verdict):
    got = answer(ask((query, lang))[0])
    row = book.registers.checked[claim]
    assert (got["kind"], got["mark"], got["title"], got["text"]) == (
        "claim",
        verdict,
        row["claim"][lang],
        row["why"][lang],
    )


def test_what_has_ended_says_so_with_its_last_day(ask):
    assert answer(ask(("一次性信用修复是什么政策", "zh"))[0])["ended"] == "2026-03-31"


@pytest.mark.parametrize(
    ("query", "lang", "anchor"),
    [("支付令是什么意思", "zh", "payment-order"), ("what does payment order mean", "en", "payment-order")],
)
def test_a_term_answers_with_its_line(ask, book, query, lang, anchor):
    got = answer(ask((query, lang))[0])
    assert (got["kind"], got["anchor"], got["text"]) == ("term", anchor, book.registers.glossary[anchor]["line"][lang])


def test_a_number_answers_with_what_it_is_and_is_not_for(ask, book):
    for key, number in (
        (k, n) for k, n in book.registers.numbers.items() if "address" not in book.registers.contacts[k]
    ):
        row = book.registers.contacts[key]
        for lang, found in zip(LANGS, ask((f"{number}", "zh"), (f"{number}", "en")), strict=True):
            got = answer(found)
            assert got["kind"] == "number" and got["anchor"] == f"tel-{key}" and got["day"] == row["checked_on"]
            assert row["for"][lang] in got["text"] and row["not_for"][lang] in got["text"]
    assert answer(ask(("95588", "zh"))[0])["url"] == "/reference/contacts/"


def test_a_name_leads_to_its_kind_of_lender(ask, book):
    rows = [row for row in book.registers.search.values() if row["kind"] == "lead"]
    asked = [(name, lang, row) for row in rows for lang in LANGS for name in row["words"][lang]]
    terms = {term[lang] for term in book.registers.glossary.values() for lang in LANGS}
    asked = [one for one in asked if one[0] not in {"95xxx", *terms}]
    for (name, lang, row), found in zip(asked, ask(*((name, lang) for name, lang, _ in asked)), strict=True):
        got = answer(found)
        assert got["url"] == f"/{book.pages[lang][row['page']].url}" and got["text"] == row["says"][lang], name


def test_a_claim_of_the_opposite_is_no_answer(ask):
    for query in ("网贷不还会坐牢吗", "会不会坐牢啊欠钱不还的话"):
        assert all(row["title"] != "欠钱不还，怎么样都不会坐牢" for row in ask((query, "zh"))[0]["answers"])


def test_a_long_message_is_answered_by_its_need_and_says_which_words_were_used(ask):
    filler = "我最近真的很难受，晚上也睡得不太好，朋友们都说让我想开一点，" * 9
    found, english = ask(
        (f"{filler}上周收到法院寄来的传票，月底要开庭，我该怎么应诉", "zh"),
        (f"{'I have been feeling low lately. ' * 10} I got a court summons and do not know how to answer it", "en"),
    )
    assert any("/legal/court-papers/" in row["url"] for row in found["own"][:2])
    assert {"法院", "传票"} & {word for said in found["used"] for word in ("法院", "传票") if word in said}
    assert "summons" in english["used"] and ask(("法院传票", "zh"))[0]["used"] == []


def test_what_not_to_say_is_no_answer(ask, book, indexes):
    for lang in LANGS:
        unsaid = {
            block.text.strip('“”"')
            for page in book.pages[lang].values()
            for block in page.blocks
            if block.section == "do-not-say" and block.kind == "quote" and len(block.text) > 12
        }
        text = json.dumps(indexes[lang]["pages"], ensure_ascii=False)
        assert len(unsaid) > 50 and [said for said in unsaid if said in text] == []
    (found,) = ask(("下个月肯定一定还清", "zh"))
    assert not any("不要说" in text for row in found["own"] for text, _ in row["snippet"])


def test_words_that_no_page_has_are_no_answer(ask):
    assert [found["answers"] for found in ask(("龘靐齉爩麤龗灪吁", "zh"), ("qwzx plimf vorgle dwen", "en"))] == [[], []]


def test_a_wrong_belief_is_shown_in_no_result_but_as_the_title_of_its_verdict(ask, book):
    beliefs = {
        row["myth"][lang]: (row["myth"][lang], lang)
        for row in book.registers.sources.values()
        if row["myth"]
        for lang in LANGS
    }
    shown = [
        "".join(text for text, _ in row["snippet"])
        for found in ask(*beliefs.values())
        for row in found["own"] + found["answers"]
    ]
    assert len(shown) > 300 and not beliefs.keys() & set(shown)


def test_hostile_text_is_answered_or_not_found_and_never_throws(ask):
    for found in ask(*((text, lang) for text in HOSTILE for lang in LANGS)):
        assert isinstance(found["own"], list) and len(found["answers"]) <= 1


def test_every_address_of_a_result_stands_on_its_page(book, indexes):
    for lang, data in indexes.items():
        ids = {page.url: book.whole(lang, path) for path, page in book.pages[lang].items()}
        places = [(page["u"], section[0]) for page in data["pages"] for section in page["s"]]
        places += [row["at"] for row in data["answers"]]
        places += [(page, "") for _, page, _ in data["leads"]]
        lost = [
            (url, anchor)
            for url, anchor in dict.fromkeys(map(tuple, places))
            if url not in ids or (anchor and f"#{anchor}}}" not in ids[url] and f'id="{anchor}"' not in ids[url])
        ]
        assert lost == [] and len(places) > 700


def test_a_page_with_something_to_read_first_opens_at_its_top(ask, book):
    danger = {page.url for page in book.pages["zh"].values() if any(c.value == "danger" for c in page.callouts)}
    for found in ask(("有人上门催收怎么办", "zh"), ("收到法院传票怎么应诉", "zh"), ("征信报告怎么看", "zh")):
        for row in found["own"]:
            assert not row["anchor"] or row["url"].removeprefix(f"{found['root']}/") not in danger
