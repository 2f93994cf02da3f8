// Leaving at once: a button, or the Escape key. The page left behind is not in the tab's history, and those before it stay blank
// when somebody goes back to them: each history entry notes in its state how often the tab had been left (partials/javascripts/palette.html).

let armed = false

/** @type {(away: string) => void} */
export function leave(away) {
  document.documentElement.hidden = true
  try {
    sessionStorage.left = `${1 + (parseInt(sessionStorage.left, 10) || 0)} ${away}`
  } catch {
    // forbidden: then only this page is gone
  }
  location.replace(away)
}

/**
 * Escape leaves, unless it is closing something: a search, a dialogue, the candidates of an input method.
 * @type {(away: string) => void}
 */
export function armExit(away) {
  if (armed) return
  armed = true
  document.addEventListener("keydown", event => {
    if (event.key !== "Escape" || event.isComposing || event.keyCode === 229 || event.defaultPrevented) return
    if (
      event.target.closest?.(".find, dialog, select") ||
      document.querySelector(".find [data-panel]:not([hidden]), dialog[open]")
    )
      return
    leave(away)
  })
}
