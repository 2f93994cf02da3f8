"""The search index: one compact file per language, made from the pages' own words, and the small manifest.

The index holds text, not postings: a language of this handbook is some 250 KB of text, and a browser
counts its words faster than it would load a posting list. How words are cut and weighed stands
in one place only, ``overrides/assets/javascripts/search-engine.js``, so index and query cannot disagree.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from opencc import OpenCC

from ..model import pinyin
from ..model.lists import SITE
from ..model.page import LANGS, Page, plain
from ..model.problem import Problem
from ..model.registers import Registers
from ..model.text import HAN

FOLDER = "assets/search/"
END, PART, TICK = (
    "\x01",
    "\x02",
    "\x05",
)  # a line after a page, a topic, a claim; before a section; before an item of a checklist
ENCODING = "gb18030"  # two bytes a Han character: compressed, an eighth less to load than UTF-8; every browser reads it
CARDS = ("poison", "danger", "crisis", "verdict")  # kinds of card, the most urgent first
CALM = dict.fromkeys(
    ("poison", "crisis"), ("start/tell-your-family",)
)  # pages after a card's own, before all that is found
MODEL = Path(__file__).resolve().parents[3] / "docs/data/crisis.json"
SKIPPED = (
    "next",
    "not-certain",
)  # a list of other pages' names, which would find this page for their words; what we do not know
SKIPPED_PAGES = ("reference/a-to-z", "reference/from-the-documents")  # they repeat what stands elsewhere
HAN_RUN = re.compile(f"{HAN.pattern}+")
RARE = 0.1  # a reading of a character below this share in our text is not worth its bytes


def problems(book) -> list[Problem]:
    """SEARCH-1 to SEARCH-6: rows of search.yml that cannot do what they are for."""
    found, registers, pages = [], book.registers, book.pages
    topics_seen: dict[str, str] = {}
    for key, row in registers.search.items():
        where = registers.where("search", key)

        def say(rule: str, message: str, where=where) -> None:
            found.append(Problem(*where, rule, message))

        kind = row["kind"]
        for name in {"topic": ("topic", "words"), "same": ("words", "means"), "ignore": ("words",)}.get(
            kind, ("words", "near", "page", "says")
        ):
            if name not in row:
                say("SEARCH-1", f"a row of the kind {kind} needs the field {name}: add it")
        topic = row.get("topic")
        if topic is not None and topic not in registers.topics:
            say("SEARCH-2", f"{topic!r} is not in topics.yml: use one of its ids")
        if kind == "topic" and topic is not None:
            if topic in topics_seen:
                text = f"the topic {topic!r} has words already, in the row {topics_seen[topic]!r}: put them together"
                say("SEARCH-2", text)
            topics_seen[topic] = key
        if "page" in row and any(row["page"] not in pages[lang] for lang in LANGS):
            say("SEARCH-3", f"there is no page {row['page']!r} in both languages: write a path such as start/prison")
        for number in row.get("tels", []):
            if number not in registers.contacts:
                say("SEARCH-3", f"the number {number} is not in contacts.yml: use one that is")
        for lang in LANGS:
            words = row.get("words", {}).get(lang, [])
            double = [word for word, count in Counter(w.lower() for w in words).items() if count > 1]
            if double:
                say("SEARCH-4", f"{double[0]!r} stands twice in words.{lang}: delete one")
            for near in row.get("near", {}).get(lang, []):
                if not any(word.lower() in near.lower() for word in words):
                    text = (
                        f"{near!r} holds none of the words of its row, so it guards nothing: delete it or add the word"
                    )
                    say("SEARCH-5", text)
                hidden = [word for word in words if near.lower() in word.lower()]
                if hidden:
                    text = f"{near!r} hides the word {hidden[0]!r}, which could then never be found: make it longer"
                    say("SEARCH-6", text)
    return found


def documents(
    pages: dict[str, Page],
    order: list[str],
    topics: dict[str, list[str]],
    groups: dict[str, str],
    extra: dict[str, list],
) -> list[dict]:
    """The pages of one language as the index holds them, in the order of the navigation.

    topics: ``{path: ids, main one first}``; groups: ``{group: its title}``;
    extra: ``{path: [(anchor, heading, text)]}``, sections that a register makes on that page.
    Each: u address, t title, g group, d description, a aliases, k topics, s sections
    ``[anchor, heading, text]``; in a text every block is a line and a checklist item starts with ☐.
    """
    out = []
    for path in [*order, *(p for p in pages if p not in order)]:
        page = pages.get(path)
        if page is None or path in SKIPPED_PAGES:
            continue
        out.append(
            {
                "u": page.url,
                "t": page.title,
                "g": groups.get(page.group, ""),
                "d": str(page.meta.get("description", "")),
                "a": [str(a) for a in page.meta.get("aliases") or []],
                "k": topics.get(path, []),
                "s": [*_sections(page), *([*row] for row in extra.get(path, []))],
            }
        )
    return out


def _sections(page: Page) -> list[list[str]]:
    """``[anchor, heading, text]`` for the lead and every heading with an id, in the order of the page."""
    heads = {h.line: h for h in page.headings if h.level > 1 and h.id}
    out: list[list] = [["", "", []]]
    for block in page.blocks:
        if block.kind == "heading":
            if block.line in heads:
                out.append([heads[block.line].id, plain(block.text), []])
            continue
        text = plain(block.text)
        if text and out[-1][0] not in SKIPPED:
            out[-1][2].append(("☐ " if block.kind == "task" else "") + text)
    return [
        [anchor, heading, "\n".join(lines)]
        for anchor, heading, lines in out
        if anchor not in SKIPPED and (lines or heading)
    ]


def register_sections(registers: Registers, lang: str) -> dict[str, list[tuple[str, str, str]]]:
    """What registers make on pages: ``{path: [(anchor, heading, text)]}``."""
    return {
        "reference/contacts": [
            (f"tel-{key}", f"{row['name'][lang]} {row.get('address') or key}", row["for"][lang])
            for key, row in registers.contacts.items()
        ],
        "reference/glossary": [(key, term[lang], term["line"][lang]) for key, term in registers.glossary.items()],
    }


def same(registers: Registers, lang: str) -> list[list[list[str]]]:
    """Readers' words and the pages' words for them: from search.yml and from the variants of the glossary."""
    rows = [[row["words"][lang], row["means"][lang]] for row in registers.search.values() if row["kind"] == "same"]
    rows += [
        [[*term["variants"][lang], *([term["pinyin"]] if lang == "en" else [])], [term[lang]]]
        for term in registers.glossary.values()
    ]
    return [row for row in rows if row[0]]


def index(lang: str, docs: list[dict], registers: Registers, other: list[dict]) -> dict:
    """Everything the browser needs to search one language. docs: see `documents`; other: those of the other language."""
    rows = registers.search.values()
    words = {row["topic"]: row["words"][lang] for row in rows if row["kind"] == "topic"}
    used = {topic for doc in docs for topic in doc["k"]}
    out = {
        "lang": lang,
        "pages": docs,
        "topics": {
            key: [row["name"][lang], words.get(key, [])] for key, row in registers.topics.items() if key in used
        },
        "same": same(registers, lang),
        "ignore": [word for row in rows if row["kind"] == "ignore" for word in row["words"][lang]],
        "claims": claims(registers, lang, docs),
    }
    if lang == "zh":
        text = json.dumps(out, ensure_ascii=False)
        heard = {run: pinyin.syllables(run) for run in sorted(set(HAN_RUN.findall(text)))}
        out["sounds"] = sounds(heard)
        out["forms"] = forms(set(text))
        latin = json.dumps(
            [other, [r["words"]["en"] for r in rows if r["kind"] in ("topic", "same")]], ensure_ascii=False
        )
        out["english"] = english(set(re.findall(r"[a-z]+", latin.lower())), set(out["sounds"]), heard)
    return out


def claims(registers: Registers, lang: str, docs: list[dict]) -> list[list]:
    """What people say, as checked.yml has it, and the pages that answer it: ``[[claim, addresses]]``."""
    have = {doc["u"] for doc in docs}
    base = "" if lang == "zh" else "en/"
    rows = [
        [
            row["claim"][lang],
            [u for u in (base + path.removesuffix("index").rstrip("/") + "/" for path in row["pages"]) if u in have],
        ]
        for row in registers.checked.values()
    ]
    return [row for row in rows if row[1]]


def english(words: set[str], known: set[str], heard: dict[str, list[str]]) -> list[str]:
    """Words of the English pages that would also pass for pinyin, such as "can" or "guarantee".

    A word of several syllables that our Chinese text really has, such as laolai, is left to pinyin.
    known: all syllables; heard: the runs of Han characters of the text with theirs.
    """
    whole = re.compile(f"(?:{'|'.join(sorted(known, key=len, reverse=True))})+")
    said = " ".join(map("".join, heard.values()))
    return sorted(w for w in words if whole.fullmatch(w) and (w in known or w not in said))


def common() -> list[str]:
    """The 3,755 characters of the first level of GB 2312: what readers may type, rightly or by mistake."""
    return [
        bytes((row, cell)).decode("gb2312")
        for row in range(0xB0, 0xD8)
        for cell in range(0xA1, 0xFF)
        if (row, cell) < (0xD7, 0xFA)
    ]


def sounds(heard: dict[str, list[str]]) -> dict[str, str]:
    """``{syllable: characters}`` for the Han characters of a text, as read there, and the common ones. heard: as for `english`."""
    readings: dict[str, dict[str, int]] = {char: {pinyin.syllables(char)[0]: 1} for char in common()}
    counted = Counter(pair for run, said in heard.items() for pair in zip(run, said, strict=True))
    readings |= {char: {} for char, _ in counted}
    for (char, sound), count in counted.items():
        readings[char][sound] = count
    out: dict[str, list[str]] = defaultdict(list)
    for char in sorted(readings):
        total = sum(readings[char].values())
        usual = pinyin.sounds(char)
        for sound, count in readings[char].items():
            if sound.isascii() and sound.isalpha() and sound in usual and count >= RARE * total:
                out[sound].append(char)
    return {sound: "".join(chars) for sound, chars in sorted(out.items())}


@lru_cache
def _converters(*names: str) -> list[OpenCC]:
    return [OpenCC(name) for name in names]


def forms(wanted: set[str]) -> list[str]:
    """Two strings of equal length: Traditional characters and what they are in Simplified ones.

    wanted: only pairs whose Simplified character is one of these are kept.
    """
    (to_simple,) = _converters("t2s")
    chars = [chr(code) for code in range(0x4E00, 0xA000)]
    simples = to_simple.convert("\n".join(chars)).split("\n")
    pairs = sorted(
        (simple, char) for simple, char in zip(simples, chars, strict=True) if simple != char and simple in wanted
    )
    return ["".join(char for _, char in pairs), "".join(simple for simple, _ in pairs)]


def cards(registers: Registers, pages: dict[str, dict[str, Page]]) -> list[dict]:
    """The cards that stand above all results, the most urgent first: words that call for them, near-misses that do not,
    what they say, and the pages that come first below.

    Words are in Simplified forms; crisis.js brings a text to them.
    """
    (to_simple,) = _converters("t2s")
    out = []
    for row in registers.search.values():
        if row["kind"] not in CARDS:
            continue
        called, not_called = (
            sorted({to_simple.convert(w.lower()).replace("'", "") for lang in LANGS for w in row[field][lang]})
            for field in ("words", "near")
        )
        first = [path for path in (row["page"], *CALM.get(row["kind"], ())) if path in pages["zh"]]
        out.append(
            {
                "kind": row["kind"],
                "words": called,
                "near": not_called,
                "tels": [registers.numbers[key] for key in row.get("tels", [])],
                **{
                    lang: {
                        "says": row["says"][lang],
                        "pages": [[pages[lang][path].url, pages[lang][path].title] for path in first],
                    }
                    for lang in LANGS
                },
            }
        )
    return sorted(out, key=lambda card: CARDS.index(card["kind"]))


def card_file(found: list[dict], model: dict) -> bytes:
    """The module with the cards and the model that calls them, which scripts/lab/crisis trains; crisis.js imports it.

    For the characters of both it holds the Traditional forms.
    """
    words = [word for card in found for word in (*card["words"], *card["near"])]
    known = {*model["chars"], *"".join((*words, *model["classes"].values()))}
    written = {
        (char, simple)
        for word in words
        for c in _converters("s2t", "s2hk", "s2tw")
        for simple, char in zip(word, c.convert(word), strict=True)
        if simple != char
    }
    pairs = sorted(written | set(zip(*forms(known), strict=True)), key=lambda pair: pair[::-1])
    shown = {key: value for key, value in model.items() if key != "chars"}
    return _module({"cards": found, "model": {**shown, "forms": ["".join(side) for side in zip(*pairs, strict=True)]}})


def manifest(names: dict[str, str]) -> bytes:
    """The module that search.js imports: the names of the indexes."""
    return _module({"indexes": names})


def _module(value) -> bytes:
    return f"export default {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}\n".encode()


def indexes(pages: dict[str, dict[str, Page]], order: list[str], registers: Registers) -> dict[str, dict]:
    """The index of each language. pages: ``{lang: {path: page}}``; order: paths in the order of the navigation."""
    topics = {path: [str(t) for t in page.meta.get("topics") or []] for path, page in pages["zh"].items()}
    docs = {}
    for lang in LANGS:
        groups = {page.group: page.title for path, page in pages[lang].items() if path == f"{page.group}/index"}
        docs[lang] = documents(pages[lang], order, topics, groups, register_sections(registers, lang))
    return {lang: index(lang, docs[lang], registers, docs["en" if lang == "zh" else "zh"]) for lang in LANGS}


def files(book) -> dict[str, bytes]:
    """All files of the search, by address below the site's root."""
    out, site_name = {}, lambda lang: (SITE[lang], str(book.pages[lang]["index"].meta.get("description", "")))
    for lang in LANGS:
        out[f"{FOLDER}opensearch.{lang}.xml"] = open_search(*site_name(lang), lang, book.site_url).encode()
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    out[FOLDER + "cards.js"] = card_file(cards(book.registers, book.pages), model)
    return out | index_files(indexes(book.pages, book.order, book.registers))


def index_files(by_language: dict[str, dict]) -> dict[str, bytes]:
    """``{address below the site's root: content}``: an index per language, named by its content, and the manifest.

    The manifest is a module with a fixed name; search.js imports it, so it is there before anybody types.
    """
    out, names = {}, {}
    for lang, data in by_language.items():
        content = encode(data)
        names[lang] = f"{lang}.{hashlib.sha256(content).hexdigest()[:12]}.txt"  # .txt, because servers compress it
        out[FOLDER + names[lang]] = content
    out[FOLDER + "manifest.js"] = manifest(names)
    return out


def encode(data: dict) -> bytes:
    """An index as the browser reads it: sizes, what it needs at once, the text that is searched, what it seldom needs.

    The text: of every page title, description and aliases, a line each, then its sections (address, heading, lines);
    then the words of every topic; then the claims.
    """
    pages, topics = data["pages"], list(data["topics"])
    numbers = {page["u"]: n for n, page in enumerate(pages)}
    groups = list(dict.fromkeys(page["g"] for page in pages))
    head = {
        "lang": data["lang"],
        "same": data["same"],
        "ignore": data["ignore"],
        "groups": groups,
        "pages": [[page["u"], groups.index(page["g"]), *map(topics.index, page["k"])] for page in pages],
        "topics": len(topics),
        "claims": [[numbers[url] for url in urls] for _, urls in data["claims"]],
    }
    text = (
        [_record(page) for page in pages]
        + ["\n".join(map(_line, (name, *words))) for name, words in data["topics"].values()]
        + [_line(said) for said, _ in data["claims"]]
    )
    rest = {key: data[key] for key in ("sounds", "forms", "english") if key in data}
    parts = [_json(head), "".join(f"{t}\n{END}\n" for t in text).encode(ENCODING), _json(rest)]
    return f"{len(parts[0])} {len(parts[1])}\n".encode() + b"".join(parts)


def _json(value) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(ENCODING)


def _line(text: str) -> str:
    """One line without the signs that the index uses itself."""
    return re.sub(r"[\x00-\x1f]+", " ", text)


def _record(page: dict) -> str:
    lines = [page["t"], page["d"], *page["a"]]
    sections = [
        f"{_line(anchor)}\n{_line(heading)}"
        + "".join(
            "\n" + (TICK + _line(line[2:]) if line.startswith("☐ ") else _line(line))
            for line in text.split("\n")
            if line
        )
        for anchor, heading, text in page["s"]
    ]
    return "\n".join(map(_line, lines)) + "".join(f"\n{PART}{section}" for section in sections)


def open_search(name: str, description: str, lang: str, site_url: str) -> str:
    """The OpenSearch description that lets a browser offer this search in its address bar: after #, so no server is told."""
    address = f"{site_url}{'' if lang == 'zh' else 'en/'}reference/a-to-z/#q={{searchTerms}}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        f"<ShortName>{escape(name[:16])}</ShortName><Description>{escape(description)}</Description><InputEncoding>UTF-8</InputEncoding>"
        f'<Language>{"zh-Hans" if lang == "zh" else "en"}</Language><Url type="text/html" template="{escape(address)}"/></OpenSearchDescription>\n'
    )
