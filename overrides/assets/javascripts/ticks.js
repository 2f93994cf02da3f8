// Keeps ticks on this device. One key per item, "tick:path#id", the same in both languages and every version.
// Without this file the boxes still tick and print; they are only forgotten when the page closes.

const PREFIX = "tick:"
const boxes = [...document.querySelectorAll("input[data-tick]")]

/** What is done with the storage; false if it is forbidden, full or not there. */
function stored(act) {
  try {
    act(localStorage)
    return true
  } catch {
    return false
  }
}

function show() {
  stored(kept => {
    for (const box of boxes) box.checked = kept.getItem(PREFIX + box.dataset.tick) === "1"
  })
}

/** One line beside what was pressed; the words stand in the page. */
function say(where, words) {
  document.querySelector(".said")?.remove()
  const line = document.createElement("span")
  line.className = "said note screen"
  line.setAttribute("role", "status")
  line.textContent = words
  where.after(line)
}

function keep(box) {
  const key = PREFIX + box.dataset.tick
  const done = stored(kept => (box.checked ? kept.setItem(key, "1") : kept.removeItem(key)))
  for (const twin of boxes) if (twin.dataset.tick === box.dataset.tick) twin.checked = box.checked
  if (!done && box.checked) say(box.parentNode, document.querySelector("button[data-full]")?.dataset.full ?? "")
}

function clear() {
  stored(kept => Object.keys(kept).forEach(key => key.startsWith(PREFIX) && kept.removeItem(key)))
  for (const box of boxes) box.checked = false
}

show()
document.addEventListener("change", event => {
  if (event.target.matches?.("input[data-tick]")) keep(event.target)
})
addEventListener("pageshow", event => event.persisted && show())
addEventListener("storage", event => {
  if (event.key === null || event.key.startsWith(PREFIX)) show()
  if (event.key === null) stored(() => sessionStorage.removeItem("typed")) // cleared elsewhere: see tools/keep.js
})
for (const button of document.querySelectorAll("button[data-clear]")) {
  button.hidden = false
  button.addEventListener("click", clear)
}
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false
  button.addEventListener("click", () => {
    try {
      print()
    } catch {
      // the line says what to do
    }
    say(button.parentNode, button.dataset.print)
  })
}
