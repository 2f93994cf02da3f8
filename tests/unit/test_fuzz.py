"""Readers of pages and registers, given anything: a result or a problem with file and line, never a traceback."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

import markdown
import pytest
import yaml
from conftest import EN, REGISTERS, ROOT, ZH, Small
from handbook.book import Book
from handbook.model import page, registers, yamlfile
from handbook.model.place import Place
from handbook.model.problem import Problem, errors
from handbook.web import checklists, citations
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MANY = settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

# pieces that mean something to the reader, in any order, between anything
PIECES = st.sampled_from(
    [
        "---",
        "title: ",
        "checked: 2026-11-22",
        "aliases: [",
        "- ",
        "# ",
        "## ",
        "{#",
        "}",
        "- [ ] ",
        "- [x] ",
        "[@",
        "[@card-rule]",
        "[tel:",
        "[tel:12378]",
        "]",
        "<!-- ",
        " -->",
        "<!-- checklist: all -->",
        "<!-- register: sources -->",
        "> ",
        "|",
        "| --- |",
        '!!! warning "',
        "???",
        "```",
        "[a](",
        "b.md#",
        ")",
        "![",
        "*",
        "**",
        "`",
        "&",
        "&a",
        "*a",
        "<",
        "<script>",
        "\t",
        "    ",
        "\r",
        "\n",
        "\n\n",
        "\u200b",
        "\u2028",
        "\ufeff",
        "\x00",
        "％",
        "：",
        "~",
    ]
)
MESS = st.lists(PIECES | st.text(max_size=12), max_size=60).map("".join)
LINE = re.compile(r"^.+:\d+: [A-Z]+-\d+( \(warning\))? \S")


def sound(problems):
    for problem in problems:
        assert isinstance(problem, Problem) and problem.line >= 1
        text = str(problem)
        assert LINE.match(text) and "\n" not in text and "Traceback" not in text, text


@MANY
@given(MESS | MESS.map(lambda text: f"---\n{text}\n---\n\n# x\n"))
def test_front_matter(text):
    sound(page.parse(text, "start/x", "zh", "docs/zh/start/x.md")[1])


@MANY
@given(MESS)
def test_pages_and_every_check_of_them(text):
    with TemporaryDirectory() as folder:
        small = _small(Path(folder))
        one, problems = page.parse("---\ntitle: x\n---\n\n" + text, "start/x", "zh", "docs/zh/start/x.md")
        sound(problems)
        small.pages["zh"]["start/x"] = one
        sound(small.problems())


@MANY
@given(MESS)
def test_markers(text):
    one, problems = page.parse(f"---\ntitle: x\n---\n\n<!-- {text} -->\n<!--{text}\n", "x", "en", "docs/en/x.md")
    sound(problems)
    for marker in one.markers:
        assert page.MARKER.match(f"<!-- {marker.text}: {marker.value} -->")


@MANY
@given(MESS)
def test_citations_become_notes_or_stay_text(text):
    book = _small_book()
    body = f"---\ntitle: x\n---\n\n## 法律 {{#the-law}}\n\n- {text}[@card-rule]{text}\n"
    one, _ = page.parse(body, "x", "zh", "docs/zh/x.md")
    book.pages["zh"]["x"] = one
    problems = citations.problems(book)
    sound(problems)
    if errors(problems):  # the build stops here
        return
    place = Place(book, one)
    html = citations.dress(place, one.body)
    notes = "".join(place.end)
    assert html.count('class="footnote-ref"') == len(
        [c for c in page.CITE.findall(one.body) if c in book.registers.sources]
    )
    assert (notes != "") == ('class="footnote-ref"' in html)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@MANY
@given(MESS | VALUES.map(lambda v: yaml.safe_dump(v, allow_unicode=True)) | st.binary(max_size=60))
def test_yaml(content):
    with TemporaryDirectory() as folder:
        file = Path(folder) / "x.yml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        sound(yamlfile.read(file, "docs/data/x.yml")[2])


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A small handbook of which an example changes one register, and changes it back."""
    return Small(tmp_path_factory.mktemp("shared"))


@st.composite
def _bent(draw):
    """A register with one value, key or row that is something else."""
    name = draw(st.sampled_from([n for n, rows in REGISTERS.items() if rows]))
    row = {**draw(st.sampled_from(REGISTERS[name]))}
    key = draw(st.sampled_from(sorted(row)) | st.text(max_size=6))
    row[key] = draw(VALUES)
    if draw(st.booleans()):
        row.pop(draw(st.sampled_from(sorted(row))))
    return name, draw(st.sampled_from([[row], [row, row], row, [[row]], [None, row]]))


@MANY
@given(_bent())
def test_registers(shared, bent):
    name, rows = bent
    file = shared.root / f"docs/data/{name}.yml"
    good = file.read_bytes()
    try:
        file.write_text(
            yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, default_flow_style=False), encoding="utf-8"
        )
        read, problems = registers.load(shared.root / "docs/data", shared.root)
    finally:
        file.write_bytes(good)
    sound(problems)
    assert problems or read.rows[name]


_book = None


def _small_book():
    global _book
    if _book is None:
        with TemporaryDirectory() as folder:
            _book = Small(Path(folder)).book()
    return _book


def _small(folder):
    return _small_book()


# -- hostile text in registers ---------------------------------------------------------------------

HOSTILE = "\"'><script>hit()</script><img src=x onerror=hit()>[x](javascript:hit())&lt;{#a}*`|<!--"


def texts(row, path=()):
    """Where a register row holds words for readers."""
    for key, value in row.items() if isinstance(row, dict) else enumerate(row):
        if isinstance(value, (dict, list)):
            yield from texts(value, (*path, key))
        elif (
            isinstance(value, str)
            and path + (key,) != ("id",)
            and key
            not in (
                "kind",
                "verdict",
                "evidence",
                "topic",
                "on",
                "checked_on",
                "in_force_since",
                "ends_on",
                "source",
                "page",
                "document",
                "where",
                "section",
                "pinyin",
                "need",
                "url",
                "id",
            )
        ):
            yield (*path, key)


def spoil(rows):
    import copy

    rows = copy.deepcopy(rows)
    for row in rows:
        for path in list(texts(row)):
            if path[0] in ("sources", "pages", "patterns", "items", "variants", "never", "documents", "told_in"):
                continue
            node = row
            for step in path[:-1]:
                node = node[step]
            node[path[-1]] = str(node[path[-1]]) + HOSTILE
    return rows


def test_hostile_text_in_every_field_reaches_no_page_as_markup(tmp_path):
    small = Small(tmp_path)
    pages = (
        "".join(
            f"\n<!-- register: {name} -->\n"
            for name in ("sources", "contacts", "documents", "changes", "checked", "glossary")
        )
        + "\n<!-- picture: road -->\n<!-- index: a-to-z -->\n<!-- checklist: all -->\n"
    )
    for lang, text in (("zh", ZH), ("en", EN)):
        small.write(f"docs/{lang}/index.md", text + pages)
    for name, rows in REGISTERS.items():
        small.register(name, spoil(rows))
    small.register("changes", spoil([{"id": "a", "on": "2026-11-22", "text": {"zh": "改", "en": "new"}}]))
    book = small.book()
    bad = [p for p in book.problems() if p.rule.startswith(("REG", "YAML"))]
    assert bad == [], bad
    for lang in ("zh", "en"):
        html = book.fill(
            lang,
            "index",
            markdown.markdown(book.render(lang, "index"), extensions=["attr_list", "admonition", "tables"]),
        )
        assert html.count("hit()") >= 10, "the text must reach the page, as text"
        assert "<script" not in html and "<img" not in html
        assert 'href="javascript:' not in html and 'id="a"' not in html
        for sheet in checklists.files(book).values():
            sheet = sheet.decode()
            assert "<script>hit" not in sheet and "<img" not in sheet


class Markup(HTMLParser):
    """What of the hostile text a browser would take for an element, an attribute or a script's address."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        if (
            at.get("src") == "x"
            or any(name.startswith("on") for name in at)
            or (at.get("href") or "").startswith("javascript:")
            or at.get("id") == "a"
        ):
            self.found.append(self.get_starttag_text())
        self.script = tag == "script" and at.get("type") != "application/json"

    def handle_data(self, data):
        if getattr(self, "script", False) and data.startswith("hit"):
            self.found.append(data)


def worse(value, key=""):
    """A register's value with hostile text after everything written for readers."""
    if isinstance(value, dict):
        return {k: v if k in ("patterns", "never", "variants") else worse(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [worse(v, key) for v in value]
    return (
        value + HOSTILE
        if isinstance(value, str)
        and key in ("zh", "en", "quote", "number", "traditional", "url")
        and not value.startswith("http")
        else value
    )


def test_hostile_text_in_the_real_registers_reaches_no_page_tool_or_sheet_as_markup(tmp_path):
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    spoiled = set()
    for file in sorted((tmp_path / "docs/data").glob("*.yml")):
        rows = yaml.safe_load(file.read_text(encoding="utf-8"))
        bad = worse(rows)
        if bad != rows:
            spoiled.add(file.stem)
            file.write_text(yaml.dump(bad, allow_unicode=True, sort_keys=False), encoding="utf-8")
    assert {
        "sources",
        "contacts",
        "glossary",
        "checked",
        "tools",
        "sheets",
        "packs",
        "pictures",
        "topics",
        "changes",
        "claims",
        "documents",
    } <= spoiled
    book = Book(tmp_path, site_url="https://example.org/")
    assert len(Markup(HOSTILE).found) == 2, "as markup it would be seen"
    hits, found = 0, []
    outputs = {name: html.decode() for name, html in checklists.files(book).items()}
    for lang in ("zh", "en"):
        for path in book.pages[lang]:
            outputs[f"{lang}/{path}"] = book.fill(
                lang,
                path,
                markdown.markdown(
                    book.render(lang, path), extensions=["attr_list", "admonition", "tables", "footnotes", "md_in_html"]
                ),
            )
    for name, html in outputs.items():
        hits += html.count("hit()")
        found += [(name, *Markup(html).found)] if Markup(html).found else []
    assert hits > 1000, "the text must reach the pages, as text"
    assert found == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_titles_reach_no_head(tmp_path, lang):
    small = Small(tmp_path)
    small.change(f"docs/{lang}/index.md", "description: ", 'description: "<script>hit()</script>" #')
    assert small.book().pages[lang]["index"].meta["description"] == "<script>hit()</script>"
