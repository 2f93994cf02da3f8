"""Read text and YAML with a line number for every value, so that a problem can point at it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import yaml

from .problem import Problem

# The C parser is about eight times as fast; the pure one is the fallback where libyaml is missing.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


UNREAD = ("FILE-1", "FILE-2", "FILE-3", "YAML-1", "YAML-2", "YAML-3", "PAGE-1", "REG-1")  # what was not read as it is


def read_text(file: Path, shown: str) -> tuple[str | None, list[Problem]]:
    """The file's text without a byte-order mark and with plain line ends, or None and one problem."""
    try:
        return file.read_text(encoding="utf-8-sig"), []
    except FileNotFoundError:
        return None, [Problem(shown, 1, "FILE-1", "the file is missing: restore it")]
    except OSError as error:
        return None, [Problem(shown, 1, "FILE-3", f"cannot be read ({error.strerror}): mend its rights or its link")]
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return None, [Problem(shown, line, "FILE-2", f"not UTF-8 (byte {error.start}): save the file as UTF-8")]


_made: dict[str, tuple] = {}


def unchanged(file: Path, about: Hashable, make: Callable[[], Any]) -> Any:
    """What `make` made of the file, made again only after the file has changed: a writer's machine reads it many times.

    about: what else it was made from.
    """
    stat = file.stat()
    stamp = (about, stat.st_mtime_ns, stat.st_size, stat.st_ino)
    if _made.get(str(file), (None,))[0] != stamp:
        _made[str(file)] = stamp, make()
    return _made[str(file)][1]


def parse(text: str, file: str, first_line: int = 1) -> tuple[Any, dict[tuple, int], list[Problem]]:
    """YAML text to (plain data, ``{path: line}``, problems).

    A path is a tuple of keys and list positions, e.g. ``(3, "title", "zh")``. Dates stay text.
    Duplicate keys are problems, since YAML itself would keep the last in silence.
    """
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        why = getattr(error, "problem", None) or str(error).split("\n")[0]
        return (
            None,
            {},
            [
                Problem(
                    file,
                    line,
                    "YAML-1",
                    f"cannot read the YAML: {why}; check quotes, colons and indentation (spaces, no tabs) here",
                )
            ],
        )
    lines: dict[tuple, int] = {}
    problems: list[Problem] = []
    seen: set[int] = set()

    def build(node, path):
        lines[path] = first_line + node.start_mark.line
        if id(node) in seen:  # an alias; refused, because nested ones can grow without end
            text = "anchors and aliases (& and *) are not used here: write the value out"
            problems.append(Problem(file, first_line + node.start_mark.line, "YAML-3", text))
            return None
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            out: dict = {}
            for key_node, value_node in node.value:
                key = key_node.value
                if key in out:
                    problems.append(
                        Problem(
                            file,
                            first_line + key_node.start_mark.line,
                            "YAML-2",
                            f"the key {key!r} stands twice: delete one",
                        )
                    )
                out[key] = build(value_node, path + (key,))
                lines[path + (key,)] = first_line + key_node.start_mark.line
            return out
        if isinstance(node, yaml.SequenceNode):
            return [build(child, path + (n,)) for n, child in enumerate(node.value)]
        return _scalar(node)

    data = build(node, ()) if node is not None else None
    return data, lines, problems


def _scalar(node) -> Any:
    tag = node.tag.rsplit(":", 1)[-1]
    if tag == "null":
        return None
    if tag == "bool":
        return node.value.lower() in ("true", "yes", "on")
    if tag == "int" and node.value.isdigit() and (node.value == "0" or node.value[0] != "0"):
        return int(node.value)
    return node.value


def read(file: Path, shown: str) -> tuple[Any, dict[tuple, int], list[Problem]]:
    """`parse` for a file. Data is None where the file could not be read."""
    text, problems = read_text(file, shown)
    if text is None:
        return None, {}, problems
    return parse(text, shown)
