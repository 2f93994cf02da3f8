"""Small faults put into the code one at a time, each in a copy of the project: the unit tests should notice.

A fault turns a comparison, a boolean, an arithmetic sign or a condition round, moves a number by one, spoils a text,
or takes a statement, a `not` or a keyword argument away. Which are tried is drawn by a seed.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue

import common
from common import ROOT

CODE = ("model/*.py", "rules/*.py", "paper/*.py", "web/search_index.py")
TESTS = ("pyproject.toml", "tests")
COMPARE = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult}


def faults(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of this node."""

    def with_(**fields) -> ast.AST:
        other = copy.copy(node)
        for name, value in fields.items():
            setattr(other, name, value)
        return other

    match node:
        case ast.Compare(ops=[op, *rest]) if type(op) in COMPARE:
            yield with_(ops=[COMPARE[type(op)](), *rest])
        case ast.BoolOp():
            yield with_(op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
            yield from node.values
        case ast.BinOp() if type(node.op) in ARITHMETIC and not isinstance(node.left, (ast.JoinedStr, ast.List)):
            yield with_(op=ARITHMETIC[type(node.op)]())
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.IfExp():
            yield with_(body=node.orelse, orelse=node.body)
        case ast.If() | ast.While():
            yield with_(test=ast.UnaryOp(ast.Not(), node.test))
        case ast.Constant(value=bool()):
            yield with_(value=not node.value)
        case ast.Constant(value=int()):
            yield with_(value=node.value + 1)
        case ast.Constant(value=str()) if node.value.strip():
            yield with_(value=f"{node.value}XX")
        case ast.Call(keywords=[_, *_]):
            for key in node.keywords:
                yield with_(keywords=[k for k in node.keywords if k is not key])
        case ast.Assign() | ast.AugAssign() | ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()) | ast.Raise():
            yield ast.Pass()
        case ast.Continue() | ast.Break():
            yield ast.Pass()
        case ast.Return(value=ast.AST()):
            yield with_(value=ast.Constant(None))


def places(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """(parent, field, place in the field, node) of everything that runs: no annotations, docstrings or words of f-strings."""
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if field in ("annotation", "returns", "decorator_list") or isinstance(parent, ast.JoinedStr):
                continue
            for at, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                said = isinstance(parent, ast.Expr) and isinstance(node, ast.Constant)
                if isinstance(node, ast.AST) and not said and hasattr(node, "lineno"):
                    yield parent, field, at, node


def mutants(file: Path) -> Iterator[tuple[int, str, str]]:
    """(line, what is changed, the whole text) of every fault in a file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for parent, field, at, node in list(places(tree)):
        for other in faults(node):
            ast.copy_location(other, node)
            _put(parent, field, at, other)
            yield node.lineno, f"{_short(node)}  ->  {_short(other)}", ast.unparse(ast.fix_missing_locations(tree))
            _put(parent, field, at, node)


def _put(parent: ast.AST, field: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[at] = node


def _short(node: ast.AST) -> str:
    return " ".join(ast.unparse(ast.fix_missing_locations(node)).split())[:70]


def killed(folder: Path, tests: list[str], seconds: float) -> str:
    """The test that fails in this copy, or "" if none does. A run that takes too long has noticed too."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider"]
    command += ["--ignore=tests/unit/test_house.py"]  # what is written back here has long lines of its own
    environment = {**os.environ, "PYTHONPATH": str(folder / "scripts"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [*command, *tests], cwd=folder, env=environment, capture_output=True, text=True, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return "took too long"
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return (failed or ["the tests do not start"])[0] if done.returncode else ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/lab/mutate", description=__doc__.split("\n\n")[0])
    parser.add_argument("--number", type=int, default=200, help="how many faults are tried (200)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="TEXT", help="files with this in their path")
    parser.add_argument("--seconds", type=float, default=180, help="the longest that the tests may take (180)")
    parser.add_argument("--tests", nargs="+", default=["tests/unit"], help="which tests must notice (tests/unit)")
    options = parser.parse_args()
    base = ROOT / "scripts/handbook"
    files = sorted(f for pattern in CODE for f in base.glob(pattern) if options.only in str(f.relative_to(base)))
    every = [(file, *mutant) for file in files for mutant in mutants(file)]
    todo: Queue = Queue()
    drawn = random.Random(options.seed).sample(every, min(options.number, len(every)))
    for mutant in drawn:
        todo.put(mutant)
    survived, lock = [], threading.Lock()

    def work(folder: Path) -> None:
        common.copy(folder, *TESTS)
        if why := killed(folder, options.tests, options.seconds):
            print(f"mutate: the tests fail without a fault: {why}", file=sys.stderr)
            return
        while True:
            try:
                file, line, change, text = todo.get_nowait()
            except Empty:
                return
            target = folder / file.relative_to(ROOT)
            target.write_text(text, encoding="utf-8")
            why = killed(folder, options.tests, options.seconds)
            target.write_bytes(file.read_bytes())
            with lock:
                if not why:
                    survived.append(file)
                where = f"{file.relative_to(ROOT)}:{line}"
                print(f"{'killed' if why else 'SURVIVED'}  {where}  {change}  {why[:90]}".rstrip(), flush=True)

    with tempfile.TemporaryDirectory() as name:
        workers = [threading.Thread(target=work, args=(Path(name, str(n)),)) for n in range(os.cpu_count() or 1)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    tried = len(drawn) - todo.qsize()
    print(f"{tried} of {len(every)} faults tried, {tried - len(survived)} killed, {len(survived)} survived")
    return 0 if tried == len(drawn) else 1


if __name__ == "__main__":
    sys.exit(main())
