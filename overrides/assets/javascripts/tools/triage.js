// Four questions, one at a time. A question takes the place of the one before in the tab's history: what is left leaves no trail.

import {fragment} from "../folder.js"
import {el, mount, put} from "./form.js"

/** @type {(items: object[], id: string) => ?string} The question after the one with that id, or null after the last. */
export function next(items, id) {
  return items[items.findIndex(item => item.id === id) + 1]?.id ?? null
}

/** @type {(items: object[], hash: string) => string} The question an address names, or the first. */
export const at = (items, hash) => items.find(item => fragment(hash) === `q-${item.id}`)?.id ?? items[0].id

function draw(tool) {
  const items = tool.data.items
  const box = el("div", {class: "tool-card", tabindex: -1})
  const show = (id, focus) => {
    const item = items.find(one => one.id === id)
    const after = next(items, id)
    const before = items[items.indexOf(item) - 1]
    const go = to => event => {
      event?.preventDefault()
      history.replaceState(history.state, "", `#q-${to}`)
      show(to, true)
    }
    const link = (path, text) => el("a", {class: "tool-answer", href: tool.data.pages[path].href}, text)
    const no = after
      ? el("a", {class: "tool-answer", href: `#q-${after}`, onclick: go(after)}, tool.say("no"))
      : link(item.pages[1], tool.say("no-last"))
    put(
      box,
      el("p", {class: "quiet"}, tool.say("step", {n: items.indexOf(item) + 1, of: items.length})),
      el("h3", {}, item.title),
      el("p", {}, item.text),
      link(item.pages[0], tool.say("yes", {page: tool.data.pages[item.pages[0]].title})),
      no,
      before ? tool.button("back", go(before.id)) : "",
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
