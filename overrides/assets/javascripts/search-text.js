// One form for what readers type, for the cards and for the index alike.

/** @type {RegExp} */
export const HAN = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]/

/** @type {(list: *[] | string) => *} The last of them; `.at(-1)` needs a browser of 2021. */
export const last = list => list[list.length - 1]

/**
 * A query in one form: full width and half width, upper and lower case, 50,000 and 50000, "5 年" and "5年".
 * @type {(text: string) => string}
 */
export function fold(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[’‘ʼ]/g, "'")
    .replace(/(\d),(?=\d{3})/g, "$1")
    .replace(/([\u4e00-\u9fff]) +(?=[a-z0-9])|([a-z0-9%]) +(?=[\u4e00-\u9fff])/g, "$1$2")
}
