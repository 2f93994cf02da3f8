// Addresses. Opened from a folder, an address names a file, and no file may be read, but a script may be run.

/** @type {boolean} */
export const FOLDER = globalThis.location?.protocol === "file:"

/**
 * An address of the site as one that opens from any page. href: a URL, or a text from the site's root on.
 * @type {(href: string | URL) => string}
 */
export const opens = href => (FOLDER ? String(href).replace(/\/(?=$|[?#])/, "/index.html") : String(href))

/**
 * What an address names after its #, as an id: the one place that reads it. Messengers cut addresses in the middle of a
 * character, so it may be anything, and is never an error.
 * @type {(hash: string) => string}
 */
export function fragment(hash) {
  const id = hash.replace(/:~:.*/s, "").slice(1)
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

/** @type {(src: string | URL) => Promise<void>} Promise of a script or, outside a folder, a module having run. */
export const run = src =>
  FOLDER
    ? new Promise((done, fail) => {
        const script = document.createElement("script")
        script.onload = done
        script.onerror = () => fail(new Error(`${src} does not open`))
        script.src = src
        document.head.append(script)
      })
    : import(src)
