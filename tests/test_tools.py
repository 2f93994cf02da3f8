"""The tools in the page: their logic in Chromium against references, and what a person meets."""

import random

import pytest

pytestmark = pytest.mark.browser

WHERE = {
    "budget": "prepare/what-you-can-pay/",
    "debt-list": "prepare/list-every-debt/",
}
BOTH = [prefix + path for path in WHERE.values() for prefix in ("", "en/")]


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
        ("1200", 120000), ("1,200.50", 120050), ("１２００", 120000), ("１．２万", 1200000), ("1.2 万元", 1200000), ("1.2w", 1200000), ("¥3,000", 300000), ("￥３，０００", 300000),
        ("3千", 300000), ("1万2千", 1200000), ("1万2000", 1200000), ("0", 0), ("0.01", 1), ("12.30元", 1230), ("2块", 200), ("1 200", 120000), ("0.30", 30), ("8.07", 807), ("1.005万", 1005000), ("", None),
    ],
)  # fmt: skip
def test_money_is_read_as_people_write_it(module, text, fen):
    assert module("form", "parseMoney", text) == {"fen": fen}


@pytest.mark.parametrize(
    ("text", "error"),
    [("abc", "money"), ("-5", "negative"), ("－5", "negative"), ("1.234", "fen"), ("12万3万", "money"), ("1万2", "money"), ("1..2", "money"), ("99999999999999", "big"), ("1.2.3", "money"), ("5个", "money")],
)
def test_bad_money_is_named(module, text, error):
    assert module("form", "parseMoney", text) == {"error": error}


def test_every_amount_survives_being_shown_and_read_again(module):
    rng = random.Random(5)
    amounts = [rng.randrange(10 ** rng.randrange(1, 13)) for _ in range(400)]
    shown = module.many("form", "money", [[fen] for fen in amounts])
    assert [got["fen"] for got in module.many("form", "parseMoney", [[text] for text in shown])] == amounts


@pytest.mark.parametrize(("text", "day"), [("2026-11-22", "2026-11-22"), ("2026年1月2日", "2026-01-02"), ("２０２６/１/２", "2026-01-02"), ("20260228", "2026-02-28"), ("2028-02-29", "2028-02-29")])
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
            return [[rng.randrange(10 ** rng.randrange(1, 9)), rng.choice(["day", "week", "month", "year"])] for _ in range(n)]

        plans.append([amounts(rng.randrange(5)), amounts(rng.randrange(12)), rng.choice([0, 10, 20, 33.33, 100])])
        debts = [
            {"balance": rng.randrange(10 ** rng.randrange(1, 12)), "due": rng.choice([None, rng.randrange(10**6)]), "first": rng.choice(["yes", "no"])} for _ in range(rng.randrange(1, 12))
        ]
        shares.append([rng.randrange(10 ** rng.randrange(1, 10)), debts, rng.choice(["equal", "balance", "priority"])])
    for (incomes, costs, _), got in zip(plans, module.many("budget", "plan", plans), strict=True):
        exact = {"day": 365 / 12, "week": 52 / 12, "month": 1, "year": 1 / 12}
        assert got["pay"] >= 0 and got["buffer"] >= 0 and got["pay"] + got["buffer"] == max(0, got["left"])
        assert got["living"] >= sum(fen * exact[per] for fen, per in costs) - 1e-3, "living costs are never reduced"
        assert got["income"] <= sum(fen * exact[per] for fen, per in incomes) + 1e-3
    for (total, debts, _), got in zip(shares, module.many("budget", "shares", shares), strict=True):
        assert all(isinstance(part, int) and 0 <= part <= debt["balance"] for part, debt in zip(got, debts, strict=True))
        assert sum(got) == min(total, sum(debt["balance"] for debt in debts)), "exact to the fen"


def test_months_to_repay(module):
    assert module.many("budget", "months", [[2400000, 100000], [1, 100], [100, 0], [250, 100]]) == [24, 1, None, 3]


def test_a_budget_from_form_to_sheet(page, address):
    page.goto(address + WHERE["budget"])
    fill(page, "budget", {"pay": "5200", "rent": "２０００", "food": "1,700", "debts-0-name": "甲银行", "debts-0-balance": "1万"})
    page.get_by_role("button", name="再加一笔欠款").click()
    fill(page, "budget", {"debts-1-name": "乙平台", "debts-1-balance": "2万"})
    ask(page, "budget")
    out = page.locator("section[data-tool='budget'] .tool-out")
    assert "¥1,200" in out.inner_text() and "¥400" in out.inner_text() and "¥800" in out.inner_text()
    assert out.locator(".tool-warning").count() == 0
    sheet = page.locator("section[data-tool='budget'] .tool-sheet").inner_text()
    assert "甲银行" in sheet and "乙平台" not in sheet and "2,000" not in sheet and "1,700" not in sheet
    page.fill("#budget-offer", "1400")
    assert "用掉 ¥200 的余地" in out.inner_text()
    page.fill("#budget-offer", "1600")
    assert "吃掉 ¥100 的生活费" in out.inner_text()
    assert "¥500" in out.inner_text() and "¥1,000" in out.inner_text(), "shares stop at what leaves living costs whole"


def test_the_sheet_prints_alone(page, address):
    import io

    from pypdf import PdfReader

    page.goto(address + "en/" + WHERE["budget"])
    page.add_init_script("window.print = () => {}")
    page.reload()
    fill(page, "budget", {"pay": "5200", "rent": "2000", "food": "1700", "debts-0-name": "Bank A", "debts-0-balance": "10000"})
    ask(page, "budget")
    page.get_by_role("button", name="Print this page only").click()
    text = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(page.pdf())).pages)
    assert "Bank A" in text and "1,200" in text and "1,700" not in text and "Do now" not in text and "Leave now" not in text


def test_at_most_thirty_fields_in_five_groups(book):
    fields = book.registers.tools["budget"]["fields"]
    assert len(fields) <= 30 and len({f["group"] for f in fields if not f.get("rows")}) == 5


# -- list of debts -----------------------------------------------------------------------------------


def test_debts_are_summed_and_ordered_with_a_reason(page, address, module):
    debts = [
        {"principal": 1000000, "charges": 100000, "secured": "no", "stage": "chased"}, {"principal": 1000000, "charges": 300000, "secured": "no", "stage": "sold"},
        {"principal": 500000, "charges": None, "secured": "no", "stage": "sued"}, {"principal": 9000000, "charges": 0, "secured": "yes", "stage": "current"},
    ]  # fmt: skip
    assert [d["n"] for d in module("debt-list", "order", debts)] == [3, 2, 1, 0]
    assert module("debt-list", "totals", debts) == {"principal": 11500000, "charges": 400000, "due": 0, "all": 11900000}
    page.goto(address + WHERE["debt-list"])
    fill(page, "debt-list", {"debts-0-lender": "=1+1", "debts-0-principal": "1.8万", "debts-0-charges": "2100", "debts-0-stage": "sued"})
    ask(page, "debt-list")
    out = page.locator("section[data-tool='debt-list'] .tool-out")
    assert "¥20,100" in out.inner_text() and "先按期限回应" in out.inner_text()
    with page.expect_download() as got:
        page.get_by_role("button", name="CSV").click()
    assert got.value.suggested_filename == "notes.csv"
    text = got.value.path().read_bytes().decode("utf-8-sig")
    assert "'=1+1" in text and "18,000" in text, "a cell never acts as a formula"


def test_errors_stand_beside_the_field_and_in_a_summary(page, address):
    page.goto(address + WHERE["debt-list"])
    page.fill("#debt-list-debts-0-charges", "很多")
    ask(page, "debt-list")
    summary = page.locator("section[data-tool='debt-list'] .tool-summary")
    assert summary.is_visible() and summary.locator("a").count() == 2
    assert page.evaluate("document.activeElement.classList.contains('tool-summary')")
    assert page.locator("#debt-list-debts-0-principal-error").is_visible()
    summary.locator("a").first.click()
    assert page.evaluate("document.activeElement.id") == "debt-list-debts-0-principal"
    assert page.get_attribute("#debt-list-debts-0-principal", "aria-invalid") == "true"
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('tool:'))") == []
