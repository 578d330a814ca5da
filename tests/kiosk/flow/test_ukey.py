"""The tax UKey: put in, shown with what is due, reported, unlocked, taken out; pulled out anywhere, nothing is half done."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.flow.effects import Ask, AwaitUkeyGone, Note, PrintSlip, ReadUkey, StopWaiting, Submit, WriteUkey
from kiosk.flow.events import Action
from kiosk.flow.pages import DonePage, FarewellPage, MessagePage, ReviewPage, WorkingPage
from kiosk.flow.state import FlowState
from kiosk.flow.ukey_page import UkeyPage
from tests.kiosk.flow.visitor import Visitor

SAID: dict[str, Any] = {
    "device": "661600000020", "taxpayer": "91110108MA01K1050C", "counter": 6, "cleared": "2026-08-01",
    "issues_until": "2026-10-26", "locked": False,
    "reports": [{"month": "2026-09-01", "text": "UjF8", "mac": "AAAA"}],
}  # fmt: skip
ORDER = {
    "state": "accepted", "key": "k2", "device": "661600000020", "month": "2026-09-01", "issues_until": "2026-11-16",
    "counter": 7, "order": "TzF8", "mac": "BBBB", "declaration": "31990026100850000010",
    "basis": {"zh-CN": "税总发〔2017〕124号", "en-US": "x"},
}  # fmt: skip
TAKEN = "2026-10-12T09:42:00+08:00"


def same(text: str) -> dict[str, str]:
    return {"zh-CN": text, "en-US": text}


def next_(name: str) -> dict[str, Any]:
    return {"next": name, "why": same(f"text {name}") if name in ("file", "others", "compare") else None}


def standing(name: str, **changed: Any) -> dict[str, Any]:
    return {
        "title": same("2026-09"), "facts": [], "columns": [], "rows": [], "total": [], "statements": [],
        "device": "661600000020", "reported": "2026-08-01", "issues_until": "2026-10-26", "month": "2026-09-01",
        "issued": 2, "net_fen": 1_058_347, "tax_fen": 10_584, "invoiced_fen": None, "declared_fen": None,
        "next_title": same(f"title {name}"), **next_(name), **changed,
    }  # fmt: skip


def reported(name: str, **changed: Any) -> dict[str, Any]:
    sums = {"invoiced_fen": None, "declared_fen": None}
    told = {
        "state": "accepted",
        "key": "k1",
        "device": "661600000020",
        "month": "2026-09-01",
        "taken_at": TAKEN,
    }
    return {**told, **sums, **next_(name), **changed}


def waiting() -> Visitor:
    visitor = Visitor().world(smartCardReader=True)
    visitor.sign_in("invoice.device")
    visitor.touch(Action.PROCEED)
    assert visitor.asked == ReadUkey()
    return visitor


def shown(name: str, **changed: Any) -> Visitor:
    visitor = waiting()
    visitor.answer(SAID)
    assert visitor.asked == Ask("device.status", SAID)
    visitor.answer(standing(name, **changed))
    return visitor


def writing() -> Visitor:
    visitor = shown("report")
    visitor.touch(Action.PROCEED)
    visitor.answer(reported("unlock"))
    visitor.answer(ORDER)
    return visitor


def slip(visitor: Visitor) -> str:
    assert isinstance(visitor.asked, PrintSlip)
    return str(visitor.asked.blocks)


def notes(visitor: Visitor) -> list[Note]:
    return [one.effect for one in visitor.issued if isinstance(one.effect, Note)]


def test_it_is_put_in_reported_unlocked_and_taken_out() -> None:
    visitor = waiting()
    page = visitor.page
    assert isinstance(page, UkeyPage) and (page.state, page.illustration) == ("waiting", "smartCardReader")
    visitor.answer({"state": "reading"}, partial=True)
    assert isinstance(visitor.page, UkeyPage) and "不要拔出" in visitor.page.message
    visitor.answer(SAID)
    page = visitor.answer(standing("report"))
    assert isinstance(page, ReviewPage) and (page.title, page.lead) == (
        "title report",
        "设备报出的数据，和接下来要办的事。",
    )
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Submit("device.report", {"month": "2026-09-01", "said": SAID}, queue=False)
    visitor.answer(reported("unlock"))
    assert visitor.asked == Submit("device.unlock", {"month": "2026-09-01", "said": SAID}, queue=False)
    page = visitor.answer(ORDER)
    assert visitor.asked == WriteUkey("661600000020", 7, "TzF8", "BBBB")
    assert isinstance(page, UkeyPage) and page.state == "writing" and not visitor.screen.can_back
    page = visitor.answer({**SAID, "counter": 7, "issues_until": "2026-11-16"})
    assert notes(visitor)[-1] == Note("device.unlocked", {"device": "661600000020", "counter": 7})
    assert visitor.asked == AwaitUkeyGone() and isinstance(page, UkeyPage) and page.state == "take"
    assert page.illustration == "smartCardReader-out" and not visitor.screen.can_back
    visitor.answer({"taken": True})
    printed = slip(visitor)
    for words in ("10,583.47", "已清卡", "2026年11月16日", "31990026100850000010", "661600000020"):
        assert words in printed
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage) and page.stamp == "已清卡"
    assert [step.title for step in page.next_steps] == ["税务UKey可以继续开票"]
    assert [thing.id for thing in page.take] == ["id", "paper"], "the UKey was taken out already"


def test_a_month_that_was_reported_before_is_unlocked_at_once() -> None:
    visitor = shown("unlock")
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, Submit) and visitor.asked.kind == "device.unlock"


@pytest.mark.parametrize(
    ("name", "before", "stamp", "title"),
    [
        ("file", True, "已抄报", "还不能清卡"),
        ("others", True, "已抄报", "还不能清卡"),
        ("compare", True, "已抄报", "还不能清卡"),
        ("file", False, "已查看", "已查看"),
        ("compare", False, "已查看", "已查看"),
        ("wait", False, "已查看", "已查看"),
    ],
)
def test_what_cannot_be_unlocked_yet_ends_with_a_slip_that_says_so(
    name: str, before: bool, stamp: str, title: str
) -> None:
    sums = {"invoiced_fen": 200, "declared_fen": 100} if name == "compare" else {}
    visitor = shown("report") if before else shown(name, **sums)
    visitor.touch(Action.PROCEED)
    if before:
        visitor.answer(reported(name, **sums))
    assert visitor.asked == AwaitUkeyGone(), "no order is asked for"
    visitor.answer({"taken": True})
    printed = slip(visitor)
    assert ("2.00" in printed) is (name == "compare") and "已清卡" not in printed
    assert (f"text {name}" in printed) is (name != "wait"), "why, and what to do"
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage) and page.stamp == stamp and title in page.title
    (step,) = page.next_steps
    assert ("结束" in step.title) if name == "wait" else (step.note == f"text {name}")


@pytest.mark.parametrize("fault", ["noMedia", "tornOut"])
def test_pulled_out_it_is_waited_for_again(fault: str) -> None:
    visitor = waiting()
    page = visitor.answer(fault=fault)
    assert isinstance(page, UkeyPage) and page.state == "again" and page.message
    assert visitor.asked == ReadUkey() and len(visitor.state.waiting) == 1
    visitor.answer({"state": "waiting"}, partial=True)
    assert isinstance(visitor.page, UkeyPage) and visitor.page.state == "again", "the words stay"
    visitor.answer(SAID)
    assert isinstance(visitor.asked, Ask)


def test_pulled_out_while_it_is_written_the_same_order_is_written_again() -> None:
    visitor = writing()
    order = visitor.asked
    page = visitor.answer(fault="tornOut")
    assert isinstance(page, UkeyPage) and page.state == "again" and "再插进去" in page.message
    assert page.title == "请插回税务UKey", "not to leave in what is out"
    assert visitor.asked == order
    visitor.answer({**SAID, "counter": 7})
    assert visitor.asked == AwaitUkeyGone()


def test_another_ukey_has_to_be_out_before_the_right_one_is_waited_for() -> None:
    visitor = writing()
    page = visitor.answer(fault="otherUkey")
    assert visitor.asked == AwaitUkeyGone() and isinstance(page, UkeyPage) and "另一个" in page.message
    visitor.answer({"taken": True})
    assert isinstance(visitor.asked, WriteUkey)
    assert isinstance(visitor.page, UkeyPage) and visitor.page.state == "again"


def test_whoever_cannot_put_it_in_again_leaves_with_what_was_done() -> None:
    visitor = writing()
    visitor.answer(fault="tornOut")
    assert [one.id for one in visitor.page.others] == ["later"]  # type: ignore[attr-defined]
    visitor.touch(Action.SECOND, "later")
    visitor.answer({"taken": True})
    assert "还没有写入设备" in slip(visitor) and "可开票至" not in slip(visitor)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage) and page.stamp == "已抄报" and "没有写入" in page.title
    (step,) = page.next_steps
    assert "还要" in step.title and "再办" in step.note, "not that it can issue invoices again"
    assert not [note for note in notes(visitor) if note.kind == "device.unlocked"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("mute", "换个方向"),
        ("otherCard", "不是税务UKey"),
        ("device", "没有回应"),
        ("hardwareError", "找工作人员"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(fault: str, words: str) -> None:
    visitor = waiting()
    page = visitor.answer(fault=fault)
    assert isinstance(page, UkeyPage) and page.state == "failed" and words in page.message and page.action
    visitor.touch(Action.PROCEED)
    assert visitor.asked == ReadUkey()
    assert isinstance(visitor.page, UkeyPage) and visitor.page.state == "waiting"


def test_an_order_that_is_not_taken_is_no_dead_end() -> None:
    visitor = writing()
    page = visitor.answer(fault="notTaken")
    assert isinstance(page, UkeyPage) and "窗口" in page.message
    assert (page.title, page.lead) == ("这次没有清卡", ""), "not that it is being unlocked"
    assert [one.id for one in page.others] == ["later"]


def test_whoever_has_no_ukey_is_told_what_it_needs() -> None:
    visitor = waiting()
    page = visitor.touch(Action.SECOND, "none")
    assert isinstance(page, MessagePage) and "窗口" in page.body[0]
    assert isinstance(visitor.issued[-1].effect, StopWaiting)
    visitor.touch(Action.PROCEED)
    assert visitor.screen.page.kind in ("home", "services")


def test_whoever_is_behind_is_told_to_go_on_with_the_next_month() -> None:
    visitor = shown("unlock", month="2026-08-01")
    visitor.touch(Action.PROCEED)
    visitor.answer({**ORDER, "month": "2026-08-01"})
    visitor.answer({**SAID, "counter": 7})
    visitor.answer({"taken": True})
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage)
    (step,) = page.next_steps
    assert "后一个月" in step.title and "继续开票" not in step.title


def test_a_no_of_the_centre_says_what_to_do() -> None:
    visitor = waiting()
    visitor.answer(SAID)
    refusal = {"code": "deviceLost", "text": same("已报遗失"), "next_step": same("到窗口")}
    page = visitor.answer({"refusal": refusal})
    assert isinstance(page, MessagePage) and page.body == ("已报遗失", "到窗口", "离开前，请拔出税务UKey。")
    visitor.touch(Action.PROCEED)
    assert visitor.screen.page.kind in ("home", "services")
    page = visitor.touch(Action.LEAVE)
    assert isinstance(page, FarewellPage) and "ukey" in [thing.id for thing in page.take], (
        "it is inside still"
    )


def test_whoever_leaves_is_reminded_of_the_ukey() -> None:
    visitor = shown("report")
    page = visitor.touch(Action.LEAVE)
    assert isinstance(page, FarewellPage) and [thing.id for thing in page.take] == ["id", "ukey"]


def test_whoever_goes_on_without_taking_it_is_reminded_at_the_end() -> None:
    visitor = shown("wait")
    visitor.touch(Action.PROCEED)
    visitor.touch(Action.PROCEED)
    page = visitor.answer({"outcome": "printed"})
    assert isinstance(page, DonePage) and [thing.id for thing in page.take] == ["id", "ukey", "paper"]


def test_back_from_what_it_says_reads_it_again() -> None:
    visitor = shown("report")
    visitor.touch(Action.BACK)
    assert visitor.asked == ReadUkey() and visitor.screen.can_back


def test_it_is_offered_where_there_is_a_reader_and_the_network_alone() -> None:
    def usable(**changed: Any) -> tuple[bool, str]:
        state: FlowState = Visitor().world(**changed).state
        found = state.world.services["invoice.device"]
        return found.usable, found.reason

    assert usable(smartCardReader=True) == (True, "")
    assert usable() == (False, "notHere")
    assert usable(smartCardReader=False) == (False, "smartCardReader")
    assert usable(smartCardReader=True, online=False) == (False, "network")


def test_nothing_of_the_ukey_stands_on_a_page_that_waits() -> None:
    visitor = waiting()
    visitor.answer(SAID)
    assert isinstance(visitor.page, WorkingPage)
