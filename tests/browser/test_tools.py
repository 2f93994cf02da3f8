"""The tools in the page: their logic in Chromium against references, and what a person meets."""

import gzip
import io
import itertools
import random
import re
import zipfile
from datetime import date, timedelta

import docx
import icalendar
import numpy_financial
import pytest
import rjsmin
from conftest import until
from handbook.ship import assets
from pypdf import PdfReader

pytestmark = pytest.mark.browser

WHERE = {
    "budget": "prepare/what-you-can-pay/",
    "debt-list": "prepare/list-every-debt/",
    "letters": "strategies/write-request/",
    "reminders": "legal/court-papers/",
    "true-cost": "prepare/contract-and-true-cost/",
    "court-fees": "legal/court-fees/",
    "call-cards": "strategies/first-call/",
    "log": "legal/collection-calls/",
    "triage": "start/most-urgent/",
    "twelve-questions": "legal/twelve-questions/",
}
BOTH = [prefix + path for path in WHERE.values() for prefix in ("", "en/")]
WRITTEN = [tool for tool in WHERE if tool not in ("call-cards", "triage")]  # those that take anything in


@pytest.fixture(autouse=True)
def soon(request):
    """A page that does not do what a test waits for fails in seconds."""
    if "page" in request.fixturenames:
        request.getfixturevalue("page").set_default_timeout(8000)


@pytest.fixture(scope="module")
def module(chromium, address):
    """Calls a function of a module as the site serves it: module("budget", "plan", [...arguments])."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address + "notes/")

    def call(name, function, *arguments):
        return page.evaluate(
            "async ([name, function_, args]) => (await import(`/assets/javascripts/tools/${name}.js`))[function_](...args)",
            [name, function, list(arguments)],
        )

    def many(name, function, calls):
        return page.evaluate(
            "async ([name, function_, calls]) => { const f = (await import(`/assets/javascripts/tools/${name}.js`))[function_]; return calls.map(args => f(...args)) }",
            [name, function, calls],
        )

    call.many = many
    yield call
    context.close()


def fill(page, tool, values):
    for key, value in values.items():
        field = page.locator(f"#{tool}-{key}")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def ask(page, tool):
    page.locator(f"section[data-tool='{tool}'] .tool-main").click()


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1200", 120000), ("1,200.50", 120050), ("１２００", 120000), ("１．２万", 1200000), ("1.2 万元", 1200000),
        ("1.2w", 1200000), ("¥3,000", 300000), ("￥３，０００", 300000),
        ("3千", 300000), ("1万2千", 1200000), ("1万2000", 1200000), ("0", 0), ("0.01", 1), ("12.30元", 1230), ("2块", 200),
        ("1 200", 120000), ("0.30", 30), ("8.07", 807), ("1.005万", 1005000), ("", None),
    ],
)  # fmt: skip
def test_money_is_read_as_people_write_it(module, text, fen):
    assert module("form", "parseMoney", text) == {"fen": fen}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("abc", "money"),
        ("-5", "negative"),
        ("－5", "negative"),
        ("1.234", "fen"),
        ("12万3万", "money"),
        ("12,34", "money"),
        ("5 000,00", "money"),
        ("12，5", "money"),
        ("1,2,3", "money"),
        ("1、200", "money"),
        ("1,000 000", "money"),
        ("1,0000", "money"),
        ("1e9", "money"),
        ("5。6。7", "money"),
        ("1万2", "money"),
        ("1..2", "money"),
        ("99999999999999", "big"),
        ("1.2.3", "money"),
        ("5个", "money"),
    ],
)
def test_bad_money_is_named(module, text, error):
    assert module("form", "parseMoney", text) == {"error": error}


def test_every_amount_survives_being_shown_and_read_again(module):
    rng = random.Random(5)
    amounts = [rng.randrange(10 ** rng.randrange(1, 13)) for _ in range(400)]
    shown = module.many("form", "money", [[fen] for fen in amounts])
    assert [got["fen"] for got in module.many("form", "parseMoney", [[text] for text in shown])] == amounts


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-22", "2026-11-22"),
        ("2026年1月2日", "2026-01-02"),
        ("２０２６/１/２", "2026-01-02"),
        ("20260228", "2026-02-28"),
        ("2028-02-29", "2028-02-29"),
    ],
)
def test_days_are_read(module, text, day):
    assert module("form", "parseDay", text) == {"day": day}


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "22.11.2026", "tomorrow", "1826-01-01"])
def test_days_that_do_not_exist_are_errors(module, text):
    assert module("form", "parseDay", text) == {"error": "date"}


# -- budget ------------------------------------------------------------------------------------------


def test_the_worked_example_of_the_page(module):
    got = module("budget", "plan", [[520000, "month"]], [[370000, "month"]], 20)
    assert got == {"income": 520000, "living": 370000, "left": 150000, "buffer": 30000, "pay": 120000}
    debts = [{"balance": b} for b in (1000000, 2000000, 3000000)]
    assert module("budget", "shares", 120000, debts, "balance") == [20000, 40000, 60000]


def test_periods_round_income_down_and_costs_up(module):
    assert module("budget", "monthly", 10000, "week", False) == 43333
    assert module("budget", "monthly", 10000, "week", True) == 43334
    assert module("budget", "monthly", 1000, "day", False) == 30416
    assert module("budget", "monthly", 120000, "year", True) == 10000


def test_properties_of_plan_and_shares_hold(module):
    rng = random.Random(11)
    plans, shares = [], []
    for _ in range(500):

        def amounts(n):
            return [
                [rng.randrange(10 ** rng.randrange(1, 9)), rng.choice(["day", "week", "month", "year"])]
                for _ in range(n)
            ]

        plans.append([amounts(rng.randrange(5)), amounts(rng.randrange(12)), rng.choice([0, 10, 20, 33.33, 100])])
        debts = [
            {
                "balance": rng.randrange(10 ** rng.randrange(1, 12)),
                "due": rng.choice([None, rng.randrange(10**6)]),
                "first": rng.choice(["yes", "no"]),
            }
            for _ in range(rng.randrange(1, 12))
        ]
        shares.append([rng.randrange(10 ** rng.randrange(1, 10)), debts, rng.choice(["equal", "balance", "priority"])])
    for (incomes, costs, _), got in zip(plans, module.many("budget", "plan", plans), strict=True):
        exact = {"day": 365 / 12, "week": 52 / 12, "month": 1, "year": 1 / 12}
        assert got["pay"] >= 0 and got["buffer"] >= 0 and got["pay"] + got["buffer"] == max(0, got["left"])
        assert got["living"] >= sum(fen * exact[per] for fen, per in costs) - 1e-3, "living costs are never reduced"
        assert got["income"] <= sum(fen * exact[per] for fen, per in incomes) + 1e-3
    for (total, debts, _), got in zip(shares, module.many("budget", "shares", shares), strict=True):
        assert all(
            isinstance(part, int) and 0 <= part <= debt["balance"] for part, debt in zip(got, debts, strict=True)
        )
        assert sum(got) == min(total, sum(debt["balance"] for debt in debts)), "exact to the fen"


def test_months_to_repay(module):
    assert module.many("budget", "months", [[2400000, 100000], [1, 100], [100, 0], [250, 100]]) == [24, 1, None, 3]


def test_a_budget_from_form_to_sheet(page, address):
    page.goto(address + WHERE["budget"])
    fill(
        page,
        "budget",
        {"pay": "5200", "rent": "２０００", "food": "1,700", "debts-0-name": "甲银行", "debts-0-balance": "1万"},
    )
    page.get_by_role("button", name="再加一笔欠款").click()
    fill(page, "budget", {"debts-1-name": "乙平台", "debts-1-balance": "2万"})
    ask(page, "budget")
    out = page.locator("section[data-tool='budget'] .tool-out")
    assert "¥1,200" in out.inner_text() and "¥400" in out.inner_text() and "¥800" in out.inner_text()
    assert out.locator(".tool-warning").count() == 0
    sheet = page.locator("section[data-tool='budget'] .tool-sheet").inner_text()
    assert "甲银行" in sheet and "乙平台" not in sheet and "2,000" not in sheet and "1,700" not in sheet
    page.fill("#budget-offer", "1400")
    assert "用掉 ¥200 的备用" in out.inner_text()
    page.fill("#budget-offer", "1600")
    assert "吃掉 ¥100 的生活费" in out.inner_text()
    assert "¥500" in out.inner_text() and "¥1,000" in out.inner_text(), "shares stop at what leaves living costs whole"
    said = out.locator("blockquote").all_inner_texts()
    assert said == [f"我算过账，分到你们这一笔，每月能还 {sum} 元。" for sum in (400, 800)], (
        "never more than can be paid"
    )


def test_the_budget_ends_in_the_sentence_to_say_and_offers_the_whole_to_nobody(page, address):
    page.goto(address + "en/" + WHERE["budget"])
    out = page.locator("section[data-tool='budget'] .tool-out")
    fill(page, "budget", {"pay": "5200", "rent": "2000", "food": "1700"})
    ask(page, "budget")
    assert out.locator("blockquote").count() == 0 and "Do not offer the whole to one lender" in out.inner_text()
    fill(page, "budget", {"debts-0-name": "Bank A", "debts-0-balance": "10000"})
    assert out.locator("blockquote").inner_text().split("\n") == [
        "I have worked it out: on this debt I can pay ¥1,200 a month.",
        "我算过账，分到你们这一笔，每月能还 1,200 元。",
    ]
    fill(page, "budget", {"pay": "3000"})
    assert "cannot pay anything a month now" in out.locator("blockquote").inner_text()


def test_the_sheet_prints_alone(page, address):
    page.goto(address + "en/" + WHERE["budget"])
    page.emulate_media(media="print")
    page.add_init_script("window.print = () => { window.printed = document.body.innerText }")
    page.reload()
    page.emulate_media(media="screen")
    fill(
        page,
        "budget",
        {"pay": "5200", "rent": "2000", "food": "1700", "debts-0-name": "Bank A", "debts-0-balance": "10000"},
    )
    ask(page, "budget")
    button = page.locator(".tool-buttons button", has_text="Print")
    page.emulate_media(media="print")
    button.evaluate("b => b.click()")
    text = page.evaluate("printed")
    assert (
        "Bank A" in text
        and "1,200" in text
        and "1,700" not in text
        and "Do now" not in text
        and "Leave now" not in text
    )


def test_at_most_thirty_fields_in_five_groups(book):
    fields = book.registers.tools["budget"]["fields"]
    assert len(fields) <= 30 and len({f["group"] for f in fields if not f.get("rows")}) == 5


# -- list of debts -----------------------------------------------------------------------------------


def test_debts_are_summed_and_ordered_with_a_reason(page, address, module):
    debts = [
        {"principal": 1000000, "charges": 100000, "secured": "no", "stage": "chased"},
        {"principal": 1000000, "charges": 300000, "secured": "no", "stage": "sold"},
        {"principal": 500000, "charges": None, "secured": "no", "stage": "sued"},
        {"principal": 9000000, "charges": 0, "secured": "yes", "stage": "current"},
    ]  # fmt: skip
    assert [d["n"] for d in module("debt-list", "order", debts)] == [3, 2, 1, 0]
    assert module("debt-list", "totals", debts) == {"principal": 11500000, "charges": 400000, "all": 11900000}
    page.goto(address + WHERE["debt-list"])
    fill(
        page,
        "debt-list",
        {"debts-0-lender": "=1+1", "debts-0-principal": "1.8万", "debts-0-charges": "2100", "debts-0-stage": "sued"},
    )
    ask(page, "debt-list")
    out = page.locator("section[data-tool='debt-list'] .tool-out")
    assert "¥20,100" in out.inner_text() and "先按期限回应" in out.inner_text()
    with page.expect_download() as got:
        page.get_by_role("button", name="CSV").click()
    assert got.value.suggested_filename == "notes.csv"
    text = got.value.path().read_bytes().decode("utf-8-sig")
    assert "'=1+1" in text and "18,000" in text, "a cell never acts as a formula"


def test_the_debt_list_its_file_its_sheet_and_its_page_have_the_same_seven_columns(page, address, book):
    page.goto(address + WHERE["debt-list"])
    fill(page, "debt-list", {"debts-0-lender": "甲银行", "debts-0-due": "2026-09-05", "debts-0-rate": "18"})
    ask(page, "debt-list")
    out = page.locator("section[data-tool='debt-list'] .tool-out")
    head = out.locator("table").nth(1).locator("thead th").all_inner_texts()
    (sheet,) = (b["table"] for b in book.registers.sheets["blank-debt-list"]["blocks"] if "table" in b)
    assert head[1:-1] == [column["label"]["zh"] for column in sheet] and len(sheet) == 7
    section = [
        b for b in book.pages["zh"]["prepare/list-every-debt"].blocks if b.section == "steps" and b.kind == "item"
    ]
    assert sum("合同上的放贷机构" in b.text or "到了哪一步" in b.text for b in section) == 2
    row = out.locator("table").nth(1).locator("tbody tr").first.locator("th, td").all_inner_texts()
    assert row == ["1", "甲银行", "还不知道", "还不知道", "18", "2026-09-05", "还不知道", "还不知道", "没有抵押的"]
    assert "有 2 处还不知道" in out.inner_text()


def test_errors_stand_beside_the_field_and_in_a_summary(page, address):
    page.goto(address + WHERE["debt-list"])
    page.fill("#debt-list-debts-0-charges", "很多")
    page.fill("#debt-list-debts-0-principal", "一点")
    ask(page, "debt-list")
    summary = page.locator("section[data-tool='debt-list'] .tool-summary")
    assert summary.is_visible() and summary.locator("a").count() == 2
    assert page.evaluate("document.activeElement.classList.contains('tool-summary')")
    assert page.locator("#debt-list-debts-0-principal-error").is_visible()
    summary.locator("a").first.click()
    assert page.evaluate("document.activeElement.id") == "debt-list-debts-0-principal"
    assert page.get_attribute("#debt-list-debts-0-principal", "aria-invalid") == "true"
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('tool:'))") == []


# -- letters -----------------------------------------------------------------------------------------

THREATS = re.compile(r"否则|后果自负|曝光|报复|起诉你|告你|警告|(?i:or else|expose|i will sue|warn you|consequences)")
PROMISES = re.compile(
    r"保证(?!人|期间|方式)|一定(?:会|能)|承诺|发誓|绝对|(?i:i promise|i guarantee(?!d)|definitely|i swear)"
)


def open_letter(page, address, lang, kind):
    page.goto(address + ("" if lang == "zh" else "en/") + WHERE["letters"])
    page.select_option("#letters-court", "no")
    page.select_option("#letters-kind", kind)


def shown_lines(page):
    return page.locator("section[data-tool='letters'] .tool-line").all_inner_texts()


def random_text(rng, lang):
    words = (
        '因病住院 公司裁员 收入下降 二〇二六年 尾号 <b>&amp; "引号" {lender} $& 甲乙丙'
        if lang == "zh"
        else 'illness layoff <i>&lt; "quote" {name} $1 O\'Neil — №5'
    )
    return " ".join(rng.choice(words.split()) for _ in range(rng.randrange(1, 6)))


def fill_letter(page, rng, lang):
    """Something random in every field, at once: a day, a number, or words."""
    fields = page.locator("section[data-tool='letters'] .tool-field :is(input, textarea)")
    kinds = fields.evaluate_all("all => all.map(field => field.type === 'date' ? 'date' : field.inputMode)")
    values = [
        f"2026-12-{rng.randrange(1, 29):02}"
        if kind == "date"
        else str(rng.randrange(1, 300))
        if kind == "decimal"
        else random_text(rng, lang)
        for kind in kinds
    ]
    fields.evaluate_all(
        """(all, values) => all.forEach((field, n) => {
          field.value = values[n]
          for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, {bubbles: true}))
        })""",
        values,
    )


def test_there_are_at_least_ten_letters_and_each_says_what_it_does_and_when_to_stop(book):
    tool = book.registers.tools["letters"]
    assert tool["page"] == "legal/court-papers" and len(tool["items"]) >= 10
    for item in tool["items"]:
        assert item["text"] and item["more"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_letters_of_random_fillings_have_no_blank_no_threat_and_whole_sentences_of_law(page, address, book, lang):
    from handbook.web.tools import locked

    rng = random.Random(lang)
    for item in book.registers.tools["letters"]["items"]:
        open_letter(page, address, lang, item["id"])
        assert page.locator("section[data-tool='letters'] .tool-gap").is_visible(), (
            "an empty letter says that it has blanks"
        )
        fill_letter(page, rng, lang)
        lines = shown_lines(page)
        assert not any("____" in line for line in lines), item["id"]
        assert page.locator("section[data-tool='letters'] .tool-gap").count() == 0
        own = [part["text"][lang] for part in item["parts"] if "text" in part]
        assert not THREATS.search(" ".join(own)) and not PROMISES.search(" ".join(own)), item["id"]
        laws = [locked(book.registers.sources[part["law"]], lang) for part in item["parts"] if "law" in part]
        assert page.locator("section[data-tool='letters'] .tool-locked").all_inner_texts() == laws, item["id"]
        for part in item["parts"]:
            if "law" in part:
                assert book.registers.sources[part["law"]]["quote"] in " ".join(lines)
        with page.expect_download() as got:
            page.get_by_role("button", name="Word").click()
        assert got.value.suggested_filename == "notes.docx"
        assert [p.text for p in docx.Document(str(got.value.path())).paragraphs] == lines, item["id"]
        with page.expect_download() as got:
            page.locator("section[data-tool='letters'] .tool-out button").nth(2).click()
        assert got.value.path().read_bytes().decode() == "\r\n\r\n".join(lines) + "\r\n"


def test_the_text_of_a_letter_comes_from_the_form_as_typed(module):
    parts = [{"text": "{a} and {b}"}, {"law": "x"}, {"text": "{c}", "optional": True}]
    got = module("letters", "compose", parts, {"a": "$& {b} <b>", "b": "2"}, {"x": "Locked."})
    assert [p["text"] for p in got] == ["$& {b} <b> and 2", "Locked."]
    assert module("letters", "compose", [{"text": "{a}"}], {}, {})[0]["gaps"] == ["a"]


def test_a_letter_with_blanks_is_not_copied_printed_or_saved_without_a_warning(page, address):
    open_letter(page, address, "zh", "settlement")
    page.evaluate("() => { window.printed = 0; window.print = () => { printed++ } }")
    downloads = []
    page.on("download", lambda d: downloads.append(d))
    for name in ("复制", "打印", "存成文本", "存成 Word 文件"):
        page.locator("section[data-tool='letters']").get_by_role("button", name=name, exact=True).click()
        assert page.locator("section[data-tool='letters'] .tool-out .tool-warning").is_visible()
    assert page.evaluate("printed") == 0 and downloads == []
    assert "还有空格没填" in PdfReader(io.BytesIO(page.pdf())).pages[-1].extract_text() + "".join(
        p.extract_text() for p in PdfReader(io.BytesIO(page.pdf())).pages
    )
    page.get_by_role("button", name="回去填").click()
    assert page.evaluate("document.activeElement.id") == "letters-lender"
    page.locator("section[data-tool='letters']").get_by_role("button", name="打印", exact=True).click()
    page.get_by_role("button", name="带着空格继续").click()
    assert page.evaluate("printed") == 1


def test_court_papers_stop_the_letter(page, address):
    page.goto(address + WHERE["letters"])
    assert page.locator("section[data-tool='letters'] .tool-sheet").count() == 0
    page.select_option("#letters-court", "yes")
    assert page.locator("section[data-tool='letters'] .tool-sheet").count() == 0
    assert (
        page.locator("section[data-tool='letters'] .tool-warning a")
        .get_attribute("href")
        .endswith("legal/court-papers/")
    )


def test_each_page_opens_its_own_letter(page, address):
    page.goto(address + "recovery/closing-papers/")
    assert page.locator("section[data-tool='letters'] .tool-paper li").count() == 1
    page.select_option("#letters-court", "no")
    assert page.input_value("#letters-kind") == "settlement"


def test_the_word_file_is_a_sound_archive(page, address):
    open_letter(page, address, "en", "lump-sum")
    fill_letter(page, random.Random(1), "en")
    with page.expect_download() as got:
        page.get_by_role("button", name="Word").click()
    archive = zipfile.ZipFile(got.value.path())
    assert archive.testzip() is None and archive.namelist()[0] == "[Content_Types].xml"


# -- reminders ---------------------------------------------------------------------------------------

# Worked by hand on a calendar: (rule, first day, last day). The first day is not counted; nothing moves for days off.
CASES = [
    ("answer", "2026-11-02", "2026-11-17"), ("answer", "2026-11-20", "2026-12-05"),
    ("answer", "2026-12-20", "2027-01-04"), ("answer", "2027-02-14", "2027-03-01"),
    ("answer", "2028-02-14", "2028-02-29"),
    ("payment-order", "2026-11-23", "2026-12-08"), ("payment-order", "2026-09-16", "2026-10-01"),
    ("payment-order", "2027-01-31", "2027-02-15"), ("payment-order", "2026-12-31", "2027-01-15"),
    ("appeal", "2026-11-30", "2026-12-15"), ("appeal", "2026-02-28", "2026-03-15"),
    ("appeal", "2028-02-28", "2028-03-14"),
    ("mediation", "2026-11-22", "2026-12-22"), ("mediation", "2027-01-31", "2027-03-02"),
    ("appeal-ruling", "2026-11-20", "2026-11-30"), ("appeal-ruling", "2026-12-25", "2027-01-04"),
    ("complaint-simple", "2026-11-22", "2026-12-07"), ("complaint-complex", "2026-11-22", "2026-12-22"),
    ("complaint-longest", "2026-11-22", "2027-01-21"), ("complaint-longest", "2027-12-31", "2028-02-29"),
    ("credit-objection", "2026-11-22", "2026-12-12"), ("credit-objection", "2026-12-15", "2027-01-04"),
    ("credit-objection", "2028-02-10", "2028-03-01"), ("appeal-ruling", "2026-11-22", "2026-12-02"),
    ("appeal-ruling", "2028-02-20", "2028-03-01"), ("credit-complaint", "2026-11-22", "2026-12-22"),
    ("credit-complaint", "2027-02-01", "2027-03-03"), ("pboc-passed-on", "2026-06-30", "2026-07-15"),
]  # fmt: skip


def test_deadlines_equal_the_worked_table(module, book):
    rules = {item["id"]: item.get("days") for item in book.registers.tools["reminders"]["items"]}
    assert len(CASES) >= 20 and {rule for rule, _, _ in CASES} == {rule for rule, days in rules.items() if days}
    assert module.many("reminders", "deadline", [[first, rules[rule]] for rule, first, _ in CASES]) == [
        last for _, _, last in CASES
    ]
    rng = random.Random(3)
    more = [[str(date(2020, 1, 1) + timedelta(rng.randrange(6000))), rng.randrange(1, 400)] for _ in range(300)]
    assert module.many("reminders", "deadline", more) == [
        str(date.fromisoformat(day) + timedelta(days)) for day, days in more
    ]


def test_monthly_due_days_keep_to_the_month(module):
    assert module("reminders", "monthlyDays", "2026-11-30", 4) == [
        "2026-11-30",
        "2026-12-30",
        "2027-01-30",
        "2027-02-28",
    ]
    assert module("reminders", "monthlyDays", "2027-12-31", 3) == ["2027-12-31", "2028-01-31", "2028-02-29"]


def test_the_page_says_that_days_off_are_not_considered(page, address):
    page.goto(address + WHERE["reminders"])
    fill(page, "reminders", {"reminders-0-rule": "answer", "reminders-0-from": "2026-11-20"})
    ask(page, "reminders")
    text = page.locator("section[data-tool='reminders'] .tool-out").inner_text()
    assert "2026-12-05" in text and "星期六" in text and "没有顺延" in text and "第八十五条" not in text
    assert "法院的期限怎么数" in page.locator("section[data-tool='reminders']").inner_text() or "从第二天数起" in text


def test_a_last_day_printed_on_the_paper_decides(page, address, module):
    row = {"from": "2026-11-20", "printed": "2026-12-01", "early": 3}
    assert module("reminders", "daysOf", row, {"days": 15}) == ["2026-11-28", "2026-12-01"]
    assert module("reminders", "daysOf", {"printed": "2026-12-01"}, {"days": 15}) == ["2026-12-01"]
    page.goto(address + WHERE["reminders"])
    ask(page, "reminders")
    out = page.locator("section[data-tool='reminders'] .tool-out")
    assert "还没有写日子" in out.inner_text()
    page.fill("#reminders-reminders-0-printed", "2026-12-01")
    assert "2026-12-01" in out.locator("tbody").inner_text()


@pytest.mark.parametrize("lang", ["", "en/"])
def test_the_calendar_file_reads_back_with_a_harmless_title(page, address, lang):
    page.goto(address + lang + WHERE["reminders"])
    fill(
        page,
        "reminders",
        {"reminders-0-rule": "payment-order", "reminders-0-from": "2026-11-23", "reminders-0-early": "5"},
    )
    page.locator("[data-rows='reminders'] > button").click()
    fill(
        page,
        "reminders",
        {
            "reminders-1-rule": "due-day",
            "reminders-1-from": "2026-11-30",
            "reminders-1-times": "3",
            "reminders-1-title": "买菜，记得带袋子；\\ 牛奶, 面包" * 5,
        },
    )
    ask(page, "reminders")
    with page.expect_download() as got:
        page.get_by_role("button", name=".ics").click()
    assert got.value.suggested_filename == "notes.ics"
    raw = got.value.path().read_bytes()
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")) and b"\n" not in raw.replace(b"\r\n", b"")
    calendar = icalendar.Calendar.from_ical(raw)
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"] and not calendar.errors
    events = [c for c in calendar.walk("VEVENT")]
    assert sorted(str(e.decoded("DTSTART")) for e in events) == [
        "2026-11-30",
        "2026-12-03",
        "2026-12-08",
        "2026-12-30",
        "2027-01-30",
    ]
    assert len({str(e["UID"]) for e in events}) == 5
    for event in events:
        assert not event.errors and event["DTSTAMP"]
        assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(days=1), "the whole day, in any time zone"
        (alarm,) = event.walk("VALARM")
        assert alarm.decoded("TRIGGER") == timedelta(hours=-15) and alarm["ACTION"] == "DISPLAY"
    titles = {str(e["SUMMARY"]) for e in events}
    assert titles == {"Note" if lang else "备忘", "买菜，记得带袋子；\\ 牛奶, 面包" * 5}
    assert not re.search(r"还款|欠|法院|支付令|debt|court|loan", " ".join(titles), re.I)


def test_every_deadline_shows_its_source_label_and_caveat(page, address, book):
    page.goto(address + WHERE["reminders"])
    fill(page, "reminders", {"reminders-0-from": "2026-11-20"})
    ask(page, "reminders")
    for item in book.registers.tools["reminders"]["items"]:
        fill(page, "reminders", {"reminders-0-rule": item["id"]})
        text = page.locator("section[data-tool='reminders'] .tool-out").text_content()  # caveats are folded
        for source in item.get("sources", []):
            row = book.registers.sources[source]
            assert row["says"]["zh"] in text and (row["caveat"] is None or row["caveat"]["zh"] in text), item["id"]


# -- true cost ---------------------------------------------------------------------------------------


def test_a_thousand_random_loans_agree_with_the_reference_library(module):
    rng = random.Random(2026)
    calls, wanted = [], []
    for _ in range(1000):
        count = rng.choice([rng.randrange(1, 13), rng.randrange(1, 61), rng.randrange(1, 121)])
        net = rng.randrange(10_000, 50_000_000)
        amount = (
            max(1, round(net * rng.uniform(1.0, 2.2) / count))
            if count < 60
            else max(1, round(net * rng.uniform(1.0, 4) / count))
        )
        times = rng.choice([12, 12, 365 / 7, 365 / 14, 365])
        calls.append((net, amount, count, times))
        wanted.append(numpy_financial.irr([net] + [-amount] * count) * times)
    flows = module.many("true-cost", "equal", [list(c) for c in calls])
    found = module.many("true-cost", "rates", [[f] for f in flows])
    assert all(len(roots) == 1 for roots in found)
    got = module.many("true-cost", "plain", [[roots[0], c[3]] for roots, c in zip(found, calls, strict=True)])
    worst = max(abs(a - b) for a, b in zip(got, wanted, strict=True))
    print(f"largest difference: {worst * 100:.2e} percentage points")
    assert worst * 100 < 0.01


def test_dated_payments_are_worth_what_was_received(module):
    rng = random.Random(7)
    for _ in range(60):
        start = date(2025, 1, 1) + timedelta(rng.randrange(400))
        days = sorted(start + timedelta(rng.randrange(1, 900)) for _ in range(rng.randrange(1, 20)))
        net = rng.randrange(100_000, 9_000_000)
        rows = [{"day": str(day), "sum": round(net * rng.uniform(1, 1.6) / len(days)), "kind": "paid"} for day in days]
        (rate,) = module("true-cost", "rates", module("true-cost", "dated", net, str(start), rows))
        worth = sum(row["sum"] / (1 + rate) ** ((date.fromisoformat(row["day"]) - start).days / 365) for row in rows)
        assert worth == pytest.approx(net, rel=1e-8)


def test_edge_cases_of_the_rate(module):
    assert module("true-cost", "rates", [[0, 1000], [1, 500]]) == [], "money only comes in: no rate"
    assert module("true-cost", "rates", [[0, 1000], [1, -1000]]) == [pytest.approx(0, abs=1e-9)]
    assert module("true-cost", "rates", [[0, 1000], [1, -500]]) == [pytest.approx(-0.5)]
    assert module("true-cost", "rates", [[0, 1000], [1, -2500], [2, 1540]]) == [
        pytest.approx(0.1),
        pytest.approx(0.4),
    ], "two rates fit"


def test_the_worked_loan_of_the_page_and_its_ceilings(page, address, book):
    page.goto(address + WHERE["true-cost"])
    fill(page, "true-cost", {"received": "9400", "count": "12", "amount": "940", "lender": "bank"})
    ask(page, "true-cost")
    text = page.locator("section[data-tool='true-cost'] .tool-out").inner_text()
    expected = numpy_financial.irr([9400] + [-940] * 12) * 12
    assert f"{expected * 100:.2f}%" in text and "¥1,880" in text and "20.00%" in text
    for item in book.registers.tools["true-cost"]["items"]:
        page.select_option("#true-cost-lender", item["id"])
        text = page.locator("section[data-tool='true-cost'] .tool-out").text_content()  # caveats are folded
        for source in item["sources"]:
            row = book.registers.sources[source]
            assert row["says"]["zh"] in text and row["caveat"]["zh"] in text
        assert "不下结论" in text and not re.search(
            r"违法|合法了|你不用还", text.replace("不等于利率合法", "").replace("写明的利率不一定合法", "")
        )


def test_odd_loans_are_named_on_screen(page, address):
    def result(values, rows=()):
        page.goto(address + WHERE["true-cost"])
        fill(page, "true-cost", values)
        for n, row in enumerate(rows):
            if n:
                page.locator("[data-rows='payments'] > button").click()
            fill(page, "true-cost", {f"payments-{n}-{key}": value for key, value in row.items()})
        ask(page, "true-cost")
        return page.locator("section[data-tool='true-cost'] .tool-out").inner_text()

    assert "大于零" in result({"received": "100", "upfront": "100", "count": "1", "amount": "1"})
    assert "期数和每期金额" in result({"received": "100"})
    assert "负数" in result({"received": "1000", "count": "10", "amount": "90"})
    assert "都要有" in result({"received": "1000"}, [{"day": "2026-01-01", "sum": "5"}])
    assert "早于放款日" in result({"received": "1000", "start": "2026-01-02"}, [{"day": "2026-01-01", "sum": "1100"}])
    assert "没有一个率" in result(
        {"received": "1000", "start": "2026-01-01"}, [{"day": "2027-01-01", "sum": "500", "kind": "got"}]
    )
    several = result(
        {"received": "1000", "start": "2025-01-01"},
        [{"day": "2026-01-01", "sum": "2500"}, {"day": "2027-01-01", "sum": "1540", "kind": "got"}],
    )
    assert "不止一个率" in several and "10.00%" in several and "40.00%" in several


# -- triage, cards, log, twelve questions ------------------------------------------------------------


def test_triage_asks_one_question_at_a_time_and_leaves_no_trail(page, address):
    page.goto(address + WHERE["triage"])
    before = page.evaluate("history.length")
    card = page.locator("section[data-tool='triage'] .tool-card")
    titles = []
    for _ in range(3):
        titles.append(card.locator("h3").inner_text())
        card.locator("a.tool-answer").nth(1).click()
    until(page, "location.hash === '#q-overdue'")
    page.get_by_role("button", name="回到上一问").click()
    assert card.locator("h3").inner_text() == titles[2] and len(set(titles)) == 3
    assert page.evaluate("history.length") == before
    card.locator("a.tool-answer").first.click()
    page.wait_for_url("**/legal/home-visit/")


def test_twelve_questions_follow_their_rule(module, page, address, book):
    items = [{"id": str(n), "red": n < 3} for n in range(12)]
    for answers in itertools.product(["yes", "no", "unsure", None], repeat=4):
        given = {str(n): a for n, a in zip((0, 1, 5, 6), answers, strict=True) if a} | {
            str(n): "no" for n in range(12) if n not in (0, 1, 5, 6)
        }
        got = module("twelve-questions", "judge", items, given)["result"]
        red, other = answers[:2], answers[2:]
        expected = (
            "stop"
            if "yes" in red
            else "check"
            if "yes" in other or "unsure" in answers
            else "open"
            if None in answers
            else "clear"
        )
        assert got == expected, answers
    tool = book.registers.tools["twelve-questions"]
    assert len(tool["items"]) == 12 and all(item["sources"] for item in tool["items"])
    page.goto(address + WHERE["twelve-questions"])
    page.check("#twelve-questions-takes-cards-yes")
    out = page.locator("section[data-tool='twelve-questions'] .tool-out").inner_text()
    title = next(i.text for i in book.pages["zh"]["legal/twelve-questions"].items if i.id == "takes-cards")
    assert "红线" in out and title in out


def test_the_log_is_sorted_and_saved_as_a_table(page, address):
    page.goto(address + WHERE["log"])
    fill(
        page,
        "log",
        {
            "entries-0-day": "2026-11-22",
            "entries-0-time": "20:40",
            "entries-0-who": "某公司",
            "entries-0-said": '说“明天上门”\n"再不还"',
        },
    )
    page.locator("[data-rows='entries'] > button").click()
    fill(page, "log", {"entries-1-day": "2026-11-20", "entries-1-kind": "visit"})
    ask(page, "log")
    with page.expect_download() as got:
        page.locator("section[data-tool='log']").get_by_role("button", name="CSV").click()
    import csv

    rows = list(csv.reader(io.StringIO(got.value.path().read_bytes().decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[1:]] == ["2026-11-20", "2026-11-22"] and rows[2][5] == '说“明天上门”\n"再不还"'


def test_call_cards_say_what_to_say_and_write(page, address, book):
    page.goto(address + WHERE["call-cards"])
    for item in book.registers.tools["call-cards"]["items"]:
        page.locator(f"section[data-tool='call-cards'] [data-card='{item['id']}']").click()
        text = page.locator("section[data-tool='call-cards'] .tool-card").inner_text()
        assert item["text"]["zh"] in text and item["write"]["zh"] in text
    page.goto(address + "en/" + WHERE["call-cards"])
    for item in book.registers.tools["call-cards"]["items"][:3]:
        page.locator(f"section[data-tool='call-cards'] [data-card='{item['id']}']").click()
        said = page.locator("section[data-tool='call-cards'] .tool-card blockquote")
        assert said.inner_text().split("\n") == [item["text"]["en"], item["text"]["zh"]]
        assert said.locator("[lang=zh-Hans]").inner_text() == item["text"]["zh"]


# -- court fees --------------------------------------------------------------------------------------


def test_court_fees_equal_sums_worked_by_hand_and_grow_with_the_sum(module, book):
    """Worked from article 13: 50; 50 + 2.5 %; 2,300 + 2 %; 4,300 + 1.5 %; 8,800 + 1 %. In yuan."""
    bands = book.registers.tools["court-fees"]["items"]
    worked = {
        1: 50, 9_999: 50, 10_000: 50, 10_001: 50.03, 50_000: 1_050, 100_000: 2_300, 100_100: 2_302, 150_000: 3_300,
        200_000: 4_300, 300_000: 5_800, 500_000: 8_800, 700_000: 10_800, 1_000_000: 13_800, 1_000_001: None,
    }  # fmt: skip
    got = module.many("court-fees", "fee", [[yuan * 100, bands] for yuan in worked])
    assert got == [None if fee is None else round(fee * 100) for fee in worked.values()]
    rng = random.Random(13)
    sums = sorted(rng.randrange(1, 10**8) for _ in range(400))
    fees = module.many("court-fees", "fee", [[fen, bands] for fen in sums])
    steps = [(10**6, 0), (10**7, 25), (2 * 10**7, 20), (5 * 10**7, 15), (10**8, 10)]
    for fen, fee in zip(sums, fees, strict=True):
        low, exact = 0, 5000 * 1000
        for top, permille in steps:
            exact += max(0, min(fen, top) - low) * permille
            low = top
        assert abs(fee * 1000 - exact) <= 500, fen
    assert fees == sorted(fees)


def test_the_court_fee_of_the_example_of_the_page(page, address, book):
    page.goto(address + WHERE["court-fees"])
    fill(page, "court-fees", {"sum": "5万"})
    ask(page, "court-fees")
    out = page.locator("section[data-tool='court-fees'] .tool-out")
    assert [cell for cell in out.locator("td").all_inner_texts()] == ["¥1,050", "¥525", "¥350"]
    assert book.registers.sources["court-fees-and-relief"]["short"]["zh"] in out.inner_text()
    fill(page, "court-fees", {"sum": "101万"})
    assert "12368" in out.inner_text() and out.locator("td").count() == 0


# -- privacy -----------------------------------------------------------------------------------------

CANARY = {"text": "canary-7q9z", "money": "73519.37", "number": "7", "date": "2031-07-19", "time": "03:17"}
NEEDLES = ("canary-7q9z", "73519", "7351937", "2031-07-19", "20310719", "03:17")


TYPE = """canary => {
  const set = (field, value) => { field.value = value; field.dispatchEvent(new Event('input', {bubbles: true})); field.dispatchEvent(new Event('change', {bubbles: true})) }
  const all = what => [...document.querySelectorAll('section.tool ' + what)]
  for (const field of all('select')) {
    const options = [...field.options].map(o => o.value)
    set(field, field.id === 'letters-court' ? 'no' : field.id === 'letters-kind' ? field.value : options.at(-1))
  }
  for (const field of all(':is(input, textarea):not([type=checkbox], [type=file], [type=radio])')) {
    const number = /terms|count|times|early|buffer/.test(field.id)
    set(field, field.type === 'date' || field.type === 'time' ? canary[field.type] : field.inputMode === 'decimal' ? canary[number ? 'number' : 'money'] : canary.text)
  }
  for (const radio of all('input[type=radio][value=unsure]')) radio.click()
  for (const button of all('.tool-main')) button.click()
  return all(':is(input, textarea, select):not([type=checkbox], [type=file])').length
}"""


def stored(page):
    return page.evaluate(
        """async () => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href, document.referrer, history.state,
        (await indexedDB.databases()).map(d => d.name), 'caches' in window ? await Promise.all((await caches.keys()).map(async k => (await (await caches.open(k)).keys()).map(r => r.url))) : []])"""
    )


def all_tool_pages(book):
    return sorted(
        p.url for lang in ("zh", "en") for p in book.pages[lang].values() if any(m.text == "tool" for m in p.markers)
    )


def test_every_tool_stands_on_a_page(book):
    shown = {m.value.partition("#")[0] for p in book.pages["zh"].values() for m in p.markers if m.text == "tool"}
    assert shown == set(WHERE) and len(all_tool_pages(book)) >= 2 * len(WHERE)


def needles(text):
    return [needle for needle in NEEDLES if needle in text]


@pytest.mark.parametrize("url", BOTH)
def test_nothing_typed_leaves_the_page_or_is_kept_unasked(chromium, address, url):
    """Each tool with every field filled; the letters once for each letter. Other pages load the same modules of a tool."""
    context = chromium.new_context(accept_downloads=True)
    page, seen, asked = context.new_page(), [], []
    page.set_default_timeout(8000)
    page.on("request", lambda r: (asked.append(r.url), seen.append(f"{r.url} {r.headers} {r.post_data or ''}")))
    page.on("console", lambda m: seen.append(m.text))
    page.on("websocket", lambda w: asked.append(w.url))
    page.add_init_script("window.print = () => {}")
    page.goto(address + url, wait_until="domcontentloaded")
    before = page.evaluate("Object.keys(localStorage)")
    kinds = "[...document.querySelectorAll('#letters-kind option')].map(o => o.value)"
    fields = page.evaluate(TYPE, CANARY)
    for kind in page.evaluate(kinds) or [None]:
        if kind:
            page.select_option("#letters-kind", kind)
            fields = page.evaluate(TYPE, CANARY)
        page.evaluate(
            "document.querySelectorAll('section.tool .tool-out .tool-buttons button').forEach(b => b.click())"
        )
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert needles(stored(page)) == [] and page.evaluate("Object.keys(localStorage)") == before
    page.evaluate("document.querySelectorAll('section.tool [id$=-keep]').forEach(box => box.click())")
    assert not fields or "tool:" in stored(page), "with leave it is kept, so the check can see it"
    page.evaluate("document.querySelector('[data-clear-all]').click()")
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert needles(stored(page)) == []
    page.reload(wait_until="domcontentloaded")
    left = "[...document.querySelectorAll('section.tool :is(input, textarea)')].map(e => e.value).join()"
    assert CANARY["text"] not in page.evaluate(left)
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.locator("nav.bar a").last.evaluate("a => a.click()")
    assert needles(stored(page)) == []
    assert [line for line in seen if needles(line)] == []
    assert [one for one in asked if not one.startswith((address, "blob:", "data:"))] == []
    assert context.cookies() == []
    context.close()


def test_no_form_has_an_action_and_the_policy_forbids_sending(page, address, site, book):
    for url in all_tool_pages(book):
        html = (site / url / "index.html").read_text("utf-8")
        forms = re.findall(r"<form\b[^>]*>", html)
        assert "formaction=" not in html and not [form for form in forms if " action=" in form], url
        assert not re.search(r'<input[^>]*id="find"[^>]*\sname=', html)
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"', html)[1]
        assert "form-action 'none'" in policy and "connect-src 'self'" in policy
    page.goto(address + url)
    assert page.locator("section.tool form, form[action]").count() == 0
    with page.expect_console_message(lambda message: "form-action" in message.text):
        page.evaluate(
            "() => { const f = document.createElement('form'); f.action = '/notes/'; f.method = 'get'; document.body.append(f); f.submit() }"
        )
    assert page.url.endswith(url)


def test_kept_text_survives_reload_language_and_file_and_goes_when_switched_off(page, address):
    page.goto(address + WHERE["budget"])
    page.locator("section.tool .tool-drawer summary").click()
    page.check("#budget-keep")
    fill(page, "budget", {"pay": "5200", "debts-0-name": "甲银行", "debts-0-balance": "1万", "method": "equal"})
    page.select_option("#budget-pay-per", "week")
    page.reload()
    assert page.input_value("#budget-pay") == "5200" and page.input_value("#budget-pay-per") == "week"
    page.goto(address + "en/" + WHERE["budget"])
    assert page.input_value("#budget-debts-0-name") == "甲银行" and page.input_value("#budget-method") == "equal"
    page.goto(address + "en/" + WHERE["log"])
    page.go_back()
    assert page.input_value("#budget-pay") == "5200"
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('tool:'))") == ["tool:budget"]
    page.locator("section.tool .tool-drawer").evaluate("e => { e.open = true }")
    with page.expect_download() as got:
        page.get_by_role("button", name="Save to a file").click()
    assert got.value.suggested_filename == "notes.json"
    saved = got.value.path()
    page.uncheck("#budget-keep")
    assert page.evaluate("localStorage.getItem('tool:budget')") is None
    page.reload()
    assert page.input_value("#budget-pay") == ""
    page.set_input_files(
        "#budget-file", {"name": "notes.json", "mimeType": "application/json", "buffer": saved.read_bytes()}
    )
    until(page, "document.getElementById('budget-pay').value === '5200'")
    for bad in (
        b"{}",
        b"[]",
        b"not json",
        b'{"notes":1,"tool":"log","state":{}}',
        b'{"notes":1,"tool":"budget","state":[1]}',
    ):
        page.set_input_files("#budget-file", {"name": "x.json", "mimeType": "application/json", "buffer": bad})
        page.get_by_text("nothing was read").wait_for()
        assert page.input_value("#budget-pay") == "5200"
        page.locator("section.tool .tool-notice").evaluate("e => { e.textContent = '' }")


def test_a_file_can_only_bring_known_short_texts(module, book):
    fields = book.registers.tools["budget"]["fields"]
    raw = {
        "pay": "5",
        "evil": "x",
        "rent": 7,
        "food": "y" * 3000,
        "debts": [{"name": "a", "x": "b"}, "no", None] * 30,
        "__proto__": {"p": 1},
        "answers": {"a": "b", "B!": "c"},
    }
    got = module("keep", "clean", raw, fields)
    assert (
        got["pay"] == "5"
        and set(got) <= {"pay", "debts", "answers"}
        and len(got["debts"]) == 40
        and got["debts"][0] == {"name": "a"}
        and got["answers"] == {"a": "b"}
    )


def test_tools_work_when_storage_is_forbidden(chromium, address):
    context = chromium.new_context()
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
    )
    page.goto(address + WHERE["debt-list"])
    fill(page, "debt-list", {"debts-0-principal": "100"})
    page.locator("section.tool .tool-drawer summary").click()
    page.check("#debt-list-keep")
    assert "不让保存" in page.locator("section.tool .tool-notice").inner_text()
    ask(page, "debt-list")
    assert "¥100" in page.locator("section.tool .tool-out").inner_text()
    context.close()
    assert [e for e in errors if "tools/" in e] == []


@pytest.mark.parametrize("lang", ["", "en/"])
def test_escape_and_the_button_leave_to_a_page_that_says_nothing(page, address, lang):
    for leave in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.locator("section.tool .tool-exit button").first.click(),
    ):
        page.goto(address + lang)
        page.goto(address + lang + WHERE["budget"])
        page.fill("#budget-reason", "canary")
        leave()
        page.wait_for_url("**/notes/")
        assert page.title() == "Notes" and page.locator("a, img, script").count() == 0
        assert not re.search(r"还款|债|debt|loan|repay", page.content(), re.I)
        page.go_back()
        assert "what-you-can-pay" not in page.url, "the page left behind is not one step back"


def test_discreet_title(page, address):
    page.goto(address + WHERE["log"])
    page.locator("section[data-tool='log'] .tool-drawer summary").click()
    page.check("#log-quiet")
    assert page.title() == "Notes"
    page.uncheck("#log-quiet")
    assert page.title() != "Notes"


# -- everybody ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("tool", WHERE)
def test_every_control_is_reached_by_keyboard_alone(page, address, tool):
    page.goto(address + WHERE[tool])
    section = f"section[data-tool='{tool}']"
    if tool == "letters":
        page.select_option("#letters-court", "no")
    page.locator(f"{section} .tool-drawer summary").focus()
    page.keyboard.press("Enter")
    page.locator(f"{section} .tool-exit button").focus()
    wanted = page.evaluate(
        "s => [...document.querySelectorAll(`${s} .tool-live :is(a, button, input:not([type=radio]), select, textarea)`)].filter(e => e.checkVisibility() && e.tabIndex >= 0).map((e, n) => (e.dataset.seen = n, n))",
        section,
    )
    reached = set()
    for _ in range(len(wanted) * 4 + 20):
        seen = page.evaluate("document.activeElement?.dataset?.seen")
        if seen is not None:
            reached.add(int(seen))
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        if len(reached) == len(wanted):
            break
        page.keyboard.press("Tab")
    assert reached == set(wanted)


@pytest.mark.parametrize("url", BOTH)
def test_without_javascript_each_tool_is_a_sheet_to_fill_in(chromium, address, url):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(address + url)
    for section in page.locator("section.tool").all():
        paper = section.locator(".tool-paper")
        assert paper.is_visible() and (
            paper.locator("table.tool-blank td").count() >= 10 or paper.locator("ol > li").count() >= 1
        )
        assert section.locator("button").count() == 0
    context.close()


def test_scripts_stay_within_their_weight_and_load_only_where_used(site, book):
    tools = site / "assets/javascripts/tools"

    def needs(name, seen):
        if name not in seen:
            seen.add(name)
            for other in re.findall(r'from "\./([a-z-]+)\.js"', (tools / f"{name}.js").read_text("utf-8")):
                needs(other, seen)
        return seen

    worst = 0
    for lang in ("zh", "en"):
        for page in book.pages[lang].values():
            html = (site / page.url / "index.html").read_text("utf-8")
            code = "".join(
                (site / assets.resolve(f"{page.url}x", src)).read_text("utf-8")
                for src in assets.loads(html)
                if src.endswith(".js")
            )
            loaded = set(re.findall(r'\bmount\("([a-z-]+)"', code))
            assert loaded == {m.value.partition("#")[0] for m in page.markers if m.text == "tool"}, page.url
            words = re.findall(r'\btools\["([a-z-]+)"\]={"id":"[a-z-]+","lang":"(zh|en)"', code)
            assert set(words) == {(name, lang) for name in loaded}, page.url
            names = set().union(*(needs(name, set()) for name in loaded)) if loaded else set()
            ours = [tools / f"{n}.js" for n in names] + [site / src for src in ("assets/javascripts/ticks.js",)]
            worst = max(worst, sum(len(gzip.compress(rjsmin.jsmin(f.read_text("utf-8")).encode(), 9)) for f in ours))
    print(f"heaviest page: {worst} bytes compressed")
    assert worst <= 15_000


def test_no_module_holds_prose():
    from conftest import ROOT

    for file in (ROOT / "overrides/assets/javascripts/tools").glob("*.js"):
        code = re.sub(r"//.*|/\*.*?\*/", "", file.read_text("utf-8"))
        han = re.sub(
            r"[万萬千亿元块钱圆整负人民币年月日期天个、，。．]", "", "".join(re.findall(r"[\u4e00-\u9fff]", code))
        )
        assert han == "", file.name
