// The search itself: no page, no box, only words in and pages out; search.js asks it. Nothing typed leaves the browser.
//
// Ranking: BM25F, one saturation over the weighted fields of a page - S. Robertson, H. Zaragoza, M. Taylor,
// "Simple BM25 extension to multiple weighted fields", CIKM 2004; S. Robertson, H. Zaragoza, "The Probabilistic
// Relevance Framework: BM25 and Beyond", 2009, section 3.6. Words are joined by OR. Han text is cut into
// overlapping pairs of characters, English into stems, so that index and query are cut by the same lines below.

import {FOLDER, opens, run} from "./folder.js"
import {HAN, fold, last} from "./search-text.js"

const ROOT = new URL("../../", import.meta.url).pathname

const LONGEST = 400 // characters of a query that count; the rest of a pasted page would only slow the reader down
const MOST_UNITS = 48 // words of a query, with those that mean the same: of a longer one the rarest
const NEAR = 3 // an answer is told on one of so many best pages, or it answers something else
const [LONG_ZH, LONG_EN] = [7, 3] // characters, words of a question that a sentence can answer; shorter ones are names
const ALONE = 3 // characters beside a name that may as well be missing
const MOST_MARKS = 8 // words to mark on arrival
const LISTS = {number: "reference/contacts/", term: "reference/glossary/"}
const ASKING = /(是)?(什么|啥)(意思|叫)?|的?意思|定义|^(mean|means|meaning|definition|term|called)$/g
const WORRIED = 30 // characters of a query so long that the reader is told which of its words were used
const MOST_GUESSES = 6 // unknown words of a query for which likely ones are sought

/** Weights, found on the pages' own aliases left out one fold at a time; see scripts/lab/search_eval.py. */
const P = {
  k1: 1.8,
  fields: {title: 6, alias: 2.2, main: 3, topics: 2, description: 5, heading: 1.4, item: 1, body: 0.5, claim: 0.8},
  b: {title: 0.3, alias: 0.4, main: 0.4, topics: 0.6, description: 0.3, heading: 0.6, item: 0.5, body: 0.6, claim: 0.5},
  line: 0.6, // how much the nearest alias, title or heading counts beside the sum of all words
  claimLine: 0.3,
  lineLength: 0.25,
  between: 0.06, // a pair so much rarer than its neighbour stands across the end of a word
  loose: 0.3, // and counts for less
  long: 0.5, // three Han characters, or two English words, in a row
  same: 0.6, // words that mean the same
  sound: 0.7, // another character of the same sound
  typo: 0.8,
  answer: 0.8, // how much of the query an answer must hold and how like it be, together, where its page is among the best
  answerAfar: 1.1, // elsewhere
  covered: 0.5, // how much of the query it must hold
  prefix: 0.7,
}
const FIELDS = Object.keys(P.fields)
const PIECES = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|[\p{L}\p{N}]+(?:['’][\p{L}]+)?/gu

// ---- text ----------------------------------------------------------------------------------------

/** English endings off, so that collect, collects, collected, collecting and collection are one word. */
function stem(word) {
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
function number(text) {
  const plain = /^(\d+(?:\.\d+)?)(万|千|百|w|k)$/.exec(text)
  if (plain) return String(Math.round(plain[1] * TENS[plain[2]]))
  if (!/^[零一二两三四五六七八九十百千万]+$/.test(text)) return ""
  let total = 0,
    part = 0,
    digit = 0,
    unit = 1
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
  return String(total + part + (unit > 10 && digit ? (digit * unit) / 10 : digit))
}

/** At most one letter wrong, missing, added or exchanged with its neighbour. */
function near(a, b) {
  const long = Math.max(a.length, b.length),
    short = Math.min(a.length, b.length)
  if (long - short > 1) return false
  let head = 0,
    tail = 0
  while (head < short && a[head] === b[head]) head++
  while (tail < short - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  if (head + tail >= long - 1) return true
  return long === short && head + tail === long - 2 && a[head] === b[head + 1] && a[head + 1] === b[head]
}

/** A number as pages may write it: 50000 is also 50,000. */
const written = digits => [
  [digits, 1],
  ...(/^\d{4,}$/.test(digits) ? [[digits.replace(/\B(?=(\d{3})+$)/g, ","), 1]] : []),
]

// ---- one language, ready to be searched -----------------------------------------------------------

const END = 1 // after every page, topic and answer
const PART = 2 // between the sections of a page
const TICK = 5 // begins an item of a checklist
const [SINGLE, LEAD, FIRST, TRAILS] = [0x80, 0xe0, 0x40, 192] // bytes of symbols
const NONE = new Uint32Array(0)
// the fields, in the order of P.fields; TOPIC is MAIN or TOPICS by page; what an answer SAYS is BODY for its pages
const [TITLE, ALIAS, MAIN, TOPICS, DESCRIPTION, HEADING, ITEM, BODY, CLAIM, TOPIC, SAYS] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
]
const bucket = (a, b, shift) => (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)) >>> shift
const isDigit = c => c >= 48 && c <= 57
const LATIN = Uint8Array.from({length: 0x2020}, (_, c) =>
  Number((c >= 97 && c <= 122) || isDigit(c) || c === 39 || c === 0x2019 || (c >= 0xc0 && c <= 0x24f)),
)
const string = codes => {
  let out = ""
  for (let at = 0; at < codes.length; at += 8192) out += String.fromCharCode.apply(null, codes.subarray(at, at + 8192))
  return out
}

const coder = new TextDecoder("gb18030")

/** Symbols to UTF-16 codes, `size` of them; see `shorten` in scripts/handbook/web/search_index.py. */
function decode(bytes, symbols, size) {
  const out = new Uint16Array(size)
  let to = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte < SINGLE) {
      out[to++] = byte
      continue
    }
    const word = symbols[byte < LEAD ? byte - SINGLE : LEAD - SINGLE + (byte - LEAD) * TRAILS + bytes[++at] - FIRST]
    for (let n = 0; n < word.length; n++) out[to++] = word.charCodeAt(n)
  }
  return out
}

/** True if a text says that something is not so: "it is never prison" is no answer to "is it prison". */
const denied = text =>
  /不会|不用|不能|不必|不需|不算|无需|\b(not|never|no|nothing|cannot)\b|n't/.test(
    fold(text)
      .replace(/(.)不\1|是不是|有没有/g, "")
      .replace(/^(can|do|does|is|will|should|could|would|are)(n't| not)\b|\bnot pay\w*/, ""),
  )

/** The 3,755 characters of the first level of GB 2312, in the order of their sounds. */
function commonCharacters() {
  const bytes = new Uint8Array(2 * 3755)
  for (let n = 0; n < 3755; n++) {
    bytes[2 * n] = 0xb0 + Math.floor(n / 94)
    bytes[2 * n + 1] = 0xa1 + (n % 94)
  }
  return coder.decode(bytes)
}

/** The words of a query, each once: {units, add(alternatives, boost)}. */
function collector() {
  const units = []
  const seen = new Set()
  const add = (alts, boost = 1) => {
    if (alts.length && units.length < LONGEST && !seen.has(alts[0][0])) {
      seen.add(alts[0][0])
      units.push({alts, boost})
    }
  }
  return {units, add}
}

/**
 * The parts of a file that `encode` in scripts/handbook/web/search_index.py makes.
 * @type {(bytes: Uint8Array) => {data: object, raw: Uint16Array, rest: () => object}}
 */
export function unpack(bytes) {
  const first = bytes.indexOf(10) + 1
  const [symbols, content, head, text] = string(bytes.subarray(0, first)).split(" ").map(Number)
  const from = first + symbols
  const words = coder.decode(bytes.subarray(first, from)).split("\n")
  const all = decode(bytes.subarray(from, from + content), words, head + text)
  return {
    data: JSON.parse(string(all.subarray(0, head))),
    raw: all.subarray(head),
    rest: () => JSON.parse(coder.decode(bytes.subarray(from + content))),
  }
}

/** The address of a page without its language. */
const bare = url => url.replace(/^en\//, "")

/** One language. All text lies in one array of codes; a segment is a line of it, and says which pages it counts for. */
export class Index {
  /** See `unpack`. */
  constructor({data, raw, rest}) {
    this.data = data
    this.rest = rest
    this.pages = data.pages
    this.zh = data.lang === "zh"
    this.raw = raw
    const low = (this.low = raw.slice())
    for (let n = 0; n < low.length; n++) if (low[n] < 91 && low[n] > 64) low[n] += 32
    this.stems = new Map()
    this.postings = new Map()
    this.lay()
    if (this.zh) this.index()
    else this.words()
    this.ignore = this.data.ignore.map(fold).sort((a, b) => b.length - a.length)
    this.ignored = new Set(this.zh ? [] : this.ignore.flatMap(w => [w, this.stem(w)]))
  }

  /** Cuts the text into segments, each with its field, its page (or pages) and what a word in it weighs there. */
  lay() {
    const {low, pages} = this
    const count = pages.length
    this.answersFrom = count + this.data.topics // records
    const from = [],
      to = [],
      field = [],
      owner = [],
      part = []
    this.sections = pages.map(() => []) // of every page: [number, first segment, last segment + 1, address from, to]
    this.partCount = 0
    let record = 0,
      line = 0,
      place = -1
    for (let at = 0, end = low.indexOf(10); end >= 0; at = end + 1, end = low.indexOf(10, at)) {
      const mark = low[at]
      if (mark === END || mark === PART) {
        if (record < count && this.sections[record].length) last(this.sections[record])[2] = from.length
        if (mark === END) {
          record++
          line = 0
          place = -1
        } else {
          place = this.partCount++
          line = 1
          this.sections[record].push([place, from.length, 0, at + 1, end])
        }
        continue
      }
      from.push(at)
      to.push(end)
      field.push(
        record >= count
          ? record < this.answersFrom
            ? TOPIC
            : line && this.data.answers[record - this.answersFrom][0][0]
              ? CLAIM
              : SAYS
          : place >= 0
            ? line === 1
              ? HEADING
              : mark === TICK
                ? ITEM
                : BODY
            : line === 0
              ? TITLE
              : line === 1
                ? DESCRIPTION
                : ALIAS,
      )
      owner.push(record)
      part.push(place)
      line++
    }
    this.from = new Uint32Array(from)
    this.to = new Uint32Array(to)
    this.field = new Uint8Array(field)
    this.owner = new Uint16Array(owner)
    this.part = new Int32Array(part)
    this.told = new Map() // by section: what the answers say that it tells
    this.firsts = new Uint32Array(owner.length ? last(owner) + 1 : 0) // of every record
    for (let n = from.length - 1; n >= 0; n--) {
      this.firsts[owner[n]] = n
      if (owner[n] < this.answersFrom) continue
      const [, section, home] = this.data.answers[owner[n] - this.answersFrom]
      this.part[n] = this.sections[home][section]?.[0] ?? -1
    }
    // the first line of an answer is what it says; the others are what people ask, some of it wrong
    for (const first of this.firsts.subarray(this.answersFrom)) {
      const place = this.part[first]
      this.told.has(place) ? this.told.get(place).push(first) : this.told.set(place, [first])
    }
    this.weigh(count)
    // addresses of sections lie in the text too, in no segment: what is found there counts for nothing
    const segmentOf = new (from.length < 65535 ? Uint16Array : Uint32Array)(low.length).fill(from.length)
    for (let n = 0; n < from.length; n++) segmentOf.fill(n, from[n], to[n] + 1)
    this.segmentOf = segmentOf
  }

  /** For every segment its entries: page and weight, by BM25F the shorter the field on that page the more. Plain loops: they run once, cold. */
  weigh(count) {
    const {from, to, field, owner, pages, data} = this
    const size = FIELDS.map(() => new Float64Array(count))
    const topicSize = new Float64Array(data.topics)
    // by topic and by answer: the pages for which its lines count
    const topicPages = Array.from({length: data.topics}, () => [[], []])
    const tellers = [] // a statement counts for the page that tells it, our verdict on a claim for none
    const askers = [] // a claim for all that answer it, another question for the page that does
    for (const [[claim], , home, ...others] of data.answers) {
      tellers.push(claim ? [] : [home])
      askers.push(claim ? [home, ...others] : [home])
    }
    for (let n = 0; n < from.length; n++) {
      const long = to[n] - from[n] + 1,
        kind = field[n]
      if (kind < CLAIM) {
        size[kind][owner[n]] += long
        if (kind === ITEM) size[BODY][owner[n]] += long
      } else if (kind === TOPIC) topicSize[owner[n] - count] += long
      else {
        const says = kind === SAYS
        for (const page of (says ? tellers : askers)[owner[n] - this.answersFrom])
          size[says ? BODY : CLAIM][page] += long
      }
    }
    pages.forEach((row, page) =>
      row.slice(3).forEach((topic, n) => {
        const by = n ? TOPICS : MAIN
        size[by][page] += topicSize[topic]
        topicPages[topic][n ? 1 : 0].push(page)
      }),
    )
    const worth = FIELDS.map((name, kind) => {
      let total = 0
      for (let page = 0; page < count; page++) total += size[kind][page]
      const mean = total / count || 1
      return size[kind].map(v => P.fields[name] / (1 - P.b[name] + (P.b[name] * v) / mean))
    })
    const starts = new Uint32Array(from.length + 2),
      entries = [],
      weights = []
    this.short = new Uint8Array(from.length)
    const add = (some, worths) => {
      for (let n = 0; n < some.length; n++) {
        entries.push(some[n])
        weights.push(worths[some[n]])
      }
    }
    for (let n = 0; n < from.length; n++) {
      const kind = field[n],
        record = owner[n]
      starts[n] = entries.length
      if (kind < CLAIM) {
        entries.push(record)
        weights.push(worth[kind][record] + (kind === ITEM ? worth[BODY][record] : 0))
      } else if (kind === TOPIC) {
        add(topicPages[record - count][0], worth[MAIN])
        add(topicPages[record - count][1], worth[TOPICS])
      } else if (kind === SAYS) add(tellers[record - this.answersFrom], worth[BODY])
      else add(askers[record - this.answersFrom], worth[CLAIM])
      if (kind === TITLE || kind === ALIAS || kind === HEADING || kind === CLAIM) this.short[n] = 1
    }
    starts[from.length] = starts[from.length + 1] = entries.length
    this.starts = starts
    this.entries = new Uint16Array(entries)
    this.weights = new Float32Array(weights)
    this.scratch = new Float64Array(count)
  }

  /** Where every pair of neighbours stands: places by bucket. */
  index() {
    const {low} = this
    const last = low.length - 1
    const shift = (this.shift = Math.max(16, Math.clz32(last >> 2))) // some four places a bucket, of 65,536 at most
    const buckets = 2 ** (32 - shift)
    const heads = new Uint32Array(buckets + 1)
    const key = new Uint32Array(last)
    for (let n = 0; n < last; n++) {
      if (low[n] <= 32 || low[n + 1] <= 32) continue
      const b = bucket(low[n], low[n + 1], shift) + 1
      key[n] = b
      heads[b]++
    }
    for (let n = 1; n <= buckets; n++) heads[n] += heads[n - 1]
    const places = new Uint32Array(heads[buckets])
    const next = heads.slice()
    for (let n = 0; n < last; n++) if (key[n]) places[next[key[n] - 1]++] = n
    this.heads = heads
    this.places = places
  }

  /** The words in Latin letters and digits: `forms` as written in lower case, and where each stands. */
  words() {
    const {low, segmentOf} = this
    const nowhere = this.short.length
    const latin = LATIN
    const room = 2 ** (32 - Math.clz32(low.length >> 1)) - 1 // more than there can be words
    const slots = new Int32Array(room + 1).fill(-1)
    const firsts = [],
      sizes = [],
      counts = []
    let most = low.length >> 1,
      used = 0
    const tokens = new Uint32Array(most),
      at = new Uint32Array(most)
    for (let n = 0; n < low.length; n++) {
      if (!latin[low[n]] || segmentOf[n] === nowhere) continue
      const start = n
      let hash = 0
      while (latin[low[n]]) hash = (Math.imul(hash, 31) + low[n++]) | 0
      const long = n - start
      let slot = (Math.imul(hash, 0x9e3779b1) >>> 8) & room
      let form
      for (;;) {
        form = slots[slot]
        if (form < 0) break
        let k = sizes[form] === long ? 0 : -1
        if (k === 0) while (k < long && low[firsts[form] + k] === low[start + k]) k++
        if (k === long) break
        slot = (slot + 1) & room
      }
      if (form < 0) {
        form = slots[slot] = firsts.length
        firsts.push(start)
        sizes.push(long)
        counts.push(0)
      }
      counts[form]++
      at[used] = start
      tokens[used++] = form
    }
    this.tokens = tokens.subarray(0, used)
    this.tokenAt = at.subarray(0, used)
    this.counts = counts
    this.form = n => string(low.subarray(firsts[n], firsts[n] + sizes[n])) // few are ever asked for
    const starts = new Uint32Array(counts.length + 1)
    for (let n = 0; n < counts.length; n++) starts[n + 1] = starts[n] + counts[n]
    const next = starts.slice(),
      places = new Uint32Array(used)
    for (let n = 0; n < used; n++) places[next[tokens[n]]++] = n
    this.formStarts = starts
    this.formPlaces = places
    this.byHead = new Map()
    firsts.forEach((from, n) => {
      const tie = sizes[n] === 4 && this.form(n).endsWith("ies") // "ties" and "tie" have the stem "ty"
      const head = (low[from] << 16) | (tie ? 121 : sizes[n] > 1 ? low[from + 1] : 0)
      this.byHead.get(head)?.push(n) ?? this.byHead.set(head, [n])
    })
    this.stemForms = new Map()
  }

  /** The forms of the pages that have this stem. Only those that begin alike are ever stemmed. */
  formsOf(stem) {
    let out = this.stemForms.get(stem)
    if (!out)
      this.stemForms.set(
        stem,
        (out = (this.byHead.get((stem.charCodeAt(0) << 16) | (stem.charCodeAt(1) || 0)) ?? []).filter(
          n => this.stem(this.form(n)) === stem,
        )),
      )
    return out
  }

  stem(word) {
    let out = this.stems.get(word)
    if (out === undefined) this.stems.set(word, (out = stem(word) || word))
    return out
  }

  /** English in the form in which it is searched: stems between single spaces. */
  text(raw) {
    const words = raw.toLowerCase().match(/[a-z0-9\u00c0-\u024f'’]+/g) ?? []
    return ` ${words.map(w => this.stem(w)).join(" ")} `
  }

  /** The segments in which a term stands, one for every time. */
  places_zh(term) {
    const {low, segmentOf} = this
    const out = []
    const codes = Array.from({length: term.length}, (_, n) => term.charCodeAt(n))
    const firstDigit = isDigit(codes[0]),
      lastLatin = /[a-z0-9]/.test(last(term))
    const check = at => {
      for (let k = 0; k < codes.length; k++) if (low[at + k] !== codes[k]) return
      if (firstDigit && at && isDigit(low[at - 1])) return
      const after = low[at + codes.length]
      if (lastLatin && (isDigit(after) || (after >= 97 && after <= 122))) return
      if (segmentOf[at] < this.short.length) out.push(segmentOf[at])
    }
    if (codes.length === 1) for (let at = low.indexOf(codes[0]); at >= 0; at = low.indexOf(codes[0], at + 1)) check(at)
    else {
      const b = bucket(codes[0], codes[1], this.shift)
      for (let n = this.heads[b]; n < this.heads[b + 1]; n++) check(this.places[n])
    }
    return out
  }

  places_en(term) {
    const [first, second] = term.trim().split(" ")
    const follows = second && new Set(this.formsOf(second))
    const out = []
    for (const form of this.formsOf(first)) {
      for (let n = this.formStarts[form]; n < this.formStarts[form + 1]; n++) {
        const token = this.formPlaces[n]
        const segment = this.segmentOf[this.tokenAt[token]]
        if (follows && (!follows.has(this.tokens[token + 1]) || this.segmentOf[this.tokenAt[token + 1]] !== segment))
          continue
        if (segment < this.short.length) out.push(segment)
      }
    }
    return out
  }

  /** Where a term stands: `pages` with its weighted count in `values`, and its `segments`, each once. Kept: every key asks again. */
  posting(term) {
    let out = this.postings.get(term)
    if (out) return out
    const found = this.zh ? this.places_zh(term) : this.places_en(term)
    const {scratch, starts, entries, weights} = this
    const pages = []
    for (const segment of found) {
      for (let n = starts[segment]; n < starts[segment + 1]; n++) {
        const page = entries[n]
        if (!scratch[page]) pages.push(page)
        scratch[page] += weights[n]
      }
    }
    out = {
      pages: Uint16Array.from(pages),
      values: Float32Array.from(pages, page => scratch[page]),
      segments: found.length ? Uint32Array.from(new Set(found)) : NONE,
    }
    for (const page of pages) scratch[page] = 0
    if (this.postings.size > 4000) this.postings.clear()
    this.postings.set(term, out)
    return out
  }

  /** True if two characters stand together outside the bodies of the pages: there a likeness of sound would be chance. */
  has(a, b) {
    const at = bucket(a, b, this.shift)
    for (let n = this.heads[at]; n < this.heads[at + 1]; n++) {
      const place = this.places[n]
      if (this.low[place] === a && this.low[place + 1] === b && this.field[this.segmentOf[place]] !== BODY) return true
    }
    return false
  }

  /** Words of the Latin alphabet or digits that the pages use, as written (lower case), and how often. */
  get vocabulary() {
    if (!this._vocabulary) {
      if (this.zh) this.words()
      this._vocabulary = new Map(this.counts.map((count, n) => [this.form(n), count]))
    }
    return this._vocabulary
  }

  /** Makes in a quiet moment what only pinyin, initials and slips of the keyboard need, so that the first of them does not wait for it. */
  warm() {
    return this.vocabulary.size + (this.zh ? this.tables.syllables.size + this.byInitials("zz").length : 0)
  }

  /** What only pinyin, Traditional characters and slips of the keyboard need. */
  get tables() {
    if (!this._tables) {
      const {starts, sounds, forms, english} = this.rest()
      let at = 0
      const level = commonCharacters()
      for (let n = 0; n < starts.length; n += 2) {
        sounds[starts[n]] = level.slice(at, (at += starts[n + 1])) + (sounds[starts[n]] ?? "")
      }
      const simple = [...forms[1]]
      this._tables = {
        sounds,
        syllables: new Set(Object.keys(sounds)),
        english: new Set(english),
        simple: new Map([...forms[0]].map((c, n) => [c, simple[n]])),
      }
    }
    return this._tables
  }

  /** The characters of the pages with a sound, as codes. */
  sounding(sound) {
    this._sounding = this._sounding ?? new Map()
    let out = this._sounding.get(sound)
    if (!out) {
      this._present = this._present ?? this.low.reduce((seen, c) => ((seen[c] = 1), seen), new Uint8Array(65536))
      this._sounding.set(
        sound,
        (out = [...(this.tables.sounds[sound] ?? "")].map(c => c.charCodeAt(0)).filter(c => this._present[c])),
      )
    }
    return out
  }

  /** The pairs of characters that the titles, words and headings have with these two sounds. */
  pairs(one, two) {
    this._pairs = this._pairs ?? new Map()
    const key = `${one} ${two}`
    let out = this._pairs.get(key)
    if (!out) {
      out = []
      for (const a of this.sounding(one))
        for (const b of this.sounding(two)) if (this.has(a, b)) out.push(String.fromCharCode(a, b))
      this._pairs.set(key, out)
    }
    return out
  }

  get sounds() {
    if (!this._sounds) {
      this._sounds = new Map()
      for (const [sound, chars] of Object.entries(this.tables.sounds)) {
        for (const c of chars) this._sounds.get(c)?.push(sound) ?? this._sounds.set(c, [sound])
      }
    }
    return this._sounds
  }

  /** The sounds of a word of two or three characters: 老赖 -> ["lao lai"]; [] for other words. */
  spell(word) {
    if (word.length > 3) return []
    return [...word].reduce(
      (all, c) => (this.sounds.get(c) ?? []).flatMap(sound => all.map(head => (head ? `${head} ${sound}` : sound))),
      [""],
    )
  }

  /** "suqian" -> ["su", "qian"], or null if it is no pinyin. */
  cut(token) {
    const best = [[]]
    for (let end = 1; end <= token.length; end++) {
      for (let size = 1; size <= 6 && size <= end; size++) {
        const before = best[end - size]
        if (
          before &&
          this.tables.syllables.has(token.slice(end - size, end)) &&
          (!best[end] || best[end].length > before.length + 1)
        )
          best[end] = [...before, token.slice(end - size, end)]
      }
    }
    return (token && best[token.length]) || null
  }

  /** True if these Latin words are Chinese in pinyin or in initials, or names that Chinese pages use. */
  isPinyin(tokens) {
    const letters = tokens.filter(t => /[a-z]/.test(t))
    const parsed = letters.map(t => this.cut(t))
    if (letters.some((t, n) => this.tables.english.has(t) && parsed[n]?.length > 1)) return false
    if (letters.length && letters.every(t => this.tables.english.has(t))) return false
    return letters.every((t, n) => parsed[n] || /^[bcdfghjklmnpqrstwxyz]{2,6}$/.test(t) || this.vocabulary.has(t))
  }

  /** Phrases of the titles and words whose characters begin with these letters: "txgz" -> 停息挂账. */
  byInitials(letters) {
    if (!this._initials) {
      const text = []
      this.field.forEach((name, n) => {
        if (name !== BODY && name !== ITEM && name !== DESCRIPTION)
          text.push(string(this.low.subarray(this.from[n], this.to[n])))
      })
      const all = text.join("\n")
      const heads = new Uint16Array(65536).fill(45)
      heads[10] = 10
      for (const [c, sounds] of this.sounds) heads[c.charCodeAt(0)] = sounds[0].charCodeAt(0)
      this._initials = [all, string(Uint16Array.from(all, c => heads[c.charCodeAt(0)]))]
    }
    const [text, heads] = this._initials
    const found = new Map()
    for (let at = heads.indexOf(letters); at >= 0; at = heads.indexOf(letters, at + 1)) {
      const alone = heads[at - 1] === "\n" && heads[at + letters.length] === "\n"
      if (letters.length < 3 && !alone) continue
      const phrase = text.slice(at, at + letters.length)
      found.set(phrase, (found.get(phrase) ?? 0) + (alone ? 5 : 1))
    }
    return [...found]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, 6)
      .map(e => e[0])
  }

  /** A query to units: `{alts: [[term, weight]], boost}`. A unit counts once, whichever of its forms a page has. */
  units(query) {
    this.guesses = MOST_GUESSES
    const units = this.zh ? this.unitsZh(query) : this.unitsEn(query)
    if (units.length <= MOST_UNITS) return units
    const worth = new Map(units.map(unit => [unit, unit.boost * this.rarity(this.pagesOf(unit))]))
    const least = [...worth.values()].sort((a, b) => b - a)[MOST_UNITS]
    return units.filter(unit => worth.get(unit) > least)
  }

  unitsZh(query) {
    let text = this.simple(fold(query))
    const {units, add} = collector()
    const han = (run, boost) => {
      if (run.length === 1) return add([[run, 1]], boost * 0.4)
      const often = n => (n < 0 || n + 1 >= run.length ? 0 : this.posting(run.slice(n, n + 2)).segments.length)
      for (let n = 0; n + 1 < run.length; n++) {
        const pair = run.slice(n, n + 2)
        const between = often(n) < P.between * Math.max(often(n - 1), often(n + 1)) // the end of a word and the next
        add(
          this.known(pair) ? [[pair, 1]] : meant.some(w => w.includes(pair)) ? [] : this.likeSounding(pair),
          between ? boost * P.loose : boost,
        )
        if (n + 2 < run.length && this.known(run.slice(n, n + 3))) add([[run.slice(n, n + 3), 1]], boost * P.long)
      }
    }
    const extra = this.data.same.filter(([say]) => say.some(w => text.includes(w))).flatMap(([, mean]) => mean)
    const heard = []
    // what stands in search.yml is no slip of the keyboard, so it gets no other characters of the same sound
    const meant = this.data.same.flatMap(([say]) => say.filter(w => text.includes(w)))
    for (const match of text.matchAll(
      /[零一二两三四五六七八九十百千万]{2,}|\d+(?:\.\d+)?[万千百wk]|[一二三四五六七八九](?=[天年月期家折成])/g,
    )) {
      const value = DIGITS[match[0]] ?? number(match[0])
      if (value !== "") add(written(String(value)), 0.7)
    }
    for (const word of this.ignore) text = text.split(word).join(" ")
    let sounds = []
    const flush = () => {
      if (sounds.length > 1) heard.push(` ${sounds.join(" ")} `)
      if (sounds.length === 1 && sounds[0].length > 1)
        add(
          (this.tables.sounds[sounds[0]]
            ? [...this.tables.sounds[sounds[0]]].filter(c => this.known(c)).slice(0, 12)
            : []
          ).map(c => [c, 1]),
          0.4,
        )
      for (let n = 0; n + 1 < sounds.length; n++) add(this.pairs(sounds[n], sounds[n + 1]).map(p => [p, 1]))
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
          const before = last([...sounds, ...head])
          const alts = [...this.tables.syllables].filter(s => s.startsWith(rest)).flatMap(s => this.pairs(before, s))
          if (!alts.length) continue
          sounds.push(...head)
          flush()
          return add(alts.slice(0, 12).map(p => [p, P.prefix]))
        }
      }
      add(this.likeWritten(piece, n === pieces.length - 1))
    })
    flush()
    if (heard.length)
      extra.push(
        ...this.data.same
          .filter(([say]) =>
            say.some(w => w.length > 1 && this.spell(w).some(sound => heard.some(h => h.includes(` ${sound} `)))),
          )
          .flatMap(([, mean]) => mean),
      )
    for (const word of extra)
      for (const run of word.match(/[\u4e00-\u9fff]+|[a-z0-9]+/g) ?? [])
        HAN.test(run) ? han(run, P.same) : add([[run, 1]], P.same)
    if (!units.some(u => u.alts.some(([term]) => this.known(term)))) {
      for (const c of new Set(text.match(/[\u4e00-\u9fff]/g) ?? [])) add([[c, 1]], 0.3)
    }
    return units
  }

  unitsEn(query) {
    const {units, add} = collector()
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
    for (const [say, mean] of this.said(
      tokens,
      kept.map(k => k[1]),
    )) {
      if (!say.some(w => whole.includes(w) || fixed.includes(w))) continue
      for (const word of mean)
        for (const token of fold(word).match(PIECES) ?? [])
          if (!this.ignored.has(token)) add([[` ${this.stem(token)} `, 1]], P.same)
    }
    if (!units.length) for (const token of tokens) add([[` ${this.stem(token)} `, 1]], 0.3)
    return units
  }

  /** Rows of words that mean the same of which one may stand in the query: only those are stemmed. */
  said(tokens, kept) {
    if (!this._said) {
      this._said = new Map()
      for (const row of this.data.same)
        for (const word of row[0]) {
          const head = word.slice(0, 2).toLowerCase()
          this._said.get(head)?.push([word, row[1]]) ?? this._said.set(head, [[word, row[1]]])
        }
    }
    const heads = new Set([...tokens, ...kept].map(word => word.slice(0, 2)))
    const rows = new Map()
    for (const head of heads)
      for (const [word, mean] of this._said.get(head) ?? [])
        rows.has(mean) ? rows.get(mean).push(this.text(word)) : rows.set(mean, [this.text(word)])
    return [...rows].map(([mean, words]) => [words, mean])
  }

  /** True if one of these words may be a word of the pages with a slip, or the beginning of one. */
  guess(tokens) {
    this.guesses = MOST_GUESSES
    return tokens.some(t => this.likeWritten(t, true).length)
  }

  /** Traditional characters to Simplified ones. */
  simple(text) {
    return HAN.test(text) ? text.replace(/[^]/g, c => this.tables.simple.get(c) ?? c) : text
  }

  /** On how many pages a unit stands; on all, as it were, if on none, so that it counts nothing. */
  pagesOf({alts}) {
    return Math.max(...alts.map(([term]) => this.posting(term).pages.length)) || this.pages.length
  }

  known(term) {
    return this.posting(term).pages.length > 0
  }

  likeSounding(pair) {
    if (this.guesses-- <= 0) return []
    const out = []
    for (const a of this.sounds.get(pair[0]) ?? [])
      for (const b of this.sounds.get(pair[1]) ?? []) out.push(...this.pairs(a, b))
    return [...new Set(out)].slice(0, 6).map(p => [p, P.sound])
  }

  /** Words of the pages one letter away from a word that no page has; for the last word also those it begins. */
  likeWritten(token, last) {
    if (token.length < 3 || token.length > 24 || !/^[a-z]/.test(token) || this.guesses-- <= 0) return []
    const out = new Map()
    for (const [word, count] of this.vocabulary) {
      const weight =
        token.length > 3 && word.length > 3 && near(token, word)
          ? P.typo
          : last && word.startsWith(token)
            ? P.prefix
            : 0
      if (weight) out.set(word, weight + Math.min(count, 99) / 1e4)
    }
    const best = [...out].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 4)
    return [...new Map(best.map(([w, weight]) => [this.zh ? w : ` ${this.stem(w)} `, weight])).entries()]
  }

  /** Pages by score: `[[page number, score]]`, best first; ties in the order of the navigation. */
  rank(units) {
    const count = this.pages.length
    const scores = new Float64Array(count),
      tf = new Float64Array(count)
    const segments = this.short.length
    this.hits = new Float64Array(segments)
    this.boosts = new Float64Array(segments)
    this.partScores = new Float64Array(this.partCount)
    this.covered = new Float64Array(this.data.answers.length) // how much of the query an answer holds, and its likest line
    this.likeness = new Float64Array(this.data.answers.length)
    this.likest = new Uint32Array(this.data.answers.length)
    const seen = new Int32Array(segments),
      seenPart = new Int32Array(this.partCount),
      seenAnswer = new Int32Array(this.data.answers.length)
    let total = 0,
      turn = 0
    const touched = []
    for (const unit of units) {
      turn++
      const pages = []
      for (const [term, weight] of unit.alts) {
        const posting = this.posting(term)
        for (let n = 0; n < posting.pages.length; n++) {
          const page = posting.pages[n]
          if (!tf[page]) pages.push(page)
          tf[page] += weight * posting.values[n]
        }
      }
      unit.weight = this.rarity(pages.length) * unit.boost
      total += unit.weight
      for (const page of pages) {
        scores[page] += (unit.weight * tf[page]) / (P.k1 + tf[page])
        tf[page] = 0
      }
      for (const [term, weight] of unit.alts) {
        for (const segment of this.posting(term).segments) {
          if (seen[segment] === turn) continue
          seen[segment] = turn
          if (!this.boosts[segment]) touched.push(segment)
          this.hits[segment] += weight * unit.weight
          this.boosts[segment] += weight * unit.boost
          const answer = this.owner[segment] - this.answersFrom
          if (answer >= 0 && seenAnswer[answer] !== turn) {
            seenAnswer[answer] = turn
            this.covered[answer] += weight * unit.weight
          }
          const part = this.part[segment]
          if (part < 0) continue
          if (this.short[segment]) this.partScores[part] += 2 * unit.weight
          else if (seenPart[part] !== turn) {
            seenPart[part] = turn
            this.partScores[part] += unit.weight
          }
        }
      }
    }
    this.total = total
    const best = new Float64Array(count)
    const mean = total / (units.reduce((sum, u) => sum + u.boost, 0) || 1)
    for (const n of touched) {
      const answer = this.owner[n] - this.answersFrom
      if (!this.short[n] && answer < 0) continue
      const rest = Math.max(0, this.lineSize(n) - this.boosts[n])
      let value = (this.hits[n] * this.hits[n]) / (total + P.lineLength * mean * rest)
      if (answer >= 0) {
        if (value > this.likeness[answer]) [this.likeness[answer], this.likest[answer]] = [value, n]
        if (!this.short[n]) continue
        value *= P.claimLine
      }
      for (let e = this.starts[n]; e < this.starts[n + 1]; e++)
        if (value > best[this.entries[e]]) best[this.entries[e]] = value
    }
    const out = []
    for (let n = 0; n < count; n++) if (scores[n] > 0) out.push([n, scores[n] + P.line * best[n]])
    return out.sort((a, b) => b[1] - a[1] || a[0] - b[0])
  }

  /** What a word on so many pages counts. */
  rarity(pages) {
    return Math.log(1 + (this.pages.length - pages + 0.5) / (pages + 0.5))
  }

  /** The number of the same page in this language for an address of the other; undefined if there is none. */
  twin(url) {
    this._twins = this._twins ?? new Map(this.pages.map(([own], n) => [bare(own), n]))
    return this._twins.get(bare(url))
  }

  /** True if the pages have an English word with this stem. */
  hasWord(stem) {
    return this.formsOf(stem).length > 0
  }

  /** How many pairs of characters, or words, a line has. */
  lineSize(segment) {
    this._sizes = this._sizes ?? new Uint16Array(this.short.length)
    if (!this._sizes[segment]) {
      const text = this.line(segment)
      this._sizes[segment] = Math.max(1, this.zh ? text.length - 1 : text.split(" ").length)
    }
    return this._sizes[segment]
  }

  /** A segment as it is written. */
  line(segment) {
    return string(this.raw.subarray(this.from[segment], this.to[segment]))
  }

  /** A result for the box and for the evaluation, after `rank` for the same words. */
  result(number, score, units) {
    let section = this.sections[number][0]
    for (const other of this.sections[number])
      if (units.length && this.partScores[other[0]] > this.partScores[section[0]]) section = other
    const [part, from, to] = section ?? [-1, 0, 0]
    let line = -1
    const lines = Array.from({length: Math.max(0, to - from - 1)}, (_, n) => from + 1 + n)
    for (const n of [...lines, ...(this.told.get(part) ?? [])])
      if (units.length && this.hits[n] > (line < 0 ? 0 : this.hits[line])) line = n
    if (line < 0) line = this.firsts[number] + 1 // the description
    const {page, ...place} = this.entry(number, section, units, line)
    const snippet = this.snippet(this.line(line).replace("\u0005", ""), units)
    return {...place, title: page, score: Math.round(score * 1000) / 1000, snippet}
  }

  /** Which answer of the registers it is, after `rank` for the same words; -1 if none. ranked: the pages by score. */
  answered(query, units, ranked) {
    const long = this.zh ? query.replace(/[^\u3400-\u9fff]/g, "").length >= LONG_ZH : units.length >= LONG_EN
    const near = new Set(ranked.slice(0, NEAR).map(([n]) => n))
    const denies = denied(query)
    const whole = fold(query)
    let best = -1,
      most = 0
    this.covered.forEach((covered, n) => {
      const value = (covered + this.likeness[n]) / this.total
      const least = near.has(this.data.answers[n][2]) ? P.answer : P.answerAfar
      if (!(covered >= P.covered * this.total)) return
      const said = this.line(this.likest[n])
      const asked = fold(said) === whole // word for word, however short
      if (!asked && (!long || !(value > Math.max(most, least)))) return
      if (!this.data.answers[n][0][0] || denied(said) === denies) [best, most] = [n, asked ? Infinity : value]
    })
    return best
  }

  /** An answer as it is shown: like `result`, with a mark of one word, the day of the check and, of what has ended, the last day. */
  answer(number, units) {
    const [[claim, mark, day, ended], section, home] = this.data.answers[number]
    const first = this.firsts[this.answersFrom + number]
    return {
      ...this.entry(home, this.sections[home][section], units, first),
      kind: claim ? "claim" : "fact",
      title: this.line(first + 1),
      snippet: this.snippet(this.line(first), units, 400),
      mark: this.data.marks[mark],
      day,
      ended,
    }
  }

  /** Numbers (as digits), terms and their variants: `Map(name -> [kind, page, section])`. */
  get names() {
    if (this._names) return this._names
    this._names = new Map()
    for (const [kind, url] of Object.entries(LISTS)) {
      const page = this.pages.findIndex(row => bare(row[0]) === url)
      for (const section of this.sections[page] ?? []) {
        const heading = this.line(section[1])
        const name = kind === "term" ? fold(heading) : last(heading.split(" ")).replace(/-/g, "")
        if (section[2] > section[1] + 1) this._names.set(name, [kind, page, section])
      }
    }
    for (const [say, [term]] of this.data.same.slice(this.data.same.length - this.data.variants)) {
      const known = this._names.get(fold(term))
      for (const word of say) if (known && !this._names.has(fold(word))) this._names.set(fold(word), known)
    }
    return this._names
  }

  /** What answers a telephone number, a term or a name by itself; null if the query is none. */
  named(query) {
    const text = (this.zh ? this.simple(fold(query)) : fold(query)).replace(
      /(^|\D)95\d{3,6}(?!\d)/,
      (_, before) => `${before}95xxx`,
    )
    const digits = text.match(/\d[\d-]+\d/)?.[0].replace(/-/g, "")
    const found = this.names.get(digits) ?? this.names.get(this.bareWord(text))
    if (found) {
      const [kind, page, section] = found
      const lines = Array.from({length: section[2] - section[1] - 1}, (_, n) => this.line(section[1] + 1 + n))
      const place = this.entry(page, section, [], section[1] + 1)
      const snippet = [[lines.join(this.zh ? "。" : ". "), false]]
      return {
        ...place,
        kind,
        title: place.heading,
        snippet,
        mark: "",
        day: this.data.days[place.anchor] ?? "",
        ended: "",
      }
    }
    this._leads = this._leads || this.data.leads.map(([words, ...rest]) => [words.map(fold), words, ...rest])
    for (const [folded, words, page, says] of this._leads) {
      const at = folded.findIndex(word => (this.zh ? text.includes(word) : ` ${text} `.includes(` ${word} `)))
      const more = {kind: "lead", title: words[at], snippet: [[says, false]], mark: "", day: "", ended: ""}
      if (at >= 0) return {...this.entry(page, null, [], this.firsts[page]), ...more}
    }
    return null
  }

  /** The words of a query that the best page has, in the order of the query: those that weigh most. */
  used(query, units, [best]) {
    const text = this.zh ? this.simple(query.toLowerCase()) : query
    const on = unit => unit.alts.some(([term]) => this.posting(term).pages.includes(best[0]))
    const strong = units
      .filter(on)
      .sort((a, b) => b.weight - a.weight)
      .slice(0, MOST_MARKS)
    return [...new Set(this.marks(text, strong).map(([a, b]) => query.slice(a, b)))]
  }

  /** A query without the words that ask what something means. */
  bareWord(text) {
    if (!this.zh) return (text.match(PIECES) ?? []).filter(w => !this.ignored.has(w) && !ASKING.test(w)).join(" ")
    return this.ignore
      .reduce((rest, word) => rest.split(word).join(""), text.replace(ASKING, ""))
      .replace(/[\s\p{P}]+/gu, "")
  }

  /** A place on a page, for a result and an answer alike. */
  entry(number, section, units, line) {
    const [url, group, first] = this.pages[number]
    const [, , , from, to] = section ?? [0, 0, 0, 0, 0]
    const said = this.line(line)
    const marks = this.marks(said, units).map(([a, b]) => said.slice(a, b))
    return {
      url: opens(ROOT + url),
      anchor: first ? "" : string(this.raw.subarray(from, to)),
      page: this.line(this.firsts[number]),
      heading: section ? this.line(section[1]) : "",
      group: this.data.groups[group],
      language: this.data.lang,
      words: [...new Set(marks)].slice(0, MOST_MARKS),
    }
  }

  /** A line as `[[text, marked]]`, cut around its first match. */
  snippet(line, units, most = 120) {
    const places = this.marks(line, units)
    if (!places.length) return [[line.length > most ? `${line.slice(0, most)}…` : line, false]]
    const size = most > 120 ? most : this.zh ? 56 : 120
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
    return out.filter(part => part[0])
  }

  /** Where the query stands in a line as it is written: `[[from, to]]`, in order, without overlap. */
  marks(line, units) {
    const found = []
    if (this.zh) {
      const text = line.toLowerCase()
      for (const {alts} of units) {
        for (const [term] of alts) {
          for (let at = text.indexOf(term), n = 0; at >= 0 && n < 4; at = text.indexOf(term, at + term.length), n++)
            found.push([at, at + term.length])
        }
      }
    } else {
      const wanted = new Set(units.flatMap(u => u.alts.flatMap(([t]) => t.trim().split(" "))))
      for (const match of line.matchAll(/[A-Za-z0-9\u00c0-\u024f]+(?:['’][A-Za-z]+)?/g)) {
        if (wanted.has(this.stem(match[0].toLowerCase().replace("’", "'"))))
          found.push([match.index, match.index + match[0].length])
      }
    }
    found.sort((a, b) => a[0] - b[0] || b[1] - a[1])
    const out = []
    for (const place of found) {
      const before = last(out)
      if (before && place[0] <= before[1]) before[1] = Math.max(before[1], place[1])
      else out.push(place)
    }
    return out
  }
}

// ---- loading, and the two ways to ask -------------------------------------------------------------

const loading = {}
let names = {} // of the indexes, by language

/** @type {(indexes: Object<string, string>) => void} Says what the indexes are called: `{language: file}`. */
export function begin(indexes) {
  names = indexes
}

/** The answer for a file of the index. In a folder the file is a script that hands over what it holds. */
async function get(name) {
  const file = new URL(`../search/${name}`, import.meta.url)
  if (!FOLDER) return fetch(file)
  await run(`${file}.js`)
  return new Response(Uint8Array.from(globalThis.searchFiles[name], c => c.charCodeAt(0)))
}

async function fetchIndex(language) {
  let name = names[language]
  let answer = await get(name)
  if (answer.status === 404) {
    // the page is older than the site: ask which index there is now
    names = (await import(`../search/manifest.js?${Date.now()}`)).default.indexes
    name = names[language]
    answer = await get(name)
  }
  if (!answer.ok) throw new Error(`search index: ${answer.status}`)
  return answer.arrayBuffer()
}

const idle = globalThis.requestIdleCallback ?? (work => setTimeout(work, 200))

/**
 * The index of a language, opened once; without its bytes they are fetched. What failed may be tried again.
 * @type {(language: string, bytes?: ArrayBuffer | null) => Promise<Index>}
 */
export function load(language, bytes) {
  loading[language] =
    loading[language] ??
    Promise.resolve(bytes ?? fetchIndex(language))
      .then(it => {
        const index = new Index(unpack(new Uint8Array(it)))
        idle(() => index.warm())
        return index
      })
      .catch(error => {
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
  if (!tokens.some(t => /[a-z]/.test(t)) || tokens.some(t => english.hasWord(english.stem(t))) || english.guess(tokens))
    return "en"
  return (await load("zh")).isPinyin(tokens) ? "zh" : "en"
}

const clean = query => String(query ?? "").slice(0, LONGEST)

/**
 * What the box shows: `{answers, own, other, used}`. answers: what stands in the registers, one at most; own: pages in
 * the reader's language, best first; other: pages of the other language, if the query is in it; used: which words of a
 * long query were.
 * Own pages for a query in the other language are the same pages that answered there, in their own words.
 * @type {(query: string, options?: {language?: string, limit?: number}) => Promise<object>}
 */
export async function find(query, {language = "zh", limit = 8} = {}) {
  const text = clean(query)
  if (!fold(text).match(PIECES)) return {answers: [], own: [], other: [], used: []}
  const source = await spokenIn(text, language)
  const index = await load(source)
  const units = index.units(text)
  const ranked = index.rank(units)
  const top = ranked.slice(0, limit)
  const best = top.map(([n, score]) => index.result(n, score, units))
  const used = top.length && text.length > WORRIED ? index.used(text, units, top) : []
  const number = index.answered(text, units, ranked)
  const mine = await load(language)
  const name = mine.named(text)
  const alone = name && (name.kind !== "lead" || text.length < name.title.length + ALONE)
  const known = mine.data.answers.length === index.data.answers.length
  const said = number >= 0 && known ? mine.answer(number, mine === index ? units : []) : null
  const answers = [alone ? name : (said ?? name)].filter(Boolean)
  if (source === language) return {answers, own: best, other: [], used}
  const own = top
    .map(([n, score]) => [mine.twin(index.pages[n][0]), score])
    .filter(([twin]) => twin !== undefined)
    .map(([twin, score]) => mine.result(twin, score, []))
  return {answers, own, other: best.slice(0, 3), used}
}

// in a worker: [number, what, ...arguments] in, [number, answer, error] out; else the page calls it
const asked = {begin, find, load: async (...given) => Boolean(await load(...given))}
if (typeof document !== "undefined") globalThis.searchEngine = asked
else {
  globalThis.onmessage = async ({data: [number, what, ...given]}) => {
    try {
      postMessage([number, await asked[what](...given)])
    } catch (error) {
      postMessage([number, null, String(error)])
    }
  }
}
