"""What a person meets in a browser: requests, ticks, paper, keyboard, small screens, no JavaScript."""

import re
import unicodedata

import pypdfium2
import pytest
from handbook.model.page import plain

pytestmark = pytest.mark.browser


def test_ticks_stay_on_the_device_in_both_languages_and_can_be_cleared(page, address):
    page.goto(address + "start/next-30-minutes/")
    page.check("#sit-down input")
    page.goto(address + "en/start/next-30-minutes/")
    assert page.is_checked("#sit-down input")
    assert page.evaluate("Object.entries(localStorage).filter(e => e[0].startsWith('tick:'))") == [
        ["tick:start/next-30-minutes#sit-down", "1"]
    ]
    page.goto(address + "print/en/start-next-30-minutes.html")
    assert page.is_checked("input[data-tick='start/next-30-minutes#sit-down']")
    page.click("button[data-clear]")
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('tick:'))") == []
    page.goto(address + "start/next-30-minutes/")
    assert not page.is_checked("#sit-down input")


def test_ticks_work_when_storage_is_forbidden(chromium, address):
    context = chromium.new_context()
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
    )
    page.goto(address + "print/zh/start-next-30-minutes.html")
    page.check("input[data-tick='start/next-30-minutes#sit-down']")
    assert page.is_checked("input[data-tick='start/next-30-minutes#sit-down']") and errors == []
    context.close()


def pdf(page, url):
    """Its printed pages: texts, and width and height in whole points."""
    page.goto(url)
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    return [(squeeze(one.get_textpage().get_text_range()), *map(round, one.get_size())) for one in printed]


# A PDF's text may name a glyph by its radical; these have no compatibility mapping in Unicode.
RADICALS = str.maketrans(
    "⻔⻓⻅⻚⻋⻢⻛⻝⻄⻩⻥⻦⻰⻬⻘⺟⺠⻆⻮⻣⻁⻉⻨⻜⻙⻳⻤⻑戶黃靑",
    "门长见页车马风食西黄鱼鸟龙齐青母民角齿骨虎贝麦飞韦龟鬼长户黄青",
)


def squeeze(text):
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text).translate(RADICALS))


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_list_of_a_page_prints_on_one_sheet_of_a4(page, address, book, lang, part):
    for sheet in [sheet for sheet in book.sheets[lang] if len(sheet.parts) == 1][part::4]:
        ((text, width, height),) = pdf(page, f"{address}print/{lang}/{sheet.name}.html")
        assert (width, height) in ((595, 842), (596, 842))
        assert squeeze(sheet.title) in text and str(sheet.parts[0].page.meta["checked"]) in text and "1/1" in text, (
            sheet.name
        )
        for item in sheet.parts[0].items:
            assert squeeze(plain(item.text)) in text, (sheet.name, item.id)


def test_boxes_are_at_least_five_millimetres_and_print_as_ticked(page, address):
    page.goto(address + "print/zh/start-next-30-minutes.html")
    page.emulate_media(media="print")
    box = page.locator("input[data-tick]").first
    size = box.bounding_box()
    assert size["width"] >= 5 / 25.4 * 96 and size["height"] >= 5 / 25.4 * 96
    assert box.evaluate("e => getComputedStyle(e, '::after').content") in ("none", "normal")
    box.evaluate("e => { e.checked = true }")
    assert "✓" in box.evaluate("e => getComputedStyle(e, '::after').content")


def test_the_evening_pack_is_at_most_two_sheets(page, address):
    for lang in ("zh", "en"):
        assert len(pdf(page, f"{address}print/{lang}/first-evening.html")) <= 2


def test_every_letter_is_printed_whole_without_script(chromium, address, book):
    context = chromium.new_context(java_script_enabled=False)
    text = "".join(text for text, *_ in pdf(context.new_page(), address + "strategies/write-request/"))
    context.close()
    for item in book.registers.tools["letters"]["items"]:
        first = re.split(r"\{[^}]+\}", item["parts"][1]["text"]["zh"])
        assert squeeze(item["title"]["zh"]) in text and squeeze(item["more"]["zh"]) in text, item["id"]
        assert all(squeeze(words) in text for words in first), item["id"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_words_of_a_picture_stay_inside_it_and_apart(page, address, book, lang):
    outside = """() => [...document.querySelectorAll('figure.picture svg')].map(svg => {
      const {width, height} = svg.viewBox.baseVal, boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBBox()])
      const cross = (a, b) => Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 1
        && Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 4
      return [svg.textContent, boxes.filter(([, b], n) => b.x < 0 || b.y < 0 || b.x + b.width > width || b.y + b.height > height
        || boxes.slice(0, n).some(([, a]) => cross(a, b))).map(([words]) => words)]
    })"""
    seen = set()
    for one in book.pages[lang].values():
        if "<!-- picture:" in one.body:
            page.goto(address + one.url)
            for words, wrong in page.evaluate(outside):
                seen.add(words)
                assert wrong == [], one.url
    assert len(seen) == len(book.registers.pictures)


def test_a_printed_page_has_no_navigation_and_names_its_links_once(page, address, book):
    text = "".join(text for text, *_ in pdf(page, address + "start/most-urgent/"))
    assert "1/" in text and squeeze(book.pages["zh"]["start/most-urgent"].title) in text
    assert "我急" not in text, "the bar for phones is not printed"
    assert text.count("/legal/court-papers/") == 1


def test_without_javascript_pages_read_tick_and_print(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "start/next-30-minutes/")
    page.locator("#sit-down input").check()
    assert page.locator("#sit-down input").is_checked()
    assert page.locator(".print-link").first.get_attribute("href").endswith(".html")
    assert not page.locator("button[data-clear]").first.is_visible()
    context.close()


def test_the_first_phone_screen_holds_three_tasks_and_the_emergency_row(page, address):
    for url in ("", "en/"):
        page.goto(address + url)
        assert page.locator("#do-now + ul .tick").count() == 3
        bar = page.locator("nav.bar").bounding_box()["y"]
        row = page.locator("a.tel").first.bounding_box()
        assert row["y"] + row["height"] <= bar


def test_the_tab_key_reaches_the_bar_and_the_boxes(page, address):
    page.goto(address + "start/next-30-minutes/")
    box = page.locator("#sit-down input")
    box.focus()
    page.keyboard.press("Space")
    assert box.is_checked()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_moves_on_a_list_when_its_buttons_begin_to_work(page, address, lang):
    page.goto(f"{address}print/{lang}/strategies-first-call.html")
    assert page.locator("[data-print]").is_visible()
    moved = page.evaluate(
        "new Promise(done => new PerformanceObserver(list => done(list.getEntries().length)).observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done(0), 500))"
    )
    assert moved == 0
