"""A section, a page pair, a marker and a rule are added by the number of edits that the README names, in a copy."""

import os
import shutil
import subprocess
import sys

import pytest
from conftest import EN, ROOT, ZH, Small
from handbook.model.page import parse
from handbook.rules.translations import digest

FEATURE = '''"""Says hello."""

MARKERS = {"hello": lambda book: ("world",)}


def marker(place, name, value):
    return f"<p>hello {value}, {place.lang}</p>"


def files(book):
    return {"hello.txt": b"hello"}
'''
RULE = '''"""No page may shout."""

from ..model.page import plain


def problems(book):
    for pages in book.pages.values():
        for page in pages.values():
            for block in page.blocks:
                if "！！" in plain(block.text):
                    yield page.problem(block.line, "SHOUT-1", "two exclamation marks: drop them")
'''
ASK = """
import sys
from handbook.book import Book
from handbook.model.problem import errors
book = Book(sys.argv[1])
print(*errors(book.problems()), sep="\\n")
print(eval(sys.argv[2]))
"""


@pytest.fixture
def copy(small) -> Small:
    shutil.copytree(
        ROOT / "scripts/handbook", small.root / "scripts/handbook", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("words.yml", "schemas.yml", "crisis.json"):
        shutil.copy(ROOT / f"docs/data/{name}", small.root / "docs/data")
    return small


def ask(copy, expression: str) -> str:
    """What the copy's own program says: its problems, then the value of an expression about its book."""
    run = subprocess.run(
        [sys.executable, "-c", ASK, str(copy.root), expression],
        env={**os.environ, "PYTHONPATH": str(copy.root / "scripts")},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def feature(copy, name: str, code: str) -> None:
    """One file, and one word in `FEATURES`."""
    copy.write(f"scripts/handbook/{name.replace('.', '/')}.py", code)
    copy.change("scripts/handbook/book.py", '"paper.sheets"', f'"{name}", "paper.sheets"')


def pair(copy, path: str) -> None:
    """Two files, whose links and boxes are their own."""
    zh = ZH.replace("先联系银行", "再联系银行").replace("claims: [C001]", "claims: []").replace("[@card-rule]", "")
    copy.write(f"docs/zh/{path}.md", zh)
    source = parse(zh, path, "zh", "x")[0]
    en = EN.replace("Call the bank first", "Call the bank again").replace("[@card-rule]", "")
    copy.write(f"docs/en/{path}.md", en.replace("\n---\n\n#", f"\ntranslated_from: {digest(source)}\n---\n\n#", 1))


def test_a_section_is_a_folder_and_lines_of_the_nav(copy):
    pair(copy, "extra/index")
    copy.change("mkdocs.yml", "  - index.md\n", "  - index.md\n  - extra:\n      - extra/index.md\n")
    said = ask(copy, "(book.sections, 'print/zh/extra.html' in book.files, 'extra' in book.rows)")
    assert said == "\n(['extra'], True, True)\n"


def test_a_page_is_two_files_and_a_line_of_the_nav(copy):
    pair(copy, "extra/index")
    pair(copy, "extra/more")
    copy.change(
        "mkdocs.yml", "  - index.md\n", "  - index.md\n  - extra:\n      - extra/index.md\n      - extra/more.md\n"
    )
    assert ask(copy, "'再联系银行' in book.whole('zh', 'extra/more')") == "\nTrue\n"


def test_a_marker_is_one_file_and_one_word(copy):
    feature(copy, "web.hello", FEATURE)
    copy.change("docs/zh/index.md", "## 下一步", "<!-- hello: world -->\n\n## 下一步")
    copy.change("docs/en/index.md", "## Next", "<!-- hello: world -->\n\n## Next")
    said = ask(copy, "('hello world, en' in book.whole('en', 'index'), book.files['hello.txt'])")
    assert said == "\n(True, b'hello')\n"
    copy.change("docs/en/index.md", "hello: world", "hello: moon")
    assert "MARK-3 the marker 'hello' knows no 'moon'" in ask(copy, "0")


def test_a_rule_is_one_file_and_one_word(copy):
    feature(copy, "rules.shout", RULE)
    copy.change("docs/zh/index.md", "再谈条件。", "再谈条件！！")
    assert "docs/zh/index.md:13: SHOUT-1 two exclamation marks: drop them" in ask(copy, "0")
