"""An index too large for one file, in a browser: it finds the same, loads little, says when it fails."""

import gzip
import json

import pytest
import search_eval
import search_scale
from conftest import ROOT, until
from handbook.model.page import LANGS
from handbook.ship import offline
from handbook.web import search_index

pytestmark = pytest.mark.browser
QUERIES = json.loads((ROOT / "tests/data/search-queries.json").read_text(encoding="utf-8"))
ASK = "async rows => { const {search} = await import('/assets/javascripts/search.js'); const out = []; for (const [q, language] of rows) out.push((await search(q, {language})).map(r => r.url)); return out }"
ASKED = [[row["query"], search_eval.language(row)] for row in QUERIES]
MOST = 150_000  # bytes that a query may load, compressed


@pytest.fixture(scope="module")
def served(site, book, tmp_path_factory):
    """The site with its index split, the pages so many times: ``address, names of the files with their compressed sizes``."""
    made = {}
    indexes, cards = (
        search_index.indexes(book.pages, book.order, book.registers),
        search_index.cards(book.registers, book.pages),
    )

    def serve(times):
        if times not in made:
            grown = {lang: search_scale.altered(indexes[lang], lang, times) for lang in LANGS}
            folder = tmp_path_factory.mktemp(f"split-{times}")
            files = search_scale.place(search_index.files(grown, cards, 0), site, folder)
            made[times] = (
                search_eval.serve(site, {"assets/search": folder}),
                {name: len(gzip.compress(content, 9)) for name, content in files.items()},
            )
        return made[times]

    return serve


@pytest.fixture
def opened(chromium, served):
    """``open(times)``: a page of that site, and the names of the files of the index that it has asked for."""
    contexts = []

    def open_(times=1):
        context = chromium.new_context(
            viewport={"width": 1280, "height": 800}, service_workers="block"
        )  # its copy holds the one file
        contexts.append(context)
        page, asked = context.new_page(), []
        page.on("request", lambda r: asked.append(r.url.split("/")[-1]) if r.url.endswith(".txt") else None)
        page.goto(served(times)[0])
        return page, asked

    yield open_
    for context in contexts:
        context.close()


def test_a_split_index_finds_what_one_file_finds(opened, chromium, address, book):
    titles = [
        [page.title, lang]
        for lang in LANGS
        for path, page in book.pages[lang].items()
        if path not in search_index.SKIPPED_PAGES
    ]
    context = chromium.new_context()
    whole = context.new_page()
    whole.goto(address)
    one, many = whole.evaluate(ASK, ASKED + titles), opened()[0].evaluate(ASK, ASKED + titles)
    context.close()
    count = len(ASKED)
    assert sum(a[:3] == b[:3] for a, b in zip(one[:count], many, strict=False)) >= 0.9 * count
    assert sum(len(set(a[:3]) & set(b[:3])) for a, b in zip(one[:count], many, strict=False)) >= 0.98 * 3 * count
    topics = {
        page.url.strip("/"): [str(t) for t in page.meta.get("topics") or []] for page in book.pages["zh"].values()
    }
    first, second = (search_eval.table(QUERIES, found[:count], topics)["all"] for found in (one, many))
    assert second["s@3"] >= first["s@3"] - 0.03 and second["l@3"] >= first["l@3"] - 0.03
    assert [title for title, a, b in zip(titles, one[count:], many[count:], strict=True) if a[0] not in b[:3]] == []


@pytest.mark.parametrize(
    ("query", "language", "url"),
    [
        ("第70条", "zh", "/strategies/credit-card/"),
        ("１２３７８", "zh", "/channels/complain-to-regulator/"),
        ("zhi fu ling", "zh", "/legal/answer-mediate-payment-order/"),
        ("zhifuli", "zh", "/legal/answer-mediate-payment-order/"),
        ("支付令", "en", "/en/legal/answer-mediate-payment-order/"),
        ("個人破產", "zh", "/legal/bankruptcy/"),
        ("bankruptsy", "en", "/en/legal/bankruptcy/"),
        ("bankrup", "en", "/en/legal/bankruptcy/"),
        ("bankruptcy", "zh", "/legal/bankruptcy/"),
        ("txgz", "zh", "/legal/agents-and-scams/"),
        ("征心报告", "zh", "/prepare/credit-report/"),
        ("还", "zh", "/recovery/keep-the-plan/"),
    ],
)
def test_ways_of_writing_lead_to_the_same_page(opened, query, language, url):
    assert url in opened()[0].evaluate(ASK, [[query, language]])[0]


def test_the_terms_of_the_build_are_those_of_the_browser(opened, book):
    page = opened()[0]
    text = "\n".join(
        line
        for data in search_index.indexes(book.pages, book.order, book.registers).values()
        for lines in search_index._lines(data)
        for _, line in lines
    )
    words = sorted({word for word in search_index.re.findall(r"[a-z0-9'’\u00c0-\u024f]+", text.lower())})
    assert len(words) > 3000
    stems = page.evaluate(
        "async words => { const {stem} = await import('/assets/javascripts/search-engine.js'); return words.map(w => stem(w) || w) }",
        words,
    )
    assert [(w, s) for w, s in zip(words, stems, strict=True) if search_index.stem(w) != s] == []
    fields = page.evaluate(
        "async () => { const {P} = await import('/assets/javascripts/search-engine.js'); return {k1: P.k1, fields: P.fields, b: P.b} }"
    )
    assert search_index.weights() == fields and tuple(fields["fields"]) == search_index.FIELDS


def test_only_what_is_asked_for_is_loaded_and_never_more_than_150_kilobytes(opened, served):
    _, sizes = served(5)
    loads = []
    for query, language in ASKED[::4]:
        page, asked = opened(5)
        page.evaluate(ASK, [[query, language]])
        assert len(asked) == len(set(asked)), "each file once"
        loads.append(sum(sizes[name] for name in asked))
        page.evaluate(ASK, [[query, language]])
        assert len(asked) == len(set(asked)), "what was loaded is kept"
        page.context.close()
    assert max(loads) <= MOST < sum(sizes.values()), loads


def test_the_first_touch_loads_the_head_and_a_pasted_page_loads_no_more_than_a_question(opened, served):
    page, asked = opened(5)
    page.focus("#find")
    page.wait_for_load_state("networkidle")
    assert [name.count(".") for name in asked] == [2], "the head alone"
    page.fill("#find", " ".join(query for query, language in ASKED if language == "zh"))
    page.wait_for_selector("[role=option]")
    assert sum(served(5)[1][name] for name in asked) <= MOST


def test_letters_typed_in_a_row_are_one_question(opened):
    page, asked = opened()
    page.focus("#find")
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "() => { const box = document.querySelector('#find'); for (const text of ['信', '信用', '信用卡', '支付令']) { box.value = text; box.dispatchEvent(new InputEvent('input', {bubbles: true})) } }"
    )
    page.wait_for_selector("[role=option]")
    typed = set(asked)
    other, once = opened()
    other.evaluate(ASK, [["支付令", "zh"]])
    assert typed == set(once)


@pytest.mark.parametrize("status", [0, 404])
def test_a_file_that_does_not_come_is_told_and_asked_for_again(opened, status):
    page, asked = opened()
    page.route("**/*.k*.txt", lambda route: route.fulfill(status=status) if status else route.abort())
    page.fill("#find", "支付令")
    until(page, "document.querySelector('[data-status]').textContent.includes('打不开')")
    page.unroute("**/*.k*.txt")
    asked.clear()
    page.fill("#find", "支付令怎么办")
    page.wait_for_selector("[role=option]")
    assert "answer-mediate-payment-order" in page.locator("[role=option]").first.get_attribute("href")
    assert any(name.count(".") == 2 for name in asked) == (status == 404), (
        "a site that has changed is asked for its new index"
    )


def test_hostile_text_does_not_throw(opened):
    page = opened()[0]
    page.evaluate("() => { window.siteRoot = '/' }")
    page.evaluate(search_eval.HOSTILE, 1000)


def test_the_copy_for_reading_offline_leaves_the_small_files_out():
    assert offline.kept(
        ["assets/search/zh.0a1b.txt", "assets/search/zh.0a1b.k7.txt", "assets/search/zh.0a1b.p12.txt"], set()
    )["zh"] == ["assets/search/zh.0a1b.txt"]
