"""A certificate once more, and the voucher of a payment from the list: what is asked, done and printed."""

from __future__ import annotations

from kiosk.flow.effects import Ask, PrintDocument, Submit
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import ChoosePage, DonePage, ReviewPage
from tests.kiosk.flow.test_certificate import ISSUED, issuing
from tests.kiosk.flow.test_paper import both, preview
from tests.kiosk.flow.visitor import Visitor

WAYS = [
    {
        "id": "reprint",
        "title": both("补打一份"),
        "note": both("编号不变"),
        "enabled": False,
        "why_not": both("已打印 3 次"),
    },
    {
        "id": "replace",
        "title": both("换开一张新的"),
        "note": both("原来那张作废"),
        "enabled": True,
        "why_not": None,
    },
]
HELD = {
    "number": "N1", "title": both("税收完税证明"), "issued_at": "2026-09-01T10:00:00+08:00", "copies": 3,
    "state": "valid", "usable": True, "why_not": None, "ways": WAYS,
}  # fmt: skip
OLD = {**HELD, "number": "N0", "state": "replaced", "usable": False, "why_not": both("已换开为 N1")}
PAID = {
    "order": "O1", "taxes": both("增值税"), "amount_fen": 100, "late_fee_fen": 0, "voucher": "V1",
    "paid_at": "2026-09-01T10:00:00+08:00", "channel": "card", "back": None, "printable": True, "why_not": None,
}  # fmt: skip
OTHER = {**PAID, "order": "O2", "printable": False, "why_not": both("这笔款没有入库")}
PAYMENTS = {"payments": [PAID, OTHER], "total_fen": 100, "as_of": "2026-10-12T09:41:00+08:00"}


def test_the_certificate_and_the_way_are_chosen_and_what_was_shown_is_done() -> None:
    visitor = Visitor().world()
    page = visitor.sign_in("certificate.reissue")
    assert isinstance(page, ChoosePage) and [one.title for one in page.options][1:] == ["我本人"]
    visitor.touch(Action.CHOOSE, "0")
    visitor.touch(Action.PROCEED)
    page = visitor.answer({"certificates": [HELD, OLD]})
    assert isinstance(page, ListPage)
    assert [(row.enabled, row.reason) for row in page.rows] == [(True, ""), (False, "已换开为 N1")]
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ChoosePage)
    assert [(one.enabled, one.reason) for one in page.options] == [(False, "已打印 3 次"), (True, "")]
    visitor.touch(Action.CHOOSE, "replace")
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("certificate.again", {"number": "N1", "way": "replace"})
    visitor.answer(preview(2))
    issuing(visitor)
    wanted = {"number": "N1", "way": "replace", "content_sha256": "a" * 64}
    assert visitor.asked == Submit("certificate.reissue", wanted, False)
    visitor.answer({**ISSUED, "replaces": "N1"})
    assert visitor.asked == PrintDocument("YC260001", 2)


def at_the_payments(*, online: bool = True, **devices: bool) -> Visitor:
    visitor = Visitor().world(online=online, **devices)
    visitor.sign_in("query.payments")
    visitor.touch(Action.PROCEED)
    visitor.answer(PAYMENTS)
    return visitor


def shown(visitor: Visitor) -> ListPage:
    page = visitor.page
    assert isinstance(page, ListPage)
    return page


def test_a_payment_that_is_touched_has_its_voucher_printed() -> None:
    visitor = at_the_payments()
    assert (shown(visitor).pick, shown(visitor).selected, shown(visitor).action) == ("one", (), "看完了")
    assert [row.reason for row in shown(visitor).rows] == ["", "这笔款没有入库"]
    visitor.touch(Action.CHOOSE, "O2")
    assert shown(visitor).selected == ()
    visitor.touch(Action.CHOOSE, "O1")
    assert shown(visitor).action == "打印这笔的凭证"
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("certificate.preview", {"item": "O1"})
    page = visitor.answer(preview(1))
    assert isinstance(page, ReviewPage)
    visitor.touch(Action.PROCEED)
    wanted = {"certificate": "payment-voucher", "item": "O1", "content_sha256": "a" * 64}
    assert visitor.asked == Submit("certificate.issue", wanted, False)
    visitor.answer(ISSUED)
    assert visitor.asked == PrintDocument("YC260001", 2)
    visitor.answer({"outcome": "printed"})
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, DonePage) and (page.title, page.reference) == ("缴款凭证已打印", "YC260001")
    assert {one.id for one in page.take} == {"id", "document"}


def test_who_only_looks_goes_on_and_who_touches_a_row_twice_does_too() -> None:
    for touches in (0, 2):
        visitor = at_the_payments()
        for _ in range(touches):
            visitor.touch(Action.CHOOSE, "O1")
        page = visitor.touch(Action.PROCEED)
        assert isinstance(page, DonePage) and page.title == "查询完毕"
        assert not any(isinstance(i.effect, Submit) for i in visitor.issued)


def test_without_the_printer_the_list_is_there_to_be_read() -> None:
    visitor = at_the_payments(documentPrinter=False)
    assert (shown(visitor).pick, [row.reason for row in shown(visitor).rows]) == ("none", ["", ""])
    visitor.touch(Action.CHOOSE, "O1")
    assert shown(visitor).selected == ()
    assert isinstance(visitor.touch(Action.PROCEED), DonePage)


def test_where_nothing_can_be_printed_nobody_is_told_to_touch_anything() -> None:
    visitor = at_the_payments()
    assert "点一下" in shown(visitor).lead
    for answer in ({**PAYMENTS, "payments": [OTHER]}, {**PAYMENTS, "payments": []}):
        visitor = Visitor().world()
        visitor.sign_in("query.payments")
        visitor.touch(Action.PROCEED)
        visitor.answer(answer)
        assert (shown(visitor).pick, shown(visitor).lead) == ("none", "")


def test_of_kept_answers_nothing_is_printed() -> None:
    visitor = at_the_payments()
    visitor.world(online=False)
    visitor.touch(Action.CHOOSE, "O1")
    assert shown(visitor).selected == () and shown(visitor).pick == "none"
