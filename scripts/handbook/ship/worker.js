// Serves the handbook without a network. Written out by the build as sw.js, with the list of copies in it.
//
// A page comes from the network first, and from the copy if there is none or it takes too long: so that a reader
// sees today's rules whenever that is possible. Files with a hash in their name come from the copy first.
// A copy is one file per language: kept whole or not at all. The worker of a new version fetches the new copies
// before it takes over, and takes over only when no page of the old version is open.

const COPIES = {}
const PREFIX = `handbook ${registration.scope} `
const WHOLE = "whole" // stands in a cache that is complete
const WAIT = 3000 // milliseconds for the network before the copy is shown

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

/** Fetch and keep a copy; throws, and leaves nothing, if the network or the storage fails. */
async function keep(name) {
  const key = cacheName(name)
  const cache = await caches.open(key)
  if (await cache.match(at(WHOLE))) return
  try {
    const response = await fetch(at(COPIES[name].file))
    if (!response.ok) throw new Error(`${response.status}`)
    const files = await response.json()
    if (Array.isArray(files)) {
      for (const [path] of files) {
        const one = await fetch(at(path))
        if (!one.ok) throw new Error(`${one.status} ${path}`)
        await cache.put(at(path), one)
      }
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
    await cache.put(at(WHOLE), new Response(""))
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

async function fromCopy(request) {
  const url = new URL(request.url)
  url.search = url.hash = ""
  const paths = [url.href, url.href.replace(/\/index\.html$/, "/")]
  for (const key of await complete()) {
    const cache = await caches.open(key)
    for (const path of paths) {
      const found = await cache.match(path, {ignoreVary: true})
      if (found) return found
    }
    if (request.mode === "navigate" && !/\.[a-z0-9]+$|\/$/.test(url.pathname) && (await cache.match(`${url.href}/`)))
      return Response.redirect(`${url.href}/`)
  }
}

const NOTHING = `<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>没有网络 · No network</title>
<h1>现在没有网络</h1><p>这一页没有存在这台设备上。<a href="${scope.pathname}">回到首页</a></p>
<div lang="en"><h2>No network</h2><p>This page is not kept on this device. <a href="${scope.pathname}en/">Go to the start page</a></p></div></html>`

async function answer(request) {
  const url = new URL(request.url)
  const hashed = /\.[0-9a-f]{8,}\.(min\.)?[a-z]+$/.test(url.pathname)
  if (hashed) return (await fromCopy(request)) || fetch(request)
  const network = fetch(request)
  const late = new Promise(done => setTimeout(done, WAIT))
  const first = await Promise.race([network, late]).catch(() => undefined)
  if (first && first.status < 500) return first
  const copy = await fromCopy(request)
  if (copy) {
    network.catch(() => {})
    return copy
  }
  return network.catch(error => {
    if (request.mode === "navigate")
      return new Response(NOTHING, {status: 503, headers: {"Content-Type": "text/html; charset=utf-8"}})
    throw error
  })
}

addEventListener("fetch", event => {
  const {request} = event
  if (request.method !== "GET" || !request.url.startsWith(scope.href) || request.headers.has("range")) return
  event.respondWith(answer(request))
})

addEventListener("message", event => {
  const {ask, name} = event.data ?? {}
  const reply = data => event.ports[0]?.postMessage(data)
  event.waitUntil(
    (async () => {
      try {
        if (ask === "keep" && name in COPIES) await keep(name)
        if (ask === "drop") for (const key of await caches.keys()) if (key.startsWith(PREFIX)) await caches.delete(key)
        reply({kept: [...new Set((await complete()).map(nameOf))], copies: COPIES})
      } catch (error) {
        reply({error: error.name === "QuotaExceededError" ? "full" : "failed", kept: [], copies: COPIES})
      }
    })(),
  )
})
