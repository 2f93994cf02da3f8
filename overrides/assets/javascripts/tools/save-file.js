// Files made in the page: text, CSV, calendar, Word. Every name is the same harmless one.

const TYPES = {
  txt: "text/plain;charset=utf-8",
  csv: "text/csv;charset=utf-8",
  ics: "text/calendar;charset=utf-8",
  json: "application/json",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

/** @type {(ending: string, content: *) => void} Whether anything was saved, a page cannot see: see `save` in form.js. */
export function download(ending, content) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([content], {type: TYPES[ending]}))
  link.download = `notes.${ending}`
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 10000)
}

// What a spreadsheet leaves as it is: short numbers, days and times, and what begins as words do. Anything else it might take for
// a formula, a date or a rounded number, and so gets a mark that makes it text.
const KEPT = /^$|^(?:0|[1-9]\d{0,6})(?:\.\d+)?$|^\d{4}-\d\d-\d\d$|^\d\d:\d\d$|^[\p{L}\p{Sc}\p{Pi}\p{Ps}]/u

/**
 * Rows to CSV that spreadsheets open in Chinese; no cell acts as a formula or is made a number that it is not.
 * @type {(rows: string[][]) => string}
 */
export function csv(rows) {
  const cell = value => {
    let text = String(value ?? "")
    if (!KEPT.test(text)) text = "'" + text
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
  }
  return "\ufeff" + rows.map(row => row.map(cell).join(",") + "\r\n").join("")
}

/**
 * Events {day, title} to a calendar: whole days wherever the reader is, a reminder at nine the morning before. now: a Date.
 * @type {(events: object[], now: Date) => string}
 */
export function ics(events, now) {
  const text = value => value.replace(/[\\;,]/g, sign => "\\" + sign).replace(/\r\n?|\n/g, "\\n")
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, "")
  const date = (day, later) => new Date(Date.parse(day) + later * 86400000).toISOString().slice(0, 10).replace(/-/g, "")
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//notes//notes//EN", "CALSCALE:GREGORIAN"]
  for (const [n, event] of events.entries()) {
    lines.push(
      "BEGIN:VEVENT",
      `UID:${now.getTime()}-${n}@notes`,
      `DTSTAMP:${stamp}`,
      `DTSTART;VALUE=DATE:${date(event.day, 0)}`,
      `DTEND;VALUE=DATE:${date(event.day, 1)}`,
      `SUMMARY:${text(event.title)}`,
      "TRANSP:TRANSPARENT",
      "BEGIN:VALARM",
      "ACTION:DISPLAY",
      `DESCRIPTION:${text(event.title)}`,
      "TRIGGER:-PT15H",
      "END:VALARM",
      "END:VEVENT",
    )
  }
  return [...lines, "END:VCALENDAR"].flatMap(fold).join("\r\n") + "\r\n"
}

/** Lines of at most 75 bytes, never cutting a character. */
function fold(line) {
  const out = []
  let now = ""
  let size = 0
  for (const sign of line) {
    const bytes = new TextEncoder().encode(sign).length
    if (size + bytes > 75) {
      out.push(now)
      now = " "
      size = 1
    }
    now += sign
    size += bytes
  }
  return [...out, now]
}

const xml = text =>
  text
    .replace(/[<>&"]/g, sign => ({"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;"})[sign])
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")

/**
 * Paragraphs of text to the smallest Word file: three parts in an uncompressed archive.
 * @type {(paragraphs: string[]) => Uint8Array}
 */
export function docx(paragraphs) {
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
  const word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
  const office = "http://schemas.openxmlformats.org/"
  const run = line =>
    `<w:r><w:rPr><w:rFonts w:ascii="SimSun" w:hAnsi="SimSun" w:eastAsia="SimSun"/><w:sz w:val="24"/></w:rPr><w:t xml:space="preserve">${xml(line)}</w:t></w:r>`
  const body = paragraphs
    .map(
      text =>
        `<w:p><w:pPr><w:spacing w:after="160" w:line="360" w:lineRule="auto"/></w:pPr>${text.split("\n").map(run).join("<w:r><w:br/></w:r>")}</w:p>`,
    )
    .join("")
  return zip({
    "[Content_Types].xml": `${head}<Types xmlns="${office}package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${TYPES.docx}.main+xml"/></Types>`,
    "_rels/.rels": `${head}<Relationships xmlns="${office}package/2006/relationships"><Relationship Id="rId1" Type="${office}officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    "word/document.xml": `${head}<w:document xmlns:w="${word}"><w:body>${body}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr></w:body></w:document>`,
  })
}

function crc32(bytes) {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1))
  }
  return ~crc >>> 0
}

/**
 * {name: text} to the bytes of a ZIP archive without compression; the dates in it are fixed.
 * @type {(files: Object<string, string>) => Uint8Array}
 */
export function zip(files) {
  const local = []
  const central = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const [path, bytes] = [new TextEncoder().encode(name), new TextEncoder().encode(text)]
    const common = [20, 0x0800, 0, 0, 0x21, crc32(bytes), bytes.length, bytes.length, path.length, 0]
    const sizes = [2, 2, 2, 2, 2, 4, 4, 4, 2, 2]
    local.push(pack([0x04034b50, ...common], [4, ...sizes]), path, bytes)
    central.push(pack([0x02014b50, 20, ...common, 0, 0, 0, 0, offset], [4, 2, ...sizes, 2, 2, 2, 4, 4]), path)
    offset += 30 + path.length + bytes.length
  }
  const size = central.reduce((sum, part) => sum + part.length, 0)
  const count = Object.keys(files).length
  const parts = [
    ...local,
    ...central,
    pack([0x06054b50, 0, 0, count, count, size, offset, 0], [4, 2, 2, 2, 2, 4, 4, 2]),
  ]
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

function pack(values, sizes) {
  const out = []
  values.forEach((value, n) => {
    for (let i = 0; i < sizes[n]; i++) out.push((value >>> (8 * i)) & 255)
  })
  return Uint8Array.from(out)
}
