"""The glossary on pages: explained once, in English with what must be said or recognised, nowhere it would break."""

import re

ZH, EN = "docs/zh/index.md", "docs/en/index.md"


def test_first_use_is_explained_in_chinese_alone(small):
    small.change(ZH, "先打官方电话，再谈条件", "先问个性化分期，再谈个性化分期的条件")
    small.change(ZH, "- 银行可以同意", "- 个性化分期可以同意")
    text = small.book().whole("zh", "index")
    assert text.count("<abbr") == 1
    small.change(ZH, "## 法律", "个性化分期可以问。\n\n## 法律")
    text = small.book().whole("zh", "index")
    assert '<abbr title="一种分期。">个性化分期</abbr>可以问' in text and "personal plan" not in text


def test_english_pages_carry_the_chinese(small):
    small.change(EN, "## What the law", "Ask for a personal plan.\n\n## What the law")
    said = '<span lang="zh-Hans">个性化分期</span>, <i lang="zh-Latn">gèxìnghuà fēnqī</i>'
    assert f'<abbr title="A plan.">personal plan</abbr> ({said}).' in small.book().whole("en", "index")


def test_what_the_writer_wrote_is_not_said_twice(small):
    small.change(EN, "## What the law", "Ask for a personal plan (个性化分期).\n\n## What the law")
    assert small.book().whole("en", "index").count("个性化分期") == 1


def test_links_headings_quotes_and_boxes_stay_as_they_are(small):
    small.change(ZH, "[现在就做](#do-now)", "[个性化分期](#do-now)")
    small.change(ZH, "抄下官方电话", "抄下个性化分期")
    small.change(ZH, "## 法律怎么说", "> 我想问个性化分期。\n\n## 个性化分期")
    assert "<abbr" not in small.book().whole("zh", "index")


def test_the_real_glossary_has_what_the_page_promises(book):
    assert len(book.registers.glossary) >= 120
    for term in book.registers.glossary.values():
        assert re.search("[a-zāáǎàēéěèīíǐìōóǒòūúǔùü]", term["pinyin"]), term["id"]
    page = book.whole("en", "reference/glossary")
    assert page.count("<dt ") == len(book.registers.glossary)


def test_at_least_eighty_claims_are_checked_and_each_leads_on(book):
    rows = book.registers.checked
    assert len(rows) >= 80
    page = book.whole("zh", "legal/claims-checked")
    assert page.count('class="row claim"') == len(rows)
    for row in rows.values():
        assert row["sources"] or row["verdict"] == "unproven"
        assert all(path in book.pages["zh"] for path in row["pages"])
