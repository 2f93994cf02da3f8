// The search itself: no page, no box, only words in and pages out. Nothing typed leaves the browser.
//
//   search(query, {language, limit}) -> promise of [{url, anchor, title, heading, score}], best first, one a page
//   find(query, {language, limit})   -> promise of what the box shows: own pages, pages of the other language
//   card(query)                      -> the card that stands above all results, without any index
//
// Ranking: BM25F, one saturation over the weighted fields of a page - S. Robertson, H. Zaragoza, M. Taylor,
// "Simple BM25 extension to multiple weighted fields", CIKM 2004; S. Robertson, H. Zaragoza, "The Probabilistic
// Relevance Framework: BM25 and Beyond", 2009, section 3.6. Words are joined by OR. Han text is cut into
// overlapping pairs of characters, English into stems, so that index and query are cut by the same lines below.

import manifest from "../search/manifest.js"

const ROOT = new URL("../../", import.meta.url).pathname

const LONGEST = 120 // characters of a query that count; the rest of a pasted page would only slow the reader down
const MOST_UNITS = 48

/** Weights, found on the pages' own aliases left out one fold at a time; see scripts/search_eval.py. */
export const P = {
  k1: 1.8,
  fields: {title: 5, alias: 2.2, main: 3, topics: 2, description: 2.8, heading: 1.4, item: 1, body: 0.5},
  b: {title: 0.3, alias: 0.4, main: 0.4, topics: 0.6, description: 0.3, heading: 0.6, item: 0.5, body: 0.6},
  line: 0.6, // how much the nearest alias, title or heading counts beside the sum of all words
  lineLength: 0.25,
  long: 0.5, // three Han characters, or two English words, in a row
  same: 0.5, // words that mean the same
  sound: 0.7, // another character of the same sound
  typo: 0.8,
  prefix: 0.7,
}
const FIELDS = Object.keys(P.fields)
const HAN = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]/
const PIECES = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|[\p{L}\p{N}]+(?:['’][\p{L}]+)?/gu

// ---- text ----------------------------------------------------------------------------------------

/** A query in one form: full width and half width, upper and lower case, 50,000 and 50000, "5 年" and "5年". */
export function fold(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[’‘ʼ]/g, "'").replace(/(\d),(?=\d{3})/g, "$1")
    .replace(/([\u4e00-\u9fff]) +(?=[a-z0-9])|([a-z0-9%]) +(?=[\u4e00-\u9fff])/g, "$1$2")
}

/** English endings off, so that collect, collects, collected, collecting and collection are one word. */
export function stem(word) {
  let w = word.replace(/['’]s?$|['’]/g, "")
  if (w.length < 4 || !/[sgdnyle]$/.test(w) || /\d/.test(w)) return w
  if (w.endsWith("ies")) w = w.slice(0, -3) + "y"
  else if (w.endsWith("sses")) w = w.slice(0, -2)
  else if (w.endsWith("s") && !/(ss|us|is)$/.test(w)) w = w.slice(0, -1)
  const root = /^(.*[aeiouy].*?)(ing|ed)$/.exec(w)
  if (root && root[1].length > 2) w = root[1].replace(/([bdgkmnprt])\1$/, "$1")
  else if (w.length > 6) w = w.replace(/([st])ion$/, "$1")
  if (w.length > 6) w = w.replace(/(ly|ful)$/, "")
  return w.length > 3 ? w.replace(/e$/, "").replace(/y$/, "i") : w
}

const DIGITS = {零: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9}
const TENS = {十: 10, 百: 100, 千: 1000, 万: 10000, w: 10000, k: 1000}

/** "两万五" and "2.5万" are 25000, "十五" is 15: the number as digits, or "" if it is none. */
export function number(text) {
  const plain = /^(\d+(?:\.\d+)?)(万|千|百|w|k)$/.exec(text)
  if (plain) return String(Math.round(plain[1] * TENS[plain[2]]))
  if (!/^[零一二两三四五六七八九十百千万]+$/.test(text)) return ""
  let total = 0, part = 0, digit = 0, unit = 1
  for (const char of text) {
    if (char in DIGITS) {
      digit = DIGITS[char]
      continue
    }
    unit = TENS[char]
    if (unit === 10000) {
      total = (total + part + digit) * unit
      part = 0
    } else part += (digit || 1) * unit
    digit = 0
  }
  return String(total + part + (unit > 10 && digit ? digit * unit / 10 : digit))
}

/** At most one letter wrong, missing, added or exchanged with its neighbour. */
export function near(a, b) {
  const long = Math.max(a.length, b.length), short = Math.min(a.length, b.length)
  if (long - short > 1) return false
  let head = 0, tail = 0
  while (head < short && a[head] === b[head]) head++
  while (tail < short - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  if (head + tail >= long - 1) return true
  return long === short && head + tail === long - 2 && a[head] === b[head + 1] && a[head + 1] === b[head]
}

/** A number as pages may write it: 50000 is also 50,000. */
const written = digits => [[digits, 1], ...(/^\d{4,}$/.test(digits) ? [[digits.replace(/\B(?=(\d{3})+$)/g, ","), 1]] : [])]

// ---- the cards, known before any index ------------------------------------------------------------

const squeezed = text => fold(text).replace(/[^\p{L}\p{N}]+/gu, "")
const spaced = text => ` ${fold(text).replace(/'/g, "").replace(/[^\p{Script=Latin}\p{N}]+/gu, " ").trim()} `
const ready = manifest.cards.map(entry => ({
  ...entry,
  test: [entry.near, entry.words].map(words => ({
    han: words.filter(w => HAN.test(w)).map(squeezed),
    latin: words.filter(w => !HAN.test(w)).map(spaced),
  })),
}))

/** The card for a query, or null. language: of the words on it. */
export function card(query, language = "zh") {
  const text = String(query).slice(0, 400)
  for (const entry of ready) {
    const [not, yes] = entry.test
    let han = squeezed(text), latin = spaced(text)
    for (const word of not.han) han = han.split(word).join("|")
    for (const word of not.latin) latin = latin.split(word).join(" | ")
    if (yes.han.some(word => han.includes(word)) || yes.latin.some(word => latin.includes(word))) {
      return {kind: entry.kind, tels: entry.tels, ...entry[language], url: ROOT + entry[language].url}
    }
  }
  return null
}

// ---- one language, ready to be searched -----------------------------------------------------------

const END = "\u0001" // between pages
const PART = "\u0002" // between the sections of a page

/** A field of all pages as one string; finds a term in it by page. */
class Field {
  /** texts: one string, every text ended by END. */
  constructor(texts) {
    this.text = texts
    const ends = []
    for (let at = texts.indexOf(END); at >= 0; at = texts.indexOf(END, at + 1)) ends.push(at)
    this.ends = Uint32Array.from(ends)
    this.sizes = Float32Array.from(ends, (end, n) => end - (n ? ends[n - 1] + 1 : 0))
    this.mean = texts.length / (ends.length || 1) || 1
  }

  /** The text of one page. */
  of(page) {
    return this.text.slice(page ? this.ends[page - 1] + 1 : 0, this.ends[page])
  }

  /** Calls back with the number of the text for every place of the term. whole: the term is " words in spaces ". */
  each(term, whole, call) {
    const {text, ends} = this
    const wanted = whole ? term.slice(1) : term // a leading space would make the browser stop at every word
    const first = !whole && DIGIT.test(term[0]), last = !whole && ALNUM.test(term.at(-1))
    let page = 0
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length - (whole ? 1 : 0))) {
      if (whole && text[at - 1] !== " ") continue
      if (first && DIGIT.test(text[at - 1] ?? "") || last && ALNUM.test(text[at + wanted.length] ?? "")) continue
      while (ends[page] <= at) page++
      call(page)
    }
  }
}
const ALNUM = /[a-z0-9]/, DIGIT = /[0-9]/

export class Index {
  constructor(data) {
    this.data = data
    this.zh = data.lang === "zh"
    this.stems = new Map()
    this.postings = new Map()
    const {pages, topics} = data
    const words = new Map(Object.entries(topics).map(([id, [name, said]]) => [id, this.text([name, ...said].join("\n"))]))
    const meaning = ids => ids.map(id => words.get(id) ?? "").join("\n") + END
    const texts = {
      title: p => p.t,
      alias: p => p.a.join("\n"),
      description: p => p.d,
      heading: p => p.s.map(s => s[1]).join("\n"),
      item: p => p.s.map(s => s[2].split("\n").filter(l => l[0] === "☐").join("\n")).join("\n"),
      body: p => p.s.map(s => s[2]).join(PART),
    }
    const join = all => this.text(all.map(text => text + END).join(""))
    const made = {main: pages.map(p => meaning(p.k.slice(0, 1))).join(""), topics: pages.map(p => meaning(p.k.slice(1))).join("")}
    this.fields = FIELDS.map(name => new Field(made[name] ?? join(pages.map(texts[name]))))
    if (!this.zh) this._vocabulary = new Map([...this.stems.keys()].filter(word => word.length > 1).map(word => [word, 1]))
    const lines = []
    const short = ["title", "alias", "heading"].map(name => this.fields[FIELDS.indexOf(name)])
    pages.forEach((_, n) => {
      for (const line of short.flatMap(field => field.of(n).split("\n"))) if (line.trim()) lines.push([n, line])
    })
    this.lines = new Field(lines.map(l => l[1] + END).join(""))
    this.linePage = Uint16Array.from(lines, l => l[0])
    this.lineSize = Float32Array.from(lines, l => (this.zh ? Math.max(1, l[1].length - 1) : l[1].trim().split(" ").length))
    this.texts = new Map()
    this.same = data.same.map(([say, mean]) => [say.map(w => this.text(w)), mean])
    this.ignore = data.ignore.map(fold).sort((a, b) => b.length - a.length)
    this.ignored = new Set(this.zh ? [] : this.ignore.flatMap(w => [w, this.stem(w)]))
    if (this.zh) {
      this.forms = new Map([...data.forms[0]].map((c, n) => [c, [...data.forms[1]][n]]))
      this.syllables = new Set(Object.keys(data.sounds))
      this.english = new Set(data.english)
    }
  }

  stem(word) {
    let out = this.stems.get(word)
    if (out === undefined) this.stems.set(word, (out = stem(word) || word))
    return out
  }

  /** A text of the pages in the form in which it is searched: zh in lower case, en stems between single spaces. */
  text(raw) {
    const text = raw.toLowerCase()
    if (this.zh) return text
    const words = text.match(/[a-z0-9\u00c0-\u024f'’]+|[\n\u0001\u0002]/g) ?? []
    return ` ${words.map(w => this.stem(w)).join(" ")} `
  }

  /** The sections of a page as they are searched: `[heading, text]`. Kept: the same pages come up with every key. */
  parts(number) {
    let out = this.texts.get(number)
    if (!out) {
      const [heads, bodies] = ["heading", "body"].map(name => this.fields[FIELDS.indexOf(name)].of(number))
      const texts = bodies.split(PART)
      out = heads.split("\n").map((head, n) => [head, texts[n] ?? ""])
      this.texts.set(number, out)
    }
    return out
  }

  /** Where a term stands: pages with its weighted count there, and short lines. Kept, since every key asks again. */
  posting(term) {
    let out = this.postings.get(term)
    if (!out) {
      const counts = new Map()
      this.fields.forEach((field, f) => {
        const b = P.b[FIELDS[f]], weight = P.fields[FIELDS[f]]
        field.each(term, !this.zh, page => counts.set(page, (counts.get(page) ?? 0) + weight / (1 - b + b * field.sizes[page] / field.mean)))
      })
      const lines = new Set()
      if (counts.size) this.lines.each(term, !this.zh, line => lines.add(line))
      out = {counts, lines}
      if (this.postings.size > 4000) this.postings.clear()
      this.postings.set(term, out)
    }
    return out
  }

  /** Words of the Latin alphabet or digits that the pages use, as written (lower case), and how often. */
  get vocabulary() {
    if (!this._vocabulary) {
      this._vocabulary = new Map()
      for (const {text} of this.zh ? this.fields : []) {
        for (const [w] of text.matchAll(/[a-z0-9][a-z0-9']*/g)) this._vocabulary.set(w, (this._vocabulary.get(w) ?? 0) + 1)
      }
    }
    return this._vocabulary
  }

  /** Sound of two characters -> the pairs of characters that the titles, words and headings have with it. */
  get pairs() {
    if (!this._pairs) {
      this._pairs = new Map()
      const seen = new Set()
      for (const name of FIELDS) {
        if (name === "body") continue
        const text = this.fields[FIELDS.indexOf(name)].text
        for (let n = 0; n + 1 < text.length; n++) {
          const pair = text.slice(n, n + 2)
          if (seen.has(pair)) continue
          seen.add(pair)
          for (const a of this.sounds.get(pair[0]) ?? []) {
            for (const b of this.sounds.get(pair[1]) ?? []) {
              const key = `${a} ${b}`
              this._pairs.get(key)?.push(pair) ?? this._pairs.set(key, [pair])
            }
          }
        }
      }
    }
    return this._pairs
  }

  get sounds() {
    if (!this._sounds) {
      this._sounds = new Map()
      for (const [sound, chars] of Object.entries(this.data.sounds)) {
        for (const c of chars) this._sounds.get(c)?.push(sound) ?? this._sounds.set(c, [sound])
      }
    }
    return this._sounds
  }

  /** The sounds of a word of two or three characters: 老赖 -> ["lao lai"]; [] for other words. */
  spell(word) {
    if (word.length > 3) return []
    return [...word].reduce((all, c) => (this.sounds.get(c) ?? []).flatMap(sound => all.map(head => (head ? `${head} ${sound}` : sound))), [""])
  }

  /** "suqian" -> ["su", "qian"], or null if it is no pinyin. */
  cut(token) {
    const best = [[]]
    for (let end = 1; end <= token.length; end++) {
      for (let size = 1; size <= 6 && size <= end; size++) {
        const before = best[end - size]
        if (before && this.syllables.has(token.slice(end - size, end)) && (!best[end] || best[end].length > before.length + 1)) best[end] = [...before, token.slice(end - size, end)]
      }
    }
    return token && best[token.length] || null
  }

  /** True if these Latin words are Chinese in pinyin or in initials, or names that Chinese pages use. */
  isPinyin(tokens) {
    const letters = tokens.filter(t => /[a-z]/.test(t))
    const parsed = letters.map(t => this.cut(t))
    if (letters.some((t, n) => this.english.has(t) && parsed[n]?.length > 1)) return false
    if (letters.length && letters.every(t => this.english.has(t))) return false
    return letters.every((t, n) => parsed[n] || /^[bcdfghjklmnpqrstwxyz]{2,6}$/.test(t) || this.vocabulary.has(t))
  }

  /** Phrases of the titles and words whose characters begin with these letters: "txgz" -> 停息挂账. */
  byInitials(letters) {
    if (!this._initials) {
      const text = ["title", "alias", "main", "topics", "heading"].map(name => this.fields[FIELDS.indexOf(name)].text).join("\n")
      this._initials = [text, [...text].length === text.length ? text.replace(/[^]/g, c => this.sounds.get(c)?.[0][0] ?? (c === "\n" ? "\n" : "-")) : ""]
    }
    const [text, heads] = this._initials
    const found = new Map()
    for (let at = heads.indexOf(letters); at >= 0; at = heads.indexOf(letters, at + 1)) {
      const alone = heads[at - 1] === "\n" && heads[at + letters.length] === "\n"
      if (letters.length < 3 && !alone) continue
      const phrase = text.slice(at, at + letters.length)
      found.set(phrase, (found.get(phrase) ?? 0) + (alone ? 5 : 1))
    }
    return [...found].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 6).map(e => e[0])
  }

  /** A query to units: `{alts: [[term, weight]], boost}`. A unit counts once, whichever of its forms a page has. */
  units(query) {
    return (this.zh ? this.unitsZh(query) : this.unitsEn(query)).slice(0, MOST_UNITS)
  }

  unitsZh(query) {
    let text = fold(query).replace(/[^]/g, c => this.forms.get(c) ?? c)
    const units = []
    const seen = new Set()
    const add = (alts, boost = 1) => {
      if (alts.length && !seen.has(alts[0][0])) {
        seen.add(alts[0][0])
        units.push({alts, boost})
      }
    }
    const han = (run, boost) => {
      if (run.length === 1) return add([[run, 1]], boost * 0.4)
      for (let n = 0; n + 1 < run.length; n++) {
        const pair = run.slice(n, n + 2)
        add(this.known(pair) ? [[pair, 1]] : meant.some(w => w.includes(pair)) ? [] : this.likeSounding(pair), boost)
        if (n + 2 < run.length && this.known(run.slice(n, n + 3))) add([[run.slice(n, n + 3), 1]], boost * P.long)
      }
    }
    const extra = this.same.filter(([say]) => say.some(w => text.includes(w))).flatMap(([, mean]) => mean)
    const heard = []
    // what stands in search.yml is no slip of the keyboard, so it gets no other characters of the same sound
    const meant = this.same.flatMap(([say]) => say.filter(w => text.includes(w)))
    for (const match of text.matchAll(/[零一二两三四五六七八九十百千万]{2,}|\d+(?:\.\d+)?[万千百wk]|[一二三四五六七八九](?=[天年月期家折成])/g)) {
      const value = DIGITS[match[0]] ?? number(match[0])
      if (value !== "") add(written(String(value)), 0.7)
    }
    for (const word of this.ignore) text = text.split(word).join(" ")
    let sounds = []
    const flush = () => {
      if (sounds.length > 1) heard.push(` ${sounds.join(" ")} `)
      if (sounds.length === 1 && sounds[0].length > 1) add((this.data.sounds[sounds[0]] ? [...this.data.sounds[sounds[0]]].filter(c => this.known(c)).slice(0, 12) : []).map(c => [c, 1]), 0.4)
      for (let n = 0; n + 1 < sounds.length; n++) add((this.pairs.get(`${sounds[n]} ${sounds[n + 1]}`) ?? []).map(p => [p, 1]))
      sounds = []
    }
    const pieces = text.match(/[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|\d+(?:\.\d+)?%?|[a-z]+/g) ?? []
    pieces.forEach((piece, n) => {
      if (HAN.test(piece)) {
        flush()
        return han(piece, 1)
      }
      if (/\d/.test(piece)) {
        flush()
        return add(written(piece), 1.3)
      }
      const parsed = this.cut(piece)
      if (parsed && !(this.known(piece) && parsed.length === 1)) {
        if (this.known(piece)) add([[piece, 1]])
        return sounds.push(...parsed)
      }
      flush()
      if (this.known(piece)) return add([[piece, 1]])
      const phrases = piece.length < 7 ? this.byInitials(piece) : []
      if (phrases.length) return add(phrases.map(p => [p, 1]))
      // the last syllable may still be half typed, and a letter may be wrong
      for (let cut = 1; cut < Math.min(6, piece.length); cut++) {
        const head = this.cut(piece.slice(0, -cut))
        const rest = piece.slice(-cut)
        if (head && n === pieces.length - 1) {
          const last = [...sounds, ...head].at(-1)
          const alts = [...this.syllables].filter(s => s.startsWith(rest)).flatMap(s => this.pairs.get(`${last} ${s}`) ?? [])
          if (!alts.length) continue
          sounds.push(...head)
          flush()
          return add(alts.slice(0, 12).map(p => [p, P.prefix]))
        }
      }
      add(this.likeWritten(piece, n === pieces.length - 1))
    })
    flush()
    if (heard.length) extra.push(...this.same.filter(([say]) => say.some(w => w.length > 1 && this.spell(w).some(sound => heard.some(h => h.includes(` ${sound} `))))).flatMap(([, mean]) => mean))
    for (const word of extra) for (const run of word.match(/[\u4e00-\u9fff]+|[a-z0-9]+/g) ?? []) HAN.test(run) ? han(run, P.same) : add([[run, 1]], P.same)
    if (!units.some(u => u.alts.some(([term]) => this.known(term)))) {
      for (const c of new Set(text.match(/[\u4e00-\u9fff]/g) ?? [])) add([[c, 1]], 0.3)
    }
    return units
  }

  unitsEn(query) {
    const units = []
    const seen = new Set()
    const add = (alts, boost = 1) => {
      if (alts.length && !seen.has(alts[0][0])) {
        seen.add(alts[0][0])
        units.push({alts, boost})
      }
    }
    const tokens = (fold(query).match(PIECES) ?? []).filter(t => !HAN.test(t))
    const whole = this.text(tokens.join(" "))
    const kept = []
    tokens.forEach((token, n) => {
      const root = this.stem(token)
      if (this.ignored.has(token) || this.ignored.has(root)) return
      if (this.known(` ${root} `)) {
        kept.push([n, root])
        return add([[` ${root} `, 1]])
      }
      const like = this.likeWritten(token, n === tokens.length - 1)
      if (like.length) kept.push([n, like[0][0].trim()])
      add(like)
    })
    for (let n = 0; n + 1 < kept.length; n++) {
      const pair = ` ${kept[n][1]} ${kept[n + 1][1]} `
      if (kept[n + 1][0] === kept[n][0] + 1 && this.known(pair)) add([[pair, 1]], P.long)
    }
    const fixed = ` ${kept.map(k => k[1]).join(" ")} `
    for (const [say, mean] of this.same) {
      if (!say.some(w => whole.includes(w) || fixed.includes(w))) continue
      for (const word of mean) for (const token of fold(word).match(PIECES) ?? []) if (!this.ignored.has(token)) add([[` ${this.stem(token)} `, 1]], P.same)
    }
    if (!units.length) for (const token of tokens) add([[` ${this.stem(token)} `, 1]], 0.3)
    return units
  }

  known(term) {
    return this.posting(term).counts.size > 0
  }

  likeSounding(pair) {
    const out = []
    for (const a of this.sounds.get(pair[0]) ?? []) for (const b of this.sounds.get(pair[1]) ?? []) out.push(...(this.pairs.get(`${a} ${b}`) ?? []))
    return [...new Set(out)].slice(0, 6).map(p => [p, P.sound])
  }

  /** Words of the pages one letter away from a word that no page has; for the last word also those it begins. */
  likeWritten(token, last) {
    if (token.length < 3 || token.length > 24 || !/^[a-z]/.test(token)) return []
    const out = new Map()
    for (const [word, count] of this.vocabulary) {
      const weight = token.length > 3 && word.length > 3 && near(token, word) ? P.typo : last && word.startsWith(token) ? P.prefix : 0
      if (weight) out.set(word, weight + Math.min(count, 99) / 1e4)
    }
    const best = [...out].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 4)
    return [...new Map(best.map(([w, weight]) => [this.zh ? w : ` ${this.stem(w)} `, weight])).entries()]
  }

  /** Pages by score: `[[page number, score]]`, best first; ties in the order of the navigation. */
  rank(units) {
    const count = this.data.pages.length
    const scores = new Float64Array(count)
    const lineScores = new Float64Array(this.linePage.length)
    const lineHits = new Float64Array(this.linePage.length)
    let total = 0
    for (const unit of units) {
      const tf = new Map()
      for (const [term, weight] of unit.alts) {
        for (const [page, value] of this.posting(term).counts) tf.set(page, (tf.get(page) ?? 0) + weight * value)
      }
      unit.weight = unit.boost * Math.log(1 + (count - tf.size + 0.5) / (tf.size + 0.5))
      total += unit.weight
      for (const [page, value] of tf) scores[page] += unit.weight * value / (P.k1 + value)
      for (const [term, weight] of unit.alts) {
        for (const line of this.posting(term).lines) {
          lineScores[line] += weight * unit.weight
          lineHits[line] += weight * unit.boost
        }
      }
    }
    const best = new Float64Array(count)
    const mean = total / (units.reduce((sum, u) => sum + u.boost, 0) || 1)
    for (let n = 0; n < lineScores.length; n++) {
      if (!lineScores[n]) continue
      const rest = Math.max(0, this.lineSize[n] - lineHits[n])
      const value = lineScores[n] * lineScores[n] / (total + P.lineLength * mean * rest)
      if (value > best[this.linePage[n]]) best[this.linePage[n]] = value
    }
    const out = []
    for (let n = 0; n < count; n++) if (scores[n] > 0) out.push([n, scores[n] + P.line * best[n]])
    return out.sort((a, b) => b[1] - a[1] || a[0] - b[0])
  }

  /** The section of a page that answers best: its number. */
  section(number, units) {
    let best = 0
    let most = 0
    this.parts(number).forEach(([heading, text], n) => {
      let score = 0
      for (const {alts, weight} of units) {
        if (alts.some(([t]) => heading.includes(t))) score += 2 * weight
        if (alts.some(([t]) => text.includes(t))) score += weight
      }
      if (score > most) [best, most] = [n, score]
    })
    return best
  }

  /** A result for the box and for the evaluation. */
  result(number, score, units) {
    const page = this.data.pages[number]
    const best = this.section(number, units)
    const [anchor, heading, text] = page.s[best] ?? ["", "", ""]
    const said = this.parts(number)[best]?.[1].split("\n") ?? []
    return {
      url: ROOT + page.u, anchor, title: page.t, heading, score: Math.round(score * 1000) / 1000, group: page.g, language: this.data.lang,
      snippet: this.snippet(text.split("\n"), said, units) ?? this.snippet([page.d], [this.text(page.d)], units) ?? [[page.d, false]],
    }
  }

  /** The line with most of the query as `[[text, marked]]`, cut around the first match; null if none has any. */
  snippet(lines, said, units) {
    let best = -1
    let most = 0
    lines.forEach((_, n) => {
      const score = units.reduce((sum, u) => sum + (u.alts.some(([term]) => said[n]?.includes(term)) ? u.weight : 0), 0)
      if (score > most) [best, most] = [n, score]
    })
    if (best < 0) return null
    const line = lines[best]
    const places = this.places(line, units)
    if (!places.length) return [[line.slice(0, 120).replace("☐ ", ""), false]]
    const size = this.zh ? 56 : 120
    const start = line.length <= size * 1.4 ? 0 : Math.max(0, places[0][0] - size / 4)
    const from = this.zh || !start ? start : line.indexOf(" ", start) + 1
    const to = start + size * 1.4 >= line.length ? line.length : from + size
    const out = []
    let at = from
    for (const [a, b] of places) {
      if (a < at || b > to) continue
      if (a > at) out.push([line.slice(at, a), false])
      out.push([line.slice(a, b), true])
      at = b
    }
    out.push([line.slice(at, to), false])
    if (from) out.unshift(["…", false])
    if (to < line.length) out.push(["…", false])
    return out.filter(part => part[0]).map(part => [part[0].replace("☐ ", ""), part[1]])
  }

  /** Where the query stands in a line as it is written: `[[from, to]]`, in order, without overlap. */
  places(line, units) {
    const found = []
    if (this.zh) {
      const text = line.toLowerCase()
      for (const {alts} of units) {
        for (const [term] of alts) {
          for (let at = text.indexOf(term), n = 0; at >= 0 && n < 4; at = text.indexOf(term, at + term.length), n++) found.push([at, at + term.length])
        }
      }
    } else {
      const wanted = new Set(units.flatMap(u => u.alts.flatMap(([t]) => t.trim().split(" "))))
      for (const match of line.matchAll(/[A-Za-z0-9\u00c0-\u024f]+(?:['’][A-Za-z]+)?/g)) {
        if (wanted.has(this.stem(match[0].toLowerCase().replace("’", "'")))) found.push([match.index, match.index + match[0].length])
      }
    }
    found.sort((a, b) => a[0] - b[0] || b[1] - a[1])
    const out = []
    for (const place of found) {
      const last = out.at(-1)
      if (last && place[0] <= last[1]) last[1] = Math.max(last[1], place[1])
      else out.push(place)
    }
    return out
  }
}

// ---- loading, and the two ways to ask -------------------------------------------------------------

const loading = {}

async function fetchIndex(language) {
  const get = name => fetch(new URL(`../search/${name}`, import.meta.url))
  let answer = await get(manifest.indexes[language])
  if (answer.status === 404) {
    // the page is older than the site: ask which index there is now
    const now = (await import(`../search/manifest.js?${Date.now()}`)).default
    answer = await get(now.indexes[language])
  }
  if (!answer.ok) throw new Error(`search index: ${answer.status}`)
  // GB 18030 writes a Han character in two bytes, not three: an eighth less to load than UTF-8, compressed
  return new Index(JSON.parse(new TextDecoder("gb18030").decode(await answer.arrayBuffer())))
}

/** The index of a language, fetched once. A failed fetch may be tried again. */
export function load(language) {
  loading[language] ??= fetchIndex(language).catch(error => {
    delete loading[language]
    throw error
  })
  return loading[language]
}

/** The language whose pages can answer: that of the words, whatever the page's. */
async function spokenIn(query, language) {
  if (HAN.test(query)) return "zh"
  const tokens = fold(query).match(/[a-z]+|\d+/g) ?? []
  if (language === "zh") return (await load("zh")).isPinyin(tokens) ? "zh" : "en"
  const english = await load("en")
  if (!tokens.some(t => /[a-z]/.test(t)) || tokens.some(t => english.vocabulary.has(t) || english.likeWritten(t, true).length)) return "en"
  return (await load("zh")).isPinyin(tokens) ? "zh" : "en"
}

const clean = query => String(query ?? "").slice(0, LONGEST)

/**
 * What the box shows: `{own, other}`. own: pages in the reader's language, best first; other: pages of the
 * other language, if the query is in it.
 * Own pages for a query in the other language are the same pages that answered there, in their own words.
 */
export async function find(query, {language = "zh", limit = 8} = {}) {
  const text = clean(query)
  if (!fold(text).match(PIECES)) return {own: [], other: []}
  const source = await spokenIn(text, language)
  const index = await load(source)
  const units = index.units(text)
  const ranked = index.rank(units)
  const best = ranked.slice(0, limit).map(([n, score]) => index.result(n, score, units))
  if (source === language) return {own: best, other: []}
  const mine = await load(language)
  const bare = (data, url) => (data.lang === "zh" ? url : url.replace(/^en\//, ""))
  const twins = new Map(mine.data.pages.map((p, n) => [bare(mine.data, p.u), n]))
  const own = ranked.slice(0, limit).flatMap(([n, score]) => {
    const twin = twins.get(bare(index.data, index.data.pages[n].u))
    return twin === undefined ? [] : [mine.result(twin, score, [])]
  })
  return {own, other: best.slice(0, 3)}
}

/** Pages for a query, best first, one entry a page, the reader's language before the other. */
export async function search(query, {language = "zh", limit = 10} = {}) {
  const {own, other} = await find(query, {language, limit})
  return [...own, ...other].slice(0, limit).map(({url, anchor, title, heading, score}) => ({url, anchor, title, heading, score}))
}
