"""Doors: on home and on group pages a list of links is a list of large targets; home's have a drawing and a search box."""

from __future__ import annotations

import re

from ..model import words
from ..model.page import target
from ..model.place import Place

SAY = words.by_language("doors")
DOOR = re.compile(r"^- (\[[^\]]+\]\(([^)\s#]+\.md)\))(?=：|: )", re.M)
# By page, drawn in 24 × 24 with one pen.
SIGNS = {
    "legal/home-visit": "M5 22V3h14v19M2 22h20M15 12v2",
    "legal/family-contacted": "M6 3h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2C11 20 4 13 4 5a2 2 0 0 1 2-2",
    "legal/court-papers": "M6 2h9l4 4v16H6zM15 2v4h4M9 11h7M9 15h7M9 19h4",
    "start/if-you-cannot-cope": "M12 20S4 15 4 9a4 4 0 0 1 8-1 4 4 0 0 1 8 1c0 6-8 11-8 11",
    "prepare/what-you-can-pay": "M5 2h14v20H5zM8 6h8M8 11h2M14 11h2M8 15h2M14 15h2M8 19h8",
    "start/next-30-minutes": "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M12 7v5l4 3",
    "legal/agents-and-scams": "M12 3l10 18H2zM12 10v5M12 18v.5",
    "start/for-family": "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M17 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4M2 20a6 6 0 0 1 12 0M14 16a5 5 0 0 1 8 4",
}


def dress(place: Place, text: str) -> str:
    """Links that begin an entry of home or of a group page become doors."""
    page = place.page
    if page.path.split("/")[-1] != "index":
        return text

    def door(match: re.Match) -> str:
        sign = SIGNS.get((target(page, match[2]) or ("",))[0]) if page.path == "index" else None
        drawing = f'<svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><path d="{sign}"/></svg>' if sign else ""
        return f"- {drawing}{match[1]}{{.door}}"

    text = DOOR.sub(door, text)
    if page.path != "index":
        return text
    say = SAY[place.lang]  # a link to the index, until the search is there to say so itself
    box = f'<a class="ask" href="{place.href("reference/a-to-z")}" data-search-open="{say["ask"]}">{say["index"]}</a>'
    return text.replace("\n## ", f"\n{place.part(box)}\n\n## ", 1)
