// A log of calls, visits and payments: written in the page, printed or saved as a table.

import {el, mount, table} from "./form.js"
import {csv} from "./save-file.js"

const COLUMNS = ["day", "time", "kind", "who", "number", "said", "answered", "proof"]

/** @type {(entries: object[]) => object[]} Entries in order of day and time, those without a day last. */
export const sorted = entries =>
  [...entries].sort((a, b) => `${a.day ?? "9"} ${a.time ?? ""}`.localeCompare(`${b.day ?? "9"} ${b.time ?? ""}`))

function compute(values, tool) {
  const entries = sorted(values.entries.filter(entry => COLUMNS.some(key => key !== "kind" && entry[key])))
  if (!entries.length) return el("p", {}, tool.say("nothing"))
  const fields = Object.fromEntries(tool.data.fields.map(field => [field.id, field]))
  const head = COLUMNS.map(key => fields[key].label)
  const body = entries.map(entry =>
    COLUMNS.map(key => fields[key].options?.find(option => option.id === entry[key])?.label ?? entry[key] ?? ""),
  )
  const sheet = el("div", {class: "tool-sheet"}, table(tool.say("title"), head, body))
  return [sheet, tool.buttons(sheet, {"save-csv": () => tool.save("csv", csv([head, ...body]))})]
}

mount("log", {compute})
