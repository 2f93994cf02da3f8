"""A problem: where it is, which rule it breaks, what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, order=True)
class Problem:
    """One finding.

    file: path as shown to the writer (relative to the project root); line: 1-based;
    rule: stable id such as ``PAGE-1``, its meaning never changes; message: what is wrong and
    how to mend it, one line; level: ``error`` stops a build, ``warning`` needs a human's eye.
    """

    file: str
    line: int
    rule: str
    message: str
    level: str = ERROR

    def __str__(self) -> str:
        mark = "" if self.level == ERROR else " (warning)"
        return f"{self.file}:{self.line}: {self.rule}{mark} {' '.join(self.message.split())}"


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Only the problems that stop a build, sorted by file and line."""
    return sorted({p for p in problems if p.level == ERROR})
