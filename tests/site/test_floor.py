"""What is shipped is held to the oldest browsers of .browserslistrc."""

import re

import floor


def test_shipped_styles_ask_for_nothing_newer_than_the_floor(site):
    for sheet in (site / "assets/stylesheets").glob("joined*.css"):
        css = sheet.read_text("utf-8")
        level = "everything" if ".tool" in css and ".md-header" not in css else "reading"
        assert floor.styles(css, level) == [], sheet.name


def test_shipped_scripts_ask_for_nothing_newer_than_the_floor(site):
    scripts = list((site / "assets/javascripts").glob("joined*.js"))
    assert len(scripts) > 10
    for script in [*scripts, site / "sw.js"]:
        code = script.read_text("utf-8")
        assert (floor.words(code), floor.syntax(code)) == ([], ""), script.name
    for code in re.findall(r"<script[^>]*>(.*?)</script>", (site / "index.html").read_text("utf-8"), re.S)[1:]:
        assert (floor.words(code, "reading"), floor.syntax(code, "reading")) == ([], ""), code


def test_what_is_too_new_is_found():
    css = ".bar{inset:auto 0 0;display:flex;gap:1em}.a:is(b,c){width:min(1em,2em)}@media (scripting:enabled){p:has(b){color:red}}"
    assert floor.styles(css, "reading") == ["properties.inset", "selectors.is", "types.min"]
    assert floor.styles("@supports (inset:0){a{inset:0}}a{top:0;unheard:of}") == ["properties.unheard"]
    code = 'a.at(-1); b.replaceAll("x", ""); structuredClone(c); d.flat(); e?.at(1); f.at?.(1); node.replaceChildren()'
    assert floor.words(code) == ["at", "replaceAll", "replaceChildren", "structuredClone"]
    assert floor.syntax("a = b?.c ?? d") == ""
    for new in ("a ??= b", "class A { #b = 1 }", "1n", "await 1", "/(?<=a)b/", "class A { static { b() } }"):
        assert floor.syntax(new), new
