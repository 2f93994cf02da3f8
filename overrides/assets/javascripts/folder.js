// What differs when the site is opened from a folder: an address names a file, and no file may be read, but a script may be run.

/** @type {boolean} */
export const FOLDER = globalThis.location?.protocol === "file:"

/**
 * An address of the site as one that opens from any page. href: a URL, or a text from the site's root on.
 * @type {(href: string | URL) => string}
 */
export const opens = href => (FOLDER ? String(href).replace(/\/(?=$|[?#])/, "/index.html") : String(href))

/** @type {(src: string) => Promise<void>} Promise of a script having run. */
export const run = src =>
  new Promise((done, fail) => {
    const script = document.createElement("script")
    script.onload = done
    script.onerror = () => fail(new Error(`${src} does not open`))
    script.src = src
    document.head.append(script)
  })
