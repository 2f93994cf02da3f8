// Every debt in one list: the sum, an order of payment with its reason, a table file.

import {el, money, mount, table} from "./form.js"
import {csv} from "./save-file.js"

const COURT = new Set(["sued", "judged"])

/** @type {(debt: object) => number} Group of a debt: 1 secured or needed to live and work, 2 at court, 3 the rest. */
export const group = debt => (debt.secured === "yes" ? 1 : COURT.has(debt.stage) ? 2 : 3)

/**
 * The debts in order of payment: by group, then the dearest first (charges claimed per yuan of principal), then as written.
 * @type {(debts: object[]) => object[]}
 */
export function order(debts) {
  const dear = debt => (debt.principal > 0 ? (debt.charges ?? 0) / debt.principal : 0)
  return debts
    .map((debt, n) => ({...debt, n, group: group(debt)}))
    .sort((a, b) => a.group - b.group || dear(b) - dear(a) || a.n - b.n)
}

/** @type {(debts: object[]) => Object<string, number>} */
export function totals(debts) {
  const sum = key => debts.reduce((all, debt) => all + (debt[key] ?? 0), 0)
  const [principal, charges] = ["principal", "charges"].map(sum)
  return {principal, charges, all: principal + charges}
}

const COLUMNS = ["lender", "principal", "charges", "rate", "days", "secured", "stage"] // days: due, and unpaid since

/**
 * Rows of text for the table and the file; words: function from a field and value to what is shown.
 * @type {(debts: object[], shown: (field: string, value: *) => string) => string[][]}
 */
export function rows(debts, shown) {
  return order(debts).map((debt, n) => [n + 1, ...COLUMNS.map(key => shown(key, debt[key])), debt.group])
}

function compute(values, tool) {
  const debts = values.debts.filter(debt => Object.keys(debt).some(key => debt[key] != null && debt[key] !== "unknown"))
  if (!debts.length) return el("p", {}, tool.say("nothing"))
  const fields = Object.fromEntries(tool.data.fields.map(field => [field.id, field]))
  const shown = (key, value) => {
    if (value == null || value === "") return tool.say("unknown")
    if (fields[key]?.kind === "money") return money(value)
    return fields[key]?.options?.find(option => option.id === value)?.label ?? value
  }
  const named = key => (tool.words[`c-${key}`] ? tool.say(`c-${key}`) : fields[key].label)
  const head = [tool.say("c-order"), ...COLUMNS.map(named), tool.say("c-group")]
  const dated = debts.map(debt => ({...debt, days: [debt.due, debt.since].filter(Boolean).join(" / ")}))
  const open = debts.flatMap(debt => [debt.principal, debt.charges]).filter(fen => fen == null).length
  const body = rows(dated, shown).map(row => [...row.slice(0, -1), tool.say(`group-${row[row.length - 1]}`)])
  const sum = totals(debts)
  const sums = [
    ["t-principal", sum.principal],
    ["t-charges", sum.charges],
    ["t-all", sum.all],
  ].map(([word, fen]) => [tool.say(word), money(fen)])
  const groups = [...new Set(debts.map(group))].sort()
  const sheet = el(
    "div",
    {class: "tool-sheet"},
    table(tool.say("t-sums"), [tool.say("t-what"), tool.say("t-sum")], sums),
    open ? el("p", {}, tool.say("open", {n: open})) : "",
    table(tool.say("t-order"), head, body),
    el(
      "ul",
      {},
      groups.map(n => el("li", {}, tool.say(`why-${n}`))),
    ),
  )
  return [
    sheet,
    el("p", {class: "quiet"}, tool.say("experience")),
    ...Object.keys(tool.data.sources).map(id => tool.source(id)),
    tool.buttons(sheet, {"save-csv": () => tool.save("csv", csv([head, ...body]))}),
  ]
}

mount("debt-list", {compute})
