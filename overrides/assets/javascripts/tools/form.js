// The form every tool shares: reading what people type, labels, hints, errors, rows, keeping, leaving.
// Words come with the page as data; there is no prose here. Money is a whole number of fen.

import {card} from "../card.js"
import {opens} from "../folder.js"
import * as keep from "./keep.js"
import {armExit, leave} from "./quick-exit.js"
import {download} from "./save-file.js"

const MOST_FEN = 1e13
const DIGITS = "(\\d{1,3}(?:,\\d{3})+|\\d{1,3}(?:[ '_]\\d{3})+|\\d+)" // signs between digits only where they part thousands
const AMOUNTS = RegExp(`${DIGITS}(?:\\.(\\d*))?([万萬w千亿]?)`, "g")
const NUMBER = RegExp(`^(-?)${DIGITS}(\\.\\d+)?\\s*[%期天个]?$`)
const UNITS = {万: 4, 萬: 4, w: 4, 千: 3, 亿: 8}

/** @type {(text: *) => string} Full-width digits and signs to plain ones. */
export const narrow = text =>
  String(text ?? "")
    .normalize("NFKC")
    .replace(/[。．]/g, ".")
    .trim()

/**
 * What a person writes for money → {fen} or {error}; null fen for nothing. Exact: digits are moved, never multiplied as fractions.
 * @type {(text: string) => {fen?: ?number, error?: string}}
 */
export function parseMoney(text) {
  const plain = narrow(text)
    .toLowerCase()
    .replace(/\s*([^\d\s.,'_])\s*/g, "$1")
    .replace(/^(?:rmb|cny|¥|人民币)/, "")
    .replace(/(?:元|块钱|块|圆|yuan|rmb|cny)(?:整)?$/, "")
  if (!plain) return {fen: null}
  if (/^[-−–负]/.test(plain)) return {error: "negative"}
  const parts = [...plain.matchAll(AMOUNTS)]
  if (!parts.length || parts.map(p => p[0]).join("") !== plain) return {error: "money"}
  let fen = 0
  let last = 99
  for (const [, digits, cents = "", unit] of parts) {
    const whole = digits.replace(/\D/g, "")
    const shift = 2 + (UNITS[unit] ?? 0)
    // “1万2” is said for 12,000 and written for 10,002: ask instead of guessing
    if (shift >= last || (last < 99 && !unit && whole.length < last - 2)) return {error: "money"}
    last = shift
    const fraction = cents.replace(/0+$/, "")
    if (fraction.length > shift) return {error: "fen"}
    if (whole.length + shift > 15) return {error: "big"}
    fen += Number(whole + fraction.padEnd(shift, "0"))
  }
  return fen > MOST_FEN ? {error: "big"} : {fen}
}

/** @type {(text: string, least?: number, most?: number) => {number?: ?number, error?: string}} */
export function parseNumber(text, least = 0, most = 1e6) {
  const plain = narrow(text)
  if (!plain) return {number: null}
  const match = NUMBER.exec(plain)
  if (!match) return {error: "number"}
  const number = Number(match[1] + match[2].replace(/\D/g, "") + (match[3] ?? ""))
  return number < least || number > most ? {error: "range"} : {number}
}

/**
 * A day as 2026-11-22, from the forms people use → {day} or {error}; days that do not exist are errors.
 * @type {(text: string) => {day?: ?string, error?: string}}
 */
export function parseDay(text) {
  const plain = narrow(text)
  if (!plain) return {day: null}
  const match = /^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))$/.exec(plain.replace(/\s/g, ""))
  if (!match) return {error: "date"}
  const [year, month, day] = [match[1], match[2] ?? match[4], match[3] ?? match[5]].map(Number)
  const date = new Date(Date.UTC(year, month - 1, day))
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || year < 1990 || year > 2100)
    return {error: "date"}
  return {day: date.toISOString().slice(0, 10)}
}

/** @type {(fen: number) => string} 123456 → ¥1,234.56; whole yuan without a fraction. */
export function money(fen) {
  const sign = fen < 0 ? "−" : ""
  const yuan = Math.floor(Math.abs(fen) / 100)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",")
  const rest = Math.abs(fen) % 100
  return `${sign}¥${yuan}${rest ? "." + String(rest).padStart(2, "0") : ""}`
}

/** @type {(text: string, values: object) => string} */
export const fill = (text, values) =>
  text.replace(/\{([a-z][a-z0-9-]*)\}/g, (whole, key) => (key in values ? values[key] : whole))

/**
 * An element with properties and children; text is only ever set as text.
 * @type {(tag: string, props?: object, ...kids: *) => HTMLElement}
 */
export function el(tag, props = {}, ...kids) {
  const node = document.createElement(tag)
  for (const [key, value] of Object.entries(props)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value)
    else if (value === true) node.setAttribute(key, "")
    else if (value !== false && value != null) node.setAttribute(key, value)
  }
  node.append(...kids.flat().filter(kid => kid != null && kid !== ""))
  return node
}

/** @type {(node: Element, ...kids: *) => void} Puts these in the place of what stands in an element. */
export function put(node, ...kids) {
  node.textContent = ""
  node.append(...kids)
}

/**
 * A table; the first cell of a row is its heading.
 * @type {(caption: string, head: string[], rows: Array<Array>) => HTMLElement}
 */
export function table(caption, head, rows) {
  const body = rows.map(row =>
    el(
      "tr",
      {},
      row.map((cell, n) => el(n ? "td" : "th", n ? {} : {scope: "row"}, String(cell))),
    ),
  )
  return el(
    "div",
    {class: "tool-wide", tabindex: 0, role: "group", "aria-label": caption},
    el(
      "table",
      {class: "tool-table"},
      el("caption", {}, caption),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          head.map(cell => el("th", {scope: "col"}, cell)),
        ),
      ),
      el("tbody", {}, body),
    ),
  )
}

/**
 * Reads one field's text by its kind → {value} or {error}.
 * @type {(field: object, text: string) => {value?: *, error?: string}}
 */
export function read(field, text) {
  let got
  if (field.kind === "money") got = parseMoney(text)
  else if (field.kind === "number") got = parseNumber(text, field.least, field.most)
  else if (field.kind === "date") got = parseDay(text)
  else got = {value: String(text ?? "").trim() || null}
  if (got.error) return got
  const value = got.value ?? got.fen ?? got.number ?? got.day ?? null
  return value === null && field.needed ? {error: "needed"} : {value}
}

/**
 * The words and sources of every tool on the page, by name; filled by the modules in words/.
 * @type {Object<string, object>}
 */
export const tools = {}

/** An address below the site's root as one that leads there from any page. */
/** One line with a number under a field whose text calls a card; nothing of the text is kept or sent. */
async function quietly(input, line) {
  const text = input.value
  const found = await card(text, document.documentElement.lang === "en" ? "en" : "zh")
  if (text !== input.value) return
  const [number] = found?.tels ?? []
  line.hidden = !number
  const says = found?.says.split("\n").find(one => one.startsWith(number)) ?? ""
  line.replaceChildren(number ? el("a", {href: `tel:${number}`}, number) : "", says.slice(number?.length ?? 0))
}

const below = path => opens(new URL(`../../../${path}`, import.meta.url))
const AWAY = below("notes/")
const MOST_ROWS = 40
const copy = state => JSON.parse(JSON.stringify(state))

/** The fault of a tool stays in it: a line says so, and the sheet for paper is there as without a script. */
function broken(section, error) {
  console.error(error)
  section.querySelector(".tool-paper").hidden = false
  section.querySelector(".tool-broken").hidden = false
}

export class Tool {
  constructor(section, page) {
    this.section = section
    this.data = {...tools[section.dataset.tool], start: section.dataset.start}
    this.words = this.data.words
    this.page = page
    this.name = this.data.id
    this.asked = false
    for (const field of this.data.fields)
      if (field.kind === "choice" && !field.options.length)
        field.options = this.data.items.map(item => ({id: item.id, label: item.title}))
    this.keeping = keep.isOn(this.name)
    this.state = (this.keeping && keep.load(this.name, this.data.fields)) || {}
    this.draw()
    this.base = copy(this.state) // what all tabs know, to tell what this one changed
  }

  say(key, values = {}) {
    return fill(this.words[key] ?? key, values)
  }

  draw() {
    const paper = this.section.querySelector(".tool-paper")
    const open = this.section.querySelector(".tool-drawer")?.open
    this.section.querySelector(".tool-live")?.remove()
    this.form = el("div", {class: "tool-form"})
    this.summary = el("div", {class: "tool-summary", tabindex: -1, role: "group", hidden: true})
    this.out = el("div", {class: "tool-out", "aria-live": this.page.draw && !this.page.compute ? null : "polite"})
    this.notice = el("p", {class: "tool-notice", role: "status"})
    const live = el(
      "div",
      {class: "tool-live"},
      el(
        "p",
        {class: "tool-exit"},
        this.button("leave", () => leave(AWAY)),
        " ",
        el("span", {class: "quiet"}, this.say("leave-hint")),
      ),
      el("p", {}, paper.querySelector("p").textContent),
      this.summary,
      this.form,
      this.out,
      this.notice,
      this.drawer(),
    )
    live.querySelector(".tool-drawer").open = open
    this.page.draw ? this.page.draw(this) : this.fields()
    this.section.append(live)
    this.update()
  }

  button(word, click, props = {}) {
    const onclick = async () => {
      try {
        await click()
      } catch (error) {
        broken(this.section, error)
      }
    }
    return el("button", {type: "button", onclick, ...props}, this.say(word))
  }

  // -- fields -----------------------------------------------------------------------------------

  fields() {
    const single = this.data.fields.filter(field => !field.rows)
    if (this.data.fields.some(field => field.kind === "money"))
      this.form.append(el("p", {class: "quiet"}, this.say("money-hint")))
    const groups = [...new Set(single.map(field => field.group))]
    for (const group of groups) {
      const kids = single.filter(field => field.group === group).map(field => this.field(field, this.state, field.id))
      this.form.append(group ? el("fieldset", {}, el("legend", {}, this.say(group)), kids) : el("div", {}, kids))
    }
    for (const name of new Set(this.data.fields.filter(field => field.rows).map(field => field.rows))) this.rows(name)
    if (this.page.compute)
      this.form.append(
        el(
          "p",
          {},
          this.button("compute", () => this.ask(), {class: "tool-main"}),
        ),
      )
  }

  field(field, target, id) {
    const key = `${this.name}-${id}`
    const hint = field.hint
    const props = {
      id: key,
      name: key,
      autocomplete: field.autocomplete || "off",
      "aria-describedby": `${hint ? key + "-hint " : ""}${key}-error`,
      "data-field": id,
      required: false,
    }
    let input
    if (field.kind === "choice") {
      input = el(
        "select",
        props,
        field.needed ? "" : el("option", {value: ""}, this.say("choose")),
        field.options.map(option => el("option", {value: option.id}, option.label)),
      )
    } else if (field.kind === "area") {
      input = el("textarea", {...props, rows: 3, maxlength: 2000})
    } else {
      const type = field.kind === "date" ? "date" : field.kind === "time" ? "time" : "text"
      input = el("input", {
        ...props,
        type,
        inputmode: field.kind === "money" || field.kind === "number" ? "decimal" : null,
        maxlength: type === "text" ? 200 : null,
      })
    }
    input.value =
      target[field.id] ?? field.start ?? (field.kind === "choice" && field.needed ? field.options[0].id : "")
    if (input.value) target[field.id] = input.value
    input.addEventListener("input", () => {
      target[field.id] = input.value
      this.changed()
    })
    const call = el("p", {class: "quiet", role: "status", hidden: true})
    if (["area", "text"].includes(field.kind)) input.addEventListener("input", () => quietly(input, call))
    // later, so that a button does not move away under the finger that presses it
    input.addEventListener("change", () =>
      setTimeout(() => input.isConnected && this.mark(field, key, input.value), 300),
    )
    const kids = [input]
    if (field.periods) {
      const per = `${field.id}-per`
      const select = el(
        "select",
        {id: `${key}-per`, "aria-label": `${field.label} ${this.say("per")}`, autocomplete: "off"},
        ["month", "day", "week", "year"].map(unit => el("option", {value: unit}, this.say(unit))),
      )
      select.value = target[per] ?? "month"
      select.addEventListener("change", () => {
        target[per] = select.value
        this.changed()
      })
      kids.push(select)
    }
    return el(
      "div",
      {class: "tool-field"},
      el("label", {for: key}, field.label, field.needed ? "" : this.say("optional")),
      hint ? el("p", {class: "quiet", id: `${key}-hint`}, hint) : "",
      el("p", {class: "tool-error", id: `${key}-error`, hidden: true}),
      el("div", {class: "tool-input"}, kids),
      call,
    )
  }

  rows(name) {
    const list = (this.state[name] = this.state[name] ?? [{}])
    const box = el("div", {class: "tool-rows", "data-rows": name})
    const fields = this.data.fields.filter(field => field.rows === name)
    const show = focus => {
      put(
        box,
        ...list.map((row, n) =>
          el(
            "fieldset",
            {},
            el("legend", {}, this.say(`row-${name}`, {n: n + 1})),
            fields.map(field => this.field(field, row, `${name}-${n}-${field.id}`)),
            list.length > 1
              ? this.button(
                  "remove",
                  () => {
                    list.splice(n, 1)
                    show(Math.min(n, list.length - 1))
                    this.changed()
                  },
                  {"aria-label": `${this.say("remove")} ${this.say(`row-${name}`, {n: n + 1})}`},
                )
              : "",
          ),
        ),
        list.length < MOST_ROWS
          ? this.button(`add-${name}`, () => {
              list.push({})
              show(list.length - 1)
              this.changed()
            })
          : "",
      )
      if (focus !== undefined) box.querySelectorAll("fieldset")[focus]?.querySelector("input,select,textarea")?.focus()
    }
    show()
    this.form.append(box)
  }

  /** [field, id, row or state] of every field on the page, rows included. */
  each() {
    return this.data.fields.flatMap(field =>
      field.rows
        ? (this.state[field.rows] ?? []).map((row, n) => [field, `${field.rows}-${n}-${field.id}`, row])
        : [[field, field.id, this.state]],
    )
  }

  mark(field, key, text) {
    const line = document.getElementById(`${key}-error`)
    if (!line) return null
    const got = read(field, text)
    const error =
      got.error && (got.error !== "needed" || this.asked)
        ? this.say(`error-${got.error}`, {label: field.label, least: field.least ?? 0, most: field.most ?? 1e6})
        : ""
    line.hidden = !error
    line.textContent = error
    document.getElementById(key).setAttribute("aria-invalid", error ? "true" : "false")
    return error
  }

  /** Everything typed, read by kind; fields with errors are null. Rows that are empty are left out. */
  values() {
    const out = {}
    for (const field of this.data.fields)
      if (!field.rows) out[field.id] = read(field, this.state[field.id]).value ?? null
    for (const field of this.data.fields) {
      if (!field.rows) continue
      out[field.rows] = out[field.rows] ?? (this.state[field.rows] ?? []).map(() => ({}))
      out[field.rows].forEach((row, n) => {
        row[field.id] = read(field, this.state[field.rows][n][field.id]).value ?? null
      })
    }
    for (const field of this.data.fields)
      if (field.periods) out[`${field.id}-per`] = this.state[`${field.id}-per`] ?? "month"
    return out
  }

  errors() {
    return this.each()
      .map(([field, id, row]) => ({
        id: `${this.name}-${id}`,
        label: field.label,
        text: this.mark(field, `${this.name}-${id}`, row[field.id]),
      }))
      .filter(error => error.text)
  }

  ask() {
    this.asked = true
    const errors = this.errors()
    this.summary.hidden = !errors.length
    if (errors.length) {
      put(
        this.summary,
        el("p", {}, el("strong", {}, this.say("errors", {n: errors.length}))),
        el(
          "ul",
          {},
          errors.map(error =>
            el(
              "li",
              {},
              el(
                "a",
                {
                  href: `#${error.id}`,
                  onclick: event => {
                    event.preventDefault()
                    document.getElementById(error.id).focus()
                  },
                },
                error.text,
              ),
            ),
          ),
        ),
      )
      this.summary.focus()
    }
    this.update()
    return errors.length === 0
  }

  changed() {
    if (this.keeping) this.store()
    if (this.asked) this.summary.hidden = this.summary.hidden || !this.errors().length
    this.update()
  }

  update() {
    this.section.querySelector(".tool-paper").hidden = true
    this.section.querySelector(".tool-broken").hidden = true
    try {
      if (this.page.compute && (!this.asked || this.errors().length)) return put(this.out)
      this.page.update?.(this)
      if (this.page.compute) put(this.out, ...[this.page.compute(this.values(), this)].flat().filter(Boolean))
    } catch (error) {
      put(this.out)
      broken(this.section, error)
    }
  }

  tell(word, values) {
    this.notice.textContent = this.say(word, values)
  }

  // -- sources, keeping, printing ---------------------------------------------------------------

  /** A row of the register, folded: how it was read, and its caveat. */
  source(id, long = false) {
    const row = this.data.sources[id]
    const fold = el(
      "details",
      {class: "tool-source"},
      el("summary", {}, row.short),
      el("a", {href: below(row.href)}, row.name),
      " ",
      el("span", {class: "label"}, row.label),
      row.caveat ? el("span", {class: "caveat"}, this.say("caveat") + row.caveat) : "",
    )
    return long ? el("div", {}, el("p", {}, row.says), fold) : fold
  }

  link(path) {
    const page = this.data.pages[path]
    return el("a", {href: below(page.href)}, page.title)
  }

  /** Prints one element and nothing else of the page. Whether a sheet comes out, no page can see: a line says what else there is. */
  print(node) {
    const around = []
    for (let one = node.parentNode; one !== document; one = one.parentNode) around.push(one)
    let begun = false
    const begin = () => (begun = true)
    const end = () => {
      removeEventListener("beforeprint", begin)
      for (const kind of ["afterprint", "pointerdown", "keydown"]) removeEventListener(kind, end)
      node.classList.remove("tool-printed")
      for (const one of around) one.classList.remove("tool-around")
    }
    node.classList.add("tool-printed")
    for (const one of around) one.classList.add("tool-around")
    addEventListener("beforeprint", begin)
    for (const kind of ["afterprint", "pointerdown", "keydown"]) addEventListener(kind, end)
    try {
      print()
    } catch {
      // not there: the line says so
    }
    if (!begun) end()
    this.tell("hint-print")
  }

  /** Saves a file; in a messenger's browser that may do nothing, and it cannot be seen. */
  save(ending, content) {
    try {
      download(ending, content)
    } finally {
      this.tell("hint-save")
    }
  }

  /** Copies a text, and shows it where the browser may not let a page copy. */
  async copy(text) {
    const field = el("textarea", {class: "tool-copy", readonly: true, rows: 5, "aria-label": this.say("copy")})
    field.value = text
    this.section.querySelector(".tool-copy")?.remove()
    this.notice.after(field)
    let done = true
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      field.select()
      done = document.execCommand?.("copy")
    }
    this.tell(done ? "copied" : "copy-self")
  }

  /** The buttons below a sheet: copy, print, and files by the word of their button. */
  buttons(sheet, files = {}) {
    return el(
      "p",
      {class: "tool-buttons"},
      this.button("copy", () => this.copy(text(sheet))),
      this.button("print", () => this.print(sheet)),
      Object.entries(files).map(([word, save]) => this.button(word, save)),
    )
  }

  // -- one state for every tab ------------------------------------------------------------------

  /** Keeps what is typed, and takes in what another tab has kept meanwhile. */
  store() {
    const theirs = keep.load(this.name, this.data.fields)
    const state = theirs ? keep.merge(this.base, this.state, theirs) : this.state
    const full = !keep.save(this.name, state)
    this.base = copy(state)
    if (keep.flat(state) !== keep.flat(this.state)) this.adopt(state)
    if (full) this.tell("keep-full")
  }

  /** Another tab kept, stopped keeping or cleared. */
  follow(cleared) {
    if (cleared) return this.clear()
    const on = keep.isOn(this.name)
    const before = this.keeping
    this.keeping = on
    if (on) this.store()
    if (on !== before) this.adopt(this.state, on ? "keep-on" : "keep-off")
  }

  /** Shows a state; the cursor stays where it is. */
  adopt(state, word) {
    const {id, selectionStart, selectionEnd} = document.activeElement ?? {}
    this.state = copy(state)
    this.draw()
    const field = this.section.contains(document.getElementById(id)) && document.getElementById(id)
    field?.focus?.()
    if (field && selectionStart != null) field.setSelectionRange(selectionStart, selectionEnd)
    if (word) this.tell(word)
  }

  clear() {
    this.keeping = this.asked = false
    this.base = {}
    this.page.cleared?.(this)
    this.adopt({}, "cleared")
    this.base = copy(this.state)
  }

  drawer() {
    const title = document.title
    const on = el("input", {type: "checkbox", id: `${this.name}-keep`, autocomplete: "off"})
    on.checked = this.keeping
    on.addEventListener("change", () => {
      this.keeping = on.checked
      if (on.checked) {
        this.tell("keep-on")
        this.store()
      } else {
        keep.forget(this.name)
        this.tell("keep-off")
      }
    })
    const quiet = el("input", {type: "checkbox", id: `${this.name}-quiet`, autocomplete: "off"})
    quiet.addEventListener("change", () => {
      document.title = quiet.checked ? "Notes" : title
    })
    const file = el("input", {
      type: "file",
      id: `${this.name}-file`,
      accept: "application/json,.json",
      autocomplete: "off",
      hidden: true,
      tabindex: -1,
      "aria-label": this.say("import"),
    })
    file.addEventListener("change", async () => {
      const got =
        file.files[0] && file.files[0].size < 1e6
          ? keep.unpack(this.name, await file.files[0].text(), this.data.fields)
          : null
      file.value = ""
      if (!got) return this.tell("import-bad")
      this.asked = false
      this.adopt(got, "import-done")
      if (this.keeping) this.store()
    })
    return el(
      "details",
      {class: "tool-drawer"},
      el("summary", {}, this.say("drawer")),
      el("label", {class: "tick"}, on, el("span", {}, this.say("keep"))),
      el("p", {class: "quiet"}, this.say("keep-hint")),
      el("label", {class: "tick"}, quiet, el("span", {}, this.say("quiet"))),
      el(
        "p",
        {class: "tool-buttons"},
        this.button("export", () => this.save("json", keep.pack(this.name, this.state))),
        this.button("import", () => file.click()),
        file,
        this.button(
          "clear",
          () => {
            const done = keep.clearAll()
            dispatchEvent(new Event("tool-clear"))
            return done
          },
          {"data-clear-all": true},
        ),
      ),
    )
  }
}

/** What a sheet says, as text: a table's cells with tabs between them. */
function text(sheet) {
  const lines = [...sheet.querySelectorAll("caption, tr, p, li, h3")]
  return lines.map(line => [...(line.cells ?? [line])].map(cell => cell.textContent.trim()).join("\t")).join("\n")
}

/**
 * Starts a tool in every section of that name; page: {draw?, compute?, update?}.
 * @type {(name: string, page: object) => void}
 */
export function mount(name, page) {
  for (const section of document.querySelectorAll(`section[data-tool="${name}"]`)) {
    try {
      const tool = new Tool(section, page)
      armExit(AWAY)
      addEventListener("tool-clear", () => tool.clear())
      keep.watch(name, cleared => tool.follow(cleared))
    } catch (error) {
      section.querySelector(".tool-live")?.remove()
      broken(section, error)
    }
  }
}
