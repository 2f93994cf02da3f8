"""The scripts of the pages: whoever calls a function of another file finds its types above it."""

import re

import pytest
from conftest import ROOT

FOLDER = ROOT / "overrides/assets/javascripts"
FILES = [file.relative_to(FOLDER).as_posix() for file in sorted(FOLDER.rglob("*.js"))]
PUBLIC = re.compile(r"^(?P<above>.*)\nexport (?:async )?(?:function|const) (?P<name>[a-z]\w*)", re.M)


@pytest.mark.parametrize("name", FILES)
def test_public_functions_carry_their_types(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    for found in PUBLIC.finditer(text):
        comment = text[text.rfind("/**", 0, found.end("above")) : found.end("above")]
        assert found["above"].endswith("*/") and "@type {" in comment, f"{name}: {found['name']} has no type"
