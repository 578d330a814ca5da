from typing import Any

import pytest

from kiosk.flow.effects import Ask, ClosePayment, Pay, PrintSlip, Submit
from kiosk.flow.events import Action
from kiosk.flow.pages import ChoosePage, DonePage, FormPage, MessagePage, Page, PayPage, ReviewPage
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, ROLE, Visitor

PREFILL: dict[str, Any] = {
    "taxpayer": ROLE["taxpayer"],
    "name": ROLE["name"],
    "period_first": "2026-07-01",
    "period_last": "2026-09-30",
    "limit_date": "2026-10-26",
    "quarterly": True,
    "invoice_count": 128,
    "ordinary_sales_fen": 35_240_000,
    "special_sales_fen": 0,
    "levy_rate": "0.01",
    "city_rate": "0.07",
    "half_six_taxes": True,
    "parameters_hash": "x",
    "declared_already": None,
}
QUARTER: dict[str, Any] = {
    "id": "2026-07-01",
    "period_first": "2026-07-01",
    "period_last": "2026-09-30",
    "limit_date": "2026-10-26",
    "overdue": False,
    "late": {},
    "taken": True,
    "why_not": {},
}
ONE_OPEN: dict[str, Any] = {"periods": [QUARTER]}
"""The last quarter alone is to be filed, so nobody is asked which."""
DUE = {
    "due": "D1",
    "tax": "vat",
    "tax_name": {"zh-CN": "增值税", "en-US": "VAT"},
    "period_first": "2026-07-01",
    "period_last": "2026-09-30",
    "amount_fen": 409_584,
    "late_fee_fen": 0,
    "limit_date": "2026-10-26",
    "payable": True,
    "held_text": {},
}
FILED = {
    "state": "accepted",
    "key": "k1",
    "declaration": "SB1",
    "total_fen": 409_584,
    "dues": [DUE],
    "accepted_at": "2026-10-12T09:45:00+08:00",
}


ON_TIME: dict[str, Any] = {
    "limit_date": "2026-10-26",
    "days": 0,
    "late_fee_fen": 0,
    "total_fen": 409_584,
    "basis": {},
}
"""The centre's word on what paying late costs: nothing."""


def at_the_form() -> Visitor:
    visitor = Visitor().world()
    page = visitor.sign_in("declare.vat-small")
    assert isinstance(page, ChoosePage)
    assert page.selected == ("0",)
    visitor.touch(Action.PROCEED)
    visitor.answer(ONE_OPEN)
    visitor.answer(PREFILL)
    return visitor


def at_the_payment(filed: dict[str, Any] = FILED) -> Visitor:
    visitor = at_the_form()
    at_the_check(visitor)
    visitor.touch(Action.PROCEED)
    visitor.answer(filed)
    return visitor


def at_the_check(visitor: Visitor, surcharge: dict[str, Any] = ON_TIME) -> Page:
    visitor.touch(Action.FILL, "uninvoiced", "34000.00")
    visitor.touch(Action.PROCEED)
    return visitor.answer(surcharge)


def test_the_figures_of_the_review_are_the_laws() -> None:
    page = at_the_check(at_the_form())
    assert isinstance(page, ReviewPage)
    assert page.total == "4,095.84"
    assert page.total_words == "人民币肆仟零玖拾伍元捌角肆分"
    assert [r.value for r in page.sections[0].rows] == ["3,864.00", "135.24", "57.96", "38.64"]


def test_what_was_submitted_is_what_was_shown() -> None:
    visitor = at_the_payment()
    submits = [i.effect for i in visitor.issued if isinstance(i.effect, Submit)]
    assert submits[0].data["total_fen"] == 409_584
    assert submits[0].data["uninvoiced_sales_fen"] == 3_400_000
    assert not submits[0].queue
    assert visitor.asked == Pay(("D1",), 409_584)


BASIS = {
    "zh-CN": "税收征收管理法第三十二条：逾期 25 天，每天万分之五",
    "en-US": "Tax Collection Law, art. 32: 25 days late, 0.05 % a day",
}
SURCHARGE = {**ON_TIME, "days": 25, "late_fee_fen": 5_120, "total_fen": 414_704, "basis": BASIS}


def test_a_late_return_shows_the_centres_surcharge_and_its_law_before_it_is_filed() -> None:
    visitor = at_the_form()
    visitor.touch(Action.FILL, "uninvoiced", "34000.00")
    visitor.touch(Action.PROCEED)
    asked = visitor.asked
    assert isinstance(asked, Ask) and asked.query == "vat.surcharge"
    assert asked.params["vat_fen"] == 386_400 and asked.params["period_last"] == "2026-09-30"
    page = visitor.answer(SURCHARGE)
    assert isinstance(page, ReviewPage)
    assert page.total == "4,147.04"
    assert page.total_words == "人民币肆仟壹佰肆拾柒元零肆分"
    late = page.sections[0].rows[-1]
    assert (late.label, late.value, late.note) == ("滞纳金", "51.20", BASIS["zh-CN"])
    visitor.touch(Action.PROCEED)
    submit = visitor.asked
    assert isinstance(submit, Submit)
    assert submit.data["total_fen"] == 409_584, "the return itself declares the tax alone"


def test_a_return_in_time_has_no_row_for_a_surcharge() -> None:
    page = at_the_check(at_the_form())
    assert isinstance(page, ReviewPage)
    assert [row.label for row in page.sections[0].rows][-1] == "地方教育附加"


@pytest.mark.parametrize("fault", ["unreachable", "busy", "garbled", "rejected", "internal"])
def test_without_the_centres_word_no_surcharge_is_made_up_and_the_return_can_be_filed(fault: str) -> None:
    visitor = at_the_form()
    visitor.touch(Action.FILL, "uninvoiced", "34000.00")
    visitor.touch(Action.PROCEED)
    page = visitor.answer(fault=fault)
    assert isinstance(page, ReviewPage)
    late = page.sections[0].rows[-1]
    assert (page.total, late.value) == ("4,095.84", "")
    assert "税务机关计算" in late.note
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Submit)


LATE = {**DUE, "late_fee_fen": 5_120}
"""25 days of 0.05 % late (滞纳金, Tax Collection Law, art. 32)."""


def test_a_return_filed_late_is_paid_with_its_surcharge_and_page_and_slip_say_so() -> None:
    visitor = at_the_payment({**FILED, "dues": [LATE]})
    assert visitor.asked == Pay(("D1",), 414_704)
    page = visitor.answer({"state": "waiting", "qr": "Q", "order": "O1", "seconds_left": 120}, partial=True)
    assert isinstance(page, PayPage)
    assert (page.amount, page.amount_note) == ("4,147.04", "其中滞纳金 ¥51.20")
    visitor.answer({"state": "paid", "order": "O1", "voucher": "V1", "amount_fen": 414_704, "key": "k2"})
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    rows = {str(b["label"]): b["value"] for b in slip.blocks if b["type"] == "row"}
    assert (rows["滞纳金"], rows["增值税"], rows["申报税费合计"]) == ("51.20", "4,095.84", "4,095.84")
    place = next(n for n, b in enumerate(slip.blocks) if b["type"] == "total")
    assert (slip.blocks[place]["label"], slip.blocks[place]["value"]) == ("已缴合计", "¥4,147.04")
    assert slip.blocks[place + 1]["text"] == "人民币肆仟壹佰肆拾柒元零肆分"


def test_a_return_filed_in_time_has_no_row_for_lateness() -> None:
    visitor = at_the_payment()
    visitor.answer({"state": "paid", "order": "O1", "voucher": "V1", "amount_fen": 409_584, "key": "k2"})
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    assert "滞纳金" not in str(slip.blocks)


@pytest.mark.parametrize("fault", ["unreachable", "busy", "garbled", "rejected", "timeout", "internal"])
def test_what_is_filed_keeps_its_slip_and_number_when_paying_cannot_begin(fault: str) -> None:
    visitor = at_the_payment()
    page = visitor.answer(fault=fault)
    assert isinstance(page, PayPage)
    assert page.state == "closed"
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Pay(("D1",), 409_584), "once more"
    visitor.answer(fault=fault)
    visitor.touch(Action.SECOND, "later")
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    assert "SB1" in str(slip.blocks)
    assert "没有缴" in str(slip.blocks)
    done = visitor.answer({"outcome": "printed"})
    assert isinstance(done, DonePage)
    assert (done.title, done.reference) == ("申报成功", "SB1")


def test_change_goes_to_the_form_with_what_was_typed_and_straight_back() -> None:
    visitor = at_the_form()
    at_the_check(visitor)
    page = visitor.touch(Action.CHANGE, "return")
    assert isinstance(page, FormPage)
    assert next(r.value for r in page.rows if r.id == "uninvoiced") == "34,000.00"
    visitor.touch(Action.FILL, "uninvoiced", "0")
    visitor.touch(Action.PROCEED)
    page = visitor.answer({**ON_TIME, "total_fen": 373_544})
    assert isinstance(page, ReviewPage)
    assert page.total == "3,735.44"


def test_paid_leads_to_slip_and_the_end_page() -> None:
    visitor = at_the_payment()
    page = visitor.answer(
        {"state": "waiting", "qr": "http://x/p/1", "order": "O1", "seconds_left": 117}, partial=True
    )
    assert isinstance(page, PayPage)
    assert page.qr == "http://x/p/1"
    assert page.amount == "4,095.84"
    visitor.answer({"state": "paid", "order": "O1", "voucher": "V1", "amount_fen": 409_584, "key": "k2"})
    assert isinstance(visitor.asked, PrintSlip)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage)
    assert "已缴" in page.title
    assert "bank-card" not in [thing.id for thing in page.take], "nobody used one"


def test_a_payment_in_doubt_says_do_not_pay_again_on_screen_and_slip() -> None:
    visitor = at_the_payment()
    page = visitor.answer({"state": "doubt", "order": "O1", "key": "k2"})
    assert isinstance(page, PayPage)
    assert page.state == "doubt"
    assert page.second is None
    visitor.touch(Action.PROCEED)
    asked = visitor.asked
    assert isinstance(asked, PrintSlip)
    assert any("不要再付" in str(b.get("text", "")) for b in asked.blocks)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage)
    assert (page.next_steps[0].title, page.next_steps[0].note) == (
        "请先不要再付",
        "结果会以短信通知，也可扫码查看",
    )


def test_giving_up_closes_the_order_and_never_opens_a_second_beside_it() -> None:
    visitor = at_the_payment()
    visitor.answer({"state": "waiting", "qr": "q", "order": "O1", "seconds_left": 100}, partial=True)
    visitor.touch(Action.SECOND, "later")
    assert isinstance(visitor.asked, ClosePayment)
    visitor.touch(Action.SECOND, "later")
    assert sum(isinstance(i.effect, Pay) for i in visitor.issued) == 1


def test_a_period_filed_already_is_said_before_anything_is_typed() -> None:
    visitor = Visitor().world()
    visitor.sign_in("declare.vat-small")
    visitor.touch(Action.PROCEED)
    visitor.answer(ONE_OPEN)
    page = visitor.answer({**PREFILL, "declared_already": "SB0"})
    assert isinstance(page, MessagePage)
    assert ("SB0" in str(page.facts)) is True


def offline_at_the_form() -> Visitor:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "declare.vat-small")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    page = visitor.answer(fault="unreachable")
    assert isinstance(page, FormPage)
    assert page.rows[0].keypad == "uscc"
    visitor.touch(Action.FILL, "uscc", ROLE["taxpayer"])
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, FormPage)
    return visitor


def test_offline_the_return_is_typed_queued_numbered_and_receipted() -> None:
    visitor = offline_at_the_form()
    visitor.touch(Action.FILL, "ordinary", "352400")
    visitor.touch(Action.FILL, "uninvoiced", "34000")
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    asked = visitor.asked
    assert isinstance(asked, Submit)
    assert asked.queue
    assert visitor.issued[-1].subject["taxpayer"] == ROLE["taxpayer"]
    assert asked.data["total_fen"] == 409_584
    assert visitor.issued[-1].offline
    accepted = "2026-10-12T09:45:00+08:00"
    visitor.answer(
        {"queued": True, "key": "k1", "declaration": "SL1", "accepted_at": accepted, "total_fen": 409_584}
    )
    asked = visitor.asked
    assert isinstance(asked, PrintSlip)
    assert any("请勿重复申报" in str(b.get("caption", "")) for b in asked.blocks)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage)
    assert page.stamp == "已收到"
    assert page.qr == "https://bureau.example/s/k1"


def test_offline_more_than_the_limit_is_refused_with_the_way_out() -> None:
    visitor = offline_at_the_form()
    visitor.touch(Action.FILL, "ordinary", "99999999")
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, MessagePage)
    assert "50000" in page.body[0]


def test_a_claimed_code_with_a_wrong_check_character_is_warned_of_and_taken() -> None:
    visitor = offline_at_the_form_before_claim()
    page = visitor.touch(Action.FILL, "uscc", "91110108MA01K1050D")
    assert isinstance(page, FormPage)
    assert "营业执照" in page.rows[0].error
    assert page.action_enabled, "early pilot codes check wrong and are legal (domain note, 2.2)"


def offline_at_the_form_before_claim() -> Visitor:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "declare.vat-small")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    visitor.answer(fault="unreachable")
    return visitor


@pytest.mark.parametrize("text", ["1.234", "1e5", "-5", "９", "12345678901", "1.2.3", "'; drop"])
def test_what_is_no_amount_is_not_taken(text: str) -> None:
    visitor = at_the_form()
    page = visitor.touch(Action.FILL, "uninvoiced", text)
    assert isinstance(page, FormPage)
    assert next(r.value for r in page.rows if r.id == "uninvoiced") == "0.00"


def test_notices_are_shown_at_sign_in_before_the_step() -> None:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "declare.vat-small")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    notice = {
        "title": {"zh-CN": "申报未被接受", "en-US": "Refused"},
        "text": {"zh-CN": "请重报", "en-US": "Again"},
    }
    page = visitor.answer({**PROFILE, "notices": [notice]})
    assert isinstance(page, MessagePage)
    assert "申报未被接受" in page.body[0]
    assert isinstance(visitor.touch(Action.PROCEED), ChoosePage)
