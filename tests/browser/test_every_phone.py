"""Every phone: what fails says so, what is not there is not announced, and leaving and clearing hold for every tab."""

import csv as csv_
import io
import json
import random
import re
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

import icalendar
import pytest
from conftest import until
from dateutil.relativedelta import relativedelta
from test_tools import WHERE, ask, fill, module  # noqa: F401

pytestmark = pytest.mark.browser
LIST, DEBTS = "start/next-30-minutes/", WHERE["debt-list"]
KINDS = {"page": LIST, "tool": DEBTS, "letters": WHERE["letters"], "sheet": "print/zh/start-next-30-minutes.html"}
GONE = "Object.defineProperty(%s, '%s', {configurable: true, get() { return undefined }, set() {}})"
FORBIDDEN = "Object.defineProperty(window, '%s', {get() { throw new DOMException('no', 'SecurityError') }})"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"
MISSING = {
    "storage forbidden": ";".join(FORBIDDEN % name for name in ("localStorage", "sessionStorage")),
    "storage null": ";".join(GONE % ("window", name) for name in ("localStorage", "sessionStorage")),
    "storage full": FULL,
    "storage of another version": """for (const [key, value] of Object.entries({reading: '7', 'tool:debt-list': '{"debts": [null]}',
        'tool:letters': '[]', 'tick:start/next-30-minutes#sit-down': 'x'})) localStorage.setItem(key, value)""",
    "matchMedia listeners": "delete MediaQueryList.prototype.addEventListener; delete EventTarget.prototype.when",
    **{
        name: GONE % ("window", name)
        for name in ("matchMedia", "IntersectionObserver", "Intl", "crypto", "caches", "Worker")
    },
    "a worker that breaks": """window.Worker = class { constructor() { setTimeout(() => this.onerror({}), 50) }
        postMessage() {} terminate() {} }""",
    "requestIdleCallback": GONE % ("window", "requestIdleCallback"),
    "serviceWorker": GONE % ("Navigator.prototype", "serviceWorker"),
    "clipboard": GONE % ("Navigator.prototype", "clipboard"),
    "at": "delete Array.prototype.at; delete String.prototype.at; delete String.prototype.replaceAll; delete Element.prototype.replaceChildren",
}


@pytest.fixture
def context(chromium):
    made = chromium.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
    yield made
    made.close()


def works(page, kind):
    """What a page of that kind promises, done once."""
    if kind == "sheet":
        page.locator("main input").first.check()
        assert page.locator("[data-print]").is_visible()
        return
    assert page.locator(".reading.ready").is_visible()
    if kind == "page":
        assert page.locator("nav.bar").inner_text().split() == ["我急", "搜索", "清单"]
        page.check("#sit-down input")
        page.click("[data-search-open]")
        page.fill("#find", "支付令")
        page.wait_for_selector("#find-list[aria-busy=false] [role=option]")
    if kind == "tool":
        fill(page, "debt-list", {"debts-0-principal": "1200"})
        ask(page, "debt-list")
        assert "¥1,200" in page.locator(".tool-out").inner_text()
        page.locator(".tool-buttons button", has_text="复制").click()
        assert "1,200" in page.locator(".tool-copy").input_value()
    if kind == "letters":
        page.select_option("#letters-court", "no")
        assert page.locator(".tool-line").count() > 3


@pytest.mark.parametrize("missing", MISSING)
def test_each_thing_may_be_missing_on_a_page_of_each_kind(context, address, missing):
    context.add_init_script(MISSING[missing])
    page = context.new_page()
    page.set_default_timeout(15000)
    errors = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    for kind, url in KINDS.items():
        page.goto(address + url)
        works(page, kind)
    assert errors == []


@pytest.mark.parametrize("hash_", ["#100%", "#%E5%87%86%E5%A4", "#:~:text=x", "#q=%E5%87"])
def test_a_cut_fragment_stops_nothing(context, address, hash_):
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.goto(address + LIST + hash_)
    if hash_[1] == "q":
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    works(page, "page")
    page.goto(address + WHERE["triage"] + hash_)
    assert page.locator(".tool-card h3").is_visible() and errors == []


@pytest.mark.parametrize("answer", ["abort", "<!doctype html>login", "const a = ;"])
def test_without_its_bundle_a_page_is_the_page_without_script(context, address, answer):
    page = context.new_page()

    def bad(route):
        route.abort() if answer == "abort" else route.fulfill(body=answer, content_type="text/javascript")

    page.route(re.compile(r"joined.*\.js"), bad)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(address + DEBTS)
    assert not page.locator("#find").is_visible() and page.locator(".find-without").is_visible()
    assert not page.locator(".reading").is_visible() and not page.locator("[data-clear]").first.is_visible()
    assert page.locator(".tool-paper").is_visible() and page.locator(".tool-live").count() == 0
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    assert page.locator("nav.bar").inner_text().split() == ["我急", "索引", "清单"]
    assert not re.search("搜", page.locator("body").inner_text()), "no search is promised"
    page.click(".ask")
    page.wait_for_url("**/reference/a-to-z/")


def test_one_blocks_fault_stops_no_other(context, address):
    context.add_init_script("Object.defineProperty(window, 'URLSearchParams', {get() { throw new Error('gone') }})")
    page = context.new_page()
    page.goto(address + LIST)
    assert not page.locator("#find").is_visible() and page.locator("[data-clear]").first.is_visible()
    page.check("#sit-down input")
    assert page.evaluate("localStorage.getItem('tick:start/next-30-minutes#sit-down')") == "1"


def test_what_stands_in_the_box_is_searched_on_start(context, address):
    page = context.new_page()
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { document.getElementById('find').value = '支付令' })"
    )
    page.goto(address + LIST)
    page.wait_for_selector("#find-list[aria-busy=false] [role=option]")


def test_the_bar_is_in_place_without_newer_styles(context, address):
    def older(route):
        css = route.fetch().text()
        css = re.sub(r"inset:[^;}]*;?|(?<=[;{])gap:[^;}]*;?|[^{}]*:(?:has|is)\([^{}]*\{[^{}]*\}", "", css)
        route.fulfill(body=css, content_type="text/css")

    context.route(re.compile(r"joined.*\.css"), older)
    page = context.new_page()
    page.goto(address + LIST)
    bar = page.locator("nav.bar").bounding_box()
    assert bar["x"] == 0 and bar["width"] == 390 and bar["y"] + bar["height"] == 844
    page.click("[data-search-open]")
    sheet = page.locator(".find--open").bounding_box()
    assert (sheet["x"], sheet["y"], sheet["width"], sheet["height"]) == (0, 0, 390, 844)


# -- what a page cannot see --------------------------------------------------------------------------


def test_saving_printing_copying_and_calling_say_what_to_do_if_nothing_happened(context, address):
    context.add_init_script("HTMLAnchorElement.prototype.click = () => {}; window.print = () => {}")
    page = context.new_page()
    page.goto(address + DEBTS)
    fill(page, "debt-list", {"debts-0-principal": "1200"})
    ask(page, "debt-list")
    buttons = page.locator(".tool-out .tool-buttons")
    for name in ("CSV", "打印"):
        buttons.get_by_role("button", name=name).click()
        assert "在浏览器打开" in page.locator(".tool-notice").inner_text()
        assert page.locator(".tool-around, .tool-printed").count() == 0
    page.evaluate("window.print = undefined")
    buttons.get_by_role("button", name="打印").click()
    assert page.locator(".tool-around, .tool-printed").count() == 0
    assert page.locator(".tool-broken").is_hidden()
    page.goto(address + KINDS["sheet"])
    page.click("[data-print]")
    assert "在浏览器打开" in page.locator(".said").inner_text()
    page.goto(address)
    page.locator("a.tel").first.evaluate(
        "a => { a.addEventListener('click', e => e.preventDefault()); a.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true})) }"
    )
    assert "110" in page.locator(".note").inner_text()


def test_a_tick_that_cannot_be_kept_says_so(context, address):
    context.add_init_script(FULL)
    page = context.new_page()
    page.goto(address + LIST)
    page.check("#sit-down input")
    assert "不让保存" in page.locator(".said").inner_text()


def test_a_tool_that_fails_leaves_a_line_and_its_sheet_for_paper(context, address):
    context.add_init_script(
        "const real = document.createElement.bind(document);"
        "document.createElement = tag => { if (tag === 'select') throw new Error('no'); return real(tag) }"
    )
    page = context.new_page()
    page.goto(address + DEBTS)
    assert page.locator(".tool-broken").is_visible() and page.locator(".tool-paper").is_visible()
    assert page.locator("[data-clear]").first.is_visible(), "the fault stays in the tool"


def test_choices_that_are_no_longer_there_are_dropped(context, address):
    page = context.new_page()
    page.goto(address + "notes/")
    page.evaluate(
        "localStorage.setItem('tool:reminders', JSON.stringify({reminders: [{rule: 'gone-rule', from: '2026-11-20'}]}))"
    )
    page.goto(address + WHERE["reminders"])
    ask(page, "reminders")
    assert "2026-11-20" in page.locator("section[data-tool='reminders'] .tool-out").inner_text()


# -- one state for every tab -------------------------------------------------------------------------


def keep(page):
    page.locator(".tool-drawer").evaluate("e => { e.open = true }")
    page.check("#debt-list-keep")


def clear(page):
    page.locator(".tool-drawer").evaluate("e => { e.open = true }")
    page.locator("[data-clear-all]").click()


def test_two_tabs_keep_what_each_typed_and_clearing_clears_both(context, address):
    one, two = context.new_page(), context.new_page()
    one.goto(address + DEBTS)
    keep(one)
    two.goto(address + DEBTS)
    fill(one, "debt-list", {"debts-0-lender": "甲银行"})
    fill(two, "debt-list", {"debts-0-principal": "1200"})
    for page in (one, two):
        until(page, "document.getElementById('debt-list-debts-0-lender').value === '甲银行'")
        until(page, "document.getElementById('debt-list-debts-0-principal').value === '1200'")
    state = json.loads(one.evaluate("localStorage.getItem('tool:debt-list')"))
    assert state["debts"][0]["lender"] == "甲银行" and state["debts"][0]["principal"] == "1200"
    clear(one)
    until(two, "document.getElementById('debt-list-debts-0-lender').value === ''")
    fill(two, "debt-list", {"debts-0-charges": "5"})
    assert two.evaluate("localStorage.length") == 0 and not two.is_checked("#debt-list-keep")


def test_two_tabs_that_do_not_keep_are_cleared_together(context, address):
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        page.goto(address + DEBTS)
    fill(two, "debt-list", {"debts-0-lender": "甲银行"})
    clear(one)
    until(two, "document.getElementById('debt-list-debts-0-lender').value === ''")


def test_merging_loses_no_field(module):  # noqa: F811
    base = {"pay": "1", "debts": [{"name": "a"}, {"name": "b"}]}
    own = {"pay": "2", "debts": [{"name": "a", "due": "5"}, {"name": "b"}]}
    theirs = {"pay": "1", "rent": "3", "debts": [{"name": "x"}, {"name": "b"}]}
    got = {"pay": "2", "rent": "3", "debts": [{"name": "x", "due": "5"}, {"name": "b"}]}
    assert module("keep", "merge", base, own, theirs) == got
    assert module("keep", "merge", base, base, theirs) == theirs and module("keep", "merge", base, own, base) == own
    assert module("keep", "merge", {"debts": [{}, {}]}, {"debts": [{}]}, {"debts": [{}, {}]}) == {"debts": [{}]}


def restored(page, typed):
    """The page as it comes back from the browser's cache of pages, which this browser has turned off: hidden, then shown."""
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    if typed:
        page.evaluate("sessionStorage.clear()")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")


def test_a_page_that_comes_back_is_empty_if_all_was_cleared_meanwhile(context, address):
    page = context.new_page()
    page.goto(address + DEBTS)
    fill(page, "debt-list", {"debts-0-lender": "甲银行"})
    restored(page, typed=False)
    assert page.input_value("#debt-list-debts-0-lender") == "甲银行", "nothing was cleared, nothing is lost"
    restored(page, typed=True)
    assert page.input_value("#debt-list-debts-0-lender") == ""


def test_the_pages_behind_the_leave_button_are_blank_and_go_on(context, address):
    page = context.new_page()
    for url in ("", LIST, WHERE["triage"]):
        page.goto(address + url)
    page.locator(".tool-answer").nth(1).click()
    page.locator(".tool-answer").nth(1).click()
    page.locator(".tool-exit button").click()
    page.wait_for_url("**/notes/")
    for _ in range(2):
        page.go_back(wait_until="commit")
        page.wait_for_url("**/notes/")
        assert page.locator("h1").inner_text() == "Notes"
    page.goto(address + LIST)  # who comes again may read, and go back to what is read since
    page.goto(address)
    page.go_back()
    assert page.locator("#sit-down").is_visible()
    page.evaluate("history.replaceState({}, '')")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    page.wait_for_url("**/notes/")


def test_clearing_takes_the_copy_with_it(chromium, address):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address + DEBTS)
    page.evaluate("caches.open('handbook x').then(c => c.put('/x', new Response('')))")
    clear(page)
    until(page, "caches.keys().then(keys => keys.length === 0)")
    context.close()


# -- amounts, days, tables ---------------------------------------------------------------------------


def test_amounts_equal_decimal_arithmetic(module):  # noqa: F811
    rng, texts, wanted = random.Random(17), [], []
    for _ in range(400):
        yuan, cents = rng.randrange(10 ** rng.randrange(1, 7)), rng.randrange(100)
        unit, power = rng.choice([("", 0), ("元", 0), ("万", 4), ("千", 3)])
        whole = rng.choice(
            [f"{yuan}", f"{yuan:,}", f"{yuan:_}", f"{yuan:,}".replace(",", " "), f"{yuan:,}".replace(",", "，")]
        )
        text = f"{whole}{rng.choice(['.', '。', '．'])}{cents:02}{unit}"
        texts.append([text.translate({48 + n: 0xFF10 + n for n in range(10)}) if rng.random() < 0.3 else text])
        wanted.append(int(Decimal(f"{yuan}.{cents:02}").scaleb(power) * 100))
    assert [got.get("fen") for got in module.many("form", "parseMoney", texts)] == wanted


def test_shares_are_exact(module):  # noqa: F811
    rng = random.Random(3)
    calls = [[rng.randrange(10**13), rng.randrange(1, 10**13), rng.randrange(10**12, 4 * 10**14)] for _ in range(500)]
    for (total, weight, whole), got in zip(calls, module.many("budget", "part", calls), strict=True):
        assert (got["whole"], got["left"]) == divmod(total * weight, whole)


def test_cells_are_text_or_what_they_look_like(module):  # noqa: F811
    kept = ["", "12", "0.5", "1200", "2026-11-22", "20:40", "¥1,234", "某公司", "（注）", "“明天上门”", "Bank A"]
    text = [
        "=1+1",
        "＝1+1",
        "+1",
        "＋1",
        "-1",
        "－1",
        "−1",
        "@a",
        "＠a",
        "\t=1",
        "\n=1",
        "\u00a0=1",
        "\ufeff=1",
        " =1",
        "02161234567",
        "13800138000",
        "6222021234567890123",
        "1E5",
        "3-4",
        "1/2",
        "0012",
    ]
    table = module("save-file", "csv", [[cell] for cell in kept + text])
    assert table[0] == "\ufeff"
    rows = [row[0] if row else "" for row in csv_.reader(io.StringIO(table[1:], newline=""))]
    assert rows == kept + ["'" + cell for cell in text]


@pytest.fixture(params=["America/Los_Angeles", "Asia/Shanghai", "Pacific/Kiritimati"])
def abroad(chromium, address, request):
    context = chromium.new_context(timezone_id=request.param)
    page = context.new_page()
    page.goto(address + "notes/")
    yield page
    context.close()


def test_days_and_calendars_are_the_same_everywhere(abroad):
    rng = random.Random(9)
    days = [date(2026, 1, 1) + timedelta(rng.randrange(3000)) for _ in range(60)]
    days += [date(year, month, monthrange(year, month)[1]) for year in (2027, 2028) for month in range(1, 13)]
    titles = ["备忘；\\ 逗号, " + "长" * rng.randrange(60) + "🙂\n下一行" for _ in days]
    text, monthly = abroad.evaluate(
        """async ([days, titles]) => {
          const {ics} = await import('/assets/javascripts/tools/save-file.js')
          const {monthlyDays} = await import('/assets/javascripts/tools/reminders.js')
          return [ics(days.map((day, n) => ({day, title: titles[n]})), new Date(0)), days.map(day => monthlyDays(day, 15))]
        }""",
        [[str(day) for day in days], titles],
    )
    raw = text.encode()
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")) and b"\n" not in raw.replace(b"\r\n", b"")
    events = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert [event.decoded("DTSTART") for event in events] == days and "TZID" not in text
    assert all(event.decoded("DTEND") == event.decoded("DTSTART") + timedelta(1) for event in events)
    assert [str(event["SUMMARY"]) for event in events] == titles
    assert len({str(event["UID"]) for event in events}) == len(days) and all(event["DTSTAMP"] for event in events)
    assert monthly == [[str(day + relativedelta(months=n)) for n in range(15)] for day in days]


# -- aloud -------------------------------------------------------------------------------------------

VOICES = """
  window.said = []
  const speech = {getVoices: () => VOICES, cancel() {}, speak(piece) { said.push([piece.text, piece.rate, piece.voice.name]); this.last = piece }}
  Object.defineProperty(window, 'speechSynthesis', {value: speech})
  window.SpeechSynthesisUtterance = function (text) { this.text = text }
"""


@pytest.mark.parametrize(("lang", "prefix", "play"), [("zh-CN", "", "朗读"), ("en-GB", "en/", "Read aloud")])
def test_a_page_is_read_by_a_voice_of_the_device(context, address, lang, prefix, play):
    voices = [
        {"lang": lang, "localService": False, "name": "far"},
        {"lang": "zh_HK", "localService": True, "name": "hk"},
        {"lang": lang.replace("-", "_"), "localService": True, "name": "near"},
    ]
    context.add_init_script(VOICES.replace("VOICES,", json.dumps(voices) + ","))
    page = context.new_page()
    page.goto(address + prefix + "strategies/first-call/")
    page.get_by_role("button", name=play).click()
    first = page.evaluate("said[0]")
    assert first[0] == page.locator("h1").inner_text() and first[1:] == [1, "near"]
    page.evaluate("speechSynthesis.last.onend()")
    page.locator("[data-aloud] button").nth(1).click()
    assert page.evaluate("said.map(s => s[1])") == [1, 1, 0.7] and page.evaluate("said[1][0] === said[2][0]")
    page.locator("[data-aloud] button").first.click()
    page.evaluate("speechSynthesis.last.onend()")
    assert page.evaluate("said.length") == 3 and page.get_by_role("button", name=play).is_visible()


def test_without_a_voice_on_the_device_there_is_no_button(context, address):
    context.add_init_script(VOICES.replace("VOICES,", '[{"lang": "zh-CN", "localService": false}],'))
    page = context.new_page()
    page.goto(address + LIST)
    until(page, "performance.getEntriesByType('resource').some(r => /joined-later/.test(r.name))")
    assert not page.locator("[data-aloud]").is_visible()
