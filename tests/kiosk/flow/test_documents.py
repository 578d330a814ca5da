"""Official documents at the terminal: read, signed for and printed; signed for once, printed again."""

from __future__ import annotations

from typing import Any

from kiosk.flow.effects import Ask, PrintSlip, Submit, TakeSignature
from kiosk.flow.events import Action
from kiosk.flow.list_pages import ListPage
from kiosk.flow.pages import DonePage, MessagePage, Page, ReviewPage, SignPage
from tests.kiosk.flow.visitor import CARD, PASSED, PROFILE, Visitor

NUMBER, NAME = "66990026101000000012", "云川远山建材有限公司"
TITLE = {"zh-CN": "税务事项通知书", "en-US": "税务事项通知书"}
ROW: dict[str, Any] = {
    "document": NUMBER, "title": TITLE, "state": "issued", "addressee": NAME, "issued_on": "2026-10-10",
    "term_text": {"zh-CN": "送达后 15 日内", "en-US": "15 days from service"}, "served_on": None,
    "received_by": None,
}  # fmt: skip
SERVED_ROW = {
    **ROW, "state": "served", "served_on": "2026-10-12", "received_by": "赵*",
    "term_text": {"zh-CN": "至 2026-10-27", "en-US": "until 2026-10-27"},
}  # fmt: skip
FILED: dict[str, Any] = {
    "state": "accepted", "document": NUMBER, "served_on": "2026-10-12", "received_by": "赵*",
    "until": "2026-10-27",
    "signed_text": {"zh-CN": "本人签名", "en-US": "Signed in person"}, "basis": TITLE,
}  # fmt: skip
ISSUED = {"state": "accepted", "number": "21990026101200000011", "code": "7K2M9QX4PD3A8HEW", "pages": 1,
          "pdf_sha256": "0" * 64, "verify_url": "https://t/v/1"}  # fmt: skip


def sheet(name: str, paragraphs: int = 7) -> dict[str, Any]:
    """A document of so many paragraphs."""
    text = [{"zh-CN": f"第{n}段。", "en-US": f"第{n}段。"} for n in range(1, paragraphs + 1)]
    return {
        "title": TITLE,
        "facts": [
            {"label": {"zh-CN": "受送达人", "en-US": "Addressee"}, "value": {"zh-CN": NAME, "en-US": NAME}}
        ],
        "columns": [{"label": {"zh-CN": "正文", "en-US": "Text"}, "width": 100, "figures": False}],
        "rows": [[one] for one in text],
        "total": [],
        "statements": [],
        "content_sha256": name * 64,
    }


def at_list(rows: list[dict[str, Any]], **world: bool) -> Visitor:
    visitor = Visitor().world(
        **{"signaturePad": True, "documentPrinter": True, "receiptPrinter": True, **world}
    )
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "document.sign-for")
    visitor.answer(CARD)
    visitor.touch(Action.PROCEED)
    visitor.answer(PASSED)
    page = visitor.answer(PROFILE)
    if visitor.asked != Ask("documents.list", {}):
        assert page is not None
        visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("documents.list", {})
    visitor.answer({"rows": rows})
    return visitor


def choose(visitor: Visitor) -> None:
    assert isinstance(visitor.page, ListPage), visitor.page
    visitor.touch(Action.CHOOSE, NUMBER)
    visitor.touch(Action.PROCEED)
    assert visitor.asked == Ask("certificate.preview", {"item": NUMBER})


def at_text() -> Visitor:
    visitor = at_list([ROW])
    choose(visitor)
    assert isinstance(visitor.answer(sheet("a")), ReviewPage)
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.page, SignPage)
    return visitor


def submitted(visitor: Visitor) -> list[str]:
    return [one.effect.kind for one in visitor.issued if isinstance(one.effect, Submit)]


def test_it_is_read_whole_signed_for_served_and_printed_with_its_receipt() -> None:
    visitor = at_text()
    page = visitor.page
    assert isinstance(page, SignPage) and page.heading == "税务文书送达回证"
    assert [value for _, value in page.facts][:3] == [NAME, TITLE["zh-CN"], NUMBER]
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, TakeSignature)
    visitor.answer({"signature": "S1NHMQ==", "png": "iVBORw=="})
    visitor.touch(Action.PROCEED)
    asked = visitor.asked
    assert isinstance(asked, Submit) and asked.kind == "document.serve"
    assert (asked.data["document"], asked.data["content_sha256"]) == (NUMBER, "a" * 64)
    visitor.answer(FILED)
    assert visitor.asked == Ask("certificate.preview", {"item": NUMBER})
    visitor.answer(sheet("b"))
    visitor.touch(Action.PROCEED)
    asked = visitor.asked
    assert isinstance(asked, Submit)
    assert asked.data == {"certificate": "served-document", "item": NUMBER, "content_sha256": "b" * 64}
    visitor.answer(ISSUED)
    visitor.answer({"outcome": "printed"})
    visitor.touch(Action.PROCEED)
    assert isinstance(visitor.asked, PrintSlip)
    assert NUMBER in str(visitor.asked.blocks) and "2026年10月27日" in str(visitor.asked.blocks)
    done = visitor.answer({"outcome": "printed"})
    assert isinstance(done, DonePage) and done.reference.replace(" ", "") == NUMBER


def test_each_page_of_it_is_turned_to() -> None:
    visitor = at_list([ROW])
    choose(visitor)

    def shown(page: Page) -> str:
        assert isinstance(page, ReviewPage) and page.sheet is not None
        return str(page.sheet.rows)

    assert "第3段" in shown(visitor.answer(sheet("a"))) and "第4段" not in shown(visitor.page)
    assert "第4段" in shown(visitor.touch(Action.PAGE, "2"))
    assert "第7段" in shown(visitor.touch(Action.PAGE, "3"))


def test_what_is_served_is_printed_again_and_signed_for_no_more() -> None:
    visitor = at_list([SERVED_ROW])
    choose(visitor)
    visitor.answer(sheet("b"))
    visitor.touch(Action.PROCEED)
    visitor.answer(ISSUED)
    visitor.answer({"outcome": "printed"})
    visitor.touch(Action.PROCEED)
    assert submitted(visitor) == ["certificate.issue"]
    assert isinstance(visitor.asked, PrintSlip)
    printed = str(visitor.asked.blocks)
    assert "None" not in printed and "期限届满" not in printed and "送达回证" not in printed
    for label, value in (("签收人", "赵*"), ("送达日期", "2026年10月12日"), ("期限", "至 2026-10-27")):
        assert printed.count(f"'label': '{label}', 'value': '{value}'") == 1, printed
    assert isinstance(visitor.answer({"outcome": "printed"}), DonePage)


def test_who_goes_back_from_the_pad_has_signed_nothing() -> None:
    visitor = at_text()
    visitor.touch(Action.PROCEED)
    visitor.answer({"state": "writing"}, partial=True)
    visitor.touch(Action.BACK)
    visitor.touch(Action.BACK)
    assert visitor.asked == Ask("certificate.preview", {"item": NUMBER}), "it is read as it is now"
    assert isinstance(visitor.answer(sheet("a")), ReviewPage)
    assert submitted(visitor) == []


def test_after_another_choice_it_is_read_anew() -> None:
    visitor = at_text()
    visitor.touch(Action.BACK)
    visitor.answer(sheet("a"))
    visitor.touch(Action.BACK)
    if visitor.asked == Ask("documents.list", {}):
        visitor.answer({"rows": [ROW]})
    choose(visitor)


def test_a_refusal_is_told_and_nothing_is_printed() -> None:
    visitor = at_text()
    visitor.touch(Action.PROCEED)
    visitor.answer({"signature": "S1NHMQ==", "png": "iVBORw=="})
    visitor.touch(Action.PROCEED)
    words = {"zh-CN": "这份文书已经送达", "en-US": "Served already"}
    page = visitor.answer(
        {"state": "refused", "refusal": {"code": "documentServed", "text": words, "next_step": words}}
    )
    assert isinstance(page, MessagePage) and "已经送达" in str(page)
    assert submitted(visitor) == ["document.serve"]


def test_without_a_document_it_says_so() -> None:
    visitor = at_list([])
    assert "没有待签收的文书" in str(visitor.page)


def test_offline_it_is_not_offered() -> None:
    visitor = Visitor().world(online=False)
    visitor.touch(Action.BEGIN)
    visitor.touch(Action.OPEN, "document.sign-for")
    assert not visitor.state.data
