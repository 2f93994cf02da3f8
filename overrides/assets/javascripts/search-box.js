// The search box: a combobox with a list of results. What is found comes from search.js; this file only shows it.
// Without it a link to the A-Z index stands in its place. Nothing typed is stored or sent; an open search is kept in the
// fragment of the address (#q=...), which a browser never sends, so that "back" returns to the results.

import {card} from "./card.js"
import {FOLDER, opens, run} from "./folder.js"
import {find, load} from "./search.js"

const SAY = {
  zh: {
    count: n => `最接近的 ${n} 页`,
    other: n => `英文里有 ${n} 页`,
    used: words => `按这些词找的：${words.join("、")}`,
    none: "没有找到一样的说法。可以换几个字，或者先看这几页：",
    loading: "正在打开索引…",
    failed: "搜索现在打不开。刷新网页再试，或者先按拼音找：",
    checked: day => `${day} 核对`,
    ended: day => `已结束（${day}）`,
    index: "按拼音查索引",
    hint: "用自己的话写就行，拼音、繁体也可以。",
    call: "电话",
    read: "看这一页：",
    near: [
      ["start/most-urgent/", "现在最急的是什么"],
      ["start/next-30-minutes/", "接下来的三十分钟"],
      ["strategies/first-call/", "第一次打电话：照着说"],
      ["legal/collectors-limits/", "催收能做什么，不能做什么"],
    ],
  },
  en: {
    count: n => (n === 1 ? "1 page" : `The nearest ${n} pages`),
    other: n => `${n} ${n === 1 ? "page" : "pages"} in Chinese`,
    used: words => `Searched for: ${words.join(", ")}`,
    none: "Nothing found in these words. Try other words, or one of these pages:",
    loading: "Opening the index…",
    failed: "The search does not open now. Reload the page to try again, or use the A-Z index:",
    checked: day => `checked ${day}`,
    ended: day => `ended (${day})`,
    index: "A-Z index",
    hint: "Write it in your own words.",
    call: "Call",
    read: "Read this page: ",
    near: [
      ["en/start/most-urgent/", "What is most urgent right now"],
      ["en/start/next-30-minutes/", "Your next 30 minutes"],
      ["en/strategies/first-call/", "First call: what to say"],
      ["en/legal/collectors-limits/", "What collectors may and may not do"],
    ],
  },
}
const ROOT = new URL("../../", import.meta.url).pathname
const LONE = /[\ud800-\udfff]/gu // half a character, which no address can hold
const ARRIVE = new URL("./arrive.js", import.meta.url)
// what somebody in danger need not read first: death, and what becomes of a debt after it
const AFTER =
  /[死亡殁]|去世|过世|身故|遗产|遗嘱|继承|人没了|\b(?:die[ds]?|dead|death|deceased|inherit\w*|estates?|heirs?|will and)\b/i
const AFTER_THE_RESULTS = 400 // milliseconds that the cards wait for the first results, which need the device as they do
const WEAK = 0.12 // of the best score: below it a page only shares a word or two with the question

/** The fragment that opens a result: at a section, with words to mark. It is never sent; see arrive.js. */
function arrival({anchor, words}) {
  if (!words?.length) return anchor ? `#${anchor}` : ""
  return `#${new URLSearchParams([["to", anchor], ...words.map(word => ["w", word])])}`
}

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  node.append(...children.filter(child => child !== ""))
  return node
}

function start(form) {
  const language = form.dataset.find
  const say = SAY[language]
  const input = form.querySelector("input")
  const panel = form.querySelector("[data-panel]")
  const status = form.querySelector("[data-status]")
  const list = form.querySelector("[role=listbox]")
  const above = form.querySelector("[data-card]")
  let composing = false
  let turn = 0
  let active = -1
  let opener = null
  let pasted = "" // a text longer than the box, for the card
  let answer // promise of the last results asked for
  let started // promise of the index being open and what was asked meanwhile answered, or of that taking too long

  input.setAttribute("role", "combobox")
  input.setAttribute("aria-autocomplete", "list")
  input.setAttribute("aria-controls", list.id)
  input.setAttribute("aria-expanded", "false")

  const options = () => [...list.querySelectorAll("[role=option]")]

  /** Promise of the card for a text. */
  function called(text) {
    const opened = () =>
      load(language)
        .catch(() => {})
        .then(() => answer)
    started = started ?? Promise.race([opened(), new Promise(late => setTimeout(late, AFTER_THE_RESULTS))])
    return started.then(() => card(text, language))
  }

  function open() {
    panel.hidden = false
    form.classList.add("find--open")
    input.setAttribute("aria-expanded", String(options().length > 0))
    called("") // the first touch fetches the index and the cards; a failure shows when something is typed
  }

  function close() {
    panel.hidden = true
    form.classList.remove("find--open")
    input.setAttribute("aria-expanded", "false")
    choose(-1)
    if (opener) {
      opener.focus()
      opener = null
    }
  }

  function choose(number) {
    const all = options()
    all[active]?.setAttribute("aria-selected", "false")
    active = number
    const option = all[active]
    if (option) {
      option.setAttribute("aria-selected", "true")
      option.scrollIntoView({block: "nearest"})
      input.setAttribute("aria-activedescendant", option.id)
    } else input.removeAttribute("aria-activedescendant")
  }

  function showCard(found) {
    above.hidden = !found
    above.className = `find-card ${found?.kind ?? ""}`
    above.textContent = ""
    if (!found) return
    for (const line of found.says.split("\n")) {
      const number = found.tels.find(tel => line.startsWith(tel))
      const tel = number ? make("a", {href: `tel:${number}`, class: "tel"}, `${say.call} ${number}`) : ""
      above.append(make("p", {}, tel, line.slice(number?.length ?? 0)))
    }
    const [[url, title]] = found.pages
    above.append(make("p", {}, make("a", {href: url}, say.read + title)))
  }

  function option(result, number) {
    const where = [result.page ?? result.group, result.heading === result.title ? "" : result.heading]
    const about = [result.day && say.checked(result.day), where.filter(Boolean).join(" › ")].filter(Boolean).join(" · ")
    const marks = [result.mark, result.ended && say.ended(result.ended)].filter(Boolean)
    const lang = result.language === "zh" ? "zh-Hans" : "en"
    const link = make("a", {
      role: "option",
      id: `find-${number}`,
      href: result.url + arrival(result),
      tabindex: "-1",
      "aria-selected": "false",
      class: result.kind ? "find-result find-answer" : "find-result",
      lang,
    })
    link.append(make("span", {class: "find-title"}, result.title))
    if (marks.length) link.append(make("span", {class: "find-mark"}, marks.join(" · ")))
    const place = about && make("span", {class: "find-where"}, about)
    if (place && !result.kind) link.append(place)
    if (result.snippet)
      link.append(
        make(
          "span",
          {class: "find-text"},
          ...result.snippet.map(([text, marked]) => (marked ? make("mark", {}, text) : text)),
        ),
      )
    if (place && result.kind) link.append(place)
    return link
  }

  const page = ([url, title]) => ({url, title, group: "", heading: "", anchor: "", language})

  /** Results under a card for people: its pages first, then what does not speak of death, then the rest without its text. */
  function calm(found, pages) {
    const speaks = result => AFTER.test(result.title + result.heading + result.snippet.map(([text]) => text).join(""))
    const left = found.filter(result => !pages.some(([url]) => url === result.url))
    const after = left.filter(speaks).map(result => ({...result, heading: "", anchor: "", snippet: null}))
    return [...pages.map(page), ...left.filter(result => !speaks(result)), ...after]
  }

  function show({answers, own, other, used}, card) {
    choose(-1)
    list.textContent = ""
    const known = answers.length || own.length || other.length
    const good = own.filter(result => result.score > WEAK * own[0].score)
    const pages = card && card.kind !== "verdict" ? card.pages : []
    if (pages.length) other = []
    const near = () => say.near.map(([url, title]) => page([opens(ROOT + url), title]))
    const rows = pages.length ? calm(good, pages) : known ? [...answers, ...good] : near()
    rows.forEach((result, n) => list.append(option(result, n)))
    if (other.length) {
      const id = "find-other"
      const group = make("div", {role: "group", "aria-labelledby": id})
      group.append(make("div", {id, class: "find-group", role: "presentation"}, say.other(other.length)))
      other.forEach((result, n) => group.append(option(result, rows.length + n)))
      list.append(group)
    }
    input.setAttribute("aria-expanded", "true")
    status.textContent = known
      ? say.count(pages.length ? rows.length : good.length) +
        (other.length ? ` · ${say.other(other.length)}` : "") +
        (used.length ? ` · ${say.used(used)}` : "")
      : say.none
  }

  function clear() {
    list.textContent = ""
    input.setAttribute("aria-expanded", "false")
    status.textContent = say.hint
  }

  async function run() {
    const query = input.value
    const mine = ++turn
    if (query.length < input.maxLength) pasted = ""
    let calls, found
    called(`${query} ${pasted}`).then(it => {
      if (mine !== turn) return
      showCard((calls = it)) // needs no index: despair is answered at once
      if (calls && found) show(found, calls)
    })
    list.setAttribute("aria-busy", !!query.trim()) // the list is an earlier answer
    if (!query.trim()) return clear()
    if (!list.childElementCount) status.textContent = say.loading
    answer = find(query, {language}).catch(() => {})
    found = await answer
    if (mine !== turn) return
    list.setAttribute("aria-busy", false)
    if (found) return show(found, calls)
    clear()
    status.textContent = say.failed
    list.append(option({url: form.querySelector(".find-without").href, title: say.index, language}, 0))
    input.setAttribute("aria-expanded", "true")
  }

  /** Leaves a way back to these results in the part of the address that is never sent. */
  function remember() {
    const query = input.value.trim()
    if (query) history.replaceState(history.state, "", `#q=${encodeURIComponent(query.replace(LONE, "\ufffd"))}`)
  }

  input.addEventListener("compositionstart", () => (composing = true))
  input.addEventListener("compositionend", () => {
    composing = false
    run()
  })
  input.addEventListener("input", event => {
    if (composing || event.isComposing) return
    open()
    run()
  })
  input.addEventListener("paste", event => (pasted = event.clipboardData?.getData("text") ?? ""))
  input.addEventListener("focus", open)
  input.addEventListener("pointerdown", open)

  input.addEventListener("keydown", event => {
    if (composing || event.isComposing || event.keyCode === 229) return // the keys belong to the input method
    const count = options().length
    if (event.key === "ArrowDown" && count) choose(active < count - 1 ? active + 1 : 0)
    else if (event.key === "ArrowUp" && count) choose(active > 0 ? active - 1 : count - 1)
    else if (event.key === "Escape") {
      if (input.value) {
        input.value = ""
        run()
      } else {
        close()
        input.blur()
      }
    } else if (event.key === "Enter" && active >= 0) {
      remember()
      options()[active].click()
    } else return
    event.preventDefault()
  })

  form.addEventListener("submit", event => {
    event.preventDefault()
    remember()
    // a phone's keyboard covers the results: put it away
    if (globalThis.matchMedia?.("(pointer: coarse)").matches) input.blur()
    run()
  })
  list.addEventListener("click", event => {
    if (!event.target.closest("[role=option]")) return
    remember()
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
      panel.hidden = true
      form.classList.remove("find--open")
    }
  })
  list.addEventListener("pointerdown", event => event.preventDefault()) // the box keeps the focus

  form.querySelector("[data-close]").addEventListener("click", close)
  for (const button of document.querySelectorAll("[data-search-open]")) {
    button.textContent = button.dataset.searchOpen // until now it led to the index, and said so
    button.addEventListener("click", event => {
      event.preventDefault()
      opener = button
      open()
      input.focus()
    })
    button.addEventListener("pointerdown", () => load(language).catch(() => {}))
  }
  document.addEventListener("pointerdown", event => {
    if (!panel.hidden && !form.contains(event.target) && !event.target.closest?.("[data-search-open]")) {
      opener = null
      close()
    }
  })
  form.addEventListener("focusout", event => {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) {
      opener = null
      close()
    }
  })
  document.addEventListener("keydown", event => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]")
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey
    const controlK = event.key?.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey
    if (!slash && !controlK) return
    event.preventDefault()
    opener = document.activeElement === document.body ? null : document.activeElement
    open()
    input.focus()
    input.select()
  })

  function fromAddress(changed) {
    const query = new URLSearchParams(
      location.hash.startsWith("#q=") ? location.hash.slice(1) : changed ? "" : location.search,
    ).get("q")
    if (!query) return
    input.value = query.slice(0, input.maxLength)
    pasted = query
    open()
    input.focus()
    run()
  }
  addEventListener("hashchange", fromAddress) // a search from the address bar, on its own page
  addEventListener("pageshow", event => {
    if (event.persisted) fromAddress()
  })
  clear()
  form.classList.add("find--ready") // only now is it shown
  fromAddress()
  if (input.value && panel.hidden) {
    open() // typed, or filled in by the browser, before this file came
    run()
  }
}

if (location.hash.startsWith("#to=")) FOLDER ? run(ARRIVE) : import(ARRIVE)
const form = document.querySelector("[data-find]")
if (form) start(form)
