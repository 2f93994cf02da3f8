"""The house: imports point down, rooms keep to themselves, lines are short."""

import ast
import io
import tokenize

import pytest
from conftest import ROOT

SCRIPTS = ROOT / "scripts"
FLOORS = [
    ("handbook.model",),
    ("handbook.web", "handbook.paper", "handbook.rules", "handbook.ship"),
    ("handbook.book",),
    ("handbook",),  # hooks and doors: all that no line above names
]
FILES = [file for folder in ("scripts", "tests") for file in sorted((ROOT / folder).rglob("*.py"))]


def name(file) -> str:
    """``handbook.web.tools``; a room's own file is called what the room is called."""
    parts = file.relative_to(SCRIPTS if file.is_relative_to(SCRIPTS) else ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name(file): file for file in FILES}


def imports(module: str, text: str, package: bool = False):
    """Names of the modules that it imports, wherever in it."""
    above = module.split(".") if package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = node.module or ""
            if node.level:
                start = ".".join([*above[: len(above) + 1 - node.level], start]).rstrip(".")
            for one in node.names:
                yield f"{start}.{one.name}" if f"{start}.{one.name}" in MODULES else start


IMPORTS = {m: set(imports(m, f.read_text(encoding="utf-8"), f.stem == "__init__")) for m, f in MODULES.items()}
HANDBOOK = {m: IMPORTS[m] for m in IMPORTS if m.split(".")[0] == "handbook"}


def within(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def floor(module: str) -> int:
    return next(n for n, rooms in enumerate(FLOORS) if any(within(module, room) for room in rooms))


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def wrong(arrows: dict) -> set:
    """Imports that point up, or from one room of features into another."""
    found = set()
    for module, targets in arrows.items():
        for target in (t for t in targets if t.split(".")[0] == "handbook" and t != "handbook"):
            up = floor(target) > floor(module)
            beside = floor(module) == floor(target) == 1 and room(module) != room(target)
            if up or beside:
                found.add((module, target))
    return found


def test_imports_point_down_and_no_feature_imports_another_room():
    assert wrong(HANDBOOK) == set()


def test_an_import_that_points_up_or_aside_is_found():
    text = "def f():\n    from ..book import Book\n    from ..paper import sheets\n    from ..model import page"
    found = set(imports("handbook.web.tools", text))
    assert wrong({"handbook.web.tools": found}) == {
        ("handbook.web.tools", "handbook.book"), ("handbook.web.tools", "handbook.paper.sheets"),
    }  # fmt: skip


def test_only_the_hooks_know_mkdocs():
    assert {m for m, found in HANDBOOK.items() if any(within(one, "mkdocs") for one in found)} <= {"handbook.hooks"}


def test_nobody_needs_the_lab():
    lab = {m.rpartition(".")[2] for m in MODULES if within(m, "lab")} | {"lab"}
    others = {m: found for m, found in IMPORTS.items() if not within(m, "lab")}
    assert {(m, one) for m, found in others.items() for one in found if one.split(".")[0] in lab} == set()


def circle(arrows: dict) -> list[str]:
    """A way that leads back to where it began, if there is one."""
    done: set[str] = set()

    def walk(module: str, way: list[str]) -> list[str]:
        if module in way:
            return [*way[way.index(module) :], module]
        if module in done:
            return []
        found = next((c for one in sorted(arrows.get(module, ())) if (c := walk(one, [*way, module]))), [])
        done.add(module)
        return found

    return next((c for module in sorted(arrows) if (c := walk(module, []))), [])


def test_no_imports_go_in_a_circle():
    assert circle(HANDBOOK) == []
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]


def test_the_front_door_is_easy_to_find():
    assert len([one for one in SCRIPTS.iterdir() if one.name != "__pycache__"]) <= 10


def long_lines(text: str) -> list[int]:
    """Lines over 120 columns, but for those that only one long string makes so."""
    lines = text.splitlines()
    long = {n for n, line in enumerate(lines, 1) if len(line) > 120}
    strings = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        (first, left), (last, right) = token.start, token.end
        if token.type in strings and (first != last or right - left > 60):
            long -= set(range(first, last + 1))
    return sorted(long)


@pytest.mark.parametrize("folder", ["scripts", "tests"])
def test_lines_are_short(folder):
    found = []
    for file in FILES:
        if file.is_relative_to(ROOT / folder):
            found += [f"{file.relative_to(ROOT)}:{n}" for n in long_lines(file.read_text(encoding="utf-8"))]
    assert found == []


def test_a_long_line_is_found():
    assert long_lines(f"x = 1\n{'a + ' * 40}1\ny = '{'b' * 200}'\n") == [2]
