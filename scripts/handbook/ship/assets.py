"""Own styles and scripts of the built pages: joined into few files whose names change with their content.

A page that loads ``tokens.css``, ``site.css`` and three modules with their imports asks for one style
sheet and one or two scripts instead of a dozen files; a name with a hash may be kept for ever. The files
under their plain names stay where they are, for whoever asks for one of them.

Modules are joined, each in a block of its own, so that the fault of one stops no other, and then minified. That needs the plain forms that this
handbook writes: one import a line from a relative path, ``export`` before a const, function or class.
Anything else is a problem, never a guess.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Mapping

import rcssmin
import rjsmin

from ..model.problem import Problem

STYLE = re.compile(r'[ \t]*<link rel="stylesheet" href="([^":]+\.css)">\n?')
SCRIPT = re.compile(r'<script (?:type="module" src="([^":]+\.js)"|src="([^":]+\.js)" type="module")></script>')
LATER = re.compile(r' data-modules="([^"]*)"')
# Modules are asked for a moment after the first picture of the page is painted, so that they do not compete with it.
# The same code on every page, so that one hash in the policy covers it. data-modules says whether they have run.
LOADER = rjsmin.jsmin("""((root, modules) => (root.dataset.modules = "asked", requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
  let left = modules.length
  for (const src of modules) {
    const script = document.createElement("script")
    script.type = "module"
    script.async = false
    script.onload = script.onerror = () => --left || (root.dataset.modules = "ready")
    script.src = src
    document.head.append(script)
  }
}, 100)))))(document.documentElement, document.currentScript.dataset.modules.split(" "))""")

# a line break beside a block, which no reader sees
_BLOCK = r"</?(?:li|ul|ol|nav|div|h[1-6]|p|table|thead|tbody|tr|td|th|section|details|fieldset|blockquote|main|header|footer|head|body|meta|link)\b"
_BESIDE = re.compile(rf"({_BLOCK}[^>]*>)\n|\n(?={_BLOCK})")
_IMPORT = re.compile(
    r'^import\s+(?:\*\s+as\s+(?P<all>\w+)|(?P<default>\w+)|\{(?P<names>[^}]*)\})\s+from\s+"(?P<path>\.[^"]+)";?[ \t]*$',
    re.M,
)
_EXPORT = re.compile(r"^export\s+(?P<what>(?:async\s+)?function\*?|class|const)\s+(?P<name>\w+)", re.M)
_DEFAULT = re.compile(r"^export\s+default\s+(?!(?:async\s+)?function|class)", re.M)
_OTHER = re.compile(r"^(?:import|export)\b(?!\()", re.M)
_BY_ADDRESS = re.compile(r'new URL\("\./([\w-]+\.js)", import\.meta\.url\)')
_DYNAMIC = re.compile(r"""\bimport\((["'`])(?=\.{1,2}/)""")
_IMPORT_CSS = re.compile(r"""@import\s+url\(["']?([^"')]+)["']?\);""")
_URL_CSS = re.compile(r"""url\((["']?)(?!data:|[a-z]+:|#|/)([^"')]+)\1\)""")


def short(content: bytes) -> str:
    """Ten characters that change with the content."""
    return hashlib.sha256(content).hexdigest()[:10]


def hashed(name: str, content: str) -> str:
    """``a/b.css`` to ``a/b.<hash>.css``."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}.{short(content.encode())}{dot}{ending}"


def relink(page: str, target: str) -> str:
    """The address of a file as seen from a page, both below the site's root."""
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


def resolve(page: str, href: str) -> str:
    """The other way round."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), href))


def loads(html: str) -> list[str]:
    """The addresses of the styles and scripts that a joined page loads, as they stand in it."""
    return [href for href in re.findall(r'<(?:link|script)[^>]*\s(?:href|src)="([^"#?:]+\.(?:css|js))"', html)] + [
        src for m in LATER.finditer(html) for src in m[1].split()
    ]


def asked(name: str, html: str) -> tuple[list[str], list[str]]:
    """The styles and the scripts that a page asks for, in order, once each, as paths below the site's root."""
    return _found(STYLE, name, html), _found(SCRIPT, name, html)


def join(
    pages: Mapping[str, tuple[list[str], list[str]]], assets: dict[str, str], slim=lambda css: css
) -> tuple[dict[str, list], Callable[[str, str], str], dict[str, str], list[Problem]]:
    """Join what each page loads.

    pages: what each asks for, see `asked`; assets: ``{path: text}`` of every .css and .js file below the site's root;
    slim: what is done to a joined style sheet before it gets its name.
    Returns the new files of each page, a function from the path and HTML of a page to the page with its references
    changed, the new files' texts, and problems.
    """
    sheets, modules_of = ({n: [p for p in two[i] if p in assets] for n, two in pages.items()} for i in (0, 1))
    common = _common(sheets) | _common(modules_of)
    made: dict[str, str] = {}
    known: dict[tuple, str] = {}
    problems: list[Problem] = []
    assets = {**assets}

    def bundle(kind: str, parts: tuple[str, ...]) -> str:
        if (kind, parts) not in known:
            folder = "assets/stylesheets" if kind.endswith("css") else "assets/javascripts"
            try:
                if kind.endswith("css"):
                    text = rcssmin.cssmin(slim(styles(parts, assets, folder)))
                else:
                    text = rjsmin.jsmin(modules(parts, assets, folder))
            except CannotJoin as error:
                problems.append(Problem(f"overrides/{error.name}", error.line, "ASSET-1", str(error)))
                text = ""
            known[kind, parts] = name = hashed(f"{folder}/{kind}", text)
            made[name] = text
        return known[kind, parts]

    for name, text in list(
        assets.items()
    ):  # what a script names by its address, as a worker, is one file too, known by its content
        if name.endswith(".js"):
            assets[name] = _BY_ADDRESS.sub(
                lambda m, n=name: m[0].replace(f"./{m[1]}", relink(n, bundle("joined-later.js", (resolve(n, m[1]),)))),
                text,
            )

    def split(parts: list[str], ending: str) -> list[tuple[str, tuple[str, ...]]]:
        """What nearly every page loads, and what this one adds: the first is then in the browser already."""
        own = tuple(p for p in parts if p not in common)
        # the language in the name: the offline copy of a language holds only its own
        lang = next((f"-{m[1]}" for p in own if (m := re.search(r"\.(zh|en)\.js$", p))), "")
        groups = ((f"joined.{ending}", tuple(p for p in parts if p in common)), (f"joined-page{lang}.{ending}", own))
        return [group for group in groups if group[1]]

    bundles = {
        name: [
            [bundle(*group) for group in split(parts[name], ending)]
            for parts, ending in ((sheets, "css"), (modules_of, "js"))
        ]
        for name in pages
    }

    def change(name: str, html: str) -> str:
        styles, scripts = ([relink(name, file) for file in files] for files in bundles[name])
        html = _replace(
            STYLE,
            html,
            lambda m: resolve(name, m[1]) in assets,
            [f'<link rel="stylesheet" href="{href}">\n' for href in styles],
        )
        tags = [f'<script data-modules="{" ".join(scripts)}">{LOADER}</script>'] if scripts else []
        return _replace(SCRIPT, html, lambda m: resolve(name, m[1] or m[2]) in assets, tags)

    return bundles, change, made, problems


def dense(html: str) -> str:
    """The same page without indentation, blank lines and lines beside a block, and with Chinese words in its data as
    they are: less to load."""
    html = re.sub(
        r"\\u([0-9a-f]{4})",
        lambda m: chr(int(m[1], 16)) if m[1] >= "3000" and not "d800" <= m[1] <= "dfff" else m[0],
        html,
    )
    if "<pre" in html or "<textarea" in html:
        return html
    return _BESIDE.sub(r"\1", re.sub(r"\n\s+", "\n", html))


def _found(pattern: re.Pattern, name: str, html: str) -> list[str]:
    return list(dict.fromkeys(resolve(name, next(filter(None, m.groups()))) for m in pattern.finditer(html)))


def _common(loads: dict[str, list[str]]) -> set[str]:
    """What at least half of the pages that load anything have."""
    often = Counter(part for parts in loads.values() for part in parts)
    return {part for part, times in often.items() if 2 * times >= sum(map(bool, loads.values()))}


def _replace(pattern: re.Pattern, html: str, ours, tags: list[str]) -> str:
    """The tags in place of the first of our matches; the others go."""
    todo = iter(["".join(tags)])
    return pattern.sub(lambda m: next(todo, "") if ours(m) else m[0], html)


# -- style sheets ----------------------------------------------------------------------------------


def styles(parts: tuple[str, ...], assets: dict[str, str], folder: str) -> str:
    """Style sheets as one, with their imports in place."""
    done: list[str] = []

    def one(name: str) -> str:
        if name in done:
            return ""
        done.append(name)
        text = assets[name].removeprefix('@charset "UTF-8";')
        before = ""
        for match in _IMPORT_CSS.finditer(text):
            target = resolve(name, match[1])
            if target not in assets:
                raise CannotJoin(
                    name,
                    text[: match.start()].count("\n") + 1,
                    f"the imported sheet {match[1]} does not exist: correct its path",
                )
            before += one(target)
        text = _URL_CSS.sub(
            lambda m: f"url({m[1]}{posixpath.relpath(resolve(name, m[2]), folder)}{m[1]})", _IMPORT_CSS.sub("", text)
        )
        return before + text.strip() + "\n"

    return '@charset "UTF-8";\n' + "".join(one(name) for name in parts)


# -- modules ---------------------------------------------------------------------------------------


class CannotJoin(Exception):
    """A file that is not written in the plain forms. name: file; line; the message says how to mend it."""

    def __init__(self, name: str, line: int, message: str):
        super().__init__(message)
        self.name, self.line = name, line


def modules(parts: tuple[str, ...], assets: dict[str, str], folder: str) -> str:
    """Modules and what they import as one, each in its own block, imported ones first."""
    order: list[str] = []
    code: dict[str, str] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise CannotJoin(
                name,
                1,
                f"modules import each other in a circle ({' -> '.join([*above, name])}): move what both need to a third",
            )
        if name in code:
            return
        text = assets[name]
        for match in _IMPORT.finditer(text):
            target = resolve(name, match["path"])
            if target not in assets:
                raise CannotJoin(
                    name,
                    text[: match.start()].count("\n") + 1,
                    f"the imported module {match['path']} does not exist: correct its path",
                )
            visit(target, (*above, name))
        code[name] = text
        order.append(name)

    for part in parts:
        visit(part, ())
    blocks = [_block(name, code[name], order, folder) for name in order]
    return "".join(blocks)


def _block(name: str, text: str, order: list[str], folder: str) -> str:
    exports: list[str] = []

    def imported(match: re.Match) -> str:
        source = f"$m{order.index(resolve(name, match['path']))}"
        if match["all"]:
            return f"const {match['all']} = {source}"
        if match["default"]:
            return f"const {match['default']} = {source}.default"
        names = [re.sub(r"\s+as\s+", ": ", n.strip()) for n in match["names"].split(",") if n.strip()]
        return f"const {{{', '.join(names)}}} = {source}"

    def exported(match: re.Match) -> str:
        exports.append(match["name"])
        return f"{match['what']} {match['name']}"

    number = order.index(name)
    text = _EXPORT.sub(exported, _IMPORT.sub(imported, text))
    text = _DEFAULT.sub(f"$m{number}.default = ", text)
    if odd := _OTHER.search(text):
        line = text[: odd.start()].count("\n") + 1
        raise CannotJoin(
            name,
            line,
            'cannot join this line: write import {a} from "./b.js" and export before a const, function or class',
        )
    base = posixpath.relpath(posixpath.dirname(name) or ".", folder)
    text = _DYNAMIC.sub(lambda m: f"import({m[1]}./{base}/" if base != "." else m[0], text)
    text = text.replace("import.meta.url", f'new URL("./{posixpath.relpath(name, folder)}", import.meta.url).href')
    share = f"\nObject.assign($m{number}, {{{', '.join(exports)}}})" if exports else ""
    return f"const $m{number} = {{}}\ntry {{\n{text}{share}\n}} catch (error) {{\nconsole.error(error)\n}}\n"


# -- from a folder ---------------------------------------------------------------------------------

_ONLINE = re.compile(r"<div data-online>.*?</div>", re.S)
_TO_FOLDER = re.compile(r'(\shref=")(?![a-z]+:|#|//)([^"#?]*)([^"]*")')


def from_folder(html: str) -> str:
    """A page that works when opened from a folder: links name the file, scripts are no modules, archives of what the folder holds are left out."""

    def link(match: re.Match) -> str:
        path = match[2]
        if path.endswith("/") or path in ("", ".", "..") or path.endswith("/.."):
            path = path.rstrip("/") + "/index.html" if path else "index.html"
        return match[1] + path + match[3]

    plain = re.sub(
        r'<script data-modules="([^"]*)">.*?</script>',
        lambda m: "".join(f'<script defer src="{src}"></script>' for src in m[1].split()),
        _ONLINE.sub("", html),
        flags=re.S,
    )
    return _TO_FOLDER.sub(link, plain)


def classic(script: str) -> str:
    """A joined module as a plain script."""
    return (
        "(async () => {\nconst $here = document.currentScript.src\n"
        + script.replace("import.meta.url", "$here")
        + "})()\n"
    )


def as_script(name: str, content: bytes) -> str:
    """A file of the search as a plain script, for pages that may not read it: ``searchFiles`` then has its bytes, a character each, under its name."""
    return f"(globalThis.searchFiles ??= {{}})[{json.dumps(name)}] = {json.dumps(content.decode('latin-1'), ensure_ascii=False)}\n"
