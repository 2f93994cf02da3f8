// Letters and messages: blanks are filled, sentences of law stay as the register has them.

import {el, fill, mount, money, put, read} from "./form.js"
import {docx} from "./save-file.js"

const BLANK = /\{([a-z][a-z0-9-]*)\}/g
const GAP = "________"

/** @type {(parts: object[]) => string[]} Names of the blanks of a letter, in order, once each. */
export function blanks(parts) {
  return [...new Set(parts.flatMap(part => [...(part.text ?? "").matchAll(BLANK)].map(match => match[1])))]
}

/**
 * Paragraphs {text, law, gaps} of a letter. texts: what goes into each blank; laws: locked sentences by id. An optional paragraph with an empty blank is left out.
 * @type {(parts: object[], texts: Object<string, string>, laws: Object<string, string>) => object[]}
 */
export function compose(parts, texts, laws) {
  const out = []
  for (const part of parts) {
    if (part.law) {
      out.push({text: laws[part.law], law: part.law, gaps: []})
      continue
    }
    const gaps = blanks([part]).filter(key => !texts[key])
    if (gaps.length && part.optional) continue
    out.push({text: fill(part.text, Object.fromEntries(blanks([part]).map(key => [key, texts[key] || GAP]))), gaps})
  }
  return out
}

/** @type {(field: object, value: *, lang: string) => string} What a field's value looks like in a letter. */
export function shown(field, value, lang) {
  if (value == null) return ""
  if (field.kind === "money") return lang === "zh" ? `${money(value).slice(1)} 元` : money(value)
  if (field.kind === "date" && lang === "zh") {
    const [year, month, day] = value.split("-").map(Number)
    return `${year} 年 ${month} 月 ${day} 日`
  }
  return String(value).replace(/\s+/g, " ")
}

function choice(tool, id, word, options, value, change) {
  const select = el(
    "select",
    {id: `letters-${id}`, autocomplete: "off"},
    options.map(([key, text]) => el("option", {value: key}, text)),
  )
  select.value = value
  select.addEventListener("change", () => change(select.value))
  return el(
    "div",
    {class: "tool-field"},
    el("label", {for: `letters-${id}`}, tool.say(word)),
    el("div", {class: "tool-input"}, select),
  )
}

function draw(tool) {
  const answers = (tool.state.answers = tool.state.answers ?? {})
  const letters = tool.data.items
  if (!letters.some(item => item.id === answers.kind)) answers.kind = tool.data.start || letters[0].id
  const body = el("div", {})
  const set = key => value => {
    answers[key] = value
    show()
    tool.changed()
  }
  const show = () => {
    tool.letter = letters.find(item => item.id === answers.kind)
    put(body)
    put(tool.out)
    if (answers.court !== "no") {
      if (answers.court === "yes")
        body.append(
          el("div", {class: "tool-warning"}, el("p", {}, tool.say("stop")), el("p", {}, tool.link(tool.data.page))),
        )
      return
    }
    const item = tool.letter
    body.append(
      el("h3", {}, item.title),
      el("p", {}, el("strong", {}, tool.say("saying")), item.text),
      el("p", {}, el("strong", {}, tool.say("does")), item.more),
      el("p", {class: "quiet"}, tool.say("no-numbers")),
    )
    const wanted = blanks(item.parts)
    tool.used = tool.data.fields.filter(field => wanted.includes(field.id))
    body.append(...tool.used.map(field => tool.field(field, tool.state, field.id)))
    preview(tool)
  }
  tool.form.append(
    choice(
      tool,
      "court",
      "court",
      [
        ["", tool.say("choose")],
        ["no", tool.say("court-no")],
        ["yes", tool.say("court-yes")],
      ],
      answers.court ?? "",
      set("court"),
    ),
    choice(
      tool,
      "kind",
      "kind",
      letters.map(item => [item.id, item.title]),
      answers.kind,
      set("kind"),
    ),
    body,
  )
  show()
}

/** The letter as it stands: {paragraphs, gaps}. */
function current(tool) {
  const texts = {}
  for (const field of tool.used) texts[field.id] = shown(field, read(field, tool.state[field.id]).value, tool.data.lang)
  const laws = Object.fromEntries(
    Object.entries(tool.data.sources)
      .filter(([, row]) => row.locked)
      .map(([id, row]) => [id, row.locked]),
  )
  const paragraphs = compose(tool.letter.parts, texts, laws)
  return {paragraphs, gaps: [...new Set(paragraphs.flatMap(p => p.gaps))]}
}

function preview(tool) {
  const {paragraphs, gaps} = current(tool)
  const fields = Object.fromEntries(tool.used.map(field => [field.id, field]))
  const sheet = el(
    "div",
    {class: "tool-sheet"},
    gaps.length ? el("p", {class: "tool-gap"}, tool.say("gaps-print")) : "",
    paragraphs.map(p => el("p", {class: `tool-line${p.law ? " tool-locked" : ""}`}, p.text)),
  )
  const warning = el("div", {class: "tool-warning", role: "alert", hidden: true})
  const guard = act => () => {
    if (!gaps.length) return act()
    warning.hidden = false
    put(
      warning,
      el(
        "p",
        {},
        tool.say("gaps", {names: gaps.map(key => fields[key].label).join(tool.data.lang === "zh" ? "、" : ", ")}),
      ),
      el(
        "p",
        {class: "tool-buttons"},
        tool.button("gaps-fill", () => document.getElementById(`letters-${gaps[0]}`).focus()),
        tool.button("gaps-anyway", act),
      ),
    )
    warning.querySelector("button").focus()
  }
  const lines = paragraphs.map(p => p.text)
  const laws = [...new Set(paragraphs.map(p => p.law).filter(Boolean))]
  put(
    tool.out,
    el("h3", {}, tool.say("preview")),
    sheet,
    laws.length ? el("p", {class: "quiet"}, tool.say("locked")) : "",
    ...laws.map(id => tool.source(id)),
    warning,
    el(
      "p",
      {class: "tool-buttons"},
      tool.button(
        "copy",
        guard(() => tool.copy(lines.join("\n\n"))),
      ),
      tool.button(
        "print",
        guard(() => tool.print(sheet)),
      ),
      tool.button(
        "save-txt",
        guard(() => tool.save("txt", lines.join("\r\n\r\n") + "\r\n")),
      ),
      tool.button(
        "save-docx",
        guard(() => tool.save("docx", docx(lines))),
      ),
    ),
  )
}

function update(tool) {
  if (tool.letter && tool.state.answers?.court === "no") preview(tool)
}

mount("letters", {
  draw,
  update,
  cleared: tool => {
    tool.letter = null
  },
})
