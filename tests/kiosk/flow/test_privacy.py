"""My data at the terminal: what is held, who looked, the copy; and what can be deleted."""

from __future__ import annotations

from typing import Any

from kiosk.flow.effects import Ask, Submit
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import ReviewPage
from tests.kiosk.flow.made import t
from tests.kiosk.flow.test_paper import preview
from tests.kiosk.flow.visitor import Visitor

AS_OF = "2026-10-12T09:42:00+08:00"
LAW = t("税收征收管理法实施细则第二十九条", "art. 29")
PHONE: dict[str, Any] = {
    "id": "phone",
    "title": t("手机号", "Mobile number"),
    "count": 1,
    "since": "2025-01-02",
    "until": t("您要求删除时", "Until you ask"),
    "basis": t("个人信息保护法第四十七条", "art. 47"),
    "erasable": True,
    "why_not": None,
}
RETURNS: dict[str, Any] = {
    **PHONE,
    "id": "return",
    "title": t("申报记录", "Returns"),
    "count": 3,
    "until": t("至 2036-10-08", "Until 2036-10-08"),
    "basis": LAW,
    "erasable": False,
    "why_not": t("依法保存，不能删除", "Kept by law"),
}
HELD = {"rows": [PHONE, RETURNS], "as_of": AS_OF}
LOOKED = {
    "rows": [
        {
            "id": "a-1",
            "who": t("税务人员 王敏", "Tax officer Wang Min"),
            "at": "2026-10-11T10:05:00+08:00",
            "what": t("办件和材料", "Cases"),
            "purpose": t("审核办件", "Examining a case"),
        }
    ],
    "as_of": AS_OF,
}


def asked(visitor: Visitor) -> Ask:
    assert isinstance(visitor.asked, Ask)
    return visitor.asked


def listed(visitor: Visitor) -> ListPage:
    assert isinstance(visitor.page, ListPage), visitor.page
    return visitor.page


def test_what_is_held_then_who_looked_then_the_copy() -> None:
    visitor = Visitor().world()
    visitor.sign_in("privacy.my-data")
    assert asked(visitor) == Ask("privacy.held", {})
    visitor.answer(HELD)
    phone, returns = listed(visitor).rows
    assert (phone.tags, returns.tags) == (("可删除",), ("依法保存",))
    assert ("保存期限", "至 2036-10-08") in returns.lines and ("依据", LAW["zh-CN"]) in returns.lines
    visitor.touch(Action.PROCEED)
    assert asked(visitor) == Ask("privacy.accesses", {})
    visitor.answer(LOOKED)
    (row,) = listed(visitor).rows
    assert row.title == "税务人员 王敏"
    assert ("看了什么", "办件和材料") in row.lines and ("用途", "审核办件") in row.lines
    visitor.touch(Action.PROCEED)
    assert asked(visitor) == Ask("certificate.preview", {})
    assert isinstance(visitor.answer(preview(3)), ReviewPage)
    visitor.touch(Action.PROCEED)
    wanted = {"certificate": "personal-data", "content_sha256": "a" * 64}
    assert visitor.asked == Submit("certificate.issue", wanted, False)


def test_what_the_law_keeps_cannot_be_chosen_and_says_so() -> None:
    visitor = Visitor().world()
    visitor.sign_in("privacy.erase")
    visitor.answer(HELD)
    visitor.touch(Action.CHOOSE, "return")
    assert listed(visitor).selected == ("phone",)  # the only one that can be, and stays so
    assert "依法保存，不能删除" in str(listed(visitor).rows[1])
    page = visitor.touch(Action.PROCEED)
    assert isinstance(page, ReviewPage)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Submit("matter.submit", {"kind": "phone"}, False)
