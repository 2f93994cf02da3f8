"""The search index and its register, without a browser."""

import json
import re

import brotli
import pytest
from conftest import ROOT
from handbook.model.page import LANGS
from handbook.web import search_index
from hypothesis import given
from hypothesis import strategies as st

ROW = {
    "id": "crisis",
    "kind": "crisis",
    "page": "index",
    "tels": ["12378"],
    "says": {"zh": "先打电话。", "en": "Call first."},
    "words": {"zh": ["想死"], "en": ["want to die"]},
    "near": {"zh": ["想死机"], "en": []},
}
QUERIES = json.loads((ROOT / "tests/data/search-queries.json").read_text(encoding="utf-8"))


def made(book) -> dict:
    return search_index.indexes(book)


@pytest.fixture(scope="module")
def files(book):
    return search_index.files(book)


@pytest.fixture(scope="module")
def indexes(book):
    return made(book)


def read(content: bytes) -> tuple[dict, str, dict]:
    """The three parts of a file of the index, as search-engine.js reads them."""
    first, _, rest = content.partition(b"\n")
    symbols, size, head, text = map(int, first.split())
    words = rest[:symbols].decode("gb18030").split("\n")
    coded, out = iter(rest[symbols : symbols + size]), []
    for byte in coded:
        if byte < 0x80:
            out.append(chr(byte))
        else:
            out.append(words[byte - 0x80 if byte < 0xE0 else 96 + (byte - 0xE0) * 192 + next(coded) - 0x40])
    said = "".join(out)
    assert len(said) == head + text
    return json.loads(said[:head]), said[head:], json.loads(rest[symbols + size :].decode("gb18030"))


def test_the_file_holds_the_text_of_every_page_topic_and_answer(files, indexes):
    for lang, data in indexes.items():
        (content,) = [files[name] for name in files if name.startswith(f"assets/search/{lang}.")]
        head, text, rest = read(content)
        records = text.split("\n\x01\n")[:-1]
        assert len(records) == len(head["pages"]) + head["topics"] + len(head["answers"])
        assert head["topics"] == len(data["topics"])
        for page, row, record in zip(data["pages"], head["pages"], records, strict=False):
            assert (
                row[0] == page["u"]
                and record.startswith(f"{page['t']}\n{page['d']}\n")
                and record.count("\n\x02") == len(page["s"])
            )
        last = data["answers"][-1]
        assert records[-1].split("\n") == [last["says"], *last["said"]]
        assert head["pages"][head["answers"][-1][2]][0] == last["at"][0]
        assert set(rest) == ({"starts", "sounds", "forms", "english"} if lang == "zh" else set())


def test_signs_of_the_index_in_a_text_cannot_break_it(small):
    data = made(small.book())["zh"]
    data["pages"][0]["t"] = "a\x01b\x02c\nd"
    _, text, _ = read(search_index.encode(data))
    assert text.startswith("a b c d\n") and text.count("\x01") == len(data["pages"]) + len(data["topics"]) + len(
        data["answers"]
    )


def test_a_good_row_is_no_problem_and_becomes_a_card(small):
    small.register("search", [ROW])
    assert not [line for line in small.lines() if "search.yml" in line]
    assert '"words":["want to die","想死"]' in search_index.files(small.book())["assets/search/cards.js"].decode()


def test_the_index_holds_every_part_of_a_page_and_no_links_of_other_pages(small):
    data = made(small.book())
    (page,) = data["zh"]["pages"]
    assert (
        "\n\x02do-now\n现在就做\n\x05抄下官方电话\n\x05写下每月能还 1,400 元\n"
        in read(search_index.encode(data["zh"]))[1]
    )
    assert (
        page["t"] == "先联系银行"
        and page["a"] == ["还不上怎么办"]
        and page["k"] == ["triage"] == data["en"]["pages"][0]["k"]
    )
    assert [s[0] for s in page["s"]] == ["", "do-now", "the-law"]
    assert page["s"][1][2].split("\n")[0] == "☐ 抄下官方电话" and "card-rule" not in json.dumps(page)


def test_the_same_pages_make_the_same_files(small):
    assert search_index.files(small.book()) == search_index.files(small.book())
    before = set(search_index.files(small.book()))
    small.change("docs/zh/index.md", "先打官方电话", "先打客服电话")
    assert before != set(search_index.files(small.book())), (
        "another text has another name, so that no cache can be stale"
    )


def spoken(data) -> dict[str, set[str]]:
    """The sounds of each character, as the browser reads them from the order of GB 2312."""
    common, out = iter(search_index.common()), {}
    for sound, count in zip(data["starts"][::2], data["starts"][1::2], strict=True):
        for _ in range(count):
            out.setdefault(next(common), set()).add(sound)
    for sound, chars in data["sounds"].items():
        for char in chars:
            out.setdefault(char, set()).add(sound)
    return out


def test_traditional_forms_and_sounds(indexes):
    data = indexes["zh"]
    forms = dict(zip(*data["forms"], strict=True))
    assert [forms[c] for c in "還數門點徵債"] == list("还数门点征债")
    assert spoken(data)["逾"] == {"yu"} and spoken(data)["还"] == {"huan", "hai"}
    assert "can" in data["english"] and "guarantee" in data["english"] and "laolai" not in data["english"]
    assert len(search_index.common()) == 3755


def test_the_cards_come_the_most_urgent_first_with_the_model_and_calm_pages(book):
    made = json.loads(search_index.files(book)["assets/search/cards.js"].decode().removeprefix("export default "))
    kinds = [card["kind"] for card in made["cards"]]
    assert kinds[:3] == ["poison", "danger", "crisis"] and set(kinds[3:]) <= {"verdict"}
    crisis = made["cards"][2]
    assert [url for url, _ in crisis["zh"]["pages"]] == ["start/if-you-cannot-cope/", "start/tell-your-family/"]
    for card in made["cards"][:3]:
        for lang in LANGS:
            lines = card[lang]["says"].split("\n")
            assert [line.split(":")[0].split("：")[0] for line in lines if line[0].isdigit()] == card["tels"], card[
                "kind"
            ]
    forms = dict(zip(*made["model"]["forms"], strict=True))
    assert [forms[c] for c in "還債藥"] == list("还债药")


@given(st.text())
def test_any_text_survives_the_encoding(text):
    text = text.encode("utf-8", "ignore").decode().replace("\n", "")
    words, content = search_index.shorten(text, 50)
    symbols = "\n".join(words).encode(search_index.ENCODING)
    size = len(text.encode("utf-16-le")) // 2
    made = f"{len(symbols)} {len(content)} 0 {size}\n".encode() + symbols + content + b"{}"
    out = made.split(b"\n", 1)[1]
    assert out[: len(symbols)].decode("gb18030").split("\n") == (words or [""])
    code, back = iter(content), []
    for byte in code:
        two = byte >= 0xE0
        back.append(
            chr(byte) if byte < 0x80 else words[96 + (byte - 0xE0) * 192 + next(code) - 64 if two else byte - 128]
        )
    assert "".join(back) == text


def test_an_index_is_at_most_125_kilobytes_compressed(files):
    for name, content in files.items():
        if name.endswith(".txt"):
            assert len(brotli.compress(content)) <= 125_000, name


def test_the_register_holds_readers_words_and_not_the_questions_it_is_measured_by(book):
    """At most one question in ten may stand word for word among aliases and words."""
    said = {
        str(a).strip().lower() for lang in LANGS for p in book.pages[lang].values() for a in p.meta.get("aliases") or []
    }
    said |= {
        w.lower()
        for row in book.registers.search.values()
        if row["kind"] in ("topic", "same")
        for lang in LANGS
        for w in row["words"][lang]
    }
    same = [q["query"] for q in QUERIES if q["query"].strip().lower() in said]
    assert len(same) <= len(QUERIES) * 0.1, same


def test_every_topic_has_readers_words_in_both_languages(book):
    words = {row["topic"]: row["words"] for row in book.registers.search.values() if row["kind"] == "topic"}
    assert set(words) == set(book.registers.topics)
    assert all(len(w[lang]) >= 10 for w in words.values() for lang in LANGS)


def test_the_description_for_browsers_is_well_formed(files):
    from xml.etree import ElementTree

    for lang in LANGS:
        root = ElementTree.fromstring(files[f"assets/search/opensearch.{lang}.xml"])
        assert re.fullmatch(
            r"https://example\.org/(en/)?reference/a-to-z/#q=\{searchTerms\}", root.find("{*}Url").get("template")
        )
        assert len(root.find("{*}ShortName").text) <= 16
