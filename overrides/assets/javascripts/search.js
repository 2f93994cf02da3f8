// What the page asks the search; the search itself is search-engine.js, fetched at the first touch of the box and run in a
// worker, so that the page goes on answering the keys of a slow phone. Nothing typed leaves the browser.
//
//   search(query, {language, limit}) -> promise of [{url, anchor, title, heading, score}], best first, one a page
//   find(query, {language, limit})   -> promise of what the box shows: own pages, pages of the other language

import manifest from "../search/manifest.js"
import {FOLDER, run} from "./folder.js"

const ENGINE = new URL("./search-engine.js", import.meta.url)

const LONGEST = 400 // characters that are searched for

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
