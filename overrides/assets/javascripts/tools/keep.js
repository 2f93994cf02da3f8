// Keeping: off until switched on, in this browser only, one key per tool, the same for every tab. Files hold the same state.

const PREFIX = "tool:"
const COPIES = "handbook " // what the caches of the copy without a network are called
const MOST_TEXT = 2000
const MOST_ROWS = 40
const PERIODS = ["day", "week", "month", "year"]

/** What a browser refuses (storage forbidden, full, not there) is undefined. */
function attempt(act) {
  try {
    return act()
  } catch {
    return undefined
  }
}

/** @type {(name: string) => boolean} */
export const isOn = name => attempt(() => localStorage.getItem(PREFIX + name)) != null

/** @type {(name: string, state: object) => boolean} False if the browser refuses or is full. */
export const save = (name, state) =>
  attempt(() => {
    localStorage.setItem(PREFIX + name, JSON.stringify(state))
    return true
  }) ?? false

/** @type {(name: string, fields: object[]) => ?object} */
export const load = (name, fields) =>
  attempt(() => clean(JSON.parse(localStorage.getItem(PREFIX + name)), fields)) ?? null

/** @type {(name: string) => void} */
export const forget = name => attempt(() => localStorage.removeItem(PREFIX + name))

/**
 * Calls `changed` when another tab keeps, stops keeping or clears; and when this page comes back from the browser's cache of
 * pages, which may have missed that. Its argument: whether everything was cleared.
 * @type {(name: string, changed: (cleared: boolean) => void) => void}
 */
export function watch(name, changed) {
  let mark
  addEventListener("storage", event => {
    if (event.key === null || event.key === PREFIX + name) changed(event.key === null)
  })
  // a sign without content, which clearing takes away: what was typed but not kept is then to go too
  addEventListener("pagehide", () => {
    mark = attempt(() => (sessionStorage.typed = sessionStorage.typed || Math.random().toString(36)))
  })
  addEventListener("pageshow", event => {
    if (event.persisted) changed(mark !== attempt(() => sessionStorage.typed))
  })
}

/** @type {() => Promise<void>} Everything this site keeps in this browser: of every tool and list, and the copy without a network. */
export async function clearAll() {
  attempt(() => localStorage.setItem(PREFIX, "")) // or tabs would hear nothing of clearing what is empty
  for (const name of ["localStorage", "sessionStorage"]) attempt(() => window[name].clear())
  try {
    for (const key of await caches.keys()) if (key.startsWith(COPIES)) await caches.delete(key)
    const worker = await navigator.serviceWorker.getRegistration(new URL("../../../", import.meta.url).pathname)
    await worker?.unregister()
  } catch {
    // no such copy in this browser
  }
}

/** @type {(state: *) => string} A state as text, to compare it: the same whatever the order of its fields. */
export const flat = state =>
  JSON.stringify(state, (key, value) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )

/**
 * What two tabs made of the same state: each field as the one changed it that did. base: as both had it.
 * @type {(base: *, own: *, theirs: *) => *}
 */
export function merge(base, own, theirs) {
  const [was, mine, other] = [base, own, theirs].map(flat)
  if (mine === was || mine === other) return theirs
  if (other === was || !own || !theirs || typeof own !== "object" || typeof theirs !== "object") return own
  const out = Array.isArray(own) ? [] : {}
  for (const key of Object.keys({...theirs, ...own})) {
    const value = merge(base?.[key], own[key], theirs[key])
    if (value !== undefined) out[key] = value
  }
  return out
}

/**
 * Only known fields, known choices and short texts; anything else is dropped. Null if it is not a state at all.
 * @type {(raw: *, fields: object[]) => ?object}
 */
export function clean(raw, fields) {
  if (!raw || typeof raw !== "object" || Array.isArray(raw)) return null
  const text = value => (typeof value === "string" && value.length <= MOST_TEXT ? value : undefined)
  const pick = (from, list) => {
    const out = {}
    const take = (key, choices) => {
      const value = text(from?.[key])
      if (value !== undefined && (!value || !choices?.length || choices.includes(value))) out[key] = value
    }
    for (const field of list) {
      take(
        field.id,
        field.options?.map(option => option.id),
      )
      if (field.periods) take(`${field.id}-per`, PERIODS)
    }
    return out
  }
  const out = pick(
    raw,
    fields.filter(field => !field.rows),
  )
  for (const name of new Set(fields.map(field => field.rows).filter(Boolean))) {
    if (Array.isArray(raw[name]))
      out[name] = raw[name].slice(0, MOST_ROWS).map(row =>
        pick(
          row,
          fields.filter(field => field.rows === name),
        ),
      )
    if (!out[name]?.length) delete out[name]
  }
  if (raw.answers && typeof raw.answers === "object" && !Array.isArray(raw.answers))
    out.answers = Object.fromEntries(
      Object.entries(raw.answers)
        .filter(([k, v]) => /^[a-z0-9-]{1,40}$/.test(k) && text(v) !== undefined)
        .slice(0, 40),
    )
  return out
}

/** @type {(name: string, state: object) => string} */
export const pack = (name, state) => JSON.stringify({notes: 1, tool: name, state}, null, 1)

/**
 * The state in a file's text, or null if the file is another one.
 * @type {(name: string, text: string, fields: object[]) => ?object}
 */
export function unpack(name, text, fields) {
  try {
    const file = JSON.parse(text)
    return file?.notes === 1 && file.tool === name ? clean(file.state, fields) : null
  } catch {
    return null
  }
}
