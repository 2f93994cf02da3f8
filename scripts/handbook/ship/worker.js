// Serves the handbook without a network. Written out by the build as sw.js, with the list of copies in it.
//
// A page comes from the network first, and from the copy if there is none, if it takes too long, or if what answers is
// not the handbook: so that a reader sees today's rules whenever that is possible, and the handbook in any case. Files
// with a hash in their name come from the copy first.
// A copy is one file per language: kept whole or not at all, and only if its content has the hash in its name. The worker
// of a new version fetches the new copies before it takes over, and takes over only when no page of the old one is open.

const COPIES = {}
const DAY = "" // of what the copies hold
const NOTHING = "" // the page for what is not kept
const PREFIX = `handbook ${registration.scope} `
const WHOLE = "checked" // stands in a cache that is complete, with the day of what it holds
const WAIT = 3000 // milliseconds for the network before the copy is shown
const OURS = '<meta name="handbook"' // stands at the top of each of our pages

const scope = new URL(registration.scope)
const cacheName = name => `${PREFIX}${name} ${COPIES[name].file}`
const at = path => new URL(path, scope).href

/** Names of the copies that are complete, of any version. */
async function complete() {
  const found = []
  for (const key of await caches.keys()) {
    if (key.startsWith(PREFIX) && (await (await caches.open(key)).match(at(WHOLE)))) found.push(key)
  }
  return found
}

const bytes = text => Uint8Array.from(atob(text), char => char.charCodeAt(0))
const nameOf = key => key.slice(PREFIX.length).split(" ")[0]

/** What the network has under a path, if its content has that hash; throws otherwise: a stranger's answer is not kept. */
async function fetched(path, hash) {
  const response = await fetch(at(path))
  const content = await response.clone().arrayBuffer()
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content))
  const hex = [...digest].map(byte => byte.toString(16).padStart(2, "0")).join("")
  if (!response.ok || !hex.startsWith(hash)) throw new Error(`${response.status} ${path}`)
  return response
}

/** Fetch and keep a copy; throws, and leaves nothing, if the network or the storage fails. */
async function keep(name) {
  const key = cacheName(name)
  const cache = await caches.open(key)
  if (await cache.match(at(WHOLE))) return
  try {
    const {file} = COPIES[name]
    const files = await (await fetched(file, file.match(/[0-9a-f]{10}/)[0])).json()
    if (Array.isArray(files)) {
      for (const [path, hash] of files) await cache.put(at(path), await fetched(path, hash))
    } else {
      const all = Object.entries(files)
      for (let n = 0; n < all.length; n += 20) {
        await Promise.all(
          all
            .slice(n, n + 20)
            .map(([path, [type, text, binary]]) =>
              cache.put(
                at(path),
                new Response(binary ? bytes(text) : text, {headers: {"Content-Type": `${type}; charset=utf-8`}}),
              ),
            ),
        )
      }
    }
    await cache.put(at(WHOLE), new Response(DAY))
  } catch (error) {
    await caches.delete(key)
    throw error
  }
}

addEventListener("install", event => {
  event.waitUntil(
    (async () => {
      const before = new Set((await complete()).map(nameOf))
      for (const name of Object.keys(COPIES)) if (before.has(name)) await keep(name)
    })(),
  )
})

addEventListener("activate", event => {
  event.waitUntil(
    (async () => {
      const now = new Set(Object.keys(COPIES).map(cacheName))
      for (const key of await caches.keys()) if (key.startsWith(PREFIX) && !now.has(key)) await caches.delete(key)
      await clients.claim()
    })(),
  )
})

/** The file of the copy for an address, or undefined. A page says that it comes from there. */
async function fromCopy(request) {
  const url = new URL(request.url)
  url.search = url.hash = ""
  const page = request.mode === "navigate"
  for (const key of await complete()) {
    const cache = await caches.open(key)
    const found = await cache.match(url.href, {ignoreVary: true})
    if (found) return page && isPage(found) ? dated(found, await (await cache.match(at(WHOLE))).text()) : found
    const other = url.pathname.endsWith("/index.html") ? url.href.slice(0, -10) : `${url.href}/`
    if (page && (await cache.match(other))) return Response.redirect(other)
  }
}

const isPage = response => (response.headers.get("Content-Type") ?? "").startsWith("text/html")

/** A kept page with one line above its title. */
async function dated(response, day) {
  const html = await response.text()
  const line = /<html[^>]* lang="en/.test(html)
    ? `This is the copy kept on this phone (${day}).`
    : `这是存在手机里的一份（${day}）。`
  const {headers} = response
  return new Response(html.replace("<h1", `<p class="kept screen" role="status">${line}</p><h1`), {headers})
}

/** What is shown for a page that is neither kept nor to be had: whom to call, and what of it is kept in another form. */
async function nothing({url}) {
  const path = url.slice(scope.href.length).replace(/[?#].*/s, "")
  const twin = path.startsWith("print/")
    ? path.replace(/(-large)?\.pdf$/, ".html").replace(/^print\/bilingual\//, "print/zh/")
    : path.startsWith("en/")
      ? path.slice(3)
      : `en/${path}`
  const others = [
    twin,
    twin.replace(/-\d+\.html$/, ".html"),
    twin.replace("/zh/", "/en/"),
    twin.replace("/en/", "/zh/"),
  ]
  let instead = ""
  for (const other of others) {
    if (instead || !(await fromCopy({url: at(other), mode: ""}))) continue
    instead = `<p><a href="${other}">同一内容，已经存在这里 <span lang="en">The same, kept here</span></a></p>`
  }
  const html = NOTHING.replace("<!--instead-->", instead).replace(/ href="(?![a-z]+:)/g, `$&${scope.pathname}`)
  return new Response(html, {status: 503, headers: {"Content-Type": "text/html; charset=utf-8"}})
}

/** Whether an answer of the network is the handbook's: a page has our mark, and a file is no page. */
async function ours(response, path) {
  if (!response || response.type === "opaqueredirect" || !response.ok) return false
  if (!/(\/|\.html|\/[^./]*)$/.test(path)) return !isPage(response)
  if (!isPage(response)) return false
  const reader = response.clone().body.getReader()
  const decoder = new TextDecoder()
  let head = ""
  while (head.length < 4000 && !head.includes(OURS)) {
    const {done, value} = await reader.read()
    if (done) break
    head += decoder.decode(value, {stream: true})
  }
  reader.cancel().catch(() => {})
  return head.includes(OURS)
}

const unstyled = new Set() // addresses of pages whose styles the server does not have: they are shown from the copy

async function answer({request, clientId}) {
  const {pathname} = new URL(request.url)
  if (/\.[0-9a-f]{8,}\.(min\.)?[a-z]+$/.test(pathname)) {
    const copy = await fromCopy(request)
    if (copy) return copy
    const response = await fetch(request)
    if (request.destination === "style" && !(await ours(response, pathname))) await restyle(clientId)
    return response
  }
  if (unstyled.delete(request.url.split("#")[0])) {
    const copy = await fromCopy(request)
    if (copy) return copy
  }
  const network = fetch(request)
  const late = new Promise(done => setTimeout(done, WAIT))
  const first = await Promise.race([network, late]).catch(() => {})
  if (await ours(first, pathname).catch(() => false)) return first
  const copy = await fromCopy(request)
  if (copy) {
    network.catch(() => {})
    return copy
  }
  return network.catch(error => {
    if (request.mode === "navigate") return nothing(request)
    throw error
  })
}

/** A page of a version whose files are not all there yet is shown again from the copy, if that holds it. */
async function restyle(id) {
  const client = id && (await clients.get(id))
  const url = client && client.url.split("#")[0]
  if (!client || unstyled.has(url) || !(await fromCopy({url, mode: ""}))) return
  unstyled.add(url)
  await client.navigate(url).catch(() => {})
}

addEventListener("fetch", event => {
  const {request} = event
  if (request.method !== "GET" || !request.url.startsWith(scope.href) || request.headers.has("range")) return
  event.respondWith(answer(event))
})

addEventListener("message", event => {
  const {ask, name} = event.data ?? {}
  const reply = data => event.ports[0]?.postMessage(data)
  event.waitUntil(
    (async () => {
      try {
        if (ask === "keep" && name in COPIES) await keep(name)
        if (ask === "drop") for (const key of await caches.keys()) if (key.startsWith(PREFIX)) await caches.delete(key)
        const state = {kept: [...new Set((await complete()).map(nameOf))], copies: COPIES}
        reply(state)
        if (ask !== "state")
          for (const client of await clients.matchAll({includeUncontrolled: true})) client.postMessage(state)
      } catch (error) {
        reply({error: error.name === "QuotaExceededError" ? "full" : "failed", kept: [], copies: COPIES})
      }
    })(),
  )
})
