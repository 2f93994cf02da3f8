"""Every fact on a page stands in the register; what ends says so by itself; evidence is shown as it is."""

import re
from datetime import date

import pytest
from conftest import ROOT
from handbook.book import Book
from handbook.model.page import plain
from handbook.web import citations

REPAIR, PILOT = "repair-one-off-policy-what", "npl-transfer-pilot-to-2026"


def at(day):
    return Book(ROOT, day, "https://example.org/")


@pytest.mark.parametrize(
    "source,page,last",
    [
        (REPAIR, "recovery/one-time-repair", date(2026, 3, 31)),
        (PILOT, "strategies/mortgage-and-car", date(2026, 12, 31)),
    ],
)
def test_a_policy_ends_by_itself_on_its_day(book, source, page, last):
    assert book.registers.sources[source]["ends_on"] == str(last)
    on_it, after_it = at(last), at(date.fromordinal(last.toordinal() + 1))
    for lang, words in (("zh", f"已于 {last} 结束"), ("en", f"ended on {last}")):
        assert source in {c.value for c in book.pages[lang][page].cites}
        before, after = on_it.whole(lang, page), after_it.whole(lang, page)
        assert words not in before and words in after
        assert 'class="ended-note"' in after
    assert any(p.rule == "END-1" and p.file == f"docs/en/{page}.md" for p in citations.problems(after_it))


def test_no_page_says_that_the_one_time_repair_is_open(book):
    """Every block that names it is in the past, or under “do not say” or a warning."""
    past = re.compile(r"结束|当时|已经|曾|过去|那次|3 月 31 日|ended|was|were|closed|had|over|31 March|past|did")
    for lang, name in (("zh", "一次性信用修复"), ("en", "one-time credit repair")):
        for page in book.pages[lang].values():
            for block in page.blocks:
                text = plain(block.text)
                if name in text.lower() and block.kind in ("paragraph", "item", "task") and not block.callout:
                    assert past.search(text), (page.file, block.line, text)


def test_at_least_two_hundred_facts_are_cited(book):
    cited = {c.value for lang in book.pages.values() for p in lang.values() for c in p.cites}
    assert cited <= book.registers.sources.keys()
    assert len(cited) >= 200


def test_every_page_says_on_what_it_rests_and_marks_what_was_not_read(book):
    for lang in ("zh", "en"):
        for path, page in book.pages[lang].items():
            rows = {c.value: book.registers.sources[c.value] for c in page.cites}
            body, _, notes = book.whole(lang, path).partition('<details class="evidence">')
            whole = sum(row["evidence"] == "full-text" for row in rows.values())
            assert (not rows and not page.meta["claims"]) or f"{len(rows)}" in notes.split("</summary>")[0], path
            assert body.count("°</a></sup>") >= len(rows) - whole, path


def test_weak_evidence_always_has_a_caveat_in_both_languages(book):
    for row in book.registers.sources.values():
        if row["evidence"] != "full-text":
            assert row["caveat"]["zh"] and row["caveat"]["en"], row["id"]


def test_checked_is_the_only_day_called_checked(book):
    rows = book.whole("en", "reference/sources").split('<section class="row"')[1:]
    assert len(rows) == len(book.registers.sources)
    for row in rows:
        assert len(re.findall(r"checked on \d{4}-\d\d-\d\d", row.split("</section>")[0])) == 1
        assert not re.search(r"(answered|unchanged)[^·<]*checked", row)


def test_sources_lead_to_the_pages_that_use_them(book):
    html = book.whole("zh", "reference/sources")
    cited = {c.value for p in book.pages["zh"].values() for c in p.cites}
    for key in list(cited)[:60]:
        row = html.split(f'<section class="row" id="{key}">')[1].split("</section>")[0]
        assert "用到它的页面" in row, key


def test_claims_of_the_documents_are_all_covered(book):
    for document, verdict, rows, covered in book.coverage_table():
        assert verdict == "empty" or rows == covered, (document, verdict)
    html = book.whole("en", "reference/from-the-documents")
    for key in book.registers.claims:
        assert f'id="{key.lower()}"' in html


def test_the_scorecard_takes_its_figures_from_the_checks(book):
    html = book.whole("zh", "reference/what-changed")
    assert f"<td>{len(book.pages['zh'])}</td>" in html and f"<td>{len(book.registers.sources)}</td>" in html
