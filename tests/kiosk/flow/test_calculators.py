"""The tax calculators at the terminal: what was typed is worked out there, shown, printed, and kept by nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pytest

from config.catalogue.forms import WorkedForm
from config.catalogue.models import FormStep
from config.texts import catalogue, languages
from kiosk.domain.tax.lines import Note
from kiosk.domain.tax.worked import SUMS, Sum
from kiosk.flow.effects import Ask, PrintSlip
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import ChoosePage, DonePage, FormPage, Page, ReviewPage
from kiosk.intents import intent_of, unkept_of
from kiosk.steps.calculators import CALCULATORS
from kiosk.steps.worked import OFFERED
from tests.kiosk.flow.visitor import NOW, Visitor
from tests.shipped import CATALOGUE

SERVICE = "tools.calculate"
TYPED: dict[Sum, dict[str, str]] = {
    Sum.VAT_SMALL: {"until": "2025-06", "sales_fen": "505000"},
    Sum.WAGES: {"pay_fen": "20000", "social_fen": "3000", "extra_fen": "2000"},
    Sum.ANNUAL: {"wages_fen": "200000", "social_fen": "30000", "extra_fen": "24000"},
    Sum.BONUS: {"bonus_fen": "36001"},
    Sum.VEHICLE: {"gross_fen": "113000", "new_energy": "no"},
    Sum.DEED: {"price_fen": "1000000", "area": "150", "homes": "second"},
    Sum.STAMP: {"item": "loan", "amount_fen": "2000000", "half": "yes"},
    Sum.LATE: {"tax_fen": "10000", "limit": "2026-10-02"},
    Sum.SOCIAL: {"level": "level-60", "months": "3"},
}
COMES_TO = {
    Sum.VAT_SMALL: ("应缴", "¥5,300.00"),
    Sum.WAGES: ("本月预扣", "¥1,000.00"),
    Sum.ANNUAL: ("应缴", "¥6,080.00"),
    Sum.BONUS: ("应缴", "¥3,390.10"),
    Sum.VEHICLE: ("应缴", "¥10,000.00"),
    Sum.DEED: ("应缴", "¥20,000.00"),
    Sum.STAMP: ("应缴", "¥50.00"),
    Sum.LATE: ("滞纳金", "¥50.00"),
    Sum.SOCIAL: ("应缴", "¥3,628.80"),
}


def at_form(wanted: str, *, online: bool = True) -> Visitor:
    visitor = Visitor().world(online=online)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, SERVICE)
    visitor.touch(Action.CHOOSE, wanted)
    visitor.touch(Action.PROCEED)
    return visitor


def filled(wanted: Sum, *, online: bool = True) -> Visitor:
    """Every page of the form, each row as it is given at the screen."""
    visitor, left = at_form(wanted, online=online), dict(TYPED[wanted])
    while isinstance(page := visitor.page, FormPage):
        for row in [row for row in page.rows if row.id in left]:
            give(visitor, row.id, left.pop(row.id))
        visitor.touch(Action.PROCEED)
        assert visitor.page != page, getattr(visitor.page, "errors", ())
    assert not left
    return visitor


def give(visitor: Visitor, row: str, value: str) -> None:
    opened = visitor.touch(Action.EDIT, row)
    if not isinstance(opened, ChoosePage):
        visitor.touch(Action.FILL, row, value)
        return
    if not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value):
        visitor.touch(Action.CHOOSE, value)
        return
    for length in (4, 7, 10)[: value.count("-") + 1]:
        visitor.touch(Action.CHOOSE, value[:length])


def review(page: Page) -> ReviewPage:
    assert isinstance(page, ReviewPage) and page.sheet is not None
    return page


@pytest.mark.parametrize("online", [True, False])
@pytest.mark.parametrize("wanted", list(Sum))
def test_each_sum_is_worked_out_shown_with_its_rules_and_printed(wanted: Sum, online: bool) -> None:
    visitor = filled(wanted, online=online)
    assert not any(isinstance(one.effect, Ask) for one in visitor.issued)
    sheet = review(visitor.page).sheet
    assert sheet is not None and sheet.total == (COMES_TO[wanted],)
    rules = visitor.touch(Action.PROCEED)
    assert isinstance(rules, ListPage) and rules.rows
    assert all(row.title and re.search(r"\d{4}年", row.lines[0][1]) for row in rules.rows)
    visitor.touch(Action.PROCEED)
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    totals = [(block["label"], block["value"]) for block in slip.blocks if block["type"] == "total"]
    assert totals == [COMES_TO[wanted]]
    assert not [block for block in slip.blocks if block["type"] == "qr"], "nothing follows it"
    told = json.dumps(slip.blocks, ensure_ascii=False)
    assert all(row.title in told for row in rules.rows) and "仅供参考" in told
    done = visitor.answer({"outcome": "printed"})
    assert isinstance(done, DonePage) and not done.qr


def test_the_slip_says_what_was_typed_and_each_line_with_its_working() -> None:
    visitor = filled(Sum.VAT_SMALL)
    for _ in range(2):
        visitor.touch(Action.PROCEED)
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    rows = {str(block["label"]): block["value"] for block in slip.blocks if block["type"] == "row"}
    assert rows["普通发票和未开票销售额"] == "505,000.00" and "专用发票销售额" not in rows
    assert (rows["所在地"], rows["适用的规定"]) == ("市区", "2025年6月30日")
    assert rows["城市维护建设税（减半）"] == "175.00"
    assert "5,000.00 × 7% × 50%" in [block.get("text") for block in slip.blocks]


def test_no_record_holds_what_was_typed() -> None:
    visitor = filled(Sum.WAGES)
    for _ in range(2):
        visitor.touch(Action.PROCEED)
    slip = visitor.asked
    assert isinstance(slip, PrintSlip) and not slip.kept
    kind, data = intent_of(slip)
    assert kind == "slip" and set(data) == {"sha256", "reprint"}
    assert unkept_of(slip) == {"blocks": list(slip.blocks)}
    visitor.answer({"outcome": "printed"})
    visitor.touch(Action.SECOND, "slip")
    again = visitor.asked
    assert isinstance(again, PrintSlip) and again.reprint and not again.kept


def test_a_slip_of_a_matter_is_kept_as_before() -> None:
    kept = PrintSlip(({"type": "text", "text": "a"},))
    assert intent_of(kept) == ("slip", {"blocks": [{"type": "text", "text": "a"}], "reprint": False})
    assert unkept_of(kept) == {}


def test_who_chooses_another_sum_finds_none_of_what_was_typed_for_the_first() -> None:
    visitor = at_form("iit-wages")
    visitor.touch(Action.FILL, "social_fen", "3000")
    visitor.touch(Action.BACK)
    visitor.touch(Action.CHOOSE, "iit-annual")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage) and not any(row.value == "3,000.00" for row in page.rows)


def test_the_months_of_wages_are_not_more_than_the_year_has_had() -> None:
    visitor = at_form("iit-wages")
    visitor.touch(Action.FILL, "pay_fen", "20000")
    visitor.touch(Action.FILL, "months", "11")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage) and page.errors == ("“今年在本单位第几个月”不能超过 10",)


def test_a_day_beyond_the_rules_says_so_and_works_nothing_out() -> None:
    calculator = CALCULATORS["worked"]
    known = {**calculator.unaided(NOW, "0.07"), "form": "iit-bonus"}
    figures: Mapping[str, Any] = calculator.derive(
        known, {"bonus_fen": 100, "paid_on": "2028-01-01"}, NOW.date()
    )
    assert figures["rules"] == [] and figures["sheet"]["total"] == []
    assert "没有这一天的规定" in figures["sheet"]["statements"][0]["zh-CN"]


def test_the_file_has_a_form_for_every_sum_with_just_its_facts() -> None:
    choose, form = CATALOGUE[SERVICE].service.steps[:2]
    assert choose.kind == "choose" and [option.id for option in choose.options] == list(Sum)
    assert isinstance(form, FormStep)
    for wanted, (facts, _) in SUMS.items():
        rows = {row.id for row in form.rows if wanted.value in row.forms}
        assert rows == set(facts), wanted
    named = {name for part in get_args(WorkedForm) for name in (get_args(part) or (part,))}
    assert {*Sum} <= {inner for name in named for inner in (get_args(name) or (name,))}


def _ids() -> Iterator[str]:
    yield from (f"worked.title.{one}" for one in Sum)
    yield from (f"worked.given.{fact}" for facts, _ in SUMS.values() for fact in facts)
    yield from (f"worked.option.{fact}.{one}" for fact, ids in OFFERED.items() for one in ids)
    yield from (f"worked.column.{one}" for one in ("item", "working", "amount"))
    for one in ("rules-of", "rule", "since", "until", "advice", "no-rules", "noted"):
        yield f"worked.{one}"


def test_every_word_is_there_in_each_language_and_no_english_one_is_chinese() -> None:
    ours = {
        lang: {i: t for i, t in catalogue(lang).items() if i.startswith("worked.")} for lang in languages()
    }
    assert set(ours["zh-CN"]) == set(ours["en-US"])
    dynamic = {i for i in ours["zh-CN"] if i.startswith(("worked.line.", "worked.note.", "worked.total."))}
    assert set(ours["zh-CN"]) - dynamic == set(_ids())
    assert {i.removeprefix("worked.note.") for i in dynamic if i.startswith("worked.note.")} <= {*Note}
    for text_id, text in ours["en-US"].items():
        assert text.strip() and not re.search(r"[\u4e00-\u9fff]", text)
        assert set(re.findall(r"\{(\w+)", text)) == set(re.findall(r"\{(\w+)", ours["zh-CN"][text_id])), (
            text_id
        )


@pytest.mark.parametrize("rate", ["0.07", "0.05", "0.01"])
def test_the_place_is_that_of_the_terminal(rate: str) -> None:
    usual = CALCULATORS["worked"].unaided(NOW, rate)["usual"]
    places = {"0.07": "city", "0.05": "county", "0.01": "other"}
    assert usual["place"] == places[rate]
