// Twelve questions about somebody who wants money or papers to "solve" a debt. The result follows a rule; red lines are named.

import {el, mount, put} from "./form.js"

/**
 * {result, red, yes, unsure, open}: stop if a red line was answered yes, check if anything else is not a clear no.
 * @type {(items: object[], answers: Object<string, string>) => object}
 */
export function judge(items, answers) {
  const by = answer => items.filter(item => answers[item.id] === answer)
  const [yes, unsure, no] = ["yes", "unsure", "no"].map(by)
  const red = yes.filter(item => item.red)
  const open = items.length - yes.length - unsure.length - no.length
  const result = red.length ? "stop" : yes.length || unsure.length ? "check" : open ? "open" : "clear"
  return {
    result,
    red: red.map(item => item.id),
    yes: yes.map(item => item.id),
    unsure: unsure.map(item => item.id),
    open,
  }
}

function draw(tool) {
  tool.state.answers = tool.state.answers ?? {}
  for (const [n, item] of tool.data.items.entries()) {
    const box = el(
      "fieldset",
      {},
      el("legend", {}, `${n + 1}. ${item.title}`),
      item.red ? el("p", {class: "quiet"}, tool.say("red")) : "",
    )
    const row = el("p", {class: "tool-buttons"})
    for (const answer of ["yes", "no", "unsure"]) {
      const id = `twelve-questions-${item.id}-${answer}`
      const input = el("input", {
        type: "radio",
        name: `twelve-questions-${item.id}`,
        id,
        value: answer,
        autocomplete: "off",
      })
      input.checked = tool.state.answers[item.id] === answer
      input.addEventListener("change", () => {
        tool.state.answers[item.id] = answer
        tool.changed()
      })
      row.append(el("label", {class: "tick", for: id}, input, el("span", {}, tool.say(answer))))
    }
    box.append(row, el("p", {class: "quiet"}, item.text), ...item.sources.map(key => tool.source(key)))
    tool.form.append(box)
  }
}

function update(tool) {
  const got = judge(tool.data.items, tool.state.answers ?? {})
  const named = ids =>
    el(
      "ul",
      {},
      tool.data.items.filter(item => ids.includes(item.id)).map(item => el("li", {}, item.title)),
    )
  put(
    tool.out,
    el("h3", {}, tool.say("result")),
    el("p", got.result === "stop" ? {class: "tool-warning"} : {}, tool.say(`result-${got.result}`, {n: got.open})),
    got.red.length ? named(got.red) : "",
    got.result === "check" ? named([...got.yes, ...got.unsure]) : "",
    el("p", {class: "quiet"}, tool.say("rule")),
  )
}

mount("twelve-questions", {draw, update})
