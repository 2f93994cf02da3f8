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

const waiting = new Map() // by number: what to do with an answer, and with an error, and what was asked
let number = 0
let engine // promise of a function (what, ...arguments) -> promise

/** The engine in the page, for a browser that has no worker of this kind or starts none from a folder. */
async function here() {
  await run(ENGINE)
  searchEngine.begin(manifest.indexes)
  return async (what, ...given) => searchEngine[what](...given)
}

/** The engine in a worker. Questions go out before it runs: it reads them in their order. */
function start() {
  if (FOLDER) return here()
  let worker
  try {
    worker = new Worker(ENGINE, {type: "module"})
  } catch {
    return here()
  }
  worker.onerror = () => {
    worker.terminate()
    engine = here() // which is asked again what the worker left without an answer
    engine.catch(() => {}) // a fault shows to whoever asks
    const left = [...waiting.values()]
    waiting.clear()
    for (const [yes, no, question] of left) ask(...question).then(yes, no)
  }
  worker.onmessage = ({data: [answered, answer, error]}) => {
    const [yes, no] = waiting.get(answered)
    waiting.delete(answered)
    error ? no(new Error(error)) : yes(answer)
  }
  const send = (...question) =>
    new Promise((yes, no) => {
      waiting.set(++number, [yes, no, question])
      worker.postMessage([number, ...question])
    })
  send("begin", manifest.indexes).catch(() => {})
  return Promise.resolve(send)
}

async function ask(what, ...given) {
  engine = engine || start()
  let asked
  try {
    asked = await engine
  } catch (error) {
    engine = null // the next question tries again
    throw error
  }
  return asked(what, ...given)
}

const loading = {} // by language

/** The bytes of an index, fetched while the worker starts; null if that fails: the engine then asks for itself. */
async function fetched(language) {
  if (FOLDER) return null
  try {
    const answer = await fetch(new URL(`../search/${manifest.indexes[language]}`, import.meta.url))
    return answer.ok ? await answer.arrayBuffer() : null
  } catch {
    return null
  }
}

/**
 * Promise of the index of a language, fetched once. A failed fetch may be tried again.
 * @type {(language: string) => Promise<void>}
 */
export function load(language) {
  if (!loading[language]) {
    engine = engine || start() // beside the fetch
    engine.catch(() => {}) // a fault shows to whoever asks
    loading[language] = fetched(language).then(bytes => ask("load", language, bytes))
    loading[language].catch(() => delete loading[language])
  }
  return loading[language]
}

/**
 * What the box shows; see `find` in search-engine.js.
 * @type {(query: string, options?: {language?: string, limit?: number}) => Promise<object>}
 */
export async function find(query, {language = "zh", limit} = {}) {
  await load(language)
  return ask("find", String(query ?? "").slice(0, LONGEST), {language, limit})
}

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
