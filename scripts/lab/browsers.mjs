// The same walk in each browser and at each address: read, tick, search, compute, print sheets, go offline.
// Prints one line per browser and address; anything that is not as it should be is named, and the exit code is 1.

import {execFileSync} from "node:child_process"
import {mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync} from "node:fs"
import {createServer} from "node:http"
import {createRequire} from "node:module"
import {tmpdir} from "node:os"
import {extname, join} from "node:path"
import {fileURLToPath, pathToFileURL} from "node:url"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const {default: puppeteer} = await import(
  pathToFileURL(createRequire(join(ROOT, ".build/browsers/x.js")).resolve("puppeteer-core"))
)
const SITE = realpathSync(join(ROOT, "site"))
// puppeteer lets files in Firefox read each other, which readers' browsers do not
const BROWSERS = {
  firefox: {
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    extraPrefsFirefox: {"security.fileuri.strict_origin_policy": true},
  },
  chromium: {
    browser: "chrome",
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
  },
}
const TYPES = {
  ".html": "text/html",
  ".css": "text/css",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".txt": "text/plain",
  ".pdf": "application/pdf",
  ".xml": "application/xml",
  ".webmanifest": "application/manifest+json",
}
const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds))

/** The site below `prefix` on a free port of this machine. */
async function serve(prefix) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url.split("?")[0])
    let file = path.startsWith(prefix) && !path.includes("..") ? join(SITE, path.slice(prefix.length)) : ""
    try {
      if (statSync(file).isDirectory()) file = join(file, "index.html")
      const body = readFileSync(file)
      response
        .writeHead(200, {
          "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
          "Cache-Control": "no-cache",
        })
        .end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise(done => server.listen(0, "127.0.0.1", done))
  return {
    base: `http://127.0.0.1:${server.address().port}${prefix}`,
    stop: () =>
      new Promise(done => {
        server.close(done)
        server.closeAllConnections()
      }),
  }
}

/** Every page of the site, as an address below its root; not the sheets. */
function pages() {
  return readdirSync(SITE, {recursive: true})
    .filter(name => name.endsWith("index.html") && !name.startsWith("print/"))
    .map(name => name.slice(0, -"index.html".length))
    .sort()
}

class Walk {
  constructor(page, base, apart) {
    Object.assign(this, {page, base, apart, wrong: [], visited: 0, offline: false})
    this.folder = base.startsWith("file:")
  }

  async start() {
    const {page} = this
    await page.setViewport({width: 390, height: 844})
    await page.evaluateOnNewDocument(() => {
      globalThis.seen = []
      addEventListener("securitypolicyviolation", event =>
        globalThis.seen.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
      )
    })
    page.on("pageerror", error => this.note(String(error)))
    page.on(
      "console",
      message => message.type() === "error" && this.note(`${message.text()} ${message.location()?.url ?? ""}`),
    )
    page.on(
      "request",
      request =>
        /^(data|blob|about):/.test(request.url()) ||
        request.url().startsWith(this.base) ||
        this.wrong.push(`asked elsewhere: ${request.url()}`),
    )
    page.on(
      "response",
      response => response.status() >= 400 && this.wrong.push(`${response.status()}: ${response.url()}`),
    )
  }

  /** An error of the page. What is not kept (the index of the other language, small pictures of sheets) fails without a network: browsers note that, the page has said so. */
  note(text) {
    const expected =
      this.offline && /ERR_CONNECTION_REFUSED|NetworkError|ERR_FAILED.*(\.png|search\/en\.\w+\.txt)$/.test(text)
    if (!expected) this.wrong.push(`${this.page.url()}: ${text}`)
  }

  at(path) {
    return this.base + (this.folder && /\/$|^$/.test(path) ? `${path}index.html` : path)
  }

  async go(path) {
    await this.page.goto(this.at(path), {waitUntil: "load"})
    while (await this.page.evaluate(() => document.documentElement.dataset.modules === "asked")) await wait(10) // modules come after the first paint
    this.visited += 1
    this.is(await this.page.evaluate(() => document.querySelectorAll("h1").length === 1), `${path}: one heading`)
    this.wrong.push(...(await this.page.evaluate(() => globalThis.seen)).map(one => `${path}: policy: ${one}`))
  }

  is(good, what) {
    if (!good) this.wrong.push(`not so: ${what}`)
  }

  /** Wait for the function to be true in the page; puppeteer's own waiting evaluates text, which the policy forbids. */
  async until(what, test, seconds = 15, ...values) {
    for (const end = Date.now() + 1000 * seconds; Date.now() < end; await wait(100))
      if (await this.page.evaluate(test, ...values).catch(() => false)) return true
    this.is(false, what)
    return false
  }

  async type(selector, text) {
    await this.page.evaluate(one => {
      document.querySelector(one).value = ""
    }, selector)
    await this.page.type(selector, text)
  }

  async read(some) {
    for (const path of some) await this.go(path)
    await this.go("en/start/prison/")
    await this.page.click("a.language")
    await this.until(
      "the language changes",
      () =>
        document.documentElement.lang.startsWith("zh") &&
        /\/start\/prison\//.test(location.pathname) &&
        !/\/en\//.test(location.pathname),
    )
  }

  async tick() {
    const ticked = () => document.querySelector("#sit-down input").checked
    await this.go("start/next-30-minutes/")
    await this.page.click("#sit-down input")
    await this.go("")
    await this.go("start/next-30-minutes/")
    this.is(await this.page.evaluate(ticked), "a tick stays")
    if (this.folder && this.apart) return // Firefox keeps the storage of each file apart
    await this.go("en/start/next-30-minutes/")
    this.is(await this.page.evaluate(ticked), "a tick stays in the other language")
    await this.go("print/en/start-next-30-minutes.html")
    this.is(
      await this.page.evaluate(
        () => document.querySelector("input[data-tick='start/next-30-minutes#sit-down']").checked,
      ),
      "the sheet has the tick",
    )
  }

  async search() {
    await this.go("")
    await this.page.click("[data-search-open]")
    const found = words =>
      this.until(
        `"${words}" finds its page`,
        words =>
          [...document.querySelectorAll("#find-list a")].some(a => a.href.includes("start/prison")) &&
          document.querySelector("#find").value === words,
        15,
        words,
      )
    for (const words of ["坐牢", "zuolao"]) {
      await this.type("#find", words)
      await found(words)
    }
    await this.type("#find", "不想活了")
    await this.until(
      "the card for words of despair",
      () => !!document.querySelector("[data-card]:not([hidden]) a[href^='tel:']"),
    )
  }

  async tool() {
    await this.go("prepare/what-you-can-pay/")
    for (const [id, value] of Object.entries({
      pay: "5200",
      rent: "２０００",
      food: "1,700",
      "debts-0-name": "甲银行",
      "debts-0-balance": "1万",
    }))
      await this.type(`#budget-${id}`, value)
    await this.page.click("section[data-tool=budget] .tool-main")
    await this.until("the tool has a result", () =>
      document.querySelector("section[data-tool=budget] .tool-out").textContent.includes("¥1,200"),
    )
  }

  async keep() {
    await this.go("")
    return this.until("the copy is kept", () => !document.querySelector("[data-offline-sign]").hidden, 90)
  }
}

async function walk(browser, name, base, stop, some) {
  const context = await browser.createBrowserContext()
  const page = await context.newPage()
  const one = new Walk(page, base, /firefox/i.test(name))
  const began = Date.now()
  const steps = []
  const step = async (what, run) => {
    const before = one.wrong.length
    await run().catch(error => one.wrong.push(`${what}: ${error.message.split("\n")[0]}`))
    steps.push(`${what} ${one.wrong.length === before ? "✓" : "✗"}`)
  }
  await one.start()
  await step("pages", () => one.read(some))
  await step("ticks", () => one.tick())
  await step("search", () => one.search())
  await step("tool", () => one.tool())
  if (stop) {
    await step("kept", () => one.keep())
    await stop()
    one.offline = true
    const random = pages()
      .filter(path => !path.startsWith("en/"))
      .sort(() => Math.random() - 0.5)
      .slice(0, 20)
    await step("offline: 20 pages", async () => {
      for (const path of random) await one.go(path)
    })
    await step("ticks", async () => {
      await one.go("start/next-30-minutes/")
      one.is(await page.evaluate(() => document.querySelector("#sit-down input").checked), "a tick stays")
      await one.go("print/zh/start-next-30-minutes.html")
    })
    await step("search", () => one.search())
    await step("tool", () => one.tool())
  }
  await context.close()
  console.log(
    `${name.padEnd(24)} ${steps.join(", ")}; ${one.visited} pages opened, ${one.wrong.length} wrong (${Math.round((Date.now() - began) / 1000)} s)`,
  )
  for (const text of one.wrong.slice(0, 20)) console.log(`  ${text}`)
  return one.wrong.length
}

let wrong = 0
const folder = mkdtempSync(join(tmpdir(), "handbook-"))
try {
  execFileSync("python3", ["-m", "zipfile", "-e", join(SITE, "repayment-handbook.zip"), folder])
  const every = pages()
  const some = every.filter((_, n) => n % 8 === 0)
  for (const [name, options] of Object.entries(BROWSERS)) {
    if (process.argv[2] && name !== process.argv[2]) continue
    const browser = await puppeteer.launch({headless: true, ...options})
    const version = (await browser.version()).replace("/", " ")
    for (const prefix of ["/", "/kb/"]) {
      const {base, stop} = await serve(prefix)
      wrong += await walk(browser, `${version} ${prefix}`, base, stop, prefix === "/" ? every : some)
    }
    wrong += await walk(
      browser,
      `${version} file:`,
      pathToFileURL(join(folder, "repayment-handbook/")).href,
      null,
      every,
    )
    await browser.close()
  }
} finally {
  rmSync(folder, {recursive: true})
}
process.exit(wrong ? 1 : 0)
