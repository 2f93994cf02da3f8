// What a loan costs a year: the rate at which payments are worth what was received. Money in fen, time in years.

import {el, money, mount, table} from "./form.js"

const LOWEST = Math.log(0.01) // −99% a year
const HIGHEST = Math.log(1e100) // a day's loan with a third on top is far beyond a million per cent a year
const STEPS = 8000

/**
 * Every yearly rate (as a fraction, with compounding) at which the flows [[years, fen]] are worth nothing; sorted.
 * @type {(flows: Array<[number, number]>) => number[]}
 */
export function rates(flows) {
  const scale = Math.max(...flows.map(([, fen]) => Math.abs(fen)))
  const worth = x => flows.reduce((sum, [years, fen]) => sum + (fen / scale) * Math.exp(-x * years), 0)
  const found = []
  let [left, before] = [LOWEST, worth(LOWEST)]
  for (let n = 1; n <= STEPS; n++) {
    const right = LOWEST + ((HIGHEST - LOWEST) * n) / STEPS
    const now = worth(right)
    if (before === 0) found.push(left)
    else if (now !== 0 && before < 0 !== now < 0) found.push(bisect(worth, left, right, before < 0))
    left = right
    before = now
  }
  return found.map(x => Math.expm1(x))
}

function bisect(worth, left, right, rising) {
  for (let n = 0; n < 100; n++) {
    const middle = (left + right) / 2
    if (middle === left || middle === right) break
    if (worth(middle) < 0 === rising) left = middle
    else right = middle
  }
  return (left + right) / 2
}

/**
 * A rate with compounding as one a year without, for so many payments a year (the rate of a period, times the periods).
 * @type {(rate: number, times: number) => number}
 */
export const plain = (rate, times) => times * Math.expm1(Math.log1p(rate) / times)

/** @type {Object<string, number>} */
export const TIMES = {month: 12, week: 365 / 7, fortnight: 365 / 14, day: 365}

/**
 * Equal payments: one a period, the first after one period.
 * @type {(net: number, amount: number, count: number, times: number) => Array<[number, number]>}
 */
export const equal = (net, amount, count, times) => [
  [0, net],
  ...Array.from({length: count}, (_, n) => [(n + 1) / times, -amount]),
]

/**
 * Payments on days: actual days over 365.
 * @type {(net: number, start: string, payments: object[]) => Array<[number, number]>}
 */
export const dated = (net, start, payments) => [
  [0, net],
  ...payments.map(({day, sum, kind}) => [
    (Date.parse(day) - Date.parse(start)) / 86400000 / 365,
    kind === "got" ? sum : -sum,
  ]),
]

/** @type {(values: object) => object} {flows, times, paid, got} or {error} from the form's values. */
export function read(values) {
  const net = values.received - (values.upfront ?? 0)
  if (net <= 0) return {error: "none-received"}
  const rows = values.payments.filter(row => row.day || row.sum != null)
  if (rows.length) {
    if (!values.start || rows.some(row => !row.day || row.sum == null)) return {error: "need-dates"}
    if (rows.some(row => row.day < values.start)) return {error: "before-start"}
    const sum = kind =>
      rows.filter(row => (row.kind === "got") === (kind === "got")).reduce((all, row) => all + row.sum, 0)
    return {flows: dated(net, values.start, rows), times: 12, paid: sum("paid"), got: net + sum("got"), dated: true}
  }
  if (!values.count || !values.amount) return {error: "need-plan"}
  const times = TIMES[values.every] ?? 12
  return {flows: equal(net, values.amount, values.count, times), times, paid: values.amount * values.count, got: net}
}

const percent = rate => (rate > 1e4 ? "> 1,000,000%" : `${(100 * rate).toFixed(2)}%`)

function compute(values, tool) {
  const loan = read(values)
  if (loan.error) return el("p", {class: "tool-warning"}, tool.say(loan.error))
  const found = rates(loan.flows)
  const lines = [
    [tool.say("r-got"), money(loan.got)],
    [tool.say("r-paid"), money(loan.paid)],
    [tool.say("r-cost"), money(loan.paid - loan.got)],
    [tool.say("r-share"), percent((loan.paid - loan.got) / loan.got)],
  ]
  const notes = []
  if (found.length === 1) {
    lines.push([tool.say("r-plain"), percent(plain(found[0], loan.times))], [tool.say("r-compound"), percent(found[0])])
    if (found[0] < 0) notes.push(tool.say("negative"))
  } else notes.push(tool.say(found.length ? "several" : "none", {rates: found.map(percent).join(" · ")}))
  const item = tool.data.items.find(one => one.id === values.lender)
  const sheet = el(
    "div",
    {class: "tool-sheet"},
    table(tool.say("r-title"), [tool.say("r-what"), tool.say("r-value")], lines),
    notes.map(text => el("p", {class: "tool-warning"}, text)),
    el("p", {class: "quiet"}, tool.say(loan.dated ? "method-dated" : "method-equal")),
    el("h3", {}, tool.say("ceilings", {lender: item.title})),
    item.text ? el("p", {}, item.text) : "",
    (item.sources ?? []).map(id => tool.source(id, true)),
    el("p", {}, tool.say("no-verdict")),
  )
  return [sheet, tool.buttons(sheet)]
}

mount("true-cost", {compute})
