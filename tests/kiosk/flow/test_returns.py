"""Returns of facts and the books at the terminal: prefilled from what the centre knows, or typed; for oneself or a firm."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from kiosk.flow.effects import Ask, PrintDocument, PrintSlip, Submit
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import ChoosePage, DonePage, FormPage, RatePage, ReviewPage
from kiosk.flow.state import Person
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, ROLE, Visitor
from tests.shipped import CATALOGUE

HOME: dict[str, Any] = {
    "contract": "YC-1",
    "price_fen": 168_000_000,
    "area": 127,
    "homes": 1,
    "signed_on": "2026-09-30",
    "registers_on": "2026-11-05",
}
SECOND = {**HOME, "contract": "YC-2", "area": 150, "homes": 2}
KNOWN: dict[str, Any] = {
    "facts": {},
    "sources": [
        {"id": "s1", "title": "滨江路", "facts": HOME},
        {"id": "s2", "title": "书院街", "facts": SECOND},
    ],
    "taxes": {},
    "declared_already": None,
}


def at_the_form(service: str, known: dict[str, Any]) -> Visitor:
    visitor = Visitor().world()
    page = visitor.sign_in(service)
    if isinstance(page, ChoosePage):
        visitor.touch(Action.PROCEED)
    visitor.answer(known)
    assert isinstance(visitor.page, FormPage)
    return visitor


def through(visitor: Visitor) -> None:
    """To the end of the form."""
    while isinstance(visitor.page, FormPage):
        before = visitor.page
        visitor.touch(Action.PROCEED)
        assert visitor.page != before, before.errors


def submitted(visitor: Visitor) -> dict[str, Any]:
    effect = visitor.asked
    assert isinstance(effect, Submit)
    return dict(effect.data)


def test_what_the_centre_knows_of_a_home_fills_the_return_and_is_submitted_untouched() -> None:
    visitor = at_the_form("declare.deed", KNOWN)
    through(visitor)
    asked = visitor.asked
    assert isinstance(asked, Ask)
    assert (asked.query, asked.params) == ("return.surcharge", {"facts": HOME})
    page = visitor.answer(fault="unreachable")
    assert isinstance(page, ReviewPage)
    assert page.total == "16,800.00"
    visitor.touch(Action.PROCEED)
    data = submitted(visitor)
    assert (data["tax"], data["facts"], data["total_fen"]) == ("deed", HOME, 1_680_000)
    assert len(data["parameters_hash"]) == 64


def test_another_source_fills_every_row_anew_and_what_was_typed_stays() -> None:
    visitor = at_the_form("declare.deed", KNOWN)
    visitor.touch(Action.FILL, "price_fen", "1000000")
    visitor.touch(Action.EDIT, "source")
    assert isinstance(visitor.page, ChoosePage)
    visitor.touch(Action.CHOOSE, "s2")
    through(visitor)
    visitor.answer(fault="unreachable")
    visitor.touch(Action.PROCEED)
    data = submitted(visitor)
    assert data["facts"] == {**SECOND, "price_fen": 100_000_000}
    assert data["total_fen"] == 2_000_000


def test_offline_what_the_vehicles_papers_say_as_codes_is_typed_by_nobody() -> None:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "declare.vehicle-purchase")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(fault="unreachable")
    for code in ("LSVAU0334E2123456", "01,32,,26442000002693468011,113000.00,20260928,,A1B2"):
        visitor.answer({"symbology": "code128", "data": base64.b64encode(code.encode()).decode()})
    for row, text in {"make": "大众牌SVW7", "engine": "EA211", "new_energy": "no"}.items():
        visitor.touch(Action.FILL, row, text)
    through(visitor)
    assert isinstance(visitor.page, ReviewPage)
    visitor.touch(Action.PROCEED)
    facts = submitted(visitor)["facts"]
    assert (facts["vin"], facts["gross_fen"], facts["bought_on"]) == (
        "LSVAU0334E2123456",
        11_300_000,
        "2026-09-28",
    )


def test_offline_the_person_types_it_and_it_is_queued() -> None:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "declare.vehicle-purchase")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(fault="unreachable")
    visitor.touch(Action.SECOND, "type")
    visitor.touch(Action.SECOND, "type")
    rows = {
        "vin": "LSVAU0334E2123456",
        "make": "大众牌SVW7",
        "engine": "EA211",
        "gross_fen": "113000",
        "new_energy": "no",
    }
    for row, text in rows.items():
        visitor.touch(Action.FILL, row, text)
    visitor.touch(Action.EDIT, "bought_on")
    for part in ("2026", "2026-09", "2026-09-28"):
        visitor.touch(Action.CHOOSE, part)
    through(visitor)
    assert isinstance(visitor.page, ReviewPage)
    assert visitor.page.total == "10,000.00"
    visitor.touch(Action.PROCEED)
    effect = visitor.asked
    assert isinstance(effect, Submit)
    assert effect.queue
    assert effect.data["facts"] == {
        "vin": "LSVAU0334E2123456",
        "make": "大众牌SVW7",
        "engine": "EA211",
        "gross_fen": 11_300_000,
        "new_energy": False,
        "bought_on": "2026-09-28",
    }


def test_what_the_certificate_will_print_of_a_vehicle_is_asked_for() -> None:
    car = {
        "vin": "LSVAU0334E2123456",
        "gross_fen": 11_300_000,
        "new_energy": False,
        "bought_on": "2026-09-28",
    }
    visitor = at_the_form("declare.vehicle-purchase", {**KNOWN, "facts": car, "sources": []})
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage)
    assert set(page.errors) == {"请填写“厂牌型号”", "请填写“发动机号码”"}


def settled(overpaid: int) -> Visitor:
    """A year that is settled, with nothing to pay, as far as the slip."""
    facts = {
        "year": 2025, "wages_fen": 20_000_000, "labour_fen": 0, "royalties_fen": 0, "social_fen": 3_000_000,
        "extra_fen": 2_400_000, "other_fen": 0, "withheld_fen": 608_000 + overpaid,
    }  # fmt: skip
    visitor = at_the_form("declare.iit-annual", {**KNOWN, "facts": facts, "sources": []})
    through(visitor)
    visitor.answer(fault="unreachable")
    visitor.touch(Action.PROCEED)
    filed = {"declaration": "31990026101200000011", "total_fen": 0, "dues": [], "overpaid_fen": overpaid}
    visitor.answer({"state": "accepted", "key": "k1", "accepted_at": "2026-10-12T09:45:00+08:00", **filed})
    return visitor


def test_who_gets_something_back_is_told_on_slip_and_screen_that_it_has_to_be_applied_for() -> None:
    visitor = settled(92_000)
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    assert "申请退税" in str(slip.blocks) and "个人退税" in str(slip.blocks) and "920.00" in str(slip.blocks)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage)
    assert page.next_steps[0].title == "下一步：申请退税"
    assert CATALOGUE["refund.iit"].service.title["zh-CN"] in page.next_steps[0].note


def at_the_end(*, online: bool = True, **devices: bool) -> Visitor:
    visitor = settled(0)
    visitor.answer({"outcome": "printed"})
    return visitor.world(online=online, **devices)


def test_the_filed_return_is_printed_only_for_who_asks_for_it() -> None:
    visitor = at_the_end()
    page = visitor.page
    assert isinstance(page, DonePage)
    assert [one.id for one in page.quiet] == ["form", "slip"]
    assert isinstance(visitor.touch(Action.PROCEED), RatePage), "no paper unasked"
    visitor = at_the_end()
    visitor.touch(Action.SECOND, "form")
    asked = visitor.asked
    assert isinstance(asked, Ask)
    assert (asked.query, asked.params) == ("certificate.preview", {"item": "31990026101200000011"})
    sheet = {
        "title": {"zh-CN": "表", "en-US": "Form"},
        "facts": [],
        "columns": [],
        "rows": [],
        "total": [],
        "statements": [],
    }
    visitor.answer({**sheet, "content_sha256": "0" * 64})
    visitor.touch(Action.PROCEED)
    assert submitted(visitor)["certificate"] == "declaration-copy"
    visitor.answer({"state": "accepted", "key": "k2", "number": "21", "pages": 1, "verify_url": "https://v"})
    assert visitor.asked == PrintDocument("21", 1)
    visitor.answer({"outcome": "printed"})
    assert isinstance(visitor.touch(Action.PROCEED), RatePage)


@pytest.mark.parametrize("missing", [{"online": False}, {"documentPrinter": False}])
def test_without_network_or_printer_no_form_is_offered(missing: dict[str, bool]) -> None:
    page = at_the_end(**missing).page
    assert isinstance(page, DonePage)
    assert [one.id for one in page.quiet] == ["slip"]


def test_who_gets_nothing_back_is_told_nothing_of_it() -> None:
    visitor = settled(0)
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    assert "退税" not in str(slip.blocks)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage)
    assert not any("退税" in one.title for one in page.next_steps)


def test_a_nil_return_names_the_taxes_and_sums_up_to_nothing() -> None:
    facts = {"period_first": "2026-07-01", "period_last": "2026-09-30"}
    known = {
        **KNOWN,
        "facts": facts,
        "sources": [],
        "taxes": {"zh-CN": "增值税、印花税", "en-US": "VAT, stamp tax"},
    }
    visitor = at_the_form("declare.zero", known)
    page = visitor.page
    assert isinstance(page, FormPage)
    assert "增值税、印花税" in [row.value for row in page.rows]
    through(visitor)
    visitor.answer(fault="unreachable")
    visitor.touch(Action.PROCEED)
    data = submitted(visitor)
    assert (data["facts"], data["total_fen"]) == (facts, 0)


# --- for whom ------------------------------------------------------------------------------------------------------


def signed_in(service: str, profile: dict[str, Any]) -> Visitor:
    """At the first step behind sign-in."""
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, service)
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(profile)
    return visitor


def test_who_declared_in_their_own_name_may_look_at_that_and_at_the_firms() -> None:
    visitor = signed_in("query.declarations", {**PROFILE, "own": True})
    page = visitor.page
    assert isinstance(page, ChoosePage)
    assert [option.title for option in page.options] == [ROLE["name"], "我本人"]
    visitor.touch(Action.CHOOSE, "1")
    visitor.touch(Action.PROCEED)
    assert visitor.issued[-1].subject["taxpayer"] is None
    page = visitor.answer({"returns": [], "as_of": "2026-10-12T09:00:00+08:00"})
    assert isinstance(page, ListPage)
    assert page.empty_title == "没有申报记录"


def test_a_return_of_enterprises_is_not_offered_for_oneself() -> None:
    visitor = signed_in("declare.vat-small", {**PROFILE, "own": True})
    page = visitor.page
    assert isinstance(page, ChoosePage)
    assert [option.title for option in page.options] == [ROLE["name"]]
    assert isinstance(visitor.state.person, Person)


def test_what_is_due_is_listed_with_its_day_and_sum() -> None:
    visitor = signed_in("query.due", PROFILE)
    visitor.touch(Action.PROCEED)
    rows = [
        {
            "id": "vat-small/2026-07-01",
            "what": "file",
            "tax": "vat-small",
            "tax_name": {"zh-CN": "增值税", "en-US": "VAT"},
            "period_first": "2026-07-01",
            "period_last": "2026-09-30",
            "limit_date": "2026-10-26",
            "amount_fen": None,
            "overdue": False,
        },
    ]
    page = visitor.answer({"obligations": rows, "total_fen": 0, "as_of": "2026-10-12T09:00:00+08:00"})
    assert isinstance(page, ListPage)
    (row,) = page.rows
    assert (row.title, row.amount, row.tags) == ("增值税", "", ("待申报", "未逾期"))
    assert ("期限", "2026年10月26日") in row.lines


def test_where_there_is_nothing_to_follow_no_code_is_shown() -> None:
    visitor = signed_in("query.due", PROFILE)
    visitor.touch(Action.PROCEED)
    visitor.answer({"obligations": [], "total_fen": 0, "as_of": "2026-10-12T09:00:00+08:00"})
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, DonePage)
    assert (page.qr, page.reference_notes) == ("", ())
