// Keeps the reader's language on the device, says so, and lets it be turned off. Nothing is kept before the first
// page has been shown, nor on a connection that asks for little data: then a button asks first.

import {FOLDER} from "./folder.js"

const SAY = {
  zh: {
    title: "没有网络时",
    none: "还没有存在这台设备上。",
    working: "正在存…",
    ready: "已经存在这台设备上，没有网络也能看。",
    off: "离线已关闭，存下的内容已清除。",
    full: "设备空间不够，没有存下。",
    failed: "没有存成，下次打开再试。",
    keep: {zh: "存下中文版", en: "存下英文版", "zh-pdf": "存下中文 PDF", "en-pdf": "存下英文 PDF"},
    drop: "关闭并清除",
  },
  en: {
    title: "Without a network",
    none: "Not kept on this device yet.",
    working: "Keeping a copy …",
    ready: "Kept on this device: you can read it without a network.",
    off: "Offline reading is off; what was kept is deleted.",
    full: "Not enough space on the device; nothing was kept.",
    failed: "It did not work; the next visit tries again.",
    keep: {
      zh: "Keep the Chinese pages",
      en: "Keep the English pages",
      "zh-pdf": "Keep the Chinese PDFs",
      "en-pdf": "Keep the English PDFs",
    },
    drop: "Turn off and delete",
  },
}
const OFF = "offline:off"
const FREE = 3_000_000 // bytes that may be fetched without asking
const ROOT = new URL("../../", import.meta.url)
const box = document.querySelector("[data-offline]")
const sign = document.querySelector("[data-offline-sign]")
const lang = document.querySelector("[data-reading]")?.dataset.lang

// the tools' "clear everything" takes the copy with it, here or in another tab
let cleared = false
function gone() {
  cleared = true
  if (!box || !sign) return
  sign.hidden = true
  say("none")
}
addEventListener("tool-clear", gone)
addEventListener("storage", event => event.key === null && gone())

// what a home screen shows; named here, so that it is asked for after the first paint
if (lang && !FOLDER) {
  const link = document.createElement("link")
  link.rel = "manifest"
  link.href = new URL(`site.${lang}.webmanifest`, ROOT)
  document.head.append(link)
}

function off(value) {
  try {
    if (value === true) localStorage.setItem(OFF, "1")
    if (value === false) localStorage.removeItem(OFF)
    return localStorage.getItem(OFF) === "1"
  } catch {
    return true // where nothing may be kept, nothing is
  }
}

function say(state) {
  box.querySelector("[data-offline-state]").textContent = SAY[lang][state]
}

/** The state and the buttons of the copy, none of them shown yet. */
function draw() {
  const make = (tag, text, data = {}) => {
    const node = Object.assign(document.createElement(tag), {textContent: text})
    Object.assign(node.dataset, data)
    return node
  }
  const button = (text, data) => Object.assign(make("button", text, data), {type: "button", hidden: true})
  const say = SAY[lang]
  box.append(make("legend", say.title), make("p", "", {offlineState: ""}))
  for (const [name, text] of Object.entries(say.keep)) {
    const keep = button(`${text} `, {keep: name})
    keep.append(make("span", "", {weight: ""}))
    box.append(keep, " ")
  }
  box.append(button(say.drop, {drop: ""}))
}

function ask(worker, data) {
  return new Promise((done, fail) => {
    const channel = new MessageChannel()
    channel.port1.onmessage = event => done(event.data)
    setTimeout(fail, 300_000)
    worker.postMessage(data, [channel.port2])
  })
}

function show({kept, copies, error}) {
  const ready = kept.includes(lang)
  say(error ?? (ready ? "ready" : off() ? "off" : "none"))
  sign.hidden = !ready
  for (const button of box.querySelectorAll("[data-keep]")) {
    const copy = copies[button.dataset.keep]
    button.hidden = !copy || kept.includes(button.dataset.keep)
    button.disabled = false
    if (copy) button.querySelector("[data-weight]").textContent = `(${(copy.bytes / 1e6).toFixed(1)} MB)`
  }
  box.querySelector("[data-drop]").hidden = false
}

async function start() {
  const registration = await navigator.serviceWorker.register(new URL("sw.js", ROOT), {
    scope: ROOT.pathname,
    updateViaCache: "none",
  })
  await navigator.serviceWorker.ready
  const worker = registration.active
  const state = await ask(worker, {ask: "state"})
  show(state)
  const little = navigator.connection?.saveData || state.copies[lang]?.bytes > FREE
  if (!little && state.copies[lang] && !state.kept.includes(lang)) await keep(worker, lang)
  return registration
}

async function keep(worker, name) {
  say("working")
  show(await ask(worker, {ask: "keep", name}))
}

async function drop() {
  off(true)
  const registration = await navigator.serviceWorker.getRegistration(ROOT.pathname)
  if (registration?.active) await ask(registration.active, {ask: "drop"})
  await registration?.unregister()
  for (const button of box.querySelectorAll("button")) button.hidden = true
  for (const button of box.querySelectorAll(`[data-keep="${lang}"]`)) button.hidden = false
  sign.hidden = true
  say("off")
}

if (box && sign && "serviceWorker" in navigator && isSecureContext) {
  // another tab keeps or deletes
  navigator.serviceWorker.onmessage = ({data}) => data.copies && show(data)
  const begin = () => cleared || start().catch(() => say("failed"))
  draw()
  box.hidden = false
  say(off() ? "off" : "none")
  box.addEventListener("click", async event => {
    const button = event.target.closest("button")
    if (!button) return
    button.disabled = true
    if ("drop" in button.dataset)
      return drop()
        .catch(() => say("failed"))
        .finally(() => {
          button.disabled = false
        })
    off(false)
    const registration = await start().catch(() => null)
    if (registration) await keep(registration.active, button.dataset.keep).catch(() => say("failed"))
    else say("failed")
    button.disabled = false
  })
  // after the first view, so that it costs the first view nothing
  const later = () => setTimeout(() => (globalThis.requestIdleCallback ?? setTimeout)(begin), 4000)
  if (off()) for (const button of box.querySelectorAll(`[data-keep="${lang}"]`)) button.hidden = false
  else if (document.readyState === "complete") later()
  else addEventListener("load", later)
}
