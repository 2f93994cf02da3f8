// Days to remember, counted by rules of the register, as a calendar file with a harmless title.

import {el, mount, table} from "./form.js"
import {ics} from "./save-file.js"

const DAY = 86400000

/**
 * The last day of a period: the day it begins on is not counted. Days off are not looked at.
 * @type {(from: string, days: number) => string}
 */
export function deadline(from, days) {
  return new Date(Date.parse(from) + days * DAY).toISOString().slice(0, 10)
}

/** @type {(day: string) => boolean} */
export const weekend = day => [0, 6].includes(new Date(Date.parse(day)).getUTCDay())

/**
 * The same day of the month, `times` months on end; a month without that day has its last one.
 * @type {(from: string, times: number) => string[]}
 */
export function monthlyDays(from, times) {
  const [year, month, day] = from.split("-").map(Number)
  return Array.from({length: times}, (_, n) => {
    const last = new Date(Date.UTC(year, month + n, 0)).getUTCDate()
    return new Date(Date.UTC(year, month - 1 + n, Math.min(day, last))).toISOString().slice(0, 10)
  })
}

/**
 * Days of one row of the form; rule: {days?} of the register. The last day printed on the paper decides, and nothing is
 * counted. Each with the earlier reminders asked for.
 * @type {(row: object, rule: object) => object[]}
 */
export function daysOf(row, rule) {
  const main = row.printed
    ? [row.printed]
    : rule.days
      ? [deadline(row.from, rule.days)]
      : monthlyDays(row.from, row.times || 1)
  const early =
    row.early > 0 ? main.map(day => deadline(day, -row.early)).filter(day => !row.from || day > row.from) : []
  return [...early, ...main].sort()
}

function compute(values, tool) {
  const rules = Object.fromEntries(tool.data.items.map(item => [item.id, item]))
  const rows = values.reminders.filter(row => row.from || row.printed).map(row => ({...row, item: rules[row.rule]}))
  if (!rows.length) return el("p", {}, tool.say("nothing"))
  const all = rows.flatMap(row =>
    daysOf(row, row.item).map(day => ({day, title: row.title || tool.say("calendar-title"), item: row.item})),
  )
  const week = tool.say("week").split(" ")
  const lines = all.map(({day, item, title}) => [day, week[new Date(day).getUTCDay()], item.title, title])
  const off = all.some(event => event.item.days && weekend(event.day))
  const ids = [...new Set(rows.flatMap(row => row.item.sources ?? []))]
  const sheet = el(
    "div",
    {class: "tool-sheet"},
    table(
      tool.say("days"),
      ["d-day", "d-week", "d-what", "d-title"].map(word => tool.say(word)),
      lines,
    ),
  )
  return [
    sheet,
    off ? el("p", {class: "tool-warning"}, tool.say("weekend")) : "",
    el("p", {}, tool.say("not-moved")),
    ...ids.map(id => tool.source(id, true)),
    tool.buttons(sheet, {"save-ics": () => tool.save("ics", ics(all, new Date()))}),
  ]
}

function draw(tool) {
  tool.state.reminders = tool.state.reminders ?? [{rule: tool.data.start || tool.data.items[0].id}]
  tool.fields()
}

mount("reminders", {draw, compute})
