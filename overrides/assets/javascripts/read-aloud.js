// Reads a task page aloud: title, one line, what to do now, the steps, the sentences to say. With voices that are on the device
// only, so that no word of the page goes anywhere; where there is none, there is no button.

const box = document.querySelector("[data-aloud]")
const [play, speed] = box.children
const speech = globalThis.speechSynthesis
const language = document.documentElement.lang.slice(0, 2)
const WHOLE = new Set(["do-now", "steps"]) // sections that are read to the end; of the others, what is to be said
let voice
let turn = 0 // grows with every start and stop, so that what was cancelled does not go on
let now = 0
let slow = false

/** A voice of the device for the page's language; for Chinese, of Mandarin. */
function choose() {
  const own = speech
    .getVoices()
    .filter(one => one.localService && RegExp(`^${language}(?![-_](hk|mo))`, "i").test(one.lang))
  return own.find(one => /[-_](cn|gb)/i.test(one.lang)) ?? own[0]
}

/** What is read, a piece at a time. */
function pieces(article) {
  const out = []
  let part = ""
  let heading = ""
  for (const node of article.children) {
    if (node.matches("h2")) [part, heading] = [node.id, node.textContent]
    const line = node.matches("p") && article.querySelector("h1 ~ p") === node
    const all = WHOLE.has(part) && node.matches("h3, p, ul, ol, blockquote")
    if (!node.matches("h1") && !line && !all && !(node.matches("blockquote") && part !== "do-not-say")) continue
    if (heading) out.push(heading)
    heading = ""
    for (const one of node.querySelector("li, p") ? node.querySelectorAll("li, blockquote > p") : [node]) {
      const copy = one.cloneNode(true)
      for (const mark of copy.querySelectorAll("sup, .label, .caveat, .note")) mark.remove()
      out.push(copy.textContent.replace(/\s+/g, " ").trim())
    }
  }
  return out.filter(Boolean)
}

const texts = pieces(document.querySelector("article"))

function draw(reading) {
  play.textContent = box.dataset[reading ? "stop" : "play"]
  speed.textContent = box.dataset[slow ? "normal" : "slow"]
  speed.hidden = !reading
}

function stop() {
  turn++
  speech.cancel()
  draw(false)
}

function read(from) {
  stop()
  const mine = turn
  const next = n => {
    if (mine !== turn) return
    if (n >= texts.length) return stop()
    now = n
    const piece = new SpeechSynthesisUtterance(texts[n])
    Object.assign(piece, {voice, lang: voice.lang, rate: slow ? 0.7 : 1, onend: () => next(n + 1)})
    piece.onerror = () => mine === turn && stop()
    speech.speak(piece)
  }
  draw(true)
  next(from)
}

play.addEventListener("click", () => (speed.hidden ? read(0) : stop()))
speed.addEventListener("click", () => {
  slow = !slow
  read(now)
})
addEventListener("pagehide", stop)

function show() {
  voice = choose()
  box.hidden = !voice
}
speech.onvoiceschanged = show
stop()
show()
