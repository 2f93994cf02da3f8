// What the page asks the search; the search itself is search-engine.js, fetched at the first touch of the box and run in a
// worker, so that the page goes on answering the keys of a slow phone. Nothing typed leaves the browser.
//
//   search(query, {language, limit}) -> promise of [{url, anchor, title, heading, score}], best first, one a page
//   find(query, {language, limit})   -> promise of what the box shows: own pages, pages of the other language
//   card(query)                      -> the card that stands above all results, without any index

import manifest from "../search/manifest.js"
import {FOLDER, opens, run} from "./folder.js"
import {HAN, fold} from "./search-text.js"

const ROOT = new URL("../../", import.meta.url).pathname
const ENGINE = new URL("./search-engine.js", import.meta.url)

const LONGEST = 400 // characters that are searched for
const WHOLE = 8_000 // characters of a pasted text in which a card is looked for
const SYLLABLE = 6 // letters of the longest one in pinyin
const SHORTEST = 9 // letters of a word in pinyin; a shorter one is too often another word

// ---- the cards, known before any index ------------------------------------------------------------

const [traditional, simple] = manifest.forms
const simpler = new Map([...traditional].map((char, n) => [char, simple[n]]))
const sound = new Map(
  Object.entries(manifest.sounds).flatMap(([syllable, chars]) => [...chars].map(char => [char, syllable])),
)

/** A text in the two ways in which words are looked for: its characters, and its Latin words between spaces. */
function ways(text) {
  const folded = fold(text)
  const latin = ` ${folded
    .replace(/'/g, "")
    .replace(/[^\p{Script=Latin}\p{N}]+/gu, " ")
    .trim()} `
  return {
    han: folded.replace(/[^\p{L}\p{N}]+/gu, "").replace(/[^\0-\u33ff]/g, char => simpler.get(char) ?? char),
    latin,
  }
}

/** Words by their first characters, so that a long text is read once and not once for every word. */
function table(words, size) {
  const out = new Map()
  for (const word of words) {
    const start = word.slice(0, size)
    if (out.has(start)) out.get(start).push(word)
    else out.set(start, [word])
  }
  return {size, out}
}

/**
 * Every place [from, to] where a word of a table stands in a text, in the order of the text.
 * @yields {number[]}
 */
function* places(text, {size, out}) {
  for (let from = 0; from < text.length; from++) {
    for (const word of out.get(text.slice(from, from + size)) ?? [])
      if (text.startsWith(word, from)) yield [from, from + word.length]
  }
}

/** Whether a word stands in the text that no near-miss holds. A near-miss excuses what lies within it, and nothing beside it. */
function called(text, words, near, allowed = () => true) {
  const excuses = places(text, near)
  let excuse,
    reach = 0
  for (const [from, to] of places(text, words)) {
    excuse = excuse || excuses.next()
    for (; !excuse.done && excuse.value[0] <= from; excuse = excuses.next()) reach = Math.max(reach, excuse.value[1])
    if (to > reach && allowed(from, to)) return true
  }
  return false
}

/** Latin words without the spaces between them, and where a syllable may begin or end: between words, and anywhere in a long one. */
function pinyin(latin) {
  const words = latin.trim().split(" ")
  const edges = new Set([0])
  let end = 0
  for (const word of words) {
    if (word.length > SYLLABLE) for (let n = 1; n < word.length; n++) edges.add(end + n)
    edges.add((end += word.length))
  }
  return [words.join(""), (from, to) => edges.has(from) && edges.has(to)]
}

/** Words in pinyin: those of three characters or more. */
const sounds = words =>
  words
    .filter(word => word.length > 2 && [...word].every(char => sound.has(char)))
    .map(word => [...word].map(char => sound.get(char)).join(""))
    .filter(word => word.length >= SHORTEST)

const ready = manifest.cards.map(entry => {
  const [words, near] = [entry.words, entry.near].map(list => ({
    han: table(
      list.filter(word => HAN.test(word)).map(word => ways(word).han),
      2,
    ),
    latin: table(
      list.filter(word => !HAN.test(word)).map(word => ways(word).latin),
      3,
    ),
    sound: table(sounds(list), 3),
  }))
  return {...entry, ...Object.fromEntries(Object.keys(words).map(way => [way, [words[way], near[way]]]))}
})

/**
 * The card for a query, or null: the most urgent that it calls. language: of the words on it.
 * @type {(query: string, language?: string) => ?object}
 */
export function card(query, language = "zh") {
  const {han, latin} = ways(String(query).slice(0, WHOLE))
  const [spoken, whole] = pinyin(latin)
  const entry = ready.find(
    one => called(han, ...one.han) || called(latin, ...one.latin) || called(spoken, ...one.sound, whole),
  )
  return entry ? {kind: entry.kind, tels: entry.tels, ...entry[language], url: opens(ROOT + entry[language].url)} : null
}

// ---- the two ways to ask ---------------------------------------------------------------------------

const waiting = new Map() // by number: what to do with an answer, and with an error
let number = 0
let engine // promise of a function (what, ...arguments) -> promise

/** The engine in a worker, or in the page where the browser has no worker of this kind or starts none from a folder. */
function start() {
  return new Promise((done, fail) => {
    const here = () =>
      run(ENGINE)
        .then(() => {
          searchEngine.begin(manifest.indexes)
          done(async (what, ...given) => searchEngine[what](...given))
        })
        .catch(fail)
    if (FOLDER) return here()
    let worker
    try {
      worker = new Worker(ENGINE, {type: "module"})
    } catch {
      return here()
    }
    worker.onerror = here
    worker.onmessage = ({data: [answered, answer, error]}) => {
      const [yes, no] = waiting.get(answered)
      waiting.delete(answered)
      error ? no(new Error(error)) : yes(answer)
    }
    const ask = (what, ...given) =>
      new Promise((yes, no) => {
        waiting.set(++number, [yes, no])
        worker.postMessage([number, what, ...given])
      })
    ask("begin", manifest.indexes).then(() => done(ask))
  })
}

async function ask(what, ...given) {
  engine =
    engine ||
    start().catch(error => {
      engine = null // the next question tries again
      throw error
    })
  return (await engine)(what, ...given)
}

/**
 * Promise of the index of a language, fetched once. A failed fetch may be tried again.
 * @type {(language: string) => Promise<void>}
 */
export const load = language => ask("load", language)

/**
 * What the box shows; see `find` in search-engine.js.
 * @type {(query: string, options?: {language?: string, limit?: number}) => Promise<object>}
 */
export const find = (query, options) => ask("find", String(query ?? "").slice(0, LONGEST), options)

/**
 * Pages for a query, best first, one entry a page, the reader's language before the other.
 * @type {(query: string, options?: {language?: string, limit?: number}) => Promise<object[]>}
 */
export async function search(query, {language = "zh", limit = 10} = {}) {
  const {own, other} = await find(query, {language, limit})
  return [...own, ...other]
    .slice(0, limit)
    .map(({url, anchor, title, heading, score}) => ({url, anchor, title, heading, score}))
}
