// The form every tool shares: reading what people type, labels, hints, errors, rows, keeping, leaving.
// Words come with the page as data; there is no prose here. Money is a whole number of fen.

import {card} from "../card.js"
import {opens} from "../folder.js"
import * as keep from "./keep.js"
import {armExit, leave} from "./quick-exit.js"
import {download} from "./save-file.js"

const MOST_FEN = 1e13
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
    .replace(/[\s,，、_']/g, "")
    .replace(/^(?:rmb|cny|¥|￥|人民币)/, "")
    .replace(/(?:元|块钱|块|圆|yuan|rmb|cny)(?:整)?$/, "")
  if (!plain) return {fen: null}
  if (/^[-−–负]/.test(plain)) return {error: "negative"}
  const parts = [...plain.matchAll(/(\d+)(?:\.(\d*))?([万萬w千亿]?)/g)]
  if (!parts.length || parts.map(p => p[0]).join("") !== plain) return {error: "money"}
  let fen = 0
  let last = 99
  for (const [, whole, fraction = "", unit] of parts) {
    const shift = 2 + (UNITS[unit] ?? 0)
    // “1万2” is said for 12,000 and written for 10,002: ask instead of guessing
    if (shift >= last || (last < 99 && !unit && whole.length < last - 2)) return {error: "money"}
    last = shift
    const digits = fraction.replace(/0+$/, "")
    if (digits.length > shift) return {error: "fen"}
    if (whole.length + shift > 15) return {error: "big"}
    fen += Number(whole + digits.padEnd(shift, "0"))
  }
  return fen > MOST_FEN ? {error: "big"} : {fen}
}

/** @type {(text: string, least?: number, most?: number) => {number?: ?number, error?: string}} */
export function parseNumber(text, least = 0, most = 1e6) {
  const plain = narrow(text).replace(/[\s,%期天个]/g, "")
  if (!plain) return {number: null}
  if (!/^-?\d+(\.\d+)?$/.test(plain)) return {error: "number"}
  const number = Number(plain)
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

export class Tool {
  constructor(section, page) {
    this.section = section
    this.data = {...tools[section.dataset.tool], start: section.dataset.start}
    this.words = this.data.words
    this.page = page
    this.name = this.data.id
    this.asked = false
    this.keeping = keep.isOn(this.name)
    this.state = (this.keeping && keep.load(this.name, this.data.fields)) || {}
    this.draw()
  }

  say(key, values = {}) {
    return fill(this.words[key] ?? key, values)
  }

  draw() {
    const paper = this.section.querySelector(".tool-paper")
    paper.hidden = true
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
    this.section.append(live)
    this.page.draw ? this.page.draw(this) : this.fields()
    this.update()
  }

  button(word, click, props = {}) {
    return el("button", {type: "button", onclick: click, ...props}, this.say(word))
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
    const list = (this.state[name] ??= [{}])
    const box = el("div", {class: "tool-rows", "data-rows": name})
    const fields = this.data.fields.filter(field => field.rows === name)
    const show = focus => {
      box.replaceChildren(
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
      out[field.rows] ??= (this.state[field.rows] ?? []).map(() => ({}))
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
      this.summary.replaceChildren(
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
    if (this.keeping && !keep.save(this.name, this.state)) this.tell("keep-full")
    if (this.asked) this.summary.hidden = this.summary.hidden || !this.errors().length
    this.update()
  }

  update() {
    if (this.page.compute && !this.asked) return this.out.replaceChildren()
    if (this.page.compute && this.errors().length) return this.out.replaceChildren()
    this.page.update?.(this)
    if (this.page.compute) this.out.replaceChildren(...[this.page.compute(this.values(), this)].flat().filter(Boolean))
  }

  tell(word, values) {
    this.notice.textContent = this.say(word, values)
  }

  // -- sources, keeping, printing ---------------------------------------------------------------

  /** A row of the register with its label and caveat. */
  source(id, long = false) {
    const row = this.data.sources[id]
    return el(
      "p",
      {class: "tool-source"},
      long ? row.says + " " : "",
      el("a", {href: below(row.href)}, row.short),
      " ",
      el("span", {class: "label"}, row.label),
      row.caveat ? el("span", {class: "caveat"}, this.say("caveat") + row.caveat) : "",
    )
  }

  link(path) {
    const page = this.data.pages[path]
    return el("a", {href: below(page.href)}, page.title)
  }

  /** Prints one element and nothing else of the page. */
  print(node) {
    node.classList.add("tool-printed")
    document.documentElement.classList.add("tool-printing")
    addEventListener(
      "afterprint",
      () => {
        node.classList.remove("tool-printed")
        document.documentElement.classList.remove("tool-printing")
      },
      {once: true},
    )
    print()
  }

  drawer() {
    const title = document.title
    const on = el("input", {type: "checkbox", id: `${this.name}-keep`, autocomplete: "off"})
    on.checked = this.keeping
    on.addEventListener("change", () => {
      this.keeping = on.checked
      if (on.checked) this.tell(keep.save(this.name, this.state) ? "keep-on" : "keep-full")
      else {
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
      this.state = got
      if (this.keeping) keep.save(this.name, this.state)
      this.redraw("import-done")
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
        this.button("export", () => download("json", keep.pack(this.name, this.state))),
        this.button("import", () => file.click()),
        file,
        this.button(
          "clear",
          () => {
            keep.clearAll()
            dispatchEvent(new Event("tool-clear"))
          },
          {"data-clear-all": true},
        ),
      ),
    )
  }

  redraw(word) {
    this.asked = false
    this.draw()
    this.section.querySelector(".tool-drawer").open = true
    this.tell(word)
  }
}

/**
 * Starts a tool in every section of that name; page: {draw?, compute?, update?}.
 * @type {(name: string, page: object) => void}
 */
export function mount(name, page) {
  for (const section of document.querySelectorAll(`section[data-tool="${name}"]`)) {
    const tool = new Tool(section, page)
    armExit(AWAY)
    addEventListener("tool-clear", () => {
      tool.state = {}
      tool.keeping = false
      tool.page.cleared?.(tool)
      tool.redraw("cleared")
    })
  }
}
