// Keeping: off until switched on, in this browser only, one key per tool. Files hold the same state.

const PREFIX = "tool:"
const MOST_TEXT = 2000
const MOST_ROWS = 40

function store() {
  try {
    return window.localStorage
  } catch {
    return null // forbidden: then nothing can be kept
  }
}

/** @type {(name: string) => boolean} */
export function isOn(name) {
  try {
    return store()?.getItem(PREFIX + name) != null
  } catch {
    return false
  }
}

/** @type {(name: string, state: object) => boolean} False if the browser refuses or is full. */
export function save(name, state) {
  try {
    store().setItem(PREFIX + name, JSON.stringify(state))
    return true
  } catch {
    return false
  }
}

/** @type {(name: string, fields: object[]) => ?object} */
export function load(name, fields) {
  try {
    return clean(JSON.parse(store().getItem(PREFIX + name)), fields)
  } catch {
    return null
  }
}

/** @type {(name: string) => void} */
export function forget(name) {
  try {
    store()?.removeItem(PREFIX + name)
  } catch {
    /* nothing was kept */
  }
}

/** @type {() => void} Everything this site keeps in this browser, of every tool and list. */
export function clearAll() {
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      window[name].clear()
    } catch {
      /* forbidden: nothing is there */
    }
  }
}

/**
 * Only known fields and short texts; anything else is dropped. Null if it is not a state at all.
 * @type {(raw: *, fields: object[]) => ?object}
 */
export function clean(raw, fields) {
  if (!raw || typeof raw !== "object" || Array.isArray(raw)) return null
  const text = value => (typeof value === "string" && value.length <= MOST_TEXT ? value : undefined)
  const pick = (from, list) => {
    const out = {}
    for (const field of list) {
      for (const key of field.periods ? [field.id, `${field.id}-per`] : [field.id])
        if (text(from?.[key]) !== undefined) out[key] = from[key]
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
  for (const key of ["answers"]) {
    if (raw[key] && typeof raw[key] === "object" && !Array.isArray(raw[key]))
      out[key] = Object.fromEntries(
        Object.entries(raw[key])
          .filter(([k, v]) => /^[a-z0-9-]{1,40}$/.test(k) && text(v) !== undefined)
          .slice(0, 40),
      )
  }
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
