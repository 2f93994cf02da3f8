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
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from opencc import OpenCC

from ..model import pinyin, words
from ..model.lists import SITE
from ..model.page import CITE, LANGS, Page, plain, url
from ..model.problem import Problem
from ..model.registers import CHECKED, KINDS, Registers, ended
from ..model.text import HAN

SAY = words.by_language("search")
FOLDER = "assets/search/"
END, PART, TICK = (
    "\x01",
    "\x02",
    "\x05",
)  # a line after a page, a topic, a claim; before a section; before an item of a checklist
ENCODING = "gb18030"  # two bytes a Han character: compressed, an eighth less to load than UTF-8; every browser reads it
SINGLE, LEAD, FIRST, TRAILS = (
    0x80,
    0xE0,
    0x40,
    192,
)  # bytes of a frequent symbol; first byte of another; its second byte
SYMBOLS = {"zh": 300, "en": 1200}  # words and runs of characters with a symbol of their own: fewest bytes after brotli
LONGEST_RUN = 4  # Han characters
CARDS = ("poison", "danger", "crisis", "verdict")  # kinds of card, the most urgent first
CALM = dict.fromkeys(
    ("poison", "crisis"), ("start/tell-your-family",)
)  # pages after a card's own, before all that is found
MODEL = Path(__file__).resolve().parents[3] / "docs/data/crisis.json"
SKIPPED = (
    "next",
    "not-certain",
)  # a list of other pages' names, which would find this page for their words; what we do not know
UNSAID = ("do-not-say", "you-can-say")  # what a reader should not say is no answer
LAST = ("the-law",)  # a statement is told where the steps cite it rather than here
SKIPPED_PAGES = ("reference/a-to-z", "reference/from-the-documents")  # they repeat what stands elsewhere
NEEDS = {  # by kind; a card needs more
    "topic": ("topic", "words"),
    "same": ("words", "means"),
    "ignore": ("words",),
    "asked": ("words", "answer"),
    "lead": ("words", "means", "page", "says"),
}
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
        for name in NEEDS.get(kind, ("words", "near", "page", "says")):
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
        if "answer" in row and row["answer"] not in registers.checked | registers.sources:
            say("SEARCH-3", f"{row['answer']!r} is in neither checked.yml nor sources.yml: use an id of theirs")
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


def documents(book, lang: str, told: dict[str, list[tuple[str, str]]]) -> list[dict]:
    """The pages of one language as the index holds them, in the order of the navigation. told: see `places`.

    Each: u address, t title, g group, d description, a aliases, k topics (the main one first), top see `_read_first`,
    s sections ``[anchor, heading, text]``, also those that a register makes; in a text every block is a line and a
    checklist item starts with ☐.
    """
    pages, extra = book.pages[lang], register_sections(book.registers, lang)
    groups = {page.group: page.title for path, page in pages.items() if path == f"{page.group}/index"}
    return [
        {
            "u": page.url,
            "t": page.title,
            "g": groups.get(page.group, ""),
            "d": str(page.meta.get("description", "")),
            "a": [str(a) for a in page.meta.get("aliases") or []],
            "k": [str(t) for t in book.pages["zh"][page.path].meta.get("topics") or []],
            "top": _read_first(page),
            "s": [*_sections(page, told), *map(list, extra.get(page.path, []))],
        }
        for page in _indexed(book, lang)
    ]


def _indexed(book, lang: str) -> list[Page]:
    pages = book.pages[lang]
    return [pages[p] for p in dict.fromkeys((*book.order, *pages)) if p in pages and p not in SKIPPED_PAGES]


def _read_first(page: Page) -> int:
    """1 if a danger box, or whom the page is not for, must be read before an answer further down."""
    not_for = SAY[page.lang]["not-for"]
    return int(
        any(call.value == "danger" for call in page.callouts)
        or any(block.section == "who-this-is-for" and block.text.startswith(not_for) for block in page.blocks)
    )


def _sections(page: Page, told: dict[str, list[tuple[str, str]]]) -> list[list[str]]:
    """``[anchor, heading, text]`` for the lead and every heading with an id, in the order of the page.

    A line that only tells statements of the register told on this page is left out: the index holds the statements.
    """
    heads = {h.line: h for h in page.headings if h.level > 1 and h.id}
    out: list[list] = [["", "", []]]
    for block in page.blocks:
        if block.kind == "heading":
            if block.line in heads:
                out.append([heads[block.line].id, plain(block.text), []])
            continue
        text = plain(block.text)
        cites = block.kind in ("paragraph", "item") and CITE.findall(block.text)
        known = cites and (block.section in LAST or all(told.get(key, [("", "")])[0][0] == page.url for key in cites))
        unsaid = block.section in UNSAID and block.kind == "quote"
        if text and out[-1][0] not in SKIPPED and not known and not unsaid:
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
            (
                f"tel-{key}",
                f"{row['name'][lang]} {row.get('address') or registers.numbers[key]}",
                f"{SAY[lang]['for']}{row['for'][lang]}\n{SAY[lang]['not']}{row['not_for'][lang]}",
            )
            for key, row in registers.contacts.items()
        ],
        "reference/glossary": [(key, term[lang], term["line"][lang]) for key, term in registers.glossary.items()],
    }


def same(registers: Registers, lang: str) -> tuple[list[list[list[str]]], int]:
    """Readers' words and the pages' words for them: from search.yml, and last the variants of the glossary, and how many these are."""
    rows = [
        [row["words"][lang], row["means"][lang]]
        for row in registers.search.values()
        if row["kind"] in ("same", "lead") and row["words"][lang]
    ]
    terms = [
        [[*term["variants"][lang], *([term["pinyin"]] if lang == "en" else [])], [term[lang]]]
        for term in registers.glossary.values()
    ]
    terms = [row for row in terms if row[0]]
    return rows + terms, len(terms)


def index(lang: str, docs: list[dict], registers: Registers, other: list[dict], answered: list[dict]) -> dict:
    """Everything the browser needs to search one language.

    docs: see `documents`; other: those of the other language; answered: see `answers`.
    """
    rows = registers.search.values()
    words = {row["topic"]: row["words"][lang] for row in rows if row["kind"] == "topic"}
    used = {topic for doc in docs for topic in doc["k"]}
    known, variants = same(registers, lang)
    out = {
        "lang": lang,
        "pages": docs,
        "topics": {
            key: [row["name"][lang], words.get(key, [])] for key, row in registers.topics.items() if key in used
        },
        "same": known,
        "variants": variants,
        "ignore": [word for row in rows if row["kind"] == "ignore" for word in row["words"][lang]],
        "answers": answered,
        "leads": [
            [row["words"][lang], url(row["page"], lang), row["says"][lang]] for row in rows if row["kind"] == "lead"
        ],
        "days": {f"tel-{key}": row["checked_on"] for key, row in registers.contacts.items()},
    }
    if lang == "zh":
        text = json.dumps(out, ensure_ascii=False)
        heard = {run: pinyin.syllables(run) for run in sorted(set(HAN_RUN.findall(text)))}
        spoken = sounds(heard)
        out["starts"], out["sounds"] = compact(spoken)
        out["forms"] = forms(set(text))
        latin = json.dumps(
            [other, [r["words"]["en"] for r in rows if r["kind"] in ("topic", "same")]], ensure_ascii=False
        )
        out["english"] = english(set(re.findall(r"[a-z]+", latin.lower())), set(spoken), heard)
    return out


def answers(registers: Registers, lang: str, told: dict[str, list[tuple[str, str]]], today: date) -> list[dict]:
    """What the registers answer: claims as checked, and statements, in the order of the registers, the same in both languages.

    told: see `places`.

    Each: said (what people ask in, the first of them is its title), says (the sentence), mark (one word), day (of the
    check), ended (its last day, or ""), at (page and section where it is told), pages (others that answer it), claim (1 or 0).
    """
    out = []
    asked = defaultdict(list)
    for row in registers.search.values():
        if row["kind"] == "asked":
            asked[row["answer"]] += row["words"][lang]
    for key, row in registers.checked.items():
        urls = [url(path, lang) for path in row["pages"] if path not in SKIPPED_PAGES]
        rows = [registers.sources[source] for source in row["sources"] if source in registers.sources]
        at = [place for source in row["sources"] for place in told.get(source, []) if place[0] in urls[:1]]
        if urls:
            out.append(
                {
                    "said": [row["claim"][lang], *asked[key]],
                    "says": row["why"][lang],
                    "mark": CHECKED[row["verdict"]][LANGS.index(lang)],
                    "day": min((source["checked_on"] for source in rows), default=""),
                    "ended": "",
                    "at": at[0] if at else (urls[0], ""),
                    "pages": urls,
                    "claim": 1,
                }
            )
    for key, row in registers.sources.items():
        if key in told:
            called = [row["short"], *([row["myth"]] if row["myth"] else [])]
            out.append(
                {
                    "said": [*(name[lang] for name in called), *asked[key]],
                    "says": row["says"][lang],
                    "mark": mark(row, lang),
                    "day": row["checked_on"],
                    "ended": row["ends_on"] if ended(row, today) else "",
                    "at": told[key][0],
                    "pages": [],
                    "claim": 0,
                }
            )
    return out


def mark(row: dict, lang: str) -> str:
    """What a statement rests on, in one word: the kind of text that we read in full, or that we read only about it."""
    word = SAY[lang].get(row["evidence"])
    return word or KINDS[row["kind"]][LANGS.index(lang)]


def places(book, lang: str) -> dict[str, list[tuple[str, str]]]:
    """``{source: [(page, section)]}``: where it says that it is told, and where it is cited, in the order of the index."""
    out: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for page in _indexed(book, lang):
        heads = [(h.line, h.id) for h in page.headings if h.level > 1 and h.id and h.id not in SKIPPED]
        named = {f"{page.path}#{key}": key for _, key in heads}
        for key, row in book.registers.sources.items():
            if row.get("told_in") in named:
                out[key].insert(0, (page.url, named[row["told_in"]]))
        for cite in page.cites:
            section = next((key for line, key in reversed(heads) if line <= cite.line), "")
            out[cite.value].append((page.url, section))
    for key, found in out.items():
        first = bool(book.registers.sources.get(key, {}).get("told_in"))
        found[first:] = sorted(found[first:], key=lambda place: place[1] in LAST)
    return out


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


def compact(spoken: dict[str, str]) -> tuple[list, dict[str, str]]:
    """Sounds for the browser: what is in the order of `common`, which is that of the alphabet, by where a syllable begins.

    Returns ``[syllable, its number of characters in a row, ...]`` for `common`, and ``{syllable: the other characters}``.
    """
    of: dict[str, list[str]] = defaultdict(list)
    for sound, chars in spoken.items():
        for char in chars:
            of[char].append(sound)
    runs: list[list] = []
    for char in common():
        last = runs[-1][0] if runs else ""
        sound = last if last in of[char] else min(of[char], key=lambda s: (s < last, s), default="")
        if sound != last:
            runs.append([sound, 0])
        runs[-1][1] += 1
        if sound:
            of[char].remove(sound)
    others: dict[str, str] = defaultdict(str)
    for char in sorted(of):
        for sound in of[char]:
            others[sound] += char
    return [part for run in runs for part in run], dict(sorted(others.items()))


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
                "tels": [registers.numbers.get(key, key) for key in row.get("tels", [])],
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


def indexes(book) -> dict[str, dict]:
    """The index of each language."""
    told = {lang: places(book, lang) for lang in LANGS}
    docs = {lang: documents(book, lang, told[lang]) for lang in LANGS}
    return {
        lang: index(
            lang,
            docs[lang],
            book.registers,
            docs["en" if lang == "zh" else "zh"],
            answers(book.registers, lang, told[lang], book.today),
        )
        for lang in LANGS
    }


def files(book) -> dict[str, bytes]:
    """All files of the search, by address below the site's root."""
    out, site_name = {}, lambda lang: (SITE[lang], str(book.pages[lang]["index"].meta.get("description", "")))
    for lang in LANGS:
        out[f"{FOLDER}opensearch.{lang}.xml"] = open_search(*site_name(lang), lang, book.site_url).encode()
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    out[FOLDER + "cards.js"] = card_file(cards(book.registers, book.pages), model)
    return out | index_files(indexes(book))


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


def encode(data: dict, most: int | None = None) -> bytes:
    """An index as the browser reads it: sizes, the symbols, and in symbols what it needs at once, the text that is searched, what it seldom needs.

    The text: of every page title, description and aliases, a line each, then its sections (address, heading, lines);
    then the words of every topic; then of every answer what it says and the words it is asked in.
    most: of words with a symbol of their own, if not those of the language.
    """
    pages, topics = data["pages"], list(data["topics"])
    numbers = {page["u"]: n for n, page in enumerate(pages)}
    sections = {page["u"]: [section[0] for section in page["s"]] for page in pages}
    groups = list(dict.fromkeys(page["g"] for page in pages))
    marks = list(dict.fromkeys(row["mark"] for row in data["answers"]))
    head = {
        **{key: data[key] for key in ("lang", "same", "variants", "ignore", "days")},
        "leads": [[names, numbers[page], says] for names, page, says in data["leads"]],
        "groups": groups,
        "pages": [[page["u"], groups.index(page["g"]), page["top"], *map(topics.index, page["k"])] for page in pages],
        "topics": len(topics),
        "marks": marks,
        "answers": [
            [
                [row["claim"], marks.index(row["mark"]), row["day"], row["ended"]],
                sections[row["at"][0]].index(row["at"][1]) if row["at"][1] in sections[row["at"][0]] else 0,
                *dict.fromkeys(map(numbers.get, (row["at"][0], *row["pages"]))),
            ]
            for row in data["answers"]
        ],
    }
    text = (
        [_record(page) for page in pages]
        + ["\n".join(map(_line, (name, *words))) for name, words in data["topics"].values()]
        + ["\n".join(map(_line, (row["says"], *row["said"]))) for row in data["answers"]]
    )
    rest = {key: data[key] for key in ("starts", "sounds", "forms", "english") if key in data}
    parts = [_json(head), "".join(f"{t}\n{END}\n" for t in text)]
    said, content = shorten("".join(parts), SYMBOLS[data["lang"]] if most is None else most)
    symbols = "\n".join(said).encode(ENCODING)
    sizes = [len(symbols), len(content), *(len(part.encode("utf-16-le")) // 2 for part in parts)]
    return f"{' '.join(map(str, sizes))}\n".encode() + symbols + content + _json(rest).encode(ENCODING)


def shorten(text: str, most: int) -> tuple[list[str], bytes]:
    """A text in symbols of one or two bytes, and what they stand for: every character beyond ASCII, and the words that save most.

    A compressor that looks back 32 KB, as gzip does, finds no word that it saw before that; so written, it need not.
    most: of words and runs of characters.
    """
    pieces = re.findall(r" ?[A-Za-z]{2,}|[^\x00-\x7f]+|[\x00-\x7f]", text)
    words: set[str] = set()
    for piece in set(pieces) if most else ():
        if not piece.isascii():
            words |= {piece[at : at + n] for n in range(2, LONGEST_RUN + 1) for at in range(len(piece) - n + 1)}
        elif len(piece) > 2:
            words.add(piece)
    for keep in (3 * most, most) if most else ():  # what a run is worth shows when the others are taken
        used = Counter(_symbols(pieces, words))
        words = set(sorted((w for w in used if len(w) > 1), key=lambda w: ((1 - used[w]) * (len(w) - 1.2), w))[:keep])
    used = Counter(symbol for symbol in _symbols(pieces, words) if symbol > "\x7f" or len(symbol) > 1)
    order = sorted(used, key=lambda w: (-used[w], w))
    code = {chr(n): bytes([n]) for n in range(SINGLE)}
    for n, word in enumerate(order):
        lead, trail = divmod(n - (LEAD - SINGLE), TRAILS)
        code[word] = bytes([SINGLE + n] if lead < 0 else [LEAD + lead, FIRST + trail])
    return order, b"".join(code[symbol] for symbol in _symbols(pieces, words))


def _symbols(pieces: list[str], words: set[str]) -> Iterator[str]:
    for piece in pieces:
        if len(piece) == 1 or piece in words:
            yield piece
        elif piece.isascii():
            yield from piece
        else:
            at = 0
            while at < len(piece):
                size = next((n for n in range(LONGEST_RUN, 1, -1) if piece[at : at + n] in words), 1)
                yield piece[at : at + size]
                at += size


def _json(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


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
