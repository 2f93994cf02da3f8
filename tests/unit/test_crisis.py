"""The cards above all results, run by node alone: which one a line calls, what excuses a word, how long a text may be."""

import json
import re
import subprocess
from pathlib import Path

import brotli
import playwright
import pytest
from conftest import ROOT
from handbook.web import search_index

GROUPS = json.loads((ROOT / "tests/data/crisis.json").read_text(encoding="utf-8"))
NODE = Path(playwright.__file__).parent / "driver/node"
ASK = """import {card} from "./assets/javascripts/crisis.js"
import {readFileSync} from "node:fs"
const asked = JSON.parse(readFileSync(0, "utf8"))
console.log(JSON.stringify(asked.map(text => card(text)?.kind ?? null)))
"""


@pytest.fixture(scope="module")
def ask(book, tmp_path_factory):
    """``ask(lines)``: the kind of card that each calls."""
    folder = tmp_path_factory.mktemp("cards")
    (folder / "assets/javascripts").mkdir(parents=True)
    for name in ("crisis.js", "search-text.js", "folder.js"):
        (folder / "assets/javascripts" / name).write_bytes((ROOT / "overrides/assets/javascripts" / name).read_bytes())
    (folder / "assets/search").mkdir()
    (folder / "assets/search/cards.js").write_bytes(search_index.files(book)["assets/search/cards.js"])
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "ask.js").write_text(ASK)

    def ask(lines):
        answer = subprocess.run(
            [NODE, folder / "ask.js"], input=json.dumps(lines), capture_output=True, text=True, check=True
        )
        return json.loads(answer.stdout)

    return ask


def lines(pattern):
    """Lines of a pattern in which ``{a|b}`` is either, with every choice in one of them."""
    slots = [part.split("|") if n % 2 else [part] for n, part in enumerate(re.split(r"\{([^}]*)\}", pattern))]
    return ["".join(slot[n % len(slot)] for slot in slots) for n in range(max(map(len, slots)))]


@pytest.mark.parametrize("wanted", ["crisis", "danger", "poison", "verdict", None])
def test_a_line_calls_a_card_if_it_needs_one_and_an_ordinary_one_calls_none(ask, wanted):
    """Of the three cards for people another one than the wanted may stand up, which then has its number too; in one line of 20."""
    asked = [
        (row["kind"], line)
        for row in GROUPS
        if row["card"] == wanted
        for pattern in row["lines"]
        for line in lines(pattern)
    ]
    got = ask([line for _, line in asked])
    answers = list(zip(asked, got, strict=True))
    if wanted:
        assert [(row, card) for row, card in answers if card is None] == []
        assert sum(card != wanted for _, card in answers) <= len(answers) / 20
    else:
        # a line that names what a card about scams is for may call that one
        raised = [(row, card) for row, card in answers if card not in (None, "verdict")]
        assert len(raised) <= len(answers) / 50, raised
        plain = [(row, card) for row, card in raised if row[0] == "plain"]
        assert plain == []
        debts = [row for row, _ in answers if row[0] == "debt"]
        assert sum(row[0] == "debt" for row, _ in raised) <= len(debts) / 100


def test_the_commonest_questions_call_no_card(ask):
    asked = [
        "我信用卡还不上了",
        "还不上了",
        "下个月还不上了",
        "我逾期三个月了",
        "钱不够还了",
        "瞒着家里人欠了钱",
        "my loan is overdue what now",
        "I can't pay my credit card",
        "有人上门催收怎么办",
        "催收上门怎么办",
        "有人敲门说是催收",
        "催收会上门吗",
        "催收打电话给我家人",
        "催收威胁要上门",
        "催收说要来我家",
        "我没有钱还了",
        "压力很大睡不着",
        "欠了很多钱怎么办",
        "还不起网贷",
        "收到法院传票怎么办",
        "会不会坐牢",
        "被起诉了怎么办",
        "催收骚扰父母",
        "爸妈知道我欠债了",
        "老公欠债我要还吗",
        "家里人知道了",
        "信用卡逾期三年了",
        "我不想还了",
        "没钱还了想躺平",
        "催收爆通讯录",
        "不敢接电话",
        "失业了还不起房贷",
        "离婚了债务怎么办",
        "债务压得我喘不过气",
        "被骗了钱怎么办",
        "天天被催收",
        "好累啊欠了十万",
        "someone at my door asking for money",
        "collector came to my house",
        "I can't pay anymore",
        "my husband owes money",
        "they keep calling my mother",
        "can I go to jail for debt",
        "I lost my job and can't pay",
        "I'm so stressed about debt",
    ]
    assert [(line, card) for line, card in zip(asked, ask(asked), strict=True) if card] == []


def test_every_word_calls_a_card_as_urgent_as_its_own_in_traditional_forms_too(ask, book):
    for row in search_index.cards(book.registers, book.pages):
        words = [
            form
            for word in row["words"]
            for form in {word, *(c.convert(word) for c in search_index._converters("s2t", "s2hk", "s2tw"))}
        ]
        got = ask(words)
        enough = search_index.CARDS[: search_index.CARDS.index(row["kind"]) + 1]
        assert [(word, card) for word, card in zip(words, got, strict=True) if card not in enough] == []


def test_an_excuse_covers_its_own_span_and_nothing_beside_it(ask, book):
    for row in search_index.cards(book.registers, book.pages):
        got = ask(row["near"])
        assert [(near, card) for near, card in zip(row["near"], got, strict=True) if card == row["kind"]] == []
    assert ask(["不想活动账户被清理", "不想活动了，不想活了"]) == [None, "crisis"]


@pytest.mark.parametrize(
    "line",
    [
        "不 想 活 了",
        "不想，活了……真的不想活",
        "我真的撐不下去了",
        "ＷＡＮＴ ＴＯ ＤＩＥ",
        "bù xiǎng huó le",
        "buxianghuole",
        "我\u200b想\u200b自\u200b杀",
    ],
)
def test_spaces_signs_forms_and_hidden_characters_do_not_hide_a_line(ask, line):
    assert ask([line]) == ["crisis"]


def test_the_whole_of_a_long_text_is_looked_at(ask):
    filler = "我的信用卡逾期了，银行每天打电话，年轻生意失败，I owe money to the bank. "
    long = filler * (7_900 // len(filler))
    texts = [long, f"{long}不想活了", f"{long}我就是家里的累赘", f"{long}I want to die"]
    assert ask(texts) == [None, "crisis", "crisis", "crisis"]


def test_hostile_text_breaks_nothing(ask):
    texts = [
        "",
        " ",
        "a" * 100_000,
        "\u202e" * 9000,
        "😀" * 5000,
        "<script>alert(1)</script>",
        "(((((.*+?^${}[]\\|",
        "\0\x01\x7f",
        "嗯" * 9000,
        "zh" * 5000,
    ]
    got = ask(texts)
    assert len(got) == len(texts)
    assert got[:2] == [None, None] and got[3:6] == [None] * 3


def test_the_model_is_at_most_12_kilobytes_compressed_and_no_part_of_the_first_visit(book):
    model = json.loads(search_index.MODEL.read_text(encoding="utf-8"))
    assert len(brotli.compress(search_index.card_file([], model))) <= 12 * 1024
    files = search_index.files(book)
    assert b"cards" not in files["assets/search/manifest.js"]
