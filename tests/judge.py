"""What the answers of the search to a list of questions are worth, and hostile text to ask it.

A question: {id, lang, query, topic, also_ok}, with an optional style. A result is a hit if its page has the question's
topic (strict) or one of also_ok (lenient).
"""

from __future__ import annotations

from collections import defaultdict

from handbook.model.text import HAN

COLUMNS = ("n", "s@1", "s@3", "s@5", "MRR", "l@1", "l@3", "l@5", "zero")
HOSTILE = r"""async count => {
  const {load, search} = await import(window.siteRoot + 'assets/javascripts/search.js')
  const {card} = await import(window.siteRoot + 'assets/javascripts/card.js')
  await load('zh')
  await load('en')
  let seed = 42
  const random = most => { // mulberry32: the same strings every time
    let t = seed = (seed + 0x6d2b79f5) | 0
    t = Math.imul(t ^ t >>> 15, t | 1)
    t ^= t + Math.imul(t ^ t >>> 7, t | 61)
    return ((t ^ t >>> 14) >>> 0) % most
  }
  const parts = ['<img src=x onerror=alert(1)>', '"><script>', '${7*7}', '{{7*7}}', '[[', '(.*)+', '\\\\', '*', '?', '^$', '|', '\0', '\u0001', '\u0002', '\n', '\t', '\ud800', '\udfff',
    '\u202e', '\u200f', '\u200b', '\ufeff', 'مرحبا', 'שלום', '👩‍👩‍👧‍👦', '🏴', 'e\u0301', 'ﷺ', '%00', '&lt;', 'javascript:', '__proto__', 'constructor', 'toString', 'NaN', '-1', '99999999999999999999',
    '逾期', '还不上', '征信', '停息挂账', '𠮷', '繁體字', '１２３７８', 'ａｐｐ', 'zhengxin', 'xian', 'txgz', 'loan', 'debt', 'cannot', "can't", 'collector', '第70条', '两万五', '十', ' ', '  ', ',', '。',
    'yi'.repeat(60), 'shi ji '.repeat(17), 'zhengxinbaogao'.repeat(9), 'qwzx'.repeat(30), 'overdeu '.repeat(15), 'ﷺ'.repeat(120), '意志'.repeat(60), '一十百千万'.repeat(24), '1,000,'.repeat(20), 'a'.repeat(120), 'a b '.repeat(30)]
  const common = [...'的一是了我不在人有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理']
  let worst = 0, where = '', again = 0
  for (let n = 0; n < count; n++) {
    let text = ''
    if (n % 5 === 0) for (let k = random(60); k >= 0; k--) text += String.fromCharCode(random(65536))
    else if (n % 5 === 1) for (let k = random(30); k >= 0; k--) text += String.fromCodePoint(0x4e00 + random(20000))
    else if (n % 5 === 2) for (let k = random(120); k >= 0; k--) text += common[random(common.length)]
    else for (let k = random(8); k >= 0; k--) text += parts[random(parts.length)]
    if (n % 500 === 0) text = text.repeat(Math.ceil(100000 / (text.length || 1)))
    const start = performance.now()
    await card(text, 'zh')
    await search(text, {language: n % 2 ? 'en' : 'zh'})
    const took = performance.now() - start
    if (took > worst) [worst, where] = [took, JSON.stringify(text.slice(0, 60))]
    if (took < 8) continue
    const second = performance.now()
    await search(text, {language: n % 2 ? 'en' : 'zh'})
    again = Math.max(again, Math.min(took, performance.now() - second))
  }
  return [worst, where, again]
}"""


def language(row: dict) -> str:
    """The language of the page on which a question is asked."""
    return "en" if row["lang"] == "en" else "zh"


def style(row: dict) -> str:
    """How a question is put: its own word for it, or key words against a sentence, by length."""
    text = row["query"]
    return row.get("style") or (
        "words" if (len(text) <= 7 if HAN.search(text) else len(text.split()) <= 3) else "sentence"
    )


def table(rows: list[dict], found: list[list[str]], topics: dict[str, list[str]]) -> dict[str, dict[str, float]]:
    """Figures by group: overall, by language, by style. found: addresses of the results, best first, one list a row."""
    sums: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(COLUMNS, 0.0))
    for row, urls in zip(rows, found, strict=True):
        pages = list(dict.fromkeys(url.split("#")[0].split("?")[0].strip("/") for url in urls))
        kinds = [
            topics.get(page.removeprefix("en").strip("/") if page == "en" or page.startswith("en/") else page, [])
            for page in pages
        ]
        wanted = {row["topic"]}
        strict = next((n for n, k in enumerate(kinds) if wanted & set(k)), None)
        lenient = next((n for n, k in enumerate(kinds) if (wanted | set(row.get("also_ok", []))) & set(k)), None)
        for group in ("all", row["lang"], f"[{style(row)}]"):
            sum_ = sums[group]
            sum_["n"] += 1
            sum_["MRR"] += 1 / (strict + 1) if strict is not None else 0
            sum_["zero"] += not pages
            for at in (1, 3, 5):
                sum_[f"s@{at}"] += strict is not None and strict < at
                sum_[f"l@{at}"] += lenient is not None and lenient < at
    return {group: {c: v if c == "n" else v / s["n"] for c, v in s.items()} for group, s in sums.items()}
