"""Read and validate the registers in ``docs/data`` once, with file and line in each problem."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import jsonschema_rs
import yaml

from . import words, yamlfile
from .page import TEL
from .problem import ERROR, Problem

KINDS = words.pairs("kinds")
EVIDENCE = words.pairs("evidence")
VERDICTS = words.pairs("verdicts")
CHECKED = words.pairs("checked-verdicts")
STEPS = ("before", "overdue", "chased", "talk", "sign", "pay", "settle", "recover", "court", "cope", "any")

FILE = Path(__file__).parents[3] / "docs/data/schemas.yml"


@cache
def schemas() -> dict[str, jsonschema_rs.Draft202012Validator]:
    """For each register its validator, from ``docs/data/schemas.yml``. Raises SystemExit with the line if it cannot be read."""
    try:
        rows = yaml.safe_load(FILE.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise SystemExit(
            f"docs/data/schemas.yml:{line}: YAML-1 cannot read it: {' '.join(str(error).split())}"
        ) from None
    rows.pop("$defs")
    whole = {"type": "object", "additionalProperties": False}
    made = {name: {"type": "array", "items": whole | row} for name, row in rows.items()}
    return {name: jsonschema_rs.Draft202012Validator(schema, validate_formats=True) for name, schema in made.items()}


@dataclass
class Registers:
    """All registers: ``{id: row}`` each, in file order; ``lines[(register, id)]`` is (file, line)."""

    rows: dict[str, dict[str, dict]] = field(default_factory=dict)
    lines: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    made: dict = field(default_factory=dict)  # what features derive once from the rows, such as a compiled pattern

    def once(self, key: tuple, make):
        """The value of ``make()``, made once for these registers."""
        if key not in self.made:
            self.made[key] = make()
        return self.made[key]

    def __getattr__(self, name: str) -> dict[str, dict]:
        try:
            return self.__dict__["rows"][name]
        except KeyError:
            raise AttributeError(name) from None

    def problem(self, register: str, key: str, rule: str, message: str, level: str = ERROR) -> Problem:
        """A finding in a row."""
        return Problem(*self.where(register, key), rule, message, level)

    @property
    def numbers(self) -> dict[str, str]:
        """The telephone number, or the address, of each contact."""
        return {key: row.get("number") or row.get("address") or key for key, row in self.contacts.items()}

    @property
    def aliases(self) -> dict[str, str]:
        """Earlier ids of sources, and the id each has now."""
        return {a: key for key, row in self.sources.items() for a in row.get("aliases", []) if a not in self.sources}

    def where(self, register: str, key: str) -> tuple[str, int]:
        return self.lines.get((register, key), (f"docs/data/{register}.yml", 1))


def load(data: Path, root: Path) -> tuple[Registers, list[Problem]]:
    """Read every register of ``schemas.yml`` below ``data``; rows that break the schema are problems.

    root: project folder, for the paths shown. Raises nothing for bad data.
    """
    registers, problems = Registers(), []
    for name, schema in schemas().items():
        shown = (data / f"{name}.yml").relative_to(root).as_posix()
        rows, lines, found = yamlfile.read(data / f"{name}.yml", shown)
        problems += found
        registers.rows[name] = table = {}
        if rows is None:
            continue
        broken = set()
        for error in schema.iter_errors(rows):
            path = tuple(error.instance_path)
            broken.add(path[0] if path else None)
            at = next((lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in lines), 1)
            field_name = ".".join(str(p) for p in path[1:]) or "the row"
            problems.append(
                Problem(shown, at, "REG-1", f"{field_name}: {error.message[:160]}; see the other rows of {name}.yml")
            )
        if None in broken:
            continue
        for number, row in enumerate(rows):
            key = str(row.get("id", "")) if isinstance(row, dict) else ""
            line = lines.get((number,), 1)
            if not key or number in broken:
                if key:  # keep the id known, so that one bad row is one problem and not fifty
                    table.setdefault(key, None)
                continue
            if table.get(key) is not None:
                problems.append(Problem(shown, line, "REG-2", f"the id {key!r} stands twice in {name}.yml: rename one"))
            table[key] = row
            registers.lines[(name, key)] = (shown, line)
        registers.rows[name] = {key: row for key, row in table.items() if row is not None}
    _rename(registers)
    return registers, problems + _dial(registers) + _cross(registers)


def _dial(registers: Registers) -> list[Problem]:
    """Texts name a contact, ``[tel:contact-id]``; from here on they say its number. TEL-1 for one that is not there."""
    numbers, problems = registers.numbers, []

    def said(value, where: tuple[str, str]):
        if isinstance(value, dict):
            return {key: said(part, where) for key, part in value.items()}
        if isinstance(value, list):
            return [said(part, where) for part in value]
        if not isinstance(value, str) or "[tel:" not in value:
            return value
        for lost in {m[1] for m in TEL.finditer(value)} - numbers.keys():
            text = f"no contact is called {lost!r}: write [tel:id] with an id of docs/data/contacts.yml"
            problems.append(registers.problem(*where, "TEL-1", text))
        return TEL.sub(lambda m: numbers.get(m[1], m[1]), value)

    for name, table in registers.rows.items():
        registers.rows[name] = {key: said(row, (name, key)) for key, row in table.items()}
    return problems


def _rename(registers: Registers) -> None:
    """Rows that name a source by an earlier id of it name it by its own from here on."""
    names = registers.aliases

    def own(value):
        if isinstance(value, dict):
            return {key: own(part) for key, part in value.items()}
        return [own(part) for part in value] if isinstance(value, list) else names.get(value, value)

    for name in ("contacts", "checked", "tools", "values") if names else ():
        registers.rows[name] = {key: own(row) for key, row in registers.rows[name].items()}


def _cross(registers: Registers) -> list[Problem]:
    problems = []
    for key, row in registers.contacts.items():
        if row["source"] not in registers.sources:
            message = f"contact {key} names the source {row['source']!r}, which is not in sources.yml"
            problems.append(registers.problem("contacts", key, "REG-3", message))
    for key, row in registers.claims.items():
        for document in row["documents"]:
            if document["document"] not in registers.documents:
                message = f"claim {key} names the document {document['document']!r}, which is not in documents.yml"
                problems.append(registers.problem("claims", key, "REG-3", message))
    for key, row in registers.checked.items():
        for source in row["sources"]:
            if source not in registers.sources:
                message = f"the checked claim {key} names the source {source!r}, which is not in sources.yml"
                problems.append(registers.problem("checked", key, "REG-3", message))
        if row["topic"] not in registers.topics:
            message = f"the checked claim {key} names the topic {row['topic']!r}, which is not in topics.yml"
            problems.append(registers.problem("checked", key, "REG-3", message))
        if not row["sources"] and row["verdict"] != "unproven":
            message = f"the verdict on {key} has no source: name one, or judge it unproven"
            problems.append(registers.problem("checked", key, "REG-6", message))
    for key, row in registers.sources.items():
        if row["evidence"] != "full-text" and row["caveat"] is None:
            text = "a row that rests on a reprint or report needs a caveat: say what was not read"
            problems.append(registers.problem("sources", key, "REG-5", text))
    return problems


def due_on(row: dict) -> date:
    """The day by which a row must be checked again: 12 months after the last check, 3 where the rule is unsettled."""
    last = date.fromisoformat(row["checked_on"])
    month = last.month - 1 + (3 if row["unsettled"] else 12)
    return date(last.year + month // 12, month % 12 + 1, min(last.day, 28))


def is_day(text: str) -> bool:
    """Whether it is a day of the calendar, written 2026-11-22."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def ended(row: dict, today: date) -> bool:
    """True from the day after ``ends_on``: the last day itself still counts."""
    return is_day(row.get("ends_on") or "") and date.fromisoformat(row["ends_on"]) < today


def labels(row: dict, lang: str) -> str:
    """Kind and evidence of a row in words, e.g. 法律 · 读的是全文."""
    n = 0 if lang == "zh" else 1
    return f"{KINDS[row['kind']][n]} · {EVIDENCE[row['evidence']][n]}"


def name(row: dict, lang: str) -> str:
    """Title, number and article of a row in one line."""
    parts = [row["title"][lang]]
    if row["number"]:
        parts.append(row["number"][lang])
    if row["article"]:
        parts.append(row["article"][lang])
    return ("，" if lang == "zh" else ", ").join(parts)
