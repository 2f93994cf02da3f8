"""Read and validate the registers in ``docs/data`` once, with file and line in each problem."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import jsonschema_rs

from . import yamlfile
from .problem import WARNING, Problem

KINDS = {
    "law": ("法律", "law"),
    "judicial-interpretation": ("司法解释", "judicial interpretation"),
    "regulation": ("监管规定", "regulation"),
    "national-standard": ("国家标准", "national standard"),
    "industry-rule": ("行业自律", "industry rule"),
    "practice": ("机构惯例", "practice"),
    "experience": ("经验", "experience"),
}
EVIDENCE = {
    "full-text": ("读的是全文", "we read the text itself"),
    "excerpt": ("读的是转载或摘录", "we read a reprint or excerpt"),
    "press": ("读的是新闻报道", "we read press reports"),
}
VERDICTS = {
    "sound": ("可以照做", "sound"),
    "qualify": ("有条件", "only with a condition"),
    "conflict": ("自相矛盾，已改正", "contradictory, resolved here"),
    "unsafe": ("不要照做", "unsafe, do not follow"),
    "empty": ("空话", "says nothing"),
}
CHECKED = {
    "true": ("对", "true"),
    "partly": ("只对一部分", "partly true"),
    "outdated": ("过时了", "outdated"),
    "false": ("不对", "false"),
    "unproven": ("没有查到依据", "not enough evidence"),
}
STEPS = ("before", "overdue", "chased", "talk", "sign", "pay", "settle", "recover", "court", "cope", "any")

_TEXT = {"type": "string", "minLength": 1}
_ID = {"type": "string", "pattern": r"^[a-z0-9]+(-[a-z0-9]+)*$"}
_DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_WORDS = {"type": "array", "items": _TEXT}
_BOTH_WORDS = {"type": "object", "properties": {"zh": _WORDS, "en": _WORDS}, "required": ["zh", "en"], "additionalProperties": False}
_BOTH = {"type": "object", "properties": {"zh": _TEXT, "en": _TEXT}, "required": ["zh", "en"], "additionalProperties": False}

_MANY = {"type": "array", "minItems": 1, "items": _BOTH}


def _rows(required: dict, optional: dict | None = None) -> dict:
    return {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {**required, **(optional or {})},
            "required": list(required),
            "additionalProperties": False,
        },
    }


def _or_null(schema: dict) -> dict:
    return {"anyOf": [schema, {"type": "null"}]}


SCHEMAS = {
    "search": _rows(
        {"id": _ID, "kind": {"enum": ["crisis", "verdict", "topic", "same", "ignore"]}},
        {"topic": _ID, "page": _TEXT, "words": _BOTH_WORDS, "near": _BOTH_WORDS, "means": _BOTH_WORDS, "says": _BOTH, "tels": {"type": "array", "items": _TEXT}},
    ),
    "sources": _rows(
        {
            "id": _ID,
            "kind": {"enum": list(KINDS)},
            "topic": _TEXT,
            "title": _BOTH,
            "number": _or_null(_BOTH),
            "article": _or_null(_BOTH),
            "short": _BOTH,
            "says": _BOTH,
            "in_force_since": _or_null({"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}),
            "ends_on": _or_null(_DAY),
            "evidence": {"enum": list(EVIDENCE)},
            "checked_on": _DAY,
            "unsettled": {"type": "boolean"},
            "quote": _or_null(_TEXT),
            "caveat": _or_null(_BOTH),
            "myth": _or_null(_BOTH),
            "url": _or_null({"type": "string", "pattern": "^https?://"}),
            "read_in": _or_null(_TEXT),
        },
        {
            "unchanged_since": _or_null(_DAY),  # the text itself, where we could follow its versions
            "detail": _BOTH,  # what only proves or dates: shown in notes and the register, not told in a body
            "told_in": {"type": "string", "pattern": r"^[a-z0-9/-]+#[a-z0-9-]+$"},  # where all of `says` stands
            "reference_only": _BOTH,  # why it is told nowhere
            "aliases": {"type": "array", "minItems": 1, "items": _ID},  # ids that it had before
            "ends_when": {"enum": ["amended", "replaced", "dated"]},  # what would end it
        },
    ),
    "contacts": _rows(
        {
            "id": {"type": "string", "pattern": "^[0-9a-z-]+$"},
            "name": _BOTH,
            "for": _BOTH,
            "not_for": _BOTH,
            "hours": _or_null(_BOTH),
            "source": _ID,
            "checked_on": _DAY,
        },
        {"address": {"type": "string", "pattern": r"^[a-z0-9.-]+\.[a-z]+$"}},  # a host, where the contact is no telephone number
    ),
    "claims": _rows(
        {
            "id": {"type": "string", "pattern": r"^C\d{3}$"},
            "documents": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "properties": {"document": _TEXT, "where": _TEXT},
                    "required": ["document", "where"],
                    "additionalProperties": False,
                },
            },
            "section": _TEXT,
            "kind": _TEXT,
            "claim": _BOTH,
            "checklistable": {"type": "boolean"},
            "verdict": {"enum": list(VERDICTS)},
            "why": _BOTH,
        }
    ),
    "checked": _rows(
        {"id": _ID, "topic": _ID, "claim": _BOTH, "verdict": {"enum": list(CHECKED)}, "why": _BOTH, "instead": _BOTH, "sources": _WORDS, "pages": {**_WORDS, "minItems": 1}, "patterns": _BOTH_WORDS}
    ),
    "glossary": _rows(
        {"id": _ID, "zh": _TEXT, "pinyin": _TEXT, "traditional": _TEXT, "en": _TEXT, "line": _BOTH, "variants": _BOTH_WORDS, "never": _BOTH_WORDS},
        # art: a term of art, its first use on a page carries the other language; plain: a word that needs no explanation
        {"art": {"type": "boolean"}, "plain": {"type": "boolean"}},
    ),
    "changes": _rows({"id": _ID, "on": _DAY, "text": _BOTH}, {"pages": _WORDS}),
    "allowed": _rows({"id": _ID, "page": _TEXT, "zh": _TEXT, "en": _TEXT, "reason": _TEXT}),
    "links": _rows({"id": _TEXT, "answered_on": _or_null(_DAY), "tried_on": _DAY, "status": _TEXT}, {"leads_to": _TEXT}),
    "documents": _rows({"id": _TEXT, "name": _BOTH, "shape": _BOTH}),
    "redirects": _rows({"id": {"type": "string", "pattern": r"^[a-z0-9-]+(/[a-z0-9-]+)*$"}}, {"to": _TEXT, "why": _BOTH}),
    "topics": _rows({"id": _ID, "name": _BOTH}),
    "packs": _rows({"id": _ID, "title": _BOTH, "note": _BOTH, "items": {"type": "array", "minItems": 1, "items": _TEXT}}),
    "tools": _rows(
        {"id": _ID, "title": _BOTH, "lead": _BOTH},
        {
            "words": {"type": "object", "additionalProperties": _BOTH},
            "sources": {"type": "array", "items": _ID},
            "fields": _rows(
                {"id": _ID, "kind": {"enum": ["money", "number", "date", "time", "text", "area", "choice"]}, "label": _BOTH},
                {
                    "hint": _BOTH, "group": _TEXT, "rows": _TEXT, "needed": {"type": "boolean"}, "periods": {"type": "boolean"}, "start": _TEXT,
                    "most": {"type": "integer"}, "least": {"type": "integer"}, "autocomplete": _TEXT, "options": _rows({"id": _ID, "label": _BOTH}),
                },
            ),
            "items": _rows(
                {"id": _ID},
                {
                    "title": _BOTH, "item": {"type": "string", "pattern": "^[a-z0-9/-]+#[a-z0-9-]+$"}, "text": _BOTH, "more": _BOTH, "write": _BOTH, "red": {"type": "boolean"}, "days": {"type": "integer", "minimum": 1},
                    "page": _TEXT, "pages": {"type": "array", "items": _TEXT}, "sources": {"type": "array", "items": _ID},
                    "parts": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"text": _BOTH, "law": _ID, "optional": {"type": "boolean"}},
                            "minProperties": 1,
                            "additionalProperties": False,
                        },
                    },
                },
            ),
        },
    ),
    # blank sheets, cards and situations of the print centre; what a row of each kind needs is checked with the sheets
    "sheets": _rows(
        {"id": _ID, "kind": {"enum": ["form", "card", "situation"]}, "title": _BOTH, "note": _BOTH},
        {
            "page": _TEXT,
            "landscape": {"type": "boolean"},
            "sheets": {"type": "array", "minItems": 1, "items": _ID},
            "blocks": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "properties": {
                        "heading": _BOTH, "text": _BOTH, "space": {"type": "integer", "minimum": 1}, "lines": _MANY, "boxes": _MANY,
                        "quotes": _TEXT, "most": {"type": "integer", "minimum": 1}, "items": {"type": "array", "minItems": 1, "items": _TEXT},
                        "numbers": {"type": "array", "minItems": 1, "items": _TEXT}, "fixed": _MANY, "rows": {"type": "integer", "minimum": 1},
                        "table": _rows({"label": _BOTH, "width": {"type": "integer", "minimum": 1}}),
                    },
                    "additionalProperties": False,
                },
            },
        },
    ),
    "pictures": _rows(
        {"id": _ID, "title": _BOTH},
        {
            "steps": {
                "type": "array",
                "minItems": 2,
                "items": {
                    "type": "object",
                    "properties": {"id": _ID, "label": _BOTH, "text": _or_null(_BOTH), "page": _or_null(_TEXT), "side": {"type": "boolean"}},
                    "required": ["id", "label"],
                    "additionalProperties": False,
                },
            }
        },
    ),
}


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

    def where(self, register: str, key: str) -> tuple[str, int]:
        return self.lines.get((register, key), (f"docs/data/{register}.yml", 1))


def load(data: Path, root: Path) -> tuple[Registers, list[Problem]]:
    """Read every register of `SCHEMAS` below ``data``; rows that break the schema are problems.

    root: project folder, for the paths shown. Raises nothing for bad data.
    """
    registers, problems = Registers(), []
    for name, schema in SCHEMAS.items():
        shown = (data / f"{name}.yml").relative_to(root).as_posix()
        rows, lines, found = yamlfile.read(data / f"{name}.yml", shown)
        problems += found
        registers.rows[name] = table = {}
        if rows is None:
            continue
        broken = set()
        for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(rows):
            path = tuple(error.instance_path)
            broken.add(path[0] if path else None)
            at = next((lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in lines), 1)
            field_name = ".".join(str(p) for p in path[1:]) or "the row"
            problems.append(Problem(shown, at, "REG-1", f"{field_name}: {error.message[:160]}; see the other rows of {name}.yml"))
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
    return registers, problems + _cross(registers)


def _cross(registers: Registers) -> list[Problem]:
    problems = []
    for key, row in registers.contacts.items():
        if row["source"] not in registers.sources:
            problems.append(Problem(*registers.where("contacts", key), "REG-3", f"contact {key} names the source {row['source']!r}, which is not in sources.yml"))
    for key, row in registers.claims.items():
        for document in row["documents"]:
            if document["document"] not in registers.documents:
                problems.append(Problem(*registers.where("claims", key), "REG-3", f"claim {key} names the document {document['document']!r}, which is not in documents.yml"))
    for key, row in registers.checked.items():
        for source in row["sources"]:
            if source not in registers.sources:
                problems.append(Problem(*registers.where("checked", key), "REG-3", f"the checked claim {key} names the source {source!r}, which is not in sources.yml"))
        if row["topic"] not in registers.topics:
            problems.append(Problem(*registers.where("checked", key), "REG-3", f"the checked claim {key} names the topic {row['topic']!r}, which is not in topics.yml"))
        if not row["sources"] and row["verdict"] != "unproven":
            problems.append(Problem(*registers.where("checked", key), "REG-6", f"the verdict on {key} has no source: name one, or judge it unproven"))
    for key, row in registers.sources.items():
        for field_name in ("checked_on", "ends_on"):
            value = row[field_name]
            if value and not _is_day(value):
                problems.append(Problem(*registers.where("sources", key), "REG-4", f"{field_name} {value} is not a day of the calendar"))
        if row["evidence"] != "full-text" and row["caveat"] is None:
            problems.append(Problem(*registers.where("sources", key), "REG-5", "a row that rests on a reprint or report needs a caveat: say what was not read"))
    return problems


def due(registers: Registers, today: date) -> list[Problem]:
    """DUE-1 (warning): rows checked more than 12 months ago, 3 where the rule is unsettled."""
    found = []
    for key, row in registers.sources.items():
        if not _is_day(row["checked_on"]):
            continue
        months = 3 if row["unsettled"] else 12
        last = date.fromisoformat(row["checked_on"])
        next_ = (last.year + (last.month - 1 + months) // 12, (last.month - 1 + months) % 12 + 1, last.day)
        if (today.year, today.month, today.day) > next_:
            found.append(Problem(*registers.where("sources", key), "DUE-1", f"{key} was checked on {row['checked_on']}, more than {months} months ago: read the text again and set checked_on", WARNING))
    return found


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def ended(row: dict, today: date) -> bool:
    """True from the day after ``ends_on``: the last day itself still counts."""
    return bool(row.get("ends_on")) and date.fromisoformat(row["ends_on"]) < today


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
