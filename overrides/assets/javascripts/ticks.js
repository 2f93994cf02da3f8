// Keeps ticks on this device. One key per item, "tick:path#id", the same in both languages and every version.
// Without this file the boxes still tick and print; they are only forgotten when the page closes.

const PREFIX = "tick:"

/** Storage that may be forbidden or full: then ticks last as long as the page. */
function store() {
  try {
    localStorage.getItem(PREFIX)
    return localStorage
  } catch {
    return null
  }
}

const kept = store()
const boxes = [...document.querySelectorAll("input[data-tick]")]

function show() {
  for (const box of boxes) box.checked = kept?.getItem(PREFIX + box.dataset.tick) === "1"
}

function keep(box) {
  try {
    if (box.checked) kept?.setItem(PREFIX + box.dataset.tick, "1")
    else kept?.removeItem(PREFIX + box.dataset.tick)
  } catch {
    // full or forbidden: the tick stays on the page
  }
  for (const twin of boxes) if (twin !== box && twin.dataset.tick === box.dataset.tick) twin.checked = box.checked
}

function clear() {
  if (kept) for (const key of Object.keys(kept)) if (key.startsWith(PREFIX)) kept.removeItem(key)
  for (const box of boxes) box.checked = false
}

if (kept) show()
document.addEventListener("change", event => {
  if (event.target.matches?.("input[data-tick]")) keep(event.target)
})
addEventListener("storage", event => {
  if (event.key === null || event.key.startsWith(PREFIX)) show()
})
for (const button of document.querySelectorAll("button[data-clear]")) {
  button.hidden = false
  button.addEventListener("click", clear)
}
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false
  button.addEventListener("click", () => print())
}
