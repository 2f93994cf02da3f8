// How a page looks and opens: size and colours that stay, the menu from the keyboard, notes where they are cited,
// folded parts open in print. It takes the place of the theme's own script.

import {fragment, run} from "./folder.js"

const NAME = "reading"
const ALOUD = new URL("./read-aloud.js", import.meta.url)
const root = document.documentElement
const panel = document.querySelector("[data-reading]")
const device = globalThis.matchMedia?.("(prefers-color-scheme: dark)")

function read() {
  try {
    return JSON.parse(localStorage.getItem(NAME)) ?? {}
  } catch {
    return {}
  }
}

function apply({size, scheme}) {
  if (size && size !== "0") root.dataset.size = size
  else delete root.dataset.size
  const dark = scheme ? scheme === "slate" : device?.matches
  document.body.dataset.mdColorScheme = dark ? "slate" : "default"
}

function choose(key, value) {
  const now = {...read(), [key]: value}
  try {
    localStorage.setItem(NAME, JSON.stringify(now))
  } catch {
    // forbidden or full: the choice lasts as long as the page
  }
  apply(now)
}

if (panel) {
  const {size = "0", scheme = ""} = read()
  for (const input of panel.querySelectorAll("input")) {
    const key = input.name.replace("reading-", "")
    input.checked = input.value === (key === "size" ? size : scheme)
    input.addEventListener("change", () => choose(key, input.value))
  }
  device?.addListener?.(() => apply(read())) // Safari has no other way before 14
  addEventListener("storage", event => event.key === NAME && apply(read()))
  document.addEventListener("click", event => {
    if (panel.open && !panel.contains(event.target)) panel.open = false
  })
  panel.classList.add("ready")
}

// the menu: a label that only a mouse can reach becomes a button
const drawer = document.getElementById("__drawer")
const label = document.querySelector(".md-header label[for='__drawer']")
const menu = document.querySelector(".md-sidebar--primary")
const opener = document.createElement("button")
if (drawer && label) {
  opener.type = "button"
  opener.className = `${label.className} menu-button`
  opener.setAttribute("aria-label", panel?.dataset.menu)
  opener.setAttribute("aria-expanded", false)
  opener.append(...label.childNodes)
  label.replaceWith(opener)
  drawer.addEventListener("change", () => {
    opener.setAttribute("aria-expanded", drawer.checked)
    if (drawer.checked) menu?.querySelector(".md-nav__link")?.focus()
  })
  opener.addEventListener("click", () => drawer.click())
}

// a note opens where it is cited; without this file the number leads to the notes at the end
let note
function closeNote() {
  const from = note?.from
  note?.remove()
  note = undefined
  return from
}
function openNote(link, after, nodes, role) {
  const same = note?.from === link
  closeNote()
  if (same) return
  note = document.createElement("span")
  note.className = "note"
  note.setAttribute("role", role)
  note.tabIndex = -1
  note.from = link
  note.append(...nodes)
  after.after(note)
  note.scrollIntoView({block: "nearest"})
}
document.addEventListener("click", event => {
  const link = event.target.closest?.("a")
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey
  const source = link?.matches(".footnote-ref") && plain && document.getElementById(fragment(link.hash))
  if (source) {
    const nodes = [...(source.querySelector("p") ?? source).cloneNode(true).childNodes]
    openNote(
      link,
      link.closest("sup"),
      nodes.filter(node => !node.classList?.contains("footnote-backref")),
      "note",
    )
    note?.focus({preventScroll: true})
    event.preventDefault()
  } else if (panel && link?.protocol === "tel:")
    openNote(link, link, [panel.dataset.call.replace("{}", link.pathname)], "status") // whether it calls, no page can see
  else if (note && !note.contains(event.target)) closeNote()
})

addEventListener("keydown", event => {
  if (event.key !== "Escape") return
  if (note) closeNote()?.focus()
  else if (panel?.open) {
    panel.open = false
    panel.querySelector("summary").focus()
  } else if (drawer?.checked) {
    drawer.click()
    opener.focus()
  }
})

// what is wider than the page scrolls, from the keyboard too
for (const table of document.querySelectorAll(".md-typeset table")) {
  if (table.scrollWidth > table.clientWidth) table.tabIndex = 0
}

// folded parts: open on paper, and when an address points into one
const folded = []
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll(".md-content details:not([open])")) {
    part.open = true
    folded.push(part)
  }
})
addEventListener("afterprint", () => {
  for (const part of folded.splice(0)) part.open = false
})
function unfold() {
  const target = document.getElementById(fragment(location.hash))
  const part = target && target.closest("details:not([open])")
  if (part) {
    part.open = true
    target.scrollIntoView()
  }
}
unfold()
addEventListener("hashchange", unfold)

// reading aloud: its own file, only where a page offers it
if (document.querySelector("[data-aloud]") && "speechSynthesis" in window) run(ALOUD).catch(() => {})
