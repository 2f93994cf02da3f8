"""The cards above all results, run by node alone: which one a line calls, what excuses a word, how long a text may be."""

import json
import subprocess
from pathlib import Path

import playwright
import pytest
from conftest import ROOT
from handbook.web import search_index

LINES = json.loads((ROOT / "tests/data/crisis.json").read_text(encoding="utf-8"))
NODE = Path(playwright.__file__).parent / "driver/node"
ASK = """import {card} from "./assets/javascripts/search.js"
import {readFileSync} from "node:fs"
const asked = JSON.parse(readFileSync(0, "utf8"))
asked.map(text => card(text)) // warm
const start = performance.now()
const found = asked.map(text => card(text)?.kind ?? null)
console.log(JSON.stringify([found, performance.now() - start]))
"""


@pytest.fixture(scope="module")
def ask(book, tmp_path_factory):
    """``ask(lines)``: the kind of card that each calls, and the milliseconds that took."""
    folder = tmp_path_factory.mktemp("cards")
    for name in ("search.js", "search-text.js", "folder.js"):
        (folder / "assets/javascripts").mkdir(parents=True, exist_ok=True)
        (folder / "assets/javascripts" / name).write_bytes((ROOT / "overrides/assets/javascripts" / name).read_bytes())
    (folder / "assets/search").mkdir()
    (folder / "assets/search/manifest.js").write_bytes(
        search_index.manifest({}, search_index.cards(book.registers, book.pages))
    )
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "ask.js").write_text(ASK)

    def ask(lines):
        answer = subprocess.run(
            [NODE, folder / "ask.js"], input=json.dumps(lines), capture_output=True, text=True, check=True
        )
        return json.loads(answer.stdout)

    return ask


@pytest.mark.parametrize("kind", ["quiet", "ordinary", "mixed"])
def test_a_line_calls_the_card_it_needs_and_an_ordinary_one_calls_none(ask, kind):
    rows = [row for row in LINES if row["kind"] == kind]
    got, _ = ask([row["query"] for row in rows])
    assert [(row["query"], row["card"], card) for row, card in zip(rows, got, strict=True) if card != row["card"]] == []


def test_every_word_calls_a_card_as_urgent_as_its_own_in_traditional_forms_too(ask, book):
    for row in search_index.cards(book.registers, book.pages):
        words = [
            form
            for word in row["words"]
            for form in {word, *(c.convert(word) for c in search_index._converters("s2t", "s2hk", "s2tw"))}
        ]
        got, _ = ask(words)
        enough = search_index.CARDS[: search_index.CARDS.index(row["kind"]) + 1]
        assert [(word, card) for word, card in zip(words, got, strict=True) if card not in enough] == []


def test_an_excuse_covers_its_own_span_and_nothing_beside_it(ask, book):
    for row in search_index.cards(book.registers, book.pages):
        got, _ = ask(row["near"])
        assert [(near, card) for near, card in zip(row["near"], got, strict=True) if card == row["kind"]] == []
    assert ask(["年轻生无可恋", "年轻生意好", "想死机，想死"])[0] == ["crisis", None, "crisis"]


def test_the_whole_of_a_long_text_is_looked_at_and_quickly(ask):
    filler = "我的信用卡逾期了，银行每天打电话，年轻生意失败，I owe money to the bank. "
    long = filler * (7_900 // len(filler))
    got, took = ask([long, long + "不想活了", long + "I want to die", "想死机" * 2600, "a" * 100_000])
    assert got == [None, "crisis", "crisis", None, None]
    assert took < 1500, took
