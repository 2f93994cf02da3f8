"""The search index: one compact file per language, made from the pages' own words, and the small manifest.

The index holds text, not postings: a language of this handbook is some 250 KB of text, and a browser
counts its words faster than it would load a posting list. How words are cut and weighed stands
in one place only, ``overrides/assets/javascripts/search-engine.js``, so index and query cannot disagree.

Text that is too large for one file is split (`split`): a head, many small files that say which pages a term
is heaviest on, and a file per page. The browser asks the small files for the pages that may answer, loads
these, and searches them as it searches the one file. See ``Split`` in search-engine.js.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections import Counter, defaultdict
from functools import lru_cache
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase, digits
from xml.sax.saxutils import escape

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin, pinyin

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
SKIPPED = (
    "next",
    "not-certain",
)  # a list of other pages' names, which would find this page for their words; what we do not know
SKIPPED_PAGES = ("reference/a-to-z", "reference/from-the-documents")  # they repeat what stands elsewhere
ONE_FILE = (
    700_000  # bytes; beyond it the first result takes too long on a slow phone: measured by scripts/search-eval --scale
)
ROUTE = 6_000  # bytes a small file of the split form has on average, before compression
MOST_PAGES = 512  # of a term in the split form, the heaviest; rarer terms have all theirs
LEVELS = 15  # of a term's weight on a page; twice the level, and one more if it stands in a title, an alias, a heading or a claim
MOST_WORDS = 20_000  # in Latin letters that the split form knows for slips and beginnings
FIELDS = TITLE, ALIAS, MAIN, TOPICS, DESCRIPTION, HEADING, ITEM, BODY, CLAIM = (
    "title",
    "alias",
    "main",
    "topics",
    "description",
    "heading",
    "item",
    "body",
    "claim",
)
DIGITS = digits + ascii_lowercase
SIZE = 300  # bytes of a page, compressed, that one counts for in the head's list of sizes
LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
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
        out["sounds"] = sounds(text)
        out["forms"] = forms(set(HAN.findall(text)))
        latin = json.dumps(
            [other, [r["words"]["en"] for r in rows if r["kind"] in ("topic", "same")]], ensure_ascii=False
        )
        out["english"] = english(set(re.findall(r"[a-z]+", latin.lower())), set(out["sounds"]), text)
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


def english(words: set[str], syllables: set[str], text: str) -> list[str]:
    """Words of the English pages that would also pass for pinyin, such as "can" or "guarantee".

    A word of several syllables that our Chinese text really has, such as laolai, is left to pinyin.
    """
    whole = re.compile(f"(?:{'|'.join(sorted(syllables, key=len, reverse=True))})+")
    heard = " ".join(
        "".join(lazy_pinyin(run)) for run in sorted(set("".join(c if HAN.match(c) else " " for c in text).split()))
    )
    return sorted(w for w in words if whole.fullmatch(w) and (w in syllables or w not in heard))


def common() -> list[str]:
    """The 3,755 characters of the first level of GB 2312: what readers may type, rightly or by mistake."""
    return [
        bytes((row, cell)).decode("gb2312")
        for row in range(0xB0, 0xD8)
        for cell in range(0xA1, 0xFF)
        if (row, cell) < (0xD7, 0xFA)
    ]


def sounds(text: str) -> dict[str, str]:
    """``{syllable: characters}`` for the Han characters of the text, as read there, and the common ones."""
    readings: dict[str, Counter] = defaultdict(Counter)
    for run in set("".join(c if HAN.match(c) else " " for c in text).split()):
        for char, sound in zip(run, lazy_pinyin(run), strict=True):
            readings[char][sound] += 1
    for char in common():
        if char not in readings:
            readings[char][lazy_pinyin(char)[0]] = 1
    out: dict[str, list[str]] = defaultdict(list)
    for char in sorted(readings):
        total = sum(readings[char].values())
        usual = {s for (s,) in [[s] for s in pinyin(char, style=Style.NORMAL, heteronym=True)[0]]}
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
    pairs = []
    for code in range(0x4E00, 0xA000):
        char = chr(code)
        simple = to_simple.convert(char)
        if simple != char and len(simple) == 1 and simple in wanted:
            pairs.append((simple, char))
    return ["".join(c for _, c in sorted(pairs)), "".join(c for c, _ in sorted(pairs))]


def cards(registers: Registers, pages: dict[str, dict[str, Page]]) -> list[dict]:
    """The cards that stand above all results, the most urgent first: words that call for them, near-misses that do not, what they say.

    Words are in Simplified forms; search.js brings a query to them, see `manifest`.
    """
    (to_simple,) = _converters("t2s")
    out = []
    for row in registers.search.values():
        if row["kind"] not in CARDS:
            continue
        called, not_called = (
            sorted({to_simple.convert(w.lower()) for lang in LANGS for w in row[field][lang]})
            for field in ("words", "near")
        )
        out.append(
            {
                "kind": row["kind"],
                "words": called,
                "near": not_called,
                "tels": [registers.numbers[key] for key in row.get("tels", [])],
                **{
                    lang: {
                        "says": row["says"][lang],
                        "url": pages[lang][row["page"]].url,
                        "title": pages[lang][row["page"]].title,
                    }
                    for lang in LANGS
                },
            }
        )
    return sorted(out, key=lambda card: CARDS.index(card["kind"]))


def manifest(names: dict[str, str], found: list[dict]) -> bytes:
    """The module that search.js imports: the names of the indexes, the cards, and of the characters in their words the Traditional forms and the sounds."""
    words = [word for card in found for word in (*card["words"], *card["near"]) if HAN.search(word)]
    heard: dict[str, Counter] = defaultdict(Counter)
    for word in words:
        for char, syllable in zip(word, lazy_pinyin(word, errors=list), strict=True):
            heard[char][syllable] += 1
    spoken: dict[str, str] = defaultdict(str)
    for char in sorted(heard):
        if HAN.match(char):
            spoken[heard[char].most_common(1)[0][0]] += char
    written = {
        (simple, char)
        for word in words
        for c in _converters("s2t", "s2hk", "s2tw")
        for simple, char in zip(word, c.convert(word), strict=True)
        if simple != char
    }
    pairs = sorted(pair for pair in written if pair[1] not in heard)
    value = {
        "indexes": names,
        "cards": found,
        "forms": ["".join(char for _, char in pairs), "".join(simple for simple, _ in pairs)],
        "sounds": dict(sorted(spoken.items())),
    }
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
    return out | index_files(indexes(book.pages, book.order, book.registers), cards(book.registers, book.pages))


def index_files(by_language: dict[str, dict], found: list[dict], one_file: int = ONE_FILE) -> dict[str, bytes]:
    """``{address below the site's root: content}``: an index per language, named by its content, and the manifest.

    The manifest is a module with a fixed name; search.js imports it, so it is there before anybody types.
    one_file: bytes of an index beyond which both languages are split.
    """
    parts = {lang: {"": encode(data)} for lang, data in by_language.items()}
    if max(len(part[""]) for part in parts.values()) > one_file:
        parts = {
            lang: split(data, next(other for key, other in by_language.items() if key != lang))
            for lang, data in by_language.items()
        }
    out, names = {}, {}
    for lang, part in parts.items():
        base = f"{lang}.{hashlib.sha256(b''.join(part.values())).hexdigest()[:12]}"
        names[lang] = f"{base}.txt"  # .txt, because servers compress it
        out |= {f"{FOLDER}{base}{name}.txt": content for name, content in part.items()}
    out[FOLDER + "manifest.js"] = manifest(names, found)
    return out


def encode(data: dict, more: dict | None = None) -> bytes:
    """An index as the browser reads it: sizes, what it needs at once, the text that is searched, what it seldom needs.

    The text: of every page title, description and aliases, a line each, then its sections (address, heading, lines);
    then the words of every topic; then the claims. more: what the head of a split index has in place of the pages.
    """
    numbers = {page["u"]: n for n, page in enumerate(data["pages"])}
    groups, rows = _rows(data)
    head = {
        "lang": data["lang"],
        "same": data["same"],
        "ignore": data["ignore"],
        "groups": groups,
        "pages": [] if more else rows,
        "topics": len(data["topics"]),
        "claims": [[numbers[url] for url in urls] for _, urls in data["claims"]],
        **(more or {}),
    }
    text = (
        [_record(page) for page in ([] if more else data["pages"])]
        + ["\n".join(lines) for lines in _topics(data).values()]
        + [_line(said) for said, _ in data["claims"]]
    )
    rest = {key: data[key] for key in ("sounds", "forms", "english", "words") if key in data}
    parts = [_json(head), "".join(f"{t}\n{END}\n" for t in text).encode(ENCODING), _json(rest)]
    return f"{len(parts[0])} {len(parts[1])}\n".encode() + b"".join(parts)


def _json(value) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(ENCODING)


def _topics(data: dict) -> dict[str, list[str]]:
    return {key: [_line(word) for word in (name, *words)] for key, (name, words) in data["topics"].items()}


def _rows(data: dict) -> tuple[list[str], list[list]]:
    """The names of the groups, and of every page its address and the numbers of its group and topics."""
    groups, topics = (list(dict.fromkeys(page["g"] for page in data["pages"])), list(data["topics"]))
    return groups, [
        [page["u"], groups.index(page["g"]), *(topics.index(k) for k in page["k"])] for page in data["pages"]
    ]


# ---- the split form ------------------------------------------------------------------------------


def weights() -> dict:
    """k1, and weight and b of every field, from the one place where they stand: search-engine.js."""
    code = (Path(__file__).parents[3] / "overrides/assets/javascripts/search-engine.js").read_text(encoding="utf-8")
    fields, b = (
        {
            name: float(value)
            for name, value in re.findall(r"(\w+): ([\d.]+)", re.search(rf"^  {key}: {{(.+)}}", code, re.M)[1])
        }
        for key in ("fields", "b")
    )
    return {"k1": float(re.search(r"^  k1: ([\d.]+)", code, re.M)[1]), "fields": fields, "b": b}


@lru_cache(1 << 16)
def stem(word: str) -> str:
    """`stem` in search-engine.js, line by line; a test holds both to the same answer for every word of the pages."""
    w = re.sub(r"['’]s?$|['’]", "", word)
    if len(w) < 4 or w[-1] not in "sgdnyle" or re.search("[0-9]", w):
        return w or word
    if w.endswith("ies"):
        w = w[:-3] + "y"
    elif w.endswith("sses"):
        w = w[:-2]
    elif w.endswith("s") and not w.endswith(("ss", "us", "is")):
        w = w[:-1]
    root = re.match(r"(.*[aeiouy].*?)(ing|ed)$", w)
    if root and len(root[1]) > 2:
        w = re.sub(r"([bdgkmnprt])\1$", r"\1", root[1])
    elif len(w) > 6:
        w = re.sub(r"([st])ion$", r"\1", w)
    if len(w) > 6:
        w = re.sub(r"(ly|ful)$", "", w)
    return re.sub("y$", "i", re.sub("e$", "", w)) if len(w) > 3 else w


def terms(lang: str, line: str) -> list[str]:
    """The terms of a line, as often as they stand there: stems; in Chinese characters, pairs of them, Latin words, numbers."""
    low = line.translate(LOWER)
    if lang == "en":
        return [stem(word) for word in re.findall(r"[a-z0-9'’\u00c0-\u024f]+", low)]
    out = []
    for run in re.findall(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|[a-z]+|[0-9]+", low):
        out += [*run, *(run[n : n + 2] for n in range(len(run) - 1))] if run[0] > "z" else [run]
    return out


def _lines(data: dict) -> list[list[tuple[str, str]]]:
    """For every page its lines with the field each counts for, as search-engine.js reads them (``lay``, ``weigh``)."""
    topics, said = _topics(data), defaultdict(list)
    for claim, urls in data["claims"]:
        for url in urls:
            said[url].append((CLAIM, _line(claim)))
    out = []
    for page in data["pages"]:
        lines = [
            (TITLE, _line(page["t"])),
            (DESCRIPTION, _line(page["d"])),
            *((ALIAS, _line(a)) for a in page["a"]),
            *said[page["u"]],
        ]
        lines += [(TOPICS if n else MAIN, line) for n, key in enumerate(page["k"]) for line in topics[key]]
        for _, heading, text in page["s"]:
            lines.append((HEADING, _line(heading)))
            lines += [
                (ITEM, TICK + _line(line[2:])) if line.startswith("☐ ") else (BODY, _line(line))
                for line in text.split("\n")
                if line
            ]
        out.append(lines)
    return out


def split(data: dict, other: dict) -> dict[str, bytes]:
    """The files of a large index by the end of their names: "" the head, ".k0" … which pages a term stands on, ".p0" … the pages.

    Of a term: on how many pages it is, whether outside of bodies, and its heaviest pages by the BM25F of search-engine.js, in
    levels. Terms lie by their sound, so that pinyin and other characters of that sound find theirs in the same file.
    other: the index of the other language, where each page has its twin.
    """
    know, lang, lines = weights(), data["lang"], _lines(data)
    sizes = [Counter() for _ in lines]
    for size, page in zip(sizes, lines, strict=True):
        for field, line in page:
            size[field] += len(line) + 1
            if field == ITEM:
                size[BODY] += len(line) + 1
    means = {field: sum(size[field] for size in sizes) / len(lines) or 1 for field in FIELDS}
    postings, own, words = defaultdict(list), set(), Counter()
    for number, (size, page) in enumerate(zip(sizes, lines, strict=True)):
        worth = {
            field: know["fields"][field] / (1 - know["b"][field] + know["b"][field] * size[field] / means[field])
            for field in FIELDS
        }
        found: dict[str, float] = defaultdict(float)
        short = {term for field, line in page if field in (TITLE, ALIAS, HEADING, CLAIM) for term in terms(lang, line)}
        for field, line in page:
            for term in terms(lang, line):
                found[term] += worth[field] + (worth[BODY] if field == ITEM else 0)
                if field != BODY:
                    own.add(term)
            words.update(re.findall(r"(?<![a-z0-9])[a-z]{2,24}(?![a-z0-9])", line.lower()))
        for term, tf in found.items():
            postings[term].append((-2 * max(1, round(LEVELS * tf / (know["k1"] + tf))) - (term in short), number))
    sound: dict[str, str] = {}
    for syllable, chars in data.get("sounds", {}).items():
        for char in chars:
            sound.setdefault(char, syllable)
    rows = [
        (
            _address("".join(sound.get(c, c) for c in term)),
            f"{term} {len(pages)} {int(term in own)} {_levels(sorted(pages)[:MOST_PAGES])}\n",
        )
        for term, pages in sorted(postings.items())
    ]
    count = max(1, sum(len(row) for _, row in rows) // ROUTE)
    routes = [[] for _ in range(count)]
    for address, row in rows:
        routes[address % count].append(row)
    bare = [{page["u"].removeprefix("en/"): n for n, page in enumerate(index["pages"])} for index in (data, other)]
    known = " ".join(f"{word} {min(times, 99)}" for word, times in words.most_common(MOST_WORDS))
    texts = {
        f".p{number}": _json([bare[1].get(url, -1), *row]) + f"\n{_record(page)}\n{END}\n".encode(ENCODING)
        for (url, number), page, row in zip(bare[0].items(), data["pages"], _rows(data)[1], strict=True)
    }
    sizes = "".join(DIGITS[min(35, len(zlib.compress(text)) // SIZE + 1)] for text in texts.values())
    head = encode(
        {**data, "words": known},
        {"count": len(lines), "means": [round(means[field], 3) for field in FIELDS], "routes": count, "sizes": sizes},
    )
    return {"": head} | {f".k{n}": "".join(route).encode(ENCODING) for n, route in enumerate(routes)} | texts


def _address(text: str) -> int:
    """The number by which search-engine.js finds the file of a term."""
    out = 0
    for char in text:
        out = (out * 31 + ord(char)) & 0xFFFFFFFF
    return out


def _levels(pages: list[tuple[int, int]]) -> str:
    """Pages by level, heaviest first: "level,page,step,step;…", hexadecimal. pages: (negative level, number), in order."""
    out, last, before = [], 0, 0
    for level, number in pages:
        if level != last:
            out.append(f";{-level:x},{number:x}")
            last = level
        else:
            out.append(f",{number - before:x}")
        before = number
    return "".join(out)[1:]


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
    """The OpenSearch description that lets a browser offer this search in its address bar."""
    address = f"{site_url}{'' if lang == 'zh' else 'en/'}reference/a-to-z/?q={{searchTerms}}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        f"<ShortName>{escape(name[:16])}</ShortName><Description>{escape(description)}</Description><InputEncoding>UTF-8</InputEncoding>"
        f'<Language>{"zh-Hans" if lang == "zh" else "en"}</Language><Url type="text/html" template="{escape(address)}"/></OpenSearchDescription>\n'
    )
