"""What the person is told when a step did not end as it promises: doubt, faults nobody foresaw, nothing done."""

from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk.domain.paths import look as look_up
from kiosk.flow.effects import CheckStaff, CompareFace, Pay, PrintDocument, PrintSlip, ReadDocument
from kiosk.flow.events import Action
from kiosk.flow.pages import CapturePage, DonePage, FormPage, IdentifyPage, PayPage, PrintPage
from kiosk.steps.endings import ended
from tests.kiosk.flow.test_certificate import ISSUED, at_the_record, issuing
from tests.kiosk.flow.test_declare import DUE, at_the_payment
from tests.kiosk.flow.test_visit import at_the_dispenser
from tests.kiosk.flow.visitor import CARD, Visitor
from tests.shipped import CATALOGUE

FOLLOW = "https://bureau.example/s/"


def asked_for(visitor: Visitor, kind: type) -> int:
    return sum(isinstance(i.effect, kind) for i in visitor.issued)


def slip_url(visitor: Visitor) -> str:
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    return next(str(b["data"]) for b in slip.blocks if b["type"] == "qr")


def slip_text(visitor: Visitor) -> str:
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    return " ".join(str(b.get("text", "")) for b in slip.blocks)


def done(visitor: Visitor) -> DonePage:
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage)
    return page


def paying() -> Visitor:
    """Paying what is due, apart from any return."""
    visitor = Visitor().world()
    visitor.sign_in("pay.due")
    visitor.touch(Action.PROCEED)
    visitor.answer({"dues": [DUE], "total_fen": 409_584})
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)  # all of it
    assert isinstance(visitor.asked, Pay)
    return visitor


# --- money ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begin", [at_the_payment, paying])
def test_a_payment_nobody_can_tell_of_never_leads_to_a_second_order(begin: Any) -> None:
    visitor = begin()
    page = visitor.answer({"key": "k9"}, fault="in-doubt")
    assert isinstance(page, PayPage)
    assert page.state == "doubt"
    for action, value in ((Action.SECOND, "later"), (Action.SECOND, "home"), (Action.CHOOSE, "again")):
        visitor.touch(action, value)
    visitor.touch(Action.PROCEED)
    assert asked_for(visitor, Pay) == 1
    assert "不要再付" in slip_text(visitor)
    assert slip_url(visitor) == FOLLOW + "k9"


def test_a_payment_in_doubt_is_followed_by_its_own_key() -> None:
    visitor = paying()
    visitor.answer({"state": "doubt", "order": "O1", "key": "k9"})
    visitor.touch(Action.PROCEED)
    assert slip_url(visitor) == FOLLOW + "k9"


def test_the_end_page_never_says_paid_when_it_is_in_doubt() -> None:
    visitor = paying()
    visitor.answer({"state": "doubt", "order": "O1", "key": "k9"})
    visitor.touch(Action.PROCEED)
    page = done(visitor)
    assert (page.title, page.stamp) == ("缴款结果待确认", "待确认")


def test_the_end_page_never_says_paid_when_nothing_was() -> None:
    visitor = paying()
    visitor.answer({"state": "expired", "order": "O1", "key": "k9"})
    visitor.touch(Action.SECOND, "later")
    assert "还没有缴" in slip_text(visitor)
    assert slip_url(visitor) == FOLLOW + "k9"
    page = done(visitor)
    assert (page.title, page.stamp) == ("这次没有缴款", "未缴")


def test_paid_says_paid() -> None:
    visitor = paying()
    visitor.answer({"state": "paid", "order": "O1", "amount_fen": 409_584, "key": "k9"})
    page = done(visitor)
    assert (page.title, page.stamp) == ("税款已缴", "已缴税")


def test_a_return_that_was_filed_and_not_paid_is_followed_by_the_return() -> None:
    visitor = at_the_payment()
    visitor.answer({"state": "declined", "order": "O1", "key": "k9"})
    visitor.touch(Action.SECOND, "later")
    assert slip_url(visitor) == FOLLOW + "k1"
    assert "还没有缴" in slip_text(visitor)
    page = done(visitor)
    assert (page.title, page.stamp) == ("申报成功", "申报成功")
    assert page.next_steps[0].title == "这笔款还没有缴"


def test_a_payment_that_was_refused_is_told() -> None:
    visitor = paying()
    refusal = {"code": "dueTaken", "text": {"zh-CN": "已在缴款", "en-US": "Being paid"}}
    page = visitor.answer({"state": "refused", "refusal": refusal})
    assert isinstance(page, PayPage)
    assert (page.state, page.message) == ("refused", "已在缴款")
    assert not page.second
    visitor.touch(Action.PROCEED)
    slip = visitor.asked
    assert isinstance(slip, PrintSlip)
    assert "没有缴" in str(slip.blocks)


# --- paper ----------------------------------------------------------------------------------------------------


def printing() -> Visitor:
    visitor = at_the_record()
    issuing(visitor)
    visitor.answer(ISSUED)
    return visitor


@pytest.mark.parametrize(
    ("data", "fault"), [({"outcome": "uncertain", "error": None}, ""), ({"key": "k"}, "in-doubt")]
)
def test_a_print_nobody_can_tell_of_asks_the_person_before_a_second_copy(
    data: dict[str, Any], fault: str
) -> None:
    visitor = printing()
    page = visitor.answer(data, fault=fault)
    assert isinstance(page, PrintPage)
    assert page.title == "纸出来了吗？"
    assert page.second is not None
    assert page.second.id == "have"
    visitor.touch(Action.SECOND, "have")
    assert isinstance(visitor.asked, PrintSlip)
    assert asked_for(visitor, PrintDocument) == 1
    assert done(visitor).title == "证明已打印"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("internal", "打印机没有回应，请找工作人员，或换一台终端打印"),
        ("", "出纸口满了，请把纸取走，再打一次"),
    ],
)
def test_a_print_that_certainly_failed_is_simply_done_again_or_later(fault: str, words: str) -> None:
    visitor = printing()
    page = visitor.answer({} if fault else {"outcome": "notPrinted", "error": "stackerFull"}, fault=fault)
    assert isinstance(page, PrintPage)
    assert (page.title, page.second.id if page.second else "") == ("没有打印出来", "later")
    assert page.message == words, "a fault nobody wrote words for has words all the same"
    visitor.touch(Action.SECOND, "later")
    page = done(visitor)
    assert "还没有打印" in page.title


def test_no_invoice_in_hand_is_not_called_collected() -> None:
    visitor = at_the_dispenser()
    result = {
        "delivered": 0,
        "missing": 5,
        "cause": "notTaken",
        "ranges_text": "",
        "movement": "M1",
        "key": "k5",
    }
    visitor.answer(result)
    visitor.touch(Action.PROCEED)
    assert slip_url(visitor) == FOLLOW + "k5"
    printed = slip_text(visitor)
    assert "没有发票记到贵企业名下" in printed and "点清" not in printed
    page = done(visitor)
    assert (page.title, page.stamp) == ("这次没有领到发票", "未领取")
    assert [step.title for step in page.next_steps] == ["没有发票记到贵企业名下"]


# --- who is it ------------------------------------------------------------------------------------------------


def at_the_reader() -> Visitor:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "certificate.iit-record")
    return visitor


def test_several_cards_at_once_are_told_and_the_reader_waits_on() -> None:
    visitor = at_the_reader()
    page = visitor.answer(fault="cardCollision")
    assert isinstance(page, IdentifyPage)
    assert (page.state, page.message) == ("again", "读卡区有几张卡，请只放一张身份证")
    assert asked_for(visitor, ReadDocument) == 2


@pytest.mark.parametrize("fault", ["internal", "whoKnows"])
def test_a_fault_of_the_reader_that_nobody_foresaw_can_be_tried_again(fault: str) -> None:
    visitor = at_the_reader()
    page = visitor.answer(fault=fault)
    assert isinstance(page, IdentifyPage)
    assert (page.state, page.message) == ("failed", "读卡器没有回应，请再试一次或找工作人员")


@pytest.mark.parametrize("fault", ["internal", "unavailable", "refused"])
def test_a_camera_that_cannot_compare_leaves_the_way_to_staff(fault: str) -> None:
    visitor = at_the_reader()
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    page = visitor.answer(fault=fault)
    assert isinstance(page, CapturePage)
    assert page.state == "refused"
    visitor.touch(Action.PROCEED)
    assert asked_for(visitor, CompareFace) == 1
    assert isinstance(visitor.touch(Action.SECOND, "staff"), FormPage)


def test_pressing_twice_is_one_try_of_the_staff_code() -> None:
    visitor = at_the_reader()
    visitor.answer(CARD)
    visitor.touch(Action.SECOND, "staff")
    visitor.touch(Action.FILL, "pin", "111111")
    for _ in range(3):
        visitor.touch(Action.PROCEED)
    visitor.touch(Action.FILL, "pin", "222222")
    assert asked_for(visitor, CheckStaff) == 1
    visitor.answer({"passed": False})
    visitor.touch(Action.FILL, "pin", "222222")
    visitor.touch(Action.PROCEED)
    assert visitor.asked == CheckStaff("222222")


# --- the slip --------------------------------------------------------------------------------------------------


def test_a_slip_that_broke_off_is_not_to_be_used_until_a_whole_one_is_there() -> None:
    visitor = at_the_payment()
    visitor.answer({"state": "paid", "order": "O1", "voucher": "V1", "amount_fen": 409_584, "key": "k2"})
    assert isinstance(visitor.asked, PrintSlip)
    page = visitor.answer({"outcome": "notPrinted", "error": "paperOut", "partly": True})
    assert isinstance(page, DonePage)
    assert page.reference_notes == ("回单没打完整，不能用，请带走。", "请扫右边的码，手机上留一份。")
    assert "paper" in [thing.id for thing in page.take], "it bears a name: nobody shall leave it behind"
    visitor.touch(Action.SECOND, "slip")
    page = visitor.answer({"outcome": "notPrinted", "error": "paperOut"})
    assert isinstance(page, DonePage)
    assert "没打完整" in page.reference_notes[0], "the torn one is still in the hand"
    visitor.touch(Action.SECOND, "slip")
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage)
    assert page.reference_notes[0] == "打印的回单上有这个号。"


@pytest.mark.parametrize(("data", "fault"), [({"outcome": "uncertain"}, ""), ({"key": "k"}, "in-doubt")])
def test_a_slip_nobody_can_tell_of_is_not_said_to_be_missing(data: dict[str, Any], fault: str) -> None:
    visitor = at_the_payment()
    visitor.answer({"state": "paid", "order": "O1", "voucher": "V1", "amount_fen": 409_584, "key": "k2"})
    page = visitor.answer(data, fault=fault)
    assert isinstance(page, DonePage)
    assert page.reference_notes == ("回单可能没有打完整，请看一看；也可扫右边的码留一份。",)
    assert "paper" in [thing.id for thing in page.take]


def test_nobody_is_told_to_take_a_slip_that_never_came_out() -> None:
    visitor = at_the_payment()
    visitor.answer({"state": "paid", "order": "O1", "voucher": "V1", "amount_fen": 409_584, "key": "k2"})
    page = visitor.answer({"outcome": "notPrinted", "error": "paperOut"})
    assert isinstance(page, DonePage)
    assert page.reference_notes == ("没有打印回单，请扫右边的码留一份。",)
    assert "paper" not in [thing.id for thing in page.take]
    assert _quiet(page)["slip"] == "打印回单"
    visitor.touch(Action.SECOND, "slip")
    assert isinstance(visitor.asked, PrintSlip)
    assert _marks(visitor.asked) == [], "it is the first"
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage)
    assert "paper" in [thing.id for thing in page.take]
    assert _quiet(page)["slip"] == "再打一份回单"
    visitor.touch(Action.SECOND, "slip")
    assert isinstance(visitor.asked, PrintSlip)
    assert len(_marks(visitor.asked)) == 1


def _quiet(page: DonePage) -> dict[str, str]:
    return {one.id: one.title for one in page.quiet}


def _marks(asked: PrintSlip) -> list[str]:
    return [block["text"] for block in asked.blocks if "补打" in str(block.get("text"))]


def ending(service: str, left: dict[str, Any], how: str) -> bool:
    """Whether a service ended that way, by what its steps left."""
    look = partial(look_up, left)
    ctx: Any = SimpleNamespace(service=CATALOGUE[service].service, look=look)
    return ended(ctx, how)


@pytest.mark.parametrize(("state", "settled"), [("approved", True), ("open", False), (None, False)], ids=str)
def test_a_change_of_registration_is_done_at_once_or_waits(state: str | None, settled: bool) -> None:
    assert ending("registration.change", {"file": {"state": state}}, "settled") is settled


@pytest.mark.parametrize(
    ("draw", "lost"), [({"prize_fen": None}, True), ({"prize_fen": 5_000}, False), (None, False)], ids=str
)
def test_a_draw_without_a_prize_is_told_so(draw: dict[str, Any] | None, lost: bool) -> None:
    assert ending("lottery.draw", {"draw": draw}, "not-won") is lost
