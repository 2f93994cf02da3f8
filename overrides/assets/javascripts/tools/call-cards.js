// Cards for a call: what they say, what you can say, what to write down. One at a time, within reach of a thumb.

import {el, mount, put} from "./form.js"

const CHINESE = {class: "chinese", lang: "zh-Hans"}

function draw(tool) {
  const card = el("div", {class: "tool-card", tabindex: -1})
  const show = item => {
    put(
      card,
      el("p", {class: "quiet"}, tool.say("they-say")),
      el("p", {}, item.title),
      el("p", {class: "quiet"}, tool.say("you-say")),
      el("blockquote", {}, el("p", {}, item.text, item.chinese ? el("span", CHINESE, item.chinese) : "")),
      el("p", {class: "quiet"}, tool.say("write-down")),
      el("p", {}, item.write),
      ...(item.sources ?? []).map(id => tool.source(id)),
      ...(item.pages ?? []).map(path => el("p", {}, tool.link(path))),
    )
    for (const button of list.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.dataset.card === item.id))
    card.focus()
  }
  const list = el(
    "p",
    {class: "tool-buttons", role: "group", "aria-label": tool.say("they-say")},
    tool.data.items.map(item =>
      el(
        "button",
        {type: "button", "data-card": item.id, "aria-pressed": "false", onclick: () => show(item)},
        item.title,
      ),
    ),
  )
  tool.form.append(list, card)
}

mount("call-cards", {draw})
