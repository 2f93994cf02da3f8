// What is left for debts, and how it is shared. All amounts are whole fen; living costs are never touched.

import {el, fill, money, mount, put, table} from "./form.js"

const PER = {day: [365, 12], week: [52, 12], month: [1, 1], year: [1, 12]}
const INCOME = "income"
const SPECIAL = new Set(["buffer", "offer", "asked", "method"])

/**
 * An amount per day, week, month or year as fen a month; income rounds down, costs round up.
 * @type {(fen: number, per: string, up: boolean) => number}
 */
export function monthly(fen, per, up) {
  const [times, by] = PER[per] ?? PER.month
  return Math[up ? "ceil" : "floor"]((fen * times) / by) // exact: form.js reads no amount above 1e13
}

/**
 * total × weight ÷ sum, whole and left over, digit by digit: the product would be too large for a number.
 * @type {(total: number, weight: number, sum: number) => {whole: number, left: number}}
 */
export function part(total, weight, sum) {
  let [whole, left] = [0, 0]
  for (const digit of String(total)) {
    left = left * 10 + weight * Number(digit)
    const times = Math.floor(left / sum)
    whole = whole * 10 + times
    left -= times * sum
  }
  return {whole, left}
}

/**
 * {income, living, left, buffer, pay}: what a month leaves. left may be negative, pay never.
 * @type {(incomes: Array<[number, string]>, costs: Array<[number, string]>, percent: number) => Object<string, number>}
 */
export function plan(incomes, costs, percent) {
  const income = incomes.reduce((sum, [fen, per]) => sum + monthly(fen, per, false), 0)
  const living = costs.reduce((sum, [fen, per]) => sum + monthly(fen, per, true), 0)
  const left = income - living
  const buffer = left > 0 ? Math.ceil((left * Math.round(percent * 100)) / 10000) : 0
  return {income, living, left, buffer, pay: Math.max(0, left - buffer)}
}

/**
 * Divides `total` by weights; nobody gets more than their cap, every fen is given while a cap has room.
 * @type {(total: number, weights: number[], caps: number[]) => number[]}
 */
export function divide(total, weights, caps) {
  const out = weights.map(() => 0)
  let rest = Math.max(0, total)
  for (;;) {
    const open = weights.map((weight, n) => n).filter(n => weights[n] > 0 && out[n] < caps[n])
    const sum = open.reduce((all, n) => all + weights[n], 0)
    if (!rest || !open.length) return out
    const parts = open.map(n => ({n, ...part(rest, weights[n], sum)}))
    const full = parts.filter(({n, whole}) => whole >= caps[n] - out[n])
    if (full.length) {
      for (const {n} of full) {
        rest -= caps[n] - out[n]
        out[n] = caps[n]
      }
      continue
    }
    let over = rest - parts.reduce((all, {whole}) => all + whole, 0)
    parts.sort((a, b) => b.left - a.left || a.n - b.n)
    for (const {n, whole} of parts) out[n] += whole + (over-- > 0 ? 1 : 0)
    return out
  }
}

/**
 * Fen for each debt {balance, due, first}. equal, balance, or priority: those marked first get their due amount, the rest by balance.
 * @type {(total: number, debts: object[], method: string) => number[]}
 */
export function shares(total, debts, method) {
  const caps = debts.map(debt => debt.balance ?? 0)
  const byBalance = caps.map(cap => Math.max(0, cap))
  if (method === "equal")
    return divide(
      total,
      caps.map(() => 1),
      caps,
    )
  if (method !== "priority") return divide(total, byBalance, caps)
  let rest = total
  const first = debts.map((debt, n) => {
    const want = debt.first === "yes" ? Math.min(debt.due || caps[n], caps[n], rest) : 0
    rest -= want
    return want
  })
  const others = debts.map((debt, n) => (debt.first === "yes" ? 0 : byBalance[n]))
  const more = divide(rest, others, caps)
  const left = rest - more.reduce((a, b) => a + b, 0)
  const again = divide(
    left,
    byBalance,
    caps.map((cap, n) => cap - first[n] - more[n]),
  )
  return caps.map((_, n) => first[n] + more[n] + again[n])
}

/**
 * Months until a balance is gone at a share a month, without interest; null if never.
 * @type {(balance: number, share: number) => ?number}
 */
export const months = (balance, share) => (share > 0 ? Math.ceil(balance / share) : null)

/**
 * Reads the form's values: incomes and costs as [fen, per].
 * @type {(values: object, fields: object[]) => {incomes: Array<[number, string]>, costs: Array<[number, string]>}}
 */
export function lists(values, fields) {
  const amounts = fields.filter(
    field => field.kind === "money" && !field.rows && !SPECIAL.has(field.id) && values[field.id],
  )
  const pair = field => [values[field.id], values[`${field.id}-per`]]
  return {
    incomes: amounts.filter(f => f.group === INCOME).map(pair),
    costs: amounts.filter(f => f.group !== INCOME).map(pair),
  }
}

function bar(parts, tool) {
  const total = parts.reduce((sum, part) => sum + part.fen, 0)
  if (!total) return ""
  let x = 0
  const ns = "http://www.w3.org/2000/svg"
  const svg = document.createElementNS(ns, "svg")
  svg.setAttribute("viewBox", "0 0 400 28")
  svg.setAttribute("aria-hidden", "true")
  for (const [n, part] of parts.entries()) {
    const rect = document.createElementNS(ns, "rect")
    for (const [key, value] of Object.entries({
      x,
      y: 2,
      width: (400 * part.fen) / total,
      height: 24,
      class: `bar-${n}`,
    }))
      rect.setAttribute(key, value)
    x += (400 * part.fen) / total
    svg.append(rect)
  }
  return el(
    "figure",
    {class: "tool-bar"},
    el("figcaption", {}, tool.say("bar")),
    svg,
    el(
      "ul",
      {},
      parts.map((part, n) =>
        el(
          "li",
          {},
          el("span", {class: `tool-key bar-${n}`, "aria-hidden": "true"}),
          `${part.name} ${money(part.fen)} · ${Math.round((100 * part.fen) / total)}%`,
        ),
      ),
    ),
  )
}

function compute(values, tool) {
  const {incomes, costs} = lists(values, tool.data.fields)
  const got = plan(incomes, costs, values.buffer ?? 0)
  const debts = values.debts.filter(debt => debt.balance)
  const most = Math.max(0, got.left)
  const offered = values.offer ?? got.pay
  const warn = []
  if (got.left < 0) warn.push(tool.say("warn-short", {sum: money(-got.left)}))
  else if (got.pay === 0) warn.push(tool.say("warn-zero"))
  if (offered > most) warn.push(tool.say("warn-living", {sum: money(offered - most)}))
  else if (offered > got.pay) warn.push(tool.say("warn-buffer", {sum: money(offered - got.pay)}))
  const total = Math.min(offered, most)
  const parts = shares(total, debts, values.method)
  const used = parts.reduce((sum, part) => sum + part, 0)
  const row = (word, fen) => [tool.say(word), money(fen)]
  const names = debts.map((debt, n) => debt.name || tool.say("row-debts", {n: n + 1}))
  const lines = [
    row("r-income", got.income),
    row("r-living", got.living),
    row("r-left", got.left),
    row("r-buffer", got.buffer),
    row("r-pay", got.pay),
  ]
  const out = [
    warn.map(text => el("p", {class: "tool-warning", role: "alert"}, text)),
    table(tool.say("r-month"), [tool.say("r-what"), tool.say("r-sum")], lines),
    bar(
      [
        {name: tool.say("r-living"), fen: Math.min(got.living, got.income)},
        {name: tool.say("r-debts"), fen: used},
        {name: tool.say("r-kept"), fen: Math.max(0, most - used)},
      ],
      tool,
    ),
  ]
  if (debts.length) {
    out.push(
      table(
        tool.say("r-shares"),
        [tool.say("r-lender"), tool.say("r-balance"), tool.say("r-share"), tool.say("r-months")],
        debts.map((debt, n) => [
          names[n],
          money(debt.balance),
          money(parts[n]),
          months(debt.balance, parts[n]) ?? tool.say("r-never"),
        ]),
      ),
      el("p", {}, tool.say(`why-${values.method}`)),
      el("p", {class: "quiet"}, tool.say("r-interest")),
      summaries(tool, got, debts, names, parts, values),
    )
  }
  out.push(el("h3", {}, `${tool.say("e-title")} ${money(got.pay)}`))
  const safe = shares(Math.min(total, got.pay), debts, values.method)
  const to = n => el("p", {class: "quiet"}, tool.say("e-to", {name: names[n]}))
  if (!got.pay) out.push(said("say-none", tool))
  else if (!debts.length) out.push(el("p", {}, tool.say("e-all", {sum: money(got.pay)})))
  else out.push(safe.flatMap((fen, n) => (fen ? [to(n), said("say-share", tool, fen)] : [])))
  return out.flat()
}

/** A sentence to say to a lender; who reads English says the Chinese line under it. */
function said(word, tool, fen = 0) {
  const sum = {yuan: money(fen).slice(1)}
  const chinese = tool.data.chinese[word]
  const line = chinese ? el("span", {class: "chinese", lang: "zh-Hans"}, fill(chinese, sum)) : ""
  return el("blockquote", {}, el("p", {}, tool.say(word, sum), line))
}

/** One sheet for one lender: the five totals a lender asks for, and nothing else of the budget. */
function summaries(tool, got, debts, names, parts, values) {
  const pick = el(
    "select",
    {id: "budget-lender", autocomplete: "off"},
    names.map((name, n) => el("option", {value: n}, name)),
  )
  const sheet = el("div", {class: "tool-sheet"})
  const show = () => {
    const n = Number(pick.value)
    const owed = debts.reduce((sum, debt) => sum + debt.balance, 0)
    const lines = [
      ["s-income", got.income],
      ["s-living", got.living],
      ["s-owed", owed],
      ["s-balance", debts[n].balance],
      ["s-offer", parts[n]],
    ].map(([word, fen]) => [tool.say(word), money(fen)])
    if (values.reason) lines.push([tool.say("s-reason"), values.reason])
    put(
      sheet,
      table(tool.say("s-title", {name: names[n]}), [tool.say("r-what"), tool.say("s-content")], lines),
      el("p", {}, tool.say("s-sign")),
    )
  }
  pick.addEventListener("change", show)
  show()
  return [
    el("h3", {}, tool.say("s-heading")),
    el("p", {}, el("label", {for: "budget-lender"}, tool.say("s-pick")), " ", pick),
    sheet,
    tool.buttons(sheet),
  ]
}

mount("budget", {compute})
