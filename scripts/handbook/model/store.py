"""Finished files by the hash of everything that they were made from, kept from build to build."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path


class Store:
    """A folder of finished files. What a build does not use is forgotten at its end, by `clear`."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.have = {f.name for f in folder.iterdir()}
        self.used: set[str] = set()

    @staticmethod
    def key(*parts: str | bytes) -> str:
        """40 hex digits for what something is made from."""
        seed = hashlib.sha256()
        for part in parts:
            data = part.encode() if isinstance(part, str) else part
            seed.update(b"%d " % len(data) + data)
        return seed.hexdigest()[:40]

    def __contains__(self, name: str) -> bool:
        return name in self.have

    def keep(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all."""
        part = self.folder / f"{name}.{os.getpid()}.part"
        part.write_bytes(data)
        os.replace(part, self.folder / name)
        self.have.add(name)
        self.used.add(name)

    def path(self, name: str) -> Path:
        self.used.add(name)
        return self.folder / name

    def get(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The file's content, made if it is not there."""
        if name not in self.have:
            self.keep(name, make())
        return self.path(name).read_bytes()

    def clear(self) -> None:
        for name in self.have - self.used:
            (self.folder / name).unlink(missing_ok=True)
        self.have &= self.used
