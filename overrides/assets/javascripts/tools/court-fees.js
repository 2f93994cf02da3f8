// What a court charges for a sum sued for: band by band, as the items of the register say. Money in fen, exact.

import {el, money, mount, table} from "./form.js"

/**
 * bands: {to, fee} or {to, permille} in yuan, from the lowest; null above the last.
 * @type {(fen: number, bands: object[]) => ?number}
 */
export function fee(fen, bands) {
  let [sum, from] = [0, 0]
  for (const {to, fee = 0, permille = 0} of bands) {
    sum += fee * 100 + ((Math.min(fen, to * 100) - from) * permille) / 1000
    from = to * 100
    if (fen <= from) return Math.round(sum)
  }
  return null
}

function compute({sum}, tool) {
  const bands = tool.data.items
  const full = fee(sum, bands)
  const sources = Object.keys(tool.data.sources).map(id => tool.source(id))
  if (full === null) {
    const most = money(bands[bands.length - 1].to * 100)
    return [el("p", {class: "tool-warning"}, tool.say("over", {most})), ...sources]
  }
  const lines = [
    ["r-full", full],
    ["r-half", Math.round(full / 2)],
    ["r-order", Math.round(full / 3)],
  ].map(([word, fen]) => [tool.say(word), money(fen)])
  const head = [tool.say("r-what"), tool.say("r-sum")]
  const sheet = el("div", {class: "tool-sheet"}, table(tool.say("result", {sum: money(sum)}), head, lines))
  return [sheet, el("p", {}, tool.say("who")), ...sources, tool.buttons(sheet)]
}

mount("court-fees", {compute})
