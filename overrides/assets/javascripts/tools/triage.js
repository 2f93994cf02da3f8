// Four questions, one at a time; every answer is a link, and the back button goes one question back.

import {el, mount} from "./form.js"

/** @type {(items: object[], id: string) => ?string} The question after the one with that id, or null after the last. */
export function next(items, id) {
  return items[items.findIndex(item => item.id === id) + 1]?.id ?? null
}

/** @type {(items: object[], hash: string) => string} The question an address names, or the first. */
export const at = (items, hash) => items.find(item => hash === `#q-${item.id}`)?.id ?? items[0].id

function draw(tool) {
  const items = tool.data.items
  const box = el("div", {class: "tool-card", tabindex: -1})
  const show = (id, focus) => {
    const item = items.find(one => one.id === id)
    const after = next(items, id)
    const link = (path, text) => el("a", {class: "tool-answer", href: tool.data.pages[path].href}, text)
    const no = after
      ? el("a", {class: "tool-answer", href: `#q-${after}`}, tool.say("no"))
      : link(item.pages[1], tool.say("no-last"))
    box.replaceChildren(
      el("p", {class: "quiet"}, tool.say("step", {n: items.indexOf(item) + 1, of: items.length})),
      el("h3", {}, item.title),
      el("p", {}, item.text),
      link(item.pages[0], tool.say("yes", {page: tool.data.pages[item.pages[0]].title})),
      no,
      ...(item.sources ?? []).map(key => tool.source(key)),
    )
    if (focus) box.focus()
  }
  tool.form.append(box)
  show(at(items, location.hash), false)
  if (!tool.listening)
    addEventListener("hashchange", () => {
      if (/^#q-|^$/.test(location.hash)) tool.show(at(items, location.hash), true)
    })
  tool.listening = true
  tool.show = show
}

mount("triage", {draw})
