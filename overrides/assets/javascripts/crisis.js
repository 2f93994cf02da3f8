// Which card a text calls, before any index: words that are never missed, and a small linear model over what stands next to each
// other in the text. How a text is cut stands here only: scripts/lab/crisis.py asks this file when it trains the weights.
// Nothing typed leaves the page.

import data from "../search/cards.js"
import {opens} from "./folder.js"
import {HAN, last} from "./search-text.js"

const ROOT = new URL("../../", import.meta.url).pathname
const WHOLE = 8_000 // characters of a text that are looked at
const WINDOW = 40 // tokens that are judged together
const CLEAR = 4 // how much surer the model must be of a clause of a short text, which it judges as a whole too
const KINDS = ["crisis", "danger", "poison"] // of the weights, one list each
// long: how much surer the model must be of a sentence or a clause of a long text, of which it judges many
const {bias, bits, classes, forms, long, step, syllables, weights} = data.model
const learnt = weights.map(([gaps, steps]) => {
  const out = new Float32Array(1 << bits)
  let at = -1
  for (let n = 0; n < gaps.length; n++) out[(at += gaps.charCodeAt(n) - 34)] = step * (steps.charCodeAt(n) - 77)
  return out
})
const simple = new Map([...forms[0]].map((char, n) => [char, forms[1][n]]))
const spoken = new Set(syllables.split(" "))
const meant = new Map(Object.entries(classes).flatMap(([sign, words]) => words.split("|").map(word => [word, sign])))
const byLength = [...meant.keys()].sort((a, b) => b.length - a.length)
const group = (words, edge = "") => `${edge}(?:${words.join("|")})${edge}`
const either = words => {
  const parts = [words.filter(word => HAN.test(word)), words.filter(word => !HAN.test(word))]
  return new RegExp(parts.flatMap((list, n) => (list.length ? group(list, n ? "\\b" : "") : [])).join("|") || "$^", "g")
}
const known = either(byLength)

/** One form for all that is typed: no marks or apostrophes, Simplified, lower case. */
const plain = text =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\p{M}\p{Cf}'’‘ʼ]/gu, "")
    .replace(/[^\0-\u33ff]/g, char => simple.get(char) ?? char)

/** The syllables of a word in pinyin, or null. */
function syllablesOf(word) {
  if (!word) return []
  for (let n = Math.min(6, word.length); n; n--) {
    const rest = spoken.has(word.slice(0, n)) && syllablesOf(word.slice(n))
    if (rest) return [word.slice(0, n), ...rest]
  }
  return null
}

/** Latin words as they are, or their syllables if all may be pinyin. */
function latin(run) {
  const words = run.split(" ").filter(Boolean)
  const cut = words.map(word => (word.length < 40 ? syllablesOf(word) : null))
  return cut.every(Boolean) && cut.flat().length > 1 ? cut.flat() : words
}

/** What a text is made of: `[token, begins a clause, ends one, ends a sentence]`. A word of a class is its capital. */
function tokens(text) {
  const out = []
  let first = true
  const end = sentence => {
    if (out.length) {
      const before = last(out)
      before[2] = true
      before[3] = before[3] || sentence
    }
    first = true
  }
  const add = token => {
    out.push([token, first, false, false])
    first = false
  }
  const short = text
    .replace(/\d+/g, n => (/^(?:12356|110|120)$/.test(n) ? n : "0"))
    .replace(known, word => meant.get(word))
  for (const [piece] of short.matchAll(/[\u3400-\u9fffA-Z]|[a-z0-9]+(?: +[a-z0-9]+)*|[^\u3400-\u9fffA-Za-z0-9]+/g)) {
    if (/^[a-z0-9]/.test(piece)) latin(piece).forEach(add)
    else if (/^[\u3400-\u9fffA-Z]/.test(piece)) add(piece)
    else if (piece.trim() || !/[A-Za-z0-9]$/.test(last(out)?.[0] ?? "")) end(/[。！？!?;；\n…]|\.\s/.test(piece))
  }
  end(true)
  return out
}

const times = Math.imul
const mixed = x => {
  x = times(x ^ (x >>> 16), 0x85ebca6b)
  return (x ^ (x >>> 13)) >>> 0
}
const joined = (a, b) => {
  const x = (times(a ^ (b >>> 3), 0x9e3779b1) + b) | 0
  return (x ^ (x >>> 15)) >>> 0
}
function hash(text, seed = 0x811c9dc5) {
  let x = seed
  for (let n = 0; n < text.length; n++) x = times(x ^ text.charCodeAt(n), 0x01000193)
  return x >>> 0
}

/** The numbers of the features at each token: it, with the one and the two before it, at the edge of a clause, parts of a word. */
function features(all) {
  const mask = (1 << bits) - 1
  const hashes = all.map(([token]) => hash(token))
  return all.map(([token, begins, ends], n) => {
    const two = n ? joined(hashes[n], hashes[n - 1]) : 0
    const found = [hashes[n]]
    if (n) found.push(two)
    if (n > 1) found.push(joined(two, hashes[n - 2]))
    if (begins) found.push(hashes[n] ^ 0x1234567)
    if (n && all[n - 1][1]) found.push(two ^ 0x1234567)
    if (ends) found.push(hashes[n] ^ 0x7654321)
    if (ends && n) found.push(two ^ 0x7654321)
    if (token.length > 3 && token.length < 20 && /^[a-z]/.test(token))
      for (let at = 0; at < token.length - 1; at++) found.push(hash(`_${token}_`.slice(at, at + 4), 0x1000193))
    return found.map(x => mixed(x) & mask)
  })
}

/** Stretches of tokens [from, to, margin] that are judged: the whole of a short text, sentences of a longer one, their clauses. */
function windows(all) {
  const short = all.length <= WINDOW
  const out = short ? [[0, all.length, 0]] : []
  let sentence = 0
  let clause = 0
  all.forEach(([, , ends, last], n) => {
    if (!ends) return
    if (n + 1 - clause <= WINDOW) out.push([clause, n + 1, short ? CLEAR : long])
    clause = n + 1
    if (!last) return
    for (let from = short ? n + 1 : sentence; from <= n; from += WINDOW / 2)
      out.push([from, Math.min(from + WINDOW, n + 1), long])
    sentence = n + 1
  })
  return out
}

/** @type {(text: string) => number[][]} The features of a short text, or of every stretch of a long one; for the lab. */
export const buckets = text => {
  const all = tokens(plain(text))
  const found = features(all)
  const judged = windows(all).slice(0, all.length > WINDOW ? undefined : 1)
  return judged.map(([from, to]) => found.slice(from, to).flat())
}

/** The kind that the model sees in a text, or undefined: of the window that says it most clearly. */
function seen(text) {
  const all = tokens(text)
  const sums = KINDS.map(() => new Float64Array(all.length + 1))
  features(all).forEach((found, n) => {
    KINDS.forEach((_, kind) => {
      let sum = sums[kind][n]
      for (const feature of found) sum += learnt[kind][feature]
      sums[kind][n + 1] = sum
    })
  })
  let best = 0
  let which
  for (const [from, to, margin] of windows(all))
    KINDS.forEach((name, kind) => {
      const score = sums[kind][to] - sums[kind][from] + bias[kind] - margin
      if (score > best) [best, which] = [score, name]
    })
  return which
}

const ready = data.cards.map(entry => ({...entry, words: either(entry.words), near: either(entry.near)}))

/** Whether a word stands in the text that no near-miss holds. A near-miss excuses what lies within it, and nothing beside it. */
function called(text, {words, near}) {
  const excuses = [...text.matchAll(near)].map(found => [found.index, found.index + found[0].length])
  return [...text.matchAll(words)].some(
    ({index, 0: word}) => !excuses.some(([from, to]) => from <= index && to >= index + word.length),
  )
}

/**
 * The card for a text, or null: the most urgent that it calls. language: of the words on it.
 * @type {(text: string, language?: string) => ?object}
 */
export function card(text, language = "zh") {
  const whole = plain(String(text).slice(0, WHOLE))
  const flat = whole.replace(/[^\p{L}\p{N}]+/gu, " ").replace(/ ?([\u3400-\u9fff]) ?/g, "$1")
  const model = seen(whole)
  const entry = ready.find(one => one.kind === model || called(flat, one))
  if (!entry) return null
  const {says, pages} = entry[language]
  return {kind: entry.kind, tels: entry.tels, says, pages: pages.map(([url, title]) => [opens(ROOT + url), title])}
}

globalThis.crisisCard = card
