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

const LONGEST = 400 // characters of a pasted text that are looked at

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
  const text = String(query).slice(0, LONGEST)
  for (const entry of ready) {
    const [not, yes] = entry.test
    let han = squeezed(text), latin = spaced(text)
    for (const word of not.han) han = han.split(word).join("|")
    for (const word of not.latin) latin = latin.split(word).join(" | ")
    if (yes.han.some(word => han.includes(word)) || yes.latin.some(word => latin.includes(word))) {
      return {kind: entry.kind, tels: entry.tels, ...entry[language], url: opens(ROOT + entry[language].url)}
    }
  }
  return null
}

// ---- the two ways to ask ---------------------------------------------------------------------------

const waiting = new Map() // by number: what to do with an answer, and with an error
let number = 0
let engine // promise of a function (what, ...arguments) -> promise

/** The engine in a worker, or in the page where the browser has no worker of this kind or starts none from a folder. */
function start() {
  return new Promise((done, fail) => {
    const here = () => (FOLDER ? run(ENGINE) : import(ENGINE)).then(() => {
      searchEngine.begin(manifest.indexes)
      done(async (what, ...given) => searchEngine[what](...given))
    }).catch(fail)
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
    const ask = (what, ...given) => new Promise((yes, no) => {
      waiting.set(++number, [yes, no])
      worker.postMessage([number, what, ...given])
    })
    ask("begin", manifest.indexes).then(() => done(ask))
  })
}

async function ask(what, ...given) {
  engine ??= start().catch(error => {
    engine = null // the next question tries again
    throw error
  })
  return (await engine)(what, ...given)
}

/** Promise of the index of a language, fetched once. A failed fetch may be tried again. */
export const load = language => ask("load", language)

/** What the box shows; see `find` in search-engine.js. */
export const find = (query, options) => ask("find", String(query ?? "").slice(0, LONGEST), options)

/** Pages for a query, best first, one entry a page, the reader's language before the other. */
export async function search(query, {language = "zh", limit = 10} = {}) {
  const {own, other} = await find(query, {language, limit})
  return [...own, ...other].slice(0, limit).map(({url, anchor, title, heading, score}) => ({url, anchor, title, heading, score}))
}
