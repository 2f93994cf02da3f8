// The card that a text calls, see crisis.js, which is fetched at the first question.

import {run} from "./folder.js"

const FILE = new URL("./crisis.js", import.meta.url)
let asked

/**
 * Promise of the card for a text, or of null; null too where its file does not open.
 * @type {(text: string, language: string) => Promise<?object>}
 */
export const card = (text, language) =>
  (asked = asked ?? run(FILE)).then(
    () => globalThis.crisisCard(text, language),
    () => (asked = null),
  )
