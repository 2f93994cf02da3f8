// A page opened from a result of the search: scrolls to the section that answered and marks the words in the sentence there.
// The address says which: #to=section&w=word&w=word. Whatever else stands in it, nothing is thrown.

const BLOCKS = "p, li, td, th, dd, h1, h2, h3, h4, summary"

/** The blocks of a section, or of the whole page if no section is named. */
function blocks(article, heading) {
  const all = [...article.querySelectorAll(BLOCKS)].filter(block => !block.querySelector("p, li, td"))
  if (!heading) return all
  const level = heading.tagName[1] ?? 7
  const after = all.filter(block => heading.compareDocumentPosition(block) & Node.DOCUMENT_POSITION_FOLLOWING)
  const end = after.findIndex(block => /^H\d$/.test(block.tagName) && block.tagName[1] <= level)
  return [heading, ...after.slice(0, end < 0 ? after.length : end)]
}

/** Where words stand in a block, as ranges. */
function ranges(block, words) {
  const found = []
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const text = walker.currentNode.data.toLowerCase()
    for (const word of words) {
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
        const range = new Range()
        range.setStart(walker.currentNode, at)
        range.setEnd(walker.currentNode, at + word.length)
        found.push(range)
      }
    }
  }
  return found
}

function arrive() {
  if (!location.hash.startsWith("#to=")) return
  const asked = new URLSearchParams(location.hash.slice(1))
  const words = asked
    .getAll("w")
    .map(word => word.toLowerCase())
    .filter(Boolean)
    .slice(0, 8)
  const target = document.getElementById(asked.get("to"))
  const article = document.querySelector("article") ?? document.body
  // the address that a reader copies is that of the section
  history.replaceState(history.state, "", target ? `#${target.id}` : location.pathname + location.search)
  const weigh = block => new Set(ranges(block, words).map(String)).size
  const best = blocks(article, target).reduce((a, block) => (weigh(block) > (a ? weigh(a) : 0) ? block : a), null)
  for (let part = (best ?? target)?.closest("details"); part; part = part.parentElement.closest("details"))
    part.open = true
  target?.scrollIntoView()
  if (!best) return
  best.classList.add("found")
  if (globalThis.Highlight) CSS.highlights?.set("found", new Highlight(...ranges(best, words)))
}

arrive()
addEventListener("hashchange", arrive)
